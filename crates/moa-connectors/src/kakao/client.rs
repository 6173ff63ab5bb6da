//! Asking Kakao: accounts, campaigns, balance.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use moa_domain::{Currency, DateRange, Millionths, Platform};
use reqwest::header::AUTHORIZATION;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::limits::{LIMITS, lane};
use super::{errors, figures, parse, wire};
use crate::connector::{
    Account, AccountState, AccountTotal, Ask, Balance, Call, Connector, Figures, Limits, RemoteAccount, RemoteCampaign,
};
use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Attempt, Dialect, Http, Lane, Request, Verdict, bearer};

const ORIGIN: &str = "https://apis.moment.kakao.com";
/// Details asked at once.
const AT_ONCE: usize = 4;
const MOST_PAGES: u32 = 100;

/// One business token.
pub(super) struct Moment {
    pub(super) http: Arc<Http>,
    pub(super) app: String,
    pub(super) dialect: Token,
}

/// A business token lives until it is revoked; when it does not work any more a person signs in again.
pub(super) struct Token(SecretString);

impl Moment {
    pub(super) fn new(http: &Arc<Http>, app: String, token: SecretString) -> Self {
        Self { http: Arc::clone(http), app, dialect: Token(token) }
    }

    pub(super) fn get(path: &str, query: &[(&str, &str)], account: Option<&str>, lane: Lane, operation: &'static str) -> Request {
        let mut url = Url::parse(ORIGIN).unwrap_or_else(|error| unreachable!("{ORIGIN} is an address: {error}"));
        url.set_path(&format!("/openapi/v4{path}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = Request::get(url, lane, operation);
        match account {
            Some(account) => request.about(account).header("adaccountid", account),
            None => request,
        }
    }

    pub(super) async fn read<T: DeserializeOwned>(&self, request: &Request, call: &Call) -> Result<T, ConnectorError> {
        self.http.send(request, &self.dialect, call, |answer| answer.json(&Platform::Kakao)).await
    }

    /// One campaign, with what a list does not tell; `None` for one that is gone altogether.
    pub(super) async fn detail(&self, account: &str, id: &str, call: &Call) -> Result<Option<RemoteCampaign>, ConnectorError> {
        let request = Self::get(&format!("/campaigns/{id}"), &[], Some(account), lane(&self.app), "campaigns");
        match self.read::<wire::Campaign>(&request, call).await {
            Ok(campaign) => Ok(Some(parse::campaign(campaign))),
            Err(error) if error.kind == Kind::BadRequest => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Dialect for Token {
    fn platform(&self) -> Platform {
        Platform::Kakao
    }

    async fn authorise(&self, attempt: &mut Attempt, _call: &Call) -> Result<(), ConnectorError> {
        attempt.headers.insert(AUTHORIZATION, bearer(&Platform::Kakao, &self.0)?);
        Ok(())
    }

    fn judge(&self, _request: &Request, answer: &Answer) -> Verdict {
        errors::judge(answer)
    }
}

#[async_trait]
impl Connector for Moment {
    fn platform(&self) -> Platform {
        Platform::Kakao
    }

    fn limits(&self) -> Limits {
        LIMITS
    }

    async fn accounts(&self, call: &Call) -> Result<Vec<RemoteAccount>, ConnectorError> {
        let mut found = BTreeMap::new();
        for number in 0..MOST_PAGES {
            let position = number.to_string();
            // The first page is asked without a number: one has been refused.
            let query: &[(&str, &str)] = if number == 0 { &[] } else { &[("page", &position)] };
            let page: wire::Page<wire::AdAccount> =
                self.read(&Self::get("/adAccounts/pages", query, None, lane(&self.app), "accounts"), call).await?;
            let before = found.len();
            for account in page.content {
                let state = if account.config == "DEL" { AccountState::Closed } else { AccountState::Open };
                found.insert(
                    account.id.0.clone(),
                    RemoteAccount {
                        id: account.id.0,
                        name: account.name,
                        currency: Some(Currency::KRW),
                        time_zone: Some("Asia/Seoul".to_owned()),
                        via: None,
                        state,
                    },
                );
            }
            let is_last = page.last.unwrap_or(page.total_pages.is_none_or(|pages| number + 1 >= pages));
            if is_last || found.len() == before {
                break;
            }
        }
        Ok(found.into_values().collect())
    }

    /// Running, stopped and deleted campaigns, each with its detail. Message campaigns may be in no list; their figures make them known.
    async fn campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        let mut listed: BTreeMap<String, wire::Campaign> = BTreeMap::new();
        for config in ["ON", "OFF", "DEL"] {
            let request = Self::get("/campaigns", &[("config", config)], Some(&account.id), lane(&self.app), "campaigns");
            let page: wire::Page<wire::Campaign> = self.read(&request, call).await?;
            listed.extend(page.content.into_iter().map(|campaign| (campaign.id.0.clone(), campaign)));
        }
        stream::iter(listed.into_values())
            .map(|campaign| async move {
                if campaign.campaign_type_goal.is_some() {
                    return Ok(parse::campaign(campaign));
                }
                let detail = self.detail(&account.id, &campaign.id.0, call).await?;
                Ok(detail.unwrap_or_else(|| parse::campaign(campaign)))
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn figures(&self, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
        figures::read(self, account, ask, call).await
    }

    async fn totals(&self, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
        figures::totals(self, account, days, call).await
    }

    /// 캐시, paid and free.
    async fn balance(&self, account: &Account, call: &Call) -> Result<Option<Balance>, ConnectorError> {
        let request = Self::get("/adAccounts/balance", &[], Some(&account.id), lane(&self.app), "balance");
        let told: Value = self.read(&request, call).await?;
        let parts = ["cash", "freeCash"].into_iter().filter_map(|name| told.get(name)?.to_string().trim_matches('"').parse().ok());
        let parts: Vec<Millionths> = parts.filter_map(|amount| Millionths::from_decimal(amount).ok()).collect();
        let sum = parts.iter().fold(Millionths::ZERO, |sum, part| sum + *part);
        Ok((!parts.is_empty()).then_some(Balance { amount: sum, currency: account.kind.currency }))
    }
}
