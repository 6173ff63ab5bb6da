//! Shapes of Kakao's answers: ids as numbers or text, figures in a map that may be empty or `null`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::wire::{Id, Number, told};

#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>", rename_all = "camelCase")]
pub(super) struct Page<T> {
    pub(super) content: Vec<T>,
    #[serde(default)]
    pub(super) last: Option<bool>,
    #[serde(default)]
    pub(super) total_elements: Option<usize>,
    #[serde(default)]
    pub(super) total_pages: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AdAccount {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) config: Option<String>,
}

/// Of the list or of one campaign; only the latter is sure to hold type, goal and budget.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Campaign {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) config: Option<String>,
    #[serde(default)]
    pub(super) system_config: Option<String>,
    #[serde(default)]
    pub(super) campaign_type_goal: Option<TypeGoal>,
    /// `null` is no budget; not there says nothing.
    #[serde(default, deserialize_with = "told")]
    pub(super) daily_budget_amount: Option<Number>,
}

impl Campaign {
    /// Everything a detail tells stands here already.
    pub(super) fn is_whole(&self) -> bool {
        self.daily_budget_amount.is_some()
            && self.campaign_type_goal.as_ref().is_some_and(|goal| goal.campaign_type.is_some() && goal.goal.is_some())
    }
}

/// Dates and total budgets stand on ad groups. How the dates are named is not published for certain.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AdGroup {
    pub(super) id: Id,
    pub(super) is_valid_period: Option<bool>,
    pub(super) total_budget: Number,
    pub(super) schedule: Option<Schedule>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Schedule {
    #[serde(alias = "startDate")]
    pub(super) begin_date: Option<String>,
    pub(super) end_date: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TypeGoal {
    pub(super) campaign_type: Option<String>,
    pub(super) goal: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) data: Vec<Row>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    pub(super) start: String,
    #[serde(default)]
    pub(super) dimensions: Option<Dimensions>,
    /// Empty or `null` for a message that was not sent. Only what is used has to be a number.
    #[serde(default)]
    pub(super) metrics: Option<Metrics>,
}

pub(super) type Metrics = BTreeMap<String, serde_json::Value>;

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
