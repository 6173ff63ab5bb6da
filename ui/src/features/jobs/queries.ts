import { useRead, useWrite } from "../../ipc/queries";

export const useJobs = () => useRead("jobs", []);
export const useCancelJob = () => useWrite("cancelJob");
export const useOpenPath = () => useWrite("openPath");
export const useRevealPath = () => useWrite("revealPath");
