//! Naver's header-less large reports.

use std::collections::HashMap;

use moa_connectors::report_files::{Grain, Layout, Note, read_report};
use moa_domain::VatBasis;

use super::{fixture, import, refused, sums, text, totals, unknown};

#[test]
fn the_detail_report_is_hourly_and_nameless() {
    let file = import("AD_DETAIL-20260930.tsv");
    assert_eq!((file.layout, file.grain), (Layout::NaverLargeAdDetail, Grain::Hourly));
    assert_eq!(totals(&file), sums(47, 2, "1540", "0", "0"));
    assert_eq!(file.account.and_then(|a| a.id).as_deref(), Some("3100001"));
    assert!(file.notes.contains(&Note::CampaignNamesMissing { campaigns: 1 }));
    assert!(file.rows.iter().all(|r| r.hour == Some(9) && !r.conversions_known && r.kind.vat == VatBasis::Included));
    assert_eq!(file.rows[1].keyword, None);
    assert_eq!(file.rows[1].device.as_deref(), Some("PC"));
}

#[test]
fn the_conversion_report_tells_purchases_from_carts() {
    let file = import("AD_CONVERSION-20260930.tsv");
    assert_eq!(totals(&file), sums(0, 0, "0", "1", "129000"));
    assert_eq!(file.rows.iter().map(|r| r.counts.revenue_all.to_string()).collect::<Vec<_>>(), vec!["129000", "310000"]);
    assert!(!file.measures.cost && file.measures.conversions);
}

#[test]
fn names_come_from_the_options() {
    let mut options = unknown();
    options.campaign_names = HashMap::from([("cmp-a001-01-000000001234567".to_owned(), "여름이불_파워링크".to_owned())]);
    let file = read_report(&fixture("AD_DETAIL-20260930.tsv"), &options).expect("readable");
    assert_eq!(file.rows[0].campaign.name.as_deref(), Some("여름이불_파워링크"));
    assert!(!file.notes.iter().any(|n| n.code() == "campaign_names_missing"));
}

fn ad(day: &str, cost: &str) -> String {
    format!("{day}\t3100001\tcmp-a001-01-1\tgrp-a\tnkw-a\tnad-a\tbsn-a\t8753\tM\t36\t2\t{cost}\t72\t0\n")
}

#[test]
fn vat_switches_with_the_day_of_performance() {
    let file = text(&(ad("20260329", "1540.5") + &ad("20260330", "1694")), &unknown()).expect("readable");
    assert_eq!(file.rows.iter().map(|r| r.kind.vat).collect::<Vec<_>>(), vec![VatBasis::Excluded, VatBasis::Included]);
    assert_eq!(file.rows[0].counts.cost.to_string(), "1540.5");
}

#[test]
fn damage_and_partial_reports_are_refused() {
    assert_eq!(refused(&(ad("20260330", "1") + "20260330\t3100001\tcmp-a001-01-1\tgrp-a"), &unknown()).code(), "truncated");
    assert_eq!(refused(&ad("20620330", "1"), &unknown()).code(), "date_out_of_range");
    let negative = ad("20260330", "1").replace("\t36\t", "\t-36\t");
    assert_eq!(refused(&negative, &unknown()).code(), "negative_count");
    assert_eq!(refused("20260930\t1\tcmp-1\tgrp-1\t이불\t8753\tM\t1\t36\t2\t1540\t0\n", &unknown()).code(), "partial_report");
    assert_eq!(refused(&(ad("20260330", "1") + &ad("20260330", "1")), &unknown()).code(), "duplicate");
}
