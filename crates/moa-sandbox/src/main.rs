//! `moa-sandbox [PORT] [ENDPOINTS_FILE]`: the four ad platforms on this computer, for trying the app without an account anywhere.
//!
//! Writes an endpoints file for `--endpoints`, says what to enter where, and serves until it is stopped. Its figures are seeded: the same at
//! every start, up to the hour it is.

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

use std::time::Duration;

use chrono::{DateTime, Utc};
use moa_sandbox::{Sandbox, World, google, kakao, meta, naver};

/// How often the sandbox's clock is set: figures of an hour appear once it has passed.
const TICK: Duration = Duration::from_secs(20);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(9090);
    let file = arguments.next().unwrap_or_else(|| "endpoints.toml".to_owned());
    // As in the app itself: a clock that stands still, for tests and demonstrations.
    let standing = std::env::var("MOA_NOW").ok().and_then(|text| DateTime::parse_from_rfc3339(&text).ok()).map(|time| time.to_utc());
    let sandbox = Sandbox::start(World::agency(7, standing.unwrap_or_else(Utc::now)), port).await?;
    tokio::fs::write(&file, sandbox.endpoints_file(20)).await?;
    println!("{} (--endpoints {file})", sandbox.origin());
    println!("naver_ads    --customer-id 3100001 --customer-id 3100002 --api-key {} --secret-stdin   {}", naver::LICENSE, naver::SECRET);
    println!("google_ads   --client-id {} --secret-stdin   {}", google::CLIENT_ID, google::CLIENT_SECRET);
    println!("meta_ads     --client-id {} --secret-stdin   {}   or --token-stdin   {}", meta::APP_ID, meta::APP_SECRET, meta::SYSTEM_TOKEN);
    println!("kakao        --client-id {} --secret-stdin   {}", kakao::CLIENT_ID, kakao::CLIENT_SECRET);
    loop {
        tokio::time::sleep(TICK).await;
        if standing.is_none() {
            sandbox.world.set_now(Utc::now());
        }
    }
}
