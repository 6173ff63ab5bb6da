//! What can go wrong with the database, typed. Sentences are composed at the door from `code` and `values`.

use std::collections::BTreeMap;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database cannot be reached: {source}")]
    Gone { source: sqlx::Error },
    #[error("the disk of the database is full")]
    DiskFull,
    #[error("Postgres {found} is too old; {needed} or later is needed")]
    TooOld { found: String, needed: u32 },
    #[error("the database has schema {found}, this program knows {supported}")]
    SchemaNewer { found: i32, supported: i32 },
    #[error("an administrator has to run SQL once before this login can use the database")]
    NeedsAdministrator { sql: String },
    #[error("the connection to {host} is not encrypted, and TLS is required for a remote server")]
    TlsRequired { host: String },
    #[error("the database address cannot be read: {reason}")]
    BadAddress { reason: String },
    #[error("the database encodes text as {found}, UTF8 is needed")]
    NotUtf8 { found: String },
    #[error("there is a client {name} already")]
    NameTaken { name: String },
    #[error("there is no client with the id {id}")]
    UnknownClient { id: i32 },
    #[error("the ad account {account_id} of {platform} belongs to the client {client}")]
    AccountOfOtherClient { platform: String, account_id: String, client: String },
    #[error("the same campaign, channel and day stand twice in one batch")]
    DuplicateKey,
    #[error("a sum is larger than can be stored")]
    TooLarge,
    #[error("the workspace is not empty")]
    NotEmpty,
    #[error("the backup cannot be read: {reason}")]
    BadBackup { reason: String },
    #[error("the backup has form {found}, this program knows {supported}")]
    BackupNewer { found: u32, supported: u32 },
    #[error("{path} is there already and is no backup")]
    NotABackup { path: String },
    #[error("the file {path} cannot be written or read: {source}")]
    File { path: String, source: std::io::Error },
    #[error("the database refused: {source}")]
    Refused { source: sqlx::Error },
}

impl StoreError {
    /// Stable, for the locale files.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gone { .. } => "database.gone",
            Self::DiskFull => "database.disk_full",
            Self::TooOld { .. } => "database.too_old",
            Self::SchemaNewer { .. } => "database.schema_newer",
            Self::NeedsAdministrator { .. } => "database.needs_administrator",
            Self::TlsRequired { .. } => "database.tls_required",
            Self::BadAddress { .. } => "database.bad_address",
            Self::NotUtf8 { .. } => "database.not_utf8",
            Self::NameTaken { .. } => "client_name_taken",
            Self::UnknownClient { .. } => "unknown_client",
            Self::AccountOfOtherClient { .. } => "account_of_other_client",
            Self::DuplicateKey => "duplicate_key",
            Self::TooLarge => "too_large",
            Self::NotEmpty => "restore.not_empty",
            Self::BadBackup { .. } => "restore.bad_backup",
            Self::BackupNewer { .. } => "restore.backup_newer",
            Self::NotABackup { .. } => "backup.other_file",
            Self::File { .. } => "backup_file",
            Self::Refused { .. } => "database.refused",
        }
    }

    /// The values of the sentence. Never holds an address with credentials.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let pairs: Vec<(&str, String)> = match self {
            Self::Gone { source } | Self::Refused { source } => vec![("reason", reason(source))],
            Self::TooOld { found, needed } => vec![("found", found.clone()), ("needed", needed.to_string())],
            Self::SchemaNewer { found, supported } => vec![("found", found.to_string()), ("supported", supported.to_string())],
            Self::BackupNewer { found, supported } => vec![("found", found.to_string()), ("supported", supported.to_string())],
            Self::NeedsAdministrator { sql } => vec![("sql", sql.clone())],
            Self::TlsRequired { host } => vec![("host", host.clone())],
            Self::BadAddress { reason } | Self::BadBackup { reason } => vec![("reason", reason.clone())],
            Self::NotUtf8 { found } => vec![("found", found.clone())],
            Self::NameTaken { name } => vec![("name", name.clone())],
            Self::UnknownClient { id } => vec![("name", id.to_string()), ("known", String::new())],
            Self::AccountOfOtherClient { platform, account_id, client } => {
                vec![("platform", platform.clone()), ("account", account_id.clone()), ("client", client.clone())]
            }
            Self::NotABackup { path } => vec![("path", path.clone())],
            Self::File { path, source } => vec![("path", path.clone()), ("reason", source.to_string())],
            Self::DiskFull | Self::DuplicateKey | Self::TooLarge | Self::NotEmpty => Vec::new(),
        };
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The server cannot be reached: it may come back, perhaps at another port.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Gone { .. })
    }

    /// The caller named something that is not there or cannot be.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NameTaken { .. }
                | Self::UnknownClient { .. }
                | Self::AccountOfOtherClient { .. }
                | Self::BadAddress { .. }
                | Self::TlsRequired { .. }
        )
    }
}

fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(source: sqlx::Error) -> Self {
        match &source {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Gone { source },
            sqlx::Error::Database(error) => match error.code().as_deref() {
                Some("53100") => Self::DiskFull,
                Some("22003") => Self::TooLarge,
                // The server is shutting down, starting up, or was stopped under us; or has no connection left.
                Some("57P01" | "57P02" | "57P03" | "08006" | "08003" | "53300") => Self::Gone { source },
                _ => Self::Refused { source },
            },
            _ => Self::Refused { source },
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(source) | sqlx::migrate::MigrateError::ExecuteMigration(source, _) => source.into(),
            other => Self::Refused { source: sqlx::Error::Configuration(Box::new(other)) },
        }
    }
}
