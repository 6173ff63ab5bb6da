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

/// Name, and SQL that counts what is wrong.
const CHECKS: &[(&str, &str)] = &[
    (
        "roll-ups per client and day",
        "select count(*) from (
           select a.client_id, m.channel_id, m.money_kind_id, m.date, sum(m.impressions) i, sum(m.clicks) k, sum(m.cost) c, sum(m.conversions) v, sum(m.revenue) r
           from marketing_accounts a join campaigns x on x.marketing_account_id = a.id join metric_daily m on m.campaign_id = x.id group by 1, 2, 3, 4) f
         full join roll_client_day d using (client_id, channel_id, money_kind_id, date)
         where (f.i, f.k, f.c, f.v, f.r) is distinct from (d.impressions, d.clicks, d.cost, d.conversions, d.revenue)",
    ),
    (
        "roll-ups of the agency",
        "select count(*) from (
           select channel_id, money_kind_id, date, sum(impressions) i, sum(cost) c, sum(revenue) r
           from roll_client_day d join clients o on o.id = d.client_id and o.removed_at is null group by 1, 2, 3) f
         full join roll_agency_day d using (channel_id, money_kind_id, date) where (f.i, f.c, f.r) is distinct from (d.impressions, d.cost, d.revenue)",
    ),
    (
        "roll-ups per client and hour",
        "select count(*) from (
           select a.client_id, m.money_kind_id, m.date, m.hour, sum(m.impressions) i, sum(m.cost) c
           from marketing_accounts a join campaigns x on x.marketing_account_id = a.id join metric_hourly m on m.campaign_id = x.id group by 1, 2, 3, 4) f
         full join roll_client_hour h using (client_id, money_kind_id, date, hour) where (f.i, f.c) is distinct from (h.impressions, h.cost)",
    ),
    (
        "month-to-date totals",
        "select count(*) from (
           select campaign_id, money_kind_id, date_trunc('month', date)::date + interval '1 month' - interval '1 day' as date, sum(impressions) i, sum(cost) c
           from metric_daily group by 1, 2, 3) f
         left join roll_campaign_mtd t on t.campaign_id = f.campaign_id and t.money_kind_id = f.money_kind_id and t.date = f.date::date
         where (f.i, f.c) is distinct from (t.impressions, t.cost)",
    ),
    (
        // Two rows of a day with two origins of a measure: the bits of one are not those of all.
        "one source per measure, campaign and day",
        "select count(*) from (select campaign_id, date, bit_or(origins) as all_origins from metric_daily group by 1, 2 having count(*) > 1) d
         join metric_daily m using (campaign_id, date)
         where (d.all_origins & (((m.origins | m.origins >> 1) & 87381) * 3)) <> m.origins",
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
