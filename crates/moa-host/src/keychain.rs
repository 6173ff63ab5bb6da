//! Secrets of a data folder in the operating system's keychain, one entry per folder and name.
//!
//! `MOA_KEYCHAIN=file` keeps them in private files beside the data instead, for machines without a keychain; `moa doctor` says so. A folder
//! notes (without the secret) which entries it has, so that a machine whose keychain is missing is only asked when there is something in it.

use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::locks::FileLock;
use crate::private::{Passage, make_folder, write_file};
use crate::{DataDir, HostError};

/// The service name entries are filed under.
const SERVICE: &str = "kr.moa.desktop";
/// Windows keeps at most this many bytes in one credential.
const LONGEST_SECRET_BYTES: usize = 2560;

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptIn {
    /// The operating system's keychain.
    Keychain,
    /// Private files beside the data: `MOA_KEYCHAIN=file`.
    Files,
}

/// What the environment asks for: `os`, which is usual, or `file`.
///
/// # Errors
/// `invalid_keychain` for anything else: a secret must not end up elsewhere because of a slip of the pen.
pub fn kept_in() -> Result<KeptIn, HostError> {
    match std::env::var_os("MOA_KEYCHAIN") {
        Some(value) if value == "file" => Ok(KeptIn::Files),
        None => Ok(KeptIn::Keychain),
        Some(value) if value == "os" || value.is_empty() => Ok(KeptIn::Keychain),
        Some(value) => Err(HostError::InvalidKeychain { value: value.to_string_lossy().into_owned() }),
    }
}

/// Whether secrets could be kept and found now. Nothing is written.
///
/// # Errors
/// `keychain` when the system's cannot be asked.
pub fn check(folder: &DataDir) -> Result<KeptIn, HostError> {
    let kept_in = kept_in()?;
    if kept_in == KeptIn::Keychain {
        ask(folder, "doctor", |entry| match entry.get_password() {
            Err(keyring::Error::NoEntry) => Ok(()),
            answer => answer.map(drop),
        })?;
    }
    Ok(kept_in)
}

/// The secret of a name, if one was written.
///
/// # Errors
/// `keychain`, `io`.
pub fn read(folder: &DataDir, name: &str) -> Result<Option<String>, HostError> {
    let note = note(folder, name);
    match fs::read_to_string(&note) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(HostError::io("read", &note, &error)),
        Ok(text) => match kept_in()? {
            KeptIn::Files => Ok(Some(text)),
            KeptIn::Keychain => ask(folder, name, keyring::v1::Entry::get_password).map(Some),
        },
    }
}

/// Keeps a secret under a name.
///
/// # Errors
/// `keychain` when there is none or the secret is longer than every system's keychain takes, `io`.
pub fn write(folder: &DataDir, name: &str, secret: &str) -> Result<(), HostError> {
    if secret.len() > LONGEST_SECRET_BYTES {
        return Err(HostError::Keychain { reason: format!("the secret is longer than {LONGEST_SECRET_BYTES} bytes") });
    }
    let note = note(folder, name);
    make_folder(&secrets(folder), Passage::Closed).map_err(|error| HostError::io("create", &secrets(folder), &error))?;
    let text = match kept_in()? {
        KeptIn::Files => secret.to_owned(),
        KeptIn::Keychain => {
            let secret = secret.to_owned();
            ask(folder, name, move |entry| entry.set_password(&secret))?;
            "keychain\n".to_owned()
        }
    };
    write_file(&note, text.as_bytes()).map_err(|error| HostError::io("write", &note, &error))
}

/// Waits until no other program changes a secret it has read, and keeps others from it.
pub(crate) fn lock(folder: &DataDir) -> Result<FileLock, HostError> {
    make_folder(&secrets(folder), Passage::Closed).map_err(|error| HostError::io("create", &secrets(folder), &error))?;
    FileLock::take(&secrets(folder).join("change.lock"))
}

/// Forgets the secret of a name; one that is not there is forgotten already.
///
/// # Errors
/// `keychain`, `io`.
pub fn remove(folder: &DataDir, name: &str) -> Result<(), HostError> {
    let note = note(folder, name);
    if !note.exists() {
        return Ok(());
    }
    if kept_in()? == KeptIn::Keychain {
        ask(folder, name, |entry| match entry.delete_credential() {
            Err(keyring::Error::NoEntry) => Ok(()),
            answer => answer,
        })?;
    }
    fs::remove_file(&note).map_err(|error| HostError::io("remove", &note, &error))
}

fn secrets(folder: &DataDir) -> PathBuf {
    folder.root().join("secrets")
}

fn note(folder: &DataDir, name: &str) -> PathBuf {
    secrets(folder).join(name)
}

/// Asks the keychain on a thread of its own: some of its clients run a loop of their own, which a runtime's thread may not.
fn ask<T: Send + 'static>(
    folder: &DataDir,
    name: &str,
    question: impl FnOnce(&keyring::v1::Entry) -> keyring::Result<T> + Send + 'static,
) -> Result<T, HostError> {
    let digest = Sha256::digest(folder.root().to_string_lossy().as_bytes());
    let account: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).chain([format!("/{name}")]).collect();
    let asked = std::thread::spawn(move || question(&keyring::v1::Entry::new(SERVICE, &account)?)).join();
    match asked {
        Ok(answer) => answer.map_err(|error| HostError::Keychain { reason: error.to_string() }),
        Err(_) => Err(HostError::Keychain { reason: "the keychain's client stopped".to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_asked_of_a_keychain_that_holds_nothing() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = DataDir::resolve(Some(place.path())).expect("a data folder");
        assert_eq!(read(&folder, "database-url").expect("no entry is no error"), None);
        remove(&folder, "database-url").expect("nothing to forget");
    }

    #[test]
    fn a_secret_no_keychain_takes_is_refused() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = DataDir::resolve(Some(place.path())).expect("a data folder");
        let error = write(&folder, "database-url", &"x".repeat(3000)).expect_err("too long");
        assert_eq!(error.code(), "keychain");
    }
}
