//! A client's dashboard: one question, one answer, everything the screen draws.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::client::ClientDto;
use super::figures::{Compared, Figures, PlatformAsOf};
use super::period::{Comparison, ShownBasis};

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
pub struct DashboardQuestion {
    pub client_id: i32,
    pub from: String,
    pub to: String,
    pub comparison: Comparison,
    pub basis: ShownBasis,
    /// Platform codes; empty means all.
    pub platforms: Vec<String>,
    /// One campaign (our id) for the drill-down; `None` means the whole client.
    pub campaign_id: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Dashboard {
    pub client: ClientDto,
    pub from: String,
    pub to: String,
    pub compared_from: Option<String>,
    pub compared_to: Option<String>,
    pub basis: ShownBasis,
    pub as_of: Vec<PlatformAsOf>,
    /// The drilled-down campaign, where one was asked for.
    pub campaign: Option<CampaignRef>,
    /// One section per currency, the client's own first. Empty when the period has no figures.
    pub currencies: Vec<CurrencySection>,
    /// First and last day that have figures, over all time: for "no figures in this period, the last are of …".
    pub first_day: Option<String>,
    pub last_day: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CurrencySection {
    pub currency: String,
    /// VAT kinds that were converted to show this basis: `included 10`, `excluded 10`.
    pub stored_kinds: Vec<StoredKind>,
    pub total: Compared,
    pub days: Vec<DayPoint>,
    pub channels: Vec<ChannelRow>,
    pub platforms: Vec<PlatformRow>,
    pub campaigns: Vec<CampaignRow>,
    pub ad_groups: Vec<FinerRow>,
    pub keywords: Vec<FinerRow>,
    pub creatives: Vec<FinerRow>,
    /// Weekday × hour; empty where no hourly figures exist.
    pub hours: Vec<HourCell>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct StoredKind {
    /// `included` or `excluded`.
    pub vat: String,
    pub vat_rate: String,
}

/// One day of the trend. A day without any row has `figures: None`: unknown is not zero.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct DayPoint {
    pub date: String,
    pub figures: Option<Figures>,
    /// The day of the compared period at the same position.
    pub previous_date: Option<String>,
    pub previous: Option<Figures>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ChannelRow {
    /// Channel code; its name is in the locale files, a channel a file named itself is shown as is.
    pub channel: String,
    pub display_name: String,
    pub platform: String,
    pub compared: Compared,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct PlatformRow {
    pub platform: String,
    pub compared: Compared,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CampaignRef {
    /// Our id.
    pub id: i32,
    /// The platform's id.
    pub campaign_id: String,
    pub campaign_name: String,
    pub platform: String,
    pub account_name: String,
    pub status: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CampaignRow {
    pub campaign: CampaignRef,
    pub compared: Compared,
}

/// An ad group, keyword or creative. `name: None` is what the platform did not break down.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct FinerRow {
    pub name: Option<String>,
    /// The ad group a keyword or creative stands in.
    pub parent: Option<String>,
    pub campaign_name: Option<String>,
    pub platform: Option<String>,
    pub figures: Figures,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct HourCell {
    /// 1 = Monday.
    pub weekday: u8,
    pub hour: u8,
    pub figures: Figures,
}

/// One restated value.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct RevisionDto {
    pub date: String,
    pub campaign_id: String,
    pub campaign_name: String,
    pub channel: String,
    /// `impressions`, `clicks`, `cost` …
    pub column: String,
    pub old: String,
    pub new: String,
    pub seen_at: String,
    pub source: String,
}
