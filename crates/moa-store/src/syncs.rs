//! What a sync keeps beside the figures: how far it has come, its story, the platform's own totals, who is syncing now.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::{CampaignStatus, DateRange, Millionths, MoneyKind, Platform};
use serde_json::Value;
use sqlx::{Connection as _, FromRow, PgConnection};

use crate::Store;
use crate::error::StoreError;
use crate::kinds::{ensure_channels, ensure_money_kind, load_money_kinds};
use crate::write::{ConversionRow, RunId, WriteTx, replace_conversions};

/// A campaign as it is stored, to ask the platform about.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct StoredCampaign {
    pub id: i32,
    pub campaign_id: String,
    pub campaign_name: String,
    pub platform_kind: Option<String>,
    pub is_removed: bool,
}

/// One run of an account's window.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct RunRow {
    pub id: i32,
    pub sync_type: String,
    pub status: String,
    pub source: String,
    pub window_from: Option<NaiveDate>,
    pub window_to: Option<NaiveDate>,
    pub records_synced: i32,
    pub records_restated: i32,
    pub requests: i32,
    pub started_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    pub error_code: Option<String>,
    pub error_values: Option<Value>,
    pub notes: Option<Value>,
}

/// The platform's own total of an account's day, in a money kind.
#[derive(Debug, Clone, PartialEq)]
pub struct TotalRow {
    pub date: NaiveDate,
    pub kind: MoneyKind,
    pub impressions: i64,
    pub clicks: i64,
    pub cost: Millionths,
}

/// Where an account's figures of a period come from.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct SourceRow {
    pub account: i32,
    /// The platform's code, or `file`.
    pub source: String,
    pub read_at: Option<DateTime<Utc>>,
    pub last_day: Option<NaiveDate>,
    /// Figures of the period that were restated.
    pub restated: i64,
    /// Days whose total differs from the platform's by more than rounding.
    pub differing_days: Vec<NaiveDate>,
}

/// What a long sync has left to read.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SyncPlan {
    pub sync_type: String,
    pub left_from: NaiveDate,
    pub left_to: NaiveDate,
    pub started_at: DateTime<Utc>,
}

/// Held while an account is synced: one program at a time, over all computers. Given up with the value, or with the program.
pub struct AccountTurn {
    connection: Option<PgConnection>,
}

impl Drop for AccountTurn {
    fn drop(&mut self) {
        // Closing the connection gives the lock back.
        drop(self.connection.take());
    }
}

impl Store {
    /// The turn to sync an account; `None` while another program has it.
    ///
    /// # Errors
    /// The database's.
    pub async fn account_turn(&self, account: i32) -> Result<Option<AccountTurn>, StoreError> {
        let mut own = self.pool.acquire().await?.detach();
        let (mine,): (bool,) = sqlx::query_as("select pg_try_advisory_lock(1836018788, $1)").bind(account).fetch_one(&mut own).await?;
        if mine {
            return Ok(Some(AccountTurn { connection: Some(own) }));
        }
        // Nothing is lost when the server is gone already.
        let _ = own.close().await;
        Ok(None)
    }

    /// Campaigns of an account whose id at the platform is known.
    ///
    /// # Errors
    /// The database's.
    pub async fn campaigns_to_ask(&self, account: i32) -> Result<Vec<StoredCampaign>, StoreError> {
        Ok(sqlx::query_as(
            "select id, campaign_id::text as campaign_id, campaign_name::text as campaign_name, platform_kind, removed_at is not null as is_removed
             from campaigns where marketing_account_id = $1 and id_known order by id",
        )
        .bind(account)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Those days of a range of which an account has figures by hour.
    ///
    /// # Errors
    /// The database's.
    pub async fn days_with_hours(&self, account: i32, range: DateRange) -> Result<Vec<NaiveDate>, StoreError> {
        Ok(sqlx::query_scalar(
            "select day::date from generate_series($2::timestamp, $3::timestamp, '1 day') day
             where exists (select from campaigns k join metric_hourly h on h.campaign_id = k.id where k.marketing_account_id = $1 and h.date = day::date)
             order by 1",
        )
        .bind(account)
        .bind(range.from.and_time(chrono::NaiveTime::MIN))
        .bind(range.to.and_time(chrono::NaiveTime::MIN))
        .fetch_all(&self.pool)
        .await?)
    }

    /// What an account's unfinished long sync has left.
    ///
    /// # Errors
    /// The database's.
    pub async fn sync_plan(&self, account: i32) -> Result<Option<SyncPlan>, StoreError> {
        Ok(sqlx::query_as(
            "select sync_type::text as sync_type, left_from, left_to, started_at from sync_plans where marketing_account_id = $1",
        )
        .bind(account)
        .fetch_optional(&self.pool)
        .await?)
    }

    /// Notes that a long sync begins.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin_sync_plan(&self, account: i32, sync_type: &str, left: DateRange) -> Result<(), StoreError> {
        sqlx::query(
            "insert into sync_plans (marketing_account_id, sync_type, left_from, left_to) values ($1, $2, $3, $4)
             on conflict (marketing_account_id) do update set sync_type = excluded.sync_type, left_from = excluded.left_from, left_to = excluded.left_to,
               started_at = now(), updated_at = now()",
        )
        .bind(account)
        .bind(sync_type)
        .bind(left.from)
        .bind(left.to)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Writes down a run that brought nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_failed_run(
        &self,
        account: i32,
        (sync_type, source): (&str, &str),
        window: Option<DateRange>,
        requests: u32,
        (code, values): (&str, &BTreeMap<String, String>),
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into data_sync_logs (marketing_account_id, sync_type, source, status, window_from, window_to, requests, error_code, error_values,
               error_message, started_at, completed_at)
             values ($1, $2, $3, 'failed', $4, $5, $6, $7, $8, $7, now(), now())",
        )
        .bind(account)
        .bind(sync_type)
        .bind(source)
        .bind(window.map(|window| window.from))
        .bind(window.map(|window| window.to))
        .bind(i32::try_from(requests).unwrap_or(i32::MAX))
        .bind(code)
        .bind(serde_json::to_value(values).ok())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The latest runs of an account, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn runs_of_account(&self, account: i32, limit: i64) -> Result<Vec<RunRow>, StoreError> {
        Ok(sqlx::query_as(
            "select id, sync_type::text as sync_type, status::text as status, source, window_from, window_to, records_synced, records_restated, requests,
                    started_at, completed_at, error_code, error_values, notes
             from data_sync_logs where marketing_account_id = $1 order by id desc limit $2",
        )
        .bind(account)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Where the figures of a client's period come from, one row per account that has any.
    ///
    /// # Errors
    /// The database's.
    pub async fn figure_sources(&self, client: i32, range: DateRange) -> Result<Vec<SourceRow>, StoreError> {
        Ok(sqlx::query_as(
            "select a.id as account, coalesce(last.source, 'file') as source, last.at as read_at, last.day as last_day,
                    (select count(*) from metric_revisions v join campaigns k on k.id = v.campaign_id
                     where k.marketing_account_id = a.id and v.date between $2 and $3 and v.reason = 0) as restated,
                    coalesce((select array_agg(t.date order by t.date) from platform_totals t
                      left join lateral (select coalesce(sum(m.cost), 0)::bigint as cost from campaigns k join metric_daily m on m.campaign_id = k.id
                        where k.marketing_account_id = a.id and m.date = t.date and m.money_kind_id = t.money_kind_id) ours on true
                      where t.marketing_account_id = a.id and t.date between $2 and $3
                        and abs(t.cost - ours.cost) > 100000000 and abs(t.cost - ours.cost)::numeric * 1000 > abs(t.cost)), '{}') as differing_days
             from marketing_accounts a
             left join lateral (select case when sync_type in ('morning', 'full', 'deep', 'hourly', 'range') then a.platform::text else 'file' end as source,
                                       completed_at as at, window_to as day
                                from data_sync_logs where marketing_account_id = a.id and status = 'success' order by id desc limit 1) last on true
             where a.client_id = $1 and exists (select from campaigns k join metric_daily m on m.campaign_id = k.id
                                                where k.marketing_account_id = a.id and m.date between $2 and $3)
             order by a.platform, a.account_name, a.account_id",
        )
        .bind(client)
        .bind(range.from)
        .bind(range.to)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Conversion kinds a client counts, as platform and kind; a platform without any counts its own choice.
    ///
    /// # Errors
    /// The database's.
    pub async fn counted_conversion_kinds(&self, client: i32) -> Result<Vec<(String, String)>, StoreError> {
        Ok(sqlx::query_as("select platform::text, conversion_kind from client_conversion_kinds where client_id = $1 order by 1, 2")
            .bind(client)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Keeps the platform's totals of an account's days in the place of those of an earlier reading.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_totals(&self, account: i32, range: DateRange, totals: &[TotalRow]) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("delete from platform_totals where marketing_account_id = $1 and date between $2 and $3")
            .bind(account)
            .bind(range.from)
            .bind(range.to)
            .execute(&mut *tx)
            .await?;
        for total in totals {
            let kind = ensure_money_kind(&mut tx, total.kind).await?;
            sqlx::query(
                "insert into platform_totals (marketing_account_id, date, money_kind_id, impressions, clicks, cost) values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(account)
            .bind(total.date)
            .bind(kind)
            .bind(total.impressions)
            .bind(total.clicks)
            .bind(total.cost.0)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Our own totals of an account's days by money kind, and how much of them stands on campaigns the platform has removed.
    ///
    /// # Errors
    /// The database's.
    pub async fn account_days(&self, account: i32, range: DateRange) -> Result<Vec<AccountDayRow>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let kinds = load_money_kinds(&mut connection).await?;
        let rows: Vec<DayRow> = sqlx::query_as(
            "select m.date, m.money_kind_id, sum(m.impressions)::bigint as impressions, sum(m.clicks)::bigint as clicks, sum(m.cost)::bigint as cost,
                    coalesce(sum(m.cost) filter (where k.removed_at is not null), 0)::bigint as removed_cost,
                    (select max(v.seen_at) from metric_revisions v join campaigns r on r.id = v.campaign_id
                     where r.marketing_account_id = $1 and v.date = m.date) as restated_at
             from campaigns k join metric_daily m on m.campaign_id = k.id
             where k.marketing_account_id = $1 and m.date between $2 and $3 group by 1, 2 order by 1, 2",
        )
        .bind(account)
        .bind(range.from)
        .bind(range.to)
        .fetch_all(&mut *connection)
        .await?;
        let row = |row: DayRow| {
            Some(AccountDayRow {
                date: row.date,
                kind: *kinds.get(&row.money_kind_id)?,
                impressions: row.impressions,
                clicks: row.clicks,
                cost: Millionths(row.cost),
                removed_cost: Millionths(row.removed_cost),
                restated_at: row.restated_at,
            })
        };
        Ok(rows.into_iter().filter_map(row).collect())
    }
}

#[derive(FromRow)]
struct DayRow {
    date: NaiveDate,
    money_kind_id: i32,
    impressions: i64,
    clicks: i64,
    cost: i64,
    removed_cost: i64,
    restated_at: Option<DateTime<Utc>>,
}

/// Our own total of an account's day.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountDayRow {
    pub date: NaiveDate,
    pub kind: MoneyKind,
    pub impressions: i64,
    pub clicks: i64,
    pub cost: Millionths,
    /// What of it stands on campaigns the platform lists no more.
    pub removed_cost: Millionths,
    /// When a figure of the day was last restated.
    pub restated_at: Option<DateTime<Utc>>,
}

impl WriteTx {
    /// Puts conversions by kind in the place of what stands for these campaigns and days.
    ///
    /// # Errors
    /// The database's.
    pub async fn write_conversions(
        &mut self,
        run: &RunId,
        platform: &Platform,
        (campaigns, range): (&[i32], DateRange),
        rows: &[ConversionRow],
    ) -> Result<(), StoreError> {
        let mut codes: Vec<_> = rows.iter().map(|row| row.channel.clone()).collect();
        codes.sort();
        codes.dedup();
        let connection = self.connection();
        let channels = ensure_channels(connection, platform, &codes).await?;
        let mut kinds = std::collections::HashMap::new();
        for row in rows {
            if let std::collections::hash_map::Entry::Vacant(place) = kinds.entry(row.kind) {
                place.insert(ensure_money_kind(connection, row.kind).await?);
            }
        }
        replace_conversions(connection, run.id(), (campaigns, range), rows, (&channels, &kinds)).await
    }

    /// Campaigns the platform listed before and lists no more: they have ended, and their spend stays.
    ///
    /// # Errors
    /// The database's.
    pub async fn mark_removed(&mut self, account: i32, listed: &[String]) -> Result<(), StoreError> {
        sqlx::query(
            "update campaigns set removed_at = now(), status = $3
             where marketing_account_id = $1 and id_known and removed_at is null and platform_kind is not null and campaign_id <> all ($2)",
        )
        .bind(account)
        .bind(listed)
        .bind(CampaignStatus::Ended.as_str())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Completes a run's story with what only a sync knows.
    ///
    /// # Errors
    /// The database's.
    pub async fn tell_run(&mut self, run: &RunId, window: DateRange, requests: u32, notes: Option<Value>) -> Result<(), StoreError> {
        sqlx::query("update data_sync_logs set window_from = $2, window_to = $3, requests = $4, notes = $5 where id = $1")
            .bind(run.id())
            .bind(window.from)
            .bind(window.to)
            .bind(i32::try_from(requests).unwrap_or(i32::MAX))
            .bind(notes)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Keeps the attribution window behind an account's conversions, in the platform's words.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_attribution(&mut self, account: i32, attribution: &str) -> Result<(), StoreError> {
        sqlx::query("update marketing_accounts set attribution = $2 where id = $1 and attribution is distinct from $2")
            .bind(account)
            .bind(attribution)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Notes, with the window's own transaction, what a long sync has left; `None` when nothing is.
    ///
    /// # Errors
    /// The database's.
    pub async fn advance_sync_plan(&mut self, account: i32, left: Option<DateRange>) -> Result<(), StoreError> {
        let connection = self.connection();
        match left {
            Some(left) => {
                sqlx::query("update sync_plans set left_from = $2, left_to = $3, updated_at = now() where marketing_account_id = $1")
                    .bind(account)
                    .bind(left.from)
                    .bind(left.to)
                    .execute(connection)
                    .await?
            }
            None => sqlx::query("delete from sync_plans where marketing_account_id = $1").bind(account).execute(connection).await?,
        };
        Ok(())
    }
}
