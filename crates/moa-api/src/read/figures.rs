//! Figures by any grouping, in one basis, compared with another period: the one engine behind the dashboard, `moa kpi` and reports.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};
use moa_domain::calendar::{DateRange, Month, monday_of};
use moa_domain::{Basis, Currency, MoneyKind, Platform};
use moa_kpi::{Exact, Totals};
use moa_store::{GroupBy, GroupKey, GroupRow, Question, Scope, Store, StoreError};
use rust_decimal::Decimal;

use crate::dto::figures::{Change, Compared, Figures};

/// One group in one currency.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) key: GroupKey,
    pub(crate) currency: Currency,
    pub(crate) totals: Totals,
    /// The stored kinds that were brought to the asked basis.
    pub(crate) kinds: BTreeSet<MoneyKind>,
    pub(crate) previous: Option<Totals>,
    /// False for a group that only the compared period knows: its own figures are absent, and read as zero.
    pub(crate) is_present: bool,
}

/// What is asked: whose figures, when, by what, how shown.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) scope: Scope,
    pub(crate) range: DateRange,
    pub(crate) compared: Option<DateRange>,
    pub(crate) basis: Basis,
    pub(crate) platforms: Vec<Platform>,
    pub(crate) campaign: Option<i32>,
}

impl Ask {
    /// Groups of the period in key order, each with the matching group of the compared period.
    pub(crate) async fn groups(&self, store: &Store, by: GroupBy) -> Result<Vec<Group>, StoreError> {
        let mut groups = self.all_groups(store, by).await?;
        groups.retain(|group| group.is_present);
        Ok(groups)
    }

    /// The same with the groups that only the compared period knows, so that the earlier figures add up to the earlier total.
    pub(crate) async fn all_groups(&self, store: &Store, by: GroupBy) -> Result<Vec<Group>, StoreError> {
        let groups = merge(store.figures(&self.question(self.range, by)).await?, self.basis);
        let Some(before) = self.compared else { return Ok(groups) };
        // A week or a month of the period has its counterpart in the days at the same place, wherever their own weeks begin.
        let by_day = matches!(by, GroupBy::Week | GroupBy::Month);
        let rows = store.figures(&self.question(before, if by_day { GroupBy::Day } else { by })).await?;
        let places = Places { now: self.range, before };
        Ok(beside(groups, merge(rows.into_iter().filter_map(|row| moved(row, by, places)).collect(), self.basis)))
    }

    fn question(&self, range: DateRange, by: GroupBy) -> Question {
        Question { scope: self.scope, range, by, platforms: self.platforms.clone(), channels: Vec::new(), campaign: self.campaign }
    }
}

/// Adds the sums of each money kind, in the basis, per key and currency.
fn merge(rows: Vec<GroupRow>, basis: Basis) -> Vec<Group> {
    let mut groups: BTreeMap<(GroupKey, Currency), (Totals, BTreeSet<MoneyKind>)> = BTreeMap::new();
    for row in rows {
        let (totals, kinds) = groups.entry((row.key, row.kind.currency)).or_default();
        totals.add(&row.counts, row.kind, basis, row.conversions_known);
        kinds.insert(row.kind);
    }
    let group = |((key, currency), (totals, kinds))| Group { key, currency, totals, kinds, previous: None, is_present: true };
    groups.into_iter().map(group).collect()
}

/// Puts earlier groups beside those of the same key; both are in key order, and so is the answer.
fn beside(groups: Vec<Group>, earlier: Vec<Group>) -> Vec<Group> {
    let mut all: BTreeMap<(GroupKey, Currency), Group> = groups
        .into_iter()
        .map(|group| ((group.key.clone(), group.currency), Group { previous: Some(Totals::default()), ..group }))
        .collect();
    for before in earlier {
        let absent = || Group { totals: Totals::default(), previous: None, is_present: false, ..before.clone() };
        all.entry((before.key.clone(), before.currency)).or_insert_with(absent).previous = Some(before.totals);
    }
    all.into_values().collect()
}

/// A row of the earlier period under the key it has in the later one: dates move, everything else stays. `None` for a day without a
/// counterpart.
fn moved(row: GroupRow, by: GroupBy, places: Places) -> Option<GroupRow> {
    let Some(day) = row.key.date else { return Some(row) };
    let date = match by {
        GroupBy::Week => monday_of(places.nearest(day)),
        GroupBy::Month => Month::of(places.nearest(day)).first_day(),
        _ => places.counterpart(day)?,
    };
    Some(GroupRow { key: GroupKey { date: Some(date), ..row.key }, ..row })
}

/// Which day of the period an earlier day stands beside. Equally long periods match by position; whole months, the same days of the month
/// before and the same dates last year match by day of the month.
#[derive(Debug, Clone, Copy)]
struct Places {
    now: DateRange,
    before: DateRange,
}

impl Places {
    /// Months between the two, where days match by their number in the month.
    fn months(self) -> Option<Months> {
        let whole = self.now.is_whole_months() && self.before.is_whole_months();
        let apart = Month::of(self.now.from).index() - Month::of(self.before.from).index();
        (whole || self.now.days() != self.before.days()).then(|| Months::new(u32::try_from(apart).unwrap_or(0)))
    }

    /// The day beside `day`; where the month has no such day, the nearest one that the period has.
    fn nearest(self, day: NaiveDate) -> NaiveDate {
        match self.months() {
            Some(months) => (day + months).clamp(self.now.from, self.now.to),
            None => shift(day, self.before.from, self.now.from),
        }
    }

    fn counterpart(self, day: NaiveDate) -> Option<NaiveDate> {
        let beside = self.nearest(day);
        (self.months().is_none() || beside.day() == day.day()).then_some(beside)
    }
}

fn shift(date: NaiveDate, from: NaiveDate, to: NaiveDate) -> NaiveDate {
    to + Days::new(u64::try_from((date - from).num_days()).unwrap_or(0))
}

/// The day of the compared period that stands beside a day, for a trend's ghost line.
pub(crate) fn position_in(date: NaiveDate, now: DateRange, before: DateRange) -> Option<NaiveDate> {
    let places = Places { now, before };
    let day = match places.months() {
        Some(months) => date - months,
        None => shift(date, now.from, before.from),
    };
    (before.contains(day) && places.counterpart(day) == Some(date)).then_some(day)
}

/// The figures as decimal text; rounded where the report's are, so that window, command line, PDF and workbook agree.
pub(crate) fn figures(totals: &Totals) -> Figures {
    let figures = moa_reports::Figures::from_totals(totals);
    Figures {
        impressions: figures.impressions.to_string(),
        clicks: figures.clicks.to_string(),
        cost: figures.cost.to_string(),
        conversions: decimal(figures.conversions),
        revenue: decimal(figures.revenue),
        ctr: decimal(figures.ctr),
        cpc: decimal(figures.cpc),
        cpm: decimal(figures.cpm),
        conversion_rate: decimal(figures.conversion_rate),
        cpa: decimal(figures.cpa),
        roas: decimal(figures.roas),
        roi: decimal(figures.roi),
    }
}

pub(crate) fn compared(group: &Group) -> Compared {
    Compared {
        figures: figures(&group.totals),
        previous: group.previous.as_ref().map(figures),
        change: group.previous.as_ref().map(|before| changes(&group.totals, before)),
    }
}

pub(crate) fn changes(now: &Totals, before: &Totals) -> Change {
    let change = moa_reports::Change::between(now, before);
    Change {
        impressions: decimal(change.impressions),
        clicks: decimal(change.clicks),
        cost: decimal(change.cost),
        conversions: decimal(change.conversions),
        revenue: decimal(change.revenue),
        ctr: decimal(change.ctr),
        cpc: decimal(change.cpc),
        cpm: decimal(change.cpm),
        conversion_rate: decimal(change.conversion_rate),
        cpa: decimal(change.cpa),
        roas: decimal(change.roas),
        roi: decimal(change.roi),
    }
}

fn decimal(value: Option<Decimal>) -> Option<String> {
    value.map(|value| value.to_string())
}

pub(crate) fn text(value: Exact) -> String {
    value.rounded().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn r(from: &str, to: &str) -> DateRange {
        DateRange { from: d(from), to: d(to) }
    }

    fn beside(day: &str, before: DateRange, now: DateRange) -> Option<NaiveDate> {
        Places { now, before }.counterpart(d(day))
    }

    #[test]
    fn equally_long_periods_match_by_position() {
        let now = r("2026-11-09", "2026-11-15");
        assert_eq!(beside("2026-11-02", now.previous(), now), Some(d("2026-11-09")));
        assert_eq!(beside("2026-11-08", now.previous(), now), Some(d("2026-11-15")));
        // From the middle of one month to the middle of the next: 31 October is the 17th day, not the end of November.
        let now = r("2026-11-15", "2026-12-15");
        assert_eq!(beside("2026-10-31", now.previous(), now), Some(d("2026-12-01")));
    }

    #[test]
    fn the_same_dates_last_year_stay_beside_each_other_after_a_leap_day() {
        let now = r("2028-01-01", "2028-12-31");
        assert_eq!(beside("2027-03-01", now.last_year(), now), Some(d("2028-03-01")));
        let now = r("2029-02-01", "2029-03-15");
        assert_eq!(beside("2028-02-29", now.last_year(), now), None);
        assert_eq!(beside("2028-03-01", now.last_year(), now), Some(d("2029-03-01")));
    }

    #[test]
    fn whole_months_match_by_the_day_of_the_month() {
        let now = r("2026-10-01", "2026-12-31");
        assert_eq!(beside("2026-08-31", now.previous(), now), None);
        assert_eq!(beside("2026-09-01", now.previous(), now), Some(d("2026-12-01")));
        // A week or a month loses nothing: the day counts to the last one there is.
        assert_eq!(Places { now, before: now.previous() }.nearest(d("2026-08-31")), d("2026-11-30"));
    }

    #[test]
    fn the_ghost_line_is_the_same_match_backwards() {
        for now in
            [r("2028-01-15", "2028-03-14"), r("2026-11-01", "2026-11-30"), r("2026-11-09", "2026-11-15"), r("2026-03-01", "2026-03-31")]
        {
            for before in [now.previous(), now.last_year(), now.last_month()] {
                for day in before.iter() {
                    if let Some(found) = (Places { now, before }).counterpart(day) {
                        assert_eq!(position_in(found, now, before), Some(day), "{now:?} beside {before:?}");
                    }
                }
            }
        }
    }
}
