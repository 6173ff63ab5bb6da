use moa_api::{Moa, range};
use serde_json::json;

use crate::args::RevisionsArgs;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, args: RevisionsArgs, console: &Console) -> Result<i32, Failure> {
    let revisions = moa.revisions_of(&args.client, range(args.from, args.to)?).await?;
    if console.json {
        console.document(&json!({ "revisions": revisions }))?;
        return Ok(0);
    }
    let headers = ["date", "campaign", "channel", "column", "source", "old", "new"].map(str::to_owned);
    let rows = revisions.into_iter().map(|r| vec![r.date, r.campaign_name, r.channel, r.column, r.source, r.old, r.new]);
    console.table(&headers, 5, rows.collect());
    Ok(0)
}
