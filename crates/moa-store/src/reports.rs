//! Issued reports: the frozen document and the produced bytes.

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::DateRange;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::error::StoreError;

/// A report as it was made.
#[derive(Debug, Clone)]
pub struct NewReport {
    pub client_id: i32,
    pub title: String,
    /// `daily`, `weekly`, `monthly`, `custom`.
    pub report_type: String,
    pub range: DateRange,
    /// `completed` or `held`.
    pub status: String,
    pub config: Value,
    pub document: Value,
    pub files: Vec<ReportFileRow>,
}

/// One produced file.
#[derive(Debug, Clone)]
pub struct ReportFileRow {
    /// `pdf` or `xlsx`.
    pub kind: &'static str,
    pub file_name: String,
    pub sha256: Vec<u8>,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, FromRow)]
pub struct ReportRow {
    pub public_id: Uuid,
    pub client: String,
    pub title: String,
    pub report_type: String,
    pub date_from: NaiveDate,
    pub date_to: NaiveDate,
    pub status: String,
    pub config: Option<Value>,
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// Keeps a report with its bytes, in one transaction.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_report(&self, new: NewReport) -> Result<ReportRow, StoreError> {
        let mut tx = self.pool.begin().await?;
        let (id,): (i32,) = sqlx::query_as(
            "insert into reports (client_id, user_id, title, report_type, date_from, date_to, status, config, document, completed_at)
             values ($1, (select min(id) from users), $2, $3, $4, $5, $6, $7, $8, now()) returning id",
        )
        .bind(new.client_id)
        .bind(&new.title)
        .bind(&new.report_type)
        .bind(new.range.from)
        .bind(new.range.to)
        .bind(&new.status)
        .bind(&new.config)
        .bind(&new.document)
        .fetch_one(&mut *tx)
        .await?;
        for file in &new.files {
            sqlx::query("insert into report_files (report_id, kind, file_name, sha256, bytes) values ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(file.kind)
                .bind(&file.file_name)
                .bind(&file.sha256)
                .bind(&file.bytes)
                .execute(&mut *tx)
                .await?;
        }
        let row = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} where r.id = $1"))).bind(id).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// A client's reports, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn reports(&self, client: i32, limit: i64) -> Result<Vec<ReportRow>, StoreError> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} where r.client_id = $1 order by r.created_at desc limit $2")))
            .bind(client)
            .bind(limit)
            .fetch_all(&self.pool)
            .await?)
    }
}

const SELECT: &str =
    "select r.public_id, c.name as client, r.title::text as title, r.report_type::text as report_type, r.date_from, r.date_to,
  r.status::text as status, r.config, r.created_at from reports r join clients c on c.id = r.client_id";
