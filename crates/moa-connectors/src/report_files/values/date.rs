//! Days and periods as consoles, spreadsheets and file names write them.

use chrono::{Days, NaiveDate};
use moa_domain::DateRange;

/// Which of two numbers is the day in `09/10/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    MonthFirst,
    DayFirst,
}

/// What a date cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayText {
    Day(NaiveDate),
    /// A day with a time: the hour of the row.
    Hour(NaiveDate, u8),
    Range(DateRange),
    /// `09/10/2026`: the file or a person must say which is the day.
    Either {
        first: u32,
        second: u32,
        year: i32,
    },
    /// `9. 30.`: the year stands elsewhere.
    MonthDay {
        month: u32,
        day: u32,
    },
}

impl DayText {
    /// The day an [`DayText::Either`] means under an order.
    pub(crate) fn ordered(first: u32, second: u32, year: i32, order: DateOrder) -> Option<NaiveDate> {
        match order {
            DateOrder::MonthFirst => NaiveDate::from_ymd_opt(year, first, second),
            DateOrder::DayFirst => NaiveDate::from_ymd_opt(year, second, first),
        }
    }
}

/// Reads a date cell. `None` when the text is no date.
pub(crate) fn parse(text: &str) -> Option<DayText> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || super::super::header::is_invisible(c) || c == '\'');
    if let Some(serial) = serial_text(text) {
        return Some(DayText::Day(serial));
    }
    let (start, rest) = prefix(text)?;
    let rest = skip_weekday(rest);
    if rest.is_empty() {
        return Some(start);
    }
    let DayText::Day(from) = start else { return None };
    if let Some(hour) = time_of_day(rest) {
        return Some(hour.map_or(start, |h| DayText::Hour(from, h)));
    }
    let end = rest.strip_prefix("to ").unwrap_or_else(|| rest.trim_start_matches(['~', '∼', '〜', '～', '-', '–', '—', ' ', '부', '터']));
    if end.len() == rest.len() {
        return None;
    }
    let (end, rest) = prefix(end.trim_start())?;
    match end {
        DayText::Day(to) if skip_weekday(rest).trim_start_matches("까지").is_empty() => DateRange::new(from, to).ok().map(DayText::Range),
        _ => None,
    }
}

/// The day an Excel serial number means; `None` outside 40000 to 60000 (2009 to 2064).
pub(crate) fn from_serial(serial: f64) -> Option<NaiveDate> {
    if !(40_000.0..60_001.0).contains(&serial) {
        return None;
    }
    let days = serial.trunc() as u64;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

fn serial_text(text: &str) -> Option<NaiveDate> {
    if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) { from_serial(text.parse().ok()?) } else { None }
}

/// The first period a free text names: a title such as `캠페인보고서(2026.09.01.~2026.09.30.)`, a line
/// `September 1, 2026 - September 30, 2026`, a file name `20260901_20260930`.
pub(crate) fn find_period(text: &str) -> Option<DateRange> {
    let days = find_days(text);
    match days.as_slice() {
        [from, to, ..] => DateRange::new(*from, *to).ok(),
        _ => None,
    }
}

fn find_days(text: &str) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    let mut rest = text;
    let mut previous = ' ';
    while let Some(c) = rest.chars().next() {
        let starts = (c.is_ascii_digit() && !previous.is_ascii_digit()) || (c.is_ascii_alphabetic() && !previous.is_ascii_alphabetic());
        if starts && let Some((DayText::Day(day), after)) = prefix(rest) {
            days.push(day);
            previous = ' ';
            rest = after;
            continue;
        }
        previous = c;
        rest = &rest[c.len_utf8()..];
    }
    days
}

/// A date at the start of the text, and what follows it.
fn prefix(text: &str) -> Option<(DayText, &str)> {
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return english(text);
    }
    let (first, rest) = digits(text)?;
    if first.len() == 8 {
        let day = NaiveDate::from_ymd_opt(first[..4].parse().ok()?, first[4..6].parse().ok()?, first[6..].parse().ok()?)?;
        return Some((DayText::Day(day), rest));
    }
    if first.len() > 4 || first.len() == 3 {
        return None;
    }
    let rest_trimmed = rest.trim_start_matches(' ');
    // 30 Sep 2026, 30-Sep-2026
    let after_mark = rest_trimmed.trim_start_matches(['-', '/', ' ', '.']);
    if first.len() <= 2
        && after_mark.starts_with(|c: char| c.is_ascii_alphabetic())
        && let Some((month, after)) = month_name(after_mark)
    {
        let (year, after) = digits(after.trim_start_matches([' ', ',', '-', '/', '.']))?;
        if year.len() != 4 {
            return None;
        }
        return Some((DayText::Day(NaiveDate::from_ymd_opt(year.parse().ok()?, month, first.parse().ok()?)?), after));
    }
    let mark = rest_trimmed.chars().next()?;
    if !matches!(mark, '.' | '-' | '/' | '년' | '월') {
        return None;
    }
    let (second, rest) = digits(rest_trimmed[mark.len_utf8()..].trim_start_matches(' '))?;
    if second.len() > 2 {
        return None;
    }
    let n1: u32 = first.parse().ok()?;
    let n2: u32 = second.parse().ok()?;
    if mark == '월' {
        let after = rest.trim_start_matches(' ').strip_prefix('일')?;
        return month_day(n1, n2).map(|d| (d, after));
    }
    let rest_trimmed = rest.trim_start_matches(' ');
    let second_mark = if mark == '년' { '월' } else { mark };
    let third = rest_trimmed.strip_prefix(second_mark).and_then(|r| digits(r.trim_start_matches(' ')));
    let Some((third, after)) = third else {
        // 9. 30. | 9.30 | 9/30
        if first.len() > 2 || !matches!(mark, '.' | '/') {
            return None;
        }
        let after = rest_trimmed.strip_prefix('.').unwrap_or(rest_trimmed);
        return month_day(n1, n2).map(|d| (d, after));
    };
    let after = if mark == '년' {
        after.trim_start_matches(' ').strip_prefix('일')?
    } else if mark == '.' {
        after.strip_prefix('.').unwrap_or(after)
    } else {
        after
    };
    let n3: u32 = third.parse().ok()?;
    let day = match (first.len(), third.len()) {
        (4, 1 | 2) => DayText::Day(NaiveDate::from_ymd_opt(i32::try_from(n1).ok()?, n2, n3)?),
        (1 | 2, 4) => {
            let year = i32::try_from(n3).ok()?;
            let month_first = NaiveDate::from_ymd_opt(year, n1, n2);
            let day_first = NaiveDate::from_ymd_opt(year, n2, n1);
            month_first.or(day_first)?;
            DayText::Either { first: n1, second: n2, year }
        }
        // 26.09.30
        (2, 1 | 2) if mark == '.' => DayText::Day(NaiveDate::from_ymd_opt(2000 + i32::try_from(n1).ok()?, n2, n3)?),
        _ => return None,
    };
    Some((day, after))
}

fn month_day(month: u32, day: u32) -> Option<DayText> {
    // A leap year takes every day of a month.
    NaiveDate::from_ymd_opt(2024, month, day).map(|_| DayText::MonthDay { month, day })
}

/// `Sep 30, 2026`, `September 30, 2026`, `Sep-30-2026`, `Wed, Sep 30, 2026`.
fn english(text: &str) -> Option<(DayText, &str)> {
    let text = match weekday_name(text) {
        Some(rest) => rest.trim_start_matches([' ', ',', '.']),
        None => text,
    };
    let (month, rest) = month_name(text)?;
    let (day, rest) = digits(rest.trim_start_matches([' ', '.', '-', '_']))?;
    let (year, rest) = digits(rest.trim_start_matches([' ', ',', '-', '_']))?;
    if day.len() > 2 || year.len() != 4 {
        return None;
    }
    Some((DayText::Day(NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)?), rest))
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()))
}

fn month_name(text: &str) -> Option<(u32, &str)> {
    let (name, rest) = word(text);
    let lower = name.to_ascii_lowercase();
    let index = MONTHS.iter().position(|m| *m == lower || (lower.len() >= 3 && lower.len() <= 4 && m.starts_with(&lower)))?;
    Some((u32::try_from(index).ok()? + 1, rest))
}

fn weekday_name(text: &str) -> Option<&str> {
    let (name, rest) = word(text);
    let lower = name.to_ascii_lowercase();
    (lower.len() >= 3 && WEEKDAYS.iter().any(|w| w.starts_with(&lower))).then_some(rest)
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Drops `(수)`, `수요일`, `Wed` behind a date.
fn skip_weekday(rest: &str) -> &str {
    let rest = rest.trim_start_matches([' ', ',']);
    let inner = rest.strip_prefix(['(', '[', '（']);
    let body = inner.unwrap_or(rest);
    let after = match body.chars().next() {
        Some(c @ ('월' | '화' | '수' | '목' | '금' | '토' | '일')) => {
            let after = &body[c.len_utf8()..];
            after.strip_prefix("요일").unwrap_or(after)
        }
        Some(c) if c.is_ascii_alphabetic() => match weekday_name(body) {
            Some(after) => after,
            None => return rest,
        },
        _ => return rest,
    };
    let after = if inner.is_some() {
        match after.strip_prefix([')', ']', '）']) {
            Some(after) => after,
            None => return rest,
        }
    } else {
        after
    };
    after.trim()
}

/// `T09:00:00+09:00`, ` 00:00`. The inner value is `None` for midnight, which is how a plain day is often written.
fn time_of_day(rest: &str) -> Option<Option<u8>> {
    let text = rest.strip_prefix('T').unwrap_or(rest).trim_start();
    let (hour, after) = digits(text)?;
    let after = after.strip_prefix(':')?;
    let (minute, after) = digits(after)?;
    let mut seconds = "00";
    let mut tail = after;
    if let Some(text) = after.strip_prefix(':') {
        (seconds, tail) = digits(text)?;
    }
    let tail = tail.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'Z' | '+' | '-' | ':' | ' '));
    let hour: u8 = hour.parse().ok().filter(|h| *h < 24)?;
    if !tail.is_empty() || minute.len() > 2 || seconds.len() > 2 {
        return None;
    }
    let midnight = hour == 0 && minute.bytes().chain(seconds.bytes()).all(|b| b == b'0');
    Some((!midnight).then_some(hour))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn reads_every_spelling_of_a_day() {
        for text in [
            "2026-09-30",
            "2026.09.30",
            "2026.09.30.",
            "2026. 9. 30.",
            "2026. 9. 30",
            "2026/09/30",
            "20260930",
            "26.09.30",
            "26.09.30.",
            "2026년 9월 30일",
            "2026년 09월 30일 수요일",
            "Sep 30, 2026",
            "September 30, 2026",
            "Wed, Sep 30, 2026",
            "30 Sep 2026",
            "30-Sep-2026",
            "46295",
            "2026.09.30.(수)",
            "2026-09-30 (수)",
            "2026-09-30(Wed)",
            "2026-09-30 수",
            "2026-09-30 00:00:00",
            "2026-09-30T00:00:00Z",
            " 2026-09-30 ",
            "\u{feff}2026-09-30",
        ] {
            assert_eq!(parse(text), Some(DayText::Day(day("2026-09-30"))), "{text:?}");
        }
    }

    #[test]
    fn reads_ranges_hours_and_what_must_be_asked() {
        let september = DateRange { from: day("2026-09-01"), to: day("2026-09-30") };
        for text in ["2026.09.01.~2026.09.30.", "2026-09-01 ~ 2026-09-30", "Sep 1, 2026 - Sep 30, 2026", "2026.09.01. ~ 2026.09.30.(수)"] {
            assert_eq!(parse(text), Some(DayText::Range(september)), "{text:?}");
        }
        assert_eq!(parse("2026-09-30 09:00"), Some(DayText::Hour(day("2026-09-30"), 9)));
        assert_eq!(parse("9. 30."), Some(DayText::MonthDay { month: 9, day: 30 }));
        assert_eq!(parse("9월 30일"), Some(DayText::MonthDay { month: 9, day: 30 }));
        assert_eq!(parse("09/10/2026"), Some(DayText::Either { first: 9, second: 10, year: 2026 }));
        assert_eq!(parse("30.09.2026"), Some(DayText::Either { first: 30, second: 9, year: 2026 }));
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in
            ["", "abc", "2026-13-01", "2026.02.30.", "2026.09.", "2026", "9.31.", "1234567", "2026-09-30x", "2026-09-30 ~", "40/40/2026"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn finds_the_period_of_a_title_or_a_file_name() {
        let september = Some(DateRange { from: day("2026-09-01"), to: day("2026-09-30") });
        for text in [
            "캠페인보고서(2026.09.01.~2026.09.30.),hanbit_ad",
            "September 1, 2026 - September 30, 2026",
            "2026년 9월 1일 - 2026년 9월 30일",
            "report_20260901_20260930",
            "한빛-Campaigns-Sep-1-2026-Sep-30-2026",
        ] {
            assert_eq!(find_period(text), september, "{text:?}");
        }
        assert_eq!(find_period("AD-20260930"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = parse(&text);
            let _ = find_period(&text);
        }

        #[test]
        fn any_date_like_text_is_read_or_refused(text in "[0-9./~ 년월일\\-:TZ(수)Sep,]{0,40}") {
            let _ = parse(&text);
            let _ = find_period(&text);
        }

        #[test]
        fn every_day_survives_each_spelling(n in 0u64..12_000) {
            let date = day("2000-01-01") + Days::new(n);
            for form in ["%Y-%m-%d", "%Y.%m.%d.", "%Y. %-m. %-d.", "%Y/%m/%d", "%Y%m%d", "%y.%m.%d", "%Y년 %-m월 %-d일", "%b %-d, %Y", "%B %-d, %Y"] {
                let text = date.format(form).to_string();
                prop_assert_eq!(parse(&text), Some(DayText::Day(date)), "{}", text);
            }
        }
    }
}
