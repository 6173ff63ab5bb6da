import { CircleHelp, Scale } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { Badge } from "../../components/PageHead";
import { PlatformDot } from "../../components/PlatformDot";
import { Problem } from "../../components/Problem";
import { Skeleton } from "../../components/Skeleton";
import { useFormat } from "../../format/use-format";
import { useNames } from "../../format/names";
import type { Range } from "../../format/view";
import { useErrorText } from "../../i18n/error-text";
import { useLanguage } from "../../i18n/language";
import type { FigureSource, Reconciliation } from "../../ipc/client";
import { ConversionKinds } from "./ConversionKinds";
import { useFigureSources, useJobResult, useStartReconcile } from "./queries";

interface SourcesProps {
  clientId: number;
  clientName: string;
  range: Range;
}

/** "Where does this number come from": beside the as-of line of a client's figures. */
export function SourcesButton(props: SourcesProps) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        look="quiet"
        size="s"
        icon={<CircleHelp />}
        onClick={() => setOpen(true)}
        data-testid="figure-sources"
      >
        {t("sources.button")}
      </Button>
      {open && <SourcesDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function SourcesDialog({ clientId, clientName, range, onClose }: SourcesProps & { onClose: () => void }) {
  const { t } = useLanguage();
  const format = useFormat();
  const sources = useFigureSources(clientId, range);
  const reconcile = useStartReconcile();
  const job = useJobResult(reconcile.data);
  const result = job?.result?.kind === "reconcile" ? job.result.reconciliation : undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("sources.title")}
      description={`${clientName} · ${format.range(range.from, range.to)}`}
      testId="sources-dialog"
      footer={
        <Button
          icon={<Scale />}
          busy={reconcile.isPending || job?.state === "running"}
          onClick={() => reconcile.mutate([clientName, range.from, range.to])}
          data-testid="reconcile"
        >
          {t("sources.reconcile")}
        </Button>
      }
    >
      {sources.error ? (
        <Problem error={sources.error} onRetry={() => void sources.refetch()} />
      ) : sources.isPending ? (
        <Skeleton />
      ) : sources.data.length === 0 ? (
        <EmptyState small title={t("sources.none")} />
      ) : (
        <ul className="sources">
          {sources.data.map((source) => (
            <Source key={`${source.platform}-${source.account_id}`} source={source} />
          ))}
        </ul>
      )}
      <ConversionKinds clientId={clientId} />
      {reconcile.error && <Problem error={reconcile.error} />}
      {job?.error && <Problem error={job.error} />}
      {result && <Compared reconciliation={result} />}
    </Dialog>
  );
}

function Source({ source }: { source: FigureSource }) {
  const { t, textOf } = useLanguage();
  const format = useFormat();
  const names = useNames();
  const facts: [string, string][] = [
    [
      t("sources.from"),
      source.source === "file"
        ? t("sources.from_file")
        : t("sources.from_platform", { platform: names.platform(source.platform) }),
    ],
    ...(source.read_at === null
      ? []
      : [[t("sources.read"), format.moment(source.read_at)] satisfies [string, string]]),
    ...(source.vat === null
      ? []
      : [
          [
            t("sources.vat"),
            source.vat_is_assumed
              ? t("sources.vat_assumed", { vat: names.vat(source.vat) })
              : names.vat(source.vat),
          ] satisfies [string, string],
        ]),
    ...(source.attribution === null
      ? []
      : [[t("sources.attribution"), source.attribution] satisfies [string, string]]),
    [
      t("sources.kinds"),
      source.conversion_kinds.length === 0
        ? t("sources.kinds_own")
        : source.conversion_kinds.map((kind) => textOf(`sources.kind.${kind}`) ?? kind).join(", "),
    ],
    [t("sources.restated"), t("sources.restated_count", { count: format.count(source.restated) })],
  ];
  return (
    <li className="sources__account" data-testid={`source-${source.account_id}`}>
      <p className="sources__name">
        <PlatformDot platform={source.platform} label={names.platform(source.platform)} />
        <strong className="truncate">{source.account_name ?? source.account_id}</strong>
      </p>
      <dl className="sources__facts selectable">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {source.unexplained_days.length > 0 && (
        <p className="sources__alarm" role="alert">
          {t("sources.unexplained", {
            days: source.unexplained_days.map((day) => format.monthDay(day)).join(t("common.list_separator")),
          })}
        </p>
      )}
    </li>
  );
}

/** The days that differ; equal ones are counted. */
function Compared({ reconciliation }: { reconciliation: Reconciliation }) {
  const { t, textOf } = useLanguage();
  const format = useFormat();
  const errorText = useErrorText();
  const differing = reconciliation.days.filter(({ reason }) => reason !== "equal");
  return (
    <section className="sources__compared" data-testid="reconciled">
      <p>
        {t("sources.compared", {
          count: format.count(reconciliation.days.length),
          equal: format.count(reconciliation.days.length - differing.length),
        })}
      </p>
      {reconciliation.problems.map(({ account_id: account, error }) => (
        <p key={account} className="sources__alarm">
          {errorText(error).message}
        </p>
      ))}
      {differing.length > 0 && (
        <table className="sources__table">
          <thead>
            <tr>
              <th>{t("sources.day")}</th>
              <th>{t("sources.ours")}</th>
              <th>{t("sources.theirs")}</th>
              <th>{t("sources.reason")}</th>
            </tr>
          </thead>
          <tbody>
            {differing.map((day) => (
              <tr key={`${day.account_id}-${day.date}`}>
                <td title={day.account_id}>{format.monthDay(day.date)}</td>
                <td>{format.money(day.ours, day.currency)}</td>
                <td>{format.money(day.theirs, day.currency)}</td>
                <td>
                  <Badge tone={day.reason === "unexplained" ? "bad" : "plain"}>
                    {textOf(`sources.reasons.${day.reason}`) ?? day.reason}
                  </Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
