import { Building2, FilePlus2, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { clientAddress } from "../../components/addresses";
import { Button } from "../../components/Button";
import { ClientDialog } from "../../components/client/ClientDialog";
import { EmptyState } from "../../components/EmptyState";
import { PageHead } from "../../components/PageHead";
import { Problem } from "../../components/Problem";
import { Select } from "../../components/Select";
import { Skeleton } from "../../components/Skeleton";
import { byName } from "../../format/by-name";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import type { ImportFile } from "../../ipc/client";
import { type Answer, answersFor, withAnswer } from "./answers";
import { DropZone } from "./DropZone";
import { FileCard } from "./FileCard";
import { ImportRun } from "./ImportRun";
import { useAddClient, useChooseFiles, useClientList, usePreview, useStartImport } from "./queries";
import "../../components/panel.css";
import "./import.css";

interface ImportPageProps {
  clientId: number | undefined;
  onClient: (clientId: number) => void;
  /** Files waiting to be looked at and imported. */
  paths: readonly string[];
  onPaths: (paths: readonly string[]) => void;
  /** What a client made here starts with. */
  newClient: { currency: string; vat_rate: string };
}

/** Files in, questions answered, figures compared with the console; only then anything is written. */
export function ImportPage({ clientId: wanted, onClient, paths, onPaths, newClient }: ImportPageProps) {
  const t = useT();
  const format = useFormat();
  const [, navigate] = useLocation();
  const clients = useClientList();
  const chooseFiles = useChooseFiles();
  const start = useStartImport();
  const addClient = useAddClient();
  const [answers, setAnswers] = useState<Readonly<Record<string, Answer>>>({});
  const [adding, setAdding] = useState(false);
  const [jobId, setJobId] = useState<string>();

  const list = useMemo(() => byName(clients.data ?? []), [clients.data]);
  const client = list.find(({ id }) => id === wanted) ?? (list.length === 1 ? list[0] : undefined);
  const files = useMemo(
    (): ImportFile[] =>
      client ? paths.map((path) => ({ path, answers: answersFor(client.id, answers[path]) })) : [],
    [client, paths, answers],
  );
  const preview = usePreview(files);
  // While a new answer is being read, the outcome of a file that was taken out must not linger.
  const outcomes = client ? (preview.data ?? []).filter(({ path }) => paths.includes(path)) : [];
  const waiting = client ? paths.filter((path) => !outcomes.some((outcome) => outcome.path === path)) : [];
  const ready = outcomes.filter(({ done }) => done !== null);
  const questions = outcomes.filter(({ question }) => question !== null).length;
  const refused = outcomes.filter(({ question, error }) => question === null && error !== null).length;

  const choose = () =>
    chooseFiles.mutate([], {
      onSuccess: (chosen) => {
        if (chosen.length > 0) setJobId(undefined);
        onPaths([...new Set([...paths, ...chosen])]);
      },
    });
  const remove = (path: string) => onPaths(paths.filter((other) => other !== path));
  const run = () => {
    const wantedFiles = files.filter(({ path }) => ready.some((outcome) => outcome.path === path));
    start.mutate([wantedFiles], {
      onSuccess: (id) => {
        setJobId(id);
        onPaths(paths.filter((path) => !wantedFiles.some((file) => file.path === path)));
      },
    });
  };

  const clientSelect = (testId: string, placeholder: string) => (
    <Select
      value={client && String(client.id)}
      label={t("import.client")}
      prefix={t("import.client")}
      placeholder={placeholder}
      options={list.map(({ id, name }) => ({ value: String(id), label: name }))}
      onChange={(id) => onClient(Number(id))}
      testId={testId}
    />
  );

  return (
    <>
      <PageHead
        title={t("import.title")}
        busy={preview.isFetching}
        actions={
          paths.length > 0 && (
            <Button icon={<FilePlus2 />} onClick={choose} data-testid="add-files">
              {t("import.add_files")}
            </Button>
          )
        }
        controls={
          list.length > 0 && (
            <>
              {clientSelect("import-client", t("import.client_for"))}
              <Button look="quiet" icon={<Plus />} onClick={() => setAdding(true)}>
                {t("nav.add_client")}
              </Button>
            </>
          )
        }
      />
      <div className="page import">
        {clients.error && <Problem error={clients.error} onRetry={() => void clients.refetch()} />}
        {clients.data && list.length === 0 && (
          <section className="panel">
            <EmptyState
              icon={<Building2 />}
              title={t("import.no_client_title")}
              text={t("import.no_client_text")}
            >
              <Button look="primary" icon={<Plus />} onClick={() => setAdding(true)}>
                {t("nav.add_client")}
              </Button>
            </EmptyState>
          </section>
        )}
        {jobId !== undefined && (
          <ImportRun
            jobId={jobId}
            onOpen={() => client && navigate(clientAddress(client.id))}
            onMore={() => setJobId(undefined)}
          />
        )}
        {paths.length === 0 && jobId === undefined && list.length > 0 && (
          <DropZone onChoose={choose} busy={chooseFiles.isPending} />
        )}
        {chooseFiles.error && <Problem error={chooseFiles.error} />}
        {paths.length > 0 && !client && list.length > 0 && (
          <section className="panel">
            <EmptyState
              icon={<Building2 />}
              title={t("import.client_for")}
              text={t("import.no_client_text")}
              testId="import-needs-client"
            >
              {clientSelect("import-choose-client", t("common.choose"))}
            </EmptyState>
          </section>
        )}
        {preview.error && <Problem error={preview.error} onRetry={() => void preview.refetch()} />}
        {outcomes.map((outcome) => (
          <FileCard
            key={outcome.path}
            outcome={outcome}
            busy={preview.isPlaceholderData}
            onRemove={() => remove(outcome.path)}
            onAnswer={(answer) =>
              setAnswers((before) => ({
                ...before,
                [outcome.path]: withAnswer(before[outcome.path], answer),
              }))
            }
          />
        ))}
        {!preview.error &&
          waiting.map((path) => (
            <section key={path} className="panel file file--waiting" aria-busy data-testid="file-reading">
              <strong className="truncate">{path.split(/[\\/]/).at(-1)}</strong>
              <span className="muted">{t("import.reading")}</span>
              <Skeleton width="60%" />
            </section>
          ))}
        {start.error && <Problem error={start.error} />}
        {paths.length > 0 && client && (
          <footer className="import__foot">
            <p className="import__why">
              {[
                questions > 0
                  ? t(ready.length === 0 ? "import.answer_first" : "import.open_questions", {
                      count: format.count(questions),
                    })
                  : "",
                refused > 0 ? t("import.refused_files", { count: format.count(refused) }) : "",
              ]
                .filter(Boolean)
                .join(" ")}
            </p>
            <Button look="quiet" onClick={() => onPaths([])}>
              {t("import.clear")}
            </Button>
            <Button
              look="primary"
              size="l"
              disabled={ready.length === 0 || preview.isFetching}
              busy={start.isPending}
              onClick={run}
              data-testid="import-start"
            >
              {ready.length === 0
                ? t("import.start_none")
                : t("import.start", { count: format.count(ready.length) })}
            </Button>
          </footer>
        )}
      </div>
      <ClientDialog
        open={adding}
        onClose={() => setAdding(false)}
        client={undefined}
        defaults={newClient}
        busy={addClient.isPending}
        error={addClient.error}
        onSave={(fields) =>
          addClient.mutate([fields], {
            onSuccess: ({ id }) => {
              setAdding(false);
              onClient(id);
            },
          })
        }
      />
    </>
  );
}
