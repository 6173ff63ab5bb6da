//! The embedded Postgres: its programs, its files, and the running server.

mod binaries;
mod cluster;
mod initdb;
mod launch;
mod postmaster_pid;
mod server;
mod session;
mod settings;

pub use binaries::Binaries;
pub(crate) use cluster::{Answer, ask, running_on, stop_orphan, url};
pub use cluster::{Cluster, ClusterOptions};
pub use session::{Session, SessionError};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::HostError;

/// The database user that owns everything in the embedded server.
pub const USER: &str = "moa_admin";

/// The database that holds Moa's tables.
pub const DATABASE: &str = "moa";

/// How far a start has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Starting,
    /// The first start on this data folder: Postgres writes its own files. Takes some seconds.
    Initialising,
    /// The server was killed before and replays its log. Nothing that was committed is lost.
    Recovering,
    Ready,
}

/// Asks a start that runs in another thread to give up.
#[derive(Debug, Clone, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    pub fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn check(&self) -> Result<(), HostError> {
        if self.is_raised() { Err(HostError::Stopped) } else { Ok(()) }
    }
}
