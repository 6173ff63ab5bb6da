//! Which kinds of conversions a client counts. All kinds are kept beside, so another choice needs no new download.

use moa_domain::Platform;
use sqlx::{FromRow, PgConnection};

use crate::Store;
use crate::error::StoreError;

/// A kind a client's platforms have told.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ConversionKindRow {
    pub platform: String,
    pub conversion_kind: String,
    /// Millionths, over everything that is stored.
    pub conversions: i64,
    /// Somebody has chosen it.
    pub chosen: bool,
}

impl Store {
    /// Kinds told for a client's accounts, by platform, the most frequent first.
    ///
    /// # Errors
    /// The database's.
    pub async fn conversion_kinds(&self, client: i32) -> Result<Vec<ConversionKindRow>, StoreError> {
        Ok(sqlx::query_as(
            "select a.platform::text as platform, c.conversion_kind, sum(c.conversions)::bigint as conversions,
                    exists (select from client_conversion_kinds k
                            where k.client_id = $1 and k.platform = a.platform and k.conversion_kind = c.conversion_kind) as chosen
             from marketing_accounts a join campaigns p on p.marketing_account_id = a.id join conversion_daily c on c.campaign_id = p.id
             where a.client_id = $1 group by a.platform, c.conversion_kind order by 1, 3 desc, 2",
        )
        .bind(client)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Counts these kinds from now on and in what is stored; none gives the choice back to the platform, whose own numbers come with the next
    /// reading. What changes is kept as a revision of its own sort.
    ///
    /// # Errors
    /// The database's.
    pub async fn choose_conversion_kinds(&self, client: i32, platform: &Platform, kinds: &[String]) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        let accounts: Vec<i32> = sqlx::query_scalar("select id from marketing_accounts where client_id = $1 and platform = $2 order by id")
            .bind(client)
            .bind(platform.code())
            .fetch_all(&mut *tx)
            .await?;
        for account in &accounts {
            sqlx::query("select pg_advisory_xact_lock(1836018786, $1)").bind(account).execute(&mut *tx).await?;
        }
        sqlx::query("delete from client_conversion_kinds where client_id = $1 and platform = $2")
            .bind(client)
            .bind(platform.code())
            .execute(&mut *tx)
            .await?;
        sqlx::query("insert into client_conversion_kinds (client_id, platform, conversion_kind) select distinct $1, $2, k from unnest($3::text[]) k")
            .bind(client)
            .bind(platform.code())
            .bind(kinds)
            .execute(&mut *tx)
            .await?;
        for account in &accounts {
            recount(&mut tx, *account, kinds).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Counts stored conversions by other kinds; none leaves what the platform chose.
pub(crate) async fn recount(connection: &mut PgConnection, account: i32, kinds: &[String]) -> Result<(), StoreError> {
    if kinds.is_empty() {
        return Ok(());
    }
    sqlx::query(RECOUNT).bind(account).bind(kinds).execute(&mut *connection).await?;
    sqlx::query("select refresh_account($1)").bind(account).execute(connection).await?;
    Ok(())
}

const RECOUNT: &str = "
  with told as (
    select c.date, c.campaign_id, c.channel_id, c.money_kind_id,
           coalesce(sum(c.conversions) filter (where c.conversion_kind = any ($2)), 0)::bigint as conversions,
           coalesce(sum(c.revenue) filter (where c.conversion_kind = any ($2)), 0)::bigint as revenue
    from campaigns p join conversion_daily c on c.campaign_id = p.id where p.marketing_account_id = $1 group by 1, 2, 3, 4),
  changed as (
    select m.*, t.conversions as new_conversions, t.revenue as new_revenue
    from told t join metric_daily m using (date, campaign_id, channel_id, money_kind_id)
    where (m.conversions, m.revenue) is distinct from (t.conversions, t.revenue)),
  kept as (
    insert into metric_revisions (date, campaign_id, channel_id, money_kind_id, run_id, reason,
        old_impressions, old_clicks, old_cost, old_conversions, old_revenue, old_conversions_all, old_revenue_all,
        new_impressions, new_clicks, new_cost, new_conversions, new_revenue, new_conversions_all, new_revenue_all)
      select date, campaign_id, channel_id, money_kind_id, run_id, 1,
        impressions, clicks, cost, conversions, revenue, conversions_all, revenue_all,
        impressions, clicks, cost, new_conversions, new_revenue, conversions_all, revenue_all from changed)
  update metric_daily m set conversions = c.new_conversions, revenue = c.new_revenue from changed c
  where m.date = c.date and m.campaign_id = c.campaign_id and m.channel_id = c.channel_id and m.money_kind_id = c.money_kind_id";
