//! Metric rows as whole numbers: what is compared, sent and read back.

use chrono::NaiveDate;

use crate::copy::NULL;

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
    /// Everything but the money kind: rows that differ in it alone are the same figure in another basis.
    pub(crate) fn without_kind(self) -> (i32, i32, i32, i32) {
        (self.date, self.owner, self.hour, self.channel)
    }

    pub(crate) fn day(self) -> NaiveDate {
        epoch() + chrono::Duration::days(i64::from(self.date))
    }

    fn fields(self, with_hour: bool) -> impl Iterator<Item = i64> {
        [Some(self.date), Some(self.owner), with_hour.then_some(self.hour), Some(self.channel), Some(self.kind)]
            .into_iter()
            .flatten()
            .map(i64::from)
    }
}

pub(crate) fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day of the calendar")
}

pub(crate) fn day_number(date: NaiveDate) -> i32 {
    i32::try_from((date - epoch()).num_days()).expect("a date of this era")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row<const N: usize> {
    pub(crate) key: Key,
    pub(crate) values: [i64; N],
}

impl<const N: usize> Row<N> {
    pub(crate) fn fields(&self, with_hour: bool) -> Vec<i64> {
        self.key.fields(with_hour).chain(self.values).collect()
    }
}

/// The seven counts, in the order of every metric table.
pub(crate) const COUNTS: usize = 7;
/// A daily row: the counts, four of engagement, reach (may be NULL), origin.
pub(crate) const DAILY: usize = 13;
/// What is summed of a daily row: counts and engagement.
pub(crate) const SUMMED: usize = 11;
const ORIGIN: usize = 12;

pub(crate) type DailyRow = Row<DAILY>;
pub(crate) type CountRow = Row<COUNTS>;

pub(crate) const STATED: i64 = 0;
pub(crate) const FROM_HOURS: i64 = 1;
pub(crate) const FROM_FINER: i64 = 2;

impl DailyRow {
    pub(crate) fn origin(&self) -> i64 {
        self.values[ORIGIN]
    }

    /// A day that is the sum of something finer. Unknown conversions of hours count nothing.
    pub(crate) fn derived(key: Key, counts: [i64; COUNTS], origin: i64) -> Self {
        let mut values = [0; DAILY];
        values[..COUNTS].copy_from_slice(&counts.map(|count| if count == NULL { 0 } else { count }));
        values[DAILY - 2] = NULL;
        values[ORIGIN] = origin;
        Self { key, values }
    }
}

/// A table of metric rows: how it is read, and how differences are written.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) with_hour: bool,
    /// Columns and how each is read as `bigint`.
    pub(crate) columns: &'static [(&'static str, &'static str)],
    /// What finds the rows of some campaigns.
    pub(crate) of_campaigns: &'static str,
}

const COUNT_COLUMNS: [(&str, &str); COUNTS] = [
    ("impressions", "m.impressions"),
    ("clicks", "m.clicks"),
    ("cost", "m.cost"),
    ("conversions", "m.conversions"),
    ("revenue", "m.revenue"),
    ("conversions_all", "m.conversions_all"),
    ("revenue_all", "m.revenue_all"),
];

pub(crate) const DAILY_TABLE: Table = Table {
    name: "metric_daily",
    owner: "campaign_id",
    with_hour: false,
    columns: &[
        COUNT_COLUMNS[0],
        COUNT_COLUMNS[1],
        COUNT_COLUMNS[2],
        COUNT_COLUMNS[3],
        COUNT_COLUMNS[4],
        COUNT_COLUMNS[5],
        COUNT_COLUMNS[6],
        ("likes", "m.likes::int8"),
        ("shares", "m.shares::int8"),
        ("comments", "m.comments::int8"),
        ("saves", "m.saves::int8"),
        ("reach", "(m.extras->>'reach')::int8"),
        ("origin", "m.origin::int8"),
    ],
    of_campaigns: "m.campaign_id = any ({campaigns})",
};
pub(crate) const HOURLY_TABLE: Table = Table {
    name: "metric_hourly",
    owner: "campaign_id",
    with_hour: true,
    columns: &COUNT_COLUMNS,
    of_campaigns: "m.campaign_id = any ({campaigns})",
};
pub(crate) const BREAKDOWN_TABLE: Table = Table {
    name: "breakdown_daily",
    owner: "entity_id",
    with_hour: false,
    columns: &COUNT_COLUMNS,
    of_campaigns: "m.entity_id in (select e.id from breakdown_entities e where e.campaign_id = any ({campaigns}))",
};
