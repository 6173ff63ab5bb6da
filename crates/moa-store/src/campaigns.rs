//! Campaigns: found by the platform's id, else by name within their account.

use std::collections::HashMap;

use chrono::NaiveDate;
use moa_domain::{CampaignKey, CampaignStatus, Millionths, Objective, Platform};
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection};
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
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
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

/// What is stored of an account's campaigns, for finding.
struct Known {
    by_id: HashMap<String, i32>,
    /// Name → ids of campaigns, whether the platform's id is known.
    by_name: HashMap<String, Vec<(i32, bool)>>,
}

/// Ids in the order of `specs`.
///
/// By id first. A spec with an id whose name is stored once, without an id, *adopts* that campaign (its old name stays as an alias); a spec
/// with a name alone takes the only campaign of that name. Everything else is made.
pub(crate) async fn ensure_campaigns(
    connection: &mut PgConnection,
    account: i32,
    platform: &Platform,
    specs: &[CampaignSpec],
) -> Result<Vec<i32>, StoreError> {
    let mut known = load_known(&mut *connection, account).await?;
    let mut ids = Vec::with_capacity(specs.len());
    for spec in specs {
        let id = match find(&known, spec, specs) {
            Found::Same(id) => id,
            Found::Adopt(id) => {
                adopt(&mut *connection, id, spec).await?;
                id
            }
            Found::None => {
                let id = insert(&mut *connection, account, platform, spec).await?;
                if let Some(platform_id) = &spec.key.id {
                    known.by_id.insert(platform_id.clone(), id);
                }
                known.by_name.entry(name_of(spec).to_owned()).or_default().push((id, spec.key.id.is_some()));
                id
            }
        };
        describe(&mut *connection, id, spec).await?;
        ids.push(id);
    }
    Ok(ids)
}

enum Found {
    Same(i32),
    Adopt(i32),
    None,
}

fn find(known: &Known, spec: &CampaignSpec, specs: &[CampaignSpec]) -> Found {
    let name = name_of(spec);
    match &spec.key.id {
        Some(id) => {
            if let Some(found) = known.by_id.get(id) {
                return Found::Same(*found);
            }
            let nameless = known.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
            let rivals = specs.iter().filter(|other| other.key.id.is_some() && name_of(other) == name).count();
            match nameless {
                [(only, false)] if rivals == 1 => Found::Adopt(*only),
                _ => Found::None,
            }
        }
        None => match known.by_name.get(name).map(Vec::as_slice).unwrap_or_default() {
            [(only, _)] => Found::Same(*only),
            several => several.iter().find(|(_, id_known)| !id_known).map_or(Found::None, |(id, _)| Found::Same(*id)),
        },
    }
}

fn name_of(spec: &CampaignSpec) -> &str {
    spec.key.name.as_deref().or(spec.key.id.as_deref()).unwrap_or_default()
}

/// Fits the column without cutting a character.
fn fitted(text: &str) -> String {
    text.chars().take(255).collect()
}

async fn load_known(connection: &mut PgConnection, account: i32) -> Result<Known, StoreError> {
    let rows: Vec<(i32, String, String, bool)> =
        sqlx::query_as("select id, campaign_id, campaign_name, id_known from campaigns where marketing_account_id = $1 order by id")
            .bind(account)
            .fetch_all(&mut *connection)
            .await?;
    let aliases: Vec<(i32, String, bool)> = sqlx::query_as(
        "select k.id, s.alias, k.id_known from campaign_aliases s join campaigns k on k.id = s.campaign_id where k.marketing_account_id = $1 order by k.id",
    )
    .bind(account)
    .fetch_all(connection)
    .await?;
    let mut known = Known { by_id: HashMap::new(), by_name: HashMap::new() };
    for (id, campaign_id, name, id_known) in rows {
        if id_known {
            known.by_id.insert(campaign_id, id);
        }
        known.by_name.entry(name).or_default().push((id, id_known));
    }
    for (id, alias, id_known) in aliases {
        let ids = known.by_name.entry(alias).or_default();
        if ids.is_empty() {
            ids.push((id, id_known));
        }
    }
    Ok(known)
}

async fn adopt(connection: &mut PgConnection, id: i32, spec: &CampaignSpec) -> Result<(), StoreError> {
    sqlx::query(
        "insert into campaign_aliases (campaign_id, alias) select id, campaign_id from campaigns where id = $1 on conflict do nothing",
    )
    .bind(id)
    .execute(&mut *connection)
    .await?;
    sqlx::query("update campaigns set campaign_id = $2, id_known = true where id = $1")
        .bind(id)
        .bind(spec.key.id.as_deref().map(fitted))
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert(connection: &mut PgConnection, account: i32, platform: &Platform, spec: &CampaignSpec) -> Result<i32, StoreError> {
    let name = fitted(name_of(spec));
    let (id,): (i32,) = sqlx::query_as(
        "insert into campaigns (marketing_account_id, campaign_id, campaign_name, platform, id_known) values ($1, $2, $3, $4, $5) returning id",
    )
    .bind(account)
    .bind(spec.key.id.as_deref().map_or_else(|| name.clone(), fitted))
    .bind(&name)
    .bind(platform.code())
    .bind(spec.key.id.is_some())
    .fetch_one(connection)
    .await?;
    Ok(id)
}

/// Writes what the source says of the campaign, only where it differs, so that the same source twice changes nothing.
async fn describe(connection: &mut PgConnection, id: i32, spec: &CampaignSpec) -> Result<(), StoreError> {
    let renamed = if spec.key.id.is_some() { spec.key.name.as_deref().map(fitted) } else { None };
    let attributes = (spec.status, spec.objective, spec.daily_budget, spec.total_budget, spec.start_date, spec.end_date);
    if renamed.is_none() && attributes == (None, None, None, None, None, None) {
        return Ok(());
    }
    sqlx::query(
        "with told as (
           select coalesce($2, campaign_name) as name, coalesce($3, status) as status, coalesce($4, objective) as objective,
                  coalesce($5, daily_budget) as daily_budget, coalesce($6, total_budget) as total_budget,
                  coalesce($7, start_date) as start_date, coalesce($8, end_date) as end_date from campaigns where id = $1),
         renamed as (
           insert into campaign_aliases (campaign_id, alias) select k.id, k.campaign_name from campaigns k, told t
           where k.id = $1 and k.campaign_name <> t.name on conflict do nothing)
         update campaigns k set campaign_name = t.name, status = t.status, objective = t.objective, daily_budget = t.daily_budget,
                total_budget = t.total_budget, start_date = t.start_date, end_date = t.end_date
         from told t where k.id = $1
           and (k.campaign_name, k.status, k.objective, k.daily_budget, k.total_budget, k.start_date, k.end_date)
               is distinct from (t.name, t.status, t.objective, t.daily_budget, t.total_budget, t.start_date, t.end_date)",
    )
    .bind(id)
    .bind(renamed)
    .bind(spec.status.map(CampaignStatus::as_str))
    .bind(spec.objective.map(Objective::as_str))
    .bind(spec.daily_budget.map(Millionths::to_decimal))
    .bind(spec.total_budget.map(Millionths::to_decimal))
    .bind(spec.start_date)
    .bind(spec.end_date)
    .execute(connection)
    .await?;
    Ok(())
}
