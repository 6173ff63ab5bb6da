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

impl Store {
    /// # Errors
    /// The database's.
    pub async fn as_of(&self, scope: Scope) -> Result<Vec<AsOf>, StoreError> {
        let client = match scope {
            Scope::Client(client) => Some(client),
            Scope::Agency => None,
        };
        Ok(sqlx::query_as(
            "select a.platform::text as platform, max(l.completed_at) as read_at,
                    (select max(r.date) from roll_client_day r join channels c on c.id = r.channel_id join platforms p on p.family = c.platform
                      join clients o on o.id = r.client_id and o.removed_at is null
                     where p.code = a.platform and ($1::int is null or r.client_id = $1)) as last_day
             from marketing_accounts a join clients o on o.id = a.client_id and o.removed_at is null
             join data_sync_logs l on l.marketing_account_id = a.id and l.status in ('success', 'partial') and l.completed_at is not null
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
