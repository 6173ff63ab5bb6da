//! The TypeScript side of the window's commands, written by a test of the desktop package.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

const TEST: &str = "bindings_are_written";

pub(crate) fn run(check: bool) -> Result<ExitCode> {
    let mut command = Command::new(env!("CARGO"));
    // With the choice of packages and features of every other build here, so that nothing is compiled twice.
    let choice = ["--workspace", "--features", "moa-desktop/custom-protocol"];
    command.args(["test", "--quiet", "--lib"]).args(choice).args(["--", TEST]).current_dir(super::root());
    if check {
        command.env("MOA_CHECK_BINDINGS", "1");
    } else {
        command.env_remove("MOA_CHECK_BINDINGS");
    }
    let status = command.status().context("cargo could not be started")?;
    if !status.success() {
        return Ok(ExitCode::FAILURE);
    }
    println!("bindings: ui/src/ipc/bindings.ts is {}", if check { "what Rust says" } else { "written" });
    Ok(ExitCode::SUCCESS)
}
