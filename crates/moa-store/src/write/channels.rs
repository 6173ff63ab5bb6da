//! One figure (a campaign's day, an hour, something finer) over all its channels.
//!
//! One file may give the figure as a whole, another split over channels. Keeping both would double it, so the unspecified channel holds what
//! a split leaves of the whole.

use std::collections::{BTreeMap, BTreeSet};

use super::measures::MeasureSet;
use super::rows::Key;
use super::said::{Kinds, Said, combine, currency};
use crate::error::StoreError;

/// What stood and what came, per channel, with the rest on the unspecified one.
///
/// # Errors
/// [`StoreError::TooLarge`].
pub(crate) fn combine_channels(known: &[Said], came: &[Said], unspecified: i32, kinds: &Kinds) -> Result<Vec<Said>, StoreError> {
    let channels: BTreeSet<i32> = known.iter().chain(came).map(|row| row.key.channel).collect();
    if channels.len() < 2 {
        return Ok(combine(known, came, kinds));
    }
    let mut rows = Vec::with_capacity(known.len() + came.len());
    for channel in &channels {
        let of = |rows: &[Said]| -> Vec<Said> { rows.iter().filter(|row| row.key.channel == *channel).copied().collect() };
        rows.extend(combine(&of(known), &of(came), kinds));
    }
    if channels.contains(&unspecified) {
        Split { known, came, unspecified, kinds }.leave_remainder(&mut rows)?;
    }
    Ok(rows)
}

/// A figure whose split over channels and whose whole may come from different files.
struct Split<'a> {
    known: &'a [Said],
    came: &'a [Said],
    unspecified: i32,
    kinds: &'a Kinds,
}

impl Split<'_> {
    /// Puts on the unspecified channel what the split leaves of the total, for every measure of which one source says the split and another
    /// the whole; the row goes when nothing is left.
    fn leave_remainder(&self, rows: &mut Vec<Said>) -> Result<(), StoreError> {
        let mut settled: BTreeMap<Key, MeasureSet> = BTreeMap::new();
        for measure in MeasureSet::ALL.without(MeasureSet::REACH).each() {
            let amounts: BTreeSet<_> = rows.iter().filter_map(|row| self.comparable(row, measure)).collect();
            for amount in amounts {
                let in_question = |row: &&Said| row.says.covers(measure) && self.comparable(row, measure) == Some(amount);
                for column in measure.columns() {
                    let Some(total) = self.stated_total(column, &in_question)? else { continue };
                    let split = sum(rows.iter().filter(in_question).filter(|row| row.key.channel != self.unspecified), column)?;
                    let mut rest = total.saturating_sub(split).max(0);
                    for row in rows.iter_mut().filter(|row| row.key.channel == self.unspecified && in_question(&&**row)) {
                        row.values[column] = std::mem::take(&mut rest);
                        let measures = settled.entry(row.key).or_default();
                        *measures = measures.and(measure);
                    }
                }
            }
        }
        for key in self.costs_on_another_basis(rows) {
            if let Some(row) = rows.iter_mut().find(|row| row.key == key) {
                for column in MeasureSet::COST.columns() {
                    row.values[column] = 0;
                }
                let measures = settled.entry(key).or_default();
                *measures = measures.and(MeasureSet::COST);
            }
        }
        for row in rows.iter_mut() {
            let Some(measures) = settled.get(&row.key) else { continue };
            let is_zero = |set: MeasureSet| set.columns().all(|column| row.values[column] == 0);
            if is_zero(*measures) {
                // Nothing is left of the whole; what it said beside (no likes, the reach of all channels) is no figure of its own.
                let engagement = if is_zero(MeasureSet::ENGAGEMENT) { MeasureSet::ENGAGEMENT } else { MeasureSet::NONE };
                row.says = row.says.without(measures.and(engagement));
                if MeasureSet::REACH.covers(row.says) {
                    row.says = MeasureSet::NONE;
                }
            }
        }
        rows.retain(|row| !row.says.is_empty());
        Ok(())
    }

    /// Wholes whose cost is known on another VAT basis by channel: nothing can be subtracted, and both together would be twice the amount, so
    /// the split has the word.
    fn costs_on_another_basis(&self, rows: &[Said]) -> Vec<Key> {
        let with_cost = |row: &&Said| row.says.covers(MeasureSet::COST);
        let split = |row: &&Said| row.key.channel != self.unspecified;
        let wholes = rows.iter().filter(with_cost).filter(|row| row.key.channel == self.unspecified);
        let doubled = wholes.filter(|whole| {
            let of_currency = |row: &&Said| currency(self.kinds, row.key.kind) == currency(self.kinds, whole.key.kind);
            let mut same_basis = rows.iter().filter(with_cost).filter(split).filter(|row| row.key.kind == whole.key.kind);
            let mut splits = rows.iter().filter(with_cost).filter(split).filter(of_currency);
            // What one source says of both it means; a cost that was given way before says nothing.
            let has_cost = |row: &Said| MeasureSet::COST.columns().any(|column| row.values[column] != 0);
            let one_source = [self.known, self.came].into_iter().any(|source| {
                let of_it = || source.iter().filter(with_cost).filter(of_currency);
                of_it().any(|row| row.key == whole.key && has_cost(row)) && of_it().any(|row| split(&row) && row.key.kind != whole.key.kind)
            });
            same_basis.next().is_none() && splits.next().is_some() && !one_source
        });
        doubled.map(|row| row.key).collect()
    }

    /// What a measure may be added over: costs of one money kind, everything else of one currency, since the VAT basis is the cost's.
    fn comparable(&self, row: &Said, measure: MeasureSet) -> Option<(i32, moa_domain::Currency)> {
        let currency = currency(self.kinds, row.key.kind)?;
        Some((if measure == MeasureSet::COST { row.key.kind } else { 0 }, currency))
    }

    /// The whole where the split over channels and the unspecified channel come from different files; `None` where
    /// one source says both, or says only one of them.
    fn stated_total(&self, column: usize, in_question: &impl Fn(&&Said) -> bool) -> Result<Option<i64>, StoreError> {
        let whole = |rows: &[Said]| rows.iter().any(|row| row.key.channel == self.unspecified && in_question(&row));
        let split = |rows: &[Said]| rows.iter().any(|row| row.key.channel != self.unspecified && in_question(&row));
        match (whole(self.came), split(self.came)) {
            (true, false) if split(self.known) => sum(self.came.iter().filter(in_question), column).map(Some),
            (false, true) if whole(self.known) => sum(self.known.iter().filter(in_question), column).map(Some),
            _ => Ok(None),
        }
    }
}

fn sum<'a>(mut rows: impl Iterator<Item = &'a Said>, column: usize) -> Result<i64, StoreError> {
    rows.try_fold(0_i64, |total, row| total.checked_add(row.values[column]).ok_or(StoreError::TooLarge))
}
