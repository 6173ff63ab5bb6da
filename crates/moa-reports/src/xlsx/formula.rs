//! Formulas over the raw sheets, each with the value it gives.

use moa_domain::Currency;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Formula, Worksheet};

use super::plan::{Plan, RawSheet, Sums, decimal};
use crate::error::ReportError;

/// Columns of a raw sheet, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RawColumn {
    Date,
    Platform,
    Account,
    CampaignId,
    Campaign,
    Channel,
    Currency,
    Vat,
    VatRate,
    Impressions,
    Clicks,
    CostStored,
    CostInBasis,
    Conversions,
    Revenue,
    ConversionsAll,
    RevenueAll,
    CampaignNumber,
    ChannelNumber,
    KindNumber,
    AsOf,
}

impl RawColumn {
    pub(super) const ALL: [Self; 21] = [
        Self::Date,
        Self::Platform,
        Self::Account,
        Self::CampaignId,
        Self::Campaign,
        Self::Channel,
        Self::Currency,
        Self::Vat,
        Self::VatRate,
        Self::Impressions,
        Self::Clicks,
        Self::CostStored,
        Self::CostInBasis,
        Self::Conversions,
        Self::Revenue,
        Self::ConversionsAll,
        Self::RevenueAll,
        Self::CampaignNumber,
        Self::ChannelNumber,
        Self::KindNumber,
        Self::AsOf,
    ];

    pub(super) fn index(self) -> u16 {
        self as u16
    }

    /// The letter: there are fewer columns than letters.
    pub(super) fn letter(self) -> char {
        char::from(b'A' + self as u8)
    }
}

/// Which rows are added: a column of a raw sheet equal to a cell or a text.
#[derive(Debug, Clone)]
pub(super) struct Selection(pub(super) Vec<(RawColumn, String)>);

/// A formula and its value: a number, or the empty text.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) formula: String,
    pub(super) value: Option<Decimal>,
}

impl Live {
    pub(super) fn write(&self, sheet: &mut Worksheet, row: u32, column: u16, format: &Format) -> Result<(), ReportError> {
        let result = self.value.map_or_else(String::new, |value| value.normalize().to_string());
        sheet.write_formula_with_format(row, column, Formula::new(&self.formula).set_result(result), format)?;
        Ok(())
    }
}

/// The sums of a group as formulas over raw sheets.
pub(super) struct Over<'p> {
    pub(super) plan: &'p Plan,
    pub(super) sheets: &'p [RawSheet],
    pub(super) currency: Currency,
    pub(super) selection: Selection,
}

fn range(sheet: &RawSheet, column: RawColumn) -> String {
    let letter = column.letter();
    let last = sheet.rows.len().max(1) + 1;
    // A quote inside a sheet's name is doubled; ours have none, but the locale files are not bound to that.
    format!("'{}'!${letter}$2:${letter}${last}", sheet.name.replace('\'', "''"))
}

impl Over<'_> {
    fn criteria(&self, sheet: &RawSheet) -> String {
        self.selection.0.iter().map(|(column, equals)| format!("{},{equals}", range(sheet, *column))).collect::<Vec<_>>().join(",")
    }

    fn sum_on(&self, sheet: &RawSheet, column: RawColumn, kind: Option<usize>) -> String {
        let mut criteria = self.criteria(sheet);
        if let Some(kind) = kind {
            criteria.push_str(&format!(",{},{kind}", range(sheet, RawColumn::KindNumber)));
        }
        format!("SUMIFS({},{criteria})", range(sheet, column))
    }

    fn sum(&self, column: RawColumn, kind: Option<usize>) -> String {
        self.sheets.iter().map(|sheet| self.sum_on(sheet, column, kind)).collect::<Vec<_>>().join("+")
    }

    fn count(&self, known_only: bool) -> String {
        let on = |sheet: &RawSheet| {
            let mut criteria = self.criteria(sheet);
            if known_only {
                for column in [RawColumn::Conversions, RawColumn::Revenue] {
                    criteria.push_str(&format!(",{},\">-1E+300\"", range(sheet, column)));
                }
            }
            format!("COUNTIFS({criteria})")
        };
        self.sheets.iter().map(on).collect::<Vec<_>>().join("+")
    }

    /// `None` sums: the group has no rows.
    fn plain(&self, column: RawColumn, value: Decimal, may_be_unknown: bool, sums: Option<&Sums>) -> Live {
        let sum = self.sum(column, None);
        if may_be_unknown && self.plan.some_unknown {
            let formula = format!("=IF({}<>{},\"\",{sum})", self.count(false), self.count(true));
            let unknown = sums.is_some_and(|sums| sums.unknown);
            return Live { formula, value: (!unknown).then_some(value) };
        }
        Live { formula: format!("={sum}"), value: Some(value) }
    }

    /// Impressions, clicks, cost, conversions and revenue of the selected rows.
    pub(super) fn sums(&self, sums: Option<&Sums>) -> SumFormulas {
        let none = Sums::default();
        let of = sums.unwrap_or(&none);
        let terms: Vec<String> = self
            .plan
            .kinds_of(self.currency)
            .map(|(number, kind)| {
                let sum = self.sum(RawColumn::CostStored, Some(number));
                let sum = if self.sheets.len() > 1 { format!("({sum})") } else { sum };
                match self.plan.factor(kind) {
                    Some((times, by)) => format!("{sum}*{}/{}", times.normalize(), by.normalize()),
                    None => sum,
                }
            })
            .collect();
        let cost = if terms.is_empty() { "=0".to_owned() } else { format!("={}", terms.join("+")) };
        SumFormulas {
            impressions: self.plain(RawColumn::Impressions, Decimal::from(of.impressions), false, sums),
            clicks: self.plain(RawColumn::Clicks, Decimal::from(of.clicks), false, sums),
            cost: Live { formula: cost, value: Some(self.plan.cost(of)) },
            conversions: self.plain(RawColumn::Conversions, decimal(of.conversions), true, sums),
            revenue: self.plain(RawColumn::Revenue, decimal(of.revenue), true, sums),
            rows: self.count(false),
        }
    }
}

/// The five sums of a group, and how many rows it has.
pub(super) struct SumFormulas {
    pub(super) impressions: Live,
    pub(super) clicks: Live,
    pub(super) cost: Live,
    pub(super) conversions: Live,
    pub(super) revenue: Live,
    rows: String,
}

impl SumFormulas {
    /// Empty instead of zero where the group has no rows: a day without figures is a gap.
    pub(super) fn empty_without_rows(self, has_rows: bool) -> Self {
        let rows = self.rows.clone();
        let guard = |live: Live| Live {
            formula: format!("=IF({rows}=0,\"\",{})", live.formula.trim_start_matches('=')),
            value: live.value.filter(|_| has_rows),
        };
        Self {
            impressions: guard(self.impressions),
            clicks: guard(self.clicks),
            cost: guard(self.cost),
            conversions: guard(self.conversions),
            revenue: guard(self.revenue),
            rows: self.rows,
        }
    }
}

/// `part ÷ whole × scale` of two cells, empty where either is empty or the whole is 0.
pub(super) fn ratio(part: (&str, &Live), whole: (&str, &Live), scale: u32) -> Live {
    let ((part_cell, part), (whole_cell, whole)) = (part, whole);
    let quotient = if scale == 1 { format!("{part_cell}/{whole_cell}") } else { format!("{part_cell}*{scale}/{whole_cell}") };
    // N() reads an empty text as 0, so one test covers both.
    let formula = format!("=IF(OR({part_cell}=\"\",N({whole_cell})=0),\"\",{quotient})");
    let value = part.value.zip(whole.value).and_then(|(part, whole)| part.checked_mul(Decimal::from(scale))?.checked_div(whole));
    Live { formula, value }
}

/// ROI: `(revenue − cost) ÷ cost`.
pub(super) fn gain(revenue: (&str, &Live), cost: (&str, &Live)) -> Live {
    let ((revenue_cell, revenue), (cost_cell, cost)) = (revenue, cost);
    let formula = format!("=IF(OR({revenue_cell}=\"\",N({cost_cell})=0),\"\",({revenue_cell}-{cost_cell})/{cost_cell})");
    let value = revenue.value.zip(cost.value).and_then(|(revenue, cost)| (revenue - cost).checked_div(cost));
    Live { formula, value }
}

/// Change against another cell, as a fraction of its size.
pub(super) fn change(now: (&str, Option<Decimal>), before: (&str, Option<Decimal>)) -> Live {
    let ((now_cell, now), (before_cell, before)) = (now, before);
    let formula = format!("=IF(OR({now_cell}=\"\",N({before_cell})=0),\"\",({now_cell}-{before_cell})/ABS({before_cell}))");
    let value = now.zip(before).and_then(|(now, before)| (now - before).checked_div(before.abs()));
    Live { formula, value }
}
