//! Metric rows: counts for a campaign, a channel, a money kind and a day or hour. Never ratios.

use std::ops::AddAssign;

use chrono::NaiveDate;

use crate::{ChannelCode, Millionths, MoneyKind};

/// The counts of one row. Cost and revenue are in the row's money kind; conversions may be fractional.
///
/// `conversions`, `revenue` hold the kinds the client counts (purchases); `conversions_all`, `revenue_all` every kind the platform
/// reports. Where a source knows only one of the two, both hold it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub impressions: i64,
    pub clicks: i64,
    pub cost: Millionths,
    pub conversions: Millionths,
    pub revenue: Millionths,
    pub conversions_all: Millionths,
    pub revenue_all: Millionths,
}

/// For sums that are known to fit. Panics beyond `BIGINT`, in every build.
impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        let sum = |one: i64, other: i64| one.checked_add(other).expect("a sum of counts that fits BIGINT");
        self.impressions = sum(self.impressions, other.impressions);
        self.clicks = sum(self.clicks, other.clicks);
        self.cost = self.cost + other.cost;
        self.conversions = self.conversions + other.conversions;
        self.revenue = self.revenue + other.revenue;
        self.conversions_all = self.conversions_all + other.conversions_all;
        self.revenue_all = self.revenue_all + other.revenue_all;
    }
}

/// Which figures a source states at all. A file of conversions only says nothing about cost: its zeros are no figures, and what another
/// source said of that cost stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measures {
    pub impressions: bool,
    pub clicks: bool,
    pub cost: bool,
    pub conversions: bool,
    pub revenue: bool,
    /// All kinds of conversions are told apart from those the client counts.
    pub conversions_all: bool,
    pub revenue_all: bool,
    pub engagement: bool,
    pub reach: bool,
}

impl Measures {
    /// A source that says everything, zeros included.
    pub const ALL: Self = Self {
        impressions: true,
        clicks: true,
        cost: true,
        conversions: true,
        revenue: true,
        conversions_all: true,
        revenue_all: true,
        engagement: true,
        reach: true,
    };
}

/// Social engagement of one row, as in the original document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Engagement {
    pub likes: i64,
    pub shares: i64,
    pub comments: i64,
    pub saves: i64,
}

/// A day of a campaign on a channel. `K` is how the campaign is named at this stage: by key in a file, by database id in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct DailyFact<K> {
    pub campaign: K,
    pub channel: ChannelCode,
    pub kind: MoneyKind,
    pub date: NaiveDate,
    pub counts: Counts,
    pub engagement: Engagement,
    /// People reached that day; never summed over days.
    pub reach: Option<i64>,
}

/// An hour of a campaign on a channel. Conversions of an hour may be unknown, which is not zero.
#[derive(Debug, Clone, PartialEq)]
pub struct HourlyFact<K> {
    pub campaign: K,
    pub channel: ChannelCode,
    pub kind: MoneyKind,
    pub date: NaiveDate,
    /// 0 to 23, in the ad account's zone.
    pub hour: u8,
    pub counts: Counts,
    pub conversions_known: bool,
}

/// What a finer row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    AdGroup,
    Keyword,
    Creative,
    SearchTerm,
    Device,
}

impl Dimension {
    pub const ALL: [Self; 5] = [Self::AdGroup, Self::Keyword, Self::Creative, Self::SearchTerm, Self::Device];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AdGroup => "ad_group",
            Self::Keyword => "keyword",
            Self::Creative => "creative",
            Self::SearchTerm => "search_term",
            Self::Device => "device",
        }
    }
}

/// A finer row: an ad group, keyword, creative, search term or device of a campaign on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakdownFact<K> {
    pub campaign: K,
    pub channel: ChannelCode,
    pub kind: MoneyKind,
    pub date: NaiveDate,
    pub dimension: Dimension,
    /// The ad group a keyword or creative stands in, where the source says so.
    pub parent: Option<String>,
    pub name: String,
    pub counts: Counts,
}
