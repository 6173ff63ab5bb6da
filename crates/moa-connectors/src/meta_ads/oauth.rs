//! Signing in with Meta: the agency's own app and its secret, a redirect address that is registered with its port, a token of 60 days.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use moa_domain::Platform;
use oauth2::CsrfToken;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::client::{VERSION, address, get, proof};
use super::limits::lane;
use super::{errors, wire};
use crate::connector::Call;
use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Attempt, Dialect, Http, Request, Tokens, Verdict, bearer};
use crate::oauth::{App, Authorisation, Granted, Redirect, Returned, SignIn};

const DIALOG: &str = "https://www.facebook.com";
/// Enough for accounts, campaigns and figures.
const SCOPE: &str = "ads_read";

pub(crate) struct MetaSignIn;

#[async_trait]
impl SignIn for MetaSignIn {
    fn platform(&self) -> Platform {
        Platform::MetaAds
    }

    /// Compared byte by byte; `127.0.0.1` is not let through where `localhost` is.
    fn redirect(&self) -> Redirect {
        Redirect { host: "localhost", ports: &[53682, 53683], path: "/callback" }
    }

    fn authorise(&self, app: &App, redirect_uri: &str) -> Result<Authorisation, ConnectorError> {
        // The code is exchanged with it: nobody is sent to a browser in vain.
        if app.client_secret.is_none() {
            return Err(ConnectorError::fatal(&Platform::MetaAds, Kind::AppRefused).in_operation("sign_in"));
        }
        let mut url = Url::parse(DIALOG).unwrap_or_else(|error| unreachable!("{DIALOG} is an address: {error}"));
        url.set_path(&format!("/{VERSION}/dialog/oauth"));
        let state = CsrfToken::new_random().into_secret();
        url.query_pairs_mut()
            .append_pair("client_id", &app.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("state", &state)
            .append_pair("response_type", "code")
            .append_pair("scope", SCOPE);
        Ok(Authorisation { url, state, redirect_uri: redirect_uri.to_owned(), verifier: None })
    }

    fn refusal(&self, returned: &Returned) -> ConnectorError {
        let code = returned.error.as_deref().unwrap_or("no_answer");
        let kind = if code == "access_denied" { Kind::Denied } else { Kind::AppRefused };
        ConnectorError::fatal(&Platform::MetaAds, kind)
            .in_operation("sign_in")
            .with_vendor_code(code)
            .with_detail(returned.error_description.as_deref().unwrap_or_default())
    }

    /// Code → token of hours → token of about 60 days. Meta takes these in the address only.
    async fn exchange(
        &self,
        http: &Arc<Http>,
        app: &App,
        authorisation: &Authorisation,
        code: &SecretString,
        call: &Call,
    ) -> Result<Granted, ConnectorError> {
        let secret = app.client_secret.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
        let first = token(
            http,
            &[
                ("client_id", app.client_id.as_str()),
                ("redirect_uri", &authorisation.redirect_uri),
                ("client_secret", secret),
                ("code", code.expose_secret()),
            ],
            call,
        )
        .await?;
        let long = token(
            http,
            &[
                ("grant_type", "fb_exchange_token"),
                ("client_id", app.client_id.as_str()),
                ("client_secret", secret),
                ("fb_exchange_token", &first.access_token),
            ],
            call,
        )
        .await?;
        let own = Own { token: long.access_token.clone().into(), secret: app.client_secret.clone() };
        require_scope(http, &own, call).await?;
        let ends = match long.expires_in.count() {
            Some(seconds) => Some(http.now() + Duration::seconds(seconds)),
            None => end_of(&inspected(http, &own, call).await?),
        };
        let tokens = Tokens { access: long.access_token.into(), refresh: None, expires_at: ends };
        Ok(Granted { tokens, label: None, login_ends_at: ends })
    }
}

/// What a token that somebody made at the platform may do, whose it is, and until when it lasts.
///
/// What the platform does not tell is no reason to refuse the token: whether it works, its accounts show.
///
/// # Errors
/// A token that has ended, or lacks what is needed.
pub(crate) async fn examine_token(http: &Arc<Http>, token: SecretString, call: &Call) -> Result<Granted, ConnectorError> {
    let own = Own { token, secret: None };
    required(require_scope(http, &own, call).await)?;
    let data = required(inspected(http, &own, call).await)?.unwrap_or_default();
    if data.is_valid == Some(false) {
        return Err(ConnectorError::fatal(&Platform::MetaAds, Kind::NeedsLogin).in_operation("sign_in"));
    }
    let ends = end_of(&data);
    Ok(Granted { tokens: Tokens { access: own.token, refresh: None, expires_at: ends }, label: data.application, login_ends_at: ends })
}

/// Only what speaks against the token itself counts.
fn required<T>(told: Result<T, ConnectorError>) -> Result<Option<T>, ConnectorError> {
    match told {
        Err(error) if !matches!(error.kind, Kind::NeedsLogin | Kind::MissingScope | Kind::Cancelled) => Ok(None),
        told => told.map(Some),
    }
}

/// People can untick a permission while they sign in.
async fn require_scope(http: &Arc<Http>, own: &Own, call: &Call) -> Result<(), ConnectorError> {
    let request = get("/me/permissions", &[], None, "token");
    let told: wire::Page<wire::Permission> = http.send(&request, own, call, |answer| answer.json(&Platform::MetaAds)).await?;
    if told.data.iter().any(|permission| permission.permission == SCOPE && permission.status == "granted") {
        return Ok(());
    }
    Err(ConnectorError::fatal(&Platform::MetaAds, Kind::MissingScope).in_operation("sign_in"))
}

async fn inspected(http: &Arc<Http>, own: &Own, call: &Call) -> Result<wire::DebugData, ConnectorError> {
    let request = get("/debug_token", &[("input_token", own.token.expose_secret())], None, "token");
    let told: wire::DebugToken = http.send(&request, own, call, |answer| answer.json(&Platform::MetaAds)).await?;
    Ok(told.data)
}

/// 0 is never.
fn end_of(data: &wire::DebugData) -> Option<DateTime<Utc>> {
    data.expires_at.count().filter(|end| *end > 0).and_then(|end| DateTime::from_timestamp(end, 0))
}

async fn token(http: &Arc<Http>, query: &[(&str, &str)], call: &Call) -> Result<wire::TokenReply, ConnectorError> {
    let request = Request::get(address("/oauth/access_token", query), lane("token"), "token");
    http.send(&request, &TokenEndpoint, call, |answer| answer.json(&Platform::MetaAds)).await
}

/// The token endpoint: what it refuses is the app or the code.
struct TokenEndpoint;

#[async_trait]
impl Dialect for TokenEndpoint {
    fn platform(&self) -> Platform {
        Platform::MetaAds
    }

    async fn authorise(&self, _attempt: &mut Attempt, _call: &Call) -> Result<(), ConnectorError> {
        Ok(())
    }

    fn judge(&self, request: &Request, answer: &Answer) -> Verdict {
        match errors::judge(request, answer) {
            Verdict::Fail(error) if matches!(error.kind, Kind::BadRequest | Kind::NoAccess) => {
                Verdict::Fail(ConnectorError { kind: Kind::AppRefused, ..error })
            }
            verdict => verdict,
        }
    }
}

/// A token that was just given, before it is anybody's.
struct Own {
    token: SecretString,
    secret: Option<SecretString>,
}

#[async_trait]
impl Dialect for Own {
    fn platform(&self) -> Platform {
        Platform::MetaAds
    }

    async fn authorise(&self, attempt: &mut Attempt, _call: &Call) -> Result<(), ConnectorError> {
        attempt.headers.insert(AUTHORIZATION, bearer(&Platform::MetaAds, &self.token)?);
        if let Some(proof) = self.secret.as_ref().and_then(|secret| proof(secret, &self.token)) {
            attempt.url.query_pairs_mut().append_pair("appsecret_proof", &proof);
        }
        Ok(())
    }

    fn judge(&self, request: &Request, answer: &Answer) -> Verdict {
        errors::judge(request, answer)
    }
}
