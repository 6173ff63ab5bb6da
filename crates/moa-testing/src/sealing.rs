//! A sealer without a keychain. It hides nothing from anybody who looks, only from a search for the secret itself.

use moa_domain::{SealError, Sealed, Sealer};
use secrecy::{ExposeSecret, SecretString};

/// Binds to its place as the real one does, under the key `test`.
#[derive(Debug, Default, Clone, Copy)]
pub struct TestSealer;

const MASK: u8 = 0x5a;

impl Sealer for TestSealer {
    fn seal(&self, secret: &SecretString, bound_to: &str) -> Result<Sealed, SealError> {
        let text = format!("{bound_to}\n{}", secret.expose_secret());
        Ok(Sealed { key_id: "test".to_owned(), bytes: text.bytes().map(|byte| byte ^ MASK).collect() })
    }

    fn open(&self, sealed: &Sealed, bound_to: &str) -> Result<SecretString, SealError> {
        let bytes = sealed.bytes.iter().map(|byte| byte ^ MASK).collect();
        let text = String::from_utf8(bytes).map_err(|_| SealError::Broken)?;
        let (place, secret) = text.split_once('\n').ok_or(SealError::Broken)?;
        if place == bound_to { Ok(secret.to_owned().into()) } else { Err(SealError::Broken) }
    }

    fn current_key(&self) -> Result<String, SealError> {
        Ok("test".to_owned())
    }
}
