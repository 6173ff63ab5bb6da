//! The raw sheets: one line per stored row, plain cells, nothing merged.

use std::collections::HashMap;

use moa_domain::Platform;
use moa_text::{channel_name, platform_name, short_basis_name, text, vat_name};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::formula::RawColumn;
use super::plan::{Plan, RawSheet};
use super::styles::Styles;
use super::{cell_text, excel_day, excel_time, set_up};
use crate::document::{RawRow, ReportDocument};
use crate::error::ReportError;
use crate::xlsx::summary::freshness;

/// From here on a sheet is written row by row to a temporary file instead of being held in memory.
const STREAM_FROM: usize = 20_000;

pub(super) fn add(workbook: &mut Workbook, document: &ReportDocument, plan: &Plan, styles: &Styles) -> Result<(), ReportError> {
    for sheet in &plan.sheets {
        add_sheet(workbook, document, plan, styles, sheet, &document.rows, &plan.numbers)?;
    }
    for sheet in &plan.compared_sheets {
        add_sheet(workbook, document, plan, styles, sheet, &document.compared_rows, &plan.compared_numbers)?;
    }
    Ok(())
}

fn title(document: &ReportDocument, column: RawColumn) -> String {
    let basis = short_basis_name(document.lang, document.basis);
    let key = match column {
        RawColumn::Date => "report.workbook.date",
        RawColumn::Platform => "report.workbook.platform",
        RawColumn::Account => "report.workbook.account",
        RawColumn::CampaignId => "report.workbook.campaign_id",
        RawColumn::Campaign => "report.workbook.campaign",
        RawColumn::Channel => "report.workbook.channel",
        RawColumn::Currency => "report.workbook.currency",
        RawColumn::Vat => "report.workbook.vat",
        RawColumn::VatRate => "report.workbook.vat_rate",
        RawColumn::Impressions => "shared.kpi.impressions",
        RawColumn::Clicks => "shared.kpi.clicks",
        RawColumn::CostStored => "report.workbook.cost_stored",
        RawColumn::CostInBasis => "report.workbook.cost_in_basis",
        RawColumn::Conversions => "shared.kpi.conversions",
        RawColumn::Revenue => "shared.kpi.revenue",
        RawColumn::ConversionsAll => "shared.kpi.conversions_all",
        RawColumn::RevenueAll => "shared.kpi.revenue_all",
        RawColumn::CampaignNumber => "report.workbook.campaign_number",
        RawColumn::ChannelNumber => "report.workbook.channel_number",
        RawColumn::KindNumber => "report.workbook.kind_number",
        RawColumn::AsOf => "report.cover.as_of",
    };
    text(document.lang, key, &[("basis", &basis)])
}

fn width(column: RawColumn) -> f64 {
    match column {
        RawColumn::Campaign => 44.0,
        RawColumn::Account | RawColumn::Channel => 20.0,
        RawColumn::CampaignId
        | RawColumn::CostStored
        | RawColumn::CostInBasis
        | RawColumn::Revenue
        | RawColumn::RevenueAll
        | RawColumn::AsOf => 16.0,
        RawColumn::Currency | RawColumn::VatRate => 8.0,
        _ => 12.0,
    }
}

fn add_sheet(
    workbook: &mut Workbook,
    document: &ReportDocument,
    plan: &Plan,
    styles: &Styles,
    raw: &RawSheet,
    rows: &[RawRow],
    numbers: &[[u32; 3]],
) -> Result<(), ReportError> {
    let sheet = if raw.rows.len() >= STREAM_FROM { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
    sheet.set_name(&raw.name)?;
    // What stands above the rows in the file must be said before them.
    for column in RawColumn::ALL {
        sheet.set_column_width(column.index(), width(column))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = u32::try_from(raw.rows.len().max(1)).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last, RawColumn::AsOf.index())?;
    set_up(sheet, 0, &freshness(document))?;
    for column in RawColumn::ALL {
        let figures = column.index() >= RawColumn::VatRate.index() && column != RawColumn::AsOf;
        let format = if figures { &styles.header_right } else { &styles.header };
        sheet.write_string_with_format(0, column.index(), title(document, column), format)?;
    }
    let mut read_at: HashMap<&Platform, ExcelDateTime> = HashMap::new();
    for entry in &document.as_of {
        read_at.insert(&entry.platform, excel_time(entry.read_at)?);
    }
    let line = Line {
        document,
        plan,
        styles,
        read_at,
        stored: Styles::stored(),
        count: Styles::measure(moa_text::Measure::Clicks, moa_domain::Currency::KRW),
    };
    for (at, index) in raw.rows.iter().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        line.write(sheet, number, &rows[*index], numbers[*index])?;
    }
    Ok(())
}

/// What every line needs.
struct Line<'l> {
    document: &'l ReportDocument,
    plan: &'l Plan,
    styles: &'l Styles,
    read_at: HashMap<&'l Platform, ExcelDateTime>,
    stored: Format,
    count: Format,
}

/// Excel's numbers are doubles; a cell takes the nearest one.
fn number(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}

impl Line<'_> {
    fn write(&self, sheet: &mut Worksheet, row: u32, raw: &RawRow, numbers: [u32; 3]) -> Result<(), ReportError> {
        let (lang, text) = (self.document.lang, &self.styles.text);
        let at = |column: RawColumn| column.index();
        sheet.write_number_with_format(row, at(RawColumn::Date), excel_day(raw.date), &self.styles.date)?;
        sheet.write_string_with_format(row, at(RawColumn::Platform), platform_name(lang, raw.platform.code()), text)?;
        sheet.write_string_with_format(row, at(RawColumn::Account), cell_text(&raw.account), text)?;
        sheet.write_string_with_format(row, at(RawColumn::CampaignId), cell_text(&raw.campaign_id), text)?;
        sheet.write_string_with_format(row, at(RawColumn::Campaign), cell_text(&raw.campaign), text)?;
        sheet.write_string_with_format(row, at(RawColumn::Channel), channel_name(lang, &cell_text(&raw.channel)), text)?;
        sheet.write_string_with_format(row, at(RawColumn::Currency), raw.currency.code(), text)?;
        sheet.write_string_with_format(row, at(RawColumn::Vat), vat_name(lang, raw.vat), text)?;
        sheet.write_number_with_format(row, at(RawColumn::VatRate), number(raw.vat_rate), &self.styles.vat_rate)?;
        sheet.write_number_with_format(row, at(RawColumn::Impressions), raw.impressions as f64, &self.count)?;
        sheet.write_number_with_format(row, at(RawColumn::Clicks), raw.clicks as f64, &self.count)?;
        sheet.write_number_with_format(row, at(RawColumn::CostStored), number(raw.cost), &self.stored)?;
        sheet.write_formula_with_format(row, at(RawColumn::CostInBasis), self.cost_in_basis(row, raw), &self.stored)?;
        for (column, value) in [
            (RawColumn::Conversions, raw.conversions),
            (RawColumn::Revenue, raw.revenue),
            (RawColumn::ConversionsAll, raw.conversions_all),
            (RawColumn::RevenueAll, raw.revenue_all),
        ] {
            // Unknown is an empty cell, not a zero.
            if let Some(value) = value {
                sheet.write_number_with_format(row, at(column), number(value), &self.stored)?;
            }
        }
        for (column, value) in [RawColumn::CampaignNumber, RawColumn::ChannelNumber, RawColumn::KindNumber].into_iter().zip(numbers) {
            sheet.write_number_with_format(row, at(column), f64::from(value), &self.styles.number)?;
        }
        if let Some(read_at) = self.read_at.get(&raw.platform) {
            sheet.write_datetime_with_format(row, at(RawColumn::AsOf), read_at, &self.styles.time)?;
        }
        Ok(())
    }

    fn cost_in_basis(&self, row: u32, raw: &RawRow) -> Formula {
        let cell = format!("{}{}", RawColumn::CostStored.letter(), row + 1);
        let rate = format!("{}{}", RawColumn::VatRate.letter(), row + 1);
        let (formula, value) = match self.plan.factor(&raw.kind()) {
            Some((times, by)) => {
                let value = raw.cost.checked_mul(times).and_then(|product| product.checked_div(by)).unwrap_or(raw.cost);
                let formula =
                    if times == Decimal::ONE_HUNDRED { format!("={cell}*100/(100+{rate})") } else { format!("={cell}*(100+{rate})/100") };
                (formula, value)
            }
            None => (format!("={cell}"), raw.cost),
        };
        Formula::new(formula).set_result(value.normalize().to_string())
    }
}
