//! As of when figures stand.

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::DateRange;
use sqlx::FromRow;

use crate::error::StoreError;
use crate::{Scope, Store};

/// As of when one platform's figures stand.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct AsOf {
    pub platform: String,
    /// End of the last successful run.
    pub read_at: DateTime<Utc>,
    /// The last day that has figures.
    pub last_day: Option<NaiveDate>,
}

/// As of when the figures of one client on one platform stand.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ClientAsOf {
    pub client_id: i32,
    #[sqlx(flatten)]
    pub as_of: AsOf,
}

impl Store {
    /// The same for every client at once, in the order of clients and platforms.
    ///
    /// # Errors
    /// The database's.
    pub async fn as_of_by_client(&self) -> Result<Vec<ClientAsOf>, StoreError> {
        Ok(sqlx::query_as(
            "with days as (
               select r.client_id, c.platform as family, max(r.date) as last_day
               from (select client_id, channel_id, max(date) as date from roll_client_day group by 1, 2) r
               join channels c on c.id = r.channel_id group by 1, 2)
             select a.client_id, a.platform::text as platform, max(l.read_at) as read_at, max(d.last_day) as last_day
             from marketing_accounts a join clients o on o.id = a.client_id and o.removed_at is null
             join lateral (select max(completed_at) as read_at from data_sync_logs
                           where marketing_account_id = a.id and status in ('success', 'partial')) l on l.read_at is not null
             join platforms p on p.code = a.platform left join days d on d.client_id = a.client_id and d.family = p.family
             group by a.client_id, a.platform order by a.client_id, a.platform",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// First and last day that have figures, of every client that has some.
    ///
    /// # Errors
    /// The database's.
    pub async fn first_and_last_day_by_client(&self) -> Result<Vec<(i32, DateRange)>, StoreError> {
        let spans: Vec<(i32, NaiveDate, NaiveDate)> = sqlx::query_as(
            "select o.id, days.first, days.last from clients o
             cross join lateral (select min(date) as first, max(date) as last from roll_client_day where client_id = o.id) days
             where o.removed_at is null and days.first is not null",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(spans.into_iter().map(|(client, from, to)| (client, DateRange { from, to })).collect())
    }

    /// # Errors
    /// The database's.
    pub async fn as_of(&self, scope: Scope) -> Result<Vec<AsOf>, StoreError> {
        let client = match scope {
            Scope::Client(client) => Some(client),
            Scope::Agency => None,
        };
        Ok(sqlx::query_as(
            "with days as (
               select c.platform as family, max(r.date) as last_day
               from (select channel_id, max(date) as date from roll_client_day where client_id = $1 group by 1
                     union all select channel_id, max(date) from roll_agency_day where $1::int is null group by 1) r
               join channels c on c.id = r.channel_id group by 1)
             select a.platform::text as platform, max(l.read_at) as read_at, max(d.last_day) as last_day
             from marketing_accounts a join clients o on o.id = a.client_id and o.removed_at is null
             join lateral (select max(completed_at) as read_at from data_sync_logs
                           where marketing_account_id = a.id and status in ('success', 'partial')) l on l.read_at is not null
             join platforms p on p.code = a.platform left join days d on d.family = p.family
             where $1::int is null or a.client_id = $1 group by a.platform order by a.platform",
        )
        .bind(client)
        .fetch_all(&self.pool)
        .await?)
    }

    /// First and last day that have figures; `None` when there are none.
    ///
    /// # Errors
    /// The database's.
    pub async fn first_and_last_day(&self, scope: Scope) -> Result<Option<DateRange>, StoreError> {
        let (from, to): (Option<NaiveDate>, Option<NaiveDate>) = match scope {
            Scope::Client(client) => {
                sqlx::query_as("select min(date), max(date) from roll_client_day where client_id = $1")
                    .bind(client)
                    .fetch_one(&self.pool)
                    .await?
            }
            Scope::Agency => sqlx::query_as("select min(date), max(date) from roll_agency_day").fetch_one(&self.pool).await?,
        };
        Ok(from.zip(to).map(|(from, to)| DateRange { from, to }))
    }
}
