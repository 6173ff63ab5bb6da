//! Ad accounts.

use chrono::{DateTime, Utc};
use moa_domain::{Currency, Millionths, Platform, VatBasis};
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::Store;
use crate::error::StoreError;
use crate::kinds::ensure_platform;

#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub id: i32,
    pub public_id: Uuid,
    pub client_id: i32,
    pub client_name: String,
    /// Platform code.
    pub platform: String,
    /// The platform's id, or for accounts known from files only, what the file or the person called it.
    pub account_id: String,
    pub account_name: Option<String>,
    pub currency: Option<Currency>,
    pub vat: Option<VatBasis>,
    pub vat_rate: Option<Millionths>,
    pub time_zone: Option<String>,
    pub is_file_only: bool,
    pub last_run_at: Option<DateTime<Utc>>,
}

/// An account to be found or made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub client_id: i32,
    pub platform: Platform,
    pub account_id: String,
    pub account_name: Option<String>,
    pub currency: Option<Currency>,
    pub vat: Option<VatBasis>,
    pub vat_rate: Option<Millionths>,
    pub time_zone: Option<String>,
    pub file_only: bool,
}

#[derive(FromRow)]
struct Row {
    id: i32,
    public_id: Uuid,
    client_id: i32,
    client_name: String,
    platform: String,
    account_id: String,
    account_name: Option<String>,
    currency: Option<String>,
    vat_included: Option<bool>,
    vat_rate: Option<Decimal>,
    time_zone: Option<String>,
    is_file_only: bool,
    last_run_at: Option<DateTime<Utc>>,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            public_id: row.public_id,
            client_id: row.client_id,
            client_name: row.client_name,
            platform: row.platform,
            account_id: row.account_id,
            account_name: row.account_name,
            currency: row.currency.and_then(|code| code.parse().ok()),
            vat: row.vat_included.map(|included| if included { VatBasis::Included } else { VatBasis::Excluded }),
            vat_rate: row.vat_rate.and_then(|rate| Millionths::from_decimal(rate).ok()),
            time_zone: row.time_zone,
            is_file_only: row.is_file_only,
            last_run_at: row.last_run_at,
        }
    }
}

const SELECT: &str =
    "select a.id, a.public_id, a.client_id, c.name as client_name, a.platform, a.account_id, a.account_name, a.currency, a.vat_included,
       a.vat_rate, a.time_zone, a.is_file_only,
       (select max(l.completed_at) from data_sync_logs l where l.marketing_account_id = a.id and l.status = 'success') as last_run_at
  from marketing_accounts a join clients c on c.id = a.client_id";

impl Store {
    /// Accounts of one client, or of all that were not removed.
    ///
    /// # Errors
    /// The database's.
    pub async fn accounts(&self, client: Option<i32>) -> Result<Vec<Account>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "{SELECT} where c.removed_at is null and ($1::int is null or a.client_id = $1) order by a.platform, a.account_name, a.id"
        )))
        .bind(client)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Account::from).collect())
    }
}

/// Finds the account or makes it; fills what was not known of it before. An account left behind by a removed client follows the one that
/// brings it again, with its figures: nobody could ever see them otherwise, and the platform knows the account only once.
pub(crate) async fn ensure_account(connection: &mut PgConnection, new: &NewAccount) -> Result<Account, StoreError> {
    ensure_platform(&mut *connection, &new.platform).await?;
    sqlx::query(
        "insert into marketing_accounts (platform, account_id, account_name, client_id, currency, vat_included, vat_rate, time_zone, is_file_only, is_connected, user_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, not $9, (select min(id) from users))
         on conflict on constraint marketing_accounts_platform_account_key do nothing",
    )
    .bind(new.platform.code())
    .bind(&new.account_id)
    .bind(&new.account_name)
    .bind(new.client_id)
    .bind(new.currency.map(|currency| currency.code().to_owned()))
    .bind(new.vat.map(|vat| vat == VatBasis::Included))
    .bind(new.vat_rate.map(Millionths::to_decimal))
    .bind(&new.time_zone)
    .bind(new.file_only)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "update marketing_accounts a set client_id = case when removed.id is null then a.client_id else $3 end,
           account_name = coalesce(a.account_name, $4), currency = coalesce(a.currency, $5), vat_included = coalesce(a.vat_included, $6),
           vat_rate = coalesce(a.vat_rate, $7), time_zone = coalesce(a.time_zone, $8)
         from marketing_accounts b left join clients removed on removed.id = b.client_id and removed.removed_at is not null
         where a.platform = $1 and a.account_id = $2 and b.id = a.id
           and (removed.id is not null or (a.client_id = $3 and (
             (a.account_name is null and $4 is not null) or (a.currency is null and $5 is not null) or (a.vat_included is null and $6 is not null)
             or (a.vat_rate is null and $7 is not null) or (a.time_zone is null and $8 is not null))))",
    )
    .bind(new.platform.code())
    .bind(&new.account_id)
    .bind(new.client_id)
    .bind(&new.account_name)
    .bind(new.currency.map(|currency| currency.code().to_owned()))
    .bind(new.vat.map(|vat| vat == VatBasis::Included))
    .bind(new.vat_rate.map(Millionths::to_decimal))
    .bind(&new.time_zone)
    .execute(&mut *connection)
    .await?;
    let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} where a.platform = $1 and a.account_id = $2")))
        .bind(new.platform.code())
        .bind(&new.account_id)
        .fetch_one(connection)
        .await?;
    let account = Account::from(row);
    if account.client_id != new.client_id {
        return Err(StoreError::AccountOfOtherClient {
            platform: account.platform,
            account_id: account.account_id,
            client: account.client_name,
        });
    }
    Ok(account)
}
