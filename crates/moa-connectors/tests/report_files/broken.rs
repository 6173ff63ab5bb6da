//! Files that must be refused with one clear sentence.

use moa_connectors::report_files::{Cut, FileError, read_report, read_report_bytes};

use super::{fixture, known, refused, unknown};

#[test]
fn each_kind_of_damage_has_its_sentence() {
    let noise: Vec<u8> = (0..50_000u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap_or(0)).collect();
    for (bytes, code) in [
        (b"".to_vec(), "empty"),
        (b"\xEF\xBB\xBF".to_vec(), "empty"),
        (b"\n\n  \n".to_vec(), "empty"),
        (noise, "binary"),
        (b"\x89PNG\r\n\x1a\n0000".to_vec(), "binary"),
        (b"%PDF-1.7 ...".to_vec(), "binary"),
        (b"PK\x03\x04garbage".to_vec(), "broken_workbook"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1garbage".to_vec(), "broken_workbook"),
        (b"hello".to_vec(), "not_a_report"),
        ((0..60).map(|n| format!("col{n}")).collect::<Vec<_>>().join(",").into_bytes(), "not_a_report"),
        ("날짜,캠페인,노출수,비용\n".as_bytes().to_vec(), "no_rows"),
        ("날짜,캠페인,노출수,비용\n합계,,1,1\n".as_bytes().to_vec(), "no_rows"),
    ] {
        let error = read_report_bytes("x.csv", &bytes, &known()).expect_err("it is broken");
        assert_eq!(error.code(), code, "{error}");
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn sixty_columns_of_garbage() {
    let row = |n: usize| (0..60).map(|c| format!("{}", (n * 7919 + c * 104_729) % 1000)).collect::<Vec<_>>().join(",");
    let content = (0..50).map(row).collect::<Vec<_>>().join("\n");
    let error = refused(&content, &known());
    assert!(matches!(&error, FileError::NotAReport { first_cells } if first_cells.len() == 8), "{error}");
}

#[test]
fn what_was_cut_off_is_said_with_its_line() {
    let header = "날짜,캠페인,노출수,비용\n2026-09-29,A,10,100\n";
    let open = refused(&format!("{header}2026-09-30,\"A,10,100\n"), &known());
    assert!(matches!(open, FileError::Truncated { line: 3, why: Cut::OpenQuote }), "{open}");
    let short = refused(&format!("{header}2026-09-30,A,1"), &known());
    assert!(matches!(short, FileError::Truncated { line: 3, why: Cut::MissingCells }), "{short}");
    let mut letter = format!("{header}2026-09-30,가").into_bytes();
    letter.pop();
    let half = read_report_bytes("x.csv", &letter, &known()).expect_err("it is cut");
    assert!(matches!(half, FileError::Truncated { line: 3, why: Cut::HalfCharacter }), "{half}");
    let mut odd = std::fs::read(fixture("google_ads_utf16.csv")).expect("a fixture");
    odd.pop();
    let odd = read_report_bytes("x.csv", &odd, &unknown()).expect_err("it is cut");
    assert!(matches!(odd, FileError::Truncated { line: 5, why: Cut::HalfCharacter }), "{odd}");
}

#[test]
fn absurd_sums_do_not_overflow() {
    let rows: String = (0..3).map(|n| format!("2026-09-30,A{n},1,9000000000000\n")).collect();
    let error = refused(&format!("날짜,캠페인,노출수,비용\n{rows}"), &known());
    assert_eq!((error.code(), error.line()), ("bad_value", Some(3)));
}

#[test]
fn a_missing_file_or_a_folder() {
    assert_eq!(read_report(&fixture("no_such.csv"), &known()).expect_err("missing").code(), "io");
    let folder = read_report(&fixture(""), &known()).expect_err("a folder");
    assert!(matches!(folder.code(), "binary" | "io"), "{folder}");
}

#[test]
fn every_error_tells_its_values() {
    let error = refused("campaign,date,cost\nA,2026-09-30,abc\n", &known());
    let values = error.values();
    assert_eq!(values.get("line").map(String::as_str), Some("2"));
    assert_eq!(values.get("column").map(String::as_str), Some("cost"));
    assert_eq!(values.get("why").map(String::as_str), Some("not_a_number"));
    assert!(error.to_string().contains("line 2") && error.to_string().contains("cost"), "{error}");
}

#[test]
fn a_sparse_file_of_two_gigabytes_is_refused_by_its_size() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.as_file().set_len(2 << 30).expect("a sparse file");
    let error = read_report(file.path(), &known()).expect_err("too large");
    assert_eq!(error.code(), "too_large");
}
