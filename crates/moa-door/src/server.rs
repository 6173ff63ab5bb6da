//! The shared server somebody chose in the window, kept until another is chosen. Its address holds a password, so it lives in the keychain.

use moa_api::ApiError;
use moa_host::{DataDir, keychain};

/// The keychain's entry of a data folder.
const ENTRY: &str = "database-url";

/// The chosen server's address, if one was chosen.
///
/// # Errors
/// The keychain cannot be asked.
pub fn chosen_server(folder: &DataDir) -> Result<Option<String>, ApiError> {
    keychain::read(folder, ENTRY).map_err(|error| ApiError::host(error.code(), &error))
}

/// Chooses a shared server, or with `None` the embedded database; takes effect at the next start.
///
/// # Errors
/// The keychain cannot be written.
pub fn choose_server(folder: &DataDir, url: Option<&str>) -> Result<(), ApiError> {
    match url {
        Some(url) => keychain::write(folder, ENTRY, url),
        None => keychain::remove(folder, ENTRY),
    }
    .map_err(|error| ApiError::host(error.code(), &error))
}
