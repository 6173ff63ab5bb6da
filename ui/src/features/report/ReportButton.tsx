import { FileSpreadsheet, FileText, Folder } from "lucide-react";
import { useState } from "react";
import { Badge } from "../../components/PageHead";
import { Button } from "../../components/Button";
import { Checkbox, Field } from "../../components/Field";
import { Popover } from "../../components/Popover";
import { Problem } from "../../components/Problem";
import { Segmented } from "../../components/Segmented";
import { showToast } from "../../components/toasts";
import type { Range } from "../../format/view";
import { useFormat } from "../../format/use-format";
import { useErrorText } from "../../i18n/error-text";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { PeriodName, ReportPeriod, ShownBasis } from "../../ipc/client";
import { useChoices, useChooseFolder, useOpenPath, useReports, useStartReport } from "./queries";
import "./report.css";

interface ReportButtonProps {
  clientId: number;
  clientName: string;
  /** The period on the screen. */
  range: Range;
  basis: ShownBasis;
  lang: string;
  /** The folder chosen in the settings, if one was. */
  folder: string | null;
  /** Where reports go while none is chosen. */
  usualFolder: string;
}

/** The last finished day, week and month, as the period menu resolves them. */
const finished: Record<Exclude<ReportPeriod, "custom">, PeriodName> = {
  daily: "yesterday",
  weekly: "last_week",
  monthly: "last_month",
};

export function ReportButton(props: ReportButtonProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      label={t("report.title")}
      testId="report-popover"
      trigger={
        <Button look="primary" icon={<FileText />} data-testid="report-button">
          {t("report.button")}
        </Button>
      }
    >
      <ReportForm {...props} onStarted={() => setOpen(false)} />
    </Popover>
  );
}

function ReportForm({
  clientId,
  clientName,
  range,
  basis,
  lang,
  folder: chosenFolder,
  usualFolder,
  onStarted,
}: ReportButtonProps & { onStarted: () => void }) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const choices = useChoices();
  const start = useStartReport();
  const chooseFolder = useChooseFolder();
  const rangeOf = (period: ReportPeriod): Range | undefined =>
    period === "custom" ? range : choices.data?.find(({ name }) => name === finished[period]);
  const shown = (["daily", "weekly", "monthly"] as const).find((period) => {
    const other = rangeOf(period);
    return other?.from === range.from && other.to === range.to;
  });
  const [period, setPeriod] = useState<ReportPeriod>(shown ?? "custom");
  const [pdf, setPdf] = useState(true);
  const [xlsx, setXlsx] = useState(true);
  const [comment, setComment] = useState("");
  const [folder, setFolder] = useState(chosenFolder);
  const chosen = rangeOf(period);

  const make = () => {
    if (!chosen) return;
    const request = {
      client_id: clientId,
      period,
      from: chosen.from,
      to: chosen.to,
      basis,
      folder,
      pdf,
      xlsx,
      comment: comment.trim() === "" ? null : comment.trim(),
      lang,
    };
    start.mutate([request], {
      onSuccess: () => {
        showToast({
          tone: "plain",
          title: t("report.started", { client: clientName }),
          testId: "toast-report-started",
          duration: 2_500,
        });
        onStarted();
      },
    });
  };

  return (
    <div className="report">
      <Field
        label={t("report.period")}
        hint={chosen && `${format.range(chosen.from, chosen.to)} · ${names.basis(basis)}`}
      >
        {() => (
          <Segmented
            value={period}
            label={t("report.period")}
            options={(["daily", "weekly", "monthly", "custom"] as const).map((value) => ({
              value,
              label: t(`report.${value}`),
              testId: `report-${value}`,
            }))}
            onChange={setPeriod}
          />
        )}
      </Field>
      <Field label={t("report.comment")}>
        {(id) => (
          <textarea
            id={id}
            className="text-area"
            rows={2}
            maxLength={600}
            value={comment}
            placeholder={t("report.comment_placeholder")}
            onChange={(event) => setComment(event.target.value)}
            data-testid="report-comment"
          />
        )}
      </Field>
      <Field label={t("report.folder")}>
        {() => (
          <div className="report__folder">
            <Folder aria-hidden />
            <span className="truncate" title={folder ?? usualFolder}>
              {folder ?? usualFolder}
            </span>
            <Button
              size="s"
              onClick={() =>
                chooseFolder.mutate([], { onSuccess: (path) => path !== null && setFolder(path) })
              }
              busy={chooseFolder.isPending}
              data-testid="report-folder"
            >
              {t("common.change")}
            </Button>
          </div>
        )}
      </Field>
      <div className="report__end">
        <Checkbox checked={pdf} onChange={setPdf} testId="report-pdf">
          {t("report.pdf")}
        </Checkbox>
        <Checkbox checked={xlsx} onChange={setXlsx} testId="report-xlsx">
          {t("report.xlsx")}
        </Checkbox>
        <Button
          look="primary"
          disabled={(!pdf && !xlsx) || !chosen}
          busy={start.isPending}
          onClick={make}
          data-testid="report-make"
          className="report__make"
        >
          {t("report.make")}
        </Button>
      </div>
      {!pdf && !xlsx && <p className="field__error">{t("report.format_missing")}</p>}
      {start.error && <Problem error={start.error} />}
      <RecentReports clientId={clientId} />
    </div>
  );
}

function RecentReports({ clientId }: { clientId: number }) {
  const t = useT();
  const format = useFormat();
  const errorText = useErrorText();
  const reports = useReports(clientId, true);
  const open = useOpenPath();
  const recent = (reports.data ?? []).slice(0, 4);
  if (recent.length === 0) return null;
  const show = (path: string) =>
    open.mutate([path], { onError: (error) => showToast({ tone: "bad", title: errorText(error).message }) });
  return (
    <div className="report__recent">
      <p className="report__group">{t("report.recent")}</p>
      {recent.map((report) => (
        <div key={report.id} className="report__made">
          <div className="report__what">
            <span>{`${t(`report.${report.period}`)} · ${format.range(report.from, report.to)}`}</span>
            <span className="muted">{format.moment(report.created_at)}</span>
          </div>
          {report.held_for.length > 0 && <Badge tone="warn">{t("report.held")}</Badge>}
          {report.pdf !== null && (
            <Button
              look="quiet"
              size="s"
              square
              icon={<FileText />}
              aria-label={t("report.open_pdf")}
              onClick={() => show(report.pdf ?? "")}
            />
          )}
          {report.xlsx !== null && (
            <Button
              look="quiet"
              size="s"
              square
              icon={<FileSpreadsheet />}
              aria-label={t("report.open_xlsx")}
              onClick={() => show(report.xlsx ?? "")}
            />
          )}
        </div>
      ))}
    </div>
  );
}
