//! Every campaign's day of a slice: what stood, what came, what will stand.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::Tally;
use super::exchange::Restated;
use super::facts::day_of_hours;
use super::merge::Currencies;
use super::rows::{CountRow, DailyRow, Key, Row, STATED, day_of};
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

impl Days {
    /// All sides sorted by key.
    pub(super) fn settle(
        slice: &Slice,
        stored: &[DailyRow],
        stated: &[DailyRow],
        hours: &[CountRow],
        finer: &[DailyRow],
        unspecified: i32,
        currencies: &Currencies,
    ) -> Result<Self, StoreError> {
        let mut days = Self::default();
        let (mut stored, mut stated, mut hours, mut finer) = (Side::new(stored), Side::new(stated), Side::new(hours), Side::new(finer));
        while let Some(next) = [stored.next_day(), stated.next_day(), hours.next_day(), finer.next_day()].into_iter().flatten().min() {
            let (stored, stated, hours, finer) = (stored.take(next), stated.take(next), hours.take(next), finer.take(next));
            // Most days of a restated window are what they were.
            if !stated.is_empty() && stored == stated {
                days.tally.unchanged += stated.len();
                continue;
            }
            let replace = slice.is_asked(next.0, next.1);
            let is_stated = !stated.is_empty() || (!replace && stored.iter().any(|row| row.origin() == STATED));
            let from_hours = if is_stated { Vec::new() } else { day_of_hours(hours)? };
            let day = Day { stored, stated, from_hours: &from_hours, from_finer: finer, replace };
            days.compare(stored, stated, &day.settle(unspecified, currencies)?, currencies);
        }
        Ok(days)
    }

    /// Notes what differs between the stored rows of a campaign's day and the ones that will stand.
    fn compare(&mut self, stored: &[DailyRow], stated: &[DailyRow], settled: &[DailyRow], currencies: &Currencies) {
        let came = |key: Key| stated.iter().any(|row| row.key == key);
        let mut left: Vec<&DailyRow> = stored.iter().filter(|old| settled.iter().all(|row| row.key != old.key)).collect();
        self.deletes.extend(left.iter().map(|old| old.key));
        for row in settled {
            match stored.iter().find(|old| old.key == row.key) {
                None => {
                    self.upserts.push(*row);
                    // The same figure in another VAT basis: one restatement, not one row gone and one new.
                    let currency = currencies.get(&row.key.kind);
                    match left.iter().position(|old| old.key.channel == row.key.channel && currencies.get(&old.key.kind) == currency) {
                        Some(rebased) => {
                            self.tally.restated += 1;
                            self.restated.push(Restated { old: *left.swap_remove(rebased), new: Some(*row), reason: 2 });
                        }
                        None => self.tally.new += 1,
                    }
                }
                Some(old) if old.values == row.values => self.tally.unchanged += usize::from(came(row.key)),
                Some(old) => {
                    self.upserts.push(*row);
                    if old.says_the_same(row) {
                        self.tally.unchanged += usize::from(came(row.key));
                    } else {
                        self.tally.restated += 1;
                    }
                    if old.counts() != row.counts() {
                        self.restated.push(Restated { old: *old, new: Some(*row), reason: 0 });
                    }
                }
            }
        }
        for old in left {
            self.tally.restated += 1;
            self.restated.push(Restated { old: *old, new: None, reason: 0 });
        }
        // What came and left no row of its own (nothing remained on the unspecified channel) is as it was.
        self.tally.unchanged += stated.iter().filter(|row| settled.iter().all(|kept| kept.key != row.key)).count();
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

/// Sorted rows, taken a campaign and day at a time.
struct Side<'a, const N: usize> {
    rows: &'a [Row<N>],
    at: usize,
}

impl<'a, const N: usize> Side<'a, N> {
    fn new(rows: &'a [Row<N>]) -> Self {
        Self { rows, at: 0 }
    }

    fn next_day(&self) -> Option<(i32, i32)> {
        self.rows.get(self.at).map(|row| (row.key.date, row.key.owner))
    }

    fn take(&mut self, day: (i32, i32)) -> &'a [Row<N>] {
        let start = self.at;
        while self.next_day() == Some(day) {
            self.at += 1;
        }
        &self.rows[start..self.at]
    }
}
