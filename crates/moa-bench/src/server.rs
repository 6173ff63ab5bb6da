//! The embedded Postgres with the product's own settings, on an empty folder.

use moa_host::postgres::{Cluster, ClusterOptions};
use moa_store::{ConnectOptions, Store};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::{Outcome, cpu};

pub(crate) struct Server {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) postmaster: Option<u32>,
    cluster: Option<Cluster>,
    _folder: TempDir,
}

impl Server {
    pub(crate) async fn start() -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("moa-bench-").tempdir()?;
        let options = ClusterOptions::new(moa_host::resources::postgres_dir()?, folder.path().join("database"));
        let cluster = tokio::task::spawn_blocking(move || Cluster::start(&options)).await??;
        let url = cluster.url();
        let connect = ConnectOptions { embedded: true, max_connections: 4, application_name: "moa bench".to_owned() };
        let store = Store::connect(&url, &connect).await?;
        let (backend,): (i32,) = sqlx::query_as("select pg_backend_pid()").fetch_one(&mut PgConnection::connect(&url).await?).await?;
        let postmaster = u32::try_from(backend).ok().and_then(cpu::parent_of);
        Ok(Self { store, url, postmaster, cluster: Some(cluster), _folder: folder })
    }

    /// A connection with every right, for making data.
    pub(crate) async fn admin(&self) -> Outcome<PgConnection> {
        Ok(PgConnection::connect(&self.url).await?)
    }

    pub(crate) fn stop(mut self) -> Outcome {
        if let Some(cluster) = self.cluster.take() {
            cluster.stop()?;
        }
        Ok(())
    }
}
