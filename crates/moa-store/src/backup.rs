//! Backup: one consistent snapshot in a form no version of Postgres is needed to read.
//!
//! A ZIP file: `manifest.json`, then `tables/<name>.tsv` for each table in Postgres' COPY text form (tab-separated UTF-8, `\N` for NULL,
//! `\t`, `\n`, `\\` escaped). The manifest names form, schema number, and per table its columns, row count and the SHA-256 of its bytes. Roll-ups
//! are not in it: they are made again. Tokens and passwords are not in it: on another machine connections and people sign in again.

use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tokio::sync::mpsc;

use crate::Store;
use crate::error::StoreError;

pub(crate) const FORM: u32 = 1;

/// Every table whose rows are backed up, parents before children, with the columns that stay behind.
pub(crate) const TABLES: &[(&str, &[&str])] = &[
    ("users", &["password_hash"]),
    ("clients", &[]),
    ("client_members", &[]),
    ("platforms", &[]),
    ("channels", &[]),
    ("platform_apps", &["client_secret", "key_id"]),
    ("platform_logins", &["access_token", "refresh_token", "secret", "key_id", "token_expires_at", "login_ends_at", "needs_login"]),
    ("marketing_accounts", &[]),
    ("money_kinds", &[]),
    ("campaigns", &[]),
    ("campaign_aliases", &[]),
    ("data_sync_logs", &[]),
    ("metric_daily", &[]),
    ("metric_hourly", &[]),
    ("conversion_daily", &[]),
    ("breakdown_entities", &[]),
    ("breakdown_daily", &[]),
    ("metric_revisions", &[]),
    ("budget_plans", &[]),
    ("insights", &[]),
    ("insight_reads", &[]),
    ("reports", &[]),
    ("report_files", &[]),
    ("platform_totals", &[]),
    ("client_conversion_kinds", &[]),
    ("import_mappings", &[]),
    ("settings", &[]),
    ("fees", &[]),
    ("exchange_rates", &[]),
    ("tombstones", &[]),
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) form: u32,
    pub(crate) schema_version: i32,
    pub(crate) made_at: DateTime<Utc>,
    /// First and last day of any partitioned table.
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) tables: Vec<TableEntry>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TableEntry {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: u64,
    pub(crate) sha256: String,
}

/// What a backup or restore moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupSummary {
    pub tables: usize,
    pub rows: u64,
    pub bytes: u64,
}

/// What the writing thread is told.
enum Part {
    Table(String),
    Chunk(Bytes),
    Manifest(Vec<u8>),
}

impl Store {
    /// Writes a snapshot of everything to `path`, beside it first, then in one rename.
    ///
    /// # Errors
    /// [`StoreError::NotABackup`] when the path holds something else already, [`StoreError::File`] when the file cannot be written, or the
    /// database's. A half-written file is removed.
    pub async fn backup(&self, path: &Path) -> Result<BackupSummary, StoreError> {
        let target = path.to_owned();
        let free = tokio::task::spawn_blocking(move || !target.exists() || is_backup(&target)).await;
        if !free.map_err(|error| file_error(path, std::io::Error::other(error)))? {
            return Err(StoreError::NotABackup { path: path.display().to_string() });
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(".partial");
        let partial = PathBuf::from(beside);
        let (parts, received) = mpsc::channel(16);
        let (place, target) = (partial.clone(), path.to_owned());
        let writer = tokio::task::spawn_blocking(move || write_zip(&place, &target, received));
        let sent = self.send_snapshot(&parts).await;
        drop(parts);
        let written = writer.await.map_err(|error| file_error(path, std::io::Error::other(error)))?;
        let done = match (sent, written) {
            (Ok((tables, rows)), Ok(bytes)) => tokio::fs::rename(&partial, path)
                .await
                .map_err(|error| file_error(path, error))
                .map(|()| BackupSummary { tables, rows, bytes }),
            // A full disk is told by the writer; the sender only saw a closed channel.
            (_, Err(error)) => Err(error),
            (Err(error), Ok(_)) => Err(error),
        };
        if done.is_err() && tokio::fs::remove_file(&partial).await.is_err() {
            tracing::warn!(file = %partial.display(), "a half-written backup could not be removed");
        }
        done
    }

    async fn send_snapshot(&self, parts: &mpsc::Sender<Part>) -> Result<(usize, u64), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *tx).await?;
        let (schema_version,): (i32,) = sqlx::query_as("select schema_version from workspace").fetch_one(&mut *tx).await?;
        let (from, to): (Option<NaiveDate>, Option<NaiveDate>) = sqlx::query_as(
            "select min(lo), max(hi) from (
               select min(date) as lo, max(date) as hi from metric_daily union all select min(date), max(date) from metric_hourly union all
               select min(date), max(date) from breakdown_daily union all select min(date), max(date) from conversion_daily union all
               select min(date), max(date) from metric_revisions) d",
        )
        .fetch_one(&mut *tx)
        .await?;
        let mut manifest = Manifest { form: FORM, schema_version, made_at: Utc::now(), from, to, tables: Vec::new() };
        for (name, left_out) in TABLES {
            send(parts, Part::Table((*name).to_owned())).await?;
            manifest.tables.push(send_table(&mut tx, parts, name, left_out).await?);
        }
        let text = serde_json::to_vec_pretty(&manifest).map_err(|error| StoreError::BadBackup { reason: error.to_string() })?;
        send(parts, Part::Manifest(text)).await?;
        Ok((manifest.tables.len(), manifest.tables.iter().map(|table| table.rows).sum()))
    }
}

async fn send_table(
    connection: &mut PgConnection,
    parts: &mpsc::Sender<Part>,
    name: &str,
    left_out: &[&str],
) -> Result<TableEntry, StoreError> {
    let columns: Vec<(String,)> = sqlx::query_as(
        "select attname::text from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attname <> all ($2) order by attnum",
    )
    .bind(name)
    .bind(left_out)
    .fetch_all(&mut *connection)
    .await?;
    let columns: Vec<String> = columns.into_iter().map(|(column,)| column).collect();
    let list = columns.join(", ");
    let mut hash = Sha256::new();
    let mut rows = 0;
    let mut chunks = connection.copy_out_raw(&format!("copy (select {list} from {name}) to stdout")).await?;
    while let Some(chunk) = chunks.try_next().await? {
        hash.update(&chunk);
        // In the text form a line break ends a row and stands nowhere else.
        rows += chunk.iter().filter(|byte| **byte == b'\n').count() as u64;
        send(parts, Part::Chunk(chunk)).await?;
    }
    Ok(TableEntry { name: name.to_owned(), columns, rows, sha256: hex(&hash.finalize()) })
}

async fn send(parts: &mpsc::Sender<Part>, part: Part) -> Result<(), StoreError> {
    parts.send(part).await.map_err(|_| StoreError::BadBackup { reason: "the file could not be written".to_owned() })
}

/// Writes to `place`; errors name `target`, the file a person asked for.
fn write_zip(place: &Path, target: &Path, mut parts: mpsc::Receiver<Part>) -> Result<u64, StoreError> {
    let failed = |error: std::io::Error| file_error(target, error);
    let file = std::fs::File::create(place).map_err(failed)?;
    let mut zip = zip::ZipWriter::new(Archive { file: std::io::BufWriter::new(file), is_broken: false });
    let options = zip::write::SimpleFileOptions::default().large_file(true);
    while let Some(part) = parts.blocking_recv() {
        match part {
            Part::Table(name) => zip.start_file(format!("tables/{name}.tsv"), options).map_err(|error| failed(error.into()))?,
            Part::Chunk(bytes) => zip.write_all(&bytes).map_err(failed)?,
            Part::Manifest(bytes) => {
                zip.start_file("manifest.json", options).map_err(|error| failed(error.into()))?;
                zip.write_all(&bytes).map_err(failed)?;
            }
        }
    }
    let archive = zip.finish().map_err(|error| failed(error.into()))?;
    let file = archive.file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok(file.metadata().map_err(failed)?.len())
}

/// The file of an archive. After a failure it takes everything and keeps nothing: an archive that is given up finishes itself once more, and
/// would complain on standard error that it cannot.
struct Archive {
    file: std::io::BufWriter<std::fs::File>,
    is_broken: bool,
}

impl Archive {
    fn noted<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        self.is_broken |= done.is_err();
        done
    }
}

impl Write for Archive {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.is_broken {
            return Ok(bytes.len());
        }
        let done = self.file.write(bytes);
        self.noted(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.is_broken {
            return Ok(());
        }
        let done = self.file.flush();
        self.noted(done)
    }
}

impl Seek for Archive {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        if self.is_broken {
            return Ok(0);
        }
        let done = self.file.seek(to);
        self.noted(done)
    }
}

pub(crate) fn file_error(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File { path: path.display().to_string(), source }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder a relative path stands in is the caller's; kept here so that both directions word a missing file alike.
/// A backup of before is replaced by a newer one; anything else of that name is somebody's work.
fn is_backup(path: &Path) -> bool {
    let zip = std::fs::File::open(path).ok().and_then(|file| zip::ZipArchive::new(file).ok());
    zip.is_some_and(|zip| zip.index_for_name("manifest.json").is_some())
}

pub(crate) fn open(path: &PathBuf) -> Result<std::fs::File, StoreError> {
    std::fs::File::open(path).map_err(|error| file_error(path, error))
}
