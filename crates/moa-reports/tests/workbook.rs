//! The workbook, read back from its own XML and calculated anew by another program.

mod support;

use std::collections::BTreeMap;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use moa_domain::{Basis, Currency};
use moa_reports::{Figures, ReportDocument, xlsx};
use moa_text::{Lang, Measure, text};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use support::cells::{self, Cell, Sheet};
use support::{Recipe, tools};

fn sheets_of(document: &ReportDocument) -> Vec<Sheet> {
    cells::read(&xlsx::write(document).expect("a workbook"))
}

fn sheet<'s>(sheets: &'s [Sheet], lang: Lang, key: &str) -> &'s Sheet {
    let name = text(lang, &format!("report.sheet.{key}"), &[]);
    sheets.iter().find(|sheet| sheet.name == name).unwrap_or_else(|| panic!("no sheet {name}"))
}

fn by_place(sheet: &Sheet) -> BTreeMap<&str, &Cell> {
    sheet.cells.iter().map(|cell| (cell.at.as_str(), cell)).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn samples() -> Vec<ReportDocument> {
    let weird = Recipe { names: support::hostile_names(), dollars: true, ..Recipe::month(Lang::Ko, 14) };
    vec![
        support::document(&Recipe { restated: true, ..Recipe::month(Lang::Ko, 40) }),
        support::document(&Recipe { basis: Basis::Gross, ..weird }),
        support::document(&Recipe { unknown: true, adjusted: true, ..Recipe::month(Lang::Ko, 12).days(5) }),
        support::document(&Recipe { compared: false, ..Recipe::month(Lang::En, 1).days(1) }),
        support::document(&Recipe::month(Lang::En, 0)),
    ]
}

#[test]
fn another_program_calculates_the_stored_values() {
    for document in samples() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.xlsx");
        let bytes = xlsx::write(&document).expect("a workbook");
        std::fs::write(&path, cells::spoiled(&bytes)).expect("written");
        let Some(recalculated) = tools::recalculated(&path, folder.path()) else { return };
        let mut theirs: Xlsx<_> = open_workbook(&recalculated).expect("their workbook");
        let mut formulas = 0;
        for sheet in cells::read(&bytes) {
            let range = theirs.worksheet_range(&sheet.name).expect("the same sheets");
            for cell in sheet.cells.iter().filter(|cell| cell.formula.is_some()) {
                let (row, column) = place(&cell.at);
                let value = range.get_value((row, column)).unwrap_or(&Data::Empty);
                match value {
                    Data::Float(theirs) => {
                        let ours: f64 = cell.value.parse().unwrap_or_else(|_| panic!("{}!{}: {cell:?} but {theirs}", sheet.name, cell.at));
                        assert!(close(ours, *theirs), "{}!{}: ours {ours}, theirs {theirs}, {:?}", sheet.name, cell.at, cell.formula);
                    }
                    Data::String(text) => assert_eq!(*text, cell.value, "{}!{}", sheet.name, cell.at),
                    Data::Empty => assert_eq!(cell.value, "", "{}!{}: {:?}", sheet.name, cell.at, cell.formula),
                    other => panic!("{}!{}: {other:?} from {:?}", sheet.name, cell.at, cell.formula),
                }
                formulas += 1;
            }
        }
        assert!(formulas > 0 || document.rows.is_empty());
    }
}

/// Row and column of `B12`, from 0.
fn place(at: &str) -> (u32, u32) {
    let letters: String = at.chars().take_while(char::is_ascii_alphabetic).collect();
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1) - 1;
    (at[letters.len()..].parse::<u32>().expect("a row") - 1, column)
}

#[test]
fn the_summary_shows_the_figures_of_the_document() {
    for document in samples() {
        let sheets = sheets_of(&document);
        let summary = by_place(sheet(&sheets, document.lang, "summary"));
        for section in &document.sections {
            let heading = text(
                document.lang,
                "report.section.with_currency",
                &[("section", &text(document.lang, "report.section.summary", &[])), ("currency", section.currency.code())],
            );
            let start = summary.values().find(|cell| cell.value == heading).map(|cell| place(&cell.at).0).expect("the section");
            for (index, measure) in (0..).zip(Measure::ALL) {
                let row = start + 3 + index;
                assert_eq!(summary[format!("A{row}").as_str()].value, measure.name(document.lang));
                let cell = summary[format!("B{row}").as_str()];
                assert!(cell.formula.is_some(), "{measure:?} is no formula");
                assert_figure(cell, measure, &section.totals);
                if let Some(previous) = &section.previous {
                    let before = summary[format!("C{row}").as_str()];
                    assert!(before.formula.is_some());
                    assert_figure(before, measure, previous);
                }
            }
        }
    }
}

/// A cell holds a figure to the six places of every answer; percentages as fractions, as Excel has them.
fn assert_figure(cell: &Cell, measure: Measure, figures: &Figures) {
    let Some(expected) = figures.get(measure) else {
        assert_eq!(cell.value, "", "{measure:?}");
        return;
    };
    let shown: Decimal = cell.value.parse().unwrap_or_else(|_| panic!("{measure:?}: {cell:?}"));
    let shown = match measure {
        Measure::Ctr | Measure::ConversionRate | Measure::Roi => shown * Decimal::ONE_HUNDRED,
        _ => shown,
    };
    let difference = (shown - expected).abs();
    assert!(difference <= Decimal::new(1, 6), "{measure:?}: {} in the workbook, {expected} in the document", cell.value);
}

#[test]
fn campaigns_and_channels_add_up_to_the_summary() {
    let document = support::document(&Recipe { dollars: true, ..Recipe::month(Lang::Ko, 40) });
    let sheets = sheets_of(&document);
    for (key, first, cost) in [("campaigns", "G", "H"), ("channels", "D", "E"), ("daily", "C", "D")] {
        let cells = by_place(sheet(&sheets, Lang::Ko, key));
        for section in &document.sections {
            let sum: f64 = cells
                .values()
                .filter(|cell| cell.at.starts_with(first) && cell.value == section.currency.code())
                .filter_map(|cell| cells[cell.at.replacen(first, cost, 1).as_str()].value.parse::<f64>().ok())
                .sum();
            let total = section.totals.cost.to_f64().expect("a number");
            assert!((sum - total).abs() < 0.01, "{key}: {sum}, but {total}");
        }
    }
}

#[test]
fn sheets_are_set_up_for_work() {
    for document in samples() {
        let sheets = sheets_of(&document);
        let lang = document.lang;
        for key in ["summary", "channels", "campaigns", "daily", "raw"] {
            let sheet = sheet(&sheets, lang, key);
            assert_eq!(sheet.merged, 0, "{key}");
            if key != "summary" {
                assert!(sheet.frozen.is_some() && sheet.filter.is_some(), "{key}: {:?} {:?}", sheet.frozen, sheet.filter);
            }
        }
        assert!(sheets.iter().all(|sheet| sheet.name.chars().count() <= 31 && !sheet.name.contains(['[', ']', ':', '*', '?', '/', '\\'])));
        let charts = sheet(&sheets, lang, "summary").charts;
        let most = document.sections.len() * 2;
        assert!(charts <= most && (document.rows.len() < 100 || charts == most), "{charts} charts");
    }
}

#[test]
fn people_never_write_formulas() {
    let names = support::hostile_names();
    let client = "=HYPERLINK(\"http://example.invalid\",\"x\")".to_owned();
    let comment = Some("+1-1\n=1+1\n@SUM(A1)".to_owned());
    let recipe = Recipe { names, client, comment, held: vec!["=2+2".to_owned()], ..Recipe::month(Lang::Ko, 14) };
    let document = support::document(&recipe);
    let sheets = sheets_of(&document);
    for sheet in &sheets {
        for cell in sheet.cells.iter().filter(|cell| cell.formula.is_some()) {
            let formula = cell.formula.as_deref().unwrap_or_default();
            let stripped = formula.replace("SUMIFS", "").replace("COUNTIFS", "").replace("ABS", "").replace("IF", "").replace("OR", "");
            assert!(
                !stripped.contains("HYPERLINK") && !stripped.contains("cmd") && !stripped.contains("SUM("),
                "{}!{}",
                sheet.name,
                cell.at
            );
        }
    }
    let campaigns = sheet(&sheets, Lang::Ko, "campaigns");
    for name in ["=cmd|' /C calc'!A0", "@SUM(A1:A9) +1 -2", "<script>alert('광고')</script>", "한글 캠페인", "줄 바꿈 탭 뒤집기"]
    {
        let cell = campaigns.cells.iter().find(|cell| cell.value == name).unwrap_or_else(|| panic!("{name} is missing"));
        assert!(cell.is_text && cell.formula.is_none());
    }
}

#[test]
fn names_are_complete_however_long() {
    let name = "가나다라마바사아자차 카타파하_".repeat(300);
    let document = support::document(&Recipe { names: vec![name.clone()], ..Recipe::month(Lang::Ko, 1) });
    let sheets = sheets_of(&document);
    for key in ["campaigns", "raw"] {
        assert!(sheet(&sheets, Lang::Ko, key).cells.iter().any(|cell| cell.value == name), "{key}");
    }
}

#[test]
fn figures_have_the_formats_of_their_kind() {
    let document = support::document(&Recipe { dollars: true, ..Recipe::month(Lang::Ko, 3) });
    let sheets = sheets_of(&document);
    let cells = by_place(sheet(&sheets, Lang::Ko, "campaigns"));
    let won = cells.values().find(|cell| cell.at.starts_with('G') && cell.value == Currency::KRW.code()).expect("a row in won");
    let dollars = cells.values().find(|cell| cell.at.starts_with('G') && cell.value == Currency::USD.code()).expect("a row in dollars");
    let format = |row: &Cell, column: &str| cells[row.at.replacen('G', column, 1).as_str()].format.as_str();
    assert_eq!(format(won, "H"), "[$₩-412]#,##0;-[$₩-412]#,##0");
    assert_eq!(format(dollars, "H"), "[$$-409]#,##0.00;-[$$-409]#,##0.00");
    assert_eq!(format(won, "I"), "#,##0");
    assert_eq!(format(won, "K"), "0.00%");
}
