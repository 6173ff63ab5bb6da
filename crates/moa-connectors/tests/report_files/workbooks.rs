//! XLSX and XLS.

use chrono::NaiveDate;
use moa_connectors::report_files::{Field, FileError, Layout, read_report, read_report_bytes};
use moa_domain::Platform;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{day, fixture, known, sums, totals, unknown};

enum Value<'a> {
    Text(&'a str),
    Number(f64),
    Day(NaiveDate),
    Nothing,
}
use Value::{Day, Nothing, Number, Text};

fn fill(workbook: &mut Workbook, name: &str, rows: &[Vec<Value<'_>>]) {
    let dates = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).expect("a name");
    for (r, row) in (0u32..).zip(rows) {
        for (c, value) in (0u16..).zip(row) {
            match value {
                Text(text) => sheet.write_string(r, c, *text).map(|_| ()),
                Number(number) => sheet.write_number(r, c, *number).map(|_| ()),
                Day(date) => {
                    let date = ExcelDateTime::parse_from_str(&date.to_string()).expect("a date");
                    sheet.write_datetime_with_format(r, c, &date, &dates).map(|_| ())
                }
                Nothing => Ok(()),
            }
            .expect("a cell");
        }
    }
}

fn book(sheets: &[(&str, Vec<Vec<Value<'_>>>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        fill(&mut workbook, name, rows);
    }
    workbook.save_to_buffer().expect("bytes")
}

fn table() -> Vec<Vec<Value<'static>>> {
    vec![
        vec![Text("9월 보고"), Nothing, Nothing, Nothing],
        vec![],
        vec![Text("날짜"), Text("캠페인"), Text("노출수"), Text("비용")],
        vec![Day(day("2026-09-29")), Text("A"), Number(1000.0), Number(1234.5)],
        vec![Number(46295.0), Text("A"), Number(2000.0), Text("2,000")],
        vec![Text("합계"), Nothing, Number(3000.0), Number(3234.5)],
    ]
}

#[test]
fn dates_are_serials_styles_or_text() {
    let file = read_report_bytes("x.xlsx", &book(&[("보고", table())]), &known()).expect("readable");
    assert_eq!(file.encoding, "XLSX");
    assert_eq!(file.rows.iter().map(|r| (r.line, r.date)).collect::<Vec<_>>(), vec![(4, day("2026-09-29")), (5, day("2026-09-30"))]);
    assert_eq!(totals(&file), sums(3000, 0, "3234.5", "0", "0"));
    assert_eq!(file.dropped.len(), 1);
}

#[test]
fn the_sheet_that_is_a_report_is_found() {
    let notes = || vec![vec![Text("메모")], vec![Text("안녕하세요")]];
    let file = read_report_bytes("x.xlsx", &book(&[("표지", notes()), ("데이터", table())]), &known()).expect("readable");
    assert_eq!((file.sheet.as_deref(), file.sheets.len()), (Some("데이터"), 2));
    let two = book(&[("9월", table()), ("10월", table())]);
    let error = read_report_bytes("x.xlsx", &two, &known()).expect_err("which one");
    assert!(matches!(&error, FileError::UnknownSheet { wanted: None, sheets } if sheets.len() == 2), "{error}");
    let mut options = known();
    for wanted in ["10월", "2", " 10월 "] {
        options.sheet = Some(wanted.to_owned());
        assert_eq!(read_report_bytes("x.xlsx", &two, &options).expect("readable").sheet.as_deref(), Some("10월"));
    }
    options.sheet = Some("11월".to_owned());
    assert_eq!(read_report_bytes("x.xlsx", &two, &options).expect_err("no such sheet").code(), "unknown_sheet");
    let none = book(&[("표지", notes()), ("뒤", notes())]);
    assert_eq!(read_report_bytes("x.xlsx", &none, &known()).expect_err("no table").code(), "unknown_sheet");
}

#[test]
fn meta_workbooks_hold_the_table_twice() {
    let rows = || {
        vec![
            vec![Text("Day"), Text("Campaign name"), Text("Currency"), Text("Impressions"), Text("Link clicks"), Text("Amount spent")],
            vec![Text("2026-09-30"), Text("A"), Text("USD"), Number(10.0), Number(2.0), Number(1.25)],
        ]
    };
    let file =
        read_report_bytes("x.xlsx", &book(&[("Formatted Report", rows()), ("Raw Data Report", rows())]), &unknown()).expect("readable");
    assert_eq!((file.sheet.as_deref(), file.layout), (Some("Raw Data Report"), Layout::MetaAds));
    assert_eq!(totals(&file), sums(10, 2, "1.25", "0", "0"));
}

#[test]
fn an_own_master_sheet_is_mapped_by_letters() {
    let rows = vec![
        vec![Text("한빛침구 집행표")],
        vec![Nothing, Text("집행일"), Text("구좌"), Text("뷰"), Text("쓴 돈")],
        vec![Nothing, Day(day("2026-09-29")), Text("가"), Number(10.0), Number(100.0)],
        vec![Nothing, Day(day("2026-09-30")), Text("가"), Number(20.0), Number(200.0)],
    ];
    let mut options = known();
    options.sheet = Some("집행".to_owned());
    options.mapping = [("date", "B"), ("campaign", "C"), ("impressions", "뷰"), ("cost", "E")]
        .map(|(f, c)| (f.parse::<Field>().expect("a field"), c.to_owned()))
        .to_vec();
    let file = read_report_bytes("x.xlsx", &book(&[("표지", vec![vec![Text("x")]]), ("집행", rows)]), &options).expect("readable");
    assert_eq!(totals(&file), sums(30, 0, "300", "0", "0"));
    assert_eq!(file.columns[4].header, "쓴 돈");
}

#[test]
fn old_workbooks_with_dates_and_an_offset() {
    let mut options = known();
    options.platform = Some(Platform::GoogleAds);
    let file = read_report(&fixture("offset_dates.xls"), &options).expect("readable");
    assert_eq!(file.rows[0].date, day("2026-09-30"));
    assert_eq!(totals(&file).2, "1234.5");
}

#[test]
fn excel_errors_and_long_ids() {
    let error = {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (c, text) in (0u16..).zip(["날짜", "캠페인", "노출수", "비용"]) {
            sheet.write_string(0, c, text).expect("a cell");
        }
        sheet.write_string(1, 0, "2026-09-30").expect("a cell");
        sheet.write_string(1, 1, "A").expect("a cell");
        sheet.write_number(1, 2, 1.0).expect("a cell");
        sheet.write_formula(1, 3, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).expect("a cell");
        read_report_bytes("x.xlsx", &workbook.save_to_buffer().expect("bytes"), &known()).expect_err("an error cell")
    };
    assert_eq!((error.code(), error.line(), error.column()), ("bad_value", Some(2), Some("비용")));
    let rows = vec![
        vec![Text("날짜"), Text("캠페인"), Text("캠페인 ID"), Text("노출수"), Text("비용")],
        vec![Text("2026-09-30"), Text("A"), Number(120_210_000_000_000_123.0), Number(1.0), Number(1.0)],
        vec![Text("2026-09-30"), Text("B"), Number(1_234_567.0), Number(1.0), Number(1.0)],
    ];
    let file = read_report_bytes("x.xlsx", &book(&[("s", rows)]), &known()).expect("readable");
    assert_eq!(file.rows[0].campaign.id, None);
    assert_eq!(file.rows[1].campaign.id.as_deref(), Some("1234567"));
}

#[test]
fn a_cut_workbook_is_refused() {
    let whole = book(&[("보고", table())]);
    for part in [whole.len() / 4, whole.len() / 2, whole.len() - 10] {
        let error = read_report_bytes("x.xlsx", &whole[..part], &known()).expect_err("it is cut");
        assert_eq!(error.code(), "broken_workbook", "{error}");
    }
    let old = std::fs::read(fixture("naver_search_ad.xls")).expect("a fixture");
    let error = read_report_bytes("x.xls", &old[..old.len() / 2], &unknown()).expect_err("it is cut");
    assert_eq!(error.code(), "broken_workbook", "{error}");
}

#[test]
fn an_empty_workbook() {
    assert_eq!(read_report_bytes("x.xlsx", &book(&[("Sheet1", vec![])]), &known()).expect_err("empty").code(), "empty");
}

#[test]
fn a_workbook_that_makes_its_library_panic_is_refused_like_any_other() {
    let error = read_report(&fixture("damaged.xls"), &unknown()).expect_err("it is damaged");
    assert_eq!(error.code(), "broken_workbook", "{error}");
}
