import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { Toaster } from "../components/Toaster";
import { TooltipProvider } from "../components/Tooltip";
import { read, store } from "../components/stored";
import { type Dictionaries, loadDictionaries } from "../i18n/dictionaries";
import { LanguageProvider } from "../i18n/language";
import type { Lang } from "../i18n/translate";
import { useRead } from "../ipc/queries";
import { Boot } from "./Boot";
import { applyTheme } from "./theme";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Answers stay good until a tag says otherwise, and nothing here depends on a network.
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

export function App() {
  const [client] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Worded />
    </QueryClientProvider>
  );
}

function firstLang(): Lang {
  return read<Lang>("lang", navigator.language.startsWith("ko") ? "ko" : "en");
}

/** Asks for the workspace and the words at the same time; draws once it can speak. */
function Worded() {
  const workspace = useRead("workspace", []);
  // Every first screen asks what its period means; asked now, it does not wait for the workspace.
  useRead("periodChoices", []);
  const [first] = useState(firstLang);
  const [words, setWords] = useState<{ lang: Lang; dictionaries: Dictionaries }>();
  const settings = workspace.data?.settings;

  const chosen = settings?.lang;
  const lang: Lang = chosen === "ko" || chosen === "en" ? chosen : first;

  useEffect(() => {
    let current = true;
    void loadDictionaries(lang).then((dictionaries) => {
      if (!current) return;
      setWords({ lang, dictionaries });
      store("lang", lang);
      document.documentElement.lang = lang === "pseudo" ? "en" : lang;
    });
    return () => {
      current = false;
    };
  }, [lang]);

  const theme = settings?.theme;
  useEffect(() => (theme === undefined ? undefined : applyTheme(theme)), [theme]);

  if (!words) return null;
  return (
    <LanguageProvider lang={words.lang} dictionaries={words.dictionaries}>
      <TooltipProvider delayDuration={250} skipDelayDuration={300}>
        <Router hook={useHashLocation}>
          <Boot />
          <Toaster />
        </Router>
      </TooltipProvider>
    </LanguageProvider>
  );
}
