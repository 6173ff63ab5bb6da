//! One file per screen area, one line per command.

pub(crate) mod accounts;
pub(crate) mod clients;
pub(crate) mod dashboard;
pub(crate) mod files;
pub(crate) mod imports;
pub(crate) mod jobs;
pub(crate) mod reports;
pub(crate) mod settings;
pub(crate) mod workspace;

use moa_api::{ApiError, ErrorDto};

/// The workspace as a command gets it.
pub(crate) type Opened<'a> = tauri::State<'a, crate::opening::Workspace>;

/// An answer as the window gets it.
pub(crate) type Answer<T> = Result<T, ErrorDto>;

/// From the use case's error to its stable code.
pub(crate) fn answer<T>(answer: Result<T, ApiError>) -> Answer<T> {
    answer.map_err(|error| {
        tracing::warn!(%error, "a command failed");
        error.to_dto()
    })
}
