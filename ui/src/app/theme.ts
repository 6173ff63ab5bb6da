import { read, store } from "../components/stored";

const dark = () => globalThis.matchMedia("(prefers-color-scheme: dark)");

/** Sets light or dark on the document; `system` follows the system while it stays chosen. */
export function applyTheme(theme: string): () => void {
  const set = () => {
    document.documentElement.dataset["theme"] =
      theme === "dark" || (theme !== "light" && dark().matches) ? "dark" : "light";
  };
  set();
  store("theme", theme);
  if (theme !== "system") return () => undefined;
  const query = dark();
  query.addEventListener("change", set);
  return () => query.removeEventListener("change", set);
}

/** The theme of the last time, so that nothing flashes before the settings are read. */
export function rememberedTheme(): string {
  return read("theme", "system");
}
