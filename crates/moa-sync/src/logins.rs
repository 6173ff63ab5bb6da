//! Opening a login's secrets, and keeping what was renewed.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use moa_connectors::http::{Http, Keep, Tokens, Turn};
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
    of: Mutex<HashMap<i32, OpenedLogin>>,
}

struct OpenedLogin {
    connector: Arc<dyn Connector>,
    /// What it was opened with: another sign-in, another app or tokens renewed elsewhere open it anew.
    sealed: SealedWith,
    /// Refused in a run: the next one tries again, perhaps somebody has mended it.
    has_failed: bool,
}

/// The ciphertexts behind a connector.
#[derive(Debug, PartialEq)]
struct SealedWith {
    login: [Option<Vec<u8>>; 3],
    app: Option<(Uuid, Option<Vec<u8>>)>,
    customers: Vec<String>,
}

impl Opened {
    #[must_use]
    pub fn new(store: Store, http: Arc<Http>, sealer: Arc<dyn Sealer>) -> Self {
        Self { store, http, sealer, of: Mutex::default() }
    }

    /// The connector of a login.
    ///
    /// # Errors
    /// No such login, secrets that cannot be opened here, or credentials that do not fit the platform.
    pub async fn connector(&self, login: i32) -> Result<Arc<dyn Connector>, SyncError> {
        let mut of = self.of.lock().await;
        let stored = self.store.platform_login(login).await?.ok_or(SyncError::NotConnected)?;
        let platform: Platform = stored.platform.parse().unwrap_or_else(|_| Platform::Other(stored.platform.clone()));
        let app = self.store.platform_app(&platform).await?;
        let customers = self.store.accounts_of_login(login).await?;
        let sealed = SealedWith {
            login: [stored.access_token.clone(), stored.refresh_token.clone(), stored.secret.clone()],
            app: app.as_ref().map(|app| (app.public_id, app.client_secret.clone())),
            customers,
        };
        if let Some(opened) = of.get(&login).filter(|opened| opened.sealed == sealed) {
            return Ok(Arc::clone(&opened.connector));
        }
        let secrets = LoginSecrets::open(&stored, self.sealer.as_ref())?;
        let credentials = credentials(&stored, secrets, app.as_ref(), sealed.customers.clone(), self.sealer.as_ref())?;
        let keep = Arc::new(InStore {
            store: self.store.clone(),
            sealer: Arc::clone(&self.sealer),
            login,
            public_id: stored.public_id,
            login_ends_at: stored.login_ends_at,
        });
        let connector = connect(&platform, &self.http, Login { credentials, keep })?;
        of.insert(login, OpenedLogin { connector: Arc::clone(&connector), sealed, has_failed: false });
        Ok(connector)
    }

    /// Notes that a platform refused the login or its app.
    pub(crate) async fn has_failed(&self, login: i32) {
        if let Some(opened) = self.of.lock().await.get_mut(&login) {
            opened.has_failed = true;
        }
    }

    /// A new run gives logins that were refused another chance.
    pub(crate) async fn forget_failed(&self) {
        self.of.lock().await.retain(|_, opened| !opened.has_failed);
    }
}

/// A login's tokens in the database, sealed.
struct InStore {
    store: Store,
    sealer: Arc<dyn Sealer>,
    login: i32,
    public_id: Uuid,
    login_ends_at: Option<DateTime<Utc>>,
}

impl InStore {
    async fn open(&self) -> Result<Option<Tokens>, SyncError> {
        let Some(stored) = self.store.platform_login(self.login).await? else { return Ok(None) };
        let secrets = LoginSecrets::open(&stored, self.sealer.as_ref())?;
        Ok(secrets.access.map(|access| Tokens { access, refresh: secrets.refresh, expires_at: stored.token_expires_at }))
    }

    async fn seal(&self, tokens: &Tokens) -> Result<(), SyncError> {
        let secrets = LoginSecrets { access: Some(tokens.access.clone()), refresh: tokens.refresh.clone(), secret: None };
        let sealed = secrets.seal(self.public_id, self.sealer.as_ref())?;
        let sealed = SealedLogin { token_expires_at: tokens.expires_at, login_ends_at: self.login_ends_at, ..sealed };
        Ok(self.store.reseal_login(self.login, &sealed).await?)
    }
}

#[async_trait]
impl Keep for InStore {
    async fn turn(&self) -> Option<Turn> {
        match self.store.login_turn(self.login).await {
            Ok(turn) => Some(Box::new(turn)),
            Err(error) => {
                tracing::debug!(login = self.login, %error, "a token is renewed without its turn");
                None
            }
        }
    }

    async fn kept(&self) -> Option<Tokens> {
        match self.open().await {
            Ok(tokens) => tokens,
            Err(error) => {
                tracing::debug!(login = self.login, %error, "kept tokens cannot be read");
                None
            }
        }
    }

    async fn keep(&self, tokens: &Tokens) {
        if let Err(error) = self.seal(tokens).await {
            // The token works for this program; the next one renews it again.
            tracing::warn!(login = self.login, %error, "a renewed token could not be kept");
        }
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
