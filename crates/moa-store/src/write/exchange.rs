//! Reading a slice of a metric table and writing its differences, by binary COPY.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::PgConnection;
use sqlx::postgres::PgConnection as Connection;

use super::rows::{DailyRow, Key, Row, Table, day_number};
use crate::copy::{BinaryReader, BinaryWriter, NULL};
use crate::error::StoreError;

/// The stored rows of some campaigns and days, sorted by key.
pub(crate) async fn read_slice<const N: usize>(
    connection: &mut PgConnection,
    table: &Table,
    campaigns: &[i32],
    lo: NaiveDate,
    hi: NaiveDate,
) -> Result<Vec<Row<N>>, StoreError> {
    let list = campaigns.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
    let values = table.columns.iter().map(|(_, read)| *read).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "copy (select (m.date - date '2000-01-01')::int8, m.{owner}::int8, {hour}, m.channel_id::int8, m.money_kind_id::int8, {values}
               from {name} m where m.date between '{lo}' and '{hi}' and {filter}) to stdout (format binary)",
        owner = table.owner,
        name = table.name,
        hour = if table.with_hour { "m.hour::int8" } else { "0::int8" },
        filter = table.of_campaigns.replace("{campaigns}", &format!("'{{{list}}}'::int[]")),
    );
    let mut rows = Vec::new();
    let mut reader = BinaryReader::default();
    let mut fields = vec![0_i64; 5 + N];
    let mut chunks = Connection::copy_out_raw(connection, &sql).await?;
    while let Some(chunk) = chunks.try_next().await? {
        reader.push(&chunk);
        while reader.next_row(&mut fields)? {
            let part = |index: usize| i32::try_from(fields[index]).unwrap_or(0);
            let key = Key { date: part(0), owner: part(1), hour: part(2), channel: part(3), kind: part(4) };
            let mut values = [0; N];
            values.copy_from_slice(&fields[5..]);
            rows.push(Row { key, values });
        }
    }
    drop(chunks);
    rows.sort_unstable_by_key(|row| row.key);
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
    let staged = stage(connection, table, true, rows.iter().map(|row| row.fields(table.with_hour))).await?;
    let (mut columns, mut values, mut updates) = (String::new(), String::new(), String::new());
    for (name, _) in table.columns {
        let (column, value, update) = match *name {
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
         select date '2000-01-01' + s.date::int, s.{owner}{hour_value}, s.channel_id, s.money_kind_id{values}, {run} from {staged} s
         on conflict ({owner}, date{hour}, channel_id, money_kind_id) do update set {updates}run_id = excluded.run_id"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}

async fn delete(connection: &mut PgConnection, table: &Table, keys: &[Key]) -> Result<(), StoreError> {
    let fields = keys.iter().map(|key| Row { key: *key, values: [] }.fields(table.with_hour));
    let staged = stage(connection, table, false, fields).await?;
    let owner = table.owner;
    let name = table.name;
    let hour = if table.with_hour { "and m.hour = s.hour" } else { "" };
    let sql = format!(
        "delete from {name} m using {staged} s where m.{owner} = s.{owner} and m.date = date '2000-01-01' + s.date::int {hour}
         and m.channel_id = s.channel_id and m.money_kind_id = s.money_kind_id"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}

/// Sends rows to a temporary table and gives its name. It lives as long as the transaction.
async fn stage(
    connection: &mut PgConnection,
    table: &Table,
    with_values: bool,
    rows: impl Iterator<Item = Vec<i64>>,
) -> Result<String, StoreError> {
    let staged = format!("staged_{}_{}", if with_values { "rows" } else { "keys" }, table.name);
    let mut columns = vec!["date", table.owner];
    columns.extend(table.with_hour.then_some("hour"));
    columns.extend(["channel_id", "money_kind_id"]);
    if with_values {
        columns.extend(table.columns.iter().map(|(name, _)| *name));
    }
    let definition = columns.iter().map(|column| format!("{column} bigint")).collect::<Vec<_>>().join(", ");
    let sql = format!("create temp table if not exists {staged} ({definition}) on commit drop");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *connection).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("truncate {staged}"))).execute(&mut *connection).await?;
    let mut sink = Connection::copy_in_raw(connection, &format!("copy {staged} from stdin (format binary)")).await?;
    let mut writer = BinaryWriter::new();
    for fields in rows {
        writer.row(fields.into_iter());
        if let Some(full) = writer.take_full() {
            sink.send(full.as_ref()).await?;
        }
    }
    sink.send(writer.finish().as_ref()).await?;
    sink.finish().await?;
    Ok(staged)
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
    let finished: Vec<&Restated> = restated.iter().filter(|change| change.old.key.date < day_number(today)).collect();
    if finished.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "create temp table if not exists staged_revisions (date bigint, campaign_id bigint, channel_id bigint, money_kind_id bigint, reason bigint,
           o1 bigint, o2 bigint, o3 bigint, o4 bigint, o5 bigint, o6 bigint, o7 bigint,
           n1 bigint, n2 bigint, n3 bigint, n4 bigint, n5 bigint, n6 bigint, n7 bigint) on commit drop",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query("truncate staged_revisions").execute(&mut *connection).await?;
    let mut sink = Connection::copy_in_raw(connection, "copy staged_revisions from stdin (format binary)").await?;
    let mut writer = BinaryWriter::new();
    for change in finished {
        let key = change.old.key;
        let new = change.new.map_or([NULL; 7], |row| counts(&row));
        let fields: Vec<i64> = [key.date, key.owner, key.channel, key.kind]
            .into_iter()
            .map(i64::from)
            .chain([change.reason])
            .chain(counts(&change.old))
            .chain(new)
            .collect();
        writer.row(fields.into_iter());
        if let Some(full) = writer.take_full() {
            sink.send(full.as_ref()).await?;
        }
    }
    sink.send(writer.finish().as_ref()).await?;
    sink.finish().await?;
    sqlx::query(
        "insert into metric_revisions select date '2000-01-01' + date::int, campaign_id, channel_id, money_kind_id, $1, $2, reason,
           o1, o2, o3, o4, o5, o6, o7, n1, n2, n3, n4, n5, n6, n7 from staged_revisions",
    )
    .bind(run)
    .bind(seen_at)
    .execute(connection)
    .await?;
    Ok(())
}

fn counts(row: &DailyRow) -> [i64; 7] {
    std::array::from_fn(|index| row.values[index])
}
