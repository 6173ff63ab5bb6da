//! Shapes of Google's answers: whole numbers as text, fields that are unset are absent.

use serde::Deserialize;

use crate::wire::{Flag, Id, Number, told};

/// One batch of a stream, or a failure in its place.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: Deserialize<'de>")]
pub(super) struct Batch<T> {
    #[serde(default = "Vec::new")]
    pub(super) results: Vec<T>,
    #[serde(default)]
    pub(super) error: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Accessible {
    #[serde(default)]
    pub(super) resource_names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientRow {
    pub(super) customer_client: CustomerClient,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerClient {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) descriptive_name: Option<String>,
    #[serde(default)]
    pub(super) currency_code: Option<String>,
    #[serde(default)]
    pub(super) time_zone: Option<String>,
    #[serde(default)]
    pub(super) manager: Flag,
    #[serde(default)]
    pub(super) level: Number,
    #[serde(default)]
    pub(super) status: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CampaignRow {
    pub(super) campaign: Campaign,
    /// A removed campaign may have none.
    #[serde(default)]
    pub(super) campaign_budget: Option<CampaignBudget>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Campaign {
    pub(super) id: Id,
    pub(super) name: Option<String>,
    pub(super) status: String,
    pub(super) primary_status: String,
    pub(super) serving_status: String,
    pub(super) advertising_channel_type: String,
    pub(super) advertising_channel_sub_type: String,
    pub(super) bidding_strategy_type: String,
    pub(super) start_date_time: Option<String>,
    pub(super) end_date_time: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CampaignBudget {
    pub(super) amount_micros: Number,
    pub(super) total_amount_micros: Number,
    pub(super) period: String,
    pub(super) explicitly_shared: Flag,
}

#[derive(Debug, Deserialize)]
pub(super) struct FigureRow {
    /// Absent in rows of the account as a whole.
    #[serde(default)]
    pub(super) campaign: Option<CampaignName>,
    #[serde(default)]
    pub(super) metrics: Metrics,
    pub(super) segments: Segments,
}

#[derive(Debug, Deserialize)]
pub(super) struct CampaignName {
    pub(super) id: Id,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Segments {
    pub(super) date: String,
    #[serde(default)]
    pub(super) hour: Option<u8>,
    #[serde(default)]
    pub(super) ad_network_type: String,
}

/// `None` where the field is absent, which is zero; an empty number where it says `null`, which is not.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metrics {
    #[serde(default, deserialize_with = "told")]
    pub(super) impressions: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) clicks: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) cost_micros: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) conversions: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) conversions_value: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) all_conversions: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) all_conversions_value: Option<Number>,
}

#[derive(Debug, Deserialize)]
pub(super) struct TokenReply {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
    #[serde(default)]
    pub(super) expires_in: Number,
    #[serde(default)]
    pub(super) scope: Option<String>,
    #[serde(default)]
    pub(super) refresh_token_expires_in: Number,
}
