//! Asking Meta: pages by cursor, accounts, dialect.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use moa_domain::{DateRange, Platform};
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use url::Url;

use super::limits::{LIMITS, SMALLEST, app_lane, lane};
use super::{errors, figures, parse, usage, wire};
use crate::connector::{Account, AccountState, AccountTotal, Ask, Call, Connector, Figures, Limits, RemoteAccount, RemoteCampaign};
use crate::error::{ConnectorError, Kind, Retry};
use crate::http::{Answer, Attempt, Dialect, Http, Load, Request, TokenSource, Verdict, bearer};
use crate::oauth::App;

pub(super) const ORIGIN: &str = "https://graph.facebook.com";
/// The one version this program speaks.
pub(super) const VERSION: &str = "v26.0";
/// Pages of a list that is never ending by mistake.
const MOST_PAGES: usize = 10_000;
/// Pages that may come again.
const MOST_REPEATED: u32 = 3;

/// One Meta login.
pub(super) struct Meta {
    pub(super) http: Arc<Http>,
    pub(super) dialect: Bearer,
    /// Deleted campaigns were asked for and refused: not asked again.
    pub(super) hides_deleted: AtomicBool,
}

/// A list to be read whole.
pub(super) struct List<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) account: Option<&'a str>,
    /// Rows of a page; becomes smaller where Meta finds it too large.
    pub(super) limit: &'a AtomicU32,
    pub(super) operation: &'static str,
}

pub(super) struct Bearer {
    tokens: TokenSource,
    /// Signs the token where the app's secret is known: apps may require it.
    secret: Option<SecretString>,
}

impl Meta {
    pub(super) fn new(http: &Arc<Http>, app: App, tokens: TokenSource) -> Self {
        Self { http: Arc::clone(http), dialect: Bearer { tokens, secret: app.client_secret }, hides_deleted: AtomicBool::new(false) }
    }

    /// Everything of a list. The next page is asked with its cursor: the address Meta gives for it holds the token. A page too large is asked
    /// in smaller ones.
    pub(super) async fn all<T: DeserializeOwned>(&self, list: &List<'_>, call: &Call) -> Result<Vec<T>, ConnectorError> {
        self.all_checked(list, |_| Ok(()), call).await
    }

    /// The same; a row that `whole` refuses makes its page worth another try.
    pub(super) async fn all_checked<T: DeserializeOwned>(
        &self,
        list: &List<'_>,
        whole: fn(&T) -> Result<(), ConnectorError>,
        call: &Call,
    ) -> Result<Vec<T>, ConnectorError> {
        let limit = list.limit;
        let (mut rows, mut after, mut asked_again) = (Vec::new(), String::new(), false);
        let (mut cursors, mut repeated) = (BTreeSet::new(), 0);
        for _ in 0..MOST_PAGES {
            let size = limit.load(Ordering::Relaxed).to_string();
            let mut asked = list.query.to_vec();
            asked.push(("limit", &size));
            if !after.is_empty() {
                asked.push(("after", &after));
            }
            let request = get(list.path, &asked, list.account, list.operation);
            let read = |answer: &Answer| {
                let page: wire::Page<T> = answer.json(&Platform::MetaAds)?;
                page.data.iter().try_for_each(whole)?;
                Ok(page)
            };
            let page = match self.http.send(&request, &self.dialect, call, read).await {
                // Perhaps only a passing trouble.
                Err(error) if error.kind == Kind::TooMuchData && error.retry != Retry::Never && !asked_again => {
                    asked_again = true;
                    continue;
                }
                Err(error) if error.kind == Kind::TooMuchData && limit.load(Ordering::Relaxed) > SMALLEST => {
                    limit.store((limit.load(Ordering::Relaxed) / 2).max(SMALLEST), Ordering::Relaxed);
                    continue;
                }
                page => page?,
            };
            rows.extend(page.data);
            let Some(next) = page.paging.unwrap_or_default().onward()? else { return Ok(rows) };
            // A page may come twice; a list that goes in circles never ends.
            repeated += u32::from(!cursors.insert(next.clone()));
            if repeated > MOST_REPEATED {
                let error = parse::bad_answer("a list that goes in circles");
                return Err(match list.account {
                    Some(account) => error.for_account(account),
                    None => error,
                });
            }
            after = next;
        }
        Err(ConnectorError::fatal(&Platform::MetaAds, Kind::TooMuchData))
    }
}

pub(super) fn address(path: &str, query: &[(&str, &str)]) -> Url {
    let mut url = Url::parse(ORIGIN).unwrap_or_else(|error| unreachable!("{ORIGIN} is an address: {error}"));
    url.set_path(&format!("/{VERSION}{path}"));
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

pub(super) fn get(path: &str, query: &[(&str, &str)], account: Option<&str>, operation: &'static str) -> Request {
    let request = Request::get(address(path, query), lane(account.unwrap_or("me")), operation).within(app_lane());
    match account {
        Some(account) => request.about(account),
        None => request,
    }
}

/// Lower-case hexadecimal HMAC-SHA256 of the token under the app's secret.
pub(super) fn proof(secret: &SecretString, token: &SecretString) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(token.expose_secret().as_bytes());
    Some(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[async_trait]
impl Dialect for Bearer {
    fn platform(&self) -> Platform {
        Platform::MetaAds
    }

    async fn authorise(&self, attempt: &mut Attempt, call: &Call) -> Result<(), ConnectorError> {
        let (token, generation) = self.tokens.access(attempt.now, call).await?;
        attempt.headers.insert(AUTHORIZATION, bearer(&Platform::MetaAds, &token)?);
        attempt.generation = generation;
        if let Some(proof) = self.secret.as_ref().and_then(|secret| proof(secret, &token)) {
            attempt.url.query_pairs_mut().append_pair("appsecret_proof", &proof);
        }
        Ok(())
    }

    fn judge(&self, request: &Request, answer: &Answer) -> Verdict {
        if let Some(warning) = answer.header("x-ad-api-version-warning") {
            tracing::warn!(warning, "Meta will end this version of its API");
        }
        errors::judge(request, answer)
    }

    /// There is nothing to renew: the login has ended, and no call of it asks any more.
    async fn renew(&self, generation: u64, call: &Call) -> Result<(), ConnectorError> {
        self.tokens.renew(generation, call).await
    }

    fn load(&self, answer: &Answer) -> Option<Load> {
        usage::load(answer)
    }
}

#[async_trait]
impl Connector for Meta {
    fn platform(&self) -> Platform {
        Platform::MetaAds
    }

    fn limits(&self) -> Limits {
        LIMITS
    }

    async fn accounts(&self, call: &Call) -> Result<Vec<RemoteAccount>, ConnectorError> {
        let fields = "id,account_id,name,account_status,currency,timezone_name";
        let rows: Vec<wire::AdAccount> = self
            .all(
                &List {
                    path: "/me/adaccounts",
                    query: &[("fields", fields)],
                    account: None,
                    limit: &AtomicU32::new(100),
                    operation: "accounts",
                },
                call,
            )
            .await?;
        let mut accounts = BTreeMap::new();
        for row in rows {
            let state = match row.account_status.count() {
                // Active, unsettled, under review, in grace.
                Some(1 | 3 | 7 | 8 | 9 | 201) => AccountState::Open,
                // Disabled, about to be closed, closed: what they spent until then can be read.
                Some(2 | 100 | 101) => AccountState::Stopped,
                _ => AccountState::Closed,
            };
            accounts.insert(
                row.account_id.0.clone(),
                RemoteAccount {
                    id: row.account_id.0,
                    name: row.name,
                    currency: row.currency.and_then(|code| code.parse().ok()),
                    time_zone: row.timezone_name,
                    via: None,
                    state,
                },
            );
        }
        Ok(accounts.into_values().collect())
    }

    async fn campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        self.list_campaigns(account, call).await
    }

    async fn figures(&self, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
        figures::read(self, account, ask, call).await
    }

    async fn totals(&self, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
        figures::totals(self, account, days, call).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_a_keyed_hash_of_the_token() {
        let proof = proof(&"demosecret".into(), &"EAADemoLong".into()).expect("a proof");
        assert!(proof.len() == 64 && proof.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)));
        assert_ne!(proof, super::proof(&"another".into(), &"EAADemoLong".into()).expect("a proof"));
    }
}
