//! Sealing secrets for the database: XChaCha20-Poly1305 with a 32-byte key that stays in the keychain.
//!
//! The keychain's entry `sealing-keys` holds the keys of a data folder, one `id:base64` a line, the current one first. The place a secret is
//! kept at goes into the authenticated data: ciphertext moved to another row cannot be opened. Rotation puts a new key in front; older
//! ones stay, because a folder may know several databases and cannot ask all of them what is still sealed with which.

use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use moa_domain::{SealError, Sealed, Sealer};
use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::{DataDir, HostError, keychain};

/// The keychain's entry of a data folder.
const ENTRY: &str = "sealing-keys";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

struct Key {
    id: String,
    bytes: SecretBox<[u8; KEY_BYTES]>,
}

/// Seals with the keys of one data folder.
pub struct KeychainSealer {
    folder: DataDir,
    /// Read from the keychain once; the current key first.
    keys: Mutex<Option<Vec<Key>>>,
}

impl KeychainSealer {
    #[must_use]
    pub fn new(folder: DataDir) -> Self {
        Self { folder, keys: Mutex::new(None) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Vec<Key>>> {
        self.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn read(&self) -> Result<Vec<Key>, HostError> {
        let Some(text) = keychain::read(&self.folder, ENTRY)? else { return Ok(Vec::new()) };
        let keys: Option<Vec<Key>> = text.lines().filter(|line| !line.is_empty()).map(key_of).collect();
        keys.ok_or_else(|| HostError::Keychain { reason: "the sealing keys in it cannot be read".to_owned() })
    }

    fn write(&self, keys: &[Key]) -> Result<(), HostError> {
        let lines: Vec<String> = keys.iter().map(|key| format!("{}:{}", key.id, STANDARD.encode(key.bytes.expose_secret()))).collect();
        keychain::write(&self.folder, ENTRY, &lines.join("\n"))
    }

    /// Changes the keys in the keychain as they are now: another program may have changed them since they were read. One at a time.
    fn change(&self, keys: &mut Option<Vec<Key>>, change: impl FnOnce(&mut Vec<Key>) -> Result<(), HostError>) -> Result<(), HostError> {
        let _one_at_a_time = keychain::lock(&self.folder)?;
        let mut known = self.read()?;
        change(&mut known)?;
        self.write(&known)?;
        *keys = Some(known);
        Ok(())
    }

    /// Another program may have made a new key.
    fn look_again(&self) -> Result<(), SealError> {
        let known = self.read().map_err(|error| refused(&error))?;
        if !known.is_empty() {
            *self.lock() = Some(known);
        }
        Ok(())
    }

    /// Works with the keys; makes the first one where there is none, and looks again for one that another program may have made.
    fn with_keys<T>(&self, needed: Option<&str>, use_keys: impl FnOnce(&[Key]) -> Result<T, SealError>) -> Result<T, SealError> {
        let mut keys = self.lock();
        let has = |known: &[Key]| needed.is_none_or(|id| known.iter().any(|key| key.id == id));
        if !keys.as_deref().is_some_and(|known| !known.is_empty() && has(known)) {
            let known = self.read().map_err(|error| refused(&error))?;
            if keys.is_none() || !known.is_empty() {
                *keys = Some(known);
            }
        }
        if keys.as_ref().is_none_or(Vec::is_empty) {
            let first = |known: &mut Vec<Key>| {
                if known.is_empty() {
                    known.push(new_key()?);
                }
                Ok(())
            };
            self.change(&mut keys, first).map_err(|error| refused(&error))?;
        }
        use_keys(keys.as_deref().unwrap_or_default())
    }
}

fn refused(error: &HostError) -> SealError {
    SealError::Keychain { reason: error.to_string() }
}

impl Sealer for KeychainSealer {
    fn seal(&self, secret: &SecretString, bound_to: &str) -> Result<Sealed, SealError> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| SealError::Keychain { reason: error.to_string() })?;
        self.look_again()?;
        self.with_keys(None, |keys| {
            let key = keys.first().ok_or(SealError::Broken)?;
            let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: bound_to.as_bytes() };
            let ciphertext = cipher(key).encrypt(&nonce.into(), payload).map_err(|_| SealError::Broken)?;
            Ok(Sealed { key_id: key.id.clone(), bytes: [&nonce[..], &ciphertext].concat() })
        })
    }

    fn open(&self, sealed: &Sealed, bound_to: &str) -> Result<SecretString, SealError> {
        self.with_keys(Some(&sealed.key_id), |keys| {
            let key =
                keys.iter().find(|key| key.id == sealed.key_id).ok_or_else(|| SealError::OtherKey { key_id: sealed.key_id.clone() })?;
            let (nonce, ciphertext) = sealed.bytes.split_at_checked(NONCE_BYTES).ok_or(SealError::Broken)?;
            let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealError::Broken)?;
            let payload = Payload { msg: ciphertext, aad: bound_to.as_bytes() };
            let plain = cipher(key).decrypt(&nonce.into(), payload).map_err(|_| SealError::Broken)?;
            String::from_utf8(plain).map(SecretString::from).map_err(|_| SealError::Broken)
        })
    }

    fn current_key(&self) -> Result<String, SealError> {
        self.with_keys(None, |keys| keys.first().map(|key| key.id.clone()).ok_or(SealError::Broken))
    }

    fn rotate(&self) -> Result<(), SealError> {
        let mut keys = self.lock();
        let rotated = self.change(&mut keys, |known| {
            known.insert(0, new_key()?);
            Ok(())
        });
        rotated.map_err(|error| refused(&error))
    }
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.bytes.expose_secret().into())
}

fn new_key() -> Result<Key, HostError> {
    let mut bytes = [0_u8; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| HostError::Keychain { reason: error.to_string() })?;
    Ok(Key { id: uuid::Uuid::now_v7().simple().to_string(), bytes: SecretBox::new(Box::new(bytes)) })
}

fn key_of(line: &str) -> Option<Key> {
    let (id, text) = line.split_once(':')?;
    let bytes: [u8; KEY_BYTES] = STANDARD.decode(text).ok()?.try_into().ok()?;
    Some(Key { id: id.to_owned(), bytes: SecretBox::new(Box::new(bytes)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "canary-secret-0815";

    fn sealer(keys: Vec<Key>) -> KeychainSealer {
        let place = tempfile::tempdir().expect("a folder").keep();
        KeychainSealer { folder: DataDir::resolve(Some(&place)).expect("a data folder"), keys: Mutex::new(Some(keys)) }
    }

    #[test]
    fn what_is_sealed_opens_at_its_place_only() {
        let sealer = sealer(vec![new_key().expect("random")]);
        let sealed = sealer.seal(&CANARY.into(), "login 1 access").expect("sealed");
        assert!(!sealed.bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()));
        assert_eq!(sealer.open(&sealed, "login 1 access").expect("opened").expose_secret(), CANARY);
        assert_eq!(sealer.open(&sealed, "login 2 access").expect_err("moved"), SealError::Broken);
        let mut changed = sealed.clone();
        changed.bytes[30] ^= 1;
        assert_eq!(sealer.open(&changed, "login 1 access").expect_err("changed"), SealError::Broken);
        assert_eq!(sealer.open(&Sealed { bytes: vec![1; 3], ..sealed.clone() }, "login 1 access").expect_err("cut"), SealError::Broken);
        assert_ne!(sealer.seal(&CANARY.into(), "login 1 access").expect("sealed").bytes, sealed.bytes, "a new nonce each time");
    }

    #[test]
    fn an_older_key_still_opens_what_it_sealed_and_a_strange_one_is_named() {
        let one = sealer(vec![new_key().expect("random")]);
        let sealed = one.seal(&CANARY.into(), "a").expect("sealed");
        let older = one.lock().take().expect("keys");
        let mut keys = vec![new_key().expect("random")];
        keys.extend(older);
        let two = sealer(keys);
        assert_eq!(two.open(&sealed, "a").expect("opened").expose_secret(), CANARY);
        assert_ne!(two.seal(&CANARY.into(), "a").expect("sealed").key_id, sealed.key_id);
        let strange = sealer(vec![new_key().expect("random")]);
        assert_eq!(strange.open(&sealed, "a").expect_err("another computer"), SealError::OtherKey { key_id: sealed.key_id });
    }

    #[test]
    fn a_secret_shows_as_nothing() {
        assert!(!format!("{:?}", SecretString::from(CANARY)).contains("canary"));
    }
}
