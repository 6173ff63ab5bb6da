import { useRead, useWrite } from "../../ipc/queries";

export const useLoadSample = () => useWrite("loadSample");
export const useAddClient = () => useWrite("addClient");
export const useSetLanguage = () => useWrite("saveSettings");

/** The job as it goes; its progress comes by events. */
export const useJob = (id: string | undefined) => useRead("job", [id ?? ""], { enabled: id !== undefined });
