//! Measures the shipped code paths on data of a stated size. Every figure is one JSON object on standard output; `npm run bench` collects
//! them, runs the peers on the same data and prints medians and ratios.
//!
//! - `writes ROWS`: restated daily and hourly rows through the write path, beside raw COPY and COPY + upsert
//! - `questions CAMPAIGNS REPEAT`: the dashboard's questions for one client and for the agency
//! - `pdf CAMPAIGNS REPEAT FOLDER`: one report, warm; its document and bytes are left in FOLDER for the peers
//! - `workbook ROWS`: one workbook of that many raw rows
//! - `sync ACCOUNTS CAMPAIGNS DAYS`: from a platform's answers to committed rows by day and hour, all accounts at once, beside raw COPY
//! - `month-end CLIENTS CAMPAIGNS FOLDER`: the monthly PDF and workbook of every client, from the database to the files
//!
//! CPU seconds are those of this process and of every server process, as Linux counts them; elsewhere only wall time is given.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

mod agency;
mod cpu;
mod month_end;
mod questions;
mod server;
mod support;
mod sync;
mod writes;

use std::error::Error;
use std::path::Path;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["writes", rows] => writes::run(rows.parse()?).await,
        ["questions", campaigns, repeat] => questions::run(campaigns.parse()?, repeat.parse()?).await,
        ["pdf", campaigns, repeat, folder] => support::pdf(campaigns.parse()?, repeat.parse()?, Path::new(folder)),
        ["workbook", rows] => support::workbook(rows.parse()?),
        ["sync", accounts, campaigns, days] => sync::run(accounts.parse()?, campaigns.parse()?, days.parse()?).await,
        ["platform", accounts, campaigns, days, file] => {
            sync::serve(accounts.parse()?, campaigns.parse()?, days.parse()?, Path::new(file)).await
        }
        ["month-end", clients, campaigns, folder] => month_end::run(clients.parse()?, campaigns.parse()?, Path::new(folder)).await,
        _ => Err("see the top of crates/moa-bench/src/main.rs".into()),
    }
}
