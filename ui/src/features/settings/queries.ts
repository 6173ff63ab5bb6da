import { useWrite } from "../../ipc/queries";

export const useSaveSettings = () => useWrite("saveSettings");
export const useTestDatabase = () => useWrite("testDatabase");
export const useUseDatabase = () => useWrite("useDatabase");
export const useStartBackup = () => useWrite("startBackup");
export const useLoadSample = () => useWrite("loadSample");
export const useChooseFolder = () => useWrite("chooseFolder");
export const useChooseSaveFile = () => useWrite("chooseSaveFile");
export const useRenewSealingKey = () => useWrite("renewSealingKey");
