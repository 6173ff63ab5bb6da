import { keepPreviousData } from "@tanstack/react-query";
import type { Range, View } from "../../format/view";
import { useRead, useWrite } from "../../ipc/queries";

export function useClientsOverview(range: Range | undefined, view: View) {
  return useRead("clientsOverview", [range?.from ?? "", range?.to ?? "", view.comparison, view.basis], {
    enabled: range !== undefined,
    placeholderData: keepPreviousData,
  });
}

export const useAddClient = () => useWrite("addClient");
export const useEditClient = () => useWrite("editClient");
export const useRemoveClient = () => useWrite("removeClient");

/** The period menu as Rust resolves it today; asked again when the window comes back, since midnight may have passed. */
export const usePeriodChoices = () =>
  useRead("periodChoices", [], { staleTime: 60_000, refetchOnWindowFocus: true });
