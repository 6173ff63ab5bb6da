import { keepPreviousData } from "@tanstack/react-query";
import type { ImportFile } from "../../ipc/client";
import { useRead, useWrite } from "../../ipc/queries";

export const useClientList = () => useRead("clientList", []);
export const useAddClient = () => useWrite("addClient");
export const useChooseFiles = () => useWrite("chooseFiles");
export const useStartImport = () => useWrite("startImport");
export const useCancelJob = () => useWrite("cancelJob");
export const useJob = (id: string | undefined) => useRead("job", [id ?? ""], { enabled: id !== undefined });

/** The dry run over exactly what would be imported; asked again when an answer changes. */
export function usePreview(files: ImportFile[]) {
  return useRead("previewImport", [files], {
    enabled: files.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: 0,
  });
}
