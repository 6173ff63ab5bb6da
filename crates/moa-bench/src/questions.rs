//! The dashboard's questions, as the screens ask them.

use std::time::Instant;

use moa_domain::DateRange;
use moa_store::{GroupBy, Question, Scope};
use serde_json::json;

use crate::Outcome;
use crate::agency::{self, Size, last};
use crate::cpu::{Stopwatch, median};
use crate::server::Server;

pub(crate) const DAYS: u64 = 400;
pub(crate) const HOURLY_DAYS: u64 = 56;
/// The client every question of one client is about.
const CLIENT: i32 = 3;

fn asked() -> [(&'static str, GroupBy, DateRange); 7] {
    [
        ("kpi", GroupBy::Total, last(28)),
        ("trend", GroupBy::Day, last(365)),
        ("channel", GroupBy::Channel, last(28)),
        ("campaigns 30 days", GroupBy::Campaign, last(30)),
        ("campaigns 7 days", GroupBy::Campaign, last(7)),
        ("weekday × hour", GroupBy::HourOfWeek, last(HOURLY_DAYS)),
        ("months", GroupBy::Month, last(390)),
    ]
}

pub(crate) async fn run(campaigns: u32, repeat: u32) -> Outcome {
    let server = Server::start().await?;
    let size = Size { clients: (campaigns / 100).max(6), campaigns, days: DAYS, hourly_days: HOURLY_DAYS };
    let making = Stopwatch::start(None);
    agency::make(&server, &size).await?;
    println!("{}", json!({ "bench": "questions", "made": campaigns, "clients": size.clients, "seconds": making.read().wall_s }));
    for (name, by, range) in asked() {
        for (scope_name, scope) in [("client", Scope::Client(CLIENT)), ("agency", Scope::Agency)] {
            let question = Question { scope, range, by, platforms: Vec::new(), channels: Vec::new(), campaign: None };
            // Once to be warm; processor time over all repetitions, because reading it costs as much as a question.
            let mut rows = server.store.figures(&question).await?;
            let mut wall = Vec::new();
            let watch = Stopwatch::start(server.postmaster);
            for _ in 0..repeat {
                let begun = Instant::now();
                rows = server.store.figures(&question).await?;
                wall.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            let cpu_ms = watch.read().cpu_s().map(|seconds| seconds * 1000.0 / f64::from(repeat));
            // Compared with the peer's: the same rows of the same sums.
            let cost: i128 = rows.iter().map(|row| i128::from(row.counts.cost.0)).sum();
            let clicks: i128 = rows.iter().map(|row| i128::from(row.counts.clicks)).sum();
            println!(
                "{}",
                json!({ "bench": "questions", "campaigns": campaigns, "scope": scope_name, "question": name, "cpu_ms": cpu_ms,
                    "wall_ms": median(wall), "cost": cost.to_string(), "clicks": clicks.to_string() })
            );
        }
    }
    server.stop()
}
