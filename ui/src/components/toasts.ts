import type { ReactNode } from "react";

export interface ToastContent {
  tone: "good" | "bad" | "plain";
  title: string;
  text?: string;
  actions?: readonly { label: string; run: () => void; testId?: string }[];
  testId?: string;
  /** Milliseconds in sight; without it, short for good news and until dismissed for anything with a next step. */
  duration?: number;
  icon?: ReactNode;
}

export interface ToastEntry extends ToastContent {
  id: number;
}

let entries: readonly ToastEntry[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly ToastEntry[]) {
  entries = next;
  for (const listener of listeners) listener();
}

/** Says something in the corner of the window; anything with a next step stays until it is dismissed. */
export function showToast(content: ToastContent) {
  set([...entries.slice(-3), { ...content, id: nextId++ }]);
}

export function dismissToast(id: number) {
  set(entries.filter((entry) => entry.id !== id));
}

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentToasts(): readonly ToastEntry[] {
  return entries;
}
