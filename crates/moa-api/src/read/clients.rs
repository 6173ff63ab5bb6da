//! Clients, and what the clients screen shows of each.

use std::collections::BTreeMap;

use moa_domain::Basis;
use moa_domain::calendar::DateRange;
use moa_store::{Client, GroupBy, Scope, Store};

use super::figures::{Ask, Group, compared, text};
use super::period::compared_range;
use crate::Moa;
use crate::dto::client::{ClientDto, ClientRow, ClientsOverview, CurrencyFigures};
use crate::dto::figures::PlatformAsOf;
use crate::dto::period::{Comparison, ShownBasis};
use crate::error::ApiError;

impl Moa {
    /// # Errors
    /// The database's.
    pub async fn client_list(&self) -> Result<Vec<ClientDto>, ApiError> {
        Ok(self.retried(move |store| async move { store.clients().await }).await?.iter().map(client_dto).collect())
    }

    /// # Errors
    /// `unknown_client` with the names there are, or the database's.
    pub async fn client_by_name(&self, name: &str) -> Result<ClientDto, ApiError> {
        Ok(client_dto(&client_by_name(&self.store(), name).await?))
    }

    /// Every client with its figures of the period. Four questions a client, all from roll-ups.
    ///
    /// # Errors
    /// The database's.
    pub async fn clients_overview(&self, range: DateRange, comparison: Comparison, basis: ShownBasis) -> Result<ClientsOverview, ApiError> {
        let mut rows = Vec::new();
        for client in self.retried(move |store| async move { store.clients().await }).await? {
            rows.push(self.client_row(client, range, comparison, basis).await?);
        }
        Ok(ClientsOverview { from: range.from.to_string(), to: range.to.to_string(), clients: rows })
    }

    async fn client_row(&self, client: Client, range: DateRange, comparison: Comparison, basis: ShownBasis) -> Result<ClientRow, ApiError> {
        let store = self.store();
        let scope = Scope::Client(client.id);
        let ask =
            Ask { scope, range, compared: compared_range(range, comparison), basis: basis.into(), platforms: Vec::new(), campaign: None };
        let totals = ask.groups(&store, GroupBy::Total).await?;
        let days = Ask { compared: None, ..ask.clone() }.groups(&store, GroupBy::Day).await?;
        let as_of = platform_as_of(&store, scope).await?;
        let span = store.first_and_last_day(scope).await?;
        Ok(ClientRow {
            client: client_dto(&client),
            figures: totals.iter().map(|total| currency_figures(total, &days, range)).collect(),
            platforms: as_of.iter().map(|as_of| as_of.platform.clone()).collect(),
            as_of,
            first_day: span.map(|span| span.from.to_string()),
            last_day: span.map(|span| span.to.to_string()),
        })
    }
}

fn currency_figures(total: &Group, days: &[Group], range: DateRange) -> CurrencyFigures {
    let by_day: BTreeMap<_, _> = days.iter().filter(|day| day.currency == total.currency).map(|day| (day.key.date, day.totals)).collect();
    CurrencyFigures {
        currency: total.currency.to_string(),
        compared: compared(total),
        daily_cost: range.iter().map(|date| by_day.get(&Some(date)).map(|totals| text(totals.cost))).collect(),
    }
}

pub(crate) fn client_dto(client: &Client) -> ClientDto {
    ClientDto {
        id: client.id,
        public_id: client.public_id.to_string(),
        name: client.name.clone(),
        currency: client.currency.to_string(),
        vat_rate: client.vat_rate.to_string(),
        is_sample: client.is_sample,
    }
}

/// # Errors
/// `unknown_client` with the name and the names there are.
pub(crate) async fn client_by_name(store: &Store, name: &str) -> Result<Client, ApiError> {
    if let Some(client) = store.client_by_name(name).await? {
        return Ok(client);
    }
    let known = store.clients().await?.into_iter().map(|client| client.name).collect::<Vec<_>>().join(", ");
    Err(ApiError::usage("unknown_client", [("name", name.to_owned()), ("known", known)]))
}

impl Moa {
    /// # Errors
    /// `unknown_client` when it was removed meanwhile, or the database's.
    pub(crate) async fn client_of(&self, id: i32) -> Result<Client, ApiError> {
        let found = self.retried(move |store| async move { store.client(id).await }).await?;
        found.ok_or_else(|| ApiError::usage("unknown_client", [("name", id.to_string()), ("known", String::new())]))
    }
}

/// # Errors
/// `unknown_client` when it was removed meanwhile.
pub(crate) async fn client_by_id(store: &Store, id: i32) -> Result<Client, ApiError> {
    match store.client(id).await? {
        Some(client) => Ok(client),
        None => Err(ApiError::usage("unknown_client", [("name", id.to_string()), ("known", String::new())])),
    }
}

pub(crate) async fn platform_as_of(store: &Store, scope: Scope) -> Result<Vec<PlatformAsOf>, ApiError> {
    let as_of = store.as_of(scope).await?;
    Ok(as_of
        .into_iter()
        .map(|as_of| PlatformAsOf {
            platform: as_of.platform,
            read_at: as_of.read_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            last_day: as_of.last_day.map(|day| day.to_string()),
        })
        .collect())
}

impl From<ShownBasis> for Basis {
    fn from(shown: ShownBasis) -> Self {
        match shown {
            ShownBasis::Net => Self::Net,
            ShownBasis::Gross => Self::Gross,
        }
    }
}
