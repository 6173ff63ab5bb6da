//! What was restated: old and new values of finished days. Reading only: the write path keeps them (`write/days.rs`, `write/exchange.rs`).

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::DateRange;
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
    /// `impressions`, `clicks`, `cost`, `conversions`, `revenue`, `conversions_all`, `revenue_all`; `vat` and `vat_rate` where the amounts
    /// came to be meant on another VAT basis.
    pub column: String,
    /// In whole units: won, conversions, percent; of `vat` the words `included` and `excluded`.
    pub old: String,
    pub new: String,
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
        Ok(sqlx::query_as(
            "select v.date, a.platform::text as platform, k.campaign_id::text as campaign_id, k.campaign_name::text as campaign_name, c.name::text as channel,
                    x.name as column, x.old, x.new, v.seen_at, coalesce(nullif(l.source, ''), l.sync_type)::text as source
             from marketing_accounts a join campaigns k on k.marketing_account_id = a.id join metric_revisions v on v.campaign_id = k.id
             join channels c on c.id = v.channel_id join money_kinds was on was.id = v.money_kind_id
             left join data_sync_logs l on l.id = v.run_id
             -- What the amounts were meant in afterwards: until the next revision, or until now.
             left join lateral (select n.vat_included, n.vat_rate from (
               select r.money_kind_id, r.seen_at from metric_revisions r
               where r.campaign_id = v.campaign_id and r.date = v.date and r.channel_id = v.channel_id and r.seen_at > v.seen_at
               union all select m.money_kind_id, 'infinity' from metric_daily m
               where m.campaign_id = v.campaign_id and m.date = v.date and m.channel_id = v.channel_id) later
               join money_kinds n on n.id = later.money_kind_id and n.currency = was.currency order by later.seen_at limit 1) standing on v.reason = 2
             cross join lateral (
               select name, trim_scale(round(coalesce(old, 0) / unit, 6))::text as old, trim_scale(round(coalesce(new, 0) / unit, 6))::text as new, place
               from (values
                 (1, 'impressions', v.old_impressions, v.new_impressions, 1::numeric), (2, 'clicks', v.old_clicks, v.new_clicks, 1),
                 (3, 'cost', v.old_cost, v.new_cost, 1000000), (4, 'conversions', v.old_conversions, v.new_conversions, 1000000),
                 (5, 'revenue', v.old_revenue, v.new_revenue, 1000000), (6, 'conversions_all', v.old_conversions_all, v.new_conversions_all, 1000000),
                 (7, 'revenue_all', v.old_revenue_all, v.new_revenue_all, 1000000)) as counts (place, name, old, new, unit)
               union all
               select 'vat', case when was.vat_included then 'included' else 'excluded' end,
                 case when standing.vat_included then 'included' else 'excluded' end, 8 where standing.vat_included is not null
               union all
               select 'vat_rate', trim_scale(was.vat_rate)::text, trim_scale(standing.vat_rate)::text, 9 where standing.vat_rate is not null) x
             where a.client_id = $1 and v.date between $2 and $3 and x.old <> x.new
             order by v.date, k.campaign_name, c.name, v.seen_at, x.place",
        )
        .bind(client)
        .bind(range.from)
        .bind(range.to)
        .fetch_all(&self.pool)
        .await?)
    }
}
