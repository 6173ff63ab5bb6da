//! What a named period means today.

use chrono::{Days, NaiveDate};
use moa_domain::calendar::{DateRange, Month, monday_of, week_of_month};

use crate::dto::period::{Comparison, PeriodChoice, PeriodName, WeekOfMonth};
use crate::error::ApiError;

/// The period menu, in the order agencies think: days, weeks, months, then the weeks of this and the last month (N주차).
///
/// Running periods end yesterday: today's figures are not a day yet.
#[must_use]
pub fn period_choices(today: NaiveDate) -> Vec<PeriodChoice> {
    let yesterday = today - Days::new(1);
    let monday = monday_of(today);
    let this_month = Month::of(today);
    let mut choices = vec![
        choice(PeriodName::Yesterday, yesterday, yesterday),
        choice(PeriodName::Last7Days, today - Days::new(7), yesterday),
        choice(PeriodName::Last30Days, today - Days::new(30), yesterday),
        choice(PeriodName::LastWeek, monday - Days::new(7), monday - Days::new(1)),
    ];
    if monday < today {
        choices.push(choice(PeriodName::ThisWeek, monday, yesterday));
    }
    if this_month.first_day() < today {
        choices.push(choice(PeriodName::ThisMonth, this_month.first_day(), yesterday));
    }
    let last_month = this_month.previous().range();
    choices.push(choice(PeriodName::LastMonth, last_month.from, last_month.to));
    let mut week = monday_of(last_month.from);
    while week <= yesterday {
        let (month, number) = week_of_month(week);
        if month == this_month || month == this_month.previous() {
            choices.push(PeriodChoice {
                week_of_month: Some(WeekOfMonth { month: format!("{:04}-{:02}", month.year, month.month), week: number }),
                ..choice(PeriodName::WeekOfMonth, week, (week + Days::new(6)).min(yesterday))
            });
        }
        week = week + Days::new(7);
    }
    choices
}

fn choice(name: PeriodName, from: NaiveDate, to: NaiveDate) -> PeriodChoice {
    PeriodChoice { name, from: from.to_string(), to: to.to_string(), week_of_month: None }
}

/// The period figures are compared with, if any.
#[must_use]
pub(crate) fn compared_range(range: DateRange, comparison: Comparison) -> Option<DateRange> {
    match comparison {
        Comparison::None => None,
        Comparison::Previous => Some(range.previous()),
        Comparison::PreviousMonth => Some(range.last_month()),
        Comparison::Year => Some(range.last_year()),
    }
}

/// Reads two dates as a range.
///
/// # Errors
/// `invalid_date` or `range_backwards`, both naming the values.
pub fn parse_range(from: &str, to: &str) -> Result<DateRange, ApiError> {
    range(parse_date(from)?, parse_date(to)?)
}

/// # Errors
/// `range_backwards`, naming the dates.
pub fn range(from: NaiveDate, to: NaiveDate) -> Result<DateRange, ApiError> {
    DateRange::new(from, to)
        .map_err(|wrong| ApiError::usage("range_backwards", [("from", wrong.from.to_string()), ("to", wrong.to.to_string())]))
}

/// # Errors
/// `invalid_date` with the text.
pub fn parse_date(text: &str) -> Result<NaiveDate, ApiError> {
    text.parse().map_err(|_| ApiError::usage("invalid_date", [("value", text.to_owned())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_monday_morning_has_no_week_of_its_own_yet() {
        let names: Vec<_> = period_choices(d("2026-11-23")).into_iter().map(|c| c.name).collect();
        assert!(!names.contains(&PeriodName::ThisWeek));
        let last_week = period_choices(d("2026-11-23")).into_iter().find(|c| c.name == PeriodName::LastWeek).expect("there is one");
        assert_eq!((last_week.from.as_str(), last_week.to.as_str()), ("2026-11-16", "2026-11-22"));
    }

    #[test]
    fn the_first_of_a_month_offers_the_whole_last_month() {
        let choices = period_choices(d("2026-12-01"));
        assert!(choices.iter().all(|c| c.name != PeriodName::ThisMonth));
        let last = choices.iter().find(|c| c.name == PeriodName::LastMonth).expect("there is one");
        assert_eq!((last.from.as_str(), last.to.as_str()), ("2026-11-01", "2026-11-30"));
    }

    #[test]
    fn weeks_are_numbered_by_their_thursday() {
        let weeks: Vec<_> =
            period_choices(d("2026-10-07")).into_iter().filter_map(|c| c.week_of_month.map(|w| (c.from, w.month, w.week))).collect();
        assert!(weeks.contains(&("2026-09-28".to_owned(), "2026-10".to_owned(), 1)));
    }
}
