//! Naver brand-search contracts (도구 → 계약 관리): a cost for a period, divided over its days, because brand search reports no cost a day.

use chrono::{Days, NaiveDate};
use moa_domain::{CampaignKey, ChannelCode, Counts, Engagement, Millionths, MoneyKind};

use super::error::{Bad, FileError};
use super::field::Field;
use super::figures::read_number;
use super::mapping::Columns;
use super::report::{DropReason, Extras, FileRow, ReadOptions};
use super::row::{Flow, Row};
use super::sink::{RowKey, Sink, day_number};
use super::values::date::{self, DayText};
use super::values::number::Number;

/// Contracts longer than this are a mistake in the period.
const LONGEST_DAYS: i64 = 366;

pub(crate) struct Contracts<'o> {
    pub options: &'o ReadOptions,
    pub columns: Columns,
    pub kind: MoneyKind,
    pub sink: Sink,
    pub contracts: usize,
}

impl Contracts<'_> {
    /// Takes a contract: its days up to today, each with its share of cost minus refund.
    ///
    /// # Errors
    /// What is wrong with the row.
    pub(crate) fn visit(&mut self, row: &Row<'_>) -> Result<Flow, FileError> {
        self.sink.count()?;
        let column = |field: Field| self.columns.get(field);
        let (Some(name_column), Some(period_column), Some(cost_column)) =
            (column(Field::ContractName), column(Field::ContractPeriod), column(Field::ContractCost))
        else {
            return Ok(Flow::Stop);
        };
        let name = row.text(name_column).trim().to_owned();
        let period = row.text(period_column);
        if row.is_blank() || (name.is_empty() && period.trim().is_empty()) {
            self.sink.drop_row(row.line, DropReason::Blank);
            return Ok(Flow::Continue);
        }
        if super::drop::total_label(&name).is_some() || super::drop::total_label(&row.text(0)).is_some() {
            self.sink.drop_row(row.line, DropReason::Total);
            return Ok(Flow::Continue);
        }
        let bad = |column: usize, why: Bad| FileError::bad(row.line, &self.columns.name(column), &row.text(column), why);
        let range = match date::parse(&period) {
            Some(DayText::Range(range)) => range,
            Some(DayText::Day(day)) => moa_domain::DateRange::single(day),
            _ => return Err(bad(period_column, Bad::NotADate)),
        };
        let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or(NaiveDate::MIN);
        let last = self.options.today + Days::new(LONGEST_DAYS.unsigned_abs());
        for date in [range.from, range.to] {
            if date < first || date > last {
                let column = self.columns.name(period_column);
                return Err(FileError::DateOutOfRange { line: row.line, column, date, from: first, to: last });
            }
        }
        if range.days() > LONGEST_DAYS {
            return Err(bad(period_column, Bad::NotADate));
        }
        if name.is_empty() {
            return Err(bad(name_column, Bad::NoCampaign));
        }
        let amount = |column: usize| match read_number(&row.get(column)) {
            Ok(Number::Value(value)) => Ok(value.0),
            Ok(Number::Null | Number::Capped) => Ok(0),
            Err(why) => Err(bad(column, why)),
        };
        let refund = column(Field::ContractRefund).map_or(Ok(0), amount)?;
        let total = amount(cost_column)?.checked_sub(refund.saturating_abs()).ok_or_else(|| bad(cost_column, Bad::TooLarge))?;
        self.contracts += 1;
        let number = self.sink.names.number(&name);
        self.sink.names.check(row, |column| self.columns.name(column))?;
        for (date, cost) in range.iter().zip(shares(total, range.days())) {
            if date > self.options.today {
                break;
            }
            let key = RowKey {
                campaign: (0, number),
                day: day_number(date),
                hour: None,
                kind: self.kind,
                channel: 0,
                dimensions: [0; 5],
                // Two contracts of one name may follow each other within a day.
                extra: u32::try_from(row.line).unwrap_or(u32::MAX),
            };
            let file_row = FileRow {
                line: row.line,
                campaign: CampaignKey { id: None, name: self.sink.names.named(number) },
                date,
                hour: None,
                channel: Some(ChannelCode::new("naver_brand")),
                kind: self.kind,
                ad_group: None,
                keyword: None,
                creative: None,
                search_term: None,
                device: None,
                counts: Counts { cost: Millionths(cost), ..Counts::default() },
                conversions_known: false,
                engagement: Engagement::default(),
                reach: None,
                extras: Extras::default(),
            };
            self.sink.push(file_row, key, &|| (self.columns.name(cost_column), row.text(cost_column).into_owned()))?;
        }
        Ok(Flow::Continue)
    }
}

/// Equal parts of an amount; what does not divide goes to the first days, so that the parts add up exactly.
fn shares(total: i64, days: i64) -> impl Iterator<Item = i64> {
    let (each, rest) = (total.div_euclid(days), total.rem_euclid(days));
    (0..days).map(move |n| each + i64::from(n < rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn shares_add_up(total in -1_000_000_000_000_000i64..1_000_000_000_000_000, days in 1i64..=366) {
            let parts: Vec<i64> = shares(total, days).collect();
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            let spread = parts.iter().max().expect("a day") - parts.iter().min().expect("a day");
            prop_assert!(spread <= 1);
        }
    }
}
