//! Opening the workspace for the window: the shared server somebody chose, else the embedded database.

use moa_api::{ApiError, Moa};
use moa_host::DataDir;

/// # Errors
/// Whatever keeps the database from opening, worded by its code.
pub(crate) async fn open() -> Result<Moa, ApiError> {
    let folder = data_folder()?;
    let chosen = match std::env::var("MOA_DATABASE_URL") {
        Ok(url) => Some(url),
        Err(_) => moa_door::chosen_server(&folder)?,
    };
    let endpoints = std::env::var_os("MOA_ENDPOINTS").map(std::path::PathBuf::from);
    moa_door::open(&moa_door::Opening { folder, database_url: chosen, door: "window", max_connections: 16, endpoints }).await
}

pub(crate) fn data_folder() -> Result<DataDir, ApiError> {
    let named = std::env::var_os("MOA_DATA_DIR").map(std::path::PathBuf::from);
    DataDir::resolve(named.as_deref()).map_err(|error| ApiError::host(error.code(), &error))
}
