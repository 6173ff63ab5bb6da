import { ArrowRight, Building2, Lock, Sparkles } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { clientAddress } from "../../components/addresses";
import { ClientDialog } from "../../components/client/ClientDialog";
import { Problem } from "../../components/Problem";
import { Progress } from "../../components/Progress";
import { Segmented } from "../../components/Segmented";
import { useLocation } from "wouter";
import { useT } from "../../i18n/language";
import type { Workspace } from "../../ipc/client";
import { useAddClient, useJob, useLoadSample, useSetLanguage } from "./queries";
import "./welcome.css";

interface WelcomeProps {
  workspace: Workspace;
  brand: ReactNode;
  /** The sample agency is being filled: keep this screen until it is whole. */
  onFilling: (filling: boolean) => void;
}

/** The first run: say what this is, choose a language, and start with samples or with a client of one's own. */
export function Welcome({ workspace, brand, onFilling }: WelcomeProps) {
  const t = useT();
  const setLanguage = useSetLanguage();
  const loadSample = useLoadSample();
  const addClient = useAddClient();
  const [, navigate] = useLocation();
  const [jobId, setJobId] = useState<string>();
  const [adding, setAdding] = useState(false);
  const job = useJob(jobId);
  const running = jobId !== undefined && (job.data === undefined || job.data.state === "running");

  const ended = jobId !== undefined && job.data !== undefined && job.data.state !== "running";

  useEffect(() => {
    if (ended) onFilling(false);
  }, [ended, onFilling]);

  const start = () => {
    onFilling(true);
    loadSample.mutate([], { onSuccess: setJobId, onError: () => onFilling(false) });
  };

  return (
    <main className="welcome" data-testid="welcome">
      <div className="welcome__top">
        {brand}
        <Segmented
          value={workspace.settings.lang}
          label={t("welcome.language")}
          options={[
            { value: "ko", label: t("settings.lang_ko"), testId: "lang-ko" },
            { value: "en", label: t("settings.lang_en"), testId: "lang-en" },
          ]}
          onChange={(lang) => setLanguage.mutate([{ ...workspace.settings, lang }])}
        />
      </div>
      <div className="welcome__middle">
        <h1 className="welcome__title">{t("welcome.title")}</h1>
        <p className="welcome__text">{t("welcome.text")}</p>
        {running || loadSample.isPending ? (
          <div className="welcome__progress" data-testid="sample-progress">
            <p>{t("welcome.loading")}</p>
            <Progress percent={job.data?.percent ?? null} label={t("welcome.loading")} />
            <p className="muted truncate">{job.data?.detail}</p>
          </div>
        ) : (
          <div className="welcome__ways">
            <button
              type="button"
              className="welcome__way welcome__way--first"
              onClick={start}
              data-testid="load-sample"
            >
              <Sparkles aria-hidden />
              <span>
                <strong>{t("welcome.sample")}</strong>
                <small>{t("welcome.sample_text")}</small>
              </span>
              <ArrowRight aria-hidden />
            </button>
            <button
              type="button"
              className="welcome__way"
              onClick={() => setAdding(true)}
              data-testid="first-client"
            >
              <Building2 aria-hidden />
              <span>
                <strong>{t("welcome.first_client")}</strong>
                <small>{t("welcome.first_client_text")}</small>
              </span>
              <ArrowRight aria-hidden />
            </button>
          </div>
        )}
        {loadSample.error && <Problem error={loadSample.error} onRetry={start} />}
        {setLanguage.error && <Problem error={setLanguage.error} />}
      </div>
      <p className="welcome__foot">
        <Lock aria-hidden />
        {workspace.database.embedded
          ? t("welcome.data_here")
          : t("welcome.data_shared", { location: workspace.database.location })}
      </p>
      <ClientDialog
        open={adding}
        onClose={() => setAdding(false)}
        client={undefined}
        defaults={{
          currency: workspace.settings.default_currency,
          vat_rate: workspace.settings.default_vat_rate,
        }}
        busy={addClient.isPending}
        error={addClient.error}
        onSave={(fields) =>
          addClient.mutate([fields], { onSuccess: ({ id }) => navigate(clientAddress(id)) })
        }
      />
    </main>
  );
}
