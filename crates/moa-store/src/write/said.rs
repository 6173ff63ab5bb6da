//! What a row says, and how rows that say different things become one.

use std::collections::HashMap;

use moa_domain::{Currency, MoneyKind};

use super::measures::{MeasureSet, Values};
use super::rows::Key;
use crate::error::StoreError;

/// The money kind of each id.
pub(crate) type Kinds = HashMap<i32, MoneyKind>;

pub(crate) fn currency(kinds: &Kinds, kind: i32) -> Option<Currency> {
    kinds.get(&kind).map(|kind| kind.currency)
}

/// A row of any metric table, with what it says. Values of what it does not say are nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) key: Key,
    pub(crate) says: MeasureSet,
    pub(crate) values: Values,
}

impl Said {
    pub(crate) fn nothing(key: Key, nothing: &Values) -> Self {
        Self { key, says: MeasureSet::NONE, values: *nothing }
    }

    /// The same with fewer measures; `None` when nothing is left. Values of the others stand until [`tidy`] clears them.
    pub(crate) fn only(mut self, measures: MeasureSet) -> Option<Self> {
        self.says = self.says.common(measures);
        (!self.says.is_empty()).then_some(self)
    }

    /// Says what the other says, in place of what it said itself.
    pub(crate) fn take(&mut self, other: &Self) {
        for column in other.says.columns() {
            self.values[column] = other.values[column];
        }
        self.says = self.says.and(other.says);
    }

    /// Says both together.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`].
    pub(crate) fn add(&mut self, other: &Self) -> Result<(), StoreError> {
        let both = self.says.common(other.says);
        for column in both.without(MeasureSet::REACH).columns() {
            self.values[column] = self.values[column].checked_add(other.values[column]).ok_or(StoreError::TooLarge)?;
        }
        let rest = other.says.without(both);
        for column in rest.columns() {
            self.values[column] = other.values[column];
        }
        self.says = self.says.and(other.says);
        Ok(())
    }

    /// The other says all that this one says, with the same values.
    pub(crate) fn is_kept_by(&self, other: &Self) -> bool {
        other.says.covers(self.says) && self.says.columns().all(|column| self.values[column] == other.values[column])
    }
}

/// What stood and what came for one figure in all its money kinds: measures that came replace those that stood, in every VAT basis of the
/// same currency (it was the same amount on another basis); amounts of another currency stay.
pub(crate) fn combine(old: &[Said], new: &[Said], kinds: &Kinds) -> Vec<Said> {
    let mut rows: Vec<Said> = old
        .iter()
        .filter_map(|row| {
            let of_currency = new.iter().filter(|came| currency(kinds, came.key.kind) == currency(kinds, row.key.kind));
            let replaced = of_currency.fold(MeasureSet::NONE, |set, came| set.and(came.says));
            row.only(row.says.without(replaced))
        })
        .collect();
    for came in new {
        match rows.iter_mut().find(|row| row.key == came.key) {
            Some(row) => row.take(came),
            None => rows.push(*came),
        }
    }
    rows
}

/// The VAT basis belongs to the cost: what says no cost stands with the cost of its figure and currency, where there is one.
///
/// # Errors
/// [`StoreError::TooLarge`].
pub(crate) fn stand_with_cost(rows: &mut Vec<Said>, kinds: &Kinds) -> Result<(), StoreError> {
    if rows.len() < 2 {
        return Ok(());
    }
    let (mut standing, mut loose): (Vec<Said>, Vec<Said>) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows.drain(..) {
        if row.says.covers(MeasureSet::COST) { standing.push(row) } else { loose.push(row) }
    }
    for row in loose {
        let same = |with: &&mut Said| {
            with.says.covers(MeasureSet::COST)
                && with.key.without_kind() == row.key.without_kind()
                && currency(kinds, with.key.kind) == currency(kinds, row.key.kind)
        };
        // Ids are given in the order of arrival; the kinds themselves know a better one.
        match standing.iter_mut().filter(same).min_by_key(|with| kinds.get(&with.key.kind)) {
            Some(with) => with.add(&row)?,
            None => standing.push(row),
        }
    }
    *rows = standing;
    Ok(())
}

/// Clears what is not said, and fills each of two twins from the other where no row says it. Sorts by key.
pub(crate) fn tidy(rows: &mut [Said], nothing: &Values) {
    let said = rows.iter().fold(MeasureSet::NONE, |set, row| set.and(row.says));
    for row in &mut *rows {
        for column in MeasureSet::ALL.without(row.says).columns() {
            row.values[column] = nothing[column];
        }
        for (one, other) in MeasureSet::TWINS {
            for (known, unknown) in [(one, other), (other, one)] {
                if row.says.covers(known) && !said.covers(unknown) {
                    for (from, to) in known.columns().zip(unknown.columns()) {
                        row.values[to] = row.values[from];
                    }
                }
            }
        }
    }
    rows.sort_unstable_by_key(|row| row.key);
}
