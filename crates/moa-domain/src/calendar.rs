//! Days as Korean agencies count them: weeks run Monday to Sunday, and a week belongs to the month its Thursday falls in.

use chrono::{Datelike, Days, Months, NaiveDate};

/// An inclusive range of account days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The end of a range lies before its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the range ends ({to}) before it starts ({from})")]
pub struct RangeBackwards {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl DateRange {
    /// # Errors
    /// [`RangeBackwards`] when `to` is before `from`.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, RangeBackwards> {
        if to < from { Err(RangeBackwards { from, to }) } else { Ok(Self { from, to }) }
    }

    #[must_use]
    pub fn single(day: NaiveDate) -> Self {
        Self { from: day, to: day }
    }

    /// Number of days, at least 1.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    pub fn iter(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |d| *d <= to)
    }

    /// True when the range is one or more whole calendar months.
    #[must_use]
    pub fn is_whole_months(&self) -> bool {
        self.from.day() == 1 && self.to == Month::of(self.to).last_day()
    }

    /// The equally long period before; for whole months, as many whole months before.
    #[must_use]
    pub fn previous(&self) -> Self {
        let end = self.from - Days::new(1);
        if self.is_whole_months() {
            let months = Month::of(self.to).index() - Month::of(self.from).index() + 1;
            let start = self.from - Months::new(u32::try_from(months).unwrap_or(1));
            return Self { from: start, to: end };
        }
        Self { from: end - Days::new(u64::try_from(self.days() - 1).unwrap_or(0)), to: end }
    }

    /// The same days of the month before (전월 동기); the 31st becomes that month's last day, a whole month stays whole.
    #[must_use]
    pub fn last_month(&self) -> Self {
        let to = if self.to == Month::of(self.to).last_day() && self.is_whole_months() {
            Month::of(self.to - Months::new(1)).last_day()
        } else {
            self.to - Months::new(1)
        };
        Self { from: self.from - Months::new(1), to }
    }

    /// The same dates last year; 29 February becomes the 28th. A range of whole months stays whole months.
    #[must_use]
    pub fn last_year(&self) -> Self {
        let from = self.from - Months::new(12);
        let to = if self.is_whole_months() { Month::of(self.to - Months::new(12)).last_day() } else { self.to - Months::new(12) };
        Self { from, to }
    }
}

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i32,
    pub month: u32,
}

impl Month {
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MIN)
    }

    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.first_day() + Months::new(1) - Days::new(1)
    }

    #[must_use]
    pub fn range(self) -> DateRange {
        DateRange { from: self.first_day(), to: self.last_day() }
    }

    /// Months since year 0: differences count months.
    #[must_use]
    pub fn index(self) -> i32 {
        self.year * 12 + i32::try_from(self.month).unwrap_or(1) - 1
    }

    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.first_day() - Days::new(1))
    }
}

/// The Monday of the week a day falls in.
#[must_use]
pub fn monday_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// Monday to Sunday around a day.
#[must_use]
pub fn week_of(day: NaiveDate) -> DateRange {
    let monday = monday_of(day);
    DateRange { from: monday, to: monday + Days::new(6) }
}

/// The month and the number of a week within it (N주차): a week belongs to the month of its Thursday.
#[must_use]
pub fn week_of_month(day: NaiveDate) -> (Month, u32) {
    let thursday = monday_of(day) + Days::new(3);
    (Month::of(thursday), (thursday.day() - 1) / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn r(from: &str, to: &str) -> DateRange {
        DateRange::new(d(from), d(to)).expect("a range")
    }

    #[test]
    fn whole_months_compare_with_the_months_before() {
        assert_eq!(r("2026-03-01", "2026-03-31").previous(), r("2026-02-01", "2026-02-28"));
        assert_eq!(r("2026-01-01", "2026-02-28").previous(), r("2025-11-01", "2025-12-31"));
    }

    #[test]
    fn other_ranges_compare_with_as_many_days_before() {
        assert_eq!(r("2026-03-09", "2026-03-15").previous(), r("2026-03-02", "2026-03-08"));
    }

    #[test]
    fn the_same_days_of_the_month_before() {
        assert_eq!(r("2026-11-01", "2026-11-23").last_month(), r("2026-10-01", "2026-10-23"));
        assert_eq!(r("2026-02-01", "2026-02-28").last_month(), r("2026-01-01", "2026-01-31"));
        assert_eq!(r("2026-03-30", "2026-03-31").last_month(), r("2026-02-28", "2026-02-28"));
    }

    #[test]
    fn last_year_survives_a_leap_day() {
        assert_eq!(r("2024-02-01", "2024-02-29").last_year(), r("2023-02-01", "2023-02-28"));
        assert_eq!(r("2025-02-01", "2025-02-28").last_year(), r("2024-02-01", "2024-02-29"));
    }

    #[test]
    fn a_week_belongs_to_the_month_of_its_thursday() {
        // 2026-10-01 is a Thursday: the week from 28 September is the first of October.
        assert_eq!(week_of_month(d("2026-09-28")), (Month { year: 2026, month: 10 }, 1));
        assert_eq!(week_of_month(d("2026-11-01")), (Month { year: 2026, month: 10 }, 5));
    }
}
