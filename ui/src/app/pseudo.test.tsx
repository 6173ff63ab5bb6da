import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { expect, it } from "vitest";
import { TooltipProvider } from "../components/Tooltip";
import { loadDictionaries } from "../i18n/dictionaries";
import { LanguageProvider } from "../i18n/language";
import { connectBackend } from "../ipc/client";
import { createFake } from "../ipc/fake";
import { makeQueryClient } from "./App";
import { Boot } from "./Boot";

/** Texts that are data or signs, not words of the window. */
function isData(text: string): boolean {
  return (
    !/\p{L}/u.test(text) ||
    /⟦/.test(text) ||
    /\p{Script=Hangul}/u.test(text) ||
    /^(Moa|Ctrl K|KRW|USD|CP949|C:\\|PostgreSQL|[₩$−]?[\d.,]+ ?[KMB]?B?$|hanbit_ad)/.test(text) ||
    /^[A-Z][a-z]{2},? /.test(text) ||
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/.test(text)
  );
}

it.each([
  ["first", "/", "welcome"],
  ["usual", "/", "client-row-1"],
  ["usual", "/clients/1", "campaigns-table"],
  ["empty", "/clients/1", "dashboard-empty"],
  ["usual", "/import", "drop-zone"],
  ["usual", "/settings", "settings-database"],
] as const)("every word of %s %s comes from the locale files", async (scenario, address, ready) => {
  connectBackend(createFake({ scenario, jobTime: 0 }));
  window.location.hash = address;
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <LanguageProvider lang="pseudo" dictionaries={await loadDictionaries("pseudo")}>
        <TooltipProvider>
          <Router hook={useHashLocation}>
            <Boot />
          </Router>
        </TooltipProvider>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(screen.getByTestId(ready)).toBeTruthy(), { timeout: 5_000 });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const forgotten: string[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent?.trim() ?? "";
    if (!isData(text)) forgotten.push(text);
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder], [title]")) {
    for (const name of ["aria-label", "placeholder", "title"]) {
      const text = element.getAttribute(name) ?? "";
      if (!isData(text)) forgotten.push(`${name}: ${text}`);
    }
  }
  expect(forgotten).toEqual([]);
});
