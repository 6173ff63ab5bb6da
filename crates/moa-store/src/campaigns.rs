//! Campaigns of a client. How rows of a source find theirs: [`crate::campaign_matching`].

use chrono::NaiveDate;
use moa_domain::{CampaignKey, CampaignStatus, Millionths, Objective};
use rust_decimal::Decimal;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::error::StoreError;

#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    pub id: i32,
    pub public_id: Uuid,
    /// The platform's id, or the name where no id is known.
    pub campaign_id: String,
    pub campaign_name: String,
    pub platform: String,
    pub account_id: String,
    pub account_name: Option<String>,
    pub status: Option<String>,
    pub objective: Option<String>,
    pub daily_budget: Option<Millionths>,
    pub total_budget: Option<Millionths>,
    pub budget_shared: bool,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    /// Codes of the channels it has figures on.
    pub channels: Vec<String>,
}

/// A campaign to be found or made, with what the source says of it; `None` leaves what is stored.
#[derive(Debug, Clone, Default)]
pub struct CampaignSpec {
    pub key: CampaignKey,
    pub status: Option<CampaignStatus>,
    pub objective: Option<Objective>,
    pub daily_budget: Option<Millionths>,
    pub total_budget: Option<Millionths>,
    /// The budget is a pot several campaigns share.
    pub budget_shared: Option<bool>,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    /// The platform's own word for the kind of campaign.
    pub platform_kind: Option<String>,
    /// Gone from the platform's lists, or there.
    pub removed: Option<bool>,
    /// The source describes the campaign in full: a budget or a day it does not name is none.
    pub in_full: bool,
}

#[derive(FromRow)]
struct Row {
    id: i32,
    public_id: Uuid,
    campaign_id: String,
    campaign_name: String,
    platform: String,
    account_id: String,
    account_name: Option<String>,
    status: Option<String>,
    objective: Option<String>,
    daily_budget: Option<Decimal>,
    total_budget: Option<Decimal>,
    budget_shared: bool,
    start_date: Option<NaiveDate>,
    end_date: Option<NaiveDate>,
    channels: Vec<String>,
}

impl From<Row> for Campaign {
    fn from(row: Row) -> Self {
        let amount = |value: Option<Decimal>| value.and_then(|value| Millionths::from_decimal(value).ok());
        Self {
            id: row.id,
            public_id: row.public_id,
            campaign_id: row.campaign_id,
            campaign_name: row.campaign_name,
            platform: row.platform,
            account_id: row.account_id,
            account_name: row.account_name,
            status: row.status,
            objective: row.objective,
            daily_budget: amount(row.daily_budget),
            total_budget: amount(row.total_budget),
            budget_shared: row.budget_shared,
            start_date: row.start_date,
            end_date: row.end_date,
            channels: row.channels,
        }
    }
}

impl Store {
    /// A client's campaigns, by platform and name.
    ///
    /// # Errors
    /// The database's.
    pub async fn campaigns(&self, client: i32) -> Result<Vec<Campaign>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "with used as (
               select m.campaign_id, array_agg(distinct c.name::text order by c.name::text) as channels
               from marketing_accounts a join campaigns k on k.marketing_account_id = a.id join metric_daily m on m.campaign_id = k.id
               join channels c on c.id = m.channel_id where a.client_id = $1 group by 1)
             select k.id, k.public_id, k.campaign_id, k.campaign_name, k.platform, a.account_id, a.account_name, k.status, k.objective,
                    k.daily_budget, k.total_budget, k.budget_shared, k.start_date, k.end_date, coalesce(u.channels, '{}') as channels
             from marketing_accounts a join campaigns k on k.marketing_account_id = a.id left join used u on u.campaign_id = k.id
             where a.client_id = $1 order by k.platform, k.campaign_name, k.id",
        )
        .bind(client)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Campaign::from).collect())
    }
}
