//! Report files from bytes to rows: what consoles export, what people do to it, what must be refused.

mod broken;
mod dropped;
mod exports;
mod large;
mod mutations;
mod plain;
mod questions;
mod spellings;
mod workbooks;

use std::path::PathBuf;

use chrono::NaiveDate;
use moa_connectors::report_files::{FileError, ReadOptions, ReportFile, read_report, read_report_bytes};
use moa_domain::{Currency, Platform, VatBasis};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/report_files").join(name)
}

/// Nothing is known but the day.
pub(crate) fn unknown() -> ReadOptions {
    ReadOptions::new(day("2026-10-01"))
}

/// Everything a person could be asked for is known.
pub(crate) fn known() -> ReadOptions {
    let mut options = unknown();
    options.platform = Some(Platform::Other("daangn".to_owned()));
    options.currency = Some(Currency::KRW);
    options.vat = Some(VatBasis::Excluded);
    options
}

pub(crate) fn import(name: &str) -> ReportFile {
    read_report(&fixture(name), &unknown()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

pub(crate) fn text(content: &str, options: &ReadOptions) -> Result<ReportFile, FileError> {
    read_report_bytes("file.csv", content.as_bytes(), options)
}

pub(crate) fn good(content: &str, options: &ReadOptions) -> ReportFile {
    text(content, options).unwrap_or_else(|e| panic!("{e}\n{content}"))
}

pub(crate) fn refused(content: &str, options: &ReadOptions) -> FileError {
    match text(content, options) {
        Ok(file) => panic!("read {} rows of\n{content}", file.rows.len()),
        Err(error) => error,
    }
}

/// Impressions, clicks, cost, conversions, revenue; the last three as text.
pub(crate) fn totals(file: &ReportFile) -> (i64, i64, String, String, String) {
    let mut sum = moa_domain::Counts::default();
    for row in &file.rows {
        sum += row.counts;
    }
    (sum.impressions, sum.clicks, sum.cost.to_string(), sum.conversions.to_string(), sum.revenue.to_string())
}

pub(crate) fn sums(impressions: i64, clicks: i64, cost: &str, conversions: &str, revenue: &str) -> (i64, i64, String, String, String) {
    (impressions, clicks, cost.to_owned(), conversions.to_owned(), revenue.to_owned())
}
