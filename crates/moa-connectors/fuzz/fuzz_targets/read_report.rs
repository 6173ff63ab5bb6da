//! Any bytes as a report file: the reader gives rows or one error, and never panics.
//!
//! `cargo +nightly fuzz run read_report` in `crates/moa-connectors`, or `--sanitizer none` on the stable toolchain.

#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use moa_connectors::report_files::{ReadOptions, read_report_bytes};
use moa_domain::{Currency, VatBasis};

// The workbook library panics on some damaged files, and the reader makes an error of it; the default hook would stop at the panic.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| ())), |bytes: &[u8]| {
    let mut options = ReadOptions::new(NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day"));
    options.currency = Some(Currency::KRW);
    options.vat = Some(VatBasis::Included);
    if let Ok(file) = read_report_bytes("20260901_20260930.csv", bytes, &options) {
        assert!(!file.rows.is_empty());
        assert!(file.rows.iter().all(|row| row.counts.impressions >= 0 && row.counts.clicks >= 0));
    }
});
