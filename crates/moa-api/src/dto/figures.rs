//! Summed counts and the KPIs made from them.

use serde::Serialize;
use specta::Type;

use super::DecimalText;

/// Counts and KPIs of one group in one currency. Money is in the basis the answer names.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Figures {
    pub impressions: DecimalText,
    pub clicks: DecimalText,
    pub cost: DecimalText,
    /// `None` where the source does not know conversions at this grain (some hourly rows).
    pub conversions: Option<DecimalText>,
    pub revenue: Option<DecimalText>,
    /// Percent.
    pub ctr: Option<DecimalText>,
    pub cpc: Option<DecimalText>,
    pub cpm: Option<DecimalText>,
    /// Percent.
    pub conversion_rate: Option<DecimalText>,
    pub cpa: Option<DecimalText>,
    /// Plain ratio: 3.5 is shown as 350 %.
    pub roas: Option<DecimalText>,
    /// Percent.
    pub roi: Option<DecimalText>,
}

/// Change of each figure against another period, in percent; `None` where the other period's figure is zero or undefined.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Change {
    pub impressions: Option<DecimalText>,
    pub clicks: Option<DecimalText>,
    pub cost: Option<DecimalText>,
    pub conversions: Option<DecimalText>,
    pub revenue: Option<DecimalText>,
    pub ctr: Option<DecimalText>,
    pub cpc: Option<DecimalText>,
    pub cpm: Option<DecimalText>,
    pub conversion_rate: Option<DecimalText>,
    pub cpa: Option<DecimalText>,
    pub roas: Option<DecimalText>,
    pub roi: Option<DecimalText>,
}

/// Figures with those of the compared period, where one was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Compared {
    pub figures: Figures,
    pub previous: Option<Figures>,
    pub change: Option<Change>,
}

/// As of when one platform's figures stand.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct PlatformAsOf {
    /// Platform code, for example `naver_ads`.
    pub platform: String,
    /// When the figures were last read, ISO 8601.
    pub read_at: String,
    /// The last day that has figures.
    pub last_day: Option<String>,
}
