use std::sync::Arc;

use moa_api::{Moa, Progress};
use tokio_util::sync::CancellationToken;

use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, console: &Console) -> Result<i32, Failure> {
    let quiet = console.json;
    let progress: Progress = Arc::new(move |done: usize, of: usize, file: &str| {
        if !quiet {
            // Progress is a courtesy; a closed standard error does not stop the work.
            let _ = std::io::Write::write_fmt(&mut std::io::stderr().lock(), format_args!("[{}/{of}] {file}\n", done + 1));
        }
    });
    let outcome = moa.load_sample(&CancellationToken::new(), progress).await?;
    if console.json {
        console.document(&outcome)?;
    } else {
        console.line(&format!(
            "{} clients · {} files · {} rows written · {} unchanged",
            outcome.clients, outcome.files, outcome.rows_written, outcome.rows_unchanged
        ));
    }
    Ok(0)
}
