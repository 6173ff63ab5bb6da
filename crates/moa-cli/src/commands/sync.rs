use moa_api::Moa;
use moa_api::dto::connection::{SyncAsk, SyncRunDto, SyncWhat};
use moa_text::platform_name;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::args::SyncArgs;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, args: SyncArgs, console: &Console) -> Result<i32, Failure> {
    let what = match () {
        () if args.from.is_some() => SyncWhat::Range,
        () if args.full => SyncWhat::Full,
        () if args.deep => SyncWhat::Deep,
        () if args.hourly => SyncWhat::Hourly,
        () => SyncWhat::Morning,
    };
    let ask = SyncAsk {
        client: args.client,
        accounts: args.account.into_iter().collect(),
        what,
        from: args.from.map(|day| day.to_string()),
        to: args.to.map(|day| day.to_string()),
        by_hour: args.hourly,
    };
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    // Whole windows are kept; the rest is read at the next sync.
    let interrupted = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
    });
    let runs = moa.sync(&ask, &cancel, &|_| ()).await;
    interrupted.abort();
    answer(&runs?, console)
}

fn answer(runs: &[SyncRunDto], console: &Console) -> Result<i32, Failure> {
    let count = |status: &str| runs.iter().filter(|run| run.status == status).count();
    let code = match (count("success"), count("failed")) {
        (good, _) if good == runs.len() => 0,
        (_, failed) if failed == runs.len() => 1,
        _ => 3,
    };
    if console.json {
        let runs: Vec<_> = runs
            .iter()
            .map(|run| {
                json!({
                    "account_id": run.account_id,
                    "account_name": run.account_name,
                    "client": run.client,
                    "platform": run.platform,
                    "sync_type": run.sync_type,
                    "status": run.status,
                    "from": run.from,
                    "to": run.to,
                    "records_synced": run.records_synced,
                    "restated": run.restated,
                    "requests": run.requests,
                    "started_at": run.started_at,
                    "completed_at": run.completed_at,
                    "error": run.error.as_ref().map(|error| console.error_value(error)),
                })
            })
            .collect();
        console.document(&json!({ "runs": runs }))?;
        return Ok(code);
    }
    if runs.is_empty() {
        console.line(&console.word("sync.nothing_connected", &[]));
        return Ok(0);
    }
    let headers = console.columns(&["platform", "account", "client", "status", "days", "rows_written", "rows_restated"]);
    let rows = runs.iter().map(|run| {
        let days = run.from.as_ref().zip(run.to.as_ref()).map(|(from, to)| format!("{from} – {to}")).unwrap_or_default();
        vec![
            platform_name(console.lang(), &run.platform),
            run.account_name.clone().unwrap_or_else(|| run.account_id.clone()),
            run.client.clone(),
            console.word(&format!("sync.status.{}", run.status), &[]),
            days,
            run.records_synced.to_string(),
            run.restated.to_string(),
        ]
    });
    console.table(&headers, 5, rows.collect());
    for run in runs {
        if let Some(error) = &run.error {
            let name = run.account_name.as_deref().unwrap_or(&run.account_id);
            console.fail_about(name, &Failure { error: error.clone(), exit: code });
        }
    }
    Ok(code)
}
