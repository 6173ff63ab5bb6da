//! One file per command: ask the use case, say the answer.

mod accounts;
mod apps;
mod campaigns;
mod clients;
mod connect;
mod demo;
mod doctor;
mod import;
mod kpi;
mod reconcile;
mod report;
mod revisions;
mod secret;
mod sync;
mod upkeep;

use moa_domain::Basis;

use crate::args::{Cli, Command, KpiArgs, ReportArgs};
use crate::console::Console;
use crate::database::open;
use crate::failure::Failure;

/// Runs the command and gives the exit code: 0 done, 1 failed, 2 wrong usage, 3 done in part.
pub(crate) async fn run(cli: Cli, console: &Console) -> i32 {
    match dispatch(cli, console).await {
        Ok(code) => code,
        Err(failure) => console.fail(&failure),
    }
}

async fn dispatch(cli: Cli, console: &Console) -> Result<i32, Failure> {
    let global = cli.global;
    if let Command::Doctor(args) = &cli.command {
        return doctor::run(&global, args, console).await;
    }
    if let Command::Kpi(KpiArgs { basis, .. }) | Command::Report(ReportArgs { basis, .. }) = &cli.command {
        // What this version cannot answer needs no database to be said.
        Basis::try_from(*basis)?;
    }
    let moa = open(&global, console).await?;
    match cli.command {
        Command::Demo => demo::run(&moa, console).await,
        Command::Clients(command) => clients::run(&moa, command, console).await,
        Command::Import(args) => import::run(&moa, args, console).await,
        Command::Kpi(args) => kpi::run(&moa, args, console).await,
        Command::Campaigns(command) => campaigns::run(&moa, command, console).await,
        Command::Report(args) => report::run(&moa, args, console).await,
        Command::Revisions(args) => revisions::run(&moa, args, console).await,
        Command::Backup { file } => upkeep::backup(&moa, &file, console).await,
        Command::Restore { file } => upkeep::restore(&moa, &file, console).await,
        Command::Apps(command) => apps::run(&moa, command, console).await,
        Command::Connect(args) => connect::run(&moa, args, console).await,
        Command::Accounts(command) => accounts::run(&moa, command, console).await,
        Command::Sync(args) => sync::run(&moa, args, console).await,
        Command::Reconcile(args) => reconcile::run(&moa, args, console).await,
        Command::Doctor(_) => Ok(0),
    }
}
