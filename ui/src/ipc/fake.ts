import type { Backend, Commands, FileDrag } from "./backend";
import type { ErrorDto, JobDto, JobKind, JobResult, ReportDto, RevisionDto, Workspace } from "./types";
import {
  answerDashboard,
  asOfPlatforms,
  compareCampaigns,
  dailyCost,
  FIRST_DAY,
  type FakeClient,
  LAST_DAY,
  makeAgency,
  PERIOD_CHOICES,
  type Scenario,
  TODAY,
} from "./fake-agency";
import { FAKE_KINDS, FAKE_SETUPS, FAKE_SIGNED_IN, fakeAccount, fakeAccounts, fakeRun } from "./fake-accounts";
import { FAKE_FILES, previewFile } from "./fake-import";

type Result<T, E> = { status: "ok"; data: T } | { status: "error"; error: E };

interface FakeOptions {
  scenario?: Scenario;
  settings?: Partial<Workspace["settings"]>;
  /** How long a job takes in milliseconds; 0 ends it at once. */
  jobTime?: number;
  /** Commands that refuse, and with what. */
  failing?: Partial<Record<keyof Commands, ErrorDto>>;
  /** Jobs of an earlier time, as the database kept them. */
  earlierJobs?: readonly JobDto[];
}

export interface FakeBackend extends Backend {
  /** Files as if dropped on the window. */
  drag(drag: FileDrag): void;
  /** Every call so far: command and arguments. */
  calls: { command: string; args: unknown[] }[];
}

/** A whole program behind the window, in memory and always the same: for tests, and for looking at screens in a browser. */
export function createFake({
  scenario = "usual",
  settings = {},
  jobTime = 2_400,
  failing = {},
  earlierJobs = [],
}: FakeOptions = {}): FakeBackend {
  let agency: FakeClient[] = makeAgency(scenario);
  let jobs: JobDto[] = [...earlierJobs];
  let reports: ReportDto[] = [];
  let accounts = scenario === "empty" ? [] : fakeAccounts();
  let setups = FAKE_SETUPS;
  let kinds = FAKE_KINDS;
  let nextId = 100;
  const jobListeners = new Set<(job: JobDto) => void>();
  const dataListeners = new Set<(tags: readonly string[]) => void>();
  const dragListeners = new Set<(drag: FileDrag) => void>();
  const calls: FakeBackend["calls"] = [];
  const workspace: Workspace = {
    client_count: agency.length,
    has_sample: agency.some(({ is_sample }) => is_sample),
    settings: {
      lang: "ko",
      theme: "light",
      default_currency: "KRW",
      default_vat_rate: "10",
      default_basis: "net",
      agency_name: "한강기획",
      reports_folder: null,
      stays_in_tray: false,
      ...settings,
    },
    reports_folder: "C:\\Users\\agency\\AppData\\Local\\Moa\\reports",
    database: {
      embedded: true,
      location: "C:\\Users\\agency\\AppData\\Local\\Moa",
      version: "PostgreSQL 18.4",
      size_bytes: "186646528",
    },
    today: TODAY,
    version: "0.1.0",
  };

  const ok = <T>(data: T): Promise<Result<T, ErrorDto>> => Promise.resolve({ status: "ok", data });
  const no = (code: string, values: Record<string, string> = {}): Promise<Result<never, ErrorDto>> =>
    Promise.resolve({ status: "error", error: { code, values } });
  const tell = (tags: string[]) => {
    for (const listen of dataListeners) listen(tags);
  };
  const clientsChanged = () => {
    workspace.client_count = agency.length;
    workspace.has_sample = agency.some(({ is_sample }) => is_sample);
    tell(["workspace", "clients", "figures"]);
  };
  const accountOf = (id: number) => {
    const found = accounts.find((one) => one.id === id);
    if (!found) throw new Error(`there is no account ${id}`);
    return found;
  };
  const dto = ({ campaigns: _, ...client }: FakeClient) => client;

  const start = (
    kind: JobKind,
    details: readonly string[],
    finish: () => JobResult,
  ): Promise<Result<string, ErrorDto>> => {
    const id = `job-${nextId++}`;
    let job: JobDto = {
      id,
      kind,
      state: "running",
      percent: null,
      detail: details[0] ?? null,
      started_at: "2026-11-24T09:02:00+09:00",
      finished_at: null,
      error: null,
      result: null,
    };
    const change = (part: Partial<JobDto>) => {
      if (jobs.find((other) => other.id === id)?.state === "cancelled") return;
      job = { ...job, ...part };
      jobs = [job, ...jobs.filter((other) => other.id !== id)];
      for (const listen of jobListeners) listen(job);
    };
    change({});
    const steps = 20;
    const step = (done: number) => {
      if (jobs.find((other) => other.id === id)?.state !== "running") return;
      if (done >= steps || jobTime === 0) {
        change({ state: "done", percent: 100, finished_at: "2026-11-24T09:02:04+09:00", result: finish() });
        return;
      }
      change({
        percent: Math.round((done / steps) * 100),
        detail: details[Math.floor((done / steps) * details.length)] ?? null,
      });
      setTimeout(() => step(done + 1), jobTime / steps);
    };
    setTimeout(() => step(1), jobTime / steps);
    return ok(id);
  };

  const real: Commands = {
    workspace: () =>
      scenario === "boot-error" ? no("host_disk_full", { path: "C:\\Users" }) : ok({ ...workspace }),
    periodChoices: () => ok(PERIOD_CHOICES),
    clientList: () => ok(agency.map(dto)),
    clientsOverview: (from, to, comparison, basis) =>
      scenario === "error"
        ? no("database.gone", {})
        : ok({
            from,
            to,
            clients: agency.map((client) => ({
              client: dto(client),
              figures: [...new Set(client.campaigns.map(({ currency }) => currency))].flatMap((currency) => {
                const own = client.campaigns.filter((campaign) => campaign.currency === currency);
                const compared = compareCampaigns(own, from, to, comparison, basis);
                return compared ? [{ currency, compared, daily_cost: dailyCost(own, from, to) }] : [];
              }),
              platforms: [...new Set(client.campaigns.map(({ platform }) => platform))],
              as_of: asOfPlatforms(client),
              first_day: client.campaigns.length === 0 ? null : FIRST_DAY,
              last_day: client.campaigns.length === 0 ? null : LAST_DAY,
            })),
          }),
    dashboard: (question) => {
      if (scenario === "slow") return new Promise(() => undefined);
      if (scenario === "error") return no("database.gone", {});
      const client = agency.find(({ id }) => id === question.client_id);
      return client
        ? ok(answerDashboard(client, question))
        : no("unknown_client", { client: String(question.client_id) });
    },
    revisions: (clientId, from, to) => {
      const client = agency.find(({ id }) => id === clientId);
      const rows = (client?.campaigns ?? []).slice(0, 9).map((campaign, index): RevisionDto => ({
        date: to < from ? from : to,
        campaign_id: campaign.campaign_id,
        campaign_name: campaign.campaign_name,
        channel: campaign.channel,
        column: index % 3 === 0 ? "conversions" : index % 3 === 1 ? "revenue" : "cost",
        old: String(11 + index * 3),
        new: String(14 + index * 4),
        seen_at: `2026-11-24T08:${String(12 + index).padStart(2, "0")}:00+09:00`,
        source: "캠페인보고서_202611.csv",
      }));
      return ok(rows);
    },
    reports: () => ok(reports),
    jobs: () => ok(jobs),
    job: (id) => {
      const job = jobs.find((other) => other.id === id);
      return job ? ok(job) : no("unknown_job", { id });
    },
    addClient: (input) => {
      if (agency.some(({ name }) => name === input.name))
        return no("client_name_taken", { client: input.name });
      const client: FakeClient = {
        id: nextId++,
        public_id: `01933d1c-0000-7000-8000-${String(nextId).padStart(12, "0")}`,
        is_sample: false,
        campaigns: [],
        ...input,
      };
      agency = [...agency, client];
      clientsChanged();
      return ok(dto(client));
    },
    editClient: (id, input) => {
      agency = agency.map((client) => (client.id === id ? { ...client, ...input } : client));
      clientsChanged();
      const client = agency.find((other) => other.id === id);
      return client ? ok(dto(client)) : no("unknown_client", { client: String(id) });
    },
    removeClient: (id) => {
      agency = agency.filter((client) => client.id !== id);
      clientsChanged();
      return ok(null);
    },
    loadSample: () =>
      start(
        "sample_agency",
        ["한빛리빙 · 네이버", "한빛리빙 · Meta", "모아핏 · Google Ads", "북촌한과 · 카카오"],
        () => {
          agency = [...agency, ...makeAgency("usual")];
          clientsChanged();
          return { kind: "sample_agency", clients: 3, rows: 148_220 };
        },
      ),
    previewImport: (files) => ok(files.map(({ path, answers }) => previewFile(path, answers))),
    startImport: (files) =>
      start(
        "import",
        files.map(({ path }) => path.split(/[\\/]/).at(-1) ?? path),
        () => {
          tell(["workspace", "clients", "figures", "revisions"]);
          return { kind: "import", files: files.map(({ path, answers }) => previewFile(path, answers)) };
        },
      ),
    startReport: (request) =>
      start("report", ["PDF", "XLSX"], () => {
        const client = agency.find(({ id }) => id === request.client_id)?.name ?? "";
        const place = `${request.folder ?? "C:\\Users\\agency\\Documents\\Moa"}\\${client}_${request.to.slice(0, 7)}_리포트`;
        const report: ReportDto = {
          id: `report-${nextId++}`,
          client,
          period: request.period,
          from: request.from,
          to: request.to,
          status: "completed",
          held_for: [],
          pdf: request.pdf ? `${place}.pdf` : null,
          xlsx: request.xlsx ? `${place}.xlsx` : null,
          created_at: "2026-11-24T09:04:00+09:00",
        };
        reports = [report, ...reports];
        tell(["reports"]);
        return { kind: "report", report };
      }),
    renewSealingKey: () => ok({ resealed: 3, elsewhere: 0 }),
    startBackup: (path) => start("backup", [path], () => ({ kind: "backup", path })),
    platformSetups: () => ok(setups),
    setApp: (platform, client_id, secret) => {
      const app = { platform, client_id, has_secret: secret !== null };
      setups = setups.map((setup) => (setup.platform === platform ? { ...setup, app } : setup));
      tell(["accounts"]);
      return ok(app);
    },
    signIn: (platform) => ok({ ...FAKE_SIGNED_IN, platform }),
    cancelSignIn: () => ok(null),
    signInWithKeys: (platform, _customers, _license, secret) =>
      secret === "wrong"
        ? no("sign_in.keys_refused", {
            platform,
            account: "3100003",
            status: "403",
            vendor_code: "invalid-signature",
            detail: "",
          })
        : ok(FAKE_SIGNED_IN),
    signInWithToken: (platform) => ok({ ...FAKE_SIGNED_IN, platform }),
    connectAccounts: (_id, choices) => {
      const made = choices.map(({ account_id, client_id }) => {
        const of = FAKE_SIGNED_IN.accounts.find((one) => one.account_id === account_id);
        return fakeAccount({
          id: nextId++,
          platform: "naver_ads",
          account_id,
          account_name: of?.account_name ?? null,
          client: agency.find(({ id }) => id === client_id)?.name ?? "",
          client_id,
          health: "late",
          last_sync: null,
          last_day: null,
        });
      });
      accounts = [...accounts, ...made];
      tell(["accounts"]);
      return ok({ accounts: made, refused: [] });
    },
    accountList: () => (scenario === "error" ? no("database.gone", {}) : ok(accounts)),
    assignAccount: (id, client) => {
      accounts = accounts.map((one) => (one.id === id ? { ...one, client } : one));
      tell(["accounts"]);
      return ok(accountOf(id));
    },
    confirmAccountVat: (id, vat) => {
      accounts = accounts.map((one) => (one.id === id ? { ...one, vat, vat_is_assumed: false } : one));
      tell(["accounts"]);
      return ok(accountOf(id));
    },
    disconnectAccount: (id) => {
      accounts = accounts.map((one) =>
        one.id === id ? { ...one, connected: false, health: "file_only", trouble: null } : one,
      );
      tell(["accounts"]);
      return ok(accountOf(id));
    },
    claimableAccounts: () =>
      ok(
        accounts.some(({ id }) => id === 4)
          ? [
              {
                from_id: 4,
                from_name: "한빛 구글",
                into_id: 1,
                into_name: "한빛리빙 검색광고",
                client: "한빛리빙",
                platform: "naver_ads",
                shared_campaigns: 6,
              },
            ]
          : [],
      ),
    claimAccount: (from, into) => {
      accounts = accounts.filter(({ id }) => id !== from);
      tell(["accounts", "figures"]);
      return ok({ into: accountOf(into), merged: 6, moved: 2 });
    },
    syncStory: (id) =>
      ok(
        id === 3
          ? []
          : [
              {
                sync_type: "morning",
                status: id === 2 ? "failed" : "success",
                source: "naver_ads",
                from: id === 2 ? null : "2026-11-17",
                to: id === 2 ? null : "2026-11-24",
                records_synced: id === 2 ? 0 : 84,
                restated: id === 2 ? 0 : 3,
                requests: 6,
                started_at: "2026-11-24T08:41:58+09:00",
                completed_at: "2026-11-24T08:42:00+09:00",
                error: id === 2 ? (fakeAccounts()[1]?.trouble ?? null) : null,
                notes: id === 2 ? [] : ["brand_cost_from_contract"],
              },
            ],
      ),
    figureSources: () =>
      ok([
        {
          platform: "naver_ads",
          account_id: "3100001",
          account_name: "한빛리빙 검색광고",
          source: "naver_ads",
          read_at: "2026-11-24T08:42:00+09:00",
          last_day: "2026-11-23",
          vat: "included",
          vat_is_assumed: false,
          attribution: null,
          conversion_kinds: [],
          restated: 3,
          unexplained_days: ["2026-11-19"],
        },
      ]),
    conversionKinds: () => ok(kinds),
    chooseConversionKinds: (_client, platform, chosen) => {
      kinds = kinds.map((kind) =>
        kind.platform === platform ? { ...kind, chosen: chosen.includes(kind.kind) } : kind,
      );
      tell(["accounts", "figures"]);
      return ok(null);
    },
    startSync: (ask) => {
      const of = accounts.filter(
        ({ id, connected }) => connected && (ask.accounts.length === 0 || ask.accounts.includes(`#${id}`)),
      );
      return start(
        "sync",
        of.map((one, at) => `${at + 1}/${of.length} · ${one.account_name ?? one.account_id}`),
        () => {
          tell(["accounts", "figures"]);
          return { kind: "sync", runs: of.map(fakeRun) };
        },
      );
    },
    startReconcile: (client, from) =>
      start("reconcile", [client], () => ({
        kind: "reconcile",
        client,
        reconciliation: {
          problems: [],
          days: ["equal", "unexplained"].map((reason, at) => ({
            date: from,
            account_id: `310000${at + 1}`,
            platform: "naver_ads",
            currency: "KRW",
            ours: "256256",
            theirs: at === 0 ? "256256" : "271344",
            difference: at === 0 ? "0" : "-15088",
            reason,
          })),
        },
      })),
    cancelJob: (id) => {
      jobs = jobs.map((job) =>
        job.id === id ? { ...job, state: "cancelled", finished_at: "2026-11-24T09:02:03+09:00" } : job,
      );
      const job = jobs.find((other) => other.id === id);
      if (job) for (const listen of jobListeners) listen(job);
      return ok(null);
    },
    saveSettings: (next) => {
      workspace.settings = { ...workspace.settings, ...next };
      tell(["workspace"]);
      return ok(null);
    },
    testDatabase: (url) =>
      ok(
        url.includes("wrong")
          ? {
              ok: false,
              version: null,
              error: { code: "database.refused", values: { host: "db.example.com" } },
            }
          : { ok: true, version: "18.4", error: null },
      ),
    useDatabase: () => ok(null),
    chooseFiles: () => ok(FAKE_FILES),
    chooseFolder: () => ok("C:\\Users\\agency\\Desktop\\리포트"),
    chooseSaveFile: (name) => ok(`C:\\Users\\agency\\Desktop\\${name}`),
    openPath: () => ok(null),
    revealPath: () => ok(null),
  };

  const commands = Object.fromEntries(
    Object.entries(real).map(([name, run]) => [
      name,
      (...args: unknown[]) => {
        calls.push({ command: name, args });
        const refusal = failing[name as keyof Commands];
        return refusal ? no(refusal.code, refusal.values) : (run as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Commands;

  const listenTo =
    <T>(listeners: Set<T>) =>
    (listen: T) => {
      listeners.add(listen);
      return Promise.resolve(() => void listeners.delete(listen));
    };

  return {
    commands,
    onJobChanged: listenTo(jobListeners),
    onDataChanged: listenTo(dataListeners),
    onFileDrag: listenTo(dragListeners),
    drag: (drag) => {
      for (const listen of dragListeners) listen(drag);
    },
    calls,
  };
}

/** The fake a browser's address asks for: `?scenario=many&lang=en&theme=dark`. Files dragged over the page count as files. */
export function fakeFromAddress(): Backend {
  const asked = new URLSearchParams(location.search);
  const fake = createFake({
    scenario: (asked.get("scenario") ?? "usual") as Scenario,
    settings: { lang: asked.get("lang") ?? "ko", theme: asked.get("theme") ?? "light" },
  });
  window.addEventListener("dragover", (event) => {
    event.preventDefault();
    fake.drag({ kind: "over" });
  });
  window.addEventListener(
    "dragleave",
    (event) => event.relatedTarget === null && fake.drag({ kind: "left" }),
  );
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    fake.drag({ kind: "dropped", paths: [...(event.dataTransfer?.files ?? [])].map(({ name }) => name) });
  });
  return fake;
}
