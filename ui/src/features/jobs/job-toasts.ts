import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { showToast, type ToastContent } from "../../components/toasts";
import { useFormat } from "../../format/use-format";
import { useErrorText } from "../../i18n/error-text";
import { useLanguage } from "../../i18n/language";
import type { JobDto, JobResult, SyncRunDto } from "../../ipc/client";
import { read, store } from "../../components/stored";
import { useJobs, useOpenPath, useRevealPath } from "./queries";

/** As many as the list of jobs is long. */
const REMEMBERED = 30;

/** Says at the start which jobs ended with the program that ran them, each only once. */
export function useInterruptedJobs(tell: (job: JobDto) => void) {
  const jobs = useJobs();
  useEffect(() => {
    const told = read<string[]>("told-jobs", []);
    const interrupted = (jobs.data ?? []).filter(
      ({ id, error }) => error?.code === "job_interrupted" && !told.includes(id),
    );
    if (interrupted.length === 0) return;
    for (const job of interrupted) tell(job);
    store("told-jobs", [...interrupted.map(({ id }) => id), ...told].slice(0, REMEMBERED));
  }, [jobs.data, tell]);
}

/** Says once, when a job ends, what came of it and offers the next step. */
export function useJobToasts(): (job: JobDto) => void {
  const { t } = useLanguage();
  const format = useFormat();
  const errorText = useErrorText();
  const open = useOpenPath();
  const reveal = useRevealPath();
  const said = useRef(new Set<string>());

  const tell = (job: JobDto) => {
    if (job.state === "running" || said.current.has(job.id)) return;
    said.current.add(job.id);
    const name = t(`jobs.kind.${job.kind}`);
    if (job.state === "cancelled") {
      showToast({ tone: "plain", title: t("jobs.cancelled", { job: name }) });
    } else if (job.state === "failed") {
      const { message, hint } = errorText(job.error ?? { code: "internal", values: {} });
      const interrupted = job.error?.code === "job_interrupted";
      showToast({
        tone: "bad",
        title: t(interrupted ? "jobs.interrupted" : "jobs.failed", { job: name }),
        text: hint === undefined ? message : `${message}\n${hint}`,
        testId: "toast-job-failed",
      });
    } else if (job.result) {
      showToast(contentOf(job.result));
    }
  };

  const action = (label: string, testId: string, run: () => void) => ({
    label,
    testId,
    run,
  });
  const failed = (error: Error) => {
    const { message, hint } = errorText(error);
    showToast({ tone: "bad", title: message, ...(hint === undefined ? {} : { text: hint }) });
  };
  const openFile = (label: string, path: string, testId: string) =>
    action(label, testId, () => open.mutate([path], { onError: failed }));
  const openFolder = (path: string) =>
    action(t("jobs.open_folder"), "toast-reveal", () => reveal.mutate([path], { onError: failed }));

  const contentOf = (result: JobResult): ToastContent => {
    switch (result.kind) {
      case "sample_agency":
        return {
          tone: "good",
          title: t("jobs.sample_done"),
          text: t("jobs.sample_done_text", {
            clients: format.count(result.clients),
            rows: format.count(result.rows),
          }),
          testId: "toast-sample",
        };
      case "import": {
        const done = result.files.flatMap((file) => file.done ?? []);
        const sum = (pick: (file: (typeof done)[number]) => number) =>
          format.count(done.reduce((total, file) => total + pick(file), 0));
        const whole = done.length === result.files.length;
        return {
          tone: whole ? "good" : "bad",
          title: whole
            ? t("jobs.import_done", { count: format.count(done.length) })
            : t("jobs.import_part", {
                count: format.count(result.files.length),
                done: format.count(done.length),
              }),
          text: t("jobs.import_done_text", {
            written: sum((file) => file.rows_written),
            restated: sum((file) => file.rows_restated),
            unchanged: sum((file) => file.rows_unchanged),
          }),
          testId: "toast-import",
        };
      }
      case "report": {
        const { report } = result;
        const held = report.held_for.length > 0;
        const place = report.pdf ?? report.xlsx;
        return {
          tone: held ? "plain" : "good",
          title: t(held ? "jobs.report_held" : "jobs.report_done", { client: report.client }),
          text: held
            ? report.held_for.map(({ message, cure }) => `${message} ${cure}`).join("\n")
            : format.range(report.from, report.to),
          testId: "toast-report",
          actions: [
            ...(report.pdf === null ? [] : [openFile(t("jobs.open_pdf"), report.pdf, "toast-open-pdf")]),
            ...(report.xlsx === null ? [] : [openFile(t("jobs.open_xlsx"), report.xlsx, "toast-open-xlsx")]),
            ...(place === null ? [] : [openFolder(place)]),
          ],
        };
      }
      case "sync": {
        const failed = result.runs.filter(({ status }) => status !== "success");
        const sum = (pick: (run: SyncRunDto) => number) =>
          format.count(result.runs.reduce((total, run) => total + pick(run), 0));
        const counts = t("jobs.sync_done_text", {
          rows: sum((run) => run.records_synced),
          restated: sum((run) => run.restated),
        });
        const causes = failed.slice(0, 3).flatMap(({ error }) => (error ? [errorText(error).message] : []));
        return {
          tone: failed.length === 0 ? "good" : "bad",
          title: t(failed.length === 0 ? "jobs.sync_done" : "jobs.sync_part", {
            count: format.count(result.runs.length),
            failed: format.count(failed.length),
          }),
          text: [counts, ...causes].join("\n"),
          testId: "toast-sync",
        };
      }
      case "reconcile": {
        const { days } = result.reconciliation;
        const unexplained = days.filter(({ reason }) => reason === "unexplained").length;
        return {
          tone: unexplained === 0 ? "good" : "bad",
          title: t("jobs.reconcile_done", { client: result.client }),
          text: t("jobs.reconcile_done_text", {
            count: format.count(days.length),
            unexplained: format.count(unexplained),
          }),
          testId: "toast-reconcile",
        };
      }
      case "backup":
        return {
          tone: "good",
          title: t("jobs.backup_done"),
          text: result.path,
          testId: "toast-backup",
          actions: [openFolder(result.path)],
        };
    }
  };

  // The listener is registered once; what it says follows the language of the moment.
  const latest = useRef(tell);
  useLayoutEffect(() => {
    latest.current = tell;
  });
  return useCallback((job: JobDto) => latest.current(job), []);
}
