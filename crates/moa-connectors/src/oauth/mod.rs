//! Signing in with the system's browser: the address to open, the loopback listener that takes the answer, the exchange for tokens.

mod loopback;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use moa_domain::Platform;
use secrecy::SecretString;
use url::Url;

use crate::connector::Call;
use crate::error::ConnectorError;
use crate::http::{Http, Tokens};

pub use loopback::{Listener, ListenerError, Pages, Returned};

/// The agency's own app at a platform.
#[derive(Debug, Clone)]
pub struct App {
    pub client_id: String,
    pub client_secret: Option<SecretString>,
}

/// Where the browser comes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirect {
    /// `127.0.0.1` or `localhost`: platforms compare it as text.
    pub host: &'static str,
    /// Ports that may be registered, in the order they are tried; empty for any.
    pub ports: &'static [u16],
    pub path: &'static str,
}

impl Redirect {
    /// The addresses to register at the platform. Where any port may be used, platforms want none registered.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.ports.iter().map(|port| format!("http://{}:{port}{}", self.host, self.path)).collect()
    }
}

/// One sign-in under way.
#[derive(Debug)]
pub struct Authorisation {
    /// To be opened in the system's browser.
    pub url: Url,
    /// What the browser must bring back unchanged.
    pub state: String,
    pub redirect_uri: String,
    /// Of PKCE, where the platform knows it.
    pub verifier: Option<SecretString>,
}

/// What a finished sign-in gives.
#[derive(Debug, Clone)]
pub struct Granted {
    pub tokens: Tokens,
    /// Whose login it is, where the platform says so.
    pub label: Option<String>,
    /// When a person has to sign in again at the latest.
    pub login_ends_at: Option<DateTime<Utc>>,
}

/// How one platform signs people in.
#[async_trait]
pub trait SignIn: Send + Sync {
    fn platform(&self) -> Platform;

    fn redirect(&self) -> Redirect;

    /// # Errors
    /// [`crate::error::Kind::AppRefused`] for an app that lacks what the platform needs, a secret for example.
    fn authorise(&self, app: &App, redirect_uri: &str) -> Result<Authorisation, ConnectorError>;

    /// What the browser brought when it was not a code: refused, wrong app type, missing scope.
    fn refusal(&self, returned: &Returned) -> ConnectorError;

    /// Exchanges the code, and checks that what is needed was granted.
    async fn exchange(
        &self,
        http: &Arc<Http>,
        app: &App,
        authorisation: &Authorisation,
        code: &SecretString,
        call: &Call,
    ) -> Result<Granted, ConnectorError>;
}
