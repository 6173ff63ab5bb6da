//! Clients, and what the clients screen shows of each.

use std::collections::BTreeMap;

use moa_domain::Basis;
use moa_domain::calendar::DateRange;
use moa_store::{AsOf, Client, GroupBy, Scope, Store, StoreError};

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
        let name = name.to_owned();
        let found = self.retried(move |store| {
            let name = name.clone();
            async move { client_by_name(&store, &name).await }
        });
        Ok(client_dto(&found.await?))
    }

    /// Every client with its figures of the period, in as many questions for fifty clients as for one; all from roll-ups.
    ///
    /// # Errors
    /// The database's.
    pub async fn clients_overview(&self, range: DateRange, comparison: Comparison, basis: ShownBasis) -> Result<ClientsOverview, ApiError> {
        let ask = Ask {
            scope: Scope::Agency,
            range,
            compared: compared_range(range, comparison),
            basis: basis.into(),
            platforms: Vec::new(),
            campaign: None,
        };
        let known = self
            .retried(move |store| {
                let ask = ask.clone();
                async move { Overview::load(&store, &ask).await }
            })
            .await?;
        let clients = known.clients.iter().map(|client| known.row(client, range)).collect();
        Ok(ClientsOverview { from: range.from.to_string(), to: range.to.to_string(), clients })
    }
}

/// What the clients screen shows, before it is dealt out to clients.
struct Overview {
    clients: Vec<Client>,
    totals: BTreeMap<i32, Vec<Group>>,
    days: BTreeMap<i32, Vec<Group>>,
    as_of: BTreeMap<i32, Vec<PlatformAsOf>>,
    spans: BTreeMap<i32, DateRange>,
}

impl Overview {
    async fn load(store: &Store, ask: &Ask) -> Result<Self, StoreError> {
        let now_only = Ask { compared: None, ..ask.clone() };
        let (clients, totals, days, as_of, spans) = tokio::try_join!(
            store.clients(),
            ask.groups(store, GroupBy::Client),
            now_only.groups(store, GroupBy::ClientDay),
            store.as_of_by_client(),
            store.first_and_last_day_by_client(),
        )?;
        Ok(Self {
            clients,
            totals: dealt_out(totals.into_iter().filter_map(|group| Some((group.key.client?, group)))),
            days: dealt_out(days.into_iter().filter_map(|group| Some((group.key.client?, group)))),
            as_of: dealt_out(as_of.into_iter().map(|known| (known.client_id, as_of_dto(known.as_of)))),
            spans: spans.into_iter().collect(),
        })
    }

    fn row(&self, client: &Client, range: DateRange) -> ClientRow {
        let days = self.days.get(&client.id).map_or(&[][..], Vec::as_slice);
        let as_of = self.as_of.get(&client.id).cloned().unwrap_or_default();
        let span = self.spans.get(&client.id);
        ClientRow {
            client: client_dto(client),
            figures: self.totals.get(&client.id).into_iter().flatten().map(|total| currency_figures(total, days, range)).collect(),
            platforms: as_of.iter().map(|as_of| as_of.platform.clone()).collect(),
            as_of,
            first_day: span.map(|span| span.from.to_string()),
            last_day: span.map(|span| span.to.to_string()),
        }
    }
}

fn dealt_out<T>(all: impl Iterator<Item = (i32, T)>) -> BTreeMap<i32, Vec<T>> {
    let mut by_client: BTreeMap<i32, Vec<T>> = BTreeMap::new();
    for (client, one) in all {
        by_client.entry(client).or_default().push(one);
    }
    by_client
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
/// `unknown_client` with the name and the names there are; `no_clients` when there are none.
pub(crate) async fn client_by_name(store: &Store, name: &str) -> Result<Client, ApiError> {
    if let Some(client) = store.client_by_name(name).await? {
        return Ok(client);
    }
    let known: Vec<String> = store.clients().await?.into_iter().map(|client| client.name).collect();
    if known.is_empty() {
        return Err(ApiError::usage("no_clients", [("name", name.to_owned())]));
    }
    Err(ApiError::usage("unknown_client", [("name", name.to_owned()), ("known", known.join(", "))]))
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

pub(crate) async fn platform_as_of(store: &Store, scope: Scope) -> Result<Vec<PlatformAsOf>, StoreError> {
    Ok(store.as_of(scope).await?.into_iter().map(as_of_dto).collect())
}

fn as_of_dto(as_of: AsOf) -> PlatformAsOf {
    PlatformAsOf {
        platform: as_of.platform,
        read_at: as_of.read_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        last_day: as_of.last_day.map(|day| day.to_string()),
    }
}

impl From<ShownBasis> for Basis {
    fn from(shown: ShownBasis) -> Self {
        match shown {
            ShownBasis::Net => Self::Net,
            ShownBasis::Gross => Self::Gross,
        }
    }
}
