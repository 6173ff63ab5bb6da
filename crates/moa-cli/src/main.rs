//! `moa`: everything the window does, without one. Arguments in, one document out.

mod args;
mod commands;
mod console;
mod database;
mod failure;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::args::Cli;
use crate::console::Console;
use crate::failure::Failure;

fn main() -> ExitCode {
    // The keeper of the embedded database is this same program under another name.
    if let Some(code) = moa_host::keeper::run_if_asked() {
        return exit(code);
    }
    let asked_json = std::env::args_os().any(|argument| argument == "--json");
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            return exit(i32::from(error.print().is_err()));
        }
        Err(error) => {
            let console = Console::new(asked_json, None);
            if !asked_json {
                return exit(if error.print().is_err() { 1 } else { 2 });
            }
            let sentence = error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            return exit(console.fail(&Failure::usage(sentence)));
        }
    };
    log_to_standard_error();
    let console = Console::new(cli.global.json, cli.global.lang);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return exit(console.fail(&Failure::internal(&error))),
    };
    let code = runtime.block_on(commands::run(cli, &console));
    runtime.shutdown_background();
    exit(code)
}

fn exit(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// Silent unless `MOA_LOG` asks for more.
fn log_to_standard_error() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MOA_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
}
