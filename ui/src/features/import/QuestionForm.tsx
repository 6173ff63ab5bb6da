import { useState } from "react";
import { Button } from "../../components/Button";
import { CurrencySelect } from "../../components/client/CurrencySelect";
import { TextInput } from "../../components/Field";
import { PlatformDot } from "../../components/PlatformDot";
import { Select } from "../../components/Select";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { ImportQuestion } from "../../ipc/client";
import type { Answer } from "./answers";
import { MappingForm } from "./MappingForm";

interface QuestionFormProps<Q = ImportQuestion> {
  question: Q;
  busy: boolean;
  onAnswer: (answer: Answer) => void;
}

/** Asks what the file itself cannot say; an answer reads the file again. */
export function QuestionForm({ question, busy, onAnswer }: QuestionFormProps) {
  return (
    <div className="question" data-testid={`question-${question.kind}`}>
      <Asked question={question} busy={busy} onAnswer={onAnswer} />
    </div>
  );
}

function Asked({ question, busy, onAnswer }: QuestionFormProps) {
  const t = useT();
  switch (question.kind) {
    case "platform":
      return <PlatformQuestion question={question} busy={busy} onAnswer={onAnswer} />;
    case "currency":
      return (
        <Question title={t("import.question.currency")} text={t("import.question.currency_text")}>
          <CurrencySelect
            value={undefined}
            label={t("import.question.currency")}
            placeholder={t("common.choose")}
            onChange={(currency) => onAnswer({ currency })}
            testId="answer-currency"
          />
        </Question>
      );
    case "vat":
      return (
        <Question title={t("import.question.vat")} text={t("import.question.vat_text")}>
          <Button
            onClick={() => onAnswer({ vat: "excluded" })}
            disabled={busy}
            data-testid="answer-vat-excluded"
          >
            {t("import.question.vat_excluded")}
          </Button>
          <Button
            onClick={() => onAnswer({ vat: "included" })}
            disabled={busy}
            data-testid="answer-vat-included"
          >
            {t("import.question.vat_included")}
          </Button>
        </Question>
      );
    case "account":
      return <AccountQuestion question={question} busy={busy} onAnswer={onAnswer} />;
    case "date_order":
      return (
        <Question title={t("import.question.date_order")} text={t("import.question.date_order_text")}>
          <Button
            onClick={() => onAnswer({ date_order: "month_first" })}
            disabled={busy}
            data-testid="answer-month-first"
          >
            {t("import.question.month_first")}
          </Button>
          <Button
            onClick={() => onAnswer({ date_order: "day_first" })}
            disabled={busy}
            data-testid="answer-day-first"
          >
            {t("import.question.day_first")}
          </Button>
        </Question>
      );
    case "sheet":
      return (
        <Question title={t("import.question.sheet")}>
          {question.sheets.map((sheet) => (
            <Button key={sheet} onClick={() => onAnswer({ sheet })} disabled={busy}>
              {sheet}
            </Button>
          ))}
        </Question>
      );
    case "mapping":
      return <MappingForm question={question} busy={busy} onAnswer={onAnswer} />;
    case "duplicate":
      return <DuplicateQuestion question={question} busy={busy} onAnswer={onAnswer} />;
  }
}

function Question({ title, text, children }: { title: string; text?: string; children: React.ReactNode }) {
  return (
    <>
      <h3>{title}</h3>
      {text !== undefined && <p className="question__text">{text}</p>}
      <div className="question__answers">{children}</div>
    </>
  );
}

function PlatformQuestion({
  question,
  busy,
  onAnswer,
}: QuestionFormProps<Extract<ImportQuestion, { kind: "platform" }>>) {
  const t = useT();
  const names = useNames();
  const [other, setOther] = useState("");
  const usual = ["google_ads", "meta_ads", "naver_ads", "kakao"];
  const offered = [...question.candidates, ...usual.filter((code) => !question.candidates.includes(code))];
  const isCode = /^[a-z0-9_]{2,40}$/.test(other.trim());
  return (
    <Question title={t("import.question.platform")} text={t("import.question.platform_text")}>
      {offered.map((platform) => (
        <Button
          key={platform}
          onClick={() => onAnswer({ platform })}
          disabled={busy}
          icon={<PlatformDot platform={platform} />}
          data-testid={`answer-platform-${platform}`}
        >
          {names.platform(platform)}
        </Button>
      ))}
      <form
        className="question__other"
        onSubmit={(event) => {
          event.preventDefault();
          if (isCode) onAnswer({ platform: other.trim() });
        }}
      >
        <TextInput
          value={other}
          onChange={setOther}
          placeholder={t("import.question.platform_other")}
          aria-label={t("import.question.platform_code")}
          title={t("import.question.platform_code")}
        />
        <Button type="submit" disabled={busy || !isCode}>
          {t("import.question.apply")}
        </Button>
      </form>
    </Question>
  );
}

function AccountQuestion({
  question,
  busy,
  onAnswer,
}: QuestionFormProps<Extract<ImportQuestion, { kind: "account" }>>) {
  const t = useT();
  const [name, setName] = useState("");
  return (
    <Question title={t("import.question.account")} text={t("import.question.account_text")}>
      {question.candidates.map((account) => (
        <Button key={account} onClick={() => onAnswer({ account })} disabled={busy}>
          {account}
        </Button>
      ))}
      <form
        className="question__other"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") onAnswer({ account: name.trim() });
        }}
      >
        <TextInput
          value={name}
          onChange={setName}
          placeholder={t("import.question.account_new")}
          aria-label={t("import.question.account_new")}
          data-testid="answer-account"
        />
        <Button type="submit" disabled={busy || name.trim() === ""} data-testid="answer-account-apply">
          {t("import.question.apply")}
        </Button>
      </form>
    </Question>
  );
}

const dimensions = ["breakdown", "ad_group", "keyword", "creative", "search_term", "device", "channel"];

function DuplicateQuestion({
  question,
  busy,
  onAnswer,
}: QuestionFormProps<Extract<ImportQuestion, { kind: "duplicate" }>>) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const [column, setColumn] = useState(question.columns[0]);
  const [field, setField] = useState("breakdown");
  return (
    <Question
      title={t("import.question.duplicate")}
      text={t("import.question.duplicate_text", {
        first_line: format.count(question.first_line),
        line: format.count(question.line),
      })}
    >
      <Select
        value={column}
        label={t("import.question.duplicate_column")}
        prefix={t("import.question.duplicate_column")}
        options={question.columns.map((value) => ({ value, label: value }))}
        onChange={setColumn}
      />
      <Select
        value={field}
        label={t("import.question.duplicate_as")}
        prefix={t("import.question.duplicate_as")}
        options={dimensions.map((value) => ({ value, label: names.field(value) }))}
        onChange={setField}
      />
      <Button
        look="primary"
        disabled={busy || column === undefined}
        onClick={() => column !== undefined && onAnswer({ mapping: [{ field, column }] })}
      >
        {t("import.question.apply")}
      </Button>
    </Question>
  );
}
