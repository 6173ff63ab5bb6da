import { useState } from "react";
import { Button } from "../../components/Button";
import { Select } from "../../components/Select";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { ImportQuestion } from "../../ipc/client";
import type { Answer } from "./answers";

type MappingQuestion = Extract<ImportQuestion, { kind: "mapping" }>;

const NO_COLUMN = "\u0000none";
const fields = [
  "date",
  "campaign",
  "campaign_id",
  "channel",
  "ad_group",
  "keyword",
  "creative",
  "currency",
  "impressions",
  "clicks",
  "cost",
  "conversions",
  "revenue",
];

interface MappingFormProps {
  question: MappingQuestion;
  busy: boolean;
  onAnswer: (answer: Answer) => void;
}

/** Says what each column of an unknown sheet holds, beside the first lines of the sheet itself. */
export function MappingForm({ question: { missing, columns, sample }, busy, onAnswer }: MappingFormProps) {
  const t = useT();
  const names = useNames();
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  // A header may stand twice or be empty, so columns are kept by place and said by header where that is clear.
  const options = columns
    .map((header, index) => ({ value: String(index), label: header.trim() === "" ? `${index + 1}` : header }))
    .concat({ value: NO_COLUMN, label: t("import.question.mapping_none") });
  const offered = [...missing, ...fields.filter((field) => !missing.includes(field))];
  const mapping = Object.entries(chosen).flatMap(([field, place]) =>
    place === NO_COLUMN ? [] : [{ field, column: columnName(columns, Number(place)) }],
  );
  const isWhole = missing.every((field) => mapping.some((entry) => entry.field === field));
  const fieldOf = (index: number) => Object.entries(chosen).find(([, place]) => place === String(index))?.[0];

  return (
    <>
      <h3>{t("import.question.mapping")}</h3>
      <p className="question__text">
        {t("import.question.mapping_text", {
          missing: missing.map(names.field).join(t("common.list_separator")),
        })}
      </p>
      <div className="mapping">
        <div className="mapping__fields">
          {offered.map((field) => (
            <div
              key={field}
              className={missing.includes(field) ? "mapping__field mapping__field--needed" : "mapping__field"}
            >
              <span>{names.field(field)}</span>
              <Select
                value={chosen[field]}
                label={names.field(field)}
                placeholder={t("import.question.mapping_choose")}
                options={options}
                onChange={(place) => setChosen({ ...chosen, [field]: place })}
                testId={`map-${field}`}
                wide
              />
            </div>
          ))}
        </div>
        <div className="mapping__sample">
          <p className="findings__label">{t("import.question.mapping_sample")}</p>
          <div className="mapping__scroll">
            <table>
              <thead>
                <tr>
                  {columns.map((header, index) => {
                    const field = fieldOf(index);
                    return (
                      <th
                        key={`${index}-${header}`}
                        className={field === undefined ? undefined : "mapping__used"}
                      >
                        {header}
                        <small>{field === undefined ? "" : names.field(field)}</small>
                      </th>
                    );
                  })}
                </tr>
              </thead>
              <tbody>
                {sample.map((row, line) => (
                  <tr key={line}>
                    {columns.map((header, index) => (
                      <td
                        key={`${index}-${header}`}
                        className={fieldOf(index) === undefined ? undefined : "mapping__used"}
                      >
                        {row[index]}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      </div>
      <div className="question__answers">
        <Button
          look="primary"
          disabled={busy || !isWhole}
          onClick={() => onAnswer({ mapping })}
          data-testid="map-apply"
        >
          {t("import.question.apply")}
        </Button>
      </div>
    </>
  );
}

/** The header where it is unique, else the column's number, which the reader takes as well. */
function columnName(columns: readonly string[], index: number): string {
  const header = columns[index] ?? "";
  return header.trim() !== "" && columns.filter((other) => other === header).length === 1
    ? header
    : String(index + 1);
}
