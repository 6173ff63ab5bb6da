//! Shapes of Meta's answers: numbers are text, usually; what has no activity is absent.

use serde::Deserialize;

use super::parse::bad_answer;
use crate::error::ConnectorError;
use crate::wire::{Id, Number, told};

#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) paging: Option<Paging>,
}

/// `next` holds the token in clear: nothing but its cursor is taken out of it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Paging {
    cursors: Option<Cursors>,
    next: Option<String>,
}

impl Paging {
    /// Where to go on; `None` on the last page, which has cursors too.
    ///
    /// # Errors
    /// There is more, and no way to it: going on would lose rows.
    pub(super) fn onward(self) -> Result<Option<String>, ConnectorError> {
        let Some(next) = self.next else { return Ok(None) };
        let of_next = || {
            let url = url::Url::parse(&next).ok()?;
            url.query_pairs().find(|(name, _)| name == "after").map(|(_, cursor)| cursor.into_owned())
        };
        let cursor = self.cursors.and_then(|cursors| cursors.after).or_else(of_next);
        cursor.filter(|cursor| !cursor.is_empty()).map(Some).ok_or_else(|| bad_answer("a page that leads nowhere"))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cursors {
    after: Option<String>,
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
    #[serde(default)]
    pub(super) id: Id,
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
    /// Absent where nothing happened, and where Meta withholds it.
    #[serde(default)]
    pub(super) actions: Option<Vec<Action>>,
    #[serde(default)]
    pub(super) action_values: Option<Vec<Action>>,
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
    #[serde(default, rename = "7d_click", deserialize_with = "told")]
    pub(super) click_7d: Option<Number>,
    #[serde(default, rename = "1d_view", deserialize_with = "told")]
    pub(super) view_1d: Option<Number>,
}

impl Action {
    /// Named without any value: Meta withholds it.
    pub(super) fn is_bare(&self) -> bool {
        self.value.is_none() && self.click_7d.is_none() && self.view_1d.is_none()
    }
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
    /// Of a run that failed.
    #[serde(default)]
    pub(super) error_code: Number,
    #[serde(default)]
    pub(super) error_subcode: Number,
    #[serde(default)]
    pub(super) error_user_msg: Option<String>,
    #[serde(default)]
    pub(super) error_message: Option<String>,
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

#[derive(Debug, Default, Deserialize)]
pub(super) struct DebugData {
    #[serde(default)]
    pub(super) expires_at: Number,
    pub(super) is_valid: Option<bool>,
    /// The app's name.
    pub(super) application: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Permission {
    pub(super) permission: String,
    pub(super) status: String,
}
