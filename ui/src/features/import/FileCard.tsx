import { CircleAlert, CircleCheck, CircleHelp, FileSpreadsheet, X } from "lucide-react";
import { Button } from "../../components/Button";
import { Badge } from "../../components/PageHead";
import { Problem } from "../../components/Problem";
import { useT } from "../../i18n/language";
import type { FileOutcome } from "../../ipc/client";
import type { Answer } from "./answers";
import { FileFindings } from "./FileFindings";
import { QuestionForm } from "./QuestionForm";

interface FileCardProps {
  outcome: FileOutcome;
  /** An answer is being read. */
  busy: boolean;
  onRemove: () => void;
  onAnswer: (answer: Answer) => void;
}

/** One file: what was found in it, what it needs to be told, or why it cannot be read. */
export function FileCard({ outcome, busy, onRemove, onAnswer }: FileCardProps) {
  const t = useT();
  const { file, path, done, question } = outcome;
  // A question comes with the error it is instead of: while it can be answered, nothing is wrong.
  const error = question ? null : outcome.error;
  return (
    <section
      className={busy ? "panel file file--busy" : "panel file"}
      data-testid="import-file"
      data-file={file}
      aria-label={file}
    >
      <header className="file__head">
        <FileSpreadsheet aria-hidden />
        <strong className="truncate selectable" title={path}>
          {file}
        </strong>
        {done && (
          <Badge tone="good">
            <CircleCheck aria-hidden />
            {t("import.ready")}
          </Badge>
        )}
        {question && (
          <Badge tone="warn">
            <CircleHelp aria-hidden />
            {t("import.needs_answer")}
          </Badge>
        )}
        {error && (
          <Badge tone="bad">
            <CircleAlert aria-hidden />
            {t("import.refused")}
          </Badge>
        )}
        <Button
          look="quiet"
          size="s"
          square
          icon={<X />}
          aria-label={t("import.remove_file", { file })}
          onClick={onRemove}
          className="file__remove"
        />
      </header>
      {done && <FileFindings done={done} />}
      {question && (
        <QuestionForm key={JSON.stringify(question)} question={question} busy={busy} onAnswer={onAnswer} />
      )}
      {error && <Problem error={error} testId="file-problem" />}
    </section>
  );
}
