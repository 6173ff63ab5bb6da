//! Rows that are no figures.

use moa_connectors::report_files::{DropReason, Note};
use moa_domain::Millionths;

use super::{good, known, sums, totals, unknown};

fn dropped(content: &str) -> Vec<(u64, DropReason)> {
    good(content, &known()).dropped.iter().map(|d| (d.line, d.reason)).collect()
}

const HEADER: &str = "날짜,캠페인,노출수,클릭수,비용\n";

#[test]
fn totals_go_wherever_they_stand() {
    for total in [
        "합계,,300,30,3000",
        "총합계,-,300,30,3000",
        "\"전체: 계정\",,300,30,3000",
        ",Grand Total,300,30,3000",
        "Total: Account,,300,30,3000",
    ] {
        let a = "2026-09-30,A,100,10,1000";
        let b = "2026-09-30,B,200,20,2000";
        for (order, line) in [([total, a, b], 2), ([a, total, b], 3), ([a, b, total], 4)] {
            let content = format!("{HEADER}{}\n", order.join("\n"));
            let file = good(&content, &known());
            assert_eq!(totals(&file), sums(300, 30, "3000", "0", "0"), "{content}");
            assert_eq!(file.dropped.iter().map(|d| (d.line, d.reason)).collect::<Vec<_>>(), vec![(line, DropReason::Total)], "{content}");
            assert!(file.notes.iter().any(|n| n.code() == "checksum_equal"), "{content}");
        }
    }
}

#[test]
fn the_total_is_a_checksum() {
    let file = good(&format!("{HEADER}2026-09-30,A,100,10,1000\n합계,,100,10,1500\n"), &known());
    let expected = Note::Checksum {
        line: 3,
        field: moa_connectors::report_files::Field::Cost,
        stated: Millionths::from_whole(1500),
        summed: Millionths::from_whole(1000),
    };
    assert!(file.notes.contains(&expected), "{:?}", file.notes);
}

#[test]
fn day_totals_and_campaign_totals_go_too() {
    let file = good(
        &format!(
            "{HEADER}2026-09-29,A,100,10,1000\n2026-09-29,B,200,20,2000\n2026-09-29,소계,300,30,3000\n2026-09-30,A,1,1,1\n2026-09-30,소계,1,1,1\n합계,,301,31,3001\n"
        ),
        &known(),
    );
    assert_eq!(totals(&file), sums(301, 31, "3001", "0", "0"));
    assert_eq!(file.dropped.len(), 3);
}

#[test]
fn a_campaign_that_is_called_total_stays() {
    let file = good(
        "날짜,캠페인 ID,캠페인,노출수,클릭수,비용\n2026-09-30,11,전체 캠페인,100,10,1000\n2026-09-30,12,전체,500,50,5000\n2026-09-30,13,B,200,20,2000\n합계,,,800,80,8000\n",
        &known(),
    );
    assert_eq!(totals(&file), sums(800, 80, "8000", "0", "0"));
    assert_eq!(file.dropped.len(), 1);
    assert_eq!(file.rows.iter().map(|r| r.line).collect::<Vec<_>>(), vec![2, 3, 4]);
    let without_id = good(&format!("{HEADER}2026-09-30,전체 캠페인,100,10,1000\n2026-09-30,전체-리타겟팅,7,1,10\n"), &known());
    assert_eq!(without_id.rows.len(), 2);
}

#[test]
fn blanks_repeated_headers_and_footnotes_go() {
    let content = format!(
        "{HEADER}2026-09-29,A,1,1,1\n\n,,,,\n{HEADER}2026-09-30,A,2,2,2\n2026-09-30,B,-,--,\n* 부가세 별도\n※ 참고,,,,\n2026-09-30,*특가,3,3,3\n"
    );
    assert_eq!(
        dropped(&content),
        vec![
            (3, DropReason::Blank),
            (4, DropReason::Blank),
            (5, DropReason::RepeatedHeader),
            (7, DropReason::Blank),
            (8, DropReason::Footnote),
            (9, DropReason::Footnote),
        ]
    );
    assert_eq!(totals(&good(&content, &known())), sums(6, 6, "6", "0", "0"));
}

#[test]
fn meta_puts_a_nameless_summary_first() {
    let file = good(
        "보고 시작,보고 종료,일,캠페인 이름,노출,지출 금액 (KRW)\n2026-09-29,2026-09-30,,,300,3000\n2026-09-29,2026-09-30,2026-09-29,A,100,1000\n2026-09-29,2026-09-30,2026-09-30,A,200,2000\n",
        &unknown(),
    );
    assert_eq!(totals(&file), sums(300, 0, "3000", "0", "0"));
    assert_eq!(file.dropped.iter().map(|d| (d.line, d.reason)).collect::<Vec<_>>(), vec![(2, DropReason::Summary)]);
    assert!(file.notes.iter().any(|n| n.code() == "checksum_equal"));
}

#[test]
fn zero_is_not_blank() {
    let file = good(&format!("{HEADER}2026-09-30,A,0,0,0\n"), &known());
    assert_eq!((file.rows.len(), file.dropped.len()), (1, 0));
}

#[test]
fn a_label_behind_an_empty_column_is_a_total_too() {
    let file = good(",날짜,캠페인,노출수,비용\n,2026-09-29,A,1,10\n,2026-09-30,A,2,20\n,합계,,3,30\n", &known());
    assert_eq!(totals(&file), sums(3, 0, "30", "0", "0"));
    assert_eq!(file.dropped.len(), 1);
}

#[test]
fn a_footnote_behind_an_empty_column_is_a_footnote_too() {
    let content = ",날짜,캠페인,노출수,비용\n,2026-09-29,A,1,10\n,※ VAT 별도 금액입니다,,,\n";
    assert_eq!(dropped(content), vec![(3, DropReason::Footnote)]);
}

#[test]
fn tiktok_counts_its_results_in_the_total_row() {
    let mut options = unknown();
    options.vat = Some(moa_domain::VatBasis::Excluded);
    let header = "Campaign name,By day,Cost,Impressions,Clicks (destination),CTR (destination),Currency\n";
    let rows = "Spark,2026-09-29,1.5,100,3,3%,USD\nSpark,2026-09-30,2.5,200,4,2%,USD\nTotal of 2 results,-,4.0,300,7,2.33%,-\n";
    let file = good(&format!("{header}{rows}"), &options);
    assert_eq!(totals(&file), sums(300, 7, "4", "0", "0"));
    assert_eq!(file.dropped.iter().map(|row| (row.line, row.reason)).collect::<Vec<_>>(), vec![(4, DropReason::Total)]);
}

#[test]
fn a_campaign_of_one_day_files_keeps_its_odd_name() {
    let file = good(
        "보고 시작,보고 종료,캠페인 이름,노출,지출 금액 (KRW)\n2026-09-30,2026-09-30,전체-리타겟팅,1,10\n2026-09-30,2026-09-30,NA,2,20\n",
        &unknown(),
    );
    assert_eq!(file.rows.iter().filter_map(|r| r.campaign.name.as_deref()).collect::<Vec<_>>(), vec!["전체-리타겟팅", "NA"]);
}
