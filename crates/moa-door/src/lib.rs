//! Opening the workspace, the same for both doors: the embedded database of the data folder, or a shared server.
//!
//! Apart from the doors because both do it; apart from `moa-host` because the host knows nothing of use cases.

mod server;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use moa_api::{ApiError, DatabaseAddress, DatabaseSource, Moa, MoaOptions};
use moa_host::{DataDir, Database, DatabaseHandle, HostError, KeychainSealer, OpenOptions, SystemClock, resources};

pub use server::{choose_server, chosen_server};

/// How a door wants its workspace.
pub struct Opening {
    pub folder: DataDir,
    /// A shared server; `None` is the embedded database.
    pub database_url: Option<String>,
    /// `window` or `command line`, as the server's list of connections shows it.
    pub door: &'static str,
    pub max_connections: u32,
    /// A file that puts servers of this computer in platforms' places, for tests.
    pub endpoints: Option<PathBuf>,
}

/// Starts the embedded server where it is needed, connects and migrates.
///
/// # Errors
/// What keeps the database from opening: the host's or the store's.
pub async fn open(opening: &Opening) -> Result<Moa, ApiError> {
    let database: Arc<dyn DatabaseSource> = match &opening.database_url {
        Some(url) => Arc::new(SharedServer { url: url.clone() }),
        None => Arc::new(Embedded {
            handle: Database::open(&opening.folder, &OpenOptions::default()).await.map_err(|error| host(&error))?,
            location: opening.folder.root().display().to_string(),
        }),
    };
    Moa::open(MoaOptions {
        database,
        clock: Arc::new(SystemClock::from_environment().map_err(|error| host(&error))?),
        fonts: resources::fonts_dir().map_err(|error| host(&error))?,
        reports_folder: opening.folder.reports(),
        door: opening.door,
        max_connections: opening.max_connections,
        sealer: Arc::new(KeychainSealer::new(opening.folder.clone())),
        endpoints: opening.endpoints.clone(),
    })
    .await
}

fn host(error: &HostError) -> ApiError {
    ApiError::host(error.code(), error)
}

type Found<'a> = Pin<Box<dyn Future<Output = Result<DatabaseAddress, ApiError>> + Send + 'a>>;

struct SharedServer {
    url: String,
}

impl DatabaseSource for SharedServer {
    fn address(&self) -> Found<'_> {
        let address = DatabaseAddress { url: self.url.clone(), embedded: false, location: DatabaseAddress::location_of(&self.url) };
        Box::pin(async { Ok(address) })
    }

    fn revive(&self) -> Found<'_> {
        self.address()
    }
}

struct Embedded {
    handle: DatabaseHandle,
    location: String,
}

impl DatabaseSource for Embedded {
    fn address(&self) -> Found<'_> {
        let address = DatabaseAddress { url: self.handle.url(), embedded: true, location: self.location.clone() };
        Box::pin(async { Ok(address) })
    }

    fn revive(&self) -> Found<'_> {
        Box::pin(async {
            self.handle.refresh().await.map_err(|error| host(&error))?;
            self.address().await
        })
    }
}
