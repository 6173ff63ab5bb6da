//! The files through Moa's own reader: what it takes from them is what the sample says.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use moa_connectors::report_files::{DropReason, Grain, ReadOptions, ReportFile, read_report_bytes};
use moa_domain::{Counts, Currency, Dimension, Month, Platform, VatBasis};
use moa_sample::{Agency, SampleFile};

fn end() -> NaiveDate {
    "2026-11-23".parse().expect("a date")
}

/// As the demo imports it: with the file's own answers.
fn read(file: &SampleFile) -> ReportFile {
    let mut options = ReadOptions::new(end().succ_opt().expect("a day"));
    options.platform = Some(file.platform.clone());
    options.currency = file.currency;
    options.vat = file.vat;
    read_report_bytes(&file.file_name, &file.bytes, &options).unwrap_or_else(|error| panic!("{}: {error}", file.file_name))
}

#[test]
fn the_reader_takes_what_the_totals_say() {
    let agency = Agency::ending(end());
    let mut sums: BTreeMap<(usize, Platform, Currency, VatBasis, Month), Counts> = BTreeMap::new();
    let mut channels = HashMap::new();
    for file in &agency.files {
        let report = read(file);
        assert!(!report.rows.is_empty(), "{}", file.file_name);
        for dropped in &report.dropped {
            assert_eq!(dropped.reason, DropReason::Total, "{} line {}", file.file_name, dropped.line);
        }
        let finer = match (file.file_name.contains("시간대별"), file.file_name.contains("키워드"), file.file_name.contains("광고_일별"))
        {
            (true, ..) => {
                assert_eq!(report.grain, Grain::Hourly, "{}", file.file_name);
                let known = file.platform != Platform::Kakao;
                assert!(report.rows.iter().all(|row| row.hour.is_some() && row.conversions_known == known), "{}", file.file_name);
                true
            }
            (_, true, _) => {
                assert!(report.dimensions.contains(&Dimension::Keyword) && report.dimensions.contains(&Dimension::AdGroup));
                true
            }
            (.., true) => {
                assert!(report.dimensions.contains(&Dimension::Creative) && report.dimensions.contains(&Dimension::AdGroup));
                true
            }
            _ => {
                assert_eq!((report.grain, report.dimensions.len()), (Grain::Daily, 0), "{}", file.file_name);
                false
            }
        };
        for row in report.rows {
            // Hours and parts stand on the channel of their campaign's days.
            let name = row.campaign.name.expect("campaigns have names");
            let channel = channels.entry((file.account.clone(), name.clone())).or_insert_with(|| row.channel.clone());
            assert_eq!(*channel, row.channel, "{}: {name}", file.file_name);
            if !finer {
                *sums.entry((file.client, file.platform.clone(), row.kind.currency, row.kind.vat, Month::of(row.date))).or_default() +=
                    row.counts;
            }
        }
    }
    let truth: BTreeMap<_, _> =
        agency.totals().iter().map(|t| ((t.client, t.platform.clone(), t.currency, t.vat, t.month), t.counts)).collect();
    assert_eq!(sums, truth);
}
