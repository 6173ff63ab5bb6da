//! Writes a report of synthetic rows to a folder, for looking at and for measuring:
//! `cargo run -p moa-reports --example render_sample -- FOLDER [CAMPAIGNS] [ko|en] [REPEAT]`.
//! The fonts come from the npm package `pretendard`, or from the folder `MOA_FONTS`.
#![expect(clippy::print_stdout, reason = "an example tells what it did")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::PathBuf;
use std::time::Instant;

use moa_reports::{ReportError, file_name, pdf, xlsx};
use support::Recipe;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to write to")?);
    let campaigns = arguments.next().map_or(Ok(40), |count| count.parse())?;
    let lang = arguments.next().map_or(Ok(moa_text::Lang::Ko), |lang| lang.parse())?;
    let repeat: u32 = arguments.next().map_or(Ok(1), |count| count.parse())?;
    let fonts = support::fonts().ok_or("no fonts: run npm install, or set MOA_FONTS to a folder with Pretendard-*.ttf")?;
    std::fs::create_dir_all(&folder)?;
    let mut recipe = Recipe::month(lang, campaigns);
    if std::env::var_os("MOA_SAMPLE_HELD").is_some() {
        recipe.held = vec![
            "네이버: 11. 17. (화) 수치가 없습니다. 다시 수집한 뒤 발행해 주세요.".to_owned(),
            "Meta: 로그인이 만료되었습니다.".to_owned(),
        ];
        recipe.dollars = true;
    }
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
