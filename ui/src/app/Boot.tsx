import { useState } from "react";
import { Button } from "../components/Button";
import { Progress } from "../components/Progress";
import { Problem } from "../components/Problem";
import { useMark } from "../components/use-mark";
import { Welcome } from "../features/welcome/Welcome";
import { useInterruptedJobs, useJobToasts } from "../features/jobs/job-toasts";
import { useLanguage, useT } from "../i18n/language";
import { IpcError, type JobDto } from "../ipc/client";
import { useLiveUpdates, useRead, useWrite } from "../ipc/queries";
import { Brand } from "./Brand";
import { ScreenBoundary } from "./ScreenBoundary";
import { Shell } from "./Shell";
import "./boot.css";

/** Decides what stands first: the wait for the database, a problem with it, the first run, or the program itself. */
export function Boot() {
  const workspace = useRead("workspace", [], { staleTime: 60_000 });
  const [filling, setFilling] = useState(false);
  useMark("first-screen", workspace.data !== undefined);
  const { lang } = useLanguage();
  const tell = useJobToasts();
  useLiveUpdates(tell);

  if (workspace.error && !workspace.data) {
    return (
      <NotOpened
        error={workspace.error}
        onRetry={() => void workspace.refetch()}
        busy={workspace.isFetching}
      />
    );
  }
  if (!workspace.data) return <Opening />;
  return (
    <ScreenBoundary key="all">
      {workspace.data.client_count === 0 || filling ? (
        <Welcome workspace={workspace.data} brand={<Brand />} onFilling={setFilling} />
      ) : (
        <>
          {/* Told once, so not before it can be told in the language that was chosen. */}
          {lang === workspace.data.settings.lang && <Interrupted tell={tell} />}
          <Shell workspace={workspace.data} />
        </>
      )}
    </ScreenBoundary>
  );
}

/** Asks for the jobs only once there is a workspace to have run them. */
function Interrupted({ tell }: { tell: (job: JobDto) => void }) {
  useInterruptedJobs(tell);
  return null;
}

function Opening() {
  const t = useT();
  return (
    <main className="boot boot--waiting" aria-busy data-testid="boot-waiting">
      <Brand />
      <p className="boot__text">{t("boot.waiting")}</p>
      <Progress percent={null} label={t("boot.waiting")} />
    </main>
  );
}

interface NotOpenedProps {
  error: Error;
  onRetry: () => void;
  busy: boolean;
}

/** The database could not be opened. A shared server out of reach must not keep anybody from the one at hand. */
function NotOpened({ error, onRetry, busy }: NotOpenedProps) {
  const t = useT();
  const chooseEmbedded = useWrite("useDatabase");
  const isDatabase = error instanceof IpcError && error.dto.code.startsWith("database.");
  return (
    <main className="boot" aria-busy={busy}>
      <Brand />
      <Problem error={error} onRetry={onRetry} testId="boot-problem" />
      {isDatabase && !chooseEmbedded.isSuccess && (
        <div>
          <Button
            onClick={() => chooseEmbedded.mutate([null])}
            busy={chooseEmbedded.isPending}
            data-testid="use-embedded"
          >
            {t("boot.use_embedded")}
          </Button>
        </div>
      )}
      {chooseEmbedded.isSuccess && <p className="boot__text">{t("boot.restart")}</p>}
      {chooseEmbedded.error && <Problem error={chooseEmbedded.error} />}
    </main>
  );
}
