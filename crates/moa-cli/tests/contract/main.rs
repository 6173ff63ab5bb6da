//! The command line is a contract: names, options, keys, exit codes. The built program is run on databases of its own, its figures are
//! compared with a second computation, its whole answers with files in `golden/`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod clients;
mod connections;
mod figures;
mod golden;
mod imports;
mod kills;
mod ledger;
mod names;
mod program;
mod reports;
mod sample;
mod tables;
mod upkeep;
mod usage;
