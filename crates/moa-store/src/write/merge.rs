//! Comparing what came with what is stored: only differences are written.

use std::collections::HashMap;

use moa_domain::Currency;

use super::Tally;
use super::rows::{Key, Row};

/// The differences, and the state after them.
pub(crate) struct Merge<const N: usize> {
    pub(crate) upserts: Vec<Row<N>>,
    pub(crate) deletes: Vec<Key>,
    pub(crate) tally: Tally,
    /// Every row of the slice as it will stand.
    pub(crate) state: Vec<Row<N>>,
}

/// Currency of each money kind's id.
pub(crate) type Currencies = HashMap<i32, Currency>;

/// Both sides sorted by key, no key twice.
///
/// A stored row that did not come stays, unless it is `gone` (its window was answered in full) or unless the same figure came in another VAT
/// kind of its currency: then it was the same amount on the wrong basis, and keeping both would double it.
pub(crate) fn merge<const N: usize>(
    stored: &[Row<N>],
    incoming: &[Row<N>],
    gone: impl Fn(Key) -> bool,
    currencies: &Currencies,
) -> Merge<N> {
    let mut merge = Merge {
        upserts: Vec::new(),
        deletes: Vec::new(),
        tally: Tally::default(),
        state: Vec::with_capacity(stored.len().max(incoming.len())),
    };
    let (mut left, mut right) = (0, 0);
    while left < stored.len() || right < incoming.len() {
        let prefix = match (stored.get(left), incoming.get(right)) {
            (Some(old), Some(new)) => old.key.without_kind().min(new.key.without_kind()),
            (Some(old), None) => old.key.without_kind(),
            (None, Some(new)) => new.key.without_kind(),
            (None, None) => break,
        };
        let old = group(stored, &mut left, prefix);
        let new = group(incoming, &mut right, prefix);
        merge.figure(old, new, &gone, currencies);
    }
    merge
}

fn group<'a, const N: usize>(rows: &'a [Row<N>], at: &mut usize, prefix: (i32, i32, i32, i32)) -> &'a [Row<N>] {
    let start = *at;
    while rows.get(*at).is_some_and(|row| row.key.without_kind() == prefix) {
        *at += 1;
    }
    &rows[start..*at]
}

impl<const N: usize> Merge<N> {
    /// One figure in all its money kinds.
    fn figure(&mut self, old: &[Row<N>], new: &[Row<N>], gone: &impl Fn(Key) -> bool, currencies: &Currencies) {
        // Nearly always: one row on each side, in the same kind.
        if let ([stored], [row]) = (old, new)
            && stored.key == row.key
        {
            if stored.values == row.values {
                self.tally.unchanged += 1;
            } else {
                self.tally.restated += 1;
                self.upserts.push(*row);
            }
            self.state.push(*row);
            return;
        }
        let start = self.state.len();
        let mut rebased = 0;
        for stored in old.iter().filter(|stored| new.iter().all(|row| row.key.kind != stored.key.kind)) {
            if is_rebased(stored.key.kind, new, currencies) {
                rebased += 1;
                self.deletes.push(stored.key);
            } else if gone(stored.key) {
                self.tally.restated += 1;
                self.deletes.push(stored.key);
            } else {
                self.state.push(*stored);
            }
        }
        for row in new {
            match old.iter().find(|stored| stored.key.kind == row.key.kind) {
                // The same figure in another VAT basis is restated, not new.
                None if rebased > 0 => {
                    rebased -= 1;
                    self.tally.restated += 1;
                    self.upserts.push(*row);
                }
                None => {
                    self.tally.new += 1;
                    self.upserts.push(*row);
                }
                Some(stored) if stored.values == row.values => self.tally.unchanged += 1,
                Some(_) => {
                    self.tally.restated += 1;
                    self.upserts.push(*row);
                }
            }
            self.state.push(*row);
        }
        self.state[start..].sort_unstable_by_key(|row| row.key);
    }

    /// First and last day that changed.
    pub(crate) fn window(&self) -> Option<(i32, i32)> {
        let days = || self.upserts.iter().map(|row| row.key.date).chain(self.deletes.iter().map(|key| key.date));
        days().min().zip(days().max())
    }
}

/// True when one of the rows is of the same currency: the stored kind is then another VAT basis of the same amount.
pub(crate) fn is_rebased<const N: usize>(kind: i32, new: &[Row<N>], currencies: &Currencies) -> bool {
    let currency = currencies.get(&kind);
    currency.is_some() && new.iter().any(|row| row.key.kind != kind && currencies.get(&row.key.kind) == currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(date: i32, channel: i32, kind: i32, value: i64) -> Row<1> {
        Row { key: Key { date, owner: 1, hour: 0, channel, kind }, values: [value] }
    }

    fn currencies() -> Currencies {
        HashMap::from([(1, Currency::KRW), (2, Currency::KRW), (3, Currency::USD)])
    }

    #[test]
    fn only_differences_are_written() {
        let stored = [row(1, 1, 1, 10), row(2, 1, 1, 20), row(3, 1, 1, 30)];
        let incoming = [row(2, 1, 1, 20), row(3, 1, 1, 33), row(4, 1, 1, 40)];
        let merge = merge(&stored, &incoming, |_| false, &currencies());
        assert_eq!(merge.upserts, [row(3, 1, 1, 33), row(4, 1, 1, 40)]);
        assert!(merge.deletes.is_empty());
        assert_eq!(merge.tally, Tally { new: 1, unchanged: 1, restated: 1 });
        assert_eq!(merge.state.len(), 4);
    }

    #[test]
    fn a_full_answer_removes_what_it_does_not_hold() {
        let merge = merge(&[row(1, 1, 1, 10), row(2, 1, 1, 20)], &[row(2, 1, 1, 20)], |_| true, &currencies());
        assert_eq!(merge.deletes, [row(1, 1, 1, 10).key]);
    }

    #[test]
    fn another_vat_basis_replaces_another_currency_stays() {
        let stored = [row(1, 1, 1, 10), row(1, 1, 3, 99)];
        let merge = merge(&stored, &[row(1, 1, 2, 11)], |_| false, &currencies());
        assert_eq!(merge.deletes, [row(1, 1, 1, 10).key]);
        assert_eq!(merge.state, [row(1, 1, 2, 11), row(1, 1, 3, 99)]);
        assert_eq!(merge.tally, Tally { new: 0, unchanged: 0, restated: 1 });
    }
}
