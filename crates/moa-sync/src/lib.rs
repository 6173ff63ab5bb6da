//! Keeps stored figures equal to the platforms'.
//!
//! A sync of an account is a row of windows, newest first. Each window is read whole and written as one transaction, so a killed program
//! leaves whole windows behind and goes on with the rest. An account that fails does not stop the others.

mod account;
mod engine;
mod logins;
mod plan;
mod reconcile;
mod window;

pub use account::{default_vat, ready_at, zone};
pub use engine::{AccountRun, RunStatus, SyncProgress, Syncer};
pub use logins::{LoginSecrets, Opened, app_place, login_place, open_app};
pub use plan::{Job, SyncType};
pub use reconcile::{DayReason, ReconciledDay};

use moa_connectors::ConnectorError;
use moa_domain::SealError;
use moa_store::StoreError;

/// What keeps an account from being synced.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Platform(#[from] ConnectorError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Another program is syncing this account.
    #[error("another program is syncing this account")]
    Busy,
    /// Its login, client or basis was changed while it was read.
    #[error("the account was changed while it was read")]
    Changed,
    /// The account has no login.
    #[error("the account is not connected")]
    NotConnected,
    #[error("a task ended unexpectedly: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl SyncError {
    /// Stable, for the locale files.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Platform(error) => error.kind.code(),
            Self::Store(error) => error.code(),
            Self::Seal(SealError::Keychain { .. }) => "host_keychain",
            Self::Seal(SealError::OtherKey { .. } | SealError::Broken) => "sync.secret_elsewhere",
            Self::Busy => "sync.busy",
            Self::Changed => "sync.changed",
            Self::NotConnected => "sync.not_connected",
            Self::Task(_) => "internal",
        }
    }

    /// Values of the sentence.
    #[must_use]
    pub fn values(&self) -> std::collections::BTreeMap<String, String> {
        match self {
            Self::Platform(error) => error.values(),
            Self::Store(error) => error.values(),
            Self::Seal(error) => [("detail".to_owned(), error.to_string())].into(),
            Self::Task(error) => [("reason".to_owned(), error.to_string())].into(),
            Self::Busy | Self::Changed | Self::NotConnected => std::collections::BTreeMap::new(),
        }
    }
}
