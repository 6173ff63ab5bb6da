//! Files that must be refused with one clear sentence.

use std::io::ErrorKind;

use moa_connectors::report_files::{Bad, Cut, FileError, Foreign, Partial, Span, read_report, read_report_bytes};

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
    // The cell that makes the sum too large is named, not the campaign.
    assert!(
        matches!(&error, FileError::BadValue { line: 3, column, value, why: Bad::SumTooLarge } if column == "비용" && value == "9000000000000"),
        "{error}"
    );
}

#[test]
fn sums_that_are_compared_with_no_total_do_not_overflow_either() {
    for column in ["conversions_all", "revenue_all"] {
        let rows: String = (0..3).map(|n| format!("A{n},2026-09-30,1,9000000000000\n")).collect();
        let error = refused(&format!("campaign,date,cost,{column}\n{rows}"), &known());
        assert!(matches!(&error, FileError::BadValue { line: 3, why: Bad::SumTooLarge, .. }), "{column}: {error}");
    }
}

#[test]
fn a_line_without_end_and_a_line_of_a_hundred_thousand_cells() {
    let endless = refused(&format!("campaign,date,cost\n{}", "x".repeat(5 << 20)), &known());
    assert!(matches!(endless, FileError::Truncated { line: 2, why: Cut::LongLine }), "{endless}");
    let quoted = refused(&format!("campaign,date,cost\n\"x\n{}", "x".repeat(5 << 20)), &known());
    assert!(matches!(quoted, FileError::Truncated { line: 2, why: Cut::OpenQuote }), "{quoted}");
    let wide = refused(&format!("campaign,date,cost{}\nA,2026-09-30,1\n", ",".repeat(100_000)), &known());
    assert!(matches!(wide, FileError::TooManyColumns { line: 1, limit: 16_384 }), "{wide}");
}

#[test]
fn nul_in_a_name_is_said_with_its_place() {
    let near = refused("campaign,date,ad_group,cost\nA,2026-09-30,G,1\nB\0b,2026-09-30,G,1\n", &known());
    assert_eq!((near.code(), near.line(), near.column()), ("bad_value", Some(3), Some("campaign")), "{near}");
    let figure = refused("campaign,date,cost\nA,2026-09-28,1\nA,2026-09-29,1\nA,2026-09-30,1\0\n", &known());
    assert_eq!((figure.code(), figure.line(), figure.column()), ("bad_value", Some(4), Some("cost")), "{figure}");
    // Far behind the beginning, where the bytes of a file are looked at first.
    let many: String = (0..9000).map(|n| format!("C{n},2026-09-30,G,1\n")).collect();
    let error = refused(&format!("campaign,date,ad_group,cost\n{many}A,2026-09-30,G\0x,1\n"), &known());
    assert!(
        matches!(&error, FileError::BadValue { line: 9002, column, value, why: Bad::NotText } if column == "ad_group" && value == "Gx"),
        "{error}"
    );
}

#[test]
fn a_missing_file_or_a_folder() {
    let missing = read_report(&fixture("no_such.csv"), &known()).expect_err("missing");
    assert_eq!((missing.code(), missing.values().get("why").map(String::as_str)), ("io", Some("io_not_found")));
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

/// Both doors word a reason by its code, in the person's language.
#[test]
fn every_reason_has_words_in_both_languages() {
    let kinds = [
        Foreign::Pdf,
        Foreign::Picture,
        Foreign::Archive,
        Foreign::Program,
        Foreign::Database,
        Foreign::Document,
        Foreign::Folder,
        Foreign::Bytes,
    ];
    let partial = [Partial::SearchTerms, Partial::NoCampaigns, Partial::Products, Partial::Extensions];
    let range = None;
    let errors = (kinds.into_iter().map(|what| FileError::Binary { what }))
        .chain(partial.into_iter().map(|why| FileError::PartialReport { kind: "X", why }))
        .chain([Span::Week, Span::Month, Span::Period].into_iter().map(|span| FileError::AggregateOnly { range, span, line: None }))
        .chain([Cut::OpenQuote, Cut::MissingCells, Cut::HalfCharacter, Cut::LongLine].map(|why| FileError::Truncated { line: 1, why }))
        .chain(
            [
                Bad::NotANumber,
                Bad::NotWhole,
                Bad::TooLarge,
                Bad::SumTooLarge,
                Bad::Percent,
                Bad::LostDigits,
                Bad::NotADate,
                Bad::NoYear,
                Bad::NoDate,
                Bad::NotAnHour,
                Bad::NoCampaign,
                Bad::NotACurrency,
                Bad::NotAVatBasis,
                Bad::NotText,
            ]
            .map(|why| FileError::BadValue { line: 1, column: "x".to_owned(), value: "x".to_owned(), why }),
        )
        .chain(
            [ErrorKind::NotFound, ErrorKind::PermissionDenied, ErrorKind::ResourceBusy, ErrorKind::Other]
                .map(|kind| FileError::from(std::io::Error::from(kind))),
        );
    for error in errors {
        let why = error.values().get("why").cloned().unwrap_or_default();
        for words in [include_str!("../../../../locales/ko/errors.json"), include_str!("../../../../locales/en/errors.json")] {
            assert!(words.contains(&format!("\"{why}\": ")), "{}: {why:?}", error.code());
            assert!(words.contains(&format!("\"file_{}\": ", error.code())), "{}", error.code());
        }
    }
}

#[test]
fn a_sparse_file_of_two_gigabytes_is_refused_by_its_size() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.as_file().set_len(2 << 30).expect("a sparse file");
    let error = read_report(file.path(), &known()).expect_err("too large");
    assert_eq!(error.code(), "too_large");
}
