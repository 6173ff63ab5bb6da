//! From a platform's answers to committed rows: every account of one login at once, by day and by hour, as a person who syncs a range does.
//! The platform is a process of its own, so that neither its time nor its memory is counted.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, TimeDelta, Utc};
use moa_api::dto::client::ClientInput;
use moa_api::dto::connection::{AccountChoice, SyncAsk, SyncWhat};
use moa_api::{Moa, MoaOptions};
use moa_domain::DateRange;
use moa_domain::ports::FixedClock;
use moa_sandbox::world::{Account, Campaign, World};
use moa_sandbox::{Sandbox, browser, google};
use moa_text::Lang;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio_util::sync::CancellationToken;

use crate::agency::last_day;
use crate::cpu::{Stopwatch, peak_memory_mib};
use crate::month_end::Running;
use crate::server::Server;
use crate::{Outcome, writes};

const MANAGER: &str = "5550010001";
const ACCOUNTS_A_CLIENT: usize = 2;
/// Days and their 24 hours.
const ROWS_A_DAY: usize = 25;

pub(crate) async fn run(accounts: usize, campaigns: usize, days: u64) -> Outcome {
    let server = Server::start().await?;
    let folder = tempfile::Builder::new().prefix("moa-bench-").tempdir()?;
    let endpoints = folder.path().join("endpoints.toml");
    let mut platform = tokio::process::Command::new(std::env::current_exe()?)
        .args(["platform", &accounts.to_string(), &campaigns.to_string(), &days.to_string()])
        .arg(&endpoints)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut told = BufReader::new(platform.stdout.take().ok_or("no output")?).lines();
    let mut asked = platform.stdin.take().ok_or("no input")?;
    let origin = told.next_line().await?.ok_or("the platform did not start")?;

    let moa = open(&server, folder.path(), &endpoints).await?;
    connect(&moa, &origin).await?;
    let range = DateRange { from: last_day() - Days::new(days - 1), to: last_day() };
    let (mut sent, mut read) = (bytes_sent(&mut asked, &mut told).await?, 0);
    for case in ["first", "the same again"] {
        let ask = SyncAsk {
            what: SyncWhat::Range,
            from: Some(range.from.to_string()),
            to: Some(range.to.to_string()),
            by_hour: true,
            ..SyncAsk::default()
        };
        let watch = Stopwatch::start(server.postmaster);
        let runs = moa.sync(&ask, &CancellationToken::new(), &|_| ()).await?;
        let taken = watch.read();
        if let Some(failed) = runs.iter().find(|run| run.error.is_some()) {
            return Err(format!("an account failed: {failed:?}").into());
        }
        // The second time the same rows come and none is written.
        let written: u32 = runs.iter().map(|run| run.records_synced).sum();
        read = read.max(written);
        let now_sent = bytes_sent(&mut asked, &mut told).await?;
        println!(
            "{}",
            json!({ "bench": "sync", "case": case, "accounts": runs.len(), "rows": read, "written": written,
                "requests": runs.iter().map(|run| run.requests).sum::<u32>(),
                "bytes": now_sent - sent, "cpu_s": taken.cpu_s(), "server_cpu_s": taken.server_cpu_s, "wall_s": taken.wall_s,
                "peak_mib": peak_memory_mib() })
        );
        sent = now_sent;
    }
    let mut admin = server.admin().await?;
    let ids: Vec<i32> = sqlx::query_scalar("select id from campaigns order by id").fetch_all(&mut admin).await?;
    let taken = writes::floor(&mut admin, &server, &ids, range, false).await?;
    let rows = ids.len() * days_of(range) * ROWS_A_DAY;
    println!(
        "{}",
        json!({ "bench": "sync", "case": "raw binary COPY", "rows": rows, "cpu_s": taken.cpu_s(), "server_cpu_s": taken.server_cpu_s,
            "wall_s": taken.wall_s })
    );
    drop((moa, admin));
    server.stop()
}

fn days_of(range: DateRange) -> usize {
    usize::try_from(range.days()).unwrap_or(0)
}

async fn open(server: &Server, folder: &Path, endpoints: &Path) -> Outcome<Moa> {
    Ok(Moa::open(MoaOptions {
        database: Arc::new(Running(server.url.clone())),
        clock: Arc::new(FixedClock(now())),
        fonts: moa_host::resources::fonts_dir()?,
        reports_folder: folder.to_owned(),
        door: "bench",
        max_connections: 12,
        sealer: Arc::new(moa_host::KeychainSealer::new(moa_host::DataDir::resolve(Some(folder))?)),
        endpoints: Some(endpoints.to_owned()),
    })
    .await?)
}

/// One login with every account, two of them to a client.
async fn connect(moa: &Moa, origin: &str) -> Outcome {
    moa.set_app("google_ads", google::CLIENT_ID, Some(google::CLIENT_SECRET.into())).await?;
    let browser = {
        let origin = origin.to_owned();
        move |address: &str| {
            let (address, origin) = (address.to_owned(), origin.clone());
            tokio::spawn(async move { browser::sign_in(&address, &origin).await });
        }
    };
    let signed_in = moa.sign_in("google_ads", Lang::Ko, Duration::from_secs(20), &browser).await?;
    let open: Vec<&str> =
        signed_in.accounts.iter().filter(|account| account.account_name.is_some()).map(|account| &*account.account_id).collect();
    let mut choices = Vec::new();
    for (number, accounts) in open.chunks(ACCOUNTS_A_CLIENT).enumerate() {
        let input = ClientInput { name: format!("광고주 {number}"), currency: "KRW".to_owned(), vat_rate: "10".to_owned() };
        let client_id = moa.add_client(&input).await?.id;
        choices.extend(accounts.iter().map(|account| AccountChoice { account_id: (*account).to_owned(), client_id }));
    }
    moa.connect_accounts(&signed_in.id, &choices, None).await?;
    Ok(())
}

async fn bytes_sent(
    asked: &mut tokio::process::ChildStdin,
    told: &mut tokio::io::Lines<BufReader<tokio::process::ChildStdout>>,
) -> Outcome<u64> {
    asked.write_all(b"\n").await?;
    Ok(told.next_line().await?.ok_or("the platform has ended")?.parse()?)
}

/// Noon of the day after the last one.
fn now() -> DateTime<Utc> {
    (last_day() + Days::new(1)).and_hms_opt(3, 0, 0).unwrap_or_default().and_utc()
}

/// The platform's process: says where it is, and for every line it reads how many bytes its answers had until now.
pub(crate) async fn serve(accounts: usize, campaigns: usize, days: u64, file: &Path) -> Outcome {
    let sandbox = Sandbox::start(World::new(17, now(), agency(accounts, campaigns, days)), 0).await?;
    tokio::fs::write(file, sandbox.endpoints_file(1000)).await?;
    println!("{}", sandbox.origin());
    tokio::task::spawn_blocking(move || {
        for _ in std::io::stdin().lines().map_while(Result::ok) {
            println!("{}", sandbox.faults.bytes_sent());
        }
    })
    .await?;
    Ok(())
}

fn agency(accounts: usize, campaigns: usize, days: u64) -> Vec<Account> {
    let account = |number: usize| Account {
        platform: "google_ads",
        id: format!("{}", 6_120_000_000 + number as u64),
        name: format!("광고주 {number}"),
        currency: "KRW",
        time_zone: chrono_tz::Asia::Seoul,
        manager: Some(MANAGER.to_owned()),
        campaigns: (0..campaigns)
            .map(|campaign| Campaign {
                id: format!("{}", 20_000_000_000 + (number * campaigns + campaign) as u64),
                name: format!("[검색] 캠페인 {campaign}"),
                kind: "SEARCH".to_owned(),
                places: vec!["SEARCH"],
                daily_budget: 150_000,
                first_day: last_day() - TimeDelta::days(i64::try_from(days).unwrap_or(0)),
                last_day: None,
                paused: false,
                removed: false,
            })
            .collect(),
    };
    (0..accounts).map(account).collect()
}
