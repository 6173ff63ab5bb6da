//! The way to the ad platforms, opened when something first needs it, and logins that wait for their accounts to be chosen.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use moa_connectors::http::{Endpoints, Http};
use moa_domain::{Clock, Sealer};
use moa_store::Store;
use moa_sync::Syncer;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::error::ApiError;
use crate::write::connect::Waiting;

pub(crate) struct Platforms {
    endpoints: Endpoints,
    pub(crate) sealer: Arc<dyn Sealer>,
    http: Mutex<Option<Arc<Http>>>,
    syncer: Mutex<Option<Arc<Syncer>>>,
    /// Logins that were made and whose accounts are not chosen yet.
    pub(crate) waiting: Mutex<HashMap<Uuid, Waiting>>,
    /// When each account was last synced by the schedule, whatever came of it.
    pub(crate) tried: Mutex<HashMap<i32, Instant>>,
    /// Stops the sign-in under way.
    pub(crate) sign_in: Mutex<Option<CancellationToken>>,
}

impl Platforms {
    /// # Errors
    /// An endpoints file that cannot be used.
    pub(crate) fn new(endpoints: Option<&Path>, sealer: Arc<dyn Sealer>) -> Result<Self, ApiError> {
        let refused = |error: moa_connectors::http::EndpointsError| ApiError::usage(error.code(), error.values());
        let endpoints = endpoints.map(Endpoints::read).transpose().map_err(refused)?.unwrap_or_default();
        Ok(Self {
            endpoints,
            sealer,
            http: Mutex::default(),
            syncer: Mutex::default(),
            waiting: Mutex::default(),
            tried: Mutex::default(),
            sign_in: Mutex::default(),
        })
    }

    pub(crate) fn http(&self, clock: &Arc<dyn Clock>) -> Result<Arc<Http>, ApiError> {
        let mut http = self.http.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(http) = http.as_ref() {
            return Ok(Arc::clone(http));
        }
        let made = Http::new(self.endpoints.clone(), Arc::clone(clock))
            .map_err(|error| ApiError::failure("network_unusable", [("detail", error.to_string())]))?;
        *http = Some(Arc::clone(&made));
        Ok(made)
    }

    pub(crate) fn syncer(&self, store: Store, clock: &Arc<dyn Clock>) -> Result<Arc<Syncer>, ApiError> {
        let http = self.http(clock)?;
        let mut syncer = self.syncer.lock().unwrap_or_else(PoisonError::into_inner);
        let syncer = syncer.get_or_insert_with(|| Arc::new(Syncer::new(store, http, Arc::clone(&self.sealer), Arc::clone(clock))));
        Ok(Arc::clone(syncer))
    }
}
