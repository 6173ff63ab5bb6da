//! Asking Kakao: accounts, campaigns, balance.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// A business token lives until it is revoked; when it does not work any more a person signs in again, and nobody asks with it until then.
pub(super) struct Token {
    token: SecretString,
    has_ended: AtomicBool,
}

/// What lists hold.
trait Listed {
    fn id(&self) -> String;
}

impl Listed for wire::AdAccount {
    fn id(&self) -> String {
        self.id.0.clone()
    }
}

impl Listed for wire::Campaign {
    fn id(&self) -> String {
        self.id.0.clone()
    }
}

impl Listed for wire::AdGroup {
    fn id(&self) -> String {
        self.id.0.clone()
    }
}

impl Moment {
    pub(super) fn new(http: &Arc<Http>, app: String, token: SecretString) -> Self {
        Self { http: Arc::clone(http), app, dialect: Token { token, has_ended: AtomicBool::new(false) } }
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

    /// A list, whether it comes in pages or not. Pages that say nothing new may have been repeated, or counted from one.
    async fn pages<T: DeserializeOwned + Listed>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        account: Option<&str>,
        operation: &'static str,
        call: &Call,
    ) -> Result<Vec<T>, ConnectorError> {
        let mut found: BTreeMap<String, T> = BTreeMap::new();
        let mut in_vain = 0;
        let mut number: u32 = 0;
        loop {
            let position = number.to_string();
            let mut asked = query.to_vec();
            // The first page is asked without a number: one has been refused.
            if number > 0 {
                asked.push(("page", &position));
            }
            let page: wire::Page<T> = self.read(&Self::get(path, &asked, account, lane(&self.app), operation), call).await?;
            let before = found.len();
            found.extend(page.content.into_iter().map(|item| (item.id(), item)));
            let is_whole = page.total_elements.is_none_or(|all| found.len() >= all);
            let is_last = page.last.unwrap_or(page.total_pages.is_none_or(|pages| number + 1 >= pages));
            if is_last && is_whole {
                return Ok(found.into_values().collect());
            }
            if found.len() > before {
                (in_vain, number) = (0, number + 1);
            } else {
                in_vain += 1;
                // The same once more, then one on, then there is none.
                number += u32::from(in_vain == 2);
            }
            if in_vain > 3 || number > MOST_PAGES {
                return Err(parse::bad_answer("pages of a list are missing"));
            }
        }
    }

    /// Campaigns of some configurations, one after the other: several at once have been refused.
    async fn listed(&self, account: &Account, configs: &[&str], call: &Call) -> Result<Vec<wire::Campaign>, ConnectorError> {
        let mut listed: BTreeMap<String, wire::Campaign> = BTreeMap::new();
        for config in configs {
            let page: Vec<wire::Campaign> = self.pages("/campaigns", &[("config", config)], Some(&account.id), "campaigns", call).await?;
            listed.extend(page.into_iter().map(|campaign| (campaign.id.0.clone(), campaign)));
        }
        Ok(listed.into_values().collect())
    }

    /// A listed campaign with its detail, where the list does not tell everything.
    async fn described(&self, account: &Account, campaign: wire::Campaign, call: &Call) -> Result<RemoteCampaign, ConnectorError> {
        if campaign.is_whole() {
            return Ok(parse::campaign(campaign));
        }
        let detail = self.detail(&account.id, &campaign.id.0, call).await?;
        Ok(detail.unwrap_or_else(|| parse::campaign(campaign)))
    }

    /// A campaign's ad groups; none where they may not be asked.
    async fn groups(&self, account: &Account, campaign: &str, call: &Call) -> Result<Vec<wire::AdGroup>, ConnectorError> {
        let mut groups: BTreeMap<String, wire::AdGroup> = BTreeMap::new();
        for config in ["ON", "OFF"] {
            let query = [("campaignId", campaign), ("config", config)];
            match self.pages::<wire::AdGroup>("/adGroups", &query, Some(&account.id), "campaigns", call).await {
                Ok(page) => groups.extend(page.into_iter().map(|group| (group.id.0.clone(), group))),
                Err(error) if error.kind == Kind::BadRequest => return Ok(Vec::new()),
                Err(error) => return Err(error),
            }
        }
        Ok(groups.into_values().collect())
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
        if self.has_ended.load(Ordering::Relaxed) {
            return Err(ConnectorError::fatal(&Platform::Kakao, Kind::NeedsLogin).in_operation("token"));
        }
        attempt.headers.insert(AUTHORIZATION, bearer(&Platform::Kakao, &self.token)?);
        Ok(())
    }

    fn judge(&self, _request: &Request, answer: &Answer) -> Verdict {
        let verdict = errors::judge(answer);
        if matches!(&verdict, Verdict::Fail(error) if error.kind == Kind::NeedsLogin) {
            self.has_ended.store(true, Ordering::Relaxed);
        }
        verdict
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
        let listed: Vec<wire::AdAccount> = self.pages("/adAccounts/pages", &[], None, "accounts", call).await?;
        let account = |account: wire::AdAccount| RemoteAccount {
            id: account.id.0,
            name: account.name,
            currency: Some(Currency::KRW),
            time_zone: Some("Asia/Seoul".to_owned()),
            via: None,
            state: if account.config.as_deref() == Some("DEL") { AccountState::Closed } else { AccountState::Open },
        };
        Ok(listed.into_iter().map(account).collect())
    }

    /// Running and stopped campaigns, each with its detail and what its ad groups tell. Message campaigns may be in no list; their figures
    /// make them known.
    async fn campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        let today = self.http.now().with_timezone(&account.time_zone).date_naive();
        let listed = self.listed(account, &["ON", "OFF"], call).await?;
        stream::iter(listed)
            .map(|campaign| async move {
                let id = campaign.id.0.clone();
                let campaign = self.described(account, campaign, call).await?;
                Ok(parse::with_groups(campaign, &self.groups(account, &id, call).await?, today))
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn removed_campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        let listed = self.listed(account, &["DEL"], call).await?;
        stream::iter(listed).map(|campaign| self.described(account, campaign, call)).buffered(AT_ONCE).try_collect().await
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
