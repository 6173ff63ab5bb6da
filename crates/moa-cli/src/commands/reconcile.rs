use moa_api::{Moa, range};
use moa_text::platform_name;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::args::RevisionsArgs;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, args: RevisionsArgs, console: &Console) -> Result<i32, Failure> {
    let compared = moa.reconcile(&args.client, range(args.from, args.to)?, &CancellationToken::new()).await?;
    let code = match (compared.problems.is_empty(), compared.days.is_empty()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 3,
    };
    if console.json {
        let problems: Vec<_> = compared
            .problems
            .iter()
            .map(|problem| json!({ "account_id": problem.account_id, "platform": problem.platform, "error": console.error_value(&problem.error) }))
            .collect();
        let mut document = json!({ "days": compared.days });
        if !problems.is_empty() {
            document["problems"] = json!(problems);
        }
        console.document(&document)?;
        return Ok(code);
    }
    for problem in &compared.problems {
        console.fail_about(&problem.account_id, &Failure { error: problem.error.clone(), exit: code });
    }
    if compared.days.is_empty() {
        if compared.problems.is_empty() {
            console.line(&console.word("sync.nothing_connected", &[]));
        }
        return Ok(code);
    }
    let headers = console.columns(&["date", "platform", "account", "reason", "ours", "theirs", "difference"]);
    let rows = compared.days.into_iter().map(|day| {
        let reason = console.word(&format!("reconcile.reason.{}", day.reason), &[]);
        vec![day.date, platform_name(console.lang(), &day.platform), day.account_id, reason, day.ours, day.theirs, day.difference]
    });
    console.table(&headers, 4, rows.collect());
    Ok(code)
}
