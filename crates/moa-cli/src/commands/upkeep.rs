use std::path::Path;

use moa_api::Moa;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn backup(moa: &Moa, file: &Path, console: &Console) -> Result<i32, Failure> {
    let summary = moa.backup(file).await?;
    say(&json!({ "file": file, "tables": summary.tables, "rows": summary.rows, "bytes": summary.bytes }), console)
}

pub(crate) async fn restore(moa: &Moa, file: &Path, console: &Console) -> Result<i32, Failure> {
    let summary = moa.restore(file).await?;
    say(&json!({ "file": file, "tables": summary.tables, "rows": summary.rows, "bytes": summary.bytes }), console)
}

fn say(summary: &serde_json::Value, console: &Console) -> Result<i32, Failure> {
    if console.json {
        console.document(summary)?;
    } else {
        console.line(&format!(
            "{} · {} tables · {} rows",
            summary["file"].as_str().unwrap_or_default(),
            summary["tables"],
            summary["rows"]
        ));
    }
    Ok(0)
}
