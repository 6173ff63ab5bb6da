import { useRead, useWrite } from "../../ipc/queries";

export const useAccounts = () => useRead("accountList", [], { refetchOnWindowFocus: true });
export const useClients = () => useRead("clientList", []);
export const useClaims = () => useRead("claimableAccounts", []);
export const usePlatformSetups = () => useRead("platformSetups", []);
export const useSyncStory = (account: number) => useRead("syncStory", [account]);

export const useStartSync = () => useWrite("startSync");
export const useAssignAccount = () => useWrite("assignAccount");
export const useConfirmVat = () => useWrite("confirmAccountVat");
export const useDisconnect = () => useWrite("disconnectAccount");
export const useClaim = () => useWrite("claimAccount");

// What carries a secret keeps nothing behind: its arguments are forgotten with the answer.
export const useSetApp = () => useWrite("setApp");
export const useSignIn = () => useWrite("signIn");
export const useCancelSignIn = () => useWrite("cancelSignIn");
export const useSignInWithKeys = () => useWrite("signInWithKeys");
export const useSignInWithToken = () => useWrite("signInWithToken");
export const useConnectAccounts = () => useWrite("connectAccounts");
export const useAddClient = () => useWrite("addClient");
