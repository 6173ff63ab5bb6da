//! Comparing what came with what is stored: only differences are written.

use super::Tally;
use super::channels::combine_channels;
use super::measures::{MeasureSet, Values};
use super::rows::{CountRow, Key};
use super::said::{Kinds, Said, currency, stand_with_cost, tidy};
use crate::error::StoreError;

/// The differences, and the state after them.
#[derive(Debug)]
pub(crate) struct Merge {
    pub(crate) upserts: Vec<CountRow>,
    pub(crate) deletes: Vec<Key>,
    pub(crate) tally: Tally,
    /// Every row of the slice as it will stand.
    pub(crate) state: Vec<CountRow>,
}

/// How the rows of one table are compared.
pub(crate) struct Comparison<'a> {
    /// What stands where nothing is said.
    pub(crate) nothing: &'a Values,
    pub(crate) kinds: &'a Kinds,
    /// The platform's channel for what is not said to be on any.
    pub(crate) unspecified: i32,
    /// What the source says, and takes back where a window was answered in full.
    pub(crate) measures: MeasureSet,
}

/// Both sides sorted by key, no key twice.
///
/// A stored row that did not come stays, unless its window was answered in full (`gone`), or unless the same figure came in another VAT kind
/// of its currency, or split over channels: then it was the same amount, and keeping both would double it.
///
/// # Errors
/// [`StoreError::TooLarge`].
pub(crate) fn merge(
    stored: &[CountRow],
    incoming: &[CountRow],
    gone: impl Fn(Key) -> bool,
    comparison: &Comparison<'_>,
) -> Result<Merge, StoreError> {
    let mut merge = Merge {
        upserts: Vec::new(),
        deletes: Vec::new(),
        tally: Tally::default(),
        state: Vec::with_capacity(stored.len().max(incoming.len())),
    };
    let (mut left, mut right) = (0, 0);
    while left < stored.len() || right < incoming.len() {
        let prefix = match (stored.get(left), incoming.get(right)) {
            (Some(old), Some(new)) => old.key.without_place().min(new.key.without_place()),
            (Some(old), None) => old.key.without_place(),
            (None, Some(new)) => new.key.without_place(),
            (None, None) => break,
        };
        let old = group(stored, &mut left, prefix);
        let new = group(incoming, &mut right, prefix);
        merge.figure(old, new, &gone, comparison)?;
    }
    Ok(merge)
}

fn group<'a>(rows: &'a [CountRow], at: &mut usize, prefix: (i32, i32, i32)) -> &'a [CountRow] {
    let start = *at;
    while rows.get(*at).is_some_and(|row| row.key.without_place() == prefix) {
        *at += 1;
    }
    &rows[start..*at]
}

impl Merge {
    /// One figure on all its channels, in all its money kinds.
    fn figure(
        &mut self,
        old: &[CountRow],
        new: &[CountRow],
        gone: &impl Fn(Key) -> bool,
        comparison: &Comparison<'_>,
    ) -> Result<(), StoreError> {
        // Nearly always: the same rows on each side, the new ones saying all that the old ones say.
        let says_all = |(stored, row): (&CountRow, &CountRow)| stored.key == row.key && row.says().covers(stored.says());
        if old.len() == new.len() && old.iter().zip(new).all(says_all) {
            for (stored, row) in old.iter().zip(new) {
                if stored.values == row.values {
                    self.tally.unchanged += 1;
                } else {
                    self.note(Some(stored), row);
                    self.upserts.push(*row);
                }
            }
            self.state.extend_from_slice(new);
            return Ok(());
        }
        match (old, new) {
            ([stored], []) if !gone(stored.key) => {
                self.state.push(*stored);
                return Ok(());
            }
            ([], [row]) => {
                self.tally.new += 1;
                self.upserts.push(*row);
                self.state.push(*row);
                return Ok(());
            }
            _ => {}
        }
        let kept = |row: &CountRow| if gone(row.key) { row.said().only(row.says().without(comparison.measures)) } else { Some(row.said()) };
        let base: Vec<Said> = old.iter().filter_map(kept).collect();
        let came: Vec<Said> = new.iter().map(CountRow::said).collect();
        let mut rows = combine_channels(&base, &came, comparison.unspecified, comparison.kinds)?;
        stand_with_cost(&mut rows, comparison.kinds)?;
        tidy(&mut rows, comparison.nothing);
        let rows: Vec<CountRow> = rows.iter().map(CountRow::from_said).collect();
        self.compare(old, new, &rows, comparison.kinds);
        self.state.extend(rows);
        Ok(())
    }

    fn compare(&mut self, old: &[CountRow], new: &[CountRow], rows: &[CountRow], kinds: &Kinds) {
        let of_currency = |row: &CountRow, other: &CountRow| {
            row.key.channel == other.key.channel && currency(kinds, row.key.kind) == currency(kinds, other.key.kind)
        };
        for stored in old.iter().filter(|stored| rows.iter().all(|row| row.key != stored.key)) {
            self.deletes.push(stored.key);
            if !rows.iter().any(|row| of_currency(row, stored)) {
                self.tally.restated += 1;
            }
        }
        for row in rows {
            let same = old.iter().find(|stored| stored.key == row.key);
            if same.is_some_and(|stored| stored.values == row.values) {
                self.tally.unchanged += usize::from(new.iter().any(|came| of_currency(came, row)));
                continue;
            }
            self.upserts.push(*row);
            // The same figure in another VAT basis is restated, not new.
            let moved = || old.iter().find(|stored| of_currency(stored, row) && rows.iter().all(|row| row.key != stored.key));
            self.note(same.or_else(moved), row);
        }
        // What came and left no row of its own (nothing remained on the unspecified channel) is as it was.
        self.tally.unchanged += new.iter().filter(|came| !rows.iter().any(|row| of_currency(row, came))).count();
    }

    /// Counts a row that is written.
    fn note(&mut self, stored: Option<&CountRow>, row: &CountRow) {
        match stored {
            Some(stored) if stored.key == row.key && stored.counts() == row.counts() => self.tally.unchanged += 1,
            Some(stored) if !is_addition(stored, row) => self.tally.restated += 1,
            _ => self.tally.new += 1,
        }
    }

    /// First and last day that changed.
    pub(crate) fn window(&self) -> Option<(i32, i32)> {
        let days = || self.upserts.iter().map(|row| row.key.date).chain(self.deletes.iter().map(|key| key.date));
        days().min().zip(days().max())
    }
}

/// The row says what the stored one said, and more beside: nothing was restated. A cost on another basis is another cost.
fn is_addition(stored: &CountRow, row: &CountRow) -> bool {
    (stored.key == row.key || !stored.says().covers(MeasureSet::COST)) && stored.said().is_kept_by(&row.said())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use moa_domain::{Currency, MoneyKind, VatBasis};
    use proptest::prelude::*;

    use super::super::measures::{NOTHING, NOTHING_OF_AN_HOUR};
    use super::*;

    /// The unspecified channel.
    const ALL: i32 = 9;
    const TRAFFIC: MeasureSet = MeasureSet::from_bits(0b111);

    fn said(date: i32, channel: i32, kind: i32, says: MeasureSet, value: i64, nothing: &Values) -> CountRow {
        let key = Key { date, owner: 1, hour: 0, channel, kind };
        let mut rows = [Said { key, says, values: [value; 12] }];
        tidy(&mut rows, nothing);
        CountRow::from_said(&rows[0])
    }

    fn row(date: i32, channel: i32, kind: i32, value: i64) -> CountRow {
        said(date, channel, kind, MeasureSet::COUNTS, value, &NOTHING)
    }

    fn kinds() -> Kinds {
        HashMap::from([
            (1, MoneyKind::new(Currency::KRW, VatBasis::Included, 10)),
            (2, MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10)),
            (3, MoneyKind::new(Currency::USD, VatBasis::Excluded, 10)),
        ])
    }

    fn merged(stored: &[CountRow], incoming: &[CountRow], nothing: &Values, gone: bool, measures: MeasureSet) -> Merge {
        merge(stored, incoming, |_| gone, &Comparison { nothing, kinds: &kinds(), unspecified: ALL, measures }).expect("small numbers")
    }

    #[test]
    fn only_differences_are_written() {
        let stored = [row(1, 1, 1, 10), row(2, 1, 1, 20), row(3, 1, 1, 30)];
        let incoming = [row(2, 1, 1, 20), row(3, 1, 1, 33), row(4, 1, 1, 40)];
        let merge = merged(&stored, &incoming, &NOTHING, false, MeasureSet::COUNTS);
        assert_eq!(merge.upserts, [row(3, 1, 1, 33), row(4, 1, 1, 40)]);
        assert!(merge.deletes.is_empty());
        assert_eq!(merge.tally, Tally { new: 1, unchanged: 1, restated: 1 });
        assert_eq!(merge.state.len(), 4);
    }

    #[test]
    fn a_full_answer_removes_what_it_does_not_hold() {
        let merge = merged(&[row(1, 1, 1, 10), row(2, 1, 1, 20)], &[row(2, 1, 1, 20)], &NOTHING, true, MeasureSet::COUNTS);
        assert_eq!(merge.deletes, [row(1, 1, 1, 10).key]);
    }

    #[test]
    fn a_full_answer_of_conversions_takes_back_conversions_only() {
        let merge = merged(&[row(1, 1, 1, 10)], &[], &NOTHING, true, MeasureSet::CONVERSIONS);
        assert_eq!(merge.upserts, [said(1, 1, 1, TRAFFIC, 10, &NOTHING)]);
        assert!(merge.deletes.is_empty());
        assert_eq!(merge.tally, Tally { new: 0, unchanged: 0, restated: 1 });
    }

    #[test]
    fn another_vat_basis_replaces_another_currency_stays() {
        let stored = [row(1, 1, 1, 10), row(1, 1, 3, 99)];
        let merge = merged(&stored, &[row(1, 1, 2, 11)], &NOTHING, false, MeasureSet::COUNTS);
        assert_eq!(merge.deletes, [row(1, 1, 1, 10).key]);
        assert_eq!(merge.state, [row(1, 1, 2, 11), row(1, 1, 3, 99)]);
        assert_eq!(merge.tally, Tally { new: 0, unchanged: 0, restated: 1 });
    }

    #[test]
    fn a_whole_and_its_split_are_one_figure_in_either_order() {
        let (whole, split) = ([row(1, ALL, 1, 10)], [row(1, 1, 1, 6), row(1, 2, 1, 3)]);
        let both = [row(1, 1, 1, 6), row(1, 2, 1, 3), row(1, ALL, 1, 1)];
        let split_later = merged(&whole, &split, &NOTHING, false, MeasureSet::COUNTS);
        assert_eq!(split_later.state, both);
        let whole_later = merged(&split, &whole, &NOTHING, false, MeasureSet::COUNTS);
        assert_eq!(whole_later.state, both);
        for again in [&whole[..], &split[..]] {
            let merge = merged(&both, again, &NOTHING, false, MeasureSet::COUNTS);
            assert!(merge.upserts.is_empty() && merge.deletes.is_empty(), "{merge:?}");
            assert_eq!(merge.tally, Tally { new: 0, unchanged: again.len(), restated: 0 });
        }
        let all_of_it = merged(&whole, &[row(1, 1, 1, 10)], &NOTHING, false, MeasureSet::COUNTS);
        assert_eq!((all_of_it.state, all_of_it.deletes), (vec![row(1, 1, 1, 10)], vec![whole[0].key]));
        let whole_again = merged(&[row(1, 1, 1, 10)], &whole, &NOTHING, false, MeasureSet::COUNTS);
        assert!(whole_again.upserts.is_empty() && whole_again.tally.unchanged == 1, "{whole_again:?}");
    }

    #[test]
    fn what_an_hour_does_not_say_is_unknown() {
        let traffic = said(1, 1, 1, TRAFFIC, 5, &NOTHING_OF_AN_HOUR);
        let conversions = said(1, 1, 1, MeasureSet::CONVERSIONS, 7, &NOTHING_OF_AN_HOUR);
        assert_eq!(traffic.values[3..7], NOTHING_OF_AN_HOUR[3..7]);
        assert_eq!(conversions.values[..3], [0, 0, 0]);
        let first = merged(&[traffic], &[conversions], &NOTHING_OF_AN_HOUR, false, MeasureSet::CONVERSIONS);
        assert_eq!(first.state[0].values, [5, 5, 5, 7, 7, 7, 7, MeasureSet::COUNTS.bits()]);
        assert_eq!(first.tally, Tally { new: 1, unchanged: 0, restated: 0 }, "nothing known was restated");
        let again = merged(&first.state, &[traffic], &NOTHING_OF_AN_HOUR, false, TRAFFIC);
        assert!(again.upserts.is_empty() && again.tally.unchanged == 1, "{again:?}");
    }

    #[test]
    fn purchases_alone_leave_all_conversions_as_they_were_told() {
        let purchases = MeasureSet::from_bits(1 << 3);
        let both = row(1, 1, 1, 9);
        let merge = merged(&[both], &[said(1, 1, 1, purchases, 4, &NOTHING)], &NOTHING, false, purchases);
        assert_eq!(merge.state[0].values[3..7], [4, 9, 9, 9]);
        let alone = merged(&[], &[said(1, 1, 1, purchases, 4, &NOTHING)], &NOTHING, false, purchases);
        assert_eq!(alone.state[0].values[3..7], [4, 0, 4, 0], "where only one is known, both hold it");
    }

    /// Rows of one file, which gives an amount in one basis: day, channel, kind, value.
    fn any_file() -> impl Strategy<Value = Vec<(i32, i32, i32, i64)>> {
        prop::collection::btree_map((0..3_i32, 1..3_i32, 1..4_i32), 0..50_i64, 0..8).prop_map(|rows| {
            let mut rows: Vec<_> = rows.into_iter().map(|((date, channel, kind), value)| (date, channel, kind, value)).collect();
            rows.dedup_by_key(|(date, channel, kind, _)| (*date, *channel, *kind == 3));
            rows
        })
    }

    proptest! {
        #[test]
        fn files_of_different_measures_may_come_in_any_order(traffic in any_file(), conversions in any_file(), hours in any::<bool>()) {
            let nothing = if hours { NOTHING_OF_AN_HOUR } else { NOTHING };
            let file = |rows: &[(i32, i32, i32, i64)], says: MeasureSet| -> Vec<CountRow> {
                rows.iter().map(|(date, channel, kind, value)| said(*date, *channel, *kind, says, *value, &nothing)).collect()
            };
            let (traffic, conversions) = (file(&traffic, TRAFFIC), file(&conversions, MeasureSet::CONVERSIONS));
            let state = |one: &[CountRow], other: &[CountRow]| {
                let after = merged(&merged(&[], one, &nothing, false, MeasureSet::ALL).state, other, &nothing, false, MeasureSet::ALL).state;
                for file in [one, other] {
                    let again = merged(&after, file, &nothing, false, MeasureSet::ALL);
                    assert!(again.upserts.is_empty() && again.deletes.is_empty(), "again writes {again:?}");
                    assert_eq!(again.tally, Tally { unchanged: file.len(), ..Tally::default() });
                }
                after
            };
            prop_assert_eq!(state(&traffic, &conversions), state(&conversions, &traffic));
        }
    }
}
