import type { AccountDto, ConversionKind, ErrorDto, PlatformSetup, SignedInDto, SyncRunDto } from "./types";

type Seed = Pick<AccountDto, "id" | "platform" | "account_id" | "account_name" | "health"> &
  Partial<AccountDto>;

export const fakeAccount = (seed: Seed): AccountDto => ({
  client: "한빛리빙",
  client_id: 1,
  currency: "KRW",
  time_zone: "Asia/Seoul",
  vat: seed.platform === "naver_ads" ? "included" : "excluded",
  vat_is_assumed: false,
  connected: seed.health !== "file_only",
  trouble: null,
  last_sync: "2026-11-24T08:42:00+09:00",
  last_day: "2026-11-23",
  expires_at: null,
  balance: null,
  balance_at: null,
  ...seed,
});

const needsLogin: ErrorDto = {
  code: "platform.needs_login",
  values: {
    platform: "naver_ads",
    account: "3100002",
    status: "403",
    vendor_code: "invalid-signature",
    detail: "",
  },
};

/** Accounts in every state of health. */
export function fakeAccounts(): AccountDto[] {
  return [
    fakeAccount({
      id: 1,
      platform: "naver_ads",
      account_id: "3100001",
      account_name: "한빛리빙 검색광고",
      health: "fresh",
      balance: "1234500",
      balance_at: "2026-11-24T08:42:00+09:00",
    }),
    fakeAccount({
      id: 2,
      platform: "naver_ads",
      account_id: "3100002",
      account_name: "아주 긴 이름의 광고 계정이라서 한 줄에 다 보이지 않는 북촌한과 추석 선물세트 계정",
      health: "needs_login",
      trouble: needsLogin,
      client: "북촌한과",
      client_id: 3,
      last_sync: "2026-11-21T08:40:00+09:00",
      last_day: "2026-11-20",
    }),
    fakeAccount({
      id: 3,
      platform: "kakao",
      account_id: "700101",
      account_name: null,
      health: "late",
      vat_is_assumed: true,
    }),
    fakeAccount({
      id: 4,
      platform: "google_ads",
      account_id: "한빛 구글",
      account_name: "한빛 구글",
      health: "file_only",
      last_sync: null,
      last_day: "2026-11-19",
    }),
  ];
}

export const FAKE_SETUPS: PlatformSetup[] = [
  { platform: "naver_ads", sign_in: "keys", app: null, redirect_uris: [], takes_token: false },
  { platform: "google_ads", sign_in: "browser", app: null, redirect_uris: [], takes_token: false },
];

export const FAKE_KINDS: ConversionKind[] = [
  { platform: "meta_ads", kind: "purchase", conversions: "635", chosen: false },
  { platform: "meta_ads", kind: "sign_up", conversions: "88", chosen: false },
];

export const FAKE_SIGNED_IN: SignedInDto = {
  id: "login-1",
  platform: "naver_ads",
  label: null,
  repaired: 0,
  accounts: [
    {
      account_id: "3100003",
      account_name: "모아핏 검색광고",
      currency: "KRW",
      time_zone: "Asia/Seoul",
      closed: false,
      client: null,
      connected: false,
    },
    {
      account_id: "3100001",
      account_name: "한빛리빙 검색광고",
      currency: "KRW",
      time_zone: "Asia/Seoul",
      closed: false,
      client: "한빛리빙",
      connected: true,
    },
  ],
};

export const fakeRun = (of: AccountDto): SyncRunDto => ({
  account_id: of.account_id,
  account_name: of.account_name,
  client: of.client,
  platform: of.platform,
  sync_type: "morning",
  status: of.health === "needs_login" ? "failed" : "success",
  from: "2026-11-17",
  to: "2026-11-24",
  records_synced: 84,
  restated: 3,
  requests: 6,
  started_at: "2026-11-24T09:02:00+09:00",
  completed_at: "2026-11-24T09:02:04+09:00",
  error: of.health === "needs_login" ? of.trouble : null,
});
