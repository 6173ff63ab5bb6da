//! Every campaign's day of a slice: what stood, what came, what will stand.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::Tally;
use super::exchange::Restated;
use super::facts::day_of_hours;
use super::measures::MeasureSet;
use super::rows::{CountRow, DailyRow, Key, day_of};
use super::said::{Kinds, Said, currency};
use super::settle::Day;
use super::slice::Slice;
use crate::error::StoreError;

#[derive(Default)]
pub(super) struct Days {
    pub(super) upserts: Vec<DailyRow>,
    pub(super) deletes: Vec<Key>,
    pub(super) restated: Vec<Restated>,
    pub(super) tally: Tally,
}

/// Every side of a slice's days, each sorted by key.
pub(super) struct Sides<'a> {
    pub(super) stored: &'a [DailyRow],
    pub(super) stated: &'a [DailyRow],
    pub(super) hours: &'a [CountRow],
    /// Sums of finer rows.
    pub(super) finer: &'a [Said],
}

impl Days {
    pub(super) fn settle(slice: &Slice, sides: &Sides<'_>, unspecified: i32, kinds: &Kinds) -> Result<Self, StoreError> {
        let mut days = Self::default();
        let (mut stored, mut stated) = (Side::new(sides.stored), Side::new(sides.stated));
        let (mut hours, mut finer) = (Side::new(sides.hours), Side::new(sides.finer));
        while let Some(next) = [stored.next_day(), stated.next_day(), hours.next_day(), finer.next_day()].into_iter().flatten().min() {
            let (stored, stated, hours, finer) = (stored.take(next), stated.take(next), hours.take(next), finer.take(next));
            // Most days of a restated window are what they were.
            let whole = || stated.iter().all(|row| row.origins().any().covers(MeasureSet::COUNTS));
            if !stated.is_empty() && stored == stated && ((hours.is_empty() && finer.is_empty()) || whole()) {
                days.tally.unchanged += stated.len();
                continue;
            }
            let answered = if slice.is_asked(next.0, next.1) { slice.measures } else { MeasureSet::NONE };
            let from_hours = day_of_hours(hours)?;
            let day = Day { stored, stated, from_hours: &from_hours, from_finer: finer, answered };
            days.compare(stored, stated, &day.settle(unspecified, kinds)?, kinds);
        }
        Ok(days)
    }

    /// Notes what differs between the stored rows of a campaign's day and the ones that will stand.
    fn compare(&mut self, stored: &[DailyRow], stated: &[DailyRow], settled: &[DailyRow], kinds: &Kinds) {
        // The same figure: the same key, or another VAT basis of the same amount.
        let same = |a: Key, b: Key| a.channel == b.channel && currency(kinds, a.kind) == currency(kinds, b.kind);
        let stands = |key: Key| settled.iter().find(|row| row.key == key);
        let successor = |key: Key| stands(key).or_else(|| settled.iter().find(|row| same(row.key, key)));
        for row in settled {
            let came = stated.iter().filter(|came| successor(came.key).is_some_and(|standing| standing.key == row.key)).count();
            let old = stored.iter().find(|old| old.key == row.key);
            let before = old.or_else(|| stored.iter().find(|old| same(old.key, row.key) && stands(old.key).is_none()));
            if old.is_none_or(|old| old.values != row.values) {
                self.upserts.push(*row);
            }
            match before {
                Some(old) if old.key == row.key && old.says_the_same(row) => self.tally.unchanged += came,
                Some(old) if restatement(old, Some(row)).is_some() => self.tally.restated += 1,
                _ => self.tally.new += 1,
            }
        }
        for old in stored {
            let new = successor(old.key);
            if stands(old.key).is_none() {
                self.deletes.push(old.key);
            }
            if new.is_none() {
                self.tally.restated += 1;
            }
            if let Some(reason) = restatement(old, new) {
                self.restated.push(Restated { old: *old, new: new.copied(), reason });
            }
        }
        // What came and left no row of its own (nothing remained on the unspecified channel) is as it was.
        self.tally.unchanged += stated.iter().filter(|came| successor(came.key).is_none()).count();
    }

    fn changed(&self) -> impl Iterator<Item = Key> {
        self.upserts.iter().map(|row| row.key).chain(self.deletes.iter().copied())
    }

    /// First and last day that changed.
    pub(super) fn window(&self) -> Option<(i32, i32)> {
        let days = || self.changed().map(|key| key.date);
        days().min().zip(days().max())
    }

    /// Campaign-months that changed, each with its first changed day.
    pub(super) fn first_changes(&self) -> Vec<(i32, NaiveDate)> {
        let mut firsts: BTreeMap<(i32, i32, u32), NaiveDate> = BTreeMap::new();
        for key in self.changed() {
            let day = day_of(key.date);
            firsts.entry((key.owner, day.year(), day.month())).and_modify(|first| *first = (*first).min(day)).or_insert(day);
        }
        firsts.into_iter().map(|((campaign, _, _), first)| (campaign, first)).collect()
    }
}

/// Why a figure that had been said is now another: 0 restated, 2 another VAT basis. `None` where all that had been said is still said, be it
/// with more beside.
fn restatement(old: &DailyRow, new: Option<&DailyRow>) -> Option<i64> {
    let Some(new) = new else { return Some(0) };
    let counts = old.said().only(MeasureSet::COUNTS)?;
    if new.key != old.key && counts.says.covers(MeasureSet::COST) {
        return Some(2);
    }
    (!counts.is_kept_by(&new.said())).then_some(0)
}

/// A row of a campaign's day.
trait OfDay {
    fn key(&self) -> Key;
}

impl<const N: usize> OfDay for super::rows::Row<N> {
    fn key(&self) -> Key {
        self.key
    }
}

impl OfDay for Said {
    fn key(&self) -> Key {
        self.key
    }
}

/// Sorted rows, taken a campaign and day at a time.
struct Side<'a, T> {
    rows: &'a [T],
    at: usize,
}

impl<'a, T: OfDay> Side<'a, T> {
    fn new(rows: &'a [T]) -> Self {
        Self { rows, at: 0 }
    }

    fn next_day(&self) -> Option<(i32, i32)> {
        self.rows.get(self.at).map(|row| (row.key().date, row.key().owner))
    }

    fn take(&mut self, day: (i32, i32)) -> &'a [T] {
        let start = self.at;
        while self.next_day() == Some(day) {
            self.at += 1;
        }
        &self.rows[start..self.at]
    }
}
