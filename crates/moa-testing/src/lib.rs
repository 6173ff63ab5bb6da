//! Databases of their own for tests.
//!
//! **Invariant:** a dev-dependency only. A panic here is a test that could not start.
//!
//! `MOA_TEST_POSTGRES_URLS` holds the addresses of one or more servers, separated by blanks, each with a login that may create databases and
//! roles. Every test gets a database nobody else uses, copied from a migrated template, so tests run in parallel and leave nothing behind.

mod database;
mod sealing;
mod template;

pub use database::{TestDatabase, blank_database, database, databases};
pub use sealing::TestSealer;
