//! Signing in with Kakao's business authentication: no PKCE, a redirect address that is registered with its port, a token without an end.

use std::sync::Arc;

use async_trait::async_trait;
use moa_domain::Platform;
use oauth2::CsrfToken;
use secrecy::SecretString;
use url::Url;

use super::{errors, limits, wire};
use crate::connector::Call;
use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Attempt, Body, Dialect, Http, Request, Tokens, Verdict};
use crate::oauth::{App, Authorisation, Granted, Redirect, Returned, SignIn};

const AUTHORISE: &str = "https://kauth.kakao.com/oauth/business/authorize";
const TOKEN: &str = "https://kauth.kakao.com/oauth/business/token";
/// Reading is part of it; there is none for reading alone.
const SCOPE: &str = "moment_management";

pub(crate) struct KakaoSignIn;

#[async_trait]
impl SignIn for KakaoSignIn {
    fn platform(&self) -> Platform {
        Platform::Kakao
    }

    /// Compared as text with what is registered, port and path included.
    fn redirect(&self) -> Redirect {
        Redirect { host: "localhost", ports: &[53682, 53683], path: "/oauth/kakao" }
    }

    fn authorise(&self, app: &App, redirect_uri: &str) -> Result<Authorisation, ConnectorError> {
        let mut url = address(AUTHORISE);
        let state = CsrfToken::new_random().into_secret();
        url.query_pairs_mut()
            .append_pair("client_id", &app.client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", SCOPE)
            .append_pair("state", &state);
        Ok(Authorisation { url, state, redirect_uri: redirect_uri.to_owned(), verifier: None })
    }

    fn refusal(&self, returned: &Returned) -> ConnectorError {
        let description = returned.error_description.as_deref().unwrap_or_default();
        // The number stands in the description where there is one: `KOE205 …`.
        let number = description.split(|letter: char| !letter.is_ascii_alphanumeric()).find(|word| word.starts_with("KOE"));
        errors::refused(number.or(returned.error.as_deref()).unwrap_or("no_answer"), description)
    }

    async fn exchange(
        &self,
        http: &Arc<Http>,
        app: &App,
        authorisation: &Authorisation,
        code: &SecretString,
        call: &Call,
    ) -> Result<Granted, ConnectorError> {
        let mut fields: Vec<(&'static str, SecretString)> = vec![
            ("grant_type", "authorization_code".into()),
            ("client_id", app.client_id.clone().into()),
            ("redirect_uri", authorisation.redirect_uri.clone().into()),
            ("code", code.clone()),
        ];
        fields.extend(app.client_secret.clone().map(|secret| ("client_secret", secret)));
        let request = Request::post(address(TOKEN), Body::Form(fields), limits::lane(&app.client_id), "token");
        let reply: wire::TokenReply = http.send(&request, &TokenEndpoint, call, |answer| answer.json(&Platform::Kakao)).await?;
        let granted = reply.scope.as_deref().is_none_or(|scopes| scopes.split([' ', ',']).any(|scope| scope == SCOPE));
        if !granted {
            return Err(ConnectorError::fatal(&Platform::Kakao, Kind::MissingScope).in_operation("sign_in"));
        }
        let tokens = Tokens { access: reply.access_token.into(), refresh: None, expires_at: None };
        Ok(Granted { tokens, label: None, login_ends_at: None })
    }
}

fn address(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|error| unreachable!("{text} is an address: {error}"))
}

struct TokenEndpoint;

#[async_trait]
impl Dialect for TokenEndpoint {
    fn platform(&self) -> Platform {
        Platform::Kakao
    }

    async fn authorise(&self, _attempt: &mut Attempt, _call: &Call) -> Result<(), ConnectorError> {
        Ok(())
    }

    fn judge(&self, _request: &Request, answer: &Answer) -> Verdict {
        errors::judge_token(answer)
    }
}
