//! The daily rows of one campaign and day: who has the word on each measure.
//!
//! A source that states a measure of the day wins over sums of hours, which win over sums of finer rows. Pure: what is stored and what came
//! in, what will stand out.

use super::channels::combine_channels;
use super::measures::{FROM_FINER, FROM_HOURS, MeasureSet, NOTHING, STATED};
use super::rows::DailyRow;
use super::said::{Kinds, Said, stand_with_cost, tidy};
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
        if came.is_empty() { Ok(known.to_vec()) } else { combine_channels(known, &came, unspecified, kinds) }
    }
}

#[cfg(test)]
#[path = "settle_tests.rs"]
mod tests;
