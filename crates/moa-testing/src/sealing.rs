//! A sealer without a keychain. It hides nothing from anybody who looks, only from a search for the secret itself.

use std::sync::atomic::{AtomicU32, Ordering};

use moa_domain::{SealError, Sealed, Sealer};
use secrecy::{ExposeSecret, SecretString};

/// Binds to its place as the real one does, under the keys `test 0`, `test 1` and so on.
#[derive(Debug, Default)]
pub struct TestSealer {
    rotated: AtomicU32,
}

const MASK: u8 = 0x5a;

impl Sealer for TestSealer {
    fn seal(&self, secret: &SecretString, bound_to: &str) -> Result<Sealed, SealError> {
        let text = format!("{bound_to}\n{}", secret.expose_secret());
        Ok(Sealed { key_id: self.current_key()?, bytes: text.bytes().map(|byte| byte ^ MASK).collect() })
    }

    fn open(&self, sealed: &Sealed, bound_to: &str) -> Result<SecretString, SealError> {
        let bytes = sealed.bytes.iter().map(|byte| byte ^ MASK).collect();
        let text = String::from_utf8(bytes).map_err(|_| SealError::Broken)?;
        let (place, secret) = text.split_once('\n').ok_or(SealError::Broken)?;
        if place == bound_to { Ok(secret.to_owned().into()) } else { Err(SealError::Broken) }
    }

    fn current_key(&self) -> Result<String, SealError> {
        Ok(format!("test {}", self.rotated.load(Ordering::SeqCst)))
    }

    fn rotate(&self) -> Result<(), SealError> {
        self.rotated.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}
