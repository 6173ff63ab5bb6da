//! The workbook: the stored rows on a raw sheet, and every other figure a live formula over them.
//!
//! Cost in the document's basis is formed the way the rest of Moa forms it: stored amounts are added per money kind (currency, VAT or
//! not, rate) and the sum is converted once, for example `SUMIFS(stored cost of kind 1)*100/110`. Adding converted rows would add up the
//! rounding of every row instead. Each formula carries its value, computed here from exact sums, because programs that trust a file show
//! that value and not their own.

mod formula;
mod lists;
mod plan;
mod raw;
mod styles;
mod summary;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use crate::clean;
use crate::document::ReportDocument;
use crate::error::ReportError;
use crate::layout::title;
use plan::Plan;
use styles::Styles;

/// Writes the workbook of a document.
///
/// # Errors
/// [`ReportError::Workbook`] when a temporary file for a large raw sheet cannot be written.
pub fn write(document: &ReportDocument) -> Result<Vec<u8>, ReportError> {
    let plan = Plan::of(document);
    let styles = Styles::new();
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(document)?);
    summary::add(&mut workbook, document, &plan, &styles)?;
    lists::add_channels(&mut workbook, document, &plan, &styles)?;
    lists::add_campaigns(&mut workbook, document, &plan, &styles)?;
    lists::add_daily(&mut workbook, document, &plan, &styles)?;
    raw::add(&mut workbook, document, &plan, &styles)?;
    Ok(workbook.save_to_buffer()?)
}

/// Excel has no zones: the local time of the value's own offset.
fn excel_time(at: DateTime<FixedOffset>) -> Result<ExcelDateTime, ReportError> {
    Ok(ExcelDateTime::from_timestamp(at.naive_local().and_utc().timestamp())?)
}

/// Excel's number of a day: days since 30 December 1899.
fn excel_day(day: NaiveDate) -> f64 {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    (day - epoch).num_days() as f64
}

fn properties(document: &ReportDocument) -> Result<DocProperties, ReportError> {
    let client = clean::line(&document.client.name);
    Ok(DocProperties::new()
        .set_title(format!("{client} {}", title(document)))
        .set_author(clean::line(&document.agency.name))
        .set_company(clean::line(&document.agency.name))
        .set_creation_datetime(&excel_time(document.created_at)?))
}

/// A cell's text is at most this long; Excel refuses files with more.
const LONGEST_CELL: usize = 32_767;

/// Text of a cell, never a formula (`write_string` writes it as text whatever it starts with).
fn cell_text(text: &str) -> String {
    let line = clean::line(text);
    match line.char_indices().nth(LONGEST_CELL) {
        Some((cut, _)) => line[..cut].to_owned(),
        None => line,
    }
}

/// What all sheets share: landscape A4, as wide as one page, the header on every page, page numbers and freshness below.
fn set_up(sheet: &mut Worksheet, header_row: u32, footer: &str) -> Result<(), ReportError> {
    // An undefined ratio's value is the empty text, where the library would put 0.
    sheet.set_formula_result_default("");
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(header_row, header_row)?;
    // An ampersand starts a code in a footer, a digit behind `&8` would belong to the size, and Excel takes 255 characters.
    let footer: String = footer.replace('&', "&&").chars().take(200).collect();
    sheet.set_footer(format!("&L&8 {footer}&R&8 &P / &N"));
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    Ok(())
}
