use moa_api::{Moa, range};
use moa_domain::VatBasis;
use moa_text::{channel_name, has_text, text, vat_name};
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
    if revisions.is_empty() {
        console.line(&console.word("revisions.none", &[]));
        return Ok(0);
    }
    let lang = console.lang();
    let headers = console.columns(&["date", "campaign_name", "channel", "column", "source", "old", "new"]);
    let rows = revisions.into_iter().map(|r| {
        let measure = format!("shared.kpi.{}", r.column);
        let column = if has_text(lang, &measure) { text(lang, &measure, &[]) } else { console.word(&format!("column.{}", r.column), &[]) };
        let shown = |value: String| match value.as_str() {
            "included" => vat_name(lang, VatBasis::Included),
            "excluded" => vat_name(lang, VatBasis::Excluded),
            _ => value,
        };
        vec![r.date, r.campaign_name, channel_name(lang, &r.channel), column, r.source, shown(r.old), shown(r.new)]
    });
    console.table(&headers, 5, rows.collect());
    Ok(0)
}
