import { CircleAlert, CircleCheck, CircleSlash, ListChecks, LoaderCircle, X } from "lucide-react";
import { Button } from "../../components/Button";
import { Popover } from "../../components/Popover";
import { Progress } from "../../components/Progress";
import { useFormat } from "../../format/use-format";
import { useErrorText } from "../../i18n/error-text";
import { useT } from "../../i18n/language";
import type { JobDto } from "../../ipc/client";
import { useCancelJob, useJobs } from "./queries";
import "./jobs.css";

const RECENT = 6;

/** Long work in the head of every page: how far it is, and a way to stop it. */
export function JobsButton() {
  const t = useT();
  const jobs = useJobs();
  const all = jobs.data ?? [];
  const running = all.filter(({ state }) => state === "running");
  const ended = all.filter(({ state }) => state !== "running").slice(0, RECENT);
  if (all.length === 0) return null;
  return (
    <Popover
      align="end"
      label={t("jobs.label")}
      trigger={
        <Button
          look="quiet"
          icon={running.length > 0 ? <LoaderCircle className="jobs__spin" /> : <ListChecks />}
          aria-label={t("jobs.label")}
          square={running.length === 0}
          data-testid="jobs"
          data-running={running.length}
        >
          {running.length > 0
            ? running[0]?.percent == null
              ? t("jobs.button", { count: running.length })
              : t("jobs.percent", { percent: running[0].percent })
            : undefined}
        </Button>
      }
    >
      <div className="jobs">
        {running.length === 0 && <p className="jobs__none">{t("jobs.none")}</p>}
        {running.map((job) => (
          <RunningJob key={job.id} job={job} told={jobs.dataUpdatedAt} />
        ))}
        {ended.length > 0 && <p className="jobs__group">{t("jobs.recent")}</p>}
        {ended.map((job) => (
          <EndedJob key={job.id} job={job} />
        ))}
      </div>
    </Popover>
  );
}

/** `told` is when the job last told how far it is. */
function RunningJob({ job, told }: { job: JobDto; told: number }) {
  const t = useT();
  const cancel = useCancelJob();
  const name = t(`jobs.kind.${job.kind}`);
  const seconds = secondsLeft(job, told);
  const left =
    seconds === null
      ? null
      : seconds < 60
        ? t("jobs.nearly_done")
        : t("jobs.minutes_left", { count: Math.round(seconds / 60) });
  return (
    <div className="jobs__job" data-testid={`job-${job.kind}`}>
      <div className="jobs__line">
        <strong>{name}</strong>
        <span className="jobs__percent">
          {job.percent === null ? "" : t("jobs.percent", { percent: job.percent })}
        </span>
        <Button
          look="quiet"
          size="s"
          square
          icon={<X />}
          aria-label={t("jobs.cancel_of", { job: name })}
          onClick={() => cancel.mutate([job.id])}
          busy={cancel.isPending}
        />
      </div>
      <Progress percent={job.percent} label={name} />
      {(job.detail !== null || left !== null) && (
        <p className="jobs__detail truncate">{[job.detail, left].filter(Boolean).join(" · ")}</p>
      )}
    </div>
  );
}

/** How long a job will go on if it keeps its pace; `null` while that is a guess. */
export function secondsLeft(job: Pick<JobDto, "percent" | "started_at">, now: number): number | null {
  const passed = (now - Date.parse(job.started_at)) / 1000;
  if (job.percent === null || job.percent < 5 || passed < 5) return null;
  const left = (passed * (100 - job.percent)) / job.percent;
  return left < 12 * 3600 ? left : null;
}

const marks = {
  done: <CircleCheck className="jobs__good" />,
  failed: <CircleAlert className="jobs__bad" />,
  cancelled: <CircleSlash />,
  running: <LoaderCircle />,
};

function EndedJob({ job }: { job: JobDto }) {
  const t = useT();
  const format = useFormat();
  const errorText = useErrorText();
  return (
    <div className="jobs__ended">
      {marks[job.state]}
      <div className="jobs__what">
        <span>{t(`jobs.kind.${job.kind}`)}</span>
        <span className="jobs__detail truncate">
          {job.error ? errorText(job.error).message : (job.detail ?? t(`jobs.state.${job.state}`))}
        </span>
      </div>
      <span className="jobs__when">
        {format.moment(job.finished_at ?? job.started_at, job.started_at.slice(0, 4))}
      </span>
    </div>
  );
}
