import { useSyncExternalStore } from "react";

const names = [
  "accent",
  "accent-soft",
  "accent-line",
  "ink",
  "ink-2",
  "ink-3",
  "line",
  "ghost",
  "surface",
  "series-2",
] as const;
export type Colors = Record<(typeof names)[number], string>;

let cached: { theme: string | undefined; colors: Colors } | undefined;

function read(): Colors {
  const theme = document.documentElement.dataset["theme"];
  if (cached && cached.theme === theme) return cached.colors;
  const style = getComputedStyle(document.documentElement);
  const colors = Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Colors;
  cached = { theme, colors };
  return colors;
}

function subscribe(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

/** The tokens a drawn picture needs, again when light turns dark. */
export function useColors(): Colors {
  return useSyncExternalStore(subscribe, read);
}
