//! The canonical fields: what a column of a report can mean to Moa.

use std::fmt;
use std::str::FromStr;

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident => $name:literal,)+) => {
        /// What a column means. The names are those of `--map FIELD=COLUMN` and of the plain CSV.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field {
            $($(#[$doc])* $field,)+
        }

        impl Field {
            pub const ALL: &[Self] = &[$(Self::$field),+];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$field => $name,)+
                }
            }
        }
    };
}

fields! {
    Date => "date",
    Hour => "hour",
    CampaignName => "campaign",
    CampaignId => "campaign_id",
    AccountName => "account",
    AccountId => "account_id",
    /// The medium a row ran on (매체): tells the platform, and for Meta the channel.
    Medium => "medium",
    Channel => "channel",
    Currency => "currency",
    Vat => "vat",
    AdGroup => "ad_group",
    Keyword => "keyword",
    Creative => "creative",
    SearchTerm => "search_term",
    Device => "device",
    /// A further dimension over which rows are added up.
    Breakdown => "breakdown",
    Impressions => "impressions",
    Clicks => "clicks",
    Cost => "cost",
    Conversions => "conversions",
    Revenue => "revenue",
    ConversionsAll => "conversions_all",
    RevenueAll => "revenue_all",
    Likes => "likes",
    Shares => "shares",
    Comments => "comments",
    Saves => "saves",
    Reach => "reach",
    /// Google's interactions (상호작용): not clicks for video campaigns.
    Interactions => "interactions",
    /// Opened messages (열람수), which stand for impressions in message files.
    Opens => "opens",
    /// Purchases and their value with shared items (공유 항목): used only where the plain ones are absent or zero.
    SharedConversions => "shared_conversions",
    SharedRevenue => "shared_revenue",
    /// Meta's results and what they are: conversions only for purchases and leads.
    Results => "results",
    ResultKind => "result_kind",
    /// Naver's conversion type (전환 유형): one row per type.
    ConversionKind => "conversion_kind",
    Status => "status",
    Objective => "objective",
    CampaignType => "campaign_type",
    DailyBudget => "daily_budget",
    TotalBudget => "total_budget",
    Budget => "budget",
    BudgetKind => "budget_kind",
    AdSetBudget => "ad_set_budget",
    AdSetBudgetKind => "ad_set_budget_kind",
    Start => "start",
    End => "end",
    /// Start and end of what a row covers: a day when they are equal.
    PeriodStart => "period_start",
    PeriodEnd => "period_end",
    Period => "period",
    /// A week or a month per row.
    Week => "week",
    Month => "month",
    /// Naver brand-search contracts.
    ContractName => "contract",
    ContractState => "contract_state",
    ContractPeriod => "contract_period",
    ContractCost => "contract_cost",
    ContractRefund => "contract_refund",
    /// Rates and averages: computed again from counts, never stored.
    Ratio => "ratio",
    /// Known, and nothing Moa keeps.
    Other => "other",
}

impl Field {
    /// Says what or when a row is about.
    #[must_use]
    pub const fn is_dimension(self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::CampaignName
                | Self::CampaignId
                | Self::Period
                | Self::PeriodStart
                | Self::PeriodEnd
                | Self::Week
                | Self::Month
                | Self::AdGroup
                | Self::ContractName
                | Self::ContractPeriod
        )
    }

    /// A figure that is stored and summed.
    #[must_use]
    pub const fn is_metric(self) -> bool {
        matches!(
            self,
            Self::Impressions
                | Self::Clicks
                | Self::Cost
                | Self::Conversions
                | Self::Revenue
                | Self::ConversionsAll
                | Self::RevenueAll
                | Self::SharedConversions
                | Self::SharedRevenue
                | Self::Interactions
                | Self::Opens
                | Self::ContractCost
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a field (date, campaign, impressions, clicks, cost, conversions, revenue, …)")]
pub struct NotAField(pub String);

impl FromStr for Field {
    type Err = NotAField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.trim().to_ascii_lowercase().replace('-', "_");
        match wanted.as_str() {
            "campaign_name" => return Ok(Self::CampaignName),
            "account_name" => return Ok(Self::AccountName),
            "platform" => return Ok(Self::Medium),
            _ => {}
        }
        Self::ALL.iter().copied().find(|f| f.as_str() == wanted).ok_or_else(|| NotAField(text.to_owned()))
    }
}
