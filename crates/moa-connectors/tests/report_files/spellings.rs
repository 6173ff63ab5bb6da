//! The same table in the spellings people and consoles give it.

use moa_connectors::report_files::Note;

use super::{day, good, known, sums, totals, unknown};

fn one(date: &str) -> moa_connectors::report_files::ReportFile {
    good(&format!("날짜,캠페인,노출수,비용\n\"{date}\",A,10,100\n"), &known())
}

#[test]
fn days_in_every_spelling() {
    for text in [
        "2026.09.30.",
        "2026. 9. 30.",
        "2026-09-30(수)",
        "2026.09.30 (수)",
        "2026년 9월 30일",
        "26.09.30",
        "20260930",
        "Sep 30, 2026",
        "46295",
        "2026-09-30 00:00:00",
    ] {
        assert_eq!(one(text).rows[0].date, day("2026-09-30"), "{text}");
    }
}

#[test]
fn a_day_without_year_takes_it_from_the_title() {
    let file = good(
        "캠페인보고서(2025.12.30.~2026.01.02.),hanbit_ad\n일별,캠페인,노출수,클릭수,총비용\n12. 31.,A,1,1,1\n1. 1.,A,1,1,1\n",
        &unknown(),
    );
    assert_eq!(file.rows.iter().map(|r| r.date).collect::<Vec<_>>(), vec![day("2025-12-31"), day("2026-01-01")]);
    assert_eq!(super::refused("날짜,캠페인,노출수,비용\n9. 30.,A,1,1\n", &known()).code(), "bad_value");
}

#[test]
fn numbers_in_every_spelling() {
    for (text, cost) in [
        ("\"1,234\"", "1234"),
        ("\"1.234,56\"", "1234.56"),
        ("\"1,234.56\"", "1234.56"),
        ("\"(1,234)\"", "-1234"),
        ("−50", "-50"),
        ("₩500", "500"),
        ("500원", "500"),
        ("-", "0"),
    ] {
        let file = good(&format!("날짜,캠페인,노출수,비용\n2026-09-30,A,10,{text}\n"), &known());
        assert_eq!(totals(&file), sums(10, 0, cost, "0", "0"), "{text}");
    }
}

#[test]
fn headers_with_invisible_letters_and_odd_spacing() {
    let file = good("\u{feff}날짜\u{a0},\u{200b}캠페인, 노출 수 ,총비용(VAT포함\u{a0},원)\n2026-09-30,A,10,100\n", &known());
    assert_eq!(totals(&file), sums(10, 0, "100", "0", "0"));
}

#[test]
fn semicolons_and_tabs_separate_as_well() {
    for separator in [";", "\t", ","] {
        let content = ["날짜|캠페인|노출수|비용", "2026-09-30|A|10|100"].join("\n").replace('|', separator) + "\n";
        assert_eq!(totals(&good(&content, &known())), sums(10, 0, "100", "0", "0"), "{separator:?}");
    }
    let german = "Datum;campaign;impressions;cost\n2026-09-30;A;1.000;1.234,50\n".replace("Datum", "date");
    assert_eq!(totals(&good(&german, &known())).2, "1234.5");
}

#[test]
fn a_preamble_may_have_25_lines() {
    let preamble: String = (1..=25).map(|n| format!("메모 {n}\n")).collect();
    let file = good(&format!("{preamble}날짜,캠페인,노출수,비용\n2026-09-30,A,10,100\n"), &known());
    assert_eq!(file.rows[0].line, 27);
}

#[test]
fn mangled_ids_are_matched_by_name() {
    let file =
        good("일,캠페인 이름,캠페인 ID,노출,지출 금액 (KRW)\n2026-09-30,A,1.2E+17,1,1\n2026-09-30,B,120210000000000123,1,1\n", &unknown());
    assert_eq!(file.rows[0].campaign.id, None);
    assert_eq!(file.rows[1].campaign.id.as_deref(), Some("120210000000000123"));
    assert!(file.notes.contains(&Note::IdsLost { cells: 1 }));
}

#[test]
fn amounts_in_thousands_are_scaled_and_said() {
    let file = good("날짜,캠페인,노출수,광고비(천원)\n2026-09-30,A,10,255.5\n", &known());
    assert_eq!(totals(&file).2, "255500");
    assert!(file.notes.contains(&Note::Scaled { column: "광고비(천원)".to_owned(), factor: 1000 }));
}

#[test]
fn names_of_ten_thousand_letters_are_cut_and_their_figures_kept() {
    let long = "가".repeat(10_000);
    let row = |end: &str| format!("2026-09-30,{long}{end},{long}{end},1,1\n");
    let file = good(&format!("날짜,캠페인,광고그룹,노출수,비용\n{}{}", row("A"), row("B")), &known());
    assert_eq!(totals(&file), sums(2, 0, "2", "0", "0"));
    for row in &file.rows {
        let names = [row.campaign.name.as_ref(), row.ad_group.as_ref()];
        assert!(names.into_iter().flatten().all(|name| name.chars().count() == 255) && row.ad_group.is_some());
    }
}

#[test]
fn names_are_data() {
    let file = good("날짜,캠페인,노출수,비용\n2026-09-30,\"<script>alert('1'),=cmd|' /C calc'!A0\",10,100\n", &known());
    assert_eq!(file.rows[0].campaign.name.as_deref(), Some("<script>alert('1'),=cmd|' /C calc'!A0"));
}

#[test]
fn html_that_calls_itself_xls() {
    let page = "<html><head><meta charset='utf-8'></head><body><table><tr><td colspan=4>보고서</td></tr>\
        <tr><th>날짜</th><th>캠페인</th><th>노출수</th><th>비용</th></tr><tr><td>2026.09.30.</td><td>A&amp;B</td><td>1,000</td><td>\\5,000</td></tr></table></body></html>"
        .replace('\\', "₩");
    let file = good(&page, &known());
    assert_eq!(totals(&file), sums(1000, 0, "5000", "0", "0"));
    assert_eq!(file.rows[0].campaign.name.as_deref(), Some("A&B"));
}
