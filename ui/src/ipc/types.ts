import type { CommandName, Commands } from "./backend";

/**
 * The types of the border under one name each. They are taken from what the commands give and take, because the generator
 * splits a type that is both read and written into two names.
 */
export type Answer<C extends CommandName> = Unwrapped<Awaited<ReturnType<Commands[C]>>>;
export type Arguments<C extends CommandName> = Parameters<Commands[C]>;
type Unwrapped<R> = R extends { status: "ok"; data: infer D } ? D : R extends { status: "error" } ? never : R;

export type ErrorDto = Extract<Awaited<ReturnType<Commands["workspace"]>>, { status: "error" }>["error"];

export type Workspace = Answer<"workspace">;
export type Settings = Workspace["settings"];
export type DatabaseInfo = Workspace["database"];

export type PeriodChoice = Answer<"periodChoices">[number];
export type PeriodName = PeriodChoice["name"];
export type Comparison = Arguments<"clientsOverview">[2];
export type ShownBasis = Arguments<"clientsOverview">[3];

export type ClientDto = Answer<"clientList">[number];
export type ClientInput = Arguments<"addClient">[0];
export type ClientRow = Answer<"clientsOverview">["clients"][number];
export type CurrencyFigures = ClientRow["figures"][number];

export type DashboardQuestion = Arguments<"dashboard">[0];
export type Dashboard = Answer<"dashboard">;
export type CurrencySection = Dashboard["currencies"][number];
export type Compared = CurrencySection["total"];
export type Figures = Compared["figures"];
export type Change = NonNullable<Compared["change"]>;
export type ChannelRow = CurrencySection["channels"][number];
export type CampaignRow = CurrencySection["campaigns"][number];
export type CampaignRef = CampaignRow["campaign"];
export type FinerRow = CurrencySection["keywords"][number];
export type RevisionDto = Answer<"revisions">[number];

export type ImportFile = Arguments<"previewImport">[0][number];
export type ImportAnswers = ImportFile["answers"];
export type FieldColumn = ImportAnswers["mapping"][number];
export type FileOutcome = Answer<"previewImport">[number];
export type ImportedFile = NonNullable<FileOutcome["done"]>;
export type ImportQuestion = NonNullable<FileOutcome["question"]>;

export type JobDto = Answer<"jobs">[number];
export type JobKind = JobDto["kind"];
export type JobResult = NonNullable<JobDto["result"]>;

export type ReportDto = Answer<"reports">[number];
export type ReportPeriod = ReportDto["period"];

export type AccountDto = Answer<"accountList">[number];
export type AccountHealth = AccountDto["health"];
export type PlatformSetup = Answer<"platformSetups">[number];
export type SignedInDto = Answer<"signIn">;
export type ReachableAccount = SignedInDto["accounts"][number];
export type SyncAsk = Arguments<"startSync">[0];
export type SyncStoryRow = Answer<"syncStory">[number];
export type FigureSource = Answer<"figureSources">[number];
export type ConversionKind = Answer<"conversionKinds">[number];
export type SyncRunDto = Extract<JobResult, { kind: "sync" }>["runs"][number];
export type Reconciliation = Extract<JobResult, { kind: "reconcile" }>["reconciliation"];
