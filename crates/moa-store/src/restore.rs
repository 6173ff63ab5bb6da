//! Restore: fills an empty workspace from a backup, in one transaction.

use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use moa_domain::DateRange;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tokio::sync::mpsc;

use crate::Store;
use crate::backup::{BackupSummary, FORM, Manifest, TABLES, TableEntry, hex, open};
use crate::bootstrap::SCHEMA;
use crate::error::StoreError;

/// Bytes sent to the server at once.
const CHUNK: usize = 1 << 16;
/// A manifest is a few kilobytes; a file that says otherwise is none of ours.
const MANIFEST_LIMIT: u64 = 1 << 20;
/// What a new workspace holds already; it comes back from the backup.
const PREFILLED: [&str; 6] = ["data_sync_logs", "channels", "platforms", "users", "settings", "money_kinds"];

impl Store {
    /// Fills an empty workspace. Counts and hashes are checked before anything is kept; roll-ups are made again.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`], [`StoreError::BadBackup`], [`StoreError::BackupNewer`], or the database's; nothing was changed then.
    pub async fn restore(&self, path: &Path) -> Result<BackupSummary, StoreError> {
        let path = path.to_owned();
        let manifest = read_manifest(path.clone()).await?;
        if is_used(&mut *self.pool.acquire().await?).await? {
            return Err(StoreError::NotEmpty);
        }
        if let (Some(from), Some(to)) = (manifest.from, manifest.to) {
            self.ensure_partitions(DateRange { from, to }).await?;
        }
        let mut tx = self.pool.begin().await?;
        // Nobody adds a client meanwhile, and a second restore waits and finds the workspace used.
        sqlx::query("lock table clients in share row exclusive mode").execute(&mut *tx).await?;
        if is_used(&mut tx).await? {
            return Err(StoreError::NotEmpty);
        }
        sqlx::query("set local moa.restoring = 'on'").execute(&mut *tx).await?;
        for table in PREFILLED {
            sqlx::query(sqlx::AssertSqlSafe(format!("delete from {table}"))).execute(&mut *tx).await?;
        }
        for table in &manifest.tables {
            fill(&mut tx, path.clone(), table).await?;
        }
        after(&mut tx).await?;
        tx.commit().await?;
        let bytes = tokio::fs::metadata(&path).await.map_or(0, |meta| meta.len());
        Ok(BackupSummary { tables: manifest.tables.len(), rows: manifest.tables.iter().map(|table| table.rows).sum(), bytes })
    }
}

/// Something is there that a new workspace does not hold.
async fn is_used(connection: &mut PgConnection) -> Result<bool, StoreError> {
    for (table, _) in TABLES.iter().filter(|(table, _)| !PREFILLED.contains(table)) {
        let (used,): (bool,) =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("select exists (select from {table})"))).fetch_one(&mut *connection).await?;
        if used {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Sequences go on after the highest number; roll-ups are made from the rows.
async fn after(connection: &mut PgConnection) -> Result<(), StoreError> {
    let numbered: Vec<(String, String, String)> = sqlx::query_as(
        "select c.relname::text, a.attname::text, pg_get_serial_sequence(c.oid::regclass::text, a.attname) from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and pg_get_serial_sequence(c.oid::regclass::text, a.attname) is not null",
    )
    .fetch_all(&mut *connection)
    .await?;
    for (table, column, sequence) in numbered {
        sqlx::query(sqlx::AssertSqlSafe(format!("select setval($1::regclass, greatest(coalesce(max({column}), 1), 1)) from {table}")))
            .bind(sequence)
            .execute(&mut *connection)
            .await?;
    }
    let counting: Vec<(String,)> = sqlx::query_as(
        "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'change_seq'
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'",
    )
    .fetch_all(&mut *connection)
    .await?;
    let highest: Vec<String> = counting.into_iter().map(|(table,)| format!("select max(change_seq) as n from {table}")).collect();
    sqlx::query(sqlx::AssertSqlSafe(format!("select setval('change_seq', greatest(max(n), 1)) from ({}) s", highest.join(" union all "))))
        .execute(&mut *connection)
        .await?;
    sqlx::query("select rebuild_rollups()").execute(connection).await?;
    Ok(())
}

async fn read_manifest(path: PathBuf) -> Result<Manifest, StoreError> {
    tokio::task::spawn_blocking(move || {
        let mut zip = archive(&path)?;
        let mut text = String::new();
        zip.by_name("manifest.json").map_err(bad)?.take(MANIFEST_LIMIT).read_to_string(&mut text).map_err(bad)?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(bad)?;
        acceptable(&manifest)?;
        for table in &manifest.tables {
            verify(&mut zip, table)?;
        }
        Ok(manifest)
    })
    .await
    .map_err(bad)?
}

fn acceptable(manifest: &Manifest) -> Result<(), StoreError> {
    if manifest.form > FORM {
        return Err(StoreError::BackupNewer { found: manifest.form, supported: FORM });
    }
    if manifest.schema_version > SCHEMA {
        let number = |schema: i32| u32::try_from(schema).unwrap_or_default();
        return Err(StoreError::BackupNewer { found: number(manifest.schema_version), supported: number(SCHEMA) });
    }
    // Names come from a file: only those we know are ever put into SQL.
    let known = |table: &TableEntry| TABLES.iter().any(|(name, _)| *name == table.name);
    let plain =
        |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if let Some(table) = manifest.tables.iter().find(|table| !known(table) || !table.columns.iter().all(plain)) {
        return Err(StoreError::BadBackup { reason: format!("unknown table {}", table.name) });
    }
    let of = |name: &str| manifest.tables.iter().filter(|table| table.name == name).count();
    let older = |name: &str| SINCE.iter().any(|(table, since)| *table == name && manifest.schema_version < *since);
    if let Some((table, _)) = TABLES.iter().find(|(table, _)| of(table) != 1 && !(of(table) == 0 && older(table))) {
        return Err(StoreError::BadBackup { reason: format!("{table} stands {} times in it", of(table)) });
    }
    Ok(())
}

/// Tables that came later, with the schema number since which every backup holds them.
const SINCE: &[(&str, i32)] = &[("platform_apps", 2), ("platform_totals", 2), ("client_conversion_kinds", 2)];

/// Reads a table from end to end before the database is touched.
fn verify(zip: &mut zip::ZipArchive<std::fs::File>, table: &TableEntry) -> Result<(), StoreError> {
    let mut entry = zip.by_name(&entry_of(&table.name)).map_err(bad)?;
    let (mut hash, mut rows, mut buffer) = (Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let length = entry.read(&mut buffer).map_err(bad)?;
        if length == 0 {
            break;
        }
        hash.update(&buffer[..length]);
        rows += buffer[..length].iter().filter(|byte| **byte == b'\n').count() as u64;
    }
    is_whole(table, rows, &hash.finalize())
}

fn is_whole(table: &TableEntry, rows: u64, hash: &[u8]) -> Result<(), StoreError> {
    if rows != table.rows || hex(hash) != table.sha256 {
        return Err(StoreError::BadBackup { reason: format!("{} was changed after the backup was made", table.name) });
    }
    Ok(())
}

fn entry_of(table: &str) -> String {
    format!("tables/{table}.tsv")
}

async fn fill(connection: &mut PgConnection, path: PathBuf, table: &TableEntry) -> Result<(), StoreError> {
    let (chunks, mut received) = mpsc::channel::<Bytes>(16);
    let name = table.name.clone();
    let reader = tokio::task::spawn_blocking(move || read_table(&path, &name, &chunks));
    let sql = format!("copy {} ({}) from stdin", table.name, table.columns.join(", "));
    let mut sink = connection.copy_in_raw(&sql).await.map_err(unfitting)?;
    let mut hash = Sha256::new();
    while let Some(chunk) = received.recv().await {
        hash.update(&chunk);
        sink.send(chunk.as_ref()).await?;
    }
    let rows = sink.finish().await.map_err(unfitting)?;
    reader.await.map_err(bad)??;
    is_whole(table, rows, &hash.finalize())
}

/// Rows that do not fit their table are the file's fault.
fn unfitting(error: sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned)).unwrap_or_default();
    if code.starts_with("22") || code.starts_with("23") || code == "42703" { bad(error) } else { error.into() }
}

fn read_table(path: &PathBuf, name: &str, chunks: &mpsc::Sender<Bytes>) -> Result<(), StoreError> {
    let mut zip = archive(path)?;
    let mut entry = zip.by_name(&entry_of(name)).map_err(bad)?;
    let mut buffer = vec![0; CHUNK];
    loop {
        let length = entry.read(&mut buffer).map_err(bad)?;
        // A closed channel means that the server refused; its own word is reported there.
        if length == 0 || chunks.blocking_send(Bytes::copy_from_slice(&buffer[..length])).is_err() {
            return Ok(());
        }
    }
}

fn archive(path: &PathBuf) -> Result<zip::ZipArchive<std::fs::File>, StoreError> {
    zip::ZipArchive::new(open(path)?).map_err(bad)
}

fn bad(error: impl std::fmt::Display) -> StoreError {
    StoreError::BadBackup { reason: error.to_string() }
}
