//! What was restated: old and new values of finished days. Reading only: the write path keeps them (`write/days.rs`, `write/exchange.rs`).

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::DateRange;
use rust_decimal::Decimal;
use sqlx::FromRow;

use crate::Store;
use crate::error::StoreError;

/// One value that changed.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Revision {
    pub date: NaiveDate,
    /// The account's.
    pub platform: String,
    pub campaign_id: String,
    pub campaign_name: String,
    /// Channel code.
    pub channel: String,
    /// `impressions`, `clicks`, `cost`, `conversions`, `revenue`, `conversions_all`, `revenue_all`.
    pub column: String,
    /// In whole units: won, conversions.
    pub old: Decimal,
    pub new: Decimal,
    pub seen_at: DateTime<Utc>,
    /// The file or endpoint that brought the new value.
    pub source: String,
}

impl Store {
    /// One entry per changed value, oldest day first; a row that vanished became zero.
    ///
    /// # Errors
    /// The database's.
    pub async fn revisions(&self, client: i32, range: DateRange) -> Result<Vec<Revision>, StoreError> {
        let mut revisions: Vec<Revision> = sqlx::query_as(
            "select v.date, a.platform::text as platform, k.campaign_id::text as campaign_id, k.campaign_name::text as campaign_name, c.name::text as channel, x.name as column,
                    round(x.old / x.unit, 6) as old, round(x.new / x.unit, 6) as new, v.seen_at, coalesce(nullif(l.source, ''), l.sync_type)::text as source
             from marketing_accounts a join campaigns k on k.marketing_account_id = a.id join metric_revisions v on v.campaign_id = k.id
             join channels c on c.id = v.channel_id left join data_sync_logs l on l.id = v.run_id
             cross join lateral (values
               (1, 'impressions', v.old_impressions, v.new_impressions, 1::numeric), (2, 'clicks', v.old_clicks, v.new_clicks, 1),
               (3, 'cost', v.old_cost, v.new_cost, 1000000), (4, 'conversions', v.old_conversions, v.new_conversions, 1000000),
               (5, 'revenue', v.old_revenue, v.new_revenue, 1000000), (6, 'conversions_all', v.old_conversions_all, v.new_conversions_all, 1000000),
               (7, 'revenue_all', v.old_revenue_all, v.new_revenue_all, 1000000)) as raw (place, name, was, is_now, unit)
             cross join lateral (select raw.name, coalesce(raw.was, 0)::numeric as old, coalesce(raw.is_now, 0)::numeric as new, raw.unit, raw.place) x
             where a.client_id = $1 and v.date between $2 and $3 and x.old <> x.new
             order by v.date, k.campaign_name, c.name, v.seen_at, x.place",
        )
        .bind(client)
        .bind(range.from)
        .bind(range.to)
        .fetch_all(&self.pool)
        .await?;
        for revision in &mut revisions {
            revision.old = revision.old.normalize();
            revision.new = revision.new.normalize();
        }
        Ok(revisions)
    }
}
