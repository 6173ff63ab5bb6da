//! Checks and generators of this repository. `npm test` calls them in order; each can be called alone.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer's tool talks to its terminal")]

mod bindings;
mod layering;
mod licences;
mod metadata;
mod notices;
mod servers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks and generators of this repository", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write ui/src/ipc/bindings.ts from the Rust types
    Bindings {
        /// Compare only: fail when the committed file is not what Rust says
        #[arg(long)]
        check: bool,
    },
    /// Hold every crate's dependencies against the import table of ARCHITECTURE.md
    Layering,
    /// Hold the licence of every dependency, Rust and JavaScript, against the list in deny.toml
    Licences,
    /// Write THIRD_PARTY.md from the lock files
    Notices {
        /// Compare only: fail when the committed file is not what the lock files say
        #[arg(long)]
        check: bool,
    },
    /// Run a command with test servers: MOA_TEST_POSTGRES_URLS holds their addresses
    WithPostgres {
        /// Only the server of this major version, for example 18
        #[arg(long, value_name = "MAJOR")]
        only: Option<u32>,
        /// The command and its arguments, after `--`
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Bindings { check } => bindings::run(check),
        Command::Layering => layering::run(),
        Command::Licences => licences::run(),
        Command::Notices { check } => notices::run(check),
        Command::WithPostgres { only, command } => servers::run(only, &command),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Prints what was found and turns it into an exit code.
fn verdict(what: &str, problems: &[String]) -> ExitCode {
    for problem in problems {
        eprintln!("{problem}");
    }
    if problems.is_empty() {
        println!("{what}: in order");
        ExitCode::SUCCESS
    } else {
        eprintln!("{what}: {} to mend", problems.len());
        ExitCode::FAILURE
    }
}
