//! Connected ad accounts: how platforms are reached, how each account fares, what a sync did.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::DecimalText;
use crate::error::ErrorDto;

/// A platform that can be connected, with what has to be set up there.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct PlatformSetup {
    pub platform: String,
    pub sign_in: SignInWay,
    /// The agency's own app, where one is needed and kept.
    pub app: Option<AppDto>,
    /// The address to register at the platform for the app; empty for keys.
    pub redirect_uris: Vec<String>,
    /// A token made at the platform can be entered instead (Meta's system user).
    pub takes_token: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SignInWay {
    /// With the agency's own app, in the system's browser.
    Browser,
    /// With a licence key, a secret and the numbers of the accounts.
    Keys,
}

/// The agency's own app at a platform. Its secret never leaves the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AppDto {
    pub platform: String,
    pub client_id: String,
    pub has_secret: bool,
}

/// A login that was just made, with the accounts it reaches. It is kept once accounts are chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SignedInDto {
    /// Names the login until accounts are chosen; this program only.
    pub id: String,
    pub platform: String,
    /// Whose login it is, where the platform says so.
    pub label: Option<String>,
    pub accounts: Vec<ReachableAccount>,
    /// Accounts of earlier logins that this one has repaired.
    pub repaired: u32,
}

/// An ad account a login reaches.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ReachableAccount {
    pub account_id: String,
    pub account_name: Option<String>,
    pub currency: Option<String>,
    pub time_zone: Option<String>,
    /// Closed or disabled at the platform: its history can still be read.
    pub closed: bool,
    /// The client it belongs to in Moa already.
    pub client: Option<String>,
    pub connected: bool,
}

/// Which account goes to which client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
pub struct AccountChoice {
    pub account_id: String,
    pub client_id: i32,
}

/// How an account fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AccountHealth {
    Fresh,
    /// Yesterday is not in yet though the platform has it.
    Late,
    NeedsLogin,
    Failing,
    /// The last sync brought some of what it asked for.
    Partial,
    /// Known by files only.
    FileOnly,
}

impl AccountHealth {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Late => "late",
            Self::NeedsLogin => "needs_login",
            Self::Failing => "failing",
            Self::Partial => "partial",
            Self::FileOnly => "file_only",
        }
    }
}

/// An ad account in the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct AccountDto {
    pub id: i32,
    pub platform: String,
    /// The platform's id; the name a file gave for accounts known by file only.
    pub account_id: String,
    pub account_name: Option<String>,
    pub client: String,
    pub client_id: i32,
    pub currency: Option<String>,
    pub time_zone: Option<String>,
    /// `included` or `excluded`.
    pub vat: Option<String>,
    /// Nobody has confirmed whether cost includes VAT.
    pub vat_is_assumed: bool,
    pub connected: bool,
    pub health: AccountHealth,
    /// What keeps it from being fresh.
    pub trouble: Option<ErrorDto>,
    /// End of the last sync that brought everything it asked for.
    pub last_sync: Option<String>,
    /// Newest day that sync read.
    pub last_day: Option<String>,
    /// When somebody has to sign in again at the latest.
    pub expires_at: Option<String>,
    /// Prepaid money left, in the account's currency.
    pub balance: Option<DecimalText>,
    pub balance_at: Option<String>,
}

/// What connecting accounts did.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ConnectedDto {
    pub accounts: Vec<AccountDto>,
    /// Accounts that could not be connected, with why.
    pub refused: Vec<AccountProblem>,
}

/// What shall be synced: of a client, of one account, or everything.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
pub struct SyncAsk {
    pub client: Option<String>,
    /// The platforms' ids of accounts, or the workspace's; none for every account.
    pub accounts: Vec<String>,
    pub what: SyncWhat,
    /// For [`SyncWhat::Range`].
    pub from: Option<String>,
    pub to: Option<String>,
    /// Hours of every day the platform keeps them for.
    pub by_hour: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SyncWhat {
    /// The days platforms still restate.
    #[default]
    Morning,
    /// The days they may restate late.
    Deep,
    /// Everything they have, newest first.
    Full,
    /// Today and the days just before, by hour.
    Hourly,
    Range,
}

/// One account's run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct SyncRunDto {
    pub account_id: String,
    pub account_name: Option<String>,
    pub client: String,
    pub platform: String,
    pub sync_type: String,
    /// `success`, `failed`, `partial`
    pub status: String,
    /// The days that are in.
    pub from: Option<String>,
    pub to: Option<String>,
    pub records_synced: u32,
    pub restated: u32,
    pub requests: u32,
    pub started_at: String,
    pub completed_at: String,
    pub error: Option<ErrorDto>,
}

/// A line of an account's sync story.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SyncStoryRow {
    pub sync_type: String,
    pub status: String,
    pub source: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub records_synced: i32,
    pub restated: i32,
    pub requests: i32,
    pub started_at: String,
    pub completed_at: Option<String>,
    pub error: Option<ErrorDto>,
    /// Codes of what a person should know of figures that came.
    pub notes: Vec<String>,
}

/// An account's day: our total beside the platform's, in the account's own basis and currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ReconciledDayDto {
    pub date: String,
    pub account_id: String,
    pub platform: String,
    pub currency: String,
    pub ours: DecimalText,
    pub theirs: DecimalText,
    /// Ours less theirs.
    pub difference: DecimalText,
    /// `equal`, `rounding`, `vat_basis`, `restated`, `removed`, `not_final`, `unexplained`
    pub reason: String,
}

/// An account that could not be compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct AccountProblem {
    pub account_id: String,
    pub platform: String,
    pub error: ErrorDto,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Reconciliation {
    pub days: Vec<ReconciledDayDto>,
    pub problems: Vec<AccountProblem>,
}

/// Two accounts that seem to be one: imported by file and connected.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ClaimDto {
    /// The account known by file.
    pub from_id: i32,
    pub from_name: String,
    /// The connected one.
    pub into_id: i32,
    pub into_name: String,
    pub client: String,
    pub platform: String,
    /// Campaigns of one name in both.
    pub shared_campaigns: u32,
}

/// What claiming brought together.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ClaimedDto {
    pub into: AccountDto,
    pub merged: u32,
    pub moved: u32,
}

/// Where figures come from: for one client's accounts, with what has to be known to trust or doubt them.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct FigureSource {
    pub platform: String,
    pub account_id: String,
    pub account_name: Option<String>,
    /// `naver_ads` for the platform itself, `file` for report files.
    pub source: String,
    pub read_at: Option<String>,
    pub last_day: Option<String>,
    /// `included` or `excluded`.
    pub vat: Option<String>,
    pub vat_is_assumed: bool,
    /// The attribution window behind conversions, in the platform's words.
    pub attribution: Option<String>,
    /// Kinds counted as conversions where the client chose; empty: the platform's own choice.
    pub conversion_kinds: Vec<String>,
    /// Figures of the period that were restated.
    pub restated: u32,
    /// Days whose total differs from the platform's without a known reason.
    pub unexplained_days: Vec<String>,
}

/// A kind of conversion a client's platforms have told.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ConversionKindDto {
    pub platform: String,
    /// `purchase`, `lead`, `sign_up` …, or the platform's own word.
    pub kind: String,
    /// How often it is stored.
    pub conversions: DecimalText,
    /// Whether somebody chose it for the client. Without any choice at a platform its own stands.
    pub chosen: bool,
}
