//! Test servers: the newest Postgres, which Moa carries, and the oldest it works with.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use moa_host::postgres::{Cluster, ClusterOptions};

/// Where `scripts/stage-postgres.mjs` puts each, by major version.
const STAGED: [(u32, &str); 2] = [(15, "target/test-postgres-15"), (18, "target/moa-resources/postgres")];

/// A test server that forgets everything at the end needs no care for power cuts, and serves many tests at once.
const SETTINGS: [(&str, &str); 5] =
    [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off"), ("max_connections", "200"), ("shared_buffers", "64MB")];

pub(crate) fn run(only: Option<u32>, command: &[String]) -> Result<ExitCode> {
    let wanted: Vec<(u32, PathBuf)> = STAGED
        .iter()
        .filter(|(major, _)| only.is_none_or(|only| only == *major))
        .map(|(major, folder)| (*major, super::root().join(folder)))
        .collect();
    ensure!(!wanted.is_empty(), "there is no test server of that version; known: 15, 18");
    let folder = tempfile::Builder::new().prefix("moa-test-servers-").tempdir().context("a temporary folder")?;
    let mut starting = Vec::new();
    for (major, binaries) in wanted {
        ensure!(binaries.is_dir(), "{} is missing; run: node scripts/stage-postgres.mjs", binaries.display());
        let mut options = ClusterOptions::new(binaries, folder.path().join(major.to_string()));
        options.settings = SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        starting.push(std::thread::spawn(move || Cluster::start(&options)));
    }
    let mut clusters = Vec::new();
    for start in starting {
        let cluster = start.join().map_err(|_| anyhow::anyhow!("the start of a test server panicked"))??;
        eprintln!("test server: Postgres {} on port {}", cluster.version(), cluster.port());
        clusters.push(cluster);
    }
    let urls: Vec<String> = clusters.iter().map(Cluster::url).collect();
    let outcome = tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run_command(command, &urls.join(" ")));
    for cluster in clusters {
        cluster.stop()?;
    }
    outcome
}

/// Waits for the command also when the terminal sends an interrupt: the command gets it too, and the servers must be stopped after it.
async fn run_command(command: &[String], urls: &str) -> Result<ExitCode> {
    let (program, arguments) = command.split_first().context("a command is needed")?;
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .env("MOA_TEST_POSTGRES_URLS", urls)
        .spawn()
        .with_context(|| format!("{program} could not be started"))?;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            _ = interrupted() => {}
        }
    };
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}

#[cfg(unix)]
async fn interrupted() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    Ok(())
}

#[cfg(not(unix))]
async fn interrupted() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
