//! Metric rows as whole numbers: what is compared, sent and read back.

use chrono::NaiveDate;

use super::measures::{MEASURED, MeasureSet, Origins};
use super::said::Said;
use crate::copy::{BinaryWriter, Width};
use crate::error::StoreError;

/// The key of a metric row. Sorted by day first: rows of one day and owner stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    /// Days since 2000-01-01, Postgres' own count.
    pub(crate) date: i32,
    /// The campaign, or the breakdown entity.
    pub(crate) owner: i32,
    /// 0 in tables without hours.
    pub(crate) hour: i32,
    pub(crate) channel: i32,
    pub(crate) kind: i32,
}

impl Key {
    /// What a row is about: day, owner, hour. Rows that differ in channel or money kind alone are parts, or other tellings, of one figure.
    pub(crate) fn without_place(self) -> (i32, i32, i32) {
        (self.date, self.owner, self.hour)
    }

    /// Everything but the money kind: rows that differ in it alone are the same figure in another basis.
    pub(crate) fn without_kind(self) -> (i32, i32, i32, i32) {
        (self.date, self.owner, self.hour, self.channel)
    }
}

pub(crate) fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day of the calendar")
}

pub(crate) fn day_number(date: NaiveDate) -> i32 {
    i32::try_from((date - epoch()).num_days()).expect("a date of this era")
}

pub(crate) fn day_of(number: i32) -> NaiveDate {
    epoch() + chrono::Duration::days(i64::from(number))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row<const N: usize> {
    pub(crate) key: Key,
    pub(crate) values: [i64; N],
}

impl<const N: usize> Row<N> {
    pub(crate) fn new(table: &Table, fields: &[i64]) -> Self {
        // Each came out of an `integer` column.
        let part = |index: usize| i32::try_from(fields[index]).unwrap_or(i32::MAX);
        let (hour, after) = if table.with_hour { (part(2), 3) } else { (0, 2) };
        let key = Key { date: part(0), owner: part(1), hour, channel: part(after), kind: part(after + 1) };
        let mut values = [0; N];
        values.copy_from_slice(&fields[after + 2..]);
        Self { key, values }
    }
}

/// The seven counts, in the order of every metric table.
pub(crate) const COUNTS: usize = 7;
/// The counts, and which of them somebody said.
const COUNTED: usize = COUNTS + 1;
/// A daily row: the counts, four of engagement, reach (may be NULL), who said each.
pub(crate) const DAILY: usize = MEASURED + 1;
const ORIGINS: usize = MEASURED;

pub(crate) type DailyRow = Row<DAILY>;
pub(crate) type CountRow = Row<COUNTED>;

impl CountRow {
    pub(crate) fn says(&self) -> MeasureSet {
        MeasureSet::from_bits(self.values[COUNTS])
    }

    pub(crate) fn counts(&self) -> [i64; COUNTS] {
        std::array::from_fn(|index| self.values[index])
    }

    pub(crate) fn said(&self) -> Said {
        let mut values = [0; MEASURED];
        values[..COUNTS].copy_from_slice(&self.values[..COUNTS]);
        Said { key: self.key, says: self.says(), values }
    }

    pub(crate) fn from_said(said: &Said) -> Self {
        let mut values = [0; COUNTED];
        values[..COUNTS].copy_from_slice(&said.values[..COUNTS]);
        values[COUNTS] = said.says.common(MeasureSet::COUNTS).bits();
        Self { key: said.key, values }
    }
}

impl DailyRow {
    pub(crate) fn origins(&self) -> Origins {
        Origins::from_bits(self.values[ORIGINS])
    }

    pub(crate) fn counts(&self) -> [i64; COUNTS] {
        std::array::from_fn(|index| self.values[index])
    }

    /// True when everything but the origins is equal: a sum that is now stated is no restatement.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.values[..ORIGINS] == other.values[..ORIGINS]
    }

    /// What of it came this way; `None` for nothing.
    pub(crate) fn said_by(&self, origin: i64) -> Option<Said> {
        self.said().only(self.origins().said(origin))
    }

    /// All of it, however it came.
    pub(crate) fn said(&self) -> Said {
        Said { key: self.key, says: self.origins().any(), values: std::array::from_fn(|index| self.values[index]) }
    }

    /// A row whose measures came as `origin` says.
    pub(crate) fn from_said(said: &Said, origin: impl Fn(MeasureSet) -> i64) -> Self {
        let mut values = [0; DAILY];
        values[..MEASURED].copy_from_slice(&said.values);
        values[ORIGINS] = said.says.each().fold(Origins::default(), |origins, measure| origins.with(measure, origin(measure))).bits();
        Self { key: said.key, values }
    }
}

/// A column of counts: its name, how it is read as a whole number, and how wide it is.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) read: &'static str,
    pub(crate) width: Width,
}

const fn column(name: &'static str, width: Width) -> Column {
    Column { name, read: name, width }
}

/// A table of metric rows: how it is read, and how differences are written.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) with_hour: bool,
    pub(crate) columns: &'static [Column],
    /// What finds the rows of some campaigns; `$` stands for their ids.
    pub(crate) of_campaigns: &'static str,
}

impl Table {
    /// The key's columns with their widths, in the order of [`Table::write_key`].
    pub(crate) fn key_columns(&self) -> impl Iterator<Item = (&'static str, Width)> {
        [
            Some(("date", Width::Four)),
            Some((self.owner, Width::Four)),
            self.with_hour.then_some(("hour", Width::Two)),
            Some(("channel_id", Width::Four)),
            Some(("money_kind_id", Width::Four)),
        ]
        .into_iter()
        .flatten()
    }

    fn key_length(&self) -> usize {
        4 + usize::from(self.with_hour)
    }

    fn write_key_fields(&self, writer: &mut BinaryWriter, key: Key) -> Result<(), StoreError> {
        writer.field(i64::from(key.date), Width::Four)?;
        writer.field(i64::from(key.owner), Width::Four)?;
        if self.with_hour {
            writer.field(i64::from(key.hour), Width::Two)?;
        }
        writer.field(i64::from(key.channel), Width::Four)?;
        writer.field(i64::from(key.kind), Width::Four)
    }

    pub(crate) fn write_key(&self, writer: &mut BinaryWriter, key: Key) -> Result<(), StoreError> {
        writer.start_row(self.key_length());
        self.write_key_fields(writer, key)
    }

    pub(crate) fn write_row<const N: usize>(&self, writer: &mut BinaryWriter, row: &Row<N>) -> Result<(), StoreError> {
        writer.start_row(self.key_length() + N);
        self.write_key_fields(writer, row.key)?;
        for (value, column) in row.values.iter().zip(self.columns) {
            writer.field(*value, column.width)?;
        }
        Ok(())
    }
}

const IMPRESSIONS: Column = column("impressions", Width::Eight);
const CLICKS: Column = column("clicks", Width::Eight);
const COST: Column = column("cost", Width::Eight);
const CONVERSIONS: Column = column("conversions", Width::Eight);
const REVENUE: Column = column("revenue", Width::Eight);
const CONVERSIONS_ALL: Column = column("conversions_all", Width::Eight);
const REVENUE_ALL: Column = column("revenue_all", Width::Eight);
const COUNT_COLUMNS: [Column; COUNTED] =
    [IMPRESSIONS, CLICKS, COST, CONVERSIONS, REVENUE, CONVERSIONS_ALL, REVENUE_ALL, column("measures", Width::Two)];

pub(crate) const DAILY_TABLE: Table = Table {
    name: "metric_daily",
    owner: "campaign_id",
    with_hour: false,
    columns: &[
        IMPRESSIONS,
        CLICKS,
        COST,
        CONVERSIONS,
        REVENUE,
        CONVERSIONS_ALL,
        REVENUE_ALL,
        column("likes", Width::Four),
        column("shares", Width::Four),
        column("comments", Width::Four),
        column("saves", Width::Four),
        Column { name: "reach", read: "(extras->>'reach')::int8", width: Width::Eight },
        column("origins", Width::Four),
    ],
    of_campaigns: "campaign_id = any ($)",
};
pub(crate) const HOURLY_TABLE: Table =
    Table { name: "metric_hourly", owner: "campaign_id", with_hour: true, columns: &COUNT_COLUMNS, of_campaigns: "campaign_id = any ($)" };
pub(crate) const BREAKDOWN_TABLE: Table = Table {
    name: "breakdown_daily",
    owner: "entity_id",
    with_hour: false,
    columns: &COUNT_COLUMNS,
    of_campaigns: "entity_id in (select e.id from breakdown_entities e where e.campaign_id = any ($))",
};
