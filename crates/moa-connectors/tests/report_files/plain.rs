//! The plain CSV of the command line's contract.

use moa_connectors::report_files::{Grain, Layout};
use moa_domain::{Currency, Dimension, Platform, VatBasis};

use super::{good, import, known, refused, sums, totals, unknown};

#[test]
fn channels_give_the_platform_away() {
    let file = import("plain.csv");
    assert_eq!((file.layout, file.platform.clone()), (Layout::PlainCsv, Some(Platform::NaverAds)));
    assert_eq!(totals(&file), sums(3000, 30, "33000", "3.5", "150000"));
    assert_eq!(file.rows[0].counts.conversions_all, file.rows[0].counts.conversions);
    let mixed = "campaign,date,channel,currency,vat,cost\nA,2026-09-30,facebook,KRW,excluded,1\nA,2026-09-30,kakao,KRW,excluded,1\n";
    assert_eq!(refused(mixed, &unknown()).code(), "needs_platform");
    let unknown_channel = "campaign,date,channel,currency,vat,cost\nA,2026-09-30,blog,KRW,excluded,1\n";
    assert_eq!(refused(unknown_channel, &unknown()).code(), "needs_platform");
}

#[test]
fn every_column_of_the_contract_is_read() {
    let file = good(
        "date,campaign,hour,channel,currency,vat,ad_group,keyword,creative,impressions,clicks,cost,conversions,revenue,conversions_all,revenue_all,likes,shares,comments,saves,reach\n\
         2026-09-30,A,9,instagram,USD,included,g,k,c,100,10,1.234567,2.583333,30,5,60,1,2,3,4,50\n\
         2026-09-30,B,,instagram,USD,excluded,,,,100,10,-1.5,-1,-3,,,,,,,\n",
        &unknown(),
    );
    let row = &file.rows[0];
    assert_eq!(file.grain, Grain::Hourly);
    assert_eq!(file.dimensions, vec![Dimension::AdGroup, Dimension::Keyword, Dimension::Creative]);
    assert_eq!((row.hour, row.kind.currency, row.kind.vat), (Some(9), Currency::USD, VatBasis::Included));
    assert_eq!(row.counts.cost.to_string(), "1.234567");
    assert_eq!(row.counts.conversions.to_string(), "2.583333");
    assert_eq!((row.counts.conversions_all.to_string(), row.counts.revenue_all.to_string()), ("5".into(), "60".into()));
    assert_eq!((row.engagement.likes, row.engagement.shares, row.engagement.comments, row.engagement.saves), (1, 2, 3, 4));
    assert_eq!((row.reach, row.conversions_known), (Some(50), true));
    let adjustment = &file.rows[1];
    assert_eq!((adjustment.counts.cost.to_string(), adjustment.counts.conversions.to_string()), ("-1.5".into(), "-1".into()));
    assert_eq!((adjustment.hour, adjustment.kind.vat), (None, VatBasis::Excluded));
}

#[test]
fn hours_without_conversions_are_unknown() {
    let file = good("campaign,date,hour,impressions,clicks,cost\nA,2026-09-30,9,1,1,1\n", &known());
    assert!(!file.rows[0].conversions_known && !file.measures.conversions);
    let blank = good("campaign,date,hour,cost,conversions\nA,2026-09-30,9,1,\nA,2026-09-30,10,1,0\n", &known());
    assert_eq!(blank.rows.iter().map(|r| r.conversions_known).collect::<Vec<_>>(), vec![false, true]);
}

#[test]
fn the_file_beats_the_option_where_it_speaks() {
    let file = good("campaign,date,currency,vat,cost\nA,2026-09-30,USD,included,1\nB,2026-09-30,,,1\n", &known());
    assert_eq!((file.rows[0].kind.currency, file.rows[0].kind.vat), (Currency::USD, VatBasis::Included));
    assert_eq!((file.rows[1].kind.currency, file.rows[1].kind.vat), (Currency::KRW, VatBasis::Excluded));
}

#[test]
fn bad_lines_refuse_the_whole_file() {
    for (line, code) in [
        ("A,2026-09-30,-1,1,1", "negative_count"),
        ("A,2026-09-30,1,-1,1", "negative_count"),
        ("A,2026-09-30,1.5,1,1", "bad_value"),
        ("A,2026-09-30,x,1,1", "bad_value"),
        ("A,2026-09-30,1e300,1,1", "bad_value"),
        ("A,2026-09-30,1,1,99999999999999999999", "bad_value"),
        ("A,2026-02-30,1,1,1", "bad_value"),
        ("A,,1,1,1", "bad_value"),
        (",2026-09-30,1,1,1", "bad_value"),
        ("A,2062-09-30,1,1,1", "date_out_of_range"),
        ("A,1999-12-31,1,1,1", "date_out_of_range"),
        ("A,2026-10-03,1,1,1", "date_out_of_range"),
        ("A,2026-09-30,17,001,1,1", "too_many_cells"),
        ("B,2026-09-29,9,9,9", "duplicate"),
    ] {
        let content = format!("campaign,date,impressions,clicks,cost\nB,2026-09-29,1,1,1\n{line}\n");
        let error = refused(&content, &known());
        assert_eq!((error.code(), error.line()), (code, Some(3)), "{line}: {error}");
        assert_eq!(error.column().is_some(), !matches!(code, "too_many_cells" | "duplicate"), "{line}");
    }
}
