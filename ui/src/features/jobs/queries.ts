import { isHeard, useRead, useWrite } from "../../ipc/queries";

/** The latest jobs. Those of this window tell their progress; what another one runs is asked for now and then. */
export const useJobs = () =>
  useRead("jobs", [], {
    refetchInterval: ({ state }) =>
      state.data?.some((job) => job.state === "running" && !isHeard(job.id)) ? 5_000 : false,
  });
export const useCancelJob = () => useWrite("cancelJob");
export const useOpenPath = () => useWrite("openPath");
export const useRevealPath = () => useWrite("revealPath");
