import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Dictionaries } from "./dictionaries";
import { type Dictionary, fill, type Lang, lookUp, pseudo, type TextKey, type TextValues } from "./translate";

export interface Language {
  lang: Lang;
  /** The locale for `Intl`. */
  locale: "ko-KR" | "en-US";
  /** A text of the screens. */
  t: (key: TextKey, values?: TextValues) => string;
  /** A text whose key is only known at run time, for example a note's code; `undefined` when there is none. */
  textOf: (path: string, values?: TextValues) => string | undefined;
  /** A name of the shared file: `kpi.ctr`, `platform.naver_ads`. */
  sharedName: (path: string) => string | undefined;
  /** The sentence and the hint of an error code, or `undefined` when the code is not worded. */
  errorOf: (code: string, values: TextValues) => { message: string; hint: string | undefined } | undefined;
}

export function makeLanguage(lang: Lang, dictionaries: Dictionaries): Language {
  const say = (dictionary: Dictionary, path: string, values?: TextValues): string | undefined => {
    const text = lookUp(dictionary, path);
    return typeof text === "string" ? fill(lang === "pseudo" ? pseudo(text) : text, values) : undefined;
  };
  return {
    lang,
    locale: lang === "ko" ? "ko-KR" : "en-US",
    t: (key, values) => say(dictionaries.ui, key, values) ?? key,
    textOf: (path, values) => say(dictionaries.ui, path, values),
    sharedName: (path) => say(dictionaries.shared, path),
    errorOf: (code, values) => {
      // A code without words of its own takes those of its family, for example `host` for `host_io`.
      const isWorded = (key: string) => say(dictionaries.errors, `${key}.message`) !== undefined;
      const key = [code, code.split("_")[0] ?? ""].find(isWorded);
      if (key === undefined) return undefined;
      const named = { ...values };
      const { platform, why } = values;
      if (platform !== undefined)
        named["platform"] = say(dictionaries.shared, `platform.${platform}`) ?? platform;
      if (why !== undefined) named["why"] = say(dictionaries.errors, `why.${why}`) ?? why;
      named["who"] = [named["platform"], values["account"]].filter(Boolean).join(" ");
      // The shared words send to options of the command line; the window has words of its own for those.
      const hint =
        say(dictionaries.ui, `error.cure.${key}`, named) ?? say(dictionaries.errors, `${key}.hint`, named);
      const said = code.startsWith("platform.")
        ? ["status", "vendor_code", "detail"].map((name) => values[name]).filter(Boolean)
        : [];
      return {
        message: say(dictionaries.errors, `${key}.message`, named) ?? code,
        hint: hint !== undefined && said.length > 0 ? `${hint} (${said.join(" ")})` : hint,
      };
    },
  };
}

const LanguageContext = createContext<Language | null>(null);

export function LanguageProvider({
  lang,
  dictionaries,
  children,
}: {
  lang: Lang;
  dictionaries: Dictionaries;
  children: ReactNode;
}) {
  const language = useMemo(() => makeLanguage(lang, dictionaries), [lang, dictionaries]);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (!language) throw new Error("useLanguage outside LanguageProvider");
  return language;
}

export function useT(): Language["t"] {
  return useLanguage().t;
}
