//! Days, weeks, months and times as Korean and English readers write them.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use moa_domain::calendar;
use moa_domain::{DateRange, Month};

use crate::Lang;
use crate::locale::text;

/// `화` or `Tue`.
#[must_use]
pub fn weekday(lang: Lang, day: NaiveDate) -> String {
    text(lang, &format!("shared.weekday.{}", day.weekday().number_from_monday()), &[])
}

fn month_name(lang: Lang, month: u32) -> String {
    text(lang, &format!("shared.month.{month}"), &[])
}

fn plain(lang: Lang, day: NaiveDate) -> String {
    match lang {
        Lang::Ko => format!("{}. {}. {}.", day.year(), day.month(), day.day()),
        Lang::En => format!("{} {} {}", day.day(), month_name(lang, day.month()), day.year()),
    }
}

/// `2026. 11. 3. (화)` or `3 Nov 2026 (Tue)`.
#[must_use]
pub fn date(lang: Lang, day: NaiveDate) -> String {
    format!("{} ({})", plain(lang, day), weekday(lang, day))
}

/// Within a known year: `11. 3. (화)` or `3 Nov (Tue)`.
#[must_use]
pub fn short_date(lang: Lang, day: NaiveDate) -> String {
    format!("{} ({})", day_of_month(lang, day), weekday(lang, day))
}

/// For an axis: `11. 3.` or `3 Nov`.
#[must_use]
pub fn day_of_month(lang: Lang, day: NaiveDate) -> String {
    match lang {
        Lang::Ko => format!("{}. {}.", day.month(), day.day()),
        Lang::En => format!("{} {}", day.day(), month_name(lang, day.month())),
    }
}

/// `2026. 11. 1. – 11. 30.` or `1 – 30 Nov 2026`; one day stands alone.
#[must_use]
pub fn range(lang: Lang, range: DateRange) -> String {
    let (from, to) = (range.from, range.to);
    if from == to {
        return date(lang, from);
    }
    match lang {
        Lang::Ko if from.year() == to.year() => format!("{} – {}", plain(lang, from), day_of_month(lang, to)),
        Lang::En if from.year() == to.year() && from.month() == to.month() => format!("{} – {}", from.day(), plain(lang, to)),
        Lang::En if from.year() == to.year() => format!("{} – {}", day_of_month(lang, from), plain(lang, to)),
        Lang::Ko | Lang::En => format!("{} – {}", plain(lang, from), plain(lang, to)),
    }
}

/// Both ends in full with their weekdays: `2026. 11. 1. (일) – 2026. 11. 30. (월)`.
#[must_use]
pub fn range_with_weekdays(lang: Lang, range: DateRange) -> String {
    if range.from == range.to { date(lang, range.from) } else { format!("{} – {}", date(lang, range.from), date(lang, range.to)) }
}

/// `2026년 11월` or `Nov 2026`.
#[must_use]
pub fn month(lang: Lang, month: Month) -> String {
    text(lang, "shared.date.month_of_year", &[("year", &month.year.to_string()), ("month", &month_name(lang, month.month))])
}

/// The week a day falls in, named by the month of its Thursday: `2026년 11월 2주차` or `Nov 2026, week 2`.
#[must_use]
pub fn week_of_month(lang: Lang, day: NaiveDate) -> String {
    let (of, week) = calendar::week_of_month(day);
    text(
        lang,
        "shared.date.week_of_month",
        &[("year", &of.year.to_string()), ("month", &month_name(lang, of.month)), ("week", &week.to_string())],
    )
}

/// `2026. 11. 3. (화) 09:12` or `3 Nov 2026 (Tue) 09:12`, in the offset the value carries.
#[must_use]
pub fn date_time(lang: Lang, at: DateTime<FixedOffset>) -> String {
    format!("{} {:02}:{:02}", date(lang, at.date_naive()), at.hour(), at.minute())
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
    fn days() {
        assert_eq!(date(Lang::Ko, d("2026-11-03")), "2026. 11. 3. (화)");
        assert_eq!(date(Lang::En, d("2026-11-03")), "3 Nov 2026 (Tue)");
        assert_eq!(short_date(Lang::Ko, d("2026-11-03")), "11. 3. (화)");
    }

    #[test]
    fn ranges_do_not_repeat_what_is_known() {
        assert_eq!(range(Lang::Ko, r("2026-11-01", "2026-11-30")), "2026. 11. 1. – 11. 30.");
        assert_eq!(range(Lang::En, r("2026-11-01", "2026-11-30")), "1 – 30 Nov 2026");
        assert_eq!(range(Lang::En, r("2026-09-28", "2026-10-04")), "28 Sep – 4 Oct 2026");
        assert_eq!(range(Lang::Ko, r("2025-12-29", "2026-01-04")), "2025. 12. 29. – 2026. 1. 4.");
        assert_eq!(range(Lang::Ko, r("2026-11-03", "2026-11-03")), "2026. 11. 3. (화)");
    }

    #[test]
    fn months_and_weeks() {
        assert_eq!(month(Lang::Ko, Month { year: 2026, month: 11 }), "2026년 11월");
        assert_eq!(month(Lang::En, Month { year: 2026, month: 11 }), "Nov 2026");
        assert_eq!(week_of_month(Lang::Ko, d("2026-09-28")), "2026년 10월 1주차");
        assert_eq!(week_of_month(Lang::En, d("2026-11-09")), "Nov 2026, week 2");
    }

    #[test]
    fn times_keep_their_own_offset() {
        let at = DateTime::parse_from_rfc3339("2026-11-03T09:12:59+09:00").expect("a time");
        assert_eq!(date_time(Lang::Ko, at), "2026. 11. 3. (화) 09:12");
    }
}
