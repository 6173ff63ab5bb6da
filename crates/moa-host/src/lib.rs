//! What the operating system gives: the data folder, the clock, the files shipped beside the program, and the embedded Postgres.
//!
//! A program calls [`Database::open`] and gets a [`DatabaseHandle`] with a URL. Behind it stand two processes: the *keeper*, which is
//! the program itself started again with a hidden first argument (so `main` calls [`keeper::run_if_asked`] before anything else), and
//! Postgres, started by the keeper. Any of the three may be killed; the others go on, and the next one to look puts it right.
//!
//! **Invariant:** this crate knows no table and no query of Moa. It speaks to Postgres only to see that it answers.

pub mod clock;
pub mod data_dir;
pub mod database;
mod error;
pub mod keeper;
pub mod keychain;
mod locks;
pub mod postgres;
mod private;
mod processes;
pub mod resources;
mod run_as;
pub mod sealing;
pub mod status;

pub use clock::SystemClock;
pub use data_dir::DataDir;
pub use database::{Database, DatabaseHandle, OpenOptions};
pub use error::{HostError, IoCause};
pub use postgres::Stage;
pub use sealing::KeychainSealer;
pub use status::{DatabaseStatus, StopOutcome};
