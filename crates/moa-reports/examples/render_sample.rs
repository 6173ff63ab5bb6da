//! Writes a report of synthetic rows to a folder, for looking at and for measuring:
//! `cargo run -p moa-reports --example render_sample -- OUT [--campaigns N] [--days N] [--lang ko|en] [--repeat N] [--case NAME …]`.
//!
//! Cases change what the report is like and may be combined: `hostile` (names), `dollars` (a second currency), `alone` (no comparison),
//! `held`, `restated`, `notes` (a long comment), `silent` (none), `logos`,
//! `unknown` (conversions of one platform), `adjusted` (a day below zero), `large` (amounts of eleven digits).
//! The fonts come from the npm package `pretendard`, or from the folder `MOA_FONTS`.
#![expect(clippy::print_stdout, reason = "an example tells what it did")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::PathBuf;
use std::time::Instant;

use moa_reports::{ReportError, file_name, pdf, xlsx};
use moa_text::Lang;
use support::Recipe;

struct Arguments {
    folder: PathBuf,
    recipe: Recipe,
    repeat: u32,
}

fn arguments() -> Result<Arguments, Box<dyn std::error::Error>> {
    let (mut folder, mut campaigns, mut days, mut lang, mut repeat, mut cases) = (None, 40, None, Lang::Ko, 1, Vec::new());
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut value = || given.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--campaigns" => campaigns = value()?.parse()?,
            "--days" => days = Some(value()?.parse()?),
            "--lang" => lang = value()?.parse()?,
            "--repeat" => repeat = value()?.parse()?,
            "--case" => cases.push(value()?),
            other if folder.is_none() && !other.starts_with('-') => folder = Some(PathBuf::from(other)),
            other => return Err(format!("{other} is not known").into()),
        }
    }
    let mut recipe = Recipe::month(lang, campaigns);
    if let Some(days) = days {
        recipe = recipe.days(days);
    }
    for case in cases {
        apply(&mut recipe, &case)?;
    }
    Ok(Arguments { folder: folder.ok_or("name a folder to write to")?, recipe, repeat })
}

fn apply(recipe: &mut Recipe, case: &str) -> Result<(), String> {
    match case {
        "hostile" => recipe.names = support::hostile_names(),
        "dollars" => recipe.dollars = true,
        "alone" => recipe.compared = false,
        "restated" => recipe.restated = true,
        "silent" => recipe.comment = None,
        "logos" => recipe.logos = true,
        "unknown" => recipe.unknown = true,
        "adjusted" => recipe.adjusted = true,
        "large" => recipe.times = 500,
        "notes" => recipe.comment = Some(vec![recipe.comment.clone().unwrap_or_default(); 14].join("\n")),
        "held" => {
            let held: &[&str] = match recipe.lang {
                Lang::Ko => &["네이버: 11. 17. (화)의 수치가 없습니다(1일).", "Meta: 11. 28. (토)까지의 수치만 있습니다."],
                Lang::En => &["Naver: no figures for 17 Nov (Tue) (1 day).", "Meta: figures only up to 28 Nov (Sat)."],
            };
            recipe.held = held.iter().map(|&reason| reason.to_owned()).collect();
        }
        other => return Err(format!("there is no case {other}")),
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Arguments { folder, recipe, repeat } = arguments()?;
    let fonts = support::fonts().ok_or("no fonts: run npm install, or set MOA_FONTS to a folder with Pretendard-*.ttf")?;
    std::fs::create_dir_all(&folder)?;
    let document = support::document(&recipe);

    let render = || -> Result<Vec<u8>, ReportError> { pdf::render(&document, &fonts) };
    let mut bytes = render()?;
    let start = Instant::now();
    for _ in 0..repeat {
        bytes = render()?;
    }
    println!("pdf: {} bytes, {:.1} ms each", bytes.len(), start.elapsed().as_secs_f64() * 1000.0 / f64::from(repeat.max(1)));
    let path = folder.join(file_name(&document, "pdf"));
    std::fs::write(&path, bytes)?;
    println!("{}", path.display());

    let start = Instant::now();
    let bytes = xlsx::write(&document)?;
    println!("xlsx: {} bytes, {} rows, {:.1} ms", bytes.len(), document.rows.len(), start.elapsed().as_secs_f64() * 1000.0);
    let path = folder.join(file_name(&document, "xlsx"));
    std::fs::write(&path, bytes)?;
    println!("{}", path.display());
    Ok(())
}
