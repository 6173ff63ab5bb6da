//! The daily rows of one campaign and day: who has the word on each measure.
//!
//! A source that states a measure of the day wins over sums of hours, which win over sums of finer rows. The unspecified channel holds what
//! a split over channels leaves of the stated total. Pure: what is stored and what came in, what will stand out.

use std::collections::{BTreeMap, BTreeSet};

use super::measures::{FROM_FINER, FROM_HOURS, MeasureSet, NOTHING, STATED};
use super::rows::{DailyRow, Key};
use super::said::{Kinds, Said, combine, currency, stand_with_cost, tidy};
use crate::error::StoreError;

/// One campaign and day, from every side.
pub(crate) struct Day<'a> {
    pub(crate) stored: &'a [DailyRow],
    /// Rows the source states for the campaign as a whole.
    pub(crate) stated: &'a [DailyRow],
    /// Sum of all hours, stored and new; empty when no hours came.
    pub(crate) from_hours: &'a [Said],
    /// Sum of the fullest breakdown, stored and new; empty when nothing finer came.
    pub(crate) from_finer: &'a [Said],
    /// Measures that were answered in full for the campaign and day: what is stored of them and did not come is gone.
    pub(crate) answered: MeasureSet,
}

impl Day<'_> {
    /// The rows that will stand, sorted by key.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`].
    pub(crate) fn settle(&self, unspecified: i32, kinds: &Kinds) -> Result<Vec<DailyRow>, StoreError> {
        let stored = |origin: i64| -> Vec<Said> {
            let rows = self.stored.iter().filter_map(|row| row.said_by(origin));
            rows.filter_map(|row| row.only(row.says.without(self.answered))).collect()
        };
        let or_stored = |sums: &[Said], origin: i64| if sums.is_empty() { stored(origin) } else { sums.to_vec() };
        let levels = [
            (STATED, self.settle_stated(&stored(STATED), unspecified, kinds)?),
            (FROM_HOURS, or_stored(self.from_hours, FROM_HOURS)),
            (FROM_FINER, or_stored(self.from_finer, FROM_FINER)),
        ];
        let mut rows: Vec<Said> = Vec::new();
        let mut said = MeasureSet::NONE;
        let mut by_level = Vec::with_capacity(levels.len());
        for (origin, level) in levels {
            let says = level.iter().fold(MeasureSet::NONE, |set, row| set.and(row.says)).without(said);
            for row in level.iter().filter_map(|row| row.only(says)) {
                match rows.iter_mut().find(|standing| standing.key == row.key) {
                    Some(standing) => standing.take(&row),
                    None => rows.push(row),
                }
            }
            by_level.push((origin, says));
            said = said.and(says);
        }
        stand_with_cost(&mut rows, kinds)?;
        tidy(&mut rows, &NOTHING);
        let origin = |measure: MeasureSet| by_level.iter().find(|(_, says)| says.covers(measure)).map_or(STATED, |(origin, _)| *origin);
        Ok(rows.iter().map(|row| DailyRow::from_said(row, origin)).collect())
    }

    fn settle_stated(&self, known: &[Said], unspecified: i32, kinds: &Kinds) -> Result<Vec<Said>, StoreError> {
        let came: Vec<Said> = self.stated.iter().map(DailyRow::said).collect();
        if came.is_empty() {
            return Ok(known.to_vec());
        }
        let mut rows = Vec::with_capacity(known.len() + came.len());
        let channels: BTreeSet<i32> = known.iter().chain(&came).map(|row| row.key.channel).collect();
        for channel in &channels {
            let of = |rows: &[Said]| -> Vec<Said> { rows.iter().filter(|row| row.key.channel == *channel).copied().collect() };
            rows.extend(combine(&of(known), &of(&came), kinds));
        }
        if channels.len() > 1 && channels.contains(&unspecified) {
            Split { known, came: &came, unspecified, kinds }.leave_remainder(&mut rows)?;
        }
        Ok(rows)
    }
}

/// A campaign's day whose split over channels and whose whole may come from different files.
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

    /// What a measure may be added over: costs of one money kind, everything else of one currency, since the VAT basis is the cost's.
    fn comparable(&self, row: &Said, measure: MeasureSet) -> Option<(i32, moa_domain::Currency)> {
        let currency = currency(self.kinds, row.key.kind)?;
        Some((if measure == MeasureSet::COST { row.key.kind } else { 0 }, currency))
    }

    /// The campaign's whole of the day where the split over channels and the unspecified channel come from different files; `None` where
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

#[cfg(test)]
#[path = "settle_tests.rs"]
mod tests;
