//! One report of synthetic rows: the pages and the workbook, without a database.

#[path = "../../moa-reports/tests/support/recipe.rs"]
#[expect(dead_code, reason = "the tests of reports use more of it")]
mod recipe;

use std::path::Path;

use moa_reports::{pdf as pages, xlsx};
use moa_text::Lang;
use recipe::Recipe;
use serde_json::json;

use crate::Outcome;
use crate::cpu::{Stopwatch, median, peak_memory_mib};

/// A month of `campaigns` campaigns as PDF, warm. The document and the bytes are left in `folder` for the peers.
pub(crate) fn pdf(campaigns: usize, repeat: u32, folder: &Path) -> Outcome {
    let fonts = recipe::fonts().ok_or("no fonts: run npm start once")?;
    let document = recipe::document(&Recipe::month(Lang::Ko, campaigns));
    let mut bytes = pages::render(&document, &fonts)?;
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for _ in 0..repeat {
        let watch = Stopwatch::start(None);
        bytes = pages::render(&document, &fonts)?;
        let taken = watch.read();
        wall.push(taken.wall_s * 1000.0);
        cpu.extend(taken.own_cpu_s.map(|seconds| seconds * 1000.0));
    }
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("document.json"), serde_json::to_vec(&document)?)?;
    std::fs::write(folder.join("report.pdf"), &bytes)?;
    println!(
        "{}",
        json!({ "bench": "pdf", "campaigns": campaigns, "bytes": bytes.len(), "cpu_ms": median(cpu), "wall_ms": median(wall),
            "peak_mib": peak_memory_mib() })
    );
    Ok(())
}

/// A workbook of about `rows` raw rows.
pub(crate) fn workbook(rows: usize) -> Outcome {
    // A campaign has 29 days in the recipe's month, every fifth one on two or three channels.
    let document = recipe::document(&Recipe { items: false, ..Recipe::month(Lang::Ko, rows / 37) });
    let before = peak_memory_mib();
    let watch = Stopwatch::start(None);
    let bytes = xlsx::write(&document)?;
    let taken = watch.read();
    println!(
        "{}",
        json!({ "bench": "workbook", "rows": document.rows.len(), "compared_rows": document.compared_rows.len(), "bytes": bytes.len(),
            "cpu_s": taken.own_cpu_s, "wall_s": taken.wall_s, "peak_mib": peak_memory_mib(), "document_mib": before })
    );
    Ok(())
}
