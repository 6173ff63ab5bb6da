//! Pages and workbooks as files a person can review: `golden/<report>/pages.txt`, `page-1.png` …, `workbook.txt`.
//!
//! After a wanted change: `MOA_UPDATE_GOLDEN=1 cargo test -p moa-reports --test golden`, then look at the difference before committing
//! it. What differs is written to `target/golden/` with a page that shows before and after. Pictures are compared only where the
//! renderer that made them is installed (`golden/renderer.txt`): another version smooths edges otherwise.
#![expect(clippy::print_stderr, reason = "a test that looked at nothing must say so")]

mod support;

use std::path::{Path, PathBuf};

use moa_reports::{Shaper, Theme, layout, pdf, xlsx};
use moa_text::Lang;
use support::{Recipe, cells, pages, tools};

const DOTS_PER_INCH: u32 = 40;

fn crate_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn golden(name: &str) -> PathBuf {
    crate_folder().join("golden").join(name)
}

fn updating() -> bool {
    std::env::var_os("MOA_UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

fn recipe(name: &str) -> Recipe {
    match name {
        "monthly-ko" => Recipe { logos: true, restated: true, ..Recipe::month(Lang::Ko, 40) },
        "weekly-en" => Recipe {
            dollars: true,
            held: vec!["Naver: no figures for 17 Nov (Tue) (1 day).".to_owned()],
            from: support::day("2026-11-16"),
            to: support::day("2026-11-22"),
            cadence: moa_reports::Cadence::Weekly,
            ..Recipe::month(Lang::En, 3)
        },
        "names-ko" => {
            let names = support::hostile_names();
            Recipe { client: names[5].clone(), compared: false, comment: None, ..Recipe { names, ..Recipe::month(Lang::Ko, 14).days(3) } }
        }
        "empty-ko" => Recipe::month(Lang::Ko, 0),
        other => panic!("no report {other}"),
    }
}

/// Compares with the committed text, or writes it.
fn assert_same_text(name: &str, file: &str, now: &str) {
    let path = golden(name).join(file);
    if updating() {
        std::fs::create_dir_all(golden(name)).expect("the folder");
        std::fs::write(&path, now).expect("written");
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if before == now {
        return;
    }
    let seen = differing(name, file);
    std::fs::write(&seen, now).expect("written");
    let line = before.lines().zip(now.lines()).position(|(before, now)| before != now);
    let line = line.unwrap_or_else(|| before.lines().count().min(now.lines().count()));
    panic!(
        "{} differs from {} in line {}:\n  before {:?}\n  now    {:?}\nIf that is wanted: MOA_UPDATE_GOLDEN=1 cargo test -p moa-reports --test golden",
        seen.display(),
        path.display(),
        line + 1,
        before.lines().nth(line).unwrap_or_default(),
        now.lines().nth(line).unwrap_or_default(),
    );
}

/// Where what differs is put for looking at.
fn differing(name: &str, file: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("golden").join(name);
    std::fs::create_dir_all(&folder).expect("the folder");
    folder.join(file)
}

fn renderer() -> Option<String> {
    let output = std::process::Command::new("pdftoppm").arg("-v").output().ok()?;
    String::from_utf8_lossy(&output.stderr).lines().next().map(str::to_owned)
}

struct Picture {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

fn picture(path: &Path) -> Option<Picture> {
    let bytes = std::fs::read(path).ok()?;
    let image = printpdf::RawImage::decode_from_bytes(&bytes, &mut Vec::new()).ok()?;
    match image.pixels {
        printpdf::RawImageData::U8(bytes) => Some(Picture { width: image.width, height: image.height, bytes }),
        _ => None,
    }
}

/// Why two pictures are not the same to the eye.
fn difference(before: &Picture, now: &Picture) -> Option<String> {
    if (before.width, before.height) != (now.width, now.height) {
        return Some(format!("{}×{} became {}×{}", before.width, before.height, now.width, now.height));
    }
    let pairs = before.bytes.iter().zip(&now.bytes).map(|(a, b)| u64::from(a.abs_diff(*b)));
    let (sum, far) = pairs.fold((0, 0), |(sum, far), apart| (sum + apart, far + usize::from(apart > 24)));
    let (mean, share) = (sum as f64 / now.bytes.len() as f64, far as f64 / now.bytes.len() as f64);
    (mean > 1.0 || share > 0.003).then(|| format!("{:.2} % of it differs, {mean:.2} of 255 on average", share * 100.0))
}

fn assert_same_pictures(name: &str, file: &[u8]) {
    let Some(renderer) = renderer() else {
        eprintln!("pictures not compared: pdftoppm is not installed");
        return;
    };
    let made_with = crate_folder().join("golden/renderer.txt");
    if updating() {
        std::fs::write(&made_with, format!("{renderer}\n")).expect("written");
    } else if std::fs::read_to_string(&made_with).unwrap_or_default().trim() != renderer {
        eprintln!("pictures not compared: they were made by another renderer than {renderer}");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, file).expect("written");
    let made = tools::pictures(&path, folder.path(), DOTS_PER_INCH).expect("pictures");
    if updating() {
        for old in pictures_of(name) {
            std::fs::remove_file(old).expect("removed");
        }
    }
    let mut wrong = Vec::new();
    for (index, now) in made.iter().enumerate() {
        let file = format!("page-{}.png", index + 1);
        let kept = golden(name).join(&file);
        if updating() {
            std::fs::copy(now, &kept).expect("copied");
            continue;
        }
        let same = picture(&kept).map_or(Some("it is new".to_owned()), |before| difference(&before, &picture(now).expect("a picture")));
        if let Some(why) = same {
            let seen = differing(name, &file);
            std::fs::copy(now, &seen).expect("copied");
            wrong.push((file, kept, seen, why));
        }
    }
    assert_eq!(pictures_of(name).len(), made.len(), "{name}: another number of pages");
    if !wrong.is_empty() {
        let review = differing(name, "review.html");
        let rows: String = wrong
            .iter()
            .map(|(file, before, now, why)| {
                format!("<h2>{file}: {why}</h2><img src=\"{}\"> <img src=\"{}\">\n", before.display(), now.display())
            })
            .collect();
        std::fs::write(&review, format!("<!doctype html><title>{name}</title>\n{rows}")).expect("written");
        panic!("{name}: {} of {} pages look different; see {}", wrong.len(), made.len(), review.display());
    }
}

fn pictures_of(name: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(golden(name)).expect("the golden folder");
    entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.extension().is_some_and(|kind| kind == "png")).collect()
}

fn assert_golden(name: &str) {
    let fonts = support::fonts().expect("the package pretendard: run npm install");
    let document = support::document(&recipe(name));
    let mut shaper = Shaper::new(&fonts).expect("the fonts");
    let laid_out = layout(&document, &Theme::default(), &mut shaper);
    assert_same_text(name, "pages.txt", &pages::dump(&laid_out));
    let file = pdf::write(&laid_out, &document, &fonts, &shaper).expect("a PDF");
    assert_same_pictures(name, &file);
}

fn assert_golden_workbook(name: &str) {
    let document = support::document(&recipe(name));
    assert_same_text(name, "workbook.txt", &cells::dump(&cells::read(&xlsx::write(&document).expect("a workbook"))));
}

#[test]
fn monthly_report_in_korean() {
    assert_golden("monthly-ko");
}

#[test]
fn weekly_report_in_english_with_two_currencies() {
    assert_golden("weekly-en");
    assert_golden_workbook("weekly-en");
}

#[test]
fn names_of_every_kind() {
    assert_golden("names-ko");
    assert_golden_workbook("names-ko");
}

#[test]
fn period_without_figures() {
    assert_golden("empty-ko");
    assert_golden_workbook("empty-ko");
}
