//! `moa kpi`: figures by any grouping, in the contract's form.

use moa_domain::calendar::DateRange;
use moa_domain::{Basis, Dimension, Platform};
use moa_store::{GroupBy, Scope, Store};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::clients::{client_by_name, platform_as_of};
use super::figures::{Ask, Group, changes, figures};
use super::period::compared_range;
use crate::Moa;
use crate::dto::figures::{Change, Figures};
use crate::dto::period::Comparison;
use crate::error::ApiError;

/// The groupings of `--by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KpiBy {
    Total,
    Day,
    Week,
    Month,
    Hour,
    Weekday,
    Platform,
    Channel,
    Account,
    Campaign,
    AdGroup,
    Keyword,
    Creative,
}

impl KpiBy {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Hour => "hour",
            Self::Weekday => "weekday",
            Self::Platform => "platform",
            Self::Channel => "channel",
            Self::Account => "account",
            Self::Campaign => "campaign",
            Self::AdGroup => "ad_group",
            Self::Keyword => "keyword",
            Self::Creative => "creative",
        }
    }

    const fn is_of_dates(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month)
    }

    /// The line of what the source did not break down.
    fn is_rest(self, group: &Group) -> bool {
        match self {
            Self::Hour => group.key.hour.is_none(),
            Self::AdGroup | Self::Keyword | Self::Creative => group.key.name.is_none(),
            _ => false,
        }
    }

    const fn group_by(self) -> GroupBy {
        match self {
            Self::Total => GroupBy::Total,
            Self::Day => GroupBy::Day,
            Self::Week => GroupBy::Week,
            Self::Month => GroupBy::Month,
            Self::Hour => GroupBy::Hour,
            Self::Weekday => GroupBy::Weekday,
            Self::Platform => GroupBy::Platform,
            Self::Channel => GroupBy::Channel,
            Self::Account => GroupBy::Account,
            Self::Campaign => GroupBy::Campaign,
            Self::AdGroup => GroupBy::Named(Dimension::AdGroup),
            Self::Keyword => GroupBy::Named(Dimension::Keyword),
            Self::Creative => GroupBy::Named(Dimension::Creative),
        }
    }
}

#[derive(Debug, Clone)]
pub struct KpiQuestion {
    /// `None` asks for the whole agency.
    pub client: Option<String>,
    pub range: DateRange,
    pub by: KpiBy,
    pub comparison: Comparison,
    pub basis: Basis,
    pub platforms: Vec<Platform>,
}

/// The answer of `moa kpi --json`.
#[derive(Debug, Clone, Serialize)]
pub struct KpiAnswer {
    pub client: Option<String>,
    pub from: String,
    pub to: String,
    pub by: &'static str,
    pub basis: &'static str,
    /// Platform code → when its figures were last read.
    pub as_of: Map<String, Value>,
    pub rows: Vec<KpiRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct KpiRow {
    /// Only the group's keys: `date`, or `campaign_id` and `campaign_name` …
    #[serde(flatten)]
    pub keys: Map<String, Value>,
    pub currency: String,
    #[serde(flatten)]
    pub figures: Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Figures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

impl Moa {
    /// # Errors
    /// An unknown client (usage), or the database's.
    pub async fn kpi(&self, question: &KpiQuestion) -> Result<KpiAnswer, ApiError> {
        let question = question.clone();
        self.retried(move |store| {
            let question = question.clone();
            async move { answer(&store, &question).await }
        })
        .await
    }
}

async fn answer(store: &Store, question: &KpiQuestion) -> Result<KpiAnswer, ApiError> {
    let client = match &question.client {
        Some(name) => Some(client_by_name(store, name).await?),
        None => None,
    };
    let ask = Ask {
        scope: client.as_ref().map_or(Scope::Agency, |client| Scope::Client(client.id)),
        range: question.range,
        compared: compared_range(question.range, question.comparison),
        basis: question.basis,
        platforms: question.platforms.clone(),
        campaign: None,
    };
    let mut groups = ask.all_groups(store, question.by.group_by()).await?;
    // A campaign that has stopped is a row of zeros beside its earlier figures; a day without figures is unknown, and no row.
    groups.retain(|group| group.is_present || !question.by.is_of_dates());
    // What was not broken down stands below what was.
    groups.sort_by_key(|group| question.by.is_rest(group));
    let as_of = platform_as_of(store, ask.scope).await?;
    Ok(KpiAnswer {
        client: client.map(|client| client.name),
        from: question.range.from.to_string(),
        to: question.range.to.to_string(),
        by: question.by.as_str(),
        basis: question.basis.as_str(),
        as_of: as_of.into_iter().map(|as_of| (as_of.platform, json!(as_of.read_at))).collect(),
        rows: groups.iter().map(|group| row(question.by, group)).collect(),
    })
}

fn row(by: KpiBy, group: &Group) -> KpiRow {
    KpiRow {
        keys: keys(by, group),
        currency: group.currency.to_string(),
        figures: figures(&group.totals),
        previous: group.previous.as_ref().map(figures),
        change: group.previous.as_ref().map(|before| changes(&group.totals, before)),
    }
}

fn keys(by: KpiBy, group: &Group) -> Map<String, Value> {
    let key = &group.key;
    let date = key.date.map(|date| date.to_string());
    let account = key.account.as_ref();
    let campaign = key.campaign.as_ref();
    let keys = match by {
        KpiBy::Total => json!({}),
        KpiBy::Day => json!({ "date": date }),
        KpiBy::Week => json!({ "week": date }),
        KpiBy::Month => json!({ "month": date.map(|date| date[..7].to_owned()) }),
        KpiBy::Hour => json!({ "hour": key.hour }),
        KpiBy::Weekday => json!({ "weekday": key.weekday }),
        KpiBy::Platform => json!({ "platform": key.platform }),
        KpiBy::Channel => json!({ "channel": key.channel }),
        KpiBy::Account => json!({
            "platform": key.platform,
            "account_id": account.map(|account| &account.account_id),
            "account_name": account.map(|account| &account.account_name),
        }),
        KpiBy::Campaign => json!({
            "platform": key.platform,
            "campaign_id": campaign.map(|campaign| &campaign.campaign_id),
            "campaign_name": campaign.map(|campaign| &campaign.campaign_name),
        }),
        KpiBy::AdGroup | KpiBy::Keyword | KpiBy::Creative => json!({ "name": key.name }),
    };
    match keys {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
