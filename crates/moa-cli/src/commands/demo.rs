use std::io::Write;
use std::sync::Arc;

use moa_api::{Moa, Progress};
use moa_text::text;
use tokio_util::sync::CancellationToken;

use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, console: &Console) -> Result<i32, Failure> {
    let (quiet, lang) = (console.json, console.lang());
    let progress: Progress = Arc::new(move |done: usize, of: usize, file: &str| {
        if !quiet {
            let (position, count) = ((done + 1).to_string(), of.to_string());
            let line = text(lang, "cli.demo.progress", &[("position", &position), ("count", &count), ("file", file)]);
            // Progress is a courtesy; a closed standard error does not stop the work.
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    });
    let outcome = moa.load_sample(&CancellationToken::new(), progress).await?;
    if console.json {
        console.document(&outcome)?;
    } else {
        let values = [
            ("clients", outcome.clients.to_string()),
            ("files", outcome.files.to_string()),
            ("written", outcome.rows_written.to_string()),
            ("unchanged", outcome.rows_unchanged.to_string()),
        ];
        console.line(&console.word("demo.done", &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
    Ok(0)
}
