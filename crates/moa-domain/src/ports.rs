//! What the operating system gives, as the rest of the program sees it. Implemented in `moa-host`.

use chrono::{DateTime, NaiveDate, Utc};
use secrecy::SecretString;

/// The only source of "now". Tests pass their own.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;

    /// Today in the office's own time zone.
    fn today(&self) -> NaiveDate;
}

/// A clock that stands still, for tests and for the sample agency.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn today(&self) -> NaiveDate {
        self.0.date_naive()
    }
}

/// A secret as it may be stored: authenticated ciphertext and the id of the key it was sealed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub key_id: String,
    pub bytes: Vec<u8>,
}

/// Why a secret cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The keychain cannot be asked, or its files not read.
    #[error("the keychain cannot be used: {reason}")]
    Keychain { reason: String },
    /// Sealed on another computer, or with a key that is gone: whoever knows the secret enters it again.
    #[error("the key {key_id} this secret was sealed with is not on this computer")]
    OtherKey { key_id: String },
    /// Not what was sealed for this place: changed, or moved from another row.
    #[error("the stored secret was changed or belongs elsewhere")]
    Broken,
}

/// Seals secrets with a key that never leaves the keychain. A secret is bound to the place it is kept at: moved elsewhere it cannot be opened.
pub trait Sealer: Send + Sync {
    /// # Errors
    /// [`SealError::Keychain`].
    fn seal(&self, secret: &SecretString, bound_to: &str) -> Result<Sealed, SealError>;

    /// # Errors
    /// [`SealError`].
    fn open(&self, sealed: &Sealed, bound_to: &str) -> Result<SecretString, SealError>;

    /// The key new secrets are sealed with; what carries another id is sealed anew when it is next written.
    ///
    /// # Errors
    /// [`SealError::Keychain`].
    fn current_key(&self) -> Result<String, SealError>;

    /// Makes a new current key. What older ones sealed still opens.
    ///
    /// # Errors
    /// [`SealError::Keychain`].
    fn rotate(&self) -> Result<(), SealError>;
}
