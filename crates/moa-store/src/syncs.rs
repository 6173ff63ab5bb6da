//! What a sync keeps beside the figures: how far it has come, its story, the platform's own totals, who is syncing now.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::{CampaignStatus, DateRange, Millionths, MoneyKind, Platform, VatBasis};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::{Connection as _, FromRow, PgConnection};

use crate::Store;
use crate::connections::Connection;
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

/// What a platform has told of an account.
#[derive(Debug, Default)]
pub struct ToldByPlatform {
    campaigns: HashSet<i32>,
    days: Vec<(NaiveDate, NaiveDate)>,
    hours: HashSet<(i32, NaiveDate)>,
}

impl ToldByPlatform {
    /// Whether the platform has the word on a campaign's day.
    #[must_use]
    pub fn knows(&self, campaign: i32, date: NaiveDate) -> bool {
        self.campaigns.contains(&campaign) && self.days.iter().any(|(first, last)| *first <= date && date <= *last)
    }

    /// Whether the platform has told a campaign's day by hour.
    #[must_use]
    pub fn knows_hours(&self, campaign: i32, date: NaiveDate) -> bool {
        self.hours.contains(&(campaign, date))
    }
}

/// What a long sync has left to read.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SyncPlan {
    pub sync_type: String,
    pub left_from: NaiveDate,
    pub left_to: NaiveDate,
    pub started_at: DateTime<Utc>,
}

/// Held while an account is synced or a login renewed: one program at a time, over all computers. Given up with the value, or with the program.
pub struct OwnTurn {
    connection: Option<PgConnection>,
}

impl OwnTurn {
    pub(crate) fn of(connection: PgConnection) -> Self {
        Self { connection: Some(connection) }
    }
}

impl Drop for OwnTurn {
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
    pub async fn account_turn(&self, account: i32) -> Result<Option<OwnTurn>, StoreError> {
        let mut own = self.pool.acquire().await?.detach();
        let (mine,): (bool,) = sqlx::query_as("select pg_try_advisory_lock(1836018788, $1)").bind(account).fetch_one(&mut own).await?;
        if mine {
            return Ok(Some(OwnTurn { connection: Some(own) }));
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
            "with rows as (
               select a.id as account, coalesce(l.sync_type in ('morning', 'full', 'deep', 'hourly', 'range'), false) as by_platform,
                      max(l.completed_at) as at, max(m.date) as day
               from marketing_accounts a join campaigns k on k.marketing_account_id = a.id join metric_daily m on m.campaign_id = k.id
               left join data_sync_logs l on l.id = m.run_id
               where a.client_id = $1 and m.date between $2 and $3 group by 1, 2)
             select a.id as account, case when r.by_platform then a.platform::text else 'file' end as source,
                    coalesce(last.at, r.at) as read_at, coalesce(last.day, r.day) as last_day,
                    (select count(*) from metric_revisions v join campaigns k on k.id = v.campaign_id left join data_sync_logs l on l.id = v.run_id
                     where k.marketing_account_id = a.id and v.date between $2 and $3 and v.reason = 0
                       and coalesce(l.sync_type in ('morning', 'full', 'deep', 'hourly', 'range'), false) = r.by_platform) as restated,
                    case when r.by_platform then coalesce((select array_agg(distinct t.date order by t.date) from (
                        select t.date, k.currency, sum(t.cost / (1 + case when k.vat_included then k.vat_rate else 0 end / 100)) as cost, min(t.read_at) as read_at
                        from platform_totals t join money_kinds k on k.id = t.money_kind_id
                        where t.marketing_account_id = a.id and t.date between $2 and $3 group by 1, 2) t
                      left join lateral (
                        select coalesce(sum(m.cost / (1 + case when n.vat_included then n.vat_rate else 0 end / 100)), 0) as cost
                        from campaigns k join metric_daily m on m.campaign_id = k.id join money_kinds n on n.id = m.money_kind_id
                        where k.marketing_account_id = a.id and m.date = t.date and n.currency = t.currency) ours on true
                      where abs(t.cost - ours.cost) > 100000000 and abs(t.cost - ours.cost) * 1000 > abs(t.cost)
                        -- The day was over, and our figures are not newer than the total.
                        and t.date < (t.read_at at time zone coalesce(a.time_zone, 'Asia/Seoul'))::date
                        and not exists (select from data_sync_logs l where l.marketing_account_id = a.id and l.status = 'success'
                                          and l.completed_at > t.read_at and t.date between l.window_from and l.window_to)), '{}') else '{}' end as differing_days
             from rows r join marketing_accounts a on a.id = r.account
             left join lateral (select max(completed_at) as at, max(window_to) as day from data_sync_logs l
                                where r.by_platform and l.marketing_account_id = a.id and l.status = 'success' and l.window_from <= $3 and l.window_to >= $2
                                  and l.sync_type in ('morning', 'full', 'deep', 'hourly', 'range')) last on true
             order by a.platform, a.account_name, a.account_id, r.by_platform desc",
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

    /// Accounts with a long sync that was left unfinished.
    ///
    /// # Errors
    /// The database's.
    pub async fn accounts_with_plans(&self) -> Result<Vec<i32>, StoreError> {
        Ok(sqlx::query_scalar("select marketing_account_id from sync_plans order by 1").fetch_all(&self.pool).await?)
    }

    /// Gives a long sync up: what it has brought stays.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_sync_plan(&self, account: i32) -> Result<(), StoreError> {
        sqlx::query("delete from sync_plans where marketing_account_id = $1").bind(account).execute(&self.pool).await?;
        Ok(())
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
    pub async fn tell_run(
        &mut self,
        run: &RunId,
        window: DateRange,
        requests: u32,
        notes: Option<Value>,
        job_began_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update data_sync_logs set window_from = $2, window_to = $3, requests = $4, notes = $5, job_began_at = $6 where id = $1",
        )
        .bind(run.id())
        .bind(window.from)
        .bind(window.to)
        .bind(i32::try_from(requests).unwrap_or(i32::MAX))
        .bind(notes)
        .bind(job_began_at)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What the platform itself has told of an account: its campaigns, and the days that were read.
    ///
    /// # Errors
    /// The database's.
    pub async fn told_by_platform(&mut self, account: i32, hourly: Option<DateRange>) -> Result<ToldByPlatform, StoreError> {
        let campaigns: Vec<i32> =
            sqlx::query_scalar("select id from campaigns where marketing_account_id = $1 and platform_kind is not null")
                .bind(account)
                .fetch_all(self.connection())
                .await?;
        let days = sqlx::query_as(
            "select lower(days) as first, upper(days) - 1 as last
             from (select unnest(range_agg(daterange(window_from, window_to, '[]'))) as days from data_sync_logs
                   where marketing_account_id = $1 and status = 'success' and window_from is not null
                     and sync_type in ('morning', 'full', 'deep', 'hourly', 'range')) d",
        )
        .bind(account)
        .fetch_all(self.connection())
        .await?;
        let hours: Vec<(i32, NaiveDate)> = match hourly {
            Some(range) => {
                sqlx::query_as(
                    "select distinct m.campaign_id, m.date from campaigns k join metric_hourly m on m.campaign_id = k.id
                     join data_sync_logs s on s.id = m.run_id
                     where k.marketing_account_id = $1 and m.date between $2 and $3 and s.sync_type in ('morning', 'full', 'deep', 'hourly', 'range')",
                )
                .bind(account)
                .bind(range.from)
                .bind(range.to)
                .fetch_all(self.connection())
                .await?
            }
            None => Vec::new(),
        };
        Ok(ToldByPlatform { campaigns: campaigns.into_iter().collect(), days, hours: hours.into_iter().collect() })
    }

    /// Kinds of conversions the run's client counts at its platform; none leaves the choice to the platform.
    ///
    /// # Errors
    /// The database's.
    pub async fn kinds_counted(&mut self, run: &RunId) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("select conversion_kind from client_conversion_kinds where client_id = $1 and platform = $2 order by 1")
            .bind(run.client_id())
            .bind(run.platform().code())
            .fetch_all(self.connection())
            .await?)
    }

    /// The login and the basis of cost an account has now, as a window read for it must have been read.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_still(&mut self, read_for: &Connection) -> Result<bool, StoreError> {
        let now: Option<(Option<i32>, Option<bool>, Option<Decimal>)> =
            sqlx::query_as("select login_id, vat_included, vat_rate from marketing_accounts where id = $1")
                .bind(read_for.id)
                .fetch_optional(self.connection())
                .await?;
        let included = read_for.vat.map(|vat| vat == VatBasis::Included);
        let rate = read_for.vat_rate.map(Millionths::to_decimal);
        Ok(now.is_some_and(|(login, vat, at_rate)| {
            login.is_some() && vat == included && at_rate.map(|rate| rate.normalize()) == rate.map(|rate| rate.normalize())
        }))
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
