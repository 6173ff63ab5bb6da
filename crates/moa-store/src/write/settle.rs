//! The daily rows of one campaign and day: who has the word.
//!
//! A source that states the day wins over sums of hours, which win over sums of finer rows. The unspecified channel holds what a split over
//! channels leaves of the stated total. Pure: what is stored and what came in, what will stand out.

use super::merge::{Currencies, is_rebased};
use super::rows::{DailyRow, FROM_FINER, FROM_HOURS, STATED, SUMMED};
use crate::error::StoreError;

/// One campaign and day, from every side.
pub(crate) struct Day<'a> {
    pub(crate) stored: &'a [DailyRow],
    /// Rows the source states for the campaign as a whole.
    pub(crate) stated: &'a [DailyRow],
    /// Sum of all hours, stored and new; empty when no hours came.
    pub(crate) from_hours: &'a [DailyRow],
    /// Sum of the fullest breakdown, stored and new; empty when nothing finer came.
    pub(crate) from_finer: &'a [DailyRow],
    /// The campaign and day were answered in full: what is stored and did not come is gone.
    pub(crate) replace: bool,
}

impl Day<'_> {
    /// The rows that will stand, sorted by key.
    pub(crate) fn settle(&self, unspecified: i32, currencies: &Currencies) -> Result<Vec<DailyRow>, StoreError> {
        let kept = |origin: i64| self.stored.iter().filter(move |row| !self.replace && row.origin() == origin).copied();
        let mut rows: Vec<DailyRow> = if !self.stated.is_empty() || kept(STATED).next().is_some() {
            self.settle_stated(&kept(STATED).collect::<Vec<_>>(), unspecified, currencies)?
        } else if !self.from_hours.is_empty() {
            self.from_hours.to_vec()
        } else if kept(FROM_HOURS).next().is_some() {
            kept(FROM_HOURS).collect()
        } else if !self.from_finer.is_empty() {
            self.from_finer.to_vec()
        } else {
            kept(FROM_FINER).collect()
        };
        rows.sort_unstable_by_key(|row| row.key);
        Ok(rows)
    }

    fn settle_stated(&self, stored: &[DailyRow], unspecified: i32, currencies: &Currencies) -> Result<Vec<DailyRow>, StoreError> {
        let rebased = |old: &DailyRow| {
            let same_channel: Vec<DailyRow> = self.stated.iter().filter(|row| row.key.channel == old.key.channel).copied().collect();
            is_rebased(old.key.kind, &same_channel, currencies)
        };
        let came = |old: &DailyRow| self.stated.iter().any(|row| row.key == old.key);
        let mut rows: Vec<DailyRow> = stored.iter().filter(|old| !came(old) && !rebased(old)).copied().collect();
        rows.extend_from_slice(self.stated);
        let mut kinds: Vec<i32> = rows.iter().map(|row| row.key.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            if let Some(total) = self.stated_total(stored, kind, unspecified)? {
                leave_remainder(&mut rows, kind, unspecified, total)?;
            }
        }
        Ok(rows)
    }

    /// The campaign's whole of the day where the split over channels and the unspecified channel come from different files; `None` where
    /// one source says both, or says only one of them.
    fn stated_total(&self, stored: &[DailyRow], kind: i32, unspecified: i32) -> Result<Option<[i64; SUMMED]>, StoreError> {
        let of_kind = |rows: &[DailyRow]| -> Vec<DailyRow> { rows.iter().filter(|row| row.key.kind == kind).copied().collect() };
        let (came, known) = (of_kind(self.stated), of_kind(stored));
        let whole = |rows: &[DailyRow]| rows.iter().any(|row| row.key.channel == unspecified);
        let split = |rows: &[DailyRow]| rows.iter().any(|row| row.key.channel != unspecified);
        match (whole(&came), split(&came)) {
            (true, false) if split(&known) => sum(came.iter()).map(Some),
            (false, true) if whole(&known) => sum(known.iter()).map(Some),
            _ => Ok(None),
        }
    }
}

/// Puts on the unspecified channel what the split leaves of the total; nothing when nothing is left.
fn leave_remainder(rows: &mut Vec<DailyRow>, kind: i32, unspecified: i32, total: [i64; SUMMED]) -> Result<(), StoreError> {
    let split = sum(rows.iter().filter(|row| row.key.kind == kind && row.key.channel != unspecified))?;
    let Some(position) = rows.iter().position(|row| row.key.kind == kind && row.key.channel == unspecified) else { return Ok(()) };
    let rest: [i64; SUMMED] = std::array::from_fn(|index| total[index].saturating_sub(split[index]).max(0));
    if rest.iter().all(|value| *value == 0) {
        rows.remove(position);
    } else {
        rows[position].values[..SUMMED].copy_from_slice(&rest);
    }
    Ok(())
}

fn sum<'a>(mut rows: impl Iterator<Item = &'a DailyRow>) -> Result<[i64; SUMMED], StoreError> {
    rows.try_fold([0_i64; SUMMED], |mut total, row| {
        for (sum, value) in total.iter_mut().zip(row.values) {
            *sum = sum.checked_add(value).ok_or(StoreError::TooLarge)?;
        }
        Ok(total)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use moa_domain::Currency;

    use super::super::rows::Key;
    use super::*;
    use crate::copy::NULL;

    const ALL: i32 = 9;

    fn row(channel: i32, kind: i32, cost: i64, origin: i64) -> DailyRow {
        let mut values = [0; 13];
        values[2] = cost;
        values[11] = NULL;
        values[12] = origin;
        DailyRow { key: Key { date: 1, owner: 1, hour: 0, channel, kind }, values }
    }

    fn settle(stored: &[DailyRow], stated: &[DailyRow], from_hours: &[DailyRow], from_finer: &[DailyRow]) -> Vec<(i32, i32, i64)> {
        let currencies = HashMap::from([(1, Currency::KRW), (2, Currency::KRW), (3, Currency::USD)]);
        let day = Day { stored, stated, from_hours, from_finer, replace: false };
        day.settle(ALL, &currencies).expect("small numbers").iter().map(|row| (row.key.channel, row.key.kind, row.values[2])).collect()
    }

    #[test]
    fn a_stated_day_wins_over_hours_and_finer_rows() {
        let (hours, finer) = ([row(ALL, 1, 90, FROM_HOURS)], [row(ALL, 1, 80, FROM_FINER)]);
        assert_eq!(settle(&[row(ALL, 1, 100, STATED)], &[], &hours, &finer), [(ALL, 1, 100)]);
        assert_eq!(settle(&[], &[], &hours, &finer), [(ALL, 1, 90)]);
        assert_eq!(settle(&[], &[], &[], &finer), [(ALL, 1, 80)]);
        assert_eq!(settle(&hours, &[], &[], &finer), [(ALL, 1, 90)]);
        assert_eq!(settle(&hours, &[row(1, 1, 100, STATED)], &[], &[]), [(1, 1, 100)]);
    }

    #[test]
    fn a_split_over_channels_does_not_double_the_total() {
        let split = [row(1, 1, 60, STATED), row(2, 1, 30, STATED)];
        let after = settle(&[row(ALL, 1, 100, STATED)], &split, &[], &[]);
        assert_eq!(after, [(1, 1, 60), (2, 1, 30), (ALL, 1, 10)]);
        let stored = [row(1, 1, 60, STATED), row(2, 1, 30, STATED), row(ALL, 1, 10, STATED)];
        assert_eq!(settle(&stored, &split, &[], &[]), after, "again: nothing changes");
        assert_eq!(settle(&stored, &[row(ALL, 1, 100, STATED)], &[], &[]), after, "the whole again: nothing changes");
        assert_eq!(settle(&stored, &[row(ALL, 1, 90, STATED)], &[], &[]), [(1, 1, 60), (2, 1, 30)], "nothing is left");
    }

    #[test]
    fn the_same_file_with_another_vat_basis_replaces() {
        assert_eq!(settle(&[row(1, 1, 110, STATED)], &[row(1, 2, 100, STATED)], &[], &[]), [(1, 2, 100)]);
        assert_eq!(settle(&[row(1, 3, 5, STATED)], &[row(1, 2, 100, STATED)], &[], &[]), [(1, 2, 100), (1, 3, 5)]);
    }
}
