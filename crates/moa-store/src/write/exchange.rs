//! Reading a slice of a metric table and writing its differences, by binary COPY.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::postgres::PgConnection as Connection;
use sqlx::{AssertSqlSafe, PgConnection};

use super::rows::{COUNTS, DailyRow, Key, Row, Table, day_number};
use crate::copy::{BinaryReader, BinaryWriter, NULL, Width};
use crate::error::StoreError;

/// The stored rows of some campaigns and days, sorted by key.
pub(crate) async fn read_slice<const N: usize>(
    connection: &mut PgConnection,
    table: &Table,
    campaigns: &[i32],
    lo: NaiveDate,
    hi: NaiveDate,
) -> Result<Vec<Row<N>>, StoreError> {
    let ids = campaigns.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
    let columns: Vec<&str> = table.key_columns().map(|(name, _)| name).chain(table.columns.iter().map(|column| column.read)).collect();
    let sql = format!(
        "copy (select {columns} from {name} where date between '{lo}' and '{hi}' and {filter}) to stdout (format binary)",
        columns = columns.join(", "),
        name = table.name,
        filter = table.of_campaigns.replace('$', &format!("'{{{ids}}}'::int[]")),
    );
    let mut rows = Vec::new();
    let mut reader = BinaryReader::default();
    let mut fields = vec![0_i64; columns.len()];
    let mut chunks = Connection::copy_out_raw(connection, &sql).await?;
    while let Some(chunk) = chunks.try_next().await? {
        reader.rows(&chunk, &mut fields, |fields| rows.push(Row::new(table, fields)))?;
    }
    drop(chunks);
    rows.sort_unstable_by_key(|row: &Row<N>| row.key);
    Ok(rows)
}

/// Writes new and changed rows, and removes the others, each in one statement.
pub(crate) async fn write_differences<const N: usize>(
    connection: &mut PgConnection,
    table: &Table,
    run: i32,
    upserts: &[Row<N>],
    deletes: &[Key],
) -> Result<(), StoreError> {
    if !deletes.is_empty() {
        delete(connection, table, deletes).await?;
    }
    if !upserts.is_empty() {
        upsert(connection, table, run, upserts).await?;
    }
    Ok(())
}

async fn upsert<const N: usize>(connection: &mut PgConnection, table: &Table, run: i32, rows: &[Row<N>]) -> Result<(), StoreError> {
    let staged = format!("staged_rows_{}", table.name);
    let columns = table.key_columns().chain(table.columns.iter().map(|column| (column.name, column.width)));
    stage(connection, &staged, columns, rows.iter(), |writer, row| table.write_row(writer, row)).await?;
    let (mut columns, mut values, mut updates) = (String::new(), String::new(), String::new());
    for column in table.columns {
        let (column, value, update) = match column.name {
            // Reach lives among the extras, beside what other sources put there.
            "reach" => (
                "extras",
                "case when s.reach is not null then jsonb_build_object('reach', s.reach) end".to_owned(),
                "extras = nullif((coalesce(m.extras, '{}') - 'reach') || coalesce(excluded.extras, '{}'), '{}')".to_owned(),
            ),
            column => (column, format!("s.{column}"), format!("{column} = excluded.{column}")),
        };
        let _ = write!(columns, ", {column}");
        let _ = write!(values, ", {value}");
        let _ = write!(updates, "{update}, ");
    }
    let (hour, hour_value) = if table.with_hour { (", hour", ", s.hour") } else { ("", "") };
    let owner = table.owner;
    let name = table.name;
    let sql = format!(
        "insert into {name} as m (date, {owner}{hour}, channel_id, money_kind_id{columns}, run_id)
         select date '2000-01-01' + s.date, s.{owner}{hour_value}, s.channel_id, s.money_kind_id{values}, {run} from {staged} s
         on conflict ({owner}, date{hour}, channel_id, money_kind_id) do update set {updates}run_id = excluded.run_id"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}

async fn delete(connection: &mut PgConnection, table: &Table, keys: &[Key]) -> Result<(), StoreError> {
    let staged = format!("staged_keys_{}", table.name);
    stage(connection, &staged, table.key_columns(), keys.iter(), |writer, key| table.write_key(writer, *key)).await?;
    let owner = table.owner;
    let name = table.name;
    let hour = if table.with_hour { "and m.hour = s.hour" } else { "" };
    let sql = format!(
        "delete from {name} m using {staged} s where m.{owner} = s.{owner} and m.date = date '2000-01-01' + s.date {hour}
         and m.channel_id = s.channel_id and m.money_kind_id = s.money_kind_id"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}

/// Sends rows to a temporary table. It lives as long as the transaction.
async fn stage<T>(
    connection: &mut PgConnection,
    name: &str,
    columns: impl Iterator<Item = (&'static str, Width)>,
    rows: impl ExactSizeIterator<Item = T>,
    write: impl Fn(&mut BinaryWriter, T) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let definition = columns.map(|(column, width)| format!("{column} {}", width.sql())).collect::<Vec<_>>().join(", ");
    // Temporary tables shadow others, so the name says where it is meant; a second slice of the same transaction finds it filled.
    let sql = format!("create temp table if not exists {name} ({definition}) on commit drop");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    sqlx::query(AssertSqlSafe(format!("truncate pg_temp.{name}"))).execute(&mut *connection).await?;
    let mut sink = Connection::copy_in_raw(connection, &format!("copy pg_temp.{name} from stdin (format binary)")).await?;
    let mut writer = BinaryWriter::new();
    let mut failed = None;
    for row in rows {
        if let Err(error) = write(&mut writer, row) {
            failed = Some(error);
            break;
        }
        if let Some(full) = writer.take_full() {
            sink.send(full.as_ref()).await?;
        }
    }
    if let Some(error) = failed {
        sink.abort("a number does not fit its column").await?;
        return Err(error);
    }
    sink.send(writer.finish().as_ref()).await?;
    sink.finish().await?;
    Ok(())
}

/// A daily row before and after; `None` where there is none.
pub(crate) struct Restated {
    pub(crate) old: DailyRow,
    pub(crate) new: Option<DailyRow>,
    /// 0 restated by its source, 2 another VAT basis.
    pub(crate) reason: i64,
}

/// Keeps the old values of finished days.
pub(crate) async fn keep_revisions(
    connection: &mut PgConnection,
    run: i32,
    seen_at: DateTime<Utc>,
    today: NaiveDate,
    restated: &[Restated],
) -> Result<(), StoreError> {
    let today = day_number(today);
    let finished: Vec<&Restated> = restated.iter().filter(|change| change.old.key.date < today).collect();
    if finished.is_empty() {
        return Ok(());
    }
    const KEY: [(&str, Width); 5] = [
        ("date", Width::Four),
        ("campaign_id", Width::Four),
        ("channel_id", Width::Four),
        ("money_kind_id", Width::Four),
        ("reason", Width::Two),
    ];
    const COUNTED: [&str; 2 * COUNTS] = ["o1", "o2", "o3", "o4", "o5", "o6", "o7", "n1", "n2", "n3", "n4", "n5", "n6", "n7"];
    let columns = KEY.into_iter().chain(COUNTED.map(|column| (column, Width::Eight)));
    stage(connection, "staged_revisions", columns, finished.iter(), |writer, change| {
        let key = change.old.key;
        writer.start_row(KEY.len() + COUNTED.len());
        for (value, (_, width)) in [key.date, key.owner, key.channel, key.kind].into_iter().map(i64::from).chain([change.reason]).zip(KEY) {
            writer.field(value, width)?;
        }
        for value in change.old.counts().into_iter().chain(change.new.map_or([NULL; COUNTS], |row| row.counts())) {
            writer.field(value, Width::Eight)?;
        }
        Ok(())
    })
    .await?;
    sqlx::query(
        "insert into metric_revisions select date '2000-01-01' + date, campaign_id, channel_id, money_kind_id, $1, $2, reason,
           o1, o2, o3, o4, o5, o6, o7, n1, n2, n3, n4, n5, n6, n7 from staged_revisions",
    )
    .bind(run)
    .bind(seen_at)
    .execute(connection)
    .await?;
    Ok(())
}
