//! Clients (광고주).

use moa_domain::{Currency, Millionths};
use rust_decimal::Decimal;
use sqlx::FromRow;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::Store;
use crate::error::StoreError;

#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    pub id: i32,
    pub public_id: Uuid,
    pub name: String,
    pub currency: Currency,
    /// Percent.
    pub vat_rate: Millionths,
    pub is_sample: bool,
}

#[derive(Debug, Clone)]
pub struct NewClient {
    pub name: String,
    pub currency: Currency,
    pub vat_rate: Millionths,
    pub is_sample: bool,
}

/// What changes; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct ClientEdit {
    pub name: Option<String>,
    pub currency: Option<Currency>,
    pub vat_rate: Option<Millionths>,
}

#[derive(FromRow)]
struct Row {
    id: i32,
    public_id: Uuid,
    name: String,
    currency: String,
    vat_rate: Decimal,
    is_sample: bool,
}

impl From<Row> for Client {
    fn from(row: Row) -> Self {
        let kind = crate::kinds::kind_of(&row.currency, false, row.vat_rate);
        Self {
            id: row.id,
            public_id: row.public_id,
            name: row.name,
            currency: kind.currency,
            vat_rate: kind.vat_rate,
            is_sample: row.is_sample,
        }
    }
}

const COLUMNS: &str = "id, public_id, name, currency, vat_rate, is_sample";

impl Store {
    /// Every client that was not removed, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn clients(&self) -> Result<Vec<Client>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from clients where removed_at is null order by is_sample, name, id"
        )))
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Client::from).collect())
    }

    /// By exact name (composed form, trimmed), else by the only name that differs in case alone.
    ///
    /// # Errors
    /// The database's.
    pub async fn client_by_name(&self, name: &str) -> Result<Option<Client>, StoreError> {
        let name: String = name.trim().nfc().collect();
        let mut clients = self.clients().await?;
        if let Some(position) = clients.iter().position(|client| client.name == name) {
            return Ok(Some(clients.swap_remove(position)));
        }
        let folded = name.to_lowercase();
        clients.retain(|client| client.name.to_lowercase() == folded);
        Ok(if clients.len() == 1 { clients.pop() } else { None })
    }

    /// # Errors
    /// The database's.
    pub async fn client(&self, id: i32) -> Result<Option<Client>, StoreError> {
        let row: Option<Row> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from clients where id = $1 and removed_at is null")))
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(Client::from))
    }

    /// # Errors
    /// [`StoreError::NameTaken`], or the database's.
    pub async fn add_client(&self, new: NewClient) -> Result<Client, StoreError> {
        let name: String = new.name.trim().nfc().collect();
        let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "insert into clients (name, currency, vat_rate, is_sample) values ($1, $2, $3, $4) returning {COLUMNS}"
        )))
        .bind(&name)
        .bind(new.currency.code())
        .bind(new.vat_rate.to_decimal())
        .bind(new.is_sample)
        .fetch_one(&self.pool)
        .await
        .map_err(|error| name_taken(error, &name))?;
        Ok(row.into())
    }

    /// # Errors
    /// [`StoreError::NameTaken`], [`StoreError::UnknownClient`], or the database's.
    pub async fn edit_client(&self, id: i32, edit: ClientEdit) -> Result<Client, StoreError> {
        let name: Option<String> = edit.name.map(|name| name.trim().nfc().collect());
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "update clients set name = coalesce($2, name), currency = coalesce($3, currency), vat_rate = coalesce($4, vat_rate)
             where id = $1 and removed_at is null returning {COLUMNS}"
        )))
        .bind(id)
        .bind(&name)
        .bind(edit.currency.as_ref().map(Currency::code))
        .bind(edit.vat_rate.map(Millionths::to_decimal))
        .fetch_optional(&self.pool)
        .await
        .map_err(|error| name_taken(error, name.as_deref().unwrap_or_default()))?;
        row.map(Client::from).ok_or(StoreError::UnknownClient { id })
    }

    /// Takes the client out of every screen and total; its figures stay stored, its name becomes free.
    ///
    /// # Errors
    /// [`StoreError::UnknownClient`], or the database's.
    pub async fn remove_client(&self, id: i32) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        // A trigger takes its figures out of the agency's roll-ups.
        let removed =
            sqlx::query("update clients set removed_at = now() where id = $1 and removed_at is null").bind(id).execute(&mut *tx).await?;
        if removed.rows_affected() == 0 {
            return Err(StoreError::UnknownClient { id });
        }
        sqlx::query("insert into tombstones (table_name, public_id) select 'clients', public_id from clients where id = $1")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

fn name_taken(error: sqlx::Error, name: &str) -> StoreError {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some("clients_name_key") => StoreError::NameTaken { name: name.to_owned() },
        _ => error.into(),
    }
}
