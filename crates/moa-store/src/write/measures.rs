//! Which measures a row says, and who said them.
//!
//! A set is a bit per measure, in the order of the columns. What a row does not say stands in its columns as nothing (0, or NULL where zero
//! would be a figure), and never overwrites what another source said.

use std::ops::Range;

use moa_domain::Measures;

use crate::copy::NULL;

/// Columns of a row that are measured: the seven counts, four of engagement, reach.
pub(crate) const MEASURED: usize = 12;
/// The values of a row; tables without engagement leave the last ones alone.
pub(crate) type Values = [i64; MEASURED];
/// What stands where nothing is said.
pub(crate) const NOTHING: Values = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL];
/// The same of an hour: no conversions said are unknown conversions.
pub(crate) const NOTHING_OF_AN_HOUR: Values = [0, 0, 0, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct MeasureSet(i64);

impl MeasureSet {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self(0x1ff);
    /// Impressions to revenue of all kinds: what every metric table has.
    pub(crate) const COUNTS: Self = Self(0x7f);
    pub(crate) const COST: Self = Self(1 << 2);
    /// What an hour may not know.
    pub(crate) const CONVERSIONS: Self = Self(0b111_1000);
    pub(crate) const ENGAGEMENT: Self = Self(1 << 7);
    pub(crate) const REACH: Self = Self(1 << 8);
    /// Where a source knows only one of the two, both columns hold it.
    pub(crate) const TWINS: [(Self, Self); 2] = [(Self(1 << 3), Self(1 << 5)), (Self(1 << 4), Self(1 << 6))];

    pub(crate) fn of(measures: Measures) -> Self {
        let Measures { impressions, clicks, cost, conversions, revenue, conversions_all, revenue_all, engagement, reach } = measures;
        let said = [impressions, clicks, cost, conversions, revenue, conversions_all, revenue_all, engagement, reach];
        Self(said.into_iter().enumerate().map(|(place, said)| i64::from(said) << place).sum())
    }

    /// From the `measures` column.
    pub(crate) const fn from_bits(bits: i64) -> Self {
        Self(bits & Self::ALL.0)
    }

    pub(crate) const fn bits(self) -> i64 {
        self.0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Its measures one by one.
    pub(crate) fn each(self) -> impl Iterator<Item = Self> {
        (0..9).map(|place| Self(1 << place)).filter(move |measure| self.covers(*measure))
    }

    /// The columns of a row that hold the measures.
    pub(crate) fn columns(self) -> impl Iterator<Item = usize> {
        self.each().flat_map(Self::range)
    }

    fn range(self) -> Range<usize> {
        match self.0.trailing_zeros() as usize {
            7 => 7..11,
            8 => 11..12,
            count => count..count + 1,
        }
    }
}

/// Who said each measure of a daily row: two bits per measure, [`STATED`], [`FROM_HOURS`], [`FROM_FINER`], or nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Origins(i64);

/// The sum of finer rows. Gives way to …
pub(crate) const FROM_FINER: i64 = 1;
/// … the sum of hours, which gives way to …
pub(crate) const FROM_HOURS: i64 = 2;
/// … what a source states for the campaign's day.
pub(crate) const STATED: i64 = 3;

impl Origins {
    pub(crate) const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    pub(crate) const fn bits(self) -> i64 {
        self.0
    }

    /// The measures that came this way.
    pub(crate) fn said(self, origin: i64) -> MeasureSet {
        MeasureSet((0..9).filter(|place| (self.0 >> (2 * place)) & 3 == origin).map(|place| 1 << place).sum())
    }

    /// The measures anybody said.
    pub(crate) fn any(self) -> MeasureSet {
        MeasureSet((0..9).filter(|place| (self.0 >> (2 * place)) & 3 != 0).map(|place| 1 << place).sum())
    }

    #[must_use]
    pub(crate) fn with(self, said: MeasureSet, origin: i64) -> Self {
        Self(
            (0..9)
                .filter(|place| (said.0 >> place) & 1 == 1)
                .fold(self.0, |bits, place| (bits & !(3 << (2 * place))) | (origin << (2 * place))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_its_columns_once() {
        assert_eq!(MeasureSet::of(Measures::ALL), MeasureSet::ALL);
        assert_eq!(MeasureSet::ALL.columns().collect::<Vec<_>>(), (0..MEASURED).collect::<Vec<_>>());
        assert_eq!(MeasureSet::COUNTS.columns().count(), 7);
        assert_eq!(MeasureSet::of(Measures { cost: true, ..Measures::default() }), MeasureSet::COST);
        assert_eq!(MeasureSet::of(Measures { reach: true, ..Measures::default() }), MeasureSet::REACH);
    }

    #[test]
    fn origins_are_kept_apart() {
        let origins = Origins::default().with(MeasureSet::COST, STATED).with(MeasureSet::CONVERSIONS, FROM_FINER);
        assert_eq!(origins.said(STATED), MeasureSet::COST);
        assert_eq!(origins.said(FROM_FINER), MeasureSet::CONVERSIONS);
        assert_eq!(origins.any(), MeasureSet::COST.and(MeasureSet::CONVERSIONS));
        assert_eq!(origins.with(MeasureSet::COST, FROM_HOURS).said(STATED), MeasureSet::NONE);
        // The default of the column: everything is stated.
        assert_eq!(Origins::default().with(MeasureSet::ALL, STATED).bits(), 262_143);
    }
}
