//! Shapes of Kakao's answers: ids as numbers or text, figures in a map that may be empty or `null`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::wire::{Id, Number};

#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>", rename_all = "camelCase")]
pub(super) struct Page<T> {
    pub(super) content: Vec<T>,
    #[serde(default)]
    pub(super) last: Option<bool>,
    #[serde(default)]
    pub(super) total_pages: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AdAccount {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) config: String,
}

/// Of the list or of one campaign; only the latter is sure to hold type, goal and budget.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Campaign {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) config: String,
    #[serde(default)]
    pub(super) system_config: Option<String>,
    #[serde(default)]
    pub(super) campaign_type_goal: Option<TypeGoal>,
    #[serde(default)]
    pub(super) daily_budget_amount: Number,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TypeGoal {
    pub(super) campaign_type: String,
    pub(super) goal: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) data: Vec<Row>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    pub(super) start: String,
    #[serde(default)]
    pub(super) dimensions: Dimensions,
    /// Empty or `null` for a message that was not sent.
    #[serde(default)]
    pub(super) metrics: Option<BTreeMap<String, Number>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Dimensions {
    #[serde(alias = "campaignId")]
    pub(super) campaign_id: Id,
    pub(super) hour: Id,
}

#[derive(Debug, Deserialize)]
pub(super) struct TokenReply {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) scope: Option<String>,
}
