//! Connecting platforms: the agency's own app, signing in or entering keys, choosing accounts, claiming what was imported by file.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use moa_connectors::http::{Keep, Tokens, Turn};
use moa_connectors::oauth::{App, Listener, ListenerError, Pages};
use moa_connectors::{Call, Connector, Credentials, Kind, Login, RemoteAccount};
use moa_domain::{Platform, VatBasis};
use moa_store::{NewAccount, NewConnection, PlatformApp, SealedLogin, StoreError};
use moa_sync::{LoginSecrets, SyncError, app_place, default_vat, open_app};
use moa_text::{Lang, text};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::accounts::account_id_form;
use crate::Moa;
use crate::dto::connection::{AccountChoice, AccountProblem, AppDto, ConnectedDto, ReachableAccount, SignedInDto};
use crate::error::{ApiError, Blame};
use crate::read::accounts::connectable;

/// Told where the browser has to go.
pub type AuthorisePage<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Keys that sign requests, for the accounts of these numbers.
#[derive(Debug, Clone)]
pub struct NewKeys {
    pub customers: Vec<String>,
    pub license: String,
    pub secret: SecretString,
}

/// A login whose accounts are not chosen yet.
pub(crate) struct Waiting {
    platform: Platform,
    login_id: i32,
    accounts: Vec<RemoteAccount>,
}

/// Tokens that were renewed before the login is kept.
#[derive(Default)]
struct Renewed(Mutex<Option<Tokens>>);

#[async_trait]
impl Keep for Renewed {
    async fn turn(&self) -> Option<Turn> {
        None
    }

    async fn kept(&self) -> Option<Tokens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn keep(&self, tokens: &Tokens) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
    }
}

/// A login before it is kept.
struct NewLogin {
    kind: &'static str,
    label: String,
    identifier: Option<String>,
    app: App,
    secrets: LoginSecrets,
    expires_at: Option<DateTime<Utc>>,
    login_ends_at: Option<DateTime<Utc>>,
    customers: Vec<String>,
}

impl Moa {
    /// Keeps the agency's own app at a platform; another one takes its place. Without a secret the one kept for this id stays.
    ///
    /// # Errors
    /// A platform without sign-in, an empty id (usage), the keychain's, or the database's.
    pub async fn set_app(&self, platform: &str, client_id: &str, secret: Option<SecretString>) -> Result<AppDto, ApiError> {
        let platform = connectable(platform)?;
        if moa_connectors::sign_in(&platform).is_none() {
            return Err(ApiError::usage("sign_in.by_keys", [("platform", platform.code().to_owned())]));
        }
        let client_id = client_id.trim();
        if client_id.is_empty() || client_id.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err(ApiError::usage("sign_in.bad_client_id", []));
        }
        let before = self.app_of(&platform).await?;
        let app = match (secret, before) {
            (None, Some(before)) if before.client_id == client_id => before,
            (secret, _) => {
                let public_id = Uuid::now_v7();
                let sealer = Arc::clone(&self.inner.platforms.sealer);
                let sealed =
                    blocking(move || secret.map(|secret| sealer.seal(&secret, &app_place(public_id))).transpose().map_err(ApiError::from))
                        .await?;
                PlatformApp {
                    platform: platform.code().to_owned(),
                    public_id,
                    client_id: client_id.to_owned(),
                    key_id: sealed.as_ref().map(|sealed| sealed.key_id.clone()),
                    client_secret: sealed.map(|sealed| sealed.bytes),
                }
            }
        };
        let kept = app.clone();
        self.retried(move |store| {
            let app = kept.clone();
            async move { store.set_platform_app(&app).await }
        })
        .await?;
        self.told_of_accounts();
        Ok(AppDto { platform: app.platform, client_id: app.client_id, has_secret: app.client_secret.is_some() })
    }

    /// Signs in with the system's browser: tells the address to open, waits for the browser to come back, asks which accounts there are.
    ///
    /// # Errors
    /// No app kept for the platform (usage), what a person or the platform refused, `sign_in.timeout`, or `Cancelled`.
    pub async fn sign_in(&self, platform: &str, lang: Lang, timeout: Duration, told: AuthorisePage<'_>) -> Result<SignedInDto, ApiError> {
        let platform = connectable(platform)?;
        let named = || [("platform", platform.code().to_owned())];
        let way = moa_connectors::sign_in(&platform).ok_or_else(|| ApiError::usage("sign_in.by_keys", named()))?;
        let app = self.app_of(&platform).await?.ok_or_else(|| ApiError::usage("sign_in.no_app", named()))?;
        let sealer = Arc::clone(&self.inner.platforms.sealer);
        let app = blocking(move || Ok(open_app(&app, sealer.as_ref())?)).await?;
        let cancel = self.begin_sign_in();

        let refused = |error: &ListenerError| match error {
            ListenerError::PortsTaken { ports } => ApiError::failure(error.code(), [("ports", ports.clone())]),
            ListenerError::Io(source) => ApiError::failure(error.code(), [("detail", source.to_string())]),
        };
        let listener = Listener::bind(way.redirect()).await.map_err(|error| refused(&error))?;
        let authorisation = way.authorise(&app, &listener.redirect_uri())?;
        let http = self.inner.platforms.http(&self.inner.clock)?;
        told(http.endpoints().place(&authorisation.url).as_str());
        let pages = Pages { granted: page(lang, "sign_in_page"), refused: page(lang, "sign_in_refused_page") };
        let returned = tokio::select! {
            () = cancel.cancelled() => return Err(ApiError::Cancelled),
            () = tokio::time::sleep(timeout) =>
                return Err(ApiError::failure("sign_in.timeout", [("platform", platform.code().to_owned()), ("seconds", timeout.as_secs().to_string())])),
            returned = listener.returned(&authorisation.state, &pages) => returned.map_err(|error| refused(&error))?,
        };
        drop(listener);
        let Some(code) = &returned.code else { return Err(way.refusal(&returned).into()) };
        let call = Call::new(cancel);
        let granted = way.exchange(&http, &app, &authorisation, code, &call).await?;
        let login = NewLogin {
            kind: "oauth",
            label: granted.label.unwrap_or_default(),
            identifier: Some(app.client_id.clone()),
            app,
            secrets: LoginSecrets { access: Some(granted.tokens.access), refresh: granted.tokens.refresh, secret: None },
            expires_at: granted.tokens.expires_at,
            login_ends_at: granted.login_ends_at,
            customers: Vec::new(),
        };
        self.reach(platform, login, &call).await
    }

    /// Stops the sign-in under way, if there is one.
    pub fn cancel_sign_in(&self) {
        let sign_in = self.inner.platforms.sign_in.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(cancel) = sign_in {
            cancel.cancel();
        }
    }

    /// Uses a token somebody made at the platform (Meta's system user).
    ///
    /// # Errors
    /// A platform that takes none (usage), or what the platform refused.
    pub async fn sign_in_with_token(&self, platform: &str, token: SecretString) -> Result<SignedInDto, ApiError> {
        let platform = connectable(platform)?;
        let http = self.inner.platforms.http(&self.inner.clock)?;
        let call = Call::default();
        let or_refused = |error: ApiError| refused(error, "sign_in.token_refused");
        let examined = moa_connectors::examine_token(&platform, &http, token, &call).await.map_err(|error| or_refused(error.into()))?;
        let granted = examined.ok_or_else(|| ApiError::usage("sign_in.no_token", [("platform", platform.code().to_owned())]))?;
        // Made at the platform, perhaps for another app than the agency's: nothing is signed with this one's secret.
        let app = App { client_id: String::new(), client_secret: None };
        let login = NewLogin {
            kind: "token",
            label: granted.label.unwrap_or_default(),
            identifier: Some(app.client_id.clone()),
            app,
            secrets: LoginSecrets { access: Some(granted.tokens.access), ..LoginSecrets::default() },
            expires_at: granted.tokens.expires_at,
            login_ends_at: granted.login_ends_at,
            customers: Vec::new(),
        };
        self.reach(platform, login, &call).await.map_err(or_refused)
    }

    /// Uses keys that sign requests.
    ///
    /// # Errors
    /// A platform that takes none, numbers that are none (usage), or what the platform refused.
    pub async fn sign_in_with_keys(&self, platform: &str, keys: NewKeys) -> Result<SignedInDto, ApiError> {
        let platform = connectable(platform)?;
        if platform != Platform::NaverAds {
            return Err(ApiError::usage("sign_in.no_keys", [("platform", platform.code().to_owned())]));
        }
        let mut customers: Vec<String> = Vec::new();
        for number in &keys.customers {
            let number = account_id_form(number);
            if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(ApiError::usage("sign_in.bad_customer", [("value", number)]));
            }
            if !customers.contains(&number) {
                customers.push(number);
            }
        }
        let license = keys.license.trim().to_owned();
        if license.is_empty() || customers.is_empty() {
            return Err(ApiError::usage("sign_in.keys_missing", []));
        }
        // Accounts the same licence has been used for before are repaired with it.
        let logins = self.store().platform_logins().await?;
        let same: BTreeSet<i32> = logins
            .iter()
            .filter(|login| login.kind == "keys" && login.identifier.as_deref() == Some(&license))
            .map(|login| login.id)
            .collect();
        let login = NewLogin {
            kind: "keys",
            label: license.clone(),
            identifier: Some(license.clone()),
            app: App { client_id: license, client_secret: None },
            secrets: LoginSecrets { secret: Some(keys.secret), ..LoginSecrets::default() },
            expires_at: None,
            login_ends_at: None,
            customers,
        };
        let mut signed_in = self.reach(platform, login, &Call::default()).await.map_err(|error| refused(error, "sign_in.keys_refused"))?;
        if let Some(waiting) = self.waiting_login(&signed_in.id) {
            for old in same {
                signed_in.repaired += u32::try_from(self.awake().await?.repair_login(old, waiting).await?).unwrap_or(0);
            }
        }
        Ok(signed_in)
    }

    fn waiting_login(&self, id: &str) -> Option<i32> {
        let waiting = self.inner.platforms.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.get(&id.parse().ok()?).map(|waiting| waiting.login_id)
    }

    /// Asks the platform which accounts a login reaches, keeps its secrets sealed, and repairs accounts of its earlier logins.
    async fn reach(&self, platform: Platform, login: NewLogin, call: &Call) -> Result<SignedInDto, ApiError> {
        let http = self.inner.platforms.http(&self.inner.clock)?;
        let renewed = Arc::<Renewed>::default();
        let login_for_platform = Login { credentials: credentials(&login)?, keep: Arc::clone(&renewed) as Arc<dyn Keep> };
        let connector: Arc<dyn Connector> = moa_connectors::connect(&platform, &http, login_for_platform)?;
        let accounts = connector.accounts(call).await?;
        let (mut secrets, mut expires_at) = (login.secrets, login.expires_at);
        if let Some(tokens) = renewed.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            (secrets.access, secrets.refresh, expires_at) = (Some(tokens.access), tokens.refresh, tokens.expires_at);
        }

        let public_id = Uuid::now_v7();
        let sealer = Arc::clone(&self.inner.platforms.sealer);
        let sealed = blocking(move || Ok(secrets.seal(public_id, sealer.as_ref())?)).await?;
        let sealed = SealedLogin { token_expires_at: expires_at, login_ends_at: login.login_ends_at, ..sealed };
        let store = self.store();
        store.forget_unused_logins().await?;
        let names = (login.label.as_str(), login.identifier.as_deref());
        let login_id = store.add_platform_login(&platform, public_id, login.kind, names, &sealed).await?;
        let reachable: Vec<(String, Option<String>)> = accounts.iter().map(|account| (account.id.clone(), account.via.clone())).collect();
        let repaired = store.repair_accounts(&platform, &reachable, login_id, &login.label, login.login_ends_at).await?;
        if repaired > 0 {
            self.told_of_accounts();
        }

        let known = store.connections(None).await?;
        let listed = accounts
            .iter()
            .map(|account| {
                let here = known.iter().find(|known| known.platform == platform && known.account_id == account.id);
                ReachableAccount {
                    account_id: account.id.clone(),
                    account_name: account.name.clone(),
                    currency: account.currency.map(|currency| currency.to_string()),
                    time_zone: account.time_zone.clone(),
                    closed: account.state == moa_connectors::AccountState::Closed,
                    client: here.map(|known| known.client.clone()),
                    connected: here.is_some_and(|known| known.is_connected && !known.is_file_only),
                }
            })
            .collect();
        let id = Uuid::now_v7();
        let waiting = Waiting { platform: platform.clone(), login_id, accounts };
        self.inner.platforms.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, waiting);
        Ok(SignedInDto {
            id: id.to_string(),
            platform: platform.code().to_owned(),
            label: Some(login.label).filter(|label| !label.is_empty()),
            accounts: listed,
            repaired: u32::try_from(repaired).unwrap_or(0),
        })
    }

    /// Connects the chosen accounts of a login. `vat` says whether their cost includes VAT, where somebody knows better than the default.
    ///
    /// # Errors
    /// An account the login does not reach (usage), one that belongs to another client when no other could be connected, or the database's.
    pub async fn connect_accounts(&self, id: &str, choices: &[AccountChoice], vat: Option<&str>) -> Result<ConnectedDto, ApiError> {
        let vat = vat.map(super::accounts::vat_of).transpose()?;
        let gone = || ApiError::usage("sign_in.gone", []);
        let key: Uuid = id.parse().map_err(|_| gone())?;
        let (platform, login_id, accounts) = {
            let waiting = self.inner.platforms.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let waiting = waiting.get(&key).ok_or_else(gone)?;
            (waiting.platform.clone(), waiting.login_id, waiting.accounts.clone())
        };
        // One that nobody chose from within the hour is forgotten.
        if self.awake().await?.platform_login(login_id).await?.is_none() {
            return Err(gone());
        }
        let mut chosen = Vec::new();
        for choice in choices {
            let wanted = account_id_form(&choice.account_id);
            let account = accounts.iter().find(|account| account_id_form(&account.id) == wanted).ok_or_else(|| {
                let known = accounts.iter().map(|account| account.id.clone()).collect::<Vec<_>>().join(", ");
                ApiError::usage("connect.unknown_account", [("account", choice.account_id.clone()), ("known", known)])
            })?;
            chosen.push((account, choice.client_id));
        }
        let (mut connected, mut refused) = (Vec::new(), Vec::new());
        for (account, client_id) in chosen {
            let new = new_connection(&platform, account, client_id, login_id, vat);
            match self.awake().await?.connect_account(&new).await {
                Ok(id) => connected.push(id),
                Err(error @ StoreError::AccountOfOtherClient { .. }) => refused.push((account.id.clone(), ApiError::from(error))),
                Err(error) => return Err(error.into()),
            }
        }
        if connected.is_empty()
            && let Some((_, error)) = refused.pop()
        {
            return Err(error);
        }
        self.inner.platforms.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        self.told_of_accounts();
        let accounts = self.account_list().await?.into_iter().filter(|account| connected.contains(&account.id)).collect();
        let problem = |(account_id, error): (String, ApiError)| AccountProblem {
            account_id,
            platform: platform.code().to_owned(),
            error: error.to_dto(),
        };
        Ok(ConnectedDto { accounts, refused: refused.into_iter().map(problem).collect() })
    }

    pub(crate) async fn app_of(&self, platform: &Platform) -> Result<Option<PlatformApp>, ApiError> {
        let platform = platform.clone();
        self.retried(move |store| {
            let platform = platform.clone();
            async move { store.platform_app(&platform).await }
        })
        .await
    }

    /// A sign-in begins; one that is still waiting ends.
    fn begin_sign_in(&self) -> CancellationToken {
        let cancel = CancellationToken::new();
        let mut sign_in = self.inner.platforms.sign_in.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = sign_in.replace(cancel.clone()) {
            before.cancel();
        }
        cancel
    }
}

/// What was just entered has not ended: it is wrong.
fn refused(error: ApiError, code: &'static str) -> ApiError {
    match error {
        ApiError::Sync(SyncError::Platform(error)) if error.kind == Kind::NeedsLogin => {
            ApiError::Refused { code, values: error.values(), blame: Blame::Failure }
        }
        other => other,
    }
}

fn credentials(login: &NewLogin) -> Result<Credentials, ApiError> {
    let missing = || ApiError::usage("sign_in.keys_missing", []);
    if login.kind == "keys" {
        let secret = login.secrets.secret.clone().ok_or_else(missing)?;
        return Ok(Credentials::Keys { license: login.app.client_id.clone(), secret, customers: login.customers.clone() });
    }
    let access = login.secrets.access.clone().ok_or_else(missing)?;
    let tokens = Tokens { access, refresh: login.secrets.refresh.clone(), expires_at: login.expires_at };
    Ok(Credentials::OAuth { app: login.app.clone(), tokens })
}

fn new_connection(platform: &Platform, account: &RemoteAccount, client_id: i32, login_id: i32, vat: Option<VatBasis>) -> NewConnection {
    let (usual, is_known) = default_vat(platform);
    NewConnection {
        account: NewAccount {
            client_id,
            platform: platform.clone(),
            account_id: account.id.clone(),
            account_name: account.name.clone(),
            currency: account.currency,
            vat: Some(vat.unwrap_or(usual)),
            vat_rate: None,
            time_zone: account.time_zone.clone(),
            file_only: false,
        },
        via: account.via.clone(),
        vat_is_named: vat.is_some(),
        vat_is_assumed: !is_known,
        login_id,
    }
}

/// The page the browser shows when it comes back.
fn page(lang: Lang, which: &str) -> String {
    let (title, say) = (text(lang, &format!("shared.{which}.title"), &[]), text(lang, &format!("shared.{which}.say"), &[]));
    format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{title}</title>\
         <body style=\"font-family:system-ui,sans-serif;margin:15vh auto;max-width:28rem;text-align:center\"><h1 style=\"font-size:1.4rem\">{title}</h1><p>{say}</p>",
        if lang == Lang::En { "en" } else { "ko" }
    )
}

/// The keychain may ask a person, so it is never asked on a thread others need.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, ApiError> + Send + 'static) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await?
}
