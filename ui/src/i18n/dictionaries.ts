import type { Dictionary, Lang } from "./translate";

export interface Dictionaries {
  ui: Dictionary;
  /** Names that screen and PDF share: KPIs, platforms, channels. */
  shared: Dictionary;
  /** Sentences by error code. */
  errors: Dictionary;
}

const files = import.meta.glob<Dictionary>("../../../locales/*/{ui,shared,errors}.json", {
  import: "default",
});

/** Loads the words of one language; the other stays unread. The pseudo-language is made from the English words. */
export async function loadDictionaries(lang: Lang): Promise<Dictionaries> {
  const folder = lang === "pseudo" ? "en" : lang;
  const load = async (name: string): Promise<Dictionary> =>
    (await files[`../../../locales/${folder}/${name}.json`]?.()) ?? {};
  const [ui, shared, errors] = await Promise.all([load("ui"), load("shared"), load("errors")]);
  return { ui, shared, errors };
}
