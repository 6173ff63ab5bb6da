//! Korean public holidays as far as advertising feels them. The lunar feasts come from a table; outside its years only the solar
//! holidays are known. Temporary holidays are left out: the sample needs the shape of a Korean year, not a legal calendar.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Year, Seollal (설날), Buddha's birthday (부처님오신날), Chuseok (추석), as month and day.
type LunarYear = (i32, (u32, u32), (u32, u32), (u32, u32));

const LUNAR: [LunarYear; 14] = [
    (2022, (2, 1), (5, 8), (9, 10)),
    (2023, (1, 22), (5, 27), (9, 29)),
    (2024, (2, 10), (5, 15), (9, 17)),
    (2025, (1, 29), (5, 5), (10, 6)),
    (2026, (2, 17), (5, 24), (9, 25)),
    (2027, (2, 7), (5, 13), (9, 15)),
    (2028, (1, 27), (5, 2), (10, 3)),
    (2029, (2, 13), (5, 20), (9, 22)),
    (2030, (2, 3), (5, 9), (9, 12)),
    (2031, (1, 23), (5, 28), (10, 1)),
    (2032, (2, 11), (5, 16), (9, 19)),
    (2033, (1, 31), (5, 6), (9, 8)),
    (2034, (2, 19), (5, 25), (9, 27)),
    (2035, (2, 8), (5, 15), (9, 16)),
];

/// Holidays for which a weekday off follows when they fall on a weekend.
const SOLAR_REPLACED: [(u32, u32); 6] = [(3, 1), (5, 5), (8, 15), (10, 3), (10, 9), (12, 25)];
const SOLAR: [(u32, u32); 2] = [(1, 1), (6, 6)];

/// What kind of day a date is for shops and offices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    Ordinary,
    Holiday,
    /// Seollal or Chuseok: three days.
    Feast,
    /// The two weeks in which presents for a feast are bought.
    LeadUp,
}

pub(crate) fn rest(day: NaiveDate) -> Rest {
    let feasts = feasts(day.year());
    if feasts.iter().any(|feast| (day - *feast).num_days().abs() <= 1) {
        return Rest::Feast;
    }
    if is_holiday(day) || is_replacement(day, &feasts) {
        return Rest::Holiday;
    }
    if feasts.iter().any(|feast| (3..=16).contains(&(*feast - day).num_days())) {
        return Rest::LeadUp;
    }
    Rest::Ordinary
}

fn lunar(year: i32) -> Option<&'static LunarYear> {
    LUNAR.iter().find(|entry| entry.0 == year)
}

fn feasts(year: i32) -> Vec<NaiveDate> {
    let of = |(month, day)| NaiveDate::from_ymd_opt(year, month, day);
    lunar(year).map(|entry| [of(entry.1), of(entry.3)].into_iter().flatten().collect()).unwrap_or_default()
}

fn is_replaced(day: NaiveDate) -> bool {
    let key = (day.month(), day.day());
    SOLAR_REPLACED.contains(&key) || lunar(day.year()).is_some_and(|entry| entry.2 == key)
}

fn is_holiday(day: NaiveDate) -> bool {
    SOLAR.contains(&(day.month(), day.day())) || is_replaced(day)
}

/// 대체공휴일: the Monday after a holiday at the weekend, the day after a feast that holds a Sunday.
fn is_replacement(day: NaiveDate, feasts: &[NaiveDate]) -> bool {
    let back = |days| day.checked_sub_days(Days::new(days));
    let monday = day.weekday() == Weekday::Mon && [back(1), back(2)].into_iter().flatten().any(is_replaced);
    let after_feast = feasts
        .iter()
        .any(|feast| (day - *feast).num_days() == 2 && (1..=3).any(|days| back(days).is_some_and(|d| d.weekday() == Weekday::Sun)));
    monday || after_feast
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Rest {
        rest(text.parse().expect("a date"))
    }

    #[test]
    fn feasts_last_three_days_and_are_prepared_for() {
        for day in ["2026-02-16", "2026-02-17", "2026-02-18", "2026-09-24", "2026-09-26", "2025-10-05"] {
            assert_eq!(of(day), Rest::Feast, "{day}");
        }
        assert_eq!(of("2026-02-10"), Rest::LeadUp);
        assert_eq!(of("2026-01-30"), Rest::Ordinary);
    }

    #[test]
    fn a_weekday_off_follows_a_holiday_at_the_weekend() {
        // 1 March 2026 is a Sunday, Buddha's birthday of 2026 as well; Chuseok 2025 holds a Sunday.
        for day in ["2026-03-02", "2026-05-25", "2025-10-08", "2026-08-17"] {
            assert_eq!(of(day), Rest::Holiday, "{day}");
        }
        assert_eq!(of("2026-06-08"), Rest::Ordinary);
    }

    #[test]
    fn years_outside_the_table_keep_the_solar_holidays() {
        assert_eq!(of("1999-12-25"), Rest::Holiday);
        assert_eq!(of("2050-02-17"), Rest::Ordinary);
    }
}
