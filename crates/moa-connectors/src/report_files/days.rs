//! The day and the hour of a row.

use chrono::{NaiveDate, Timelike};
use moa_domain::DateRange;

use super::error::{Bad, FileError, Span, excerpt};
use super::figures::{RowReader, is_null};
use super::plan::DaySource;
use super::row::{Cell, Row};
use super::values::date::{self, DayText};
use super::values::hour;
use super::values::number;

impl RowReader<'_> {
    pub(super) fn day(&mut self, row: &Row<'_>) -> Result<(NaiveDate, Option<u8>), FileError> {
        match self.plan.day {
            DaySource::Fixed(day) => Ok((day, None)),
            DaySource::Column(column) => {
                let cell = row.get(column);
                if let Cell::Text(text) = cell
                    && text == self.last_day.0
                    && let Some(day) = self.last_day.1
                {
                    return Ok(day);
                }
                let day = self.day_of(row.line, column, &cell)?;
                if let Cell::Text(text) = cell {
                    self.last_day.0.clear();
                    self.last_day.0.push_str(text);
                    self.last_day.1 = Some(day);
                }
                Ok(day)
            }
            DaySource::Pair(start, end) => {
                let from = self.day_of(row.line, start, &row.get(start))?;
                let to = self.day_of(row.line, end, &row.get(end))?;
                if from.0 == to.0 {
                    return Ok(from);
                }
                let range = self.plan.period.or(DateRange::new(from.0, to.0).ok());
                Err(FileError::AggregateOnly { range, span: Span::Period, line: Some(row.line) })
            }
        }
    }

    fn day_of(&self, line: u64, column: usize, cell: &Cell<'_>) -> Result<(NaiveDate, Option<u8>), FileError> {
        let bad = |why: Bad| FileError::bad(line, &self.plan.columns.name(column), &cell.text(), why);
        let (day, hour) = match cell {
            Cell::Moment(moment) => {
                let hour = u8::try_from(moment.hour()).ok().filter(|_| moment.num_seconds_from_midnight() != 0);
                (moment.date(), hour)
            }
            Cell::Number(n) if (*n - 20_000_000.0).abs() < 1_000_000.0 => match date::parse(&cell.text()) {
                Some(DayText::Day(day)) => (day, None),
                _ => return Err(bad(Bad::NotADate)),
            },
            Cell::Number(n) => (date::from_serial(*n).ok_or_else(|| bad(Bad::NotADate))?, None),
            Cell::Text(text) => match date::parse(text) {
                Some(DayText::Day(day)) => (day, None),
                Some(DayText::Hour(day, hour)) => (day, Some(hour)),
                Some(DayText::Range(range)) if range.from == range.to => (range.from, None),
                Some(DayText::Range(range)) => {
                    let range = self.plan.period.unwrap_or(range);
                    return Err(FileError::AggregateOnly { range: Some(range), span: span_of(range), line: Some(line) });
                }
                Some(DayText::Either { first, second, year }) if first == second => {
                    (NaiveDate::from_ymd_opt(year, first, second).ok_or_else(|| bad(Bad::NotADate))?, None)
                }
                Some(DayText::Either { first, second, year }) => match self.plan.date_order {
                    Some(order) => (DayText::ordered(first, second, year, order).ok_or_else(|| bad(Bad::NotADate))?, None),
                    None => {
                        let column = self.plan.columns.name(column);
                        return Err(FileError::NeedsDateOrder { line, column, value: excerpt(text) });
                    }
                },
                Some(DayText::MonthDay { month, day }) => (self.plan.with_year(month, day).ok_or_else(|| bad(Bad::NoYear))?, None),
                None if number::is_null(text.trim()) => return Err(bad(Bad::NoDate)),
                None => return Err(bad(Bad::NotADate)),
            },
            Cell::Empty => return Err(bad(Bad::NoDate)),
            Cell::Broken => return Err(bad(Bad::NotADate)),
        };
        let from = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or(NaiveDate::MIN);
        let to = self.plan.options.today.succ_opt().unwrap_or(self.plan.options.today);
        if day < from || day > to {
            return Err(FileError::DateOutOfRange { line, column: self.plan.columns.name(column), date: day, from, to });
        }
        Ok((day, hour))
    }

    pub(super) fn hour(&self, row: &Row<'_>, column: usize) -> Result<Option<u8>, FileError> {
        let cell = row.get(column);
        if is_null(&cell) {
            return Ok(None);
        }
        let hour = match cell {
            Cell::Moment(moment) => u8::try_from(moment.hour()).ok(),
            Cell::Number(n) if n.fract() == 0.0 && (0.0..24.0).contains(&n) => Some(n as u8),
            // An Excel time is a fraction of a day.
            Cell::Number(n) if (0.0..1.0).contains(&n) => Some((n * 24.0 + 1e-6) as u8),
            Cell::Text(text) => hour::parse(text),
            Cell::Number(_) | Cell::Empty | Cell::Broken => None,
        };
        hour.map(Some).ok_or_else(|| FileError::bad(row.line, &self.plan.columns.name(column), &cell.text(), Bad::NotAnHour))
    }
}

fn span_of(range: DateRange) -> Span {
    if range.days() == 7 {
        Span::Week
    } else if range.is_whole_months() && range.days() <= 31 {
        Span::Month
    } else {
        Span::Period
    }
}
