//! What the window asks first.

use crate::Moa;
use crate::dto::settings::{DatabaseInfo, Workspace};
use crate::error::ApiError;
use crate::write::settings::load;

impl Moa {
    /// # Errors
    /// The database's.
    pub async fn workspace(&self) -> Result<Workspace, ApiError> {
        let (clients, server, settings) = self
            .retried(
                move |store| async move { Ok::<_, ApiError>((store.clients().await?, store.server_info().await?, load(&store).await?)) },
            )
            .await?;
        let address = self.inner.database.address().await?;
        Ok(Workspace {
            client_count: u32::try_from(clients.len()).unwrap_or(u32::MAX),
            has_sample: clients.iter().any(|client| client.is_sample),
            settings,
            reports_folder: self.reports_folder().await?.display().to_string(),
            database: DatabaseInfo {
                embedded: address.embedded,
                location: address.location,
                version: server.version,
                size_bytes: server.size_bytes.to_string(),
            },
            today: self.today().to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }
}

impl Moa {
    /// Whether a shared server can be used. It is prepared by this: roles and tables are made where they are missing.
    pub async fn test_database(url: &str) -> crate::dto::settings::DatabaseTest {
        let options = moa_store::ConnectOptions { embedded: false, max_connections: 1, application_name: "Moa test".to_owned() };
        let tested = async {
            let store = moa_store::Store::connect(url, &options).await?;
            store.server_info().await
        };
        match tested.await {
            Ok(server) => crate::dto::settings::DatabaseTest { ok: true, version: Some(server.version), error: None },
            Err(error) => crate::dto::settings::DatabaseTest { ok: false, version: None, error: Some(ApiError::from(error).to_dto()) },
        }
    }
}
