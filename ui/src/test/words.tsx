import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import errors from "../../../locales/ko/errors.json";
import shared from "../../../locales/ko/shared.json";
import ui from "../../../locales/ko/ui.json";
import { makeQueryClient } from "../app/App";
import { TooltipProvider } from "../components/Tooltip";
import { LanguageProvider } from "../i18n/language";

const dictionaries = { ui, shared, errors: errors as never };

/** A part of a screen with its words and its query client. */
export function renderWorded(part: ReactNode) {
  const client = makeQueryClient();
  return {
    client,
    ...render(
      <QueryClientProvider client={client}>
        <LanguageProvider lang="ko" dictionaries={dictionaries}>
          <TooltipProvider>{part}</TooltipProvider>
        </LanguageProvider>
      </QueryClientProvider>,
    ),
  };
}
