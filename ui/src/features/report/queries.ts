import { useRead, useWrite } from "../../ipc/queries";

export const useChoices = () => useRead("periodChoices", []);
export const useReports = (clientId: number, enabled: boolean) => useRead("reports", [clientId], { enabled });
export const useStartReport = () => useWrite("startReport");
export const useChooseFolder = () => useWrite("chooseFolder");
export const useOpenPath = () => useWrite("openPath");
