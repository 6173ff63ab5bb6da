//! Another sealing key: for when somebody who should not may have had the computer in hands.

use std::sync::Arc;

use moa_connectors::PLATFORMS;
use moa_domain::SealError;
use moa_store::{PlatformApp, SealedLogin};
use moa_sync::{LoginSecrets, app_place, open_app};
use secrecy::SecretString;

use super::connect::blocking;
use crate::Moa;
use crate::dto::settings::ResealedDto;
use crate::error::ApiError;

impl Moa {
    /// Makes a new sealing key and seals every secret of this computer with it. What was sealed on other computers stays as it is.
    ///
    /// Cut off in the middle nothing is lost: each secret names its key, and older keys stay.
    ///
    /// # Errors
    /// The keychain's, or the database's.
    pub async fn renew_sealing_key(&self) -> Result<ResealedDto, ApiError> {
        let sealer = Arc::clone(&self.inner.platforms.sealer);
        let rotating = Arc::clone(&sealer);
        blocking(move || Ok(rotating.rotate()?)).await?;
        let store = self.store();
        let mut done = ResealedDto::default();
        for login in store.platform_logins().await? {
            // Read again when it is our turn: a token may just be renewed.
            let _turn = store.login_turn(login.id).await?;
            let Some(login) = store.platform_login(login.id).await? else { continue };
            if login.key_id.is_none() {
                continue;
            }
            let opening = Arc::clone(&sealer);
            let (id, needs_login) = (login.id, login.needs_login);
            let resealed = blocking(move || {
                let Some(secrets) = known_here(LoginSecrets::open(&login, opening.as_ref()))? else { return Ok(None) };
                let sealed = secrets.seal(login.public_id, opening.as_ref())?;
                Ok(Some(SealedLogin { token_expires_at: login.token_expires_at, login_ends_at: login.login_ends_at, ..sealed }))
            })
            .await?;
            match resealed {
                Some(sealed) => {
                    store.reseal_login(id, &sealed).await?;
                    if needs_login {
                        store.login_needs_person(id).await?;
                    }
                    done.resealed += 1;
                }
                None => done.elsewhere += 1,
            }
        }
        for platform in PLATFORMS {
            let Some(app) = store.platform_app(platform).await? else { continue };
            if app.key_id.is_none() {
                continue;
            }
            let opening = Arc::clone(&sealer);
            let resealed = blocking(move || {
                let Some(opened) = known_here(open_app(&app, opening.as_ref()))? else { return Ok(None) };
                let seal = |secret: SecretString| opening.seal(&secret, &app_place(app.public_id));
                let sealed = opened.client_secret.map(seal).transpose()?;
                let (key_id, client_secret) = sealed.map(|sealed| (sealed.key_id, sealed.bytes)).unzip();
                Ok(Some(PlatformApp { key_id, client_secret, ..app }))
            })
            .await?;
            match resealed {
                Some(app) => {
                    store.set_platform_app(&app).await?;
                    done.resealed += 1;
                }
                None => done.elsewhere += 1,
            }
        }
        Ok(done)
    }
}

/// `None` for what another computer has sealed, or what nobody can open any more.
fn known_here<T>(opened: Result<T, SealError>) -> Result<Option<T>, ApiError> {
    match opened {
        Ok(opened) => Ok(Some(opened)),
        Err(SealError::OtherKey { .. } | SealError::Broken) => Ok(None),
        Err(error @ SealError::Keychain { .. }) => Err(error.into()),
    }
}
