//! The written file, read by other programs: its text, its boxes, its fonts, its properties; and the same bytes wherever it is made.

mod support;

use std::path::{Path, PathBuf};

use moa_reports::{Fonts, PAGE_HEIGHT, PAGE_WIDTH, ReportDocument, pdf};
use moa_text::{Lang, Measure};
use support::{Recipe, tools};

fn needed_fonts() -> Fonts {
    support::fonts().expect("the package pretendard: run npm install")
}

fn rendered(document: &ReportDocument) -> Vec<u8> {
    pdf::render(document, &needed_fonts()).expect("a PDF")
}

fn written(folder: &Path, document: &ReportDocument) -> PathBuf {
    let path = folder.join("report.pdf");
    std::fs::write(&path, rendered(document)).expect("written");
    path
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// What copying the whole file gives, in the order it was drawn.
fn text_of(path: &Path) -> Option<String> {
    tools::run("pdftotext", &["-raw", "-enc", "UTF-8", &path.display().to_string(), "-"])
}

#[test]
fn copying_gives_every_name_and_every_figure() {
    for (lang, campaigns) in [(Lang::Ko, 1), (Lang::En, 40), (Lang::Ko, 400)] {
        let document = support::document(&Recipe { dollars: true, ..Recipe::month(lang, campaigns) });
        let folder = folder();
        let Some(text) = text_of(&written(folder.path(), &document)) else { return };
        for section in &document.sections {
            for measure in Measure::ALL {
                let value = measure.show(lang, section.totals.get(measure), section.currency);
                assert!(text.contains(&value), "{measure:?} {value} is missing");
            }
            for campaign in &section.campaigns {
                assert!(text.lines().any(|line| line.contains(&campaign.name)), "{:?} is missing", campaign.name);
                for measure in [Measure::Cost, Measure::Clicks, Measure::Revenue] {
                    let value = measure.show(lang, campaign.figures.get(measure), section.currency);
                    assert!(text.contains(&value), "{:?}: {value} is missing", campaign.name);
                }
            }
        }
    }
}

#[test]
fn copying_gives_names_of_eighty_characters_as_they_are() {
    let names = support::hostile_names();
    let document = support::document(&Recipe { names: names.clone(), items: false, ..Recipe::month(Lang::Ko, names.len()) });
    let folder = folder();
    let Some(text) = text_of(&written(folder.path(), &document)) else { return };
    let squeezed = text.replace(['\n', ' ', '\u{c}'], "");
    for name in &names {
        // Loose Jamo come back composed; what cannot be seen is left out.
        let shown: String = unicode_normalization::UnicodeNormalization::nfc(name.chars())
            .filter(|c| !c.is_whitespace() && !matches!(c, '\u{202e}' | '\u{200d}'))
            .collect();
        assert!(squeezed.contains(&shown), "{shown:?} is missing");
    }
}

#[test]
fn no_word_leaves_the_page() {
    for lang in Lang::ALL {
        let document = support::document(&Recipe { names: support::hostile_names(), dollars: true, ..Recipe::month(lang, 60) });
        let folder = folder();
        let path = written(folder.path(), &document);
        let Some(boxes) = tools::run("pdftotext", &["-bbox", &path.display().to_string(), "-"]) else { return };
        let mut words = 0;
        for line in boxes.lines().filter(|line| line.contains("<word ")) {
            let edge = |name: &str| -> f32 {
                let value = line.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("an edge");
                value.parse().expect("a number")
            };
            assert!(edge("xMin") >= 0.0 && edge("xMax") <= PAGE_WIDTH && edge("yMin") >= 0.0 && edge("yMax") <= PAGE_HEIGHT, "{line}");
            words += 1;
        }
        assert!(words > 500, "{words} words");
    }
}

#[test]
fn the_file_is_well_formed() {
    for document in [
        support::document(&Recipe { logos: true, restated: true, dollars: true, ..Recipe::month(Lang::Ko, 40) }),
        support::document(&Recipe::month(Lang::En, 0)),
        support::document(&Recipe { names: support::hostile_names(), ..Recipe::month(Lang::Ko, 20) }),
    ] {
        let folder = folder();
        let path = written(folder.path(), &document);
        let Some(said) = tools::run("qpdf", &["--check", &path.display().to_string()]) else { return };
        assert!(said.contains("No syntax or stream encoding errors found"), "{said}");
    }
}

fn parsed(bytes: &[u8]) -> lopdf::Document {
    lopdf::Document::load_mem(bytes).expect("a PDF")
}

#[test]
fn only_used_glyphs_of_named_fonts_are_embedded() {
    let file = parsed(&rendered(&support::document(&Recipe::month(Lang::Ko, 40))));
    let mut names = Vec::new();
    let mut programs = 0;
    for object in file.objects.values() {
        let Ok(dictionary) = object.as_dict() else { continue };
        if dictionary.get(b"Type").and_then(lopdf::Object::as_name).is_ok_and(|kind| kind == b"Font") {
            names.push(String::from_utf8_lossy(dictionary.get(b"BaseFont").and_then(lopdf::Object::as_name).expect("a name")).into_owned());
        }
        if let Ok(program) = dictionary.get(b"FontFile2").and_then(lopdf::Object::as_reference) {
            let stream = file.get_object(program).and_then(lopdf::Object::as_stream).expect("the font program");
            assert!(stream.content.len() < 60_000, "a font program of {} bytes", stream.content.len());
            programs += 1;
        }
    }
    names.sort();
    names.dedup();
    assert_eq!(names, ["MOAMOA+Pretendard-Bold", "MOAMOA+Pretendard-Regular", "MOAMOA+Pretendard-SemiBold"]);
    assert_eq!(programs, 3);
}

#[test]
fn properties_name_the_report() {
    let file = parsed(&rendered(&support::document(&Recipe::month(Lang::Ko, 1))));
    let info = file.trailer.get(b"Info").and_then(lopdf::Object::as_reference).and_then(|id| file.get_dictionary(id)).expect("properties");
    let text = |key: &[u8]| lopdf::decode_text_string(info.get(key).expect("a property")).expect("text");
    assert_eq!(text(b"Title"), "모아스토어 월간 광고 성과 리포트");
    assert_eq!(text(b"Author"), "모아 미디어랩");
    assert_eq!(text(b"Subject"), "모아스토어 2026. 11. 1. – 11. 30.");
    assert_eq!(text(b"Producer"), "Moa");
    assert_eq!(text(b"CreationDate"), "D:20261201090500+09'00'");
    let catalog = file.catalog().expect("a catalog");
    assert_eq!(lopdf::decode_text_string(catalog.get(b"Lang").expect("a language")).expect("text"), "ko");
    assert!(catalog.has(b"Outlines"));
}

#[test]
fn ten_pages_are_small() {
    let bytes = rendered(&support::document(&Recipe { logos: true, ..Recipe::month(Lang::Ko, 180) }));
    let pages = parsed(&bytes).get_pages().len();
    assert!(pages >= 10, "{pages} pages");
    assert!(bytes.len() <= 150_000 * pages / 10, "{} bytes for {pages} pages", bytes.len());
}

/// Where a child process of this test puts its bytes.
const BYTES_TO: &str = "MOA_TEST_REPORT_BYTES_TO";

#[test]
fn another_process_zone_and_locale_give_the_same_bytes() {
    let document = support::document(&Recipe { logos: true, dollars: true, ..Recipe::month(Lang::Ko, 40) });
    let made = [rendered(&document), moa_reports::xlsx::write(&document).expect("a workbook")];
    if let Some(folder) = std::env::var_os(BYTES_TO) {
        for (name, bytes) in ["pdf", "xlsx"].iter().zip(&made) {
            std::fs::write(Path::new(&folder).join(name), bytes).expect("written");
        }
        return;
    }
    for (zone, locale) in [("America/St_Johns", "tr_TR.UTF-8"), ("Asia/Seoul", "C"), ("Pacific/Apia", "ko_KR.UTF-8")] {
        let folder = folder();
        let status = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["another_process_zone_and_locale_give_the_same_bytes", "--exact"])
            .env(BYTES_TO, folder.path())
            .env("TZ", zone)
            .env("LANG", locale)
            .env("LC_ALL", locale)
            .output()
            .expect("a process")
            .status;
        assert!(status.success());
        for (name, bytes) in ["pdf", "xlsx"].iter().zip(&made) {
            let theirs = std::fs::read(folder.path().join(name)).expect("their bytes");
            assert!(theirs == *bytes, "{name}: other bytes with {zone} and {locale}");
        }
    }
}

#[test]
fn a_stored_document_gives_the_same_bytes() {
    let document = support::document(&Recipe { logos: true, restated: true, ..Recipe::month(Lang::En, 3) });
    let stored = serde_json::to_string(&document).expect("stored");
    let read: ReportDocument = serde_json::from_str(&stored).expect("read back");
    assert_eq!(read, document);
    assert!(rendered(&read) == rendered(&document));
}
