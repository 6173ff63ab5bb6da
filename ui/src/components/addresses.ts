/** Where the screens live in the window's hash. */
export const CLIENTS = "/";
export const IMPORT = "/import";
export const CONNECTIONS = "/connections";
export const SETTINGS = "/settings";
export const clientAddress = (clientId: number) => `/clients/${clientId}`;
export const campaignAddress = (clientId: number, campaignId: number) =>
  `/clients/${clientId}/campaigns/${campaignId}`;
