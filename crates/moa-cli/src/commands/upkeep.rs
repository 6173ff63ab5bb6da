use std::path::Path;

use moa_api::Moa;
use moa_text::data_size;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn backup(moa: &Moa, file: &Path, console: &Console) -> Result<i32, Failure> {
    let summary = moa.backup(file).await?;
    say("upkeep.backed_up", file, (summary.tables, summary.rows, summary.bytes), console)
}

pub(crate) async fn restore(moa: &Moa, file: &Path, console: &Console) -> Result<i32, Failure> {
    let summary = moa.restore(file).await?;
    say("upkeep.restored", file, (summary.tables, summary.rows, summary.bytes), console)
}

fn say(done: &str, file: &Path, (tables, rows, bytes): (usize, u64, u64), console: &Console) -> Result<i32, Failure> {
    let file = file.display().to_string();
    if console.json {
        console.document(&json!({ "file": file, "tables": tables, "rows": rows, "bytes": bytes }))?;
    } else {
        let (tables, rows, bytes) = (tables.to_string(), rows.to_string(), data_size(bytes));
        console.line(&console.word(done, &[("file", &file), ("tables", &tables), ("rows", &rows), ("size", &bytes)]));
    }
    Ok(0)
}
