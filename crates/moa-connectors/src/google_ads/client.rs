//! Asking Google: accounts below managers, campaigns, totals.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use moa_domain::{DateRange, Platform};
use reqwest::header::AUTHORIZATION;
use serde::de::DeserializeOwned;
use serde_json::json;
use url::Url;

use super::limits::{LIMITS, account_lane, lane};
use super::{errors, figures, parse, wire};
use crate::connector::{Account, AccountState, AccountTotal, Ask, Call, Connector, Figures, Limits, RemoteAccount, RemoteCampaign};
use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Attempt, Body, Dialect, Http, Load, Request, TokenSource, Verdict, bearer};

const ORIGIN: &str = "https://googleads.googleapis.com";
/// The one version this program speaks.
pub(super) const VERSION: &str = "v26";

const CLIENTS: &str = "SELECT customer_client.id, customer_client.descriptive_name, customer_client.currency_code, customer_client.time_zone, \
    customer_client.manager, customer_client.level, customer_client.status, customer_client.client_customer FROM customer_client";

const CAMPAIGNS: &str = "SELECT campaign.id, campaign.name, campaign.status, campaign.primary_status, campaign.serving_status, \
    campaign.advertising_channel_type, campaign.advertising_channel_sub_type, campaign.bidding_strategy_type, campaign.start_date_time, \
    campaign.end_date_time, campaign.campaign_budget, campaign_budget.id, campaign_budget.amount_micros, campaign_budget.total_amount_micros, \
    campaign_budget.period, campaign_budget.explicitly_shared FROM campaign ORDER BY campaign.id";

/// One Google login.
pub(super) struct Google {
    pub(super) http: Arc<Http>,
    client_id: String,
    pub(super) dialect: Bearer,
}

pub(super) struct Bearer {
    tokens: TokenSource,
}

impl Google {
    pub(super) fn new(http: &Arc<Http>, client_id: String, tokens: TokenSource) -> Self {
        Self { http: Arc::clone(http), client_id, dialect: Bearer { tokens } }
    }

    /// What `read` makes of all rows of a question, from one streamed answer. A stream that was cut or ends in a failure is no answer; rows that
    /// `read` refuses are asked for again.
    pub(super) async fn stream<T: DeserializeOwned, R>(
        &self,
        (customer, via): (&str, Option<&str>),
        query: &str,
        operation: &'static str,
        call: &Call,
        read: impl Fn(Vec<T>) -> Result<R, ConnectorError>,
    ) -> Result<R, ConnectorError> {
        let request = self.question(customer, via, query, operation);
        self.http
            .send(&request, &self.dialect, call, |answer| {
                let batches: Vec<wire::Batch<T>> = answer.json(&Platform::GoogleAds)?;
                let mut rows = Vec::new();
                for batch in batches {
                    if let Some(error) = &batch.error {
                        return Err(errors::within(error));
                    }
                    rows.extend(batch.results);
                }
                read(rows)
            })
            .await
    }

    /// The access path goes along with every question: without the manager's number the account seems forbidden.
    fn question(&self, customer: &str, via: Option<&str>, query: &str, operation: &'static str) -> Request {
        let url = address(&format!("/{VERSION}/customers/{customer}/googleAds:searchStream"));
        let request = Request::post(url, Body::Json(json!({ "query": query })), account_lane(&self.client_id, customer), operation);
        let request = request.within(lane(&self.client_id)).about(customer);
        match via {
            Some(manager) => request.header("login-customer-id", manager),
            None => request,
        }
    }

    /// Accounts below one that is directly accessible, itself included.
    async fn below(&self, root: &str, call: &Call) -> Result<Vec<wire::CustomerClient>, ConnectorError> {
        let read = |rows: Vec<wire::ClientRow>| Ok(rows.into_iter().map(|row| row.customer_client).collect());
        self.stream((root, Some(root)), CLIENTS, "accounts", call, read).await
    }
}

fn address(path: &str) -> Url {
    let mut url = Url::parse(ORIGIN).unwrap_or_else(|error| unreachable!("{ORIGIN} is an address: {error}"));
    url.set_path(path);
    url
}

#[async_trait]
impl Dialect for Bearer {
    fn platform(&self) -> Platform {
        Platform::GoogleAds
    }

    async fn authorise(&self, attempt: &mut Attempt, call: &Call) -> Result<(), ConnectorError> {
        let (token, generation) = self.tokens.access(attempt.now, call).await?;
        attempt.headers.insert(AUTHORIZATION, bearer(&Platform::GoogleAds, &token)?);
        attempt.generation = generation;
        Ok(())
    }

    fn judge(&self, request: &Request, answer: &Answer) -> Verdict {
        errors::judge(request, answer)
    }

    fn load(&self, answer: &Answer) -> Option<Load> {
        if errors::is_too_costly(answer) {
            return Some(Load { hold: errors::COOLING, ..Load::default() });
        }
        errors::project_delay(answer).map(|hold_wide| Load { hold_wide, ..Load::default() })
    }

    async fn renew(&self, generation: u64, call: &Call) -> Result<(), ConnectorError> {
        self.tokens.renew(generation, call).await
    }
}

#[async_trait]
impl Connector for Google {
    fn platform(&self) -> Platform {
        Platform::GoogleAds
    }

    fn limits(&self) -> Limits {
        LIMITS
    }

    /// Directly accessible accounts and everything below managers. One that is reachable several ways is reached directly, else the
    /// shortest way; an account that is closed does not hide the others.
    async fn accounts(&self, call: &Call) -> Result<Vec<RemoteAccount>, ConnectorError> {
        let request = Request::get(address(&format!("/{VERSION}/customers:listAccessibleCustomers")), lane(&self.client_id), "accounts");
        let accessible: wire::Accessible =
            self.http.send(&request, &self.dialect, call, |answer| answer.json(&Platform::GoogleAds)).await?;
        let mut found: BTreeMap<String, (i64, RemoteAccount)> = BTreeMap::new();
        let mut left_out = None;
        for root in accessible.resource_names.iter().filter_map(|name| name.strip_prefix("customers/")) {
            let rows = match self.below(root, call).await {
                Ok(rows) => rows,
                Err(error) if matches!(error.kind, Kind::AccountClosed | Kind::NoAccess) => {
                    tracing::debug!(%error, "an accessible account is left out");
                    left_out = Some(error);
                    continue;
                }
                Err(error) => return Err(error),
            };
            for row in rows.into_iter().filter(|row| !row.manager.0) {
                let level = row.level.count().unwrap_or(0);
                let account = RemoteAccount {
                    id: row.id.0.clone(),
                    name: row.descriptive_name.filter(|name| !name.is_empty()),
                    currency: row.currency_code.and_then(|code| code.parse().ok()),
                    time_zone: row.time_zone,
                    via: (level > 0).then(|| root.to_owned()),
                    state: match row.status.as_deref() {
                        Some("CANCELED" | "SUSPENDED" | "CLOSED") => AccountState::Closed,
                        _ => AccountState::Open,
                    },
                };
                if found.get(&row.id.0).is_none_or(|(known, _)| level < *known) {
                    found.insert(row.id.0, (level, account));
                }
            }
        }
        match left_out {
            // Nothing at all is no answer: why is.
            Some(error) if found.is_empty() => Err(error),
            _ => Ok(found.into_values().map(|(_, account)| account).collect()),
        }
    }

    /// Removed campaigns are listed too, with their names.
    async fn campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        let rows: Vec<wire::CampaignRow> = self.stream((&account.id, account.via.as_deref()), CAMPAIGNS, "campaigns", call, Ok).await?;
        let now = self.http.now().with_timezone(&account.time_zone).naive_local();
        let mut campaigns: BTreeMap<String, RemoteCampaign> = BTreeMap::new();
        for campaign in rows.into_iter().map(|row| parse::campaign(row, now)) {
            campaigns.insert(campaign.id.clone(), campaign);
        }
        Ok(campaigns.into_values().collect())
    }

    async fn figures(&self, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
        figures::read(self, account, ask, call).await
    }

    async fn totals(&self, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
        figures::totals(self, account, days, call).await
    }
}
