//! The command line's names and options: a contract. Global options are accepted before and after the command.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use moa_text::Lang;

use crate::usage::NOT_A_DAY;

#[derive(Debug, Parser)]
#[command(name = "moa", version, about = "Moa: every ad channel of every client, figures a client can trust, reports in one click")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Folder of the embedded database and its files.
    #[arg(long, global = true, env = "MOA_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// A Postgres 15 or later to use instead of the embedded one.
    #[arg(long, global = true, env = "MOA_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// Replaces the origins of platforms, for tests.
    #[arg(long, global = true, env = "MOA_ENDPOINTS", value_name = "FILE")]
    pub(crate) endpoints: Option<PathBuf>,
    /// One JSON document on standard output.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of sentences and reports: ko or en. Default: the workspace's.
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<LangArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    Ko,
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Ko => Self::Ko,
            LangArg::En => Self::En,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fill the workspace with the sample agency; again brings nothing new.
    Demo,
    /// Clients (광고주).
    #[command(subcommand)]
    Clients(ClientsCommand),
    /// Import report files of ad consoles, workbooks with a mapping, or plain CSV.
    Import(ImportArgs),
    /// Figures: counts and KPIs by any grouping.
    Kpi(KpiArgs),
    /// Campaigns and their attributes.
    #[command(subcommand)]
    Campaigns(CampaignsCommand),
    /// One report as PDF and workbook.
    Report(ReportArgs),
    /// What was restated.
    Revisions(RevisionsArgs),
    /// The agency's own apps at platforms.
    #[command(subcommand)]
    Apps(AppsCommand),
    /// Connect ad accounts: sign in with the browser, or enter keys.
    Connect(ConnectArgs),
    /// Ad accounts, how each fares, and to which client it belongs.
    #[command(subcommand)]
    Accounts(AccountsCommand),
    /// Read campaigns and figures from the platforms; by default the days they still restate.
    Sync(SyncArgs),
    /// Our totals beside the platforms' own.
    Reconcile(RevisionsArgs),
    /// Is everything well?
    Doctor(DoctorArgs),
    /// Write a backup of the whole workspace.
    Backup { file: PathBuf },
    /// Fill an empty workspace from a backup.
    Restore { file: PathBuf },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClientsCommand {
    List,
    Add {
        name: String,
        #[arg(long, default_value = "KRW")]
        currency: String,
        /// Percent.
        #[arg(long, default_value = "10")]
        vat_rate: String,
    },
    Edit {
        name: String,
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        #[arg(long)]
        currency: Option<String>,
        #[arg(long)]
        vat_rate: Option<String>,
    },
    /// Kinds of conversions its platforms tell, and which of them are counted.
    Conversions {
        name: String,
        #[arg(long, requires = "count")]
        platform: Option<String>,
        /// Kinds to count at the platform; `own` gives the choice back to it.
        #[arg(long, value_name = "KIND", num_args = 1.., value_delimiter = ',', requires = "platform")]
        count: Vec<String>,
    },
    /// Takes a client out of every screen and total; its figures stay stored.
    Remove {
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long)]
    pub(crate) client: String,
    #[arg(long)]
    pub(crate) platform: Option<String>,
    /// Name or id of the ad account.
    #[arg(long)]
    pub(crate) account: Option<String>,
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// Does cost include VAT?
    #[arg(long, value_enum)]
    pub(crate) vat: Option<VatArg>,
    /// A field and the column that holds it: header, letter or number. May be given several times.
    #[arg(long, value_name = "FIELD=COLUMN")]
    pub(crate) map: Vec<String>,
    #[arg(long)]
    pub(crate) sheet: Option<String>,
    /// For dates such as 09/10/2026.
    #[arg(long, value_name = "day_first|month_first")]
    pub(crate) date_order: Option<String>,
    /// Show what would happen, change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VatArg {
    Included,
    Excluded,
}

impl VatArg {
    /// As use cases take it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Included => "included",
            Self::Excluded => "excluded",
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct KpiArgs {
    #[arg(long, required_unless_present = "all", conflicts_with = "all")]
    pub(crate) client: Option<String>,
    /// The whole agency.
    #[arg(long)]
    pub(crate) all: bool,
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: NaiveDate,
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: NaiveDate,
    #[arg(long, value_enum, default_value = "total")]
    pub(crate) by: ByArg,
    #[arg(long, value_enum)]
    pub(crate) compare: Option<CompareArg>,
    #[arg(long, value_enum, default_value = "net")]
    pub(crate) basis: BasisArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum ByArg {
    Total,
    Day,
    Week,
    Month,
    Hour,
    Weekday,
    Platform,
    Channel,
    Account,
    Campaign,
    AdGroup,
    Keyword,
    Creative,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareArg {
    Previous,
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BasisArg {
    Net,
    Gross,
    /// With fees, which come with a later version.
    #[value(hide = true)]
    Billed,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CampaignsCommand {
    List {
        #[arg(long)]
        client: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeriodArg {
    Daily,
    Weekly,
    Monthly,
    Custom,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[arg(long)]
    pub(crate) client: String,
    #[arg(long, value_enum)]
    pub(crate) period: PeriodArg,
    /// Any day inside the period; default: the last finished period.
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with_all = ["from", "to"])]
    pub(crate) date: Option<NaiveDate>,
    #[arg(long, value_name = "DATE", value_parser = day, requires = "to")]
    pub(crate) from: Option<NaiveDate>,
    #[arg(long, value_name = "DATE", value_parser = day, requires = "from")]
    pub(crate) to: Option<NaiveDate>,
    /// Default with neither --pdf nor --xlsx: both, in the reports folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) pdf: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) xlsx: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "net")]
    pub(crate) basis: BasisArg,
    /// A comment printed on the report.
    #[arg(long)]
    pub(crate) comment: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RevisionsArgs {
    #[arg(long)]
    pub(crate) client: String,
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: NaiveDate,
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: NaiveDate,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AppsCommand {
    List,
    Set {
        #[arg(value_name = "PLATFORM")]
        to_platform: String,
        #[arg(long, value_name = "ID")]
        client_id: String,
        /// The app's secret comes by standard input.
        #[arg(long)]
        secret_stdin: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ConnectArgs {
    #[arg(value_name = "PLATFORM")]
    pub(crate) to_platform: String,
    #[arg(long)]
    pub(crate) client: String,
    /// An account to connect; may be given several times.
    #[arg(long = "account", value_name = "ID", num_args = 1.., value_delimiter = ',', conflicts_with = "all_accounts")]
    pub(crate) accounts: Vec<String>,
    /// Every account the login reaches.
    #[arg(long)]
    pub(crate) all_accounts: bool,
    /// Write the address to open to standard error and wait.
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// How long to wait for the sign-in.
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,
    /// Number of a Naver account; may be given several times.
    #[arg(long = "customer-id", value_name = "N", num_args = 1.., value_delimiter = ',', requires = "api_key")]
    pub(crate) customer_ids: Vec<String>,
    /// Naver's access licence.
    #[arg(long, value_name = "KEY", requires = "secret_stdin", requires = "customer_ids")]
    pub(crate) api_key: Option<String>,
    /// The secret of the keys comes by standard input.
    #[arg(long, requires = "api_key")]
    pub(crate) secret_stdin: bool,
    /// A token made at the platform (Meta's system user) comes by standard input.
    #[arg(long, conflicts_with_all = ["api_key", "no_browser"])]
    pub(crate) token_stdin: bool,
    /// Does cost include VAT? The platform's usual basis by default.
    #[arg(long, value_enum)]
    pub(crate) vat: Option<VatArg>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountsCommand {
    List,
    /// Give an account to another client, with its figures.
    Assign {
        #[arg(value_name = "ID")]
        account: String,
        #[arg(long)]
        client: String,
    },
    /// Bring accounts known by file together with their connected twins; without an id every pair that is plain.
    Claim {
        #[arg(value_name = "ID", requires = "into")]
        account: Option<String>,
        #[arg(long, value_name = "ID", requires = "account")]
        into: Option<String>,
    },
    /// Say whether an account's cost includes VAT.
    Vat {
        #[arg(value_name = "ID")]
        account: String,
        #[arg(value_enum, value_name = "BASIS")]
        vat: VatArg,
    },
    /// Take an account's login away; its figures stay.
    Disconnect {
        #[arg(value_name = "ID")]
        account: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    #[arg(long)]
    pub(crate) client: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    /// Everything the platforms have, newest first.
    #[arg(long, conflicts_with_all = ["deep", "from", "to"])]
    pub(crate) full: bool,
    /// The days platforms may restate late.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub(crate) deep: bool,
    #[arg(long, value_name = "DATE", value_parser = day, requires = "to")]
    pub(crate) from: Option<NaiveDate>,
    #[arg(long, value_name = "DATE", value_parser = day, requires = "from")]
    pub(crate) to: Option<NaiveDate>,
    /// By hour too; alone: today and the days just before.
    #[arg(long)]
    pub(crate) hourly: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Stop the embedded server and its keeper.
    #[arg(long)]
    pub(crate) stop_server: bool,
}

/// A day in the one form the contract has; the parser of dates alone also takes `2026-1-5`.
fn day(text: &str) -> Result<NaiveDate, &'static str> {
    let in_form = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if in_form { text.parse().map_err(|_| NOT_A_DAY) } else { Err(NOT_A_DAY) }
}
