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
use crate::error::StoreError;

/// Bytes sent to the server at once.
const CHUNK: usize = 1 << 16;

impl Store {
    /// Fills an empty workspace. Counts and hashes are checked before anything is kept; roll-ups are made again.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`], [`StoreError::BadBackup`], [`StoreError::BackupNewer`], or the database's; nothing was changed then.
    pub async fn restore(&self, path: &Path) -> Result<BackupSummary, StoreError> {
        let path = path.to_owned();
        let manifest = read_manifest(path.clone()).await?;
        if let (Some(from), Some(to)) = (manifest.from, manifest.to) {
            self.ensure_partitions(DateRange { from, to }).await?;
        }
        let mut tx = self.pool.begin().await?;
        let (used,): (bool,) =
            sqlx::query_as("select exists (select from clients) or exists (select from reports)").fetch_one(&mut *tx).await?;
        if used {
            return Err(StoreError::NotEmpty);
        }
        sqlx::query("set local moa.restoring = 'on'").execute(&mut *tx).await?;
        // What migrations put there comes back from the backup.
        for table in ["data_sync_logs", "channels", "platforms", "users", "settings", "money_kinds"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("delete from {table}"))).execute(&mut *tx).await?;
        }
        for table in &manifest.tables {
            fill(&mut tx, path.clone(), table).await?;
        }
        after(&mut tx, &manifest).await?;
        tx.commit().await?;
        let bytes = tokio::fs::metadata(&path).await.map_or(0, |meta| meta.len());
        Ok(BackupSummary { tables: manifest.tables.len(), rows: manifest.tables.iter().map(|table| table.rows).sum(), bytes })
    }
}

/// Sequences go on after the highest number; roll-ups are made from the rows.
async fn after(connection: &mut PgConnection, manifest: &Manifest) -> Result<(), StoreError> {
    for (name, _) in TABLES {
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "select setval(s.name, greatest((select coalesce(max((to_jsonb(t)->>'id')::bigint), 0) from {name} t), 1))
             from (select pg_get_serial_sequence('{name}', 'id') as name
                   where exists (select from pg_attribute where attrelid = '{name}'::regclass and attname = 'id')) s where s.name is not null"
        )))
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query(
        "select setval('change_seq', greatest(1, (select max(n) from (select max(change_seq) as n from clients union all
           select max(change_seq) from marketing_accounts union all select max(change_seq) from campaigns union all
           select max(change_seq) from tombstones union all select max(change_seq) from reports) s)))",
    )
    .execute(&mut *connection)
    .await?;
    if let (Some(from), Some(to)) = (manifest.from, manifest.to) {
        sqlx::query("select refresh_rollups((select array_agg(id) from clients), (select array_agg(id) from campaigns), $1, $2, true)")
            .bind(from)
            .bind(to)
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn read_manifest(path: PathBuf) -> Result<Manifest, StoreError> {
    let manifest: Manifest = tokio::task::spawn_blocking(move || {
        let mut zip = archive(&path)?;
        let mut entry = zip.by_name("manifest.json").map_err(bad)?;
        let mut text = String::new();
        entry.read_to_string(&mut text).map_err(bad)?;
        serde_json::from_str(&text).map_err(bad)
    })
    .await
    .map_err(bad)??;
    if manifest.form > FORM {
        return Err(StoreError::BackupNewer { found: manifest.form, supported: FORM });
    }
    // Names come from a file: only those we know are ever put into SQL.
    let known = |table: &TableEntry| TABLES.iter().any(|(name, _)| *name == table.name);
    let plain =
        |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    match manifest.tables.iter().find(|table| !known(table) || !table.columns.iter().all(plain)) {
        Some(table) => Err(StoreError::BadBackup { reason: format!("unknown table {}", table.name) }),
        None => Ok(manifest),
    }
}

async fn fill(connection: &mut PgConnection, path: PathBuf, table: &TableEntry) -> Result<(), StoreError> {
    let (chunks, mut received) = mpsc::channel::<Bytes>(16);
    let name = table.name.clone();
    let reader = tokio::task::spawn_blocking(move || read_table(&path, &name, &chunks));
    let sql = format!("copy {} ({}) from stdin", table.name, table.columns.join(", "));
    let mut sink = connection.copy_in_raw(&sql).await?;
    let mut hash = Sha256::new();
    while let Some(chunk) = received.recv().await {
        hash.update(&chunk);
        sink.send(chunk.as_ref()).await?;
    }
    let rows = sink.finish().await?;
    reader.await.map_err(bad)??;
    if rows != table.rows || hex(&hash.finalize()) != table.sha256 {
        return Err(StoreError::BadBackup { reason: format!("{} was changed after the backup was made", table.name) });
    }
    Ok(())
}

fn read_table(path: &PathBuf, name: &str, chunks: &mpsc::Sender<Bytes>) -> Result<(), StoreError> {
    let mut zip = archive(path)?;
    let mut entry = zip.by_name(&format!("tables/{name}.tsv")).map_err(bad)?;
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
