import { useState } from "react";

/** A small preference of this window, kept where the web view keeps its own; losing it costs nothing but a click. */
export function useStored<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read(key, initial));
  return [
    value,
    (next) => {
      setValue(next);
      store(key, next);
    },
  ];
}

export function read<T>(key: string, initial: T): T {
  try {
    const text = localStorage.getItem(`moa.${key}`);
    return text === null ? initial : (JSON.parse(text) as T);
  } catch {
    // A preference that cannot be read is a preference that was never set.
    return initial;
  }
}

export function store(key: string, value: unknown) {
  try {
    localStorage.setItem(`moa.${key}`, JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden; the preference then lasts as long as the window.
  }
}
