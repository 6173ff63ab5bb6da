//! One shape for every platform: list accounts, list campaigns, read figures for a window, read the account's own totals.
//!
//! A connector is one login's view of one platform. It reads and never changes anything there. Campaigns are named by the platform's ids,
//! days and hours are the ad account's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use moa_domain::{
    CampaignStatus, ChannelCode, Currency, DailyFact, DateRange, HourlyFact, Measures, Millionths, MoneyKind, Objective, Platform,
};
use tokio_util::sync::CancellationToken;

use crate::error::ConnectorError;

/// An ad account as the platform lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteAccount {
    /// The platform's id in the form people see it, without dashes or prefixes.
    pub id: String,
    pub name: Option<String>,
    /// `None` where the platform does not say.
    pub currency: Option<Currency>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// The way access is held, to be sent with every call about this account: a manager's id at Google.
    pub via: Option<String>,
    pub state: AccountState,
}

/// Whether an account is worth asking every morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    Open,
    /// It spends no more, and what it spent can still be read.
    Stopped,
    /// Nothing can be read any more.
    Closed,
}

/// What a connector has to know of an account to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub id: String,
    pub via: Option<String>,
    pub time_zone: Tz,
    /// What the account's amounts are. VAT as the workspace knows it; a platform whose answers state their basis may differ per row.
    pub kind: MoneyKind,
}

/// A campaign as the platform describes it; `None` where it does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteCampaign {
    pub id: String,
    pub name: Option<String>,
    pub status: Option<CampaignStatus>,
    pub objective: Option<Objective>,
    /// In the account's currency.
    pub daily_budget: Option<Millionths>,
    pub total_budget: Option<Millionths>,
    /// The amount is a pot several campaigns share, so it is never summed.
    pub budget_shared: bool,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    /// The platform's own word for the kind of campaign (`WEB_SITE`, `PERFORMANCE_MAX`); empty where unknown.
    pub kind: String,
    /// Gone from the platform's lists; its spend stays.
    pub removed: bool,
}

/// What is asked of an account.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// Account days, both ends included. Never wider than [`Limits::window_days`].
    pub days: DateRange,
    /// Days to be read by hour too; inside `days`.
    pub hours: Option<DateRange>,
    /// The campaigns as listed now, and those known from before that the platform no longer lists (`removed`).
    pub campaigns: &'a [RemoteCampaign],
    pub now: DateTime<Utc>,
}

/// A conversion kind of a campaign day: kept beside the counted ones, so that another choice of kinds needs no new download.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversionFact {
    pub campaign: String,
    pub channel: ChannelCode,
    pub kind: MoneyKind,
    pub date: NaiveDate,
    /// `purchase`, `lead`, `sign_up`, `add_to_cart`, `app_install`, or the platform's own word.
    pub conversion_kind: String,
    pub conversions: Millionths,
    pub revenue: Millionths,
}

/// What an account answered. Complete, or the connector gives an error: a window is never half read.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub daily: Vec<DailyFact<String>>,
    pub hourly: Vec<HourlyFact<String>>,
    pub conversions: Vec<ConversionFact>,
    /// What the platform states; the rest of the rows says nothing.
    pub measures: Measures,
    /// Campaigns asked for and answered in full: an absent day of theirs is zero.
    pub answered: Vec<String>,
    /// The part of [`Ask::hours`] that was answered, for the same campaigns.
    pub hours: Option<DateRange>,
    /// Campaigns that have figures and were in no list.
    pub strangers: Vec<RemoteCampaign>,
    /// The attribution window behind `conversions`, in the platform's words.
    pub attribution: Option<String>,
    /// What a person should know, as codes of the locale files (`withheld_conversions`).
    pub notes: Vec<Note>,
}

/// Something a person should know about figures that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub code: &'static str,
    /// Campaign ids it is about; empty for the whole account.
    pub campaigns: Vec<String>,
}

/// The platform's own total of an account day, to reconcile with. Amounts are in `kind`.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountTotal {
    pub date: NaiveDate,
    pub kind: MoneyKind,
    pub impressions: i64,
    pub clicks: i64,
    pub cost: Millionths,
}

/// Prepaid money left (비즈머니, 캐시), in the account's currency, VAT as the platform shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub amount: Millionths,
    pub currency: Currency,
}

/// What a platform allows and how long its figures move. Sources: the platform's own folder.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Days re-read every morning, today not counted.
    pub morning_days: i64,
    pub weekly_days: i64,
    /// How far back figures go at all.
    pub history: Duration,
    /// How far back hours go.
    pub hourly_history: Duration,
    /// The longest window of one [`Connector::figures`] call.
    pub window_days: i64,
    /// From when yesterday is worth reading, in the account's zone.
    pub ready_at: NaiveTime,
    /// Whether days not finished can be read.
    pub reads_today: bool,
}

/// What one call may use: it can be cancelled, and its requests are counted.
#[derive(Debug, Clone, Default)]
pub struct Call {
    pub cancel: CancellationToken,
    requests: Arc<AtomicU32>,
}

impl Call {
    #[must_use]
    pub fn new(cancel: CancellationToken) -> Self {
        Self { cancel, requests: Arc::default() }
    }

    /// Requests sent so far, retries included.
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }
}

/// One login at one platform.
#[async_trait]
pub trait Connector: Send + Sync {
    fn platform(&self) -> Platform;

    fn limits(&self) -> Limits;

    /// Every ad account the login reaches, each once; managers are not accounts.
    async fn accounts(&self, call: &Call) -> Result<Vec<RemoteAccount>, ConnectorError>;

    /// Every campaign of an account the platform lists, removed ones included where it lists them.
    async fn campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError>;

    /// Campaigns that are in no list any more and may have figures, where the platform still names them some other way. Asked by syncs that go
    /// far back; their kind must be known. May name listed campaigns too.
    async fn removed_campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        let _ = (account, call);
        Ok(Vec::new())
    }

    /// Figures of a window, whole or an error.
    async fn figures(&self, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError>;

    /// The platform's own totals of an account's days; a day without activity may be absent.
    async fn totals(&self, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError>;

    /// Prepaid money left, where the platform has such a thing.
    async fn balance(&self, account: &Account, call: &Call) -> Result<Option<Balance>, ConnectorError> {
        let _ = (account, call);
        Ok(None)
    }
}
