//! Is the store sound: roll-ups equal a fresh aggregate, parts add up to their whole.

use crate::Store;
use crate::error::StoreError;

/// One check of `moa doctor`.
#[derive(Debug, Clone)]
pub struct StoreCheck {
    pub name: String,
    pub ok: bool,
    pub detail: String,
    /// What to do, or empty.
    pub cure: String,
}

/// Name, and SQL that counts what is wrong. Sums are compared as rows in the order of the columns.
const CHECKS: &[(&str, &str)] = &[
    (
        "roll-ups per client and day",
        "select count(*) from (
           select a.client_id, m.channel_id, m.money_kind_id, m.date, row(sum(m.impressions)::bigint, sum(m.clicks)::bigint, sum(m.cost)::bigint,
                  sum(m.conversions)::bigint, sum(m.revenue)::bigint, sum(m.conversions_all)::bigint, sum(m.revenue_all)::bigint) as sums
           from marketing_accounts a join campaigns x on x.marketing_account_id = a.id join metric_daily m on m.campaign_id = x.id group by 1, 2, 3, 4) f
         full join roll_client_day d using (client_id, channel_id, money_kind_id, date)
         where f.sums is distinct from row(d.impressions, d.clicks, d.cost, d.conversions, d.revenue, d.conversions_all, d.revenue_all)",
    ),
    (
        // Per day, and per hour.
        "roll-ups of the agency",
        "select (select count(*) from (
           select channel_id, money_kind_id, date, row(sum(impressions)::bigint, sum(clicks)::bigint, sum(cost)::bigint, sum(conversions)::bigint,
                  sum(revenue)::bigint, sum(conversions_all)::bigint, sum(revenue_all)::bigint) as sums
           from roll_client_day d join clients o on o.id = d.client_id and o.removed_at is null group by 1, 2, 3) f
         full join roll_agency_day d using (channel_id, money_kind_id, date)
         where f.sums is distinct from row(d.impressions, d.clicks, d.cost, d.conversions, d.revenue, d.conversions_all, d.revenue_all))
              + (select count(*) from (
           select money_kind_id, date, hour, row(sum(impressions)::bigint, sum(clicks)::bigint, sum(cost)::bigint,
                  case when bool_and(conversions is not null) then sum(conversions)::bigint end,
                  case when bool_and(revenue is not null) then sum(revenue)::bigint end,
                  case when bool_and(conversions_all is not null) then sum(conversions_all)::bigint end,
                  case when bool_and(revenue_all is not null) then sum(revenue_all)::bigint end) as sums
           from roll_client_hour h join clients o on o.id = h.client_id and o.removed_at is null group by 1, 2, 3) f
         full join roll_agency_hour h using (money_kind_id, date, hour)
         where f.sums is distinct from row(h.impressions, h.clicks, h.cost, h.conversions, h.revenue, h.conversions_all, h.revenue_all))",
    ),
    (
        // NULL as soon as one part is unknown.
        "roll-ups per client and hour",
        "select count(*) from (
           select a.client_id, m.money_kind_id, m.date, m.hour, row(sum(m.impressions)::bigint, sum(m.clicks)::bigint, sum(m.cost)::bigint,
                  case when bool_and(m.conversions is not null) then sum(m.conversions)::bigint end,
                  case when bool_and(m.revenue is not null) then sum(m.revenue)::bigint end,
                  case when bool_and(m.conversions_all is not null) then sum(m.conversions_all)::bigint end,
                  case when bool_and(m.revenue_all is not null) then sum(m.revenue_all)::bigint end) as sums
           from marketing_accounts a join campaigns x on x.marketing_account_id = a.id join metric_hourly m on m.campaign_id = x.id group by 1, 2, 3, 4) f
         full join roll_client_hour h using (client_id, money_kind_id, date, hour)
         where f.sums is distinct from row(h.impressions, h.clicks, h.cost, h.conversions, h.revenue, h.conversions_all, h.revenue_all)",
    ),
    (
        // The month's end knows the whole month; a total that says more than its campaign's rows is found by the outer join.
        "month-to-date totals",
        "select count(*) from (
           select campaign_id, money_kind_id, (date_trunc('month', date) + interval '1 month' - interval '1 day')::date as date,
                  row(sum(impressions)::bigint, sum(clicks)::bigint, sum(cost)::bigint, sum(conversions)::bigint, sum(revenue)::bigint,
                      sum(conversions_all)::bigint, sum(revenue_all)::bigint) as sums
           from metric_daily group by 1, 2, 3) f
         full join (select * from roll_campaign_mtd where extract(day from date + 1) = 1) t using (campaign_id, money_kind_id, date)
         where f.sums is distinct from row(t.impressions, t.clicks, t.cost, t.conversions, t.revenue, t.conversions_all, t.revenue_all)",
    ),
    (
        // Two rows of a day with two origins of a measure: the bits of one are not those of all.
        "one source per campaign and day",
        "select count(*) from (select campaign_id, date, bit_or(origins) as all_origins from metric_daily group by 1, 2 having count(*) > 1) d
         join metric_daily m using (campaign_id, date)
         where (d.all_origins & (((m.origins | (m.origins >> 1)) & 87381) * 3)) <> m.origins",
    ),
];

impl Store {
    /// Runs every check; none of them changes anything.
    ///
    /// # Errors
    /// The database's.
    pub async fn check(&self) -> Result<Vec<StoreCheck>, StoreError> {
        let mut checks = Vec::new();
        for (name, sql) in CHECKS {
            let (wrong,): (i64,) = sqlx::query_as(*sql).fetch_one(&self.pool).await?;
            checks.push(StoreCheck {
                name: (*name).to_owned(),
                ok: wrong == 0,
                detail: if wrong == 0 { "equal".to_owned() } else { format!("{wrong} rows differ") },
                cure: if wrong == 0 {
                    String::new()
                } else {
                    "moa backup, then moa restore into an empty workspace: it makes them again".to_owned()
                },
            });
        }
        Ok(checks)
    }
}
