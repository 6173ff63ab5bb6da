//! A database that moved: the keeper restarted the server, perhaps on another port. Reading is tried once more; writing never is, so
//! it begins with a look whether the database is there.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use moa_store::Store;

use crate::Moa;
use crate::error::ApiError;

/// Where the database is right now.
#[derive(Debug, Clone)]
pub struct DatabaseAddress {
    /// With credentials; never shown.
    pub url: String,
    pub embedded: bool,
    /// What a person may see: the data folder, or host and database name.
    pub location: String,
}

impl DatabaseAddress {
    /// Host and database name of a URL: what a person may see of it.
    #[must_use]
    pub fn location_of(url: &str) -> String {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        rest.split('?').next().unwrap_or_default().to_owned()
    }
}

/// Given by a door: how to find the database, and how to bring it back.
pub trait DatabaseSource: Send + Sync {
    /// The present address.
    fn address(&self) -> Pin<Box<dyn Future<Output = Result<DatabaseAddress, ApiError>> + Send + '_>>;

    /// Brings an embedded server back after it died, and gives its address; a shared server's address stays.
    fn revive(&self) -> Pin<Box<dyn Future<Output = Result<DatabaseAddress, ApiError>> + Send + '_>>;
}

/// Longer than nearly every question takes.
const LOOK_AFTER: Duration = Duration::from_millis(300);

/// Looks, now and then, whether the server is still where it was.
async fn until_deserted(store: &Store) {
    let mut pause = LOOK_AFTER;
    loop {
        tokio::time::sleep(pause).await;
        if store.is_deserted().await {
            return;
        }
        pause *= 2;
    }
}

impl Moa {
    /// Asks, and asks once more on a revived database when the first answer was that it is gone.
    ///
    /// The question owns its store and what it asks, so that its future can be sent between threads.
    pub(crate) async fn retried<T, E, F>(&self, ask: impl Fn(Store) -> F) -> Result<T, ApiError>
    where
        E: Into<ApiError>,
        F: Future<Output = Result<T, E>> + Send,
    {
        let store = self.store();
        // The pool goes on knocking at an address where nobody is; a person does not wait for that.
        let answer = tokio::select! {
            answer = ask(store.clone()) => match answer.map_err(Into::into) {
                Err(ApiError::Store(error)) if error.is_gone() => None,
                answer => Some(answer),
            },
            () = until_deserted(&store) => None,
        };
        if let Some(answer) = answer {
            return answer;
        }
        let address = self.inner.database.revive().await?;
        self.inner.store.reconnect(&address.url).await?;
        ask(self.store()).await.map_err(Into::into)
    }

    /// The store to write with, on a database that has just answered.
    pub(crate) async fn awake(&self) -> Result<Store, ApiError> {
        self.retried(|store| async move { store.answers().await }).await?;
        Ok(self.store())
    }
}
