//! The end of a month: every client's PDF and workbook, from the database to the files.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use chrono::DateTime;
use moa_api::dto::period::ShownBasis;
use moa_api::dto::report::{ReportPeriod, ReportRequest};
use moa_api::{ApiError, DatabaseAddress, DatabaseSource, Moa, MoaOptions, ReportFiles, ReportTarget};
use moa_domain::ports::FixedClock;
use serde_json::json;

use crate::Outcome;
use crate::agency::{self, Size};
use crate::cpu::{Stopwatch, peak_memory_mib};
use crate::server::Server;

/// Reports made side by side: as many as the machines this was measured on have processors.
const AT_ONCE: usize = 2;

pub(crate) async fn run(clients: u32, campaigns: u32, folder: &Path) -> Outcome {
    let server = Server::start().await?;
    agency::make(&server, &Size { clients, campaigns: clients * campaigns, days: 90, hourly_days: 0 }).await?;
    let moa = Moa::open(MoaOptions {
        database: Arc::new(Running(server.url.clone())),
        clock: Arc::new(FixedClock(DateTime::parse_from_rfc3339("2026-11-24T09:00:00+09:00")?.to_utc())),
        fonts: moa_host::resources::fonts_dir()?,
        reports_folder: folder.to_owned(),
        door: "bench",
        max_connections: 8,
        sealer: Arc::new(moa_host::KeychainSealer::new(moa_host::DataDir::resolve(Some(folder))?)),
        endpoints: None,
    })
    .await?;
    let watch = Stopwatch::start(server.postmaster);
    let mut waiting: Vec<i32> = (1..=i32::try_from(clients)?).rev().collect();
    let mut working = tokio::task::JoinSet::new();
    let mut made = 0;
    while !waiting.is_empty() || !working.is_empty() {
        while working.len() < AT_ONCE
            && let Some(client) = waiting.pop()
        {
            let (moa, folder) = (moa.clone(), folder.join(client.to_string()));
            working.spawn(async move { report(&moa, client, &folder).await });
        }
        if let Some(done) = working.join_next().await {
            done??;
            made += 1;
        }
    }
    let taken = watch.read();
    println!(
        "{}",
        json!({ "bench": "month-end", "clients": made, "campaigns": campaigns, "cpu_s": taken.cpu_s(), "wall_s": taken.wall_s,
            "peak_mib": peak_memory_mib() })
    );
    drop(moa);
    server.stop()
}

async fn report(moa: &Moa, client_id: i32, folder: &Path) -> Result<(), ApiError> {
    let request = ReportRequest {
        client_id,
        period: ReportPeriod::Monthly,
        from: "2026-10-01".to_owned(),
        to: "2026-10-31".to_owned(),
        basis: ShownBasis::Net,
        folder: None,
        pdf: true,
        xlsx: true,
        comment: None,
        lang: "ko".to_owned(),
    };
    let target = || Some(ReportTarget::Folder(folder.to_owned()));
    moa.make_report(&request, ReportFiles { pdf: target(), xlsx: target() }).await.map(drop)
}

/// The server that was started for this.
pub(crate) struct Running(pub(crate) String);

impl DatabaseSource for Running {
    fn address(&self) -> Pin<Box<dyn Future<Output = Result<DatabaseAddress, ApiError>> + Send + '_>> {
        let address = DatabaseAddress { url: self.0.clone(), embedded: true, location: DatabaseAddress::location_of(&self.0) };
        Box::pin(async { Ok(address) })
    }

    fn revive(&self) -> Pin<Box<dyn Future<Output = Result<DatabaseAddress, ApiError>> + Send + '_>> {
        self.address()
    }
}
