//! Shapes of Meta's answers: numbers are text, usually; what has no activity is absent.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::wire::{Id, Number, told};

#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) paging: Option<Paging>,
}

/// `next` holds the token in clear: only whether it is there is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Paging {
    pub(super) cursors: Option<Cursors>,
    pub(super) next: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cursors {
    pub(super) after: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AdAccount {
    pub(super) account_id: Id,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) account_status: Number,
    #[serde(default)]
    pub(super) currency: Option<String>,
    #[serde(default)]
    pub(super) timezone_name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Campaign {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) effective_status: String,
    #[serde(default)]
    pub(super) objective: String,
    #[serde(default)]
    pub(super) daily_budget: Number,
    #[serde(default)]
    pub(super) lifetime_budget: Number,
    #[serde(default)]
    pub(super) start_time: Option<String>,
    #[serde(default)]
    pub(super) stop_time: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AdSet {
    pub(super) campaign_id: Id,
    #[serde(default)]
    pub(super) effective_status: String,
    #[serde(default)]
    pub(super) daily_budget: Number,
    #[serde(default)]
    pub(super) lifetime_budget: Number,
}

#[derive(Debug, Deserialize)]
pub(super) struct Insight {
    /// Absent in totals of the account.
    #[serde(default)]
    pub(super) campaign_id: Id,
    #[serde(default)]
    pub(super) campaign_name: Option<String>,
    pub(super) date_start: String,
    #[serde(default, deserialize_with = "told")]
    pub(super) impressions: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) clicks: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) inline_link_clicks: Option<Number>,
    #[serde(default, deserialize_with = "told")]
    pub(super) spend: Option<Number>,
    #[serde(default)]
    pub(super) actions: Vec<Action>,
    #[serde(default)]
    pub(super) action_values: Vec<Action>,
    #[serde(default)]
    pub(super) attribution_setting: Option<String>,
    #[serde(default)]
    pub(super) publisher_platform: Option<String>,
    #[serde(default, rename = "hourly_stats_aggregated_by_advertiser_time_zone")]
    pub(super) hour: Option<String>,
}

/// A count or an amount of one kind: by the default window, and by each that was asked.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Action {
    pub(super) action_type: String,
    #[serde(default, deserialize_with = "told")]
    pub(super) value: Option<Number>,
    #[serde(flatten)]
    pub(super) windows: BTreeMap<String, Number>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Run {
    pub(super) report_run_id: Id,
}

#[derive(Debug, Deserialize)]
pub(super) struct RunState {
    #[serde(default)]
    pub(super) async_status: String,
    #[serde(default)]
    pub(super) async_percent_completion: Number,
}

#[derive(Debug, Deserialize)]
pub(super) struct TokenReply {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) expires_in: Number,
}

#[derive(Debug, Deserialize)]
pub(super) struct DebugToken {
    pub(super) data: DebugData,
}

#[derive(Debug, Deserialize)]
pub(super) struct DebugData {
    #[serde(default)]
    pub(super) expires_at: Number,
}

#[derive(Debug, Deserialize)]
pub(super) struct Permission {
    pub(super) permission: String,
    pub(super) status: String,
}
