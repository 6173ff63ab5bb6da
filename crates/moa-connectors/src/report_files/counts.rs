//! The counts and amounts of a row.

use moa_domain::money::MILLION;
use moa_domain::{Counts, Millionths};

use super::error::{Bad, FileError, excerpt};
use super::field::Field;
use super::figures::{RowReader, read_number};
use super::mapping::{Columns, Figure};
use super::report::Extras;
use super::row::Row;
use super::values::number::Number;

impl RowReader<'_> {
    pub(super) fn counts(&mut self, row: &Row<'_>, hour: Option<u8>) -> Result<(Counts, Extras, bool), FileError> {
        let plan = &self.plan;
        let mut capped = 0;
        let mut amount = |figure: Option<Figure>| -> Result<Option<Millionths>, FileError> {
            let Some(figure) = figure else { return Ok(None) };
            let cell = row.get(figure.column);
            let bad = |why: Bad| FileError::bad(row.line, &self.plan.columns.name(figure.column), &cell.text(), why);
            match read_number(&cell).map_err(bad)? {
                Number::Value(value) if figure.scale == 1 => Ok(Some(value)),
                Number::Value(value) => value.0.checked_mul(figure.scale).map(|v| Some(Millionths(v))).ok_or_else(|| bad(Bad::TooLarge)),
                Number::Null => Ok(None),
                Number::Capped => {
                    capped += 1;
                    Ok(None)
                }
            }
        };
        let (mut impressions, clicks) = (amount(plan.impressions)?, amount(plan.clicks)?);
        let (opens, interactions) = (amount(plan.opens)?, amount(plan.interactions)?);
        let cost = amount(plan.cost)?;
        let (mut conversions, mut revenue) = (amount(plan.conversions)?, amount(plan.revenue)?);
        let (conversions_all, revenue_all) = (amount(plan.conversions_all)?, amount(plan.revenue_all)?);
        let shared = match plan.shared {
            Some((count, value)) => (amount(count)?, amount(value)?),
            None => (None, None),
        };
        let whole = |figure: Option<Figure>, value: Option<Millionths>| -> Result<Option<i64>, FileError> {
            match (figure, value) {
                (Some(figure), Some(value)) => whole_count(row, figure.column, &plan.columns, value).map(Some),
                _ => Ok(None),
            }
        };
        let mut impression_source = plan.impressions;
        let mut from_opens = false;
        if impressions.is_none() && opens.is_some() {
            (impressions, impression_source, from_opens) = (opens, plan.opens, true);
        }
        let impressions = whole(impression_source, impressions)?;
        let clicks = whole(plan.clicks, clicks)?;
        let extras = Extras { interactions: whole(plan.interactions, interactions)?, opens: whole(plan.opens, opens)? };
        let nothing = |v: Option<Millionths>| v.is_none_or(Millionths::is_zero);
        let mut shared_used = false;
        if nothing(conversions) && nothing(revenue) && !(nothing(shared.0) && nothing(shared.1)) {
            (conversions, revenue, shared_used) = (shared.0, shared.1, true);
        }
        let mut left = false;
        if let Some(column) = plan.result_kind
            && !is_purchase_or_lead(&row.text(column))
        {
            left = !nothing(conversions);
            conversions = None;
        }
        let known = conversions.is_some() || revenue.is_some() || conversions_all.is_some();
        let mut counts = Counts {
            impressions: impressions.unwrap_or(0),
            clicks: clicks.unwrap_or(0),
            cost: cost.unwrap_or_default(),
            conversions: conversions.unwrap_or_default(),
            revenue: revenue.unwrap_or_default(),
            conversions_all: if plan.conversions_all.is_some() {
                conversions_all.unwrap_or_default()
            } else {
                conversions.unwrap_or_default()
            },
            revenue_all: if plan.revenue_all.is_some() { revenue_all.unwrap_or_default() } else { revenue.unwrap_or_default() },
        };
        if let Some(column) = plan.conversion_kind {
            counts = conversions_only(&row.text(column), counts);
        }
        let has_column = plan.conversions.is_some() || plan.shared.is_some();
        self.noticed.capped += capped;
        self.noticed.from_opens += usize::from(from_opens);
        self.noticed.shared_used += usize::from(shared_used);
        self.noticed.results_left += usize::from(left);
        Ok((counts, extras, if hour.is_some() { has_column && known } else { has_column }))
    }

    pub(super) fn whole(&self, row: &Row<'_>, field: Field) -> Result<Option<i64>, FileError> {
        let Some(column) = self.plan.columns.get(field) else { return Ok(None) };
        let cell = row.get(column);
        match read_number(&cell) {
            Ok(Number::Value(value)) => whole_count(row, column, &self.plan.columns, value).map(Some),
            Ok(Number::Null | Number::Capped) => Ok(None),
            Err(why) => Err(FileError::bad(row.line, &self.plan.columns.name(column), &cell.text(), why)),
        }
    }
}

/// Purchases of a conversion type row; every type counts as one of all.
fn conversions_only(kind: &str, counts: Counts) -> Counts {
    let lower = kind.to_lowercase();
    let purchase = lower.contains("구매") || lower.contains("purchase");
    let of = |v: Millionths| if purchase { v } else { Millionths::ZERO };
    Counts {
        impressions: 0,
        clicks: 0,
        cost: Millionths::ZERO,
        conversions: of(counts.conversions),
        revenue: of(counts.revenue),
        conversions_all: counts.conversions_all,
        revenue_all: counts.revenue_all,
    }
}

fn is_purchase_or_lead(kind: &str) -> bool {
    let lower = kind.to_lowercase();
    ["purchase", "lead", "구매", "잠재"].iter().any(|w| lower.contains(w)) && !lower.contains("leading")
}

fn whole_count(row: &Row<'_>, column: usize, columns: &Columns, value: Millionths) -> Result<i64, FileError> {
    let text = || row.text(column).trim().to_owned();
    if value.0 < 0 {
        return Err(FileError::NegativeCount { line: row.line, column: columns.name(column), value: excerpt(&text()) });
    }
    if value.0 % MILLION != 0 {
        return Err(FileError::bad(row.line, &columns.name(column), &text(), Bad::NotWhole));
    }
    Ok(value.0 / MILLION)
}
