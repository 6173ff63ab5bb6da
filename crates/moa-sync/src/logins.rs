//! Opening a login's secrets, and keeping what was renewed.

use std::collections::HashMap;
use std::sync::Arc;

use moa_connectors::http::{Http, Tokens};
use moa_connectors::oauth::App;
use moa_connectors::{Connector, Credentials, Login, connect};
use moa_domain::{Platform, SealError, Sealed, Sealer};
use moa_store::{PlatformApp, PlatformLogin, SealedLogin, Store};
use secrecy::SecretString;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::SyncError;

/// The place a secret of a login is bound to.
#[must_use]
pub fn login_place(login: Uuid, what: &str) -> String {
    format!("login {login} {what}")
}

/// The place an app's secret is bound to.
#[must_use]
pub fn app_place(app: Uuid) -> String {
    format!("app {app} client_secret")
}

/// Secrets of a login in clear, as long as the value lives.
#[derive(Debug, Clone, Default)]
pub struct LoginSecrets {
    pub access: Option<SecretString>,
    pub refresh: Option<SecretString>,
    pub secret: Option<SecretString>,
}

impl LoginSecrets {
    /// # Errors
    /// The keychain's, or secrets sealed elsewhere.
    pub fn open(login: &PlatformLogin, sealer: &dyn Sealer) -> Result<Self, SealError> {
        let open = |bytes: &Option<Vec<u8>>, what: &str| -> Result<Option<SecretString>, SealError> {
            let Some(bytes) = bytes else { return Ok(None) };
            let sealed = Sealed { key_id: login.key_id.clone().unwrap_or_default(), bytes: bytes.clone() };
            sealer.open(&sealed, &login_place(login.public_id, what)).map(Some)
        };
        Ok(Self {
            access: open(&login.access_token, "access_token")?,
            refresh: open(&login.refresh_token, "refresh_token")?,
            secret: open(&login.secret, "secret")?,
        })
    }

    /// # Errors
    /// The keychain's.
    pub fn seal(&self, login: Uuid, sealer: &dyn Sealer) -> Result<SealedLogin, SealError> {
        let mut sealed = SealedLogin::default();
        let mut seal = |secret: &Option<SecretString>, what: &str| -> Result<Option<Vec<u8>>, SealError> {
            let Some(secret) = secret else { return Ok(None) };
            let closed = sealer.seal(secret, &login_place(login, what))?;
            sealed.key_id = Some(closed.key_id);
            Ok(Some(closed.bytes))
        };
        let (access, refresh, secret) =
            (seal(&self.access, "access_token")?, seal(&self.refresh, "refresh_token")?, seal(&self.secret, "secret")?);
        Ok(SealedLogin { access_token: access, refresh_token: refresh, secret, ..sealed })
    }
}

/// Connectors of logins, each opened once, so that all accounts of a login share its token.
pub struct Opened {
    store: Store,
    http: Arc<Http>,
    sealer: Arc<dyn Sealer>,
    of: Mutex<HashMap<i32, Arc<dyn Connector>>>,
    /// Renewed tokens on their way into the database.
    saving: tokio_util::task::TaskTracker,
}

impl Opened {
    #[must_use]
    pub fn new(store: Store, http: Arc<Http>, sealer: Arc<dyn Sealer>) -> Self {
        Self { store, http, sealer, of: Mutex::default(), saving: tokio_util::task::TaskTracker::new() }
    }

    /// The connector of a login.
    ///
    /// # Errors
    /// No such login, secrets that cannot be opened here, or credentials that do not fit the platform.
    pub async fn connector(&self, login: i32) -> Result<Arc<dyn Connector>, SyncError> {
        let mut of = self.of.lock().await;
        if let Some(connector) = of.get(&login) {
            return Ok(Arc::clone(connector));
        }
        let stored = self.store.platform_login(login).await?.ok_or(SyncError::NotConnected)?;
        let platform: Platform = stored.platform.parse().unwrap_or_else(|_| Platform::Other(stored.platform.clone()));
        let app = self.store.platform_app(&platform).await?;
        let secrets = LoginSecrets::open(&stored, self.sealer.as_ref())?;
        let customers = self
            .store
            .connections(None)
            .await?
            .into_iter()
            .filter(|connection| connection.login_id == Some(login))
            .map(|connection| connection.account_id)
            .collect();
        let credentials = credentials(&stored, secrets, app.as_ref(), customers, self.sealer.as_ref())?;
        let connector = connect(&platform, &self.http, Login { credentials, saved: self.keep_renewed(&stored) })?;
        of.insert(login, Arc::clone(&connector));
        Ok(connector)
    }

    /// Forgets a login's connector: its secrets have changed.
    pub async fn forget(&self, login: i32) {
        self.of.lock().await.remove(&login);
    }

    /// Waits until renewed tokens are kept.
    pub async fn finish(&self) {
        self.saving.close();
        self.saving.wait().await;
        self.saving.reopen();
    }

    fn keep_renewed(&self, stored: &PlatformLogin) -> moa_connectors::http::Saved {
        let (store, sealer, saving) = (self.store.clone(), Arc::clone(&self.sealer), self.saving.clone());
        let (id, public_id, login_ends_at) = (stored.id, stored.public_id, stored.login_ends_at);
        Arc::new(move |tokens: Tokens| {
            let (store, sealer) = (store.clone(), Arc::clone(&sealer));
            saving.spawn(async move {
                let secrets = LoginSecrets { access: Some(tokens.access), refresh: tokens.refresh, secret: None };
                let kept = match secrets.seal(public_id, sealer.as_ref()) {
                    Ok(sealed) => {
                        let sealed = SealedLogin { token_expires_at: tokens.expires_at, login_ends_at, ..sealed };
                        store.reseal_login(id, &sealed).await.map_err(|error| error.to_string())
                    }
                    Err(error) => Err(error.to_string()),
                };
                if let Err(reason) = kept {
                    // The token works for this program; the next one renews it again.
                    tracing::warn!(login = id, reason, "a renewed token could not be kept");
                }
            });
        })
    }
}

fn credentials(
    stored: &PlatformLogin,
    secrets: LoginSecrets,
    app: Option<&PlatformApp>,
    customers: Vec<String>,
    sealer: &dyn Sealer,
) -> Result<Credentials, SyncError> {
    if stored.kind == "keys" {
        let secret = secrets.secret.ok_or(SealError::Broken)?;
        return Ok(Credentials::Keys { license: stored.identifier.clone().unwrap_or_default(), secret, customers });
    }
    let access = secrets.access.ok_or(SealError::Broken)?;
    let app = match app {
        Some(app) if stored.kind == "oauth" => open_app(app, sealer)?,
        _ => App { client_id: stored.identifier.clone().unwrap_or_default(), client_secret: None },
    };
    Ok(Credentials::OAuth { app, tokens: Tokens { access, refresh: secrets.refresh, expires_at: stored.token_expires_at } })
}

/// An app with its secret in clear.
///
/// # Errors
/// The keychain's, or a secret sealed elsewhere.
pub fn open_app(app: &PlatformApp, sealer: &dyn Sealer) -> Result<App, SealError> {
    let client_secret = match &app.client_secret {
        Some(bytes) => {
            let sealed = Sealed { key_id: app.key_id.clone().unwrap_or_default(), bytes: bytes.clone() };
            Some(sealer.open(&sealed, &app_place(app.public_id))?)
        }
        None => None,
    };
    Ok(App { client_id: app.client_id.clone(), client_secret })
}
