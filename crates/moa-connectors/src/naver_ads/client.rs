//! Asking Naver: signatures, accounts, balance.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use moa_domain::{Currency, DateRange, Platform};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use url::Url;

use super::limits::{LIMITS, PAGE, lane};
use super::{errors, figures, reports, wire};
use crate::connector::{
    Account, AccountState, AccountTotal, Ask, Balance, Call, Connector, Figures, Limits, RemoteAccount, RemoteCampaign,
};
use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Attempt, Dialect, Http, Request, Verdict};

pub(super) const ORIGIN: &str = "https://api.searchad.naver.com";

/// One access licence and the customers it was entered for.
pub(super) struct Naver {
    pub(super) http: Arc<Http>,
    pub(super) dialect: Keys,
    customers: Vec<String>,
    /// Set when the platform was found to refuse several ids with hours.
    pub(super) one_id_by_hour: AtomicBool,
}

/// Signs every request anew, so that a retry never carries an old time.
pub(super) struct Keys {
    license: String,
    secret: SecretString,
}

impl Naver {
    pub(super) fn new(http: &Arc<Http>, license: String, secret: SecretString, customers: Vec<String>) -> Self {
        Self { http: Arc::clone(http), dialect: Keys { license, secret }, customers, one_id_by_hour: AtomicBool::new(false) }
    }

    /// A question about a customer's account.
    pub(super) fn get(path: &str, query: &[(&str, &str)], customer: &str, operation: &'static str) -> Request {
        Request::get(address(path, query), lane(customer), operation).about(customer).header("x-customer", customer)
    }

    pub(super) async fn read<T: DeserializeOwned>(&self, request: &Request, call: &Call) -> Result<T, ConnectorError> {
        self.http.send(request, &self.dialect, call, |answer| answer.json(&Platform::NaverAds)).await
    }

    /// Accounts the licence's owner and its manager accounts hold. The owner's own number is not known, so the first entered one asks;
    /// what cannot be listed is not needed either.
    async fn held(&self, asking: &str, call: &Call) -> BTreeMap<String, RemoteAccount> {
        let mut held = BTreeMap::new();
        match self.pages::<wire::DirectAccount>("/ad-accounts", asking, call).await {
            Ok(accounts) => {
                for account in
                    accounts.into_iter().map(|direct| direct.ad_account).filter(|account| is_search(account.ad_platform_type.as_deref()))
                {
                    let closed = account.disabled.0 || account.deleted.0;
                    held.insert(
                        account.master_customer_id.0.clone(),
                        RemoteAccount {
                            id: account.master_customer_id.0,
                            name: account.name,
                            currency: account.currency.and_then(|code| code.parse().ok()).or(Some(Currency::KRW)),
                            time_zone: account.timezone_id.or_else(|| Some("Asia/Seoul".to_owned())),
                            via: None,
                            state: if closed { AccountState::Closed } else { AccountState::Open },
                        },
                    );
                }
            }
            Err(error) => tracing::debug!(%error, "accounts of the licence are not listed"),
        }
        let managers = self.pages::<wire::Manager>("/manager-accounts", asking, call).await.unwrap_or_default();
        for manager in managers.into_iter().map(|manager| manager.manager_account_no.0).filter(|number| !number.is_empty()) {
            let path = format!("/manager-accounts/{manager}/child-ad-accounts");
            let children = self.pages::<wire::ChildAccount>(&path, asking, call).await.unwrap_or_default();
            for child in children.into_iter().filter(|child| is_search(child.ad_platform_type.as_deref())) {
                held.entry(child.customer_id.0.clone()).or_insert_with(|| open(child.customer_id.0, child.ad_account_name));
            }
        }
        held.remove("");
        held
    }

    async fn pages<T: DeserializeOwned>(&self, path: &str, asking: &str, call: &Call) -> Result<Vec<T>, ConnectorError> {
        let mut all = Vec::new();
        for page in 0..100 {
            let request = Self::get(path, &[("page", &page.to_string()), ("size", &PAGE.to_string())], asking, "accounts");
            let page: wire::Page<T> = self.read(&request, call).await?;
            let (count, last) = (page.content.len(), page.last);
            all.extend(page.content);
            if last.unwrap_or(count < PAGE) || count == 0 {
                break;
            }
        }
        Ok(all)
    }
}

/// GFA's display accounts stand in the same lists and are another interface.
fn is_search(platform_type: Option<&str>) -> bool {
    platform_type.is_none_or(|kind| kind == "SA")
}

fn open(id: String, name: Option<String>) -> RemoteAccount {
    RemoteAccount {
        id,
        name,
        currency: Some(Currency::KRW),
        time_zone: Some("Asia/Seoul".to_owned()),
        via: None,
        state: AccountState::Open,
    }
}

/// An address of the platform. The query is percent-encoded, the path is what gets signed.
pub(super) fn address(path: &str, query: &[(&str, &str)]) -> Url {
    let mut url = origin();
    url.set_path(path);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

pub(super) fn origin() -> Url {
    Url::parse(ORIGIN).unwrap_or_else(|error| unreachable!("{ORIGIN} is an address: {error}"))
}

/// base64(HMAC-SHA256(secret as text, `time.METHOD.path`)).
fn signature(secret: &str, time: i64, method: &str, path: &str) -> Result<String, ConnectorError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map_err(|_| ConnectorError::fatal(&Platform::NaverAds, Kind::NeedsLogin).in_operation("signature"))?;
    mac.update(format!("{time}.{method}.{path}").as_bytes());
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

#[async_trait]
impl Dialect for Keys {
    fn platform(&self) -> Platform {
        Platform::NaverAds
    }

    async fn authorise(&self, attempt: &mut Attempt, _call: &Call) -> Result<(), ConnectorError> {
        let time = attempt.now.timestamp_millis();
        let signed = signature(self.secret.expose_secret(), time, attempt.method.as_str(), attempt.url.path())?;
        let unfit = |_| ConnectorError::fatal(&Platform::NaverAds, Kind::NeedsLogin).in_operation("signature");
        let mut signed = HeaderValue::from_str(&signed).map_err(unfit)?;
        signed.set_sensitive(true);
        attempt.headers.insert("x-timestamp", HeaderValue::from(time));
        attempt.headers.insert("x-api-key", HeaderValue::from_str(&self.license).map_err(unfit)?);
        attempt.headers.insert("x-signature", signed);
        attempt.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
        Ok(())
    }

    fn judge(&self, _request: &Request, answer: &Answer) -> Verdict {
        errors::judge(answer)
    }
}

#[async_trait]
impl Connector for Naver {
    fn platform(&self) -> Platform {
        Platform::NaverAds
    }

    fn limits(&self) -> Limits {
        LIMITS
    }

    /// Every entered customer is tried; those the licence holds besides are listed too.
    async fn accounts(&self, call: &Call) -> Result<Vec<RemoteAccount>, ConnectorError> {
        let (mut readable, mut refused) = (Vec::new(), None);
        for customer in &self.customers {
            let request = Self::get("/ncc/campaigns", &[("recordSize", "1"), ("selector", "NEXT")], customer, "accounts");
            match self.read::<Vec<wire::Campaign>>(&request, call).await {
                Ok(_) => readable.push(customer),
                // One that may not be read stops no other; its sync says so, and what to do.
                Err(error) if error.kind == Kind::NoAccess => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        if let (Some(error), true) = (refused, readable.is_empty()) {
            return Err(error);
        }
        let mut accounts = match readable.first() {
            Some(asking) => self.held(asking, call).await,
            None => BTreeMap::new(),
        };
        for customer in &self.customers {
            accounts.entry(customer.clone()).or_insert_with(|| open(customer.clone(), None));
        }
        Ok(accounts.into_values().collect())
    }

    async fn campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        self.list_campaigns(&account.id, call).await
    }

    async fn removed_campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        reports::removed_campaigns(self, &account.id, call).await
    }

    async fn figures(&self, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
        figures::read(self, account, ask, call).await
    }

    /// Totals come from the large reports, which also count campaigns that were deleted.
    async fn totals(&self, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
        reports::totals(self, account, days, call).await
    }

    /// 비즈머니.
    async fn balance(&self, account: &Account, call: &Call) -> Result<Option<Balance>, ConnectorError> {
        let money: wire::BizMoney = self.read(&Self::get("/billing/bizmoney", &[], &account.id, "balance"), call).await?;
        Ok(money.bizmoney.millionths().map(|amount| Balance { amount, currency: account.kind.currency }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_documentation() {
        const SECRET: &str = "AQAAAADExampleSecretKeyForDocsOnly1234567890ab==";
        let cases = [
            (1_790_812_800_000, "GET", "/stats", "X4+0CXQoMSaP+2Ac20GYNcWR867WWrK76cHxrwk54X8="),
            (1_790_812_805_123, "POST", "/stat-reports", "82UAU7jBt2z7FXyl4i8lYfAfGjEMRyAM1GpvM1ZygMg="),
            (1_790_812_811_456, "GET", "/report-download", "sj9Wjnp14wBFWAkt1TKL3f7CWXTFrYUoWkLmc+WjTEM="),
        ];
        for (time, method, path, expected) in cases {
            assert_eq!(signature(SECRET, time, method, path).expect("signed"), expected);
        }
    }

    #[test]
    fn json_stands_in_the_query_and_not_in_the_path() {
        let url = address("/stats", &[("fields", "[\"impCnt\"]")]);
        assert_eq!((url.path(), url.query()), ("/stats", Some("fields=%5B%22impCnt%22%5D")));
    }
}
