//! One error type for both doors: a stable code and its context. Sentences are composed at the door, by locale.

use std::collections::BTreeMap;
use std::fmt;

use moa_connectors::ConnectorError;
use moa_connectors::report_files::FileError;
use moa_domain::SealError;
use moa_store::StoreError;
use moa_sync::SyncError;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What crosses the border: `{ code, values }`; each door words it by the `errors` locale file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ErrorDto {
    /// Stable, for example `file_needs_currency`.
    pub code: String,
    /// Values the sentence needs: file, line, column, names. Never a secret.
    pub values: BTreeMap<String, String>,
}

/// Whose move it is: decides the exit code of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The call lacks something or names something that is not there: exit 2.
    Usage,
    /// The work could not be done: exit 1.
    Failure,
}

#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    File(#[from] FileError),
    /// What a platform, a login or a sync refused.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// Something the caller said cannot be used; `code` is the whole story with its values.
    #[error("{code} {values:?}")]
    Refused { code: &'static str, values: BTreeMap<String, String>, blame: Blame },
    #[error("the file {path} could not be written: {source}")]
    Write { path: String, source: std::io::Error },
    #[error("{detail}")]
    Host { code: String, detail: String },
    #[error("the report could not be made: {0}")]
    Report(String),
    #[error("a background task ended unexpectedly: {0}")]
    Task(#[from] tokio::task::JoinError),
    #[error("cancelled")]
    Cancelled,
}

impl ApiError {
    pub(crate) fn usage<const N: usize>(code: &'static str, values: [(&str, String); N]) -> Self {
        Self::Refused { code, values: owned(values), blame: Blame::Usage }
    }

    pub(crate) fn failure<const N: usize>(code: &'static str, values: [(&str, String); N]) -> Self {
        Self::Refused { code, values: owned(values), blame: Blame::Failure }
    }

    /// What the machine refused: the keeper, the data folder. `code` is the host's own.
    #[must_use]
    pub fn host(code: &str, error: &dyn fmt::Display) -> Self {
        Self::Host { code: format!("host_{code}"), detail: error.to_string() }
    }

    /// The stable code and the values of its sentence.
    #[must_use]
    pub fn to_dto(&self) -> ErrorDto {
        match self {
            Self::Store(error) => ErrorDto { code: error.code().to_owned(), values: error.values() },
            Self::File(error) => ErrorDto { code: format!("file_{}", error.code()), values: error.values() },
            Self::Sync(error) => ErrorDto { code: error.code().to_owned(), values: error.values() },
            Self::Refused { code, values, .. } => ErrorDto { code: (*code).to_owned(), values: values.clone() },
            Self::Write { path, source } => {
                ErrorDto { code: "write_failed".to_owned(), values: owned([("path", path.clone()), ("reason", source.to_string())]) }
            }
            Self::Report(reason) => ErrorDto { code: "report_failed".to_owned(), values: owned([("reason", reason.clone())]) },
            Self::Task(error) => ErrorDto { code: "internal".to_owned(), values: owned([("reason", error.to_string())]) },
            Self::Host { code, detail } => ErrorDto { code: code.clone(), values: owned([("detail", detail.clone())]) },
            Self::Cancelled => ErrorDto { code: "cancelled".to_owned(), values: BTreeMap::new() },
        }
    }

    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::Refused { blame, .. } => *blame,
            Self::File(error) if error.is_question() => Blame::Usage,
            Self::Store(error) if error.is_usage() => Blame::Usage,
            _ => Blame::Failure,
        }
    }
}

impl From<ConnectorError> for ApiError {
    fn from(error: ConnectorError) -> Self {
        Self::Sync(error.into())
    }
}

impl From<SealError> for ApiError {
    fn from(error: SealError) -> Self {
        Self::Sync(error.into())
    }
}

fn owned<const N: usize>(values: [(&str, String); N]) -> BTreeMap<String, String> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl fmt::Display for ErrorDto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

/// True for a code that an option of the import would answer, or that says an option of it is wrong.
#[must_use]
pub fn is_question(code: &str) -> bool {
    let of_options = ["unknown_platform", "unknown_field", "invalid_currency", "invalid_vat", "invalid_setting"];
    code.starts_with("file_needs_")
        || matches!(code, "file_unknown_sheet" | "file_unknown_column" | "import.needs_account")
        || of_options.contains(&code)
}
