//! `moa`: everything the window does, without one. Arguments in, one document out.

mod args;
mod commands;
mod console;
mod database;
mod failure;
mod help;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use moa_text::Lang;

use crate::args::Cli;
use crate::console::Console;
use crate::failure::Failure;
use crate::usage::asked_lang;

fn main() -> ExitCode {
    // The keeper of the embedded database is this same program under another name.
    if let Some(code) = moa_host::keeper::run_if_asked() {
        return exit(code);
    }
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let lang = asked_lang(&arguments);
    let asked_json = arguments.iter().any(|argument| argument == "--json");
    let form = help::in_language(Cli::command(), lang.unwrap_or_default());
    let parsed = form.try_get_matches_from(&arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return exit(not_a_call(&error, &Console::new(asked_json, lang))),
    };
    log_to_standard_error();
    let console = Console::new(cli.global.json, cli.global.lang.map(Lang::from));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return exit(console.fail(&Failure::internal(&error))),
    };
    let code = runtime.block_on(commands::run(cli, &console));
    runtime.shutdown_background();
    exit(console.ended(code))
}

/// Help and version are answers; the rest is a wrong call. Without any argument a person is shown the help, and the call was still wrong.
fn not_a_call(error: &clap::Error, console: &Console) -> i32 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => i32::from(error.print().is_err()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !console.json => {
            if error.print().is_err() {
                return 1;
            }
            2
        }
        _ => console.fail(&Failure::usage(usage::reason(console.lang(), error))),
    }
}

fn exit(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// Silent unless `MOA_LOG` asks for more.
fn log_to_standard_error() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MOA_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
}
