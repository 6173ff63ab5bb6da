import type { FieldColumn, ImportAnswers } from "../../ipc/client";

/** One answer to one question. */
export type Answer = Partial<Omit<ImportAnswers, "client_id">>;

export function answersFor(clientId: number, given: Answer | undefined): ImportAnswers {
  return {
    client_id: clientId,
    platform: null,
    account: null,
    currency: null,
    vat: null,
    sheet: null,
    mapping: [],
    date_order: null,
    ...given,
  };
}

/** Adds an answer to those given before; a field that is mapped again replaces its earlier column. */
export function withAnswer(before: Answer | undefined, answer: Answer): Answer {
  if (answer.mapping === undefined) return { ...before, ...answer };
  const fields = new Set(answer.mapping.map(({ field }) => field));
  const kept: FieldColumn[] = (before?.mapping ?? []).filter(({ field }) => !fields.has(field));
  return { ...before, ...answer, mapping: [...kept, ...answer.mapping] };
}
