import type { Range } from "../../format/view";
import type { DashboardQuestion } from "../../ipc/client";
import { useRead, useWrite } from "../../ipc/queries";

/** The dashboard's one question; while a new answer is on its way the last one stays, marked as such. */
export function useDashboard(question: DashboardQuestion | undefined) {
  return useRead("dashboard", [question ?? nothing], {
    enabled: question !== undefined,
    // The page is keyed by client and campaign, so what stays is always of the same ones.
    placeholderData: (before) =>
      before?.client.id === question?.client_id && (before?.campaign?.id ?? null) === question?.campaign_id
        ? before
        : undefined,
  });
}

const nothing: DashboardQuestion = {
  client_id: 0,
  from: "",
  to: "",
  comparison: "none",
  basis: "net",
  platforms: [],
  campaign_id: null,
};

export const useRevisions = (clientId: number, from: string, to: string) =>
  useRead("revisions", [clientId, from, to]);

/** The period menu as Rust resolves it today; asked again when the window comes back, since midnight may have passed. */
export const usePeriodChoices = () =>
  useRead("periodChoices", [], { staleTime: 60_000, refetchOnWindowFocus: true });

/** The client's name from the list, for while the dashboard itself is not there. */
export const useClientName = (clientId: number) =>
  useRead("clientList", []).data?.find(({ id }) => id === clientId)?.name;

export const useFigureSources = (clientId: number, { from, to }: Range) =>
  useRead("figureSources", [clientId, from, to]);

export const useStartReconcile = () => useWrite("startReconcile");

/** A job of this screen, as it goes on. */
export const useJobResult = (id: string | undefined) =>
  useRead("job", [id ?? ""], { enabled: id !== undefined }).data;

export const useConversionKinds = (clientId: number) => useRead("conversionKinds", [clientId]);
export const useChooseConversionKinds = () => useWrite("chooseConversionKinds");
