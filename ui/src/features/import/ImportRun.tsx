import { ArrowRight, CircleAlert, CircleCheck, CircleSlash } from "lucide-react";
import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { Progress } from "../../components/Progress";
import { useFormat } from "../../format/use-format";
import { useErrorText } from "../../i18n/error-text";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { FileOutcome, JobDto } from "../../ipc/client";
import { useCancelJob, useJob } from "./queries";

interface ImportRunProps {
  jobId: string;
  onOpen: () => void;
  onMore: () => void;
}

/** The import while it runs, and what it left behind. */
export function ImportRun({ jobId, onOpen, onMore }: ImportRunProps) {
  const t = useT();
  const job = useJob(jobId);
  if (job.error) return <Problem error={job.error} onRetry={() => void job.refetch()} />;
  if (!job.data || job.data.state === "running") return <Running jobId={jobId} job={job.data} />;
  const { state, result, error } = job.data;
  const files = result?.kind === "import" ? result.files : [];
  const isWhole = state === "done" && files.every(({ done }) => done !== null);
  const title =
    state === "cancelled"
      ? t("import.cancelled_title")
      : state === "failed"
        ? t("import.failed_title")
        : isWhole
          ? t("import.done_title")
          : t("import.done_part_title");
  return (
    <section className="panel run" data-testid="import-result" data-state={state}>
      <header className="run__head">
        {state === "cancelled" ? (
          <CircleSlash aria-hidden />
        ) : isWhole ? (
          <CircleCheck aria-hidden className="run__good" />
        ) : (
          <CircleAlert aria-hidden className="run__bad" />
        )}
        <h2>{title}</h2>
        <div className="panel__actions">
          <Button onClick={onMore} data-testid="import-more">
            {t("import.import_more")}
          </Button>
          {state === "done" && (
            <Button look="primary" icon={<ArrowRight />} onClick={onOpen} data-testid="open-dashboard">
              {t("import.open_dashboard")}
            </Button>
          )}
        </div>
      </header>
      {error && <Problem error={error} />}
      {files.map((file) => (
        <ImportedLine key={file.path} outcome={file} />
      ))}
    </section>
  );
}

function Running({ jobId, job }: { jobId: string; job: JobDto | undefined }) {
  const t = useT();
  const cancel = useCancelJob();
  return (
    <section className="panel run" aria-busy data-testid="import-running">
      <header className="run__head">
        <h2>{t("import.running")}</h2>
        <span className="panel__hint truncate">{job?.detail}</span>
        <div className="panel__actions">
          <Button onClick={() => cancel.mutate([jobId])} busy={cancel.isPending}>
            {t("common.cancel")}
          </Button>
        </div>
      </header>
      <Progress percent={job?.percent ?? null} label={t("import.running")} />
    </section>
  );
}

function ImportedLine({ outcome: { file, done, question, error } }: { outcome: FileOutcome }) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const errorText = useErrorText();
  return (
    <div className="run__file" data-testid="imported-file" data-file={file}>
      <strong className="truncate">{file}</strong>
      <span className="muted truncate">
        {done
          ? `${names.platform(done.platform)} · ${done.account}`
          : error && !question
            ? errorText(error).message
            : t("import.needs_answer")}
      </span>
      {done && (
        <span className="run__counts">
          {[
            t("import.new_rows", { count: format.count(done.rows_written) }),
            t("import.restated_rows", { count: format.count(done.rows_restated) }),
            t("import.unchanged_rows", { count: format.count(done.rows_unchanged) }),
          ].join(" · ")}
        </span>
      )}
    </div>
  );
}
