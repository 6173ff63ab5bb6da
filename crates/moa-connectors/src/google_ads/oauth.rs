//! Signing in with Google: the system's browser, PKCE, any port of this computer.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use moa_domain::Platform;
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};
use secrecy::SecretString;
use url::Url;

use super::limits::token_lane;
use super::{errors, wire};
use crate::connector::Call;
use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Attempt, Body, Dialect, Http, Renew, Request, Tokens, Verdict};
use crate::oauth::{App, Authorisation, Granted, Redirect, Returned, SignIn};

const AUTHORISE: &str = "https://accounts.google.com/o/oauth2/v2/auth";
const TOKEN: &str = "https://oauth2.googleapis.com/token";
/// The only one for ads; it could write too, which this program never does.
const SCOPE: &str = "https://www.googleapis.com/auth/adwords";

pub(crate) struct GoogleSignIn;

#[async_trait]
impl SignIn for GoogleSignIn {
    fn platform(&self) -> Platform {
        Platform::GoogleAds
    }

    /// Desktop clients may use any port without registering it; a path is not promised to work.
    fn redirect(&self) -> Redirect {
        Redirect { host: "127.0.0.1", ports: &[], path: "" }
    }

    fn authorise(&self, app: &App, redirect_uri: &str) -> Result<Authorisation, ConnectorError> {
        let refused = |error: &dyn std::fmt::Display| {
            ConnectorError::fatal(&Platform::GoogleAds, Kind::AppRefused).in_operation("sign_in").with_detail(&error.to_string())
        };
        let client = BasicClient::new(ClientId::new(app.client_id.clone()))
            .set_auth_uri(AuthUrl::new(AUTHORISE.to_owned()).map_err(|error| refused(&error))?)
            .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).map_err(|error| refused(&error))?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state) = client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new(SCOPE.to_owned()))
            .set_pkce_challenge(challenge)
            .add_extra_param("access_type", "offline")
            .add_extra_param("prompt", "consent")
            .url();
        Ok(Authorisation {
            url,
            state: state.into_secret(),
            redirect_uri: redirect_uri.to_owned(),
            verifier: Some(verifier.into_secret().into()),
        })
    }

    fn refusal(&self, returned: &Returned) -> ConnectorError {
        let code = returned.error.as_deref().unwrap_or("no_answer");
        let kind = match code {
            "access_denied" => Kind::Denied,
            "admin_policy_enforced" | "org_internal" => Kind::NotApproved,
            _ => Kind::AppRefused,
        };
        ConnectorError::fatal(&Platform::GoogleAds, kind)
            .in_operation("sign_in")
            .with_vendor_code(code)
            .with_detail(returned.error_description.as_deref().unwrap_or_default())
    }

    async fn exchange(
        &self,
        http: &Arc<Http>,
        app: &App,
        authorisation: &Authorisation,
        code: &SecretString,
        call: &Call,
    ) -> Result<Granted, ConnectorError> {
        let mut fields = vec![
            ("grant_type", "authorization_code".into()),
            ("code", code.clone()),
            ("redirect_uri", authorisation.redirect_uri.clone().into()),
        ];
        fields.extend(authorisation.verifier.clone().map(|verifier| ("code_verifier", verifier)));
        let reply = token(http, app, fields, call).await?;
        // People can untick it.
        if reply.scope.as_deref().is_some_and(|scopes| !scopes.split_whitespace().any(|scope| scope == SCOPE)) {
            return Err(ConnectorError::fatal(&Platform::GoogleAds, Kind::MissingScope).in_operation("sign_in"));
        }
        let ends = reply.refresh_token_expires_in.count().map(|seconds| http.now() + Duration::seconds(seconds));
        Ok(Granted { tokens: tokens(reply, http), label: None, login_ends_at: ends })
    }
}

/// Renews access tokens with the refresh token.
pub(super) struct Refresh {
    pub(super) http: Arc<Http>,
    pub(super) app: App,
}

#[async_trait]
impl Renew for Refresh {
    async fn renew(&self, before: &Tokens, call: &Call) -> Result<Tokens, ConnectorError> {
        let ended = || ConnectorError::fatal(&Platform::GoogleAds, Kind::NeedsLogin).in_operation("token");
        let refresh = before.refresh.clone().ok_or_else(ended)?;
        let fields = vec![("grant_type", "refresh_token".into()), ("refresh_token", refresh)];
        let reply = token(&self.http, &self.app, fields, call).await?;
        Ok(tokens(reply, &self.http))
    }
}

async fn token(
    http: &Arc<Http>,
    app: &App,
    mut fields: Vec<(&'static str, SecretString)>,
    call: &Call,
) -> Result<wire::TokenReply, ConnectorError> {
    fields.push(("client_id", app.client_id.clone().into()));
    fields.extend(app.client_secret.clone().map(|secret| ("client_secret", secret)));
    let url = Url::parse(TOKEN).unwrap_or_else(|error| unreachable!("{TOKEN} is an address: {error}"));
    let request = Request::post(url, Body::Form(fields), token_lane(), "token").header("content-type", "application/x-www-form-urlencoded");
    http.send(&request, &TokenEndpoint, call, |answer| answer.json(&Platform::GoogleAds)).await
}

fn tokens(reply: wire::TokenReply, http: &Http) -> Tokens {
    Tokens {
        access: reply.access_token.into(),
        refresh: reply.refresh_token.filter(|token| !token.is_empty()).map(SecretString::from),
        expires_at: reply.expires_in.count().map(|seconds| http.now() + Duration::seconds(seconds)),
    }
}

struct TokenEndpoint;

#[async_trait]
impl Dialect for TokenEndpoint {
    fn platform(&self) -> Platform {
        Platform::GoogleAds
    }

    async fn authorise(&self, _attempt: &mut Attempt, _call: &Call) -> Result<(), ConnectorError> {
        Ok(())
    }

    fn judge(&self, _request: &Request, answer: &Answer) -> Verdict {
        errors::judge_token(answer)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn the_browser_is_sent_with_a_challenge_and_never_a_secret() {
        let app = App { client_id: "481516-demo.apps.googleusercontent.com".to_owned(), client_secret: Some("GOCSPX-demo".into()) };
        let authorisation = GoogleSignIn.authorise(&app, "http://127.0.0.1:53117").expect("an address");
        let query: std::collections::BTreeMap<String, String> = authorisation.url.query_pairs().into_owned().collect();
        assert_eq!(query["redirect_uri"], "http://127.0.0.1:53117");
        assert_eq!((query["code_challenge_method"].as_str(), query["scope"].as_str()), ("S256", SCOPE));
        assert_eq!(query["state"], authorisation.state);
        let verifier = authorisation.verifier.expect("PKCE");
        assert!((43..=128).contains(&verifier.expose_secret().len()));
        assert!(!authorisation.url.as_str().contains("GOCSPX") && !authorisation.url.as_str().contains(verifier.expose_secret()));
    }

    #[test]
    fn refusals_of_the_browser_are_told_apart() {
        let of = |code: &str| GoogleSignIn.refusal(&Returned { error: Some(code.to_owned()), ..Returned::default() }).kind;
        assert_eq!(of("access_denied"), Kind::Denied);
        assert_eq!(of("admin_policy_enforced"), Kind::NotApproved);
        assert_eq!(of("redirect_uri_mismatch"), Kind::AppRefused);
    }
}
