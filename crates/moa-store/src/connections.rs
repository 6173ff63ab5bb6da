//! Connected ad accounts: connecting, assigning, claiming what was imported by file, disconnecting; and how each one fares.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::{Currency, DateRange, Millionths, Platform, VatBasis};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::Store;
use crate::accounts::{NewAccount, ensure_account};
use crate::conversion_kinds::recount;
use crate::error::StoreError;

/// An ad account with everything a sync or a person needs to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    pub id: i32,
    pub public_id: Uuid,
    pub client_id: i32,
    pub client: String,
    /// Percent in millionths.
    pub client_vat_rate: Millionths,
    pub client_currency: Currency,
    pub platform: Platform,
    pub account_id: String,
    pub account_name: Option<String>,
    pub currency: Option<Currency>,
    pub vat: Option<VatBasis>,
    pub vat_rate: Option<Millionths>,
    pub vat_is_assumed: bool,
    pub time_zone: Option<String>,
    pub via: Option<String>,
    pub login_id: Option<i32>,
    pub is_connected: bool,
    pub is_file_only: bool,
    pub login_needs_person: bool,
    pub login_ends_at: Option<DateTime<Utc>>,
    /// Code and values of what kept the last run from succeeding.
    pub trouble: Option<Value>,
    /// The attribution window behind conversions, in the platform's words.
    pub attribution: Option<String>,
    /// End of the last run that brought everything it asked for.
    pub last_success: Option<DateTime<Utc>>,
    /// When the days a platform still restates were last read whole.
    pub looked_back: Option<DateTime<Utc>>,
    /// When those it may restate late were.
    pub last_deep: Option<DateTime<Utc>>,
    /// State of the last run by connector: `success`, `failed`, `partial`, `in_progress`.
    pub last_status: Option<String>,
    pub last_day: Option<NaiveDate>,
    pub balance: Option<Millionths>,
    pub balance_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct Row {
    id: i32,
    public_id: Uuid,
    client_id: i32,
    client: String,
    client_vat_rate: Decimal,
    client_currency: String,
    platform: String,
    account_id: String,
    account_name: Option<String>,
    currency: Option<String>,
    vat_included: Option<bool>,
    vat_rate: Option<Decimal>,
    vat_is_assumed: bool,
    time_zone: Option<String>,
    via: Option<String>,
    login_id: Option<i32>,
    is_connected: bool,
    is_file_only: bool,
    login_needs_person: bool,
    login_ends_at: Option<DateTime<Utc>>,
    trouble: Option<Value>,
    attribution: Option<String>,
    last_success: Option<DateTime<Utc>>,
    looked_back: Option<DateTime<Utc>>,
    last_deep: Option<DateTime<Utc>>,
    last_status: Option<String>,
    last_day: Option<NaiveDate>,
    balance: Option<i64>,
    balance_at: Option<DateTime<Utc>>,
}

impl From<Row> for Connection {
    fn from(row: Row) -> Self {
        let percent = |rate: Decimal| Millionths::from_decimal(rate).unwrap_or(Millionths::ZERO);
        Self {
            id: row.id,
            public_id: row.public_id,
            client_id: row.client_id,
            client: row.client,
            client_vat_rate: percent(row.client_vat_rate),
            client_currency: row.client_currency.parse().unwrap_or(Currency::KRW),
            platform: row.platform.parse().unwrap_or(Platform::Other(row.platform)),
            account_id: row.account_id,
            account_name: row.account_name,
            currency: row.currency.and_then(|code| code.parse().ok()),
            vat: row.vat_included.map(|included| if included { VatBasis::Included } else { VatBasis::Excluded }),
            vat_rate: row.vat_rate.map(percent),
            vat_is_assumed: row.vat_is_assumed,
            time_zone: row.time_zone,
            via: row.via,
            login_id: row.login_id,
            is_connected: row.is_connected,
            is_file_only: row.is_file_only,
            login_needs_person: row.login_needs_person,
            login_ends_at: row.login_ends_at,
            trouble: row.trouble,
            attribution: row.attribution,
            last_success: row.last_success,
            looked_back: row.looked_back,
            last_deep: row.last_deep,
            last_status: row.last_status,
            last_day: row.last_day,
            balance: row.balance.map(Millionths),
            balance_at: row.balance_at,
        }
    }
}

/// Runs by connector are told from files and plain SQL by their sync type.
const SELECT: &str = "select a.id, a.public_id, a.client_id, c.name as client, c.vat_rate as client_vat_rate, c.currency::text as client_currency,
   a.platform::text as platform, a.account_id::text as account_id, a.account_name::text as account_name, a.currency::text as currency, a.vat_included, a.vat_rate,
   a.vat_is_assumed, a.time_zone, a.via, a.login_id, a.is_connected, a.is_file_only, coalesce(l.needs_login or (l.access_token is null and l.secret is null), false) as login_needs_person, l.login_ends_at,
   a.trouble, a.attribution, ok.at as last_success, ok.looked_back, ok.deep as last_deep, last.status::text as last_status, ok.day as last_day, a.balance,
   a.balance_at
 from marketing_accounts a join clients c on c.id = a.client_id and c.removed_at is null left join platform_logins l on l.id = a.login_id
 left join lateral (select max(completed_at) as at, max(window_to) as day,
                      -- Jobs that were read to their end: their figures are as new as their beginning.
                      max(job_began_at) filter (where sync_type in ('morning', 'full', 'deep')) as looked_back,
                      max(job_began_at) filter (where sync_type in ('full', 'deep')) as deep from data_sync_logs
                    where marketing_account_id = a.id and status = 'success' and sync_type in ('morning', 'full', 'deep', 'hourly', 'range')) ok on true
 left join lateral (select status from data_sync_logs where marketing_account_id = a.id and sync_type in ('morning', 'full', 'deep', 'hourly', 'range')
                    order by id desc limit 1) last on true";

/// An account to be connected.
#[derive(Debug, Clone)]
pub struct NewConnection {
    pub account: NewAccount,
    pub via: Option<String>,
    /// Somebody has said what the account's cost is; else it is what the platform usually tells, which may be a guess.
    pub vat_is_named: bool,
    pub vat_is_assumed: bool,
    pub login_id: i32,
}

/// What claiming brought together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Claimed {
    /// Campaigns that are one with a campaign of the connected account now.
    pub merged: usize,
    /// Campaigns the platform no longer lists: they moved over with their figures.
    pub moved: usize,
}

/// A campaign known by file beside those of the connected account it may be, the surest first.
#[derive(FromRow)]
struct Likely {
    from: i32,
    /// The only one it can be.
    to: Option<i32>,
    name: String,
    /// The first day any of them has.
    first: Option<NaiveDate>,
}

/// By id, else by name, else by a former name. Whose id is known is not another id's, whatever its name.
const LIKELY: &str = "
  with fits as (
    select f.id as f, k.id as k, f.campaign_name::text as name,
           case when f.id_known then 1 when k.campaign_name = f.campaign_name then 2 else 3 end as rank
    from campaigns f join campaigns k on k.marketing_account_id = $2
      and case when f.id_known then k.campaign_id = f.campaign_id
               else k.campaign_name = f.campaign_name
                 or exists (select from campaign_aliases s where s.campaign_id = k.id and s.alias = f.campaign_name) end
    where f.marketing_account_id = $1),
  best as (select fits.*, min(rank) over (partition by f) as surest from fits)
  select f as from, case when count(distinct k) = 1 then min(k) end as to, min(name) as name,
         (select min(m.date) from metric_daily m where m.campaign_id = any (array_agg(b.k))) as first
  from best b where rank = surest group by f order by min(rank), f";

/// Counts the conversions of an account as its client has chosen.
async fn recount_account(connection: &mut PgConnection, account: i32, client: i32) -> Result<(), StoreError> {
    let kinds: Vec<String> = sqlx::query_scalar(
        "select k.conversion_kind from client_conversion_kinds k join marketing_accounts a on a.platform = k.platform
         where k.client_id = $1 and a.id = $2",
    )
    .bind(client)
    .bind(account)
    .fetch_all(&mut *connection)
    .await?;
    recount(connection, account, &kinds).await
}

impl Store {
    /// Ad accounts of one client or of all, by platform and name.
    ///
    /// # Errors
    /// The database's.
    pub async fn connections(&self, client: Option<i32>) -> Result<Vec<Connection>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "{SELECT} where $1::int is null or a.client_id = $1 order by a.platform, a.account_name, a.account_id"
        )))
        .bind(client)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Connection::from).collect())
    }

    /// One ad account.
    ///
    /// # Errors
    /// The database's.
    pub async fn connection(&self, id: i32) -> Result<Option<Connection>, StoreError> {
        let row: Option<Row> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} where a.id = $1"))).bind(id).fetch_optional(&self.pool).await?;
        Ok(row.map(Connection::from))
    }

    /// The platform's ids of the accounts a login reads.
    ///
    /// # Errors
    /// The database's.
    pub async fn accounts_of_login(&self, login: i32) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("select account_id::text from marketing_accounts where login_id = $1 order by account_id")
            .bind(login)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Notes another way an account is reached.
    ///
    /// # Errors
    /// The database's.
    pub async fn reached_by(&self, account: i32, via: Option<&str>) -> Result<(), StoreError> {
        sqlx::query("update marketing_accounts set via = $2 where id = $1").bind(account).bind(via).execute(&self.pool).await?;
        Ok(())
    }

    /// Connects an account through a login; one that was connected before or imported under the same id keeps its figures. The basis of cost is
    /// the one that was named, else for an account that was not connected before the platform's own: a file's says nothing of it.
    ///
    /// # Errors
    /// [`StoreError::AccountOfOtherClient`], or the database's.
    pub async fn connect_account(&self, new: &NewConnection) -> Result<i32, StoreError> {
        let mut tx = self.pool.begin().await?;
        let account = ensure_account(&mut tx, &new.account).await?;
        sqlx::query(
            "update marketing_accounts set login_id = $2, via = $3, is_connected = true, is_file_only = false, trouble = null,
               account_name = coalesce($4, account_name),
               vat_included = case when $9 or a.is_new then $6 else coalesce(vat_included, $6) end,
               vat_is_assumed = case when $9 then false when a.is_new then $5 else vat_is_assumed end,
               currency = coalesce($7, currency), time_zone = coalesce($8, time_zone)
             from (select id, is_file_only or (is_connected and login_id is null) as is_new from marketing_accounts where id = $1) a
             where marketing_accounts.id = a.id",
        )
        .bind(account.id)
        .bind(new.login_id)
        .bind(&new.via)
        .bind(&new.account.account_name)
        .bind(new.vat_is_assumed)
        .bind(new.account.vat.map(|vat| vat == VatBasis::Included))
        .bind(new.account.currency.map(|currency| currency.code().to_owned()))
        .bind(&new.account.time_zone)
        .bind(new.vat_is_named)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(account.id)
    }

    /// Gives an account to another client, figures included.
    ///
    /// # Errors
    /// The database's.
    pub async fn assign_account(&self, account: i32, client: i32) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        // As whoever writes to it: the lock first, then the row.
        sqlx::query("select pg_advisory_xact_lock(1836018786, $1)").bind(account).execute(&mut *tx).await?;
        sqlx::query("update marketing_accounts set client_id = $2 where id = $1").bind(account).bind(client).execute(&mut *tx).await?;
        recount_account(&mut tx, account, client).await?;
        Ok(tx.commit().await?)
    }

    /// Sets the basis of an account's cost as somebody has confirmed it; later figures are of it.
    ///
    /// # Errors
    /// The database's.
    pub async fn confirm_vat(&self, account: i32, vat: VatBasis, rate: Option<Millionths>) -> Result<(), StoreError> {
        sqlx::query(
            "update marketing_accounts set vat_included = $2, vat_rate = coalesce($3, vat_rate), vat_is_assumed = false where id = $1",
        )
        .bind(account)
        .bind(vat == VatBasis::Included)
        .bind(rate.map(Millionths::to_decimal))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes the login away; figures stay.
    ///
    /// # Errors
    /// The database's.
    pub async fn disconnect_account(&self, account: i32) -> Result<(), StoreError> {
        sqlx::query("update marketing_accounts set is_connected = false, login_id = null, trouble = null where id = $1")
            .bind(account)
            .execute(&self.pool)
            .await?;
        self.forget_unused_logins().await
    }

    /// Points accounts of ended logins, and of earlier logins of the same person, to a new one: one sign-in repairs them all. Gives how many.
    /// Each account stands with the way it is reached now, which may be another than before. A login that works gives its accounts only to one
    /// that `ends` later, or never.
    ///
    /// # Errors
    /// The database's.
    pub async fn repair_accounts(
        &self,
        platform: &Platform,
        reachable: &[(String, Option<String>)],
        login: i32,
        label: &str,
        ends: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError> {
        let (ids, ways): (Vec<String>, Vec<Option<String>>) = reachable.iter().cloned().unzip();
        let repaired = sqlx::query(
            "update marketing_accounts a set login_id = $3, via = r.via, is_connected = true, trouble = null
             from platform_logins l, unnest($2::text[], $5::text[]) r (id, via)
             where l.id = a.login_id and a.platform = $1 and a.account_id = r.id and l.id <> $3
               and (l.needs_login
                    or ((l.login_ends_at is not null or (l.label <> '' and l.label = $4)) and ($6::timestamptz is null or $6 > l.login_ends_at))
                    -- Holds no secret any more, as after a restore.
                    or (l.access_token is null and l.secret is null)
                    or a.trouble->>'code' in ('platform.missing_scope', 'platform.needs_login', 'platform.app_refused', 'platform.not_ads_user',
                                              'sync.secret_elsewhere'))",
        )
        .bind(platform.code())
        .bind(ids)
        .bind(login)
        .bind(label)
        .bind(ways)
        .bind(ends)
        .execute(&self.pool)
        .await?;
        Ok(repaired.rows_affected())
    }

    /// Accounts known by file beside the only connected account of their client and platform that has campaigns of the same names: (by file,
    /// connected, campaigns of one name).
    ///
    /// # Errors
    /// The database's.
    pub async fn claimable_accounts(&self) -> Result<Vec<(i32, i32, i64)>, StoreError> {
        Ok(sqlx::query_as(
            "select by_file, min(connected), max(shared) from (
               select f.id as by_file, k.id as connected, count(distinct c.campaign_name) as shared
               from marketing_accounts f
               join marketing_accounts k on k.client_id = f.client_id and k.platform = f.platform and k.is_connected and not k.is_file_only
               join campaigns c on c.marketing_account_id = f.id
               join campaigns t on t.marketing_account_id = k.id and (t.campaign_name = c.campaign_name or (c.id_known and t.campaign_id = c.campaign_id))
               where f.is_file_only group by f.id, k.id) pairs
             group by by_file having count(*) = 1 order by by_file",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Brings an account that was imported by file and its connected twin together. A campaign of one id, else of one name, is one campaign: the
    /// connected one's figures count from the first day it has, the file's before that. A name that means several campaigns moves over with
    /// the days none of them has; campaigns the platform does not list move over whole. The account by file is gone then; its names stay as
    /// aliases.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim_account(&self, by_file: i32, connected: i32) -> Result<Claimed, StoreError> {
        let mut tx = self.pool.begin().await?;
        for account in [by_file.min(connected), by_file.max(connected)] {
            sqlx::query("select pg_advisory_xact_lock(1836018786, $1)").bind(account).execute(&mut *tx).await?;
        }
        sqlx::query("select set_config('moa.sums_follow', 'on', true)").execute(&mut *tx).await?;
        let clients: Vec<i32> = sqlx::query_scalar("select distinct client_id from marketing_accounts where id in ($1, $2)")
            .bind(by_file)
            .bind(connected)
            .fetch_all(&mut *tx)
            .await?;
        let likely: Vec<Likely> = sqlx::query_as(LIKELY).bind(by_file).bind(connected).fetch_all(&mut *tx).await?;
        // The surest match of a connected campaign is the same one; every other only has its days.
        let mut taken = BTreeSet::new();
        let (mut pairs, mut beside) = (Vec::new(), Vec::new());
        for Likely { from, to, name, first } in likely {
            match to {
                Some(to) if taken.insert(to) => pairs.push((from, to, name)),
                _ => beside.extend(first.map(|first| (from, first))),
            }
        }
        for (campaign, first) in beside {
            sqlx::query("select cut_campaign_figures($1, $2)").bind(campaign).bind(first).execute(&mut *tx).await?;
        }
        for (from, to, name) in &pairs {
            sqlx::query("select merge_campaign_figures($1, $2)").bind(from).bind(to).execute(&mut *tx).await?;
            sqlx::query("insert into campaign_aliases (campaign_id, alias) values ($1, $2) on conflict do nothing")
                .bind(to)
                .bind(name)
                .execute(&mut *tx)
                .await?;
        }
        let merged: Vec<i32> = pairs.iter().map(|(from, ..)| *from).collect();
        sqlx::query("delete from campaigns where id = any ($1)").bind(&merged).execute(&mut *tx).await?;
        let moved = sqlx::query("update campaigns set marketing_account_id = $2 where marketing_account_id = $1")
            .bind(by_file)
            .bind(connected)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        sqlx::query("update data_sync_logs set marketing_account_id = $2 where marketing_account_id = $1")
            .bind(by_file)
            .bind(connected)
            .execute(&mut *tx)
            .await?;
        sqlx::query("delete from marketing_accounts where id = $1").bind(by_file).execute(&mut *tx).await?;
        sqlx::query("select refresh_account($1)").bind(connected).execute(&mut *tx).await?;
        // Also days that nothing is left of.
        sqlx::query("select refresh_clients($1)").bind(clients).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(Claimed { merged: merged.len(), moved: usize::try_from(moved).unwrap_or(0) })
    }

    /// Notes how an account fares: what keeps it from being read, or `None` when it was.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_trouble(&self, account: i32, trouble: Option<Value>) -> Result<(), StoreError> {
        sqlx::query("update marketing_accounts set trouble = $2 where id = $1 and trouble is distinct from $2")
            .bind(account)
            .bind(trouble)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// # Errors
    /// The database's.
    pub async fn note_balance(&self, account: i32, balance: Millionths) -> Result<(), StoreError> {
        sqlx::query("update marketing_accounts set balance = $2, balance_at = now() where id = $1")
            .bind(account)
            .bind(balance.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// First and last day with figures of an account.
    ///
    /// # Errors
    /// The database's.
    pub async fn days_of_account(&self, account: i32) -> Result<Option<DateRange>, StoreError> {
        let (from, to): (Option<NaiveDate>, Option<NaiveDate>) = sqlx::query_as(
            "select min(m.date), max(m.date) from campaigns k join metric_daily m on m.campaign_id = k.id where k.marketing_account_id = $1",
        )
        .bind(account)
        .fetch_one(&self.pool)
        .await?;
        Ok(from.zip(to).map(|(from, to)| DateRange { from, to }))
    }
}
