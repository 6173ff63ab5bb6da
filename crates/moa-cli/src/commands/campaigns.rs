use moa_api::Moa;
use moa_text::{channel_name, platform_name};
use serde_json::json;

use crate::args::CampaignsCommand;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, command: CampaignsCommand, console: &Console) -> Result<i32, Failure> {
    let CampaignsCommand::List { client } = command;
    let campaigns = moa.campaigns(&client).await?;
    if console.json {
        console.document(&json!({ "campaigns": campaigns }))?;
        return Ok(0);
    }
    if campaigns.is_empty() {
        console.line(&console.word("campaigns.none", &[]));
        return Ok(0);
    }
    let lang = console.lang();
    let headers = console.columns(&["platform", "campaign_id", "campaign_name", "status", "channels", "daily_budget"]);
    let rows = campaigns.into_iter().map(|campaign| {
        vec![
            platform_name(lang, &campaign.platform),
            campaign.campaign_id,
            campaign.campaign_name,
            campaign.status.unwrap_or_default(),
            campaign.channels.iter().map(|code| channel_name(lang, code)).collect::<Vec<_>>().join(", "),
            campaign.daily_budget.unwrap_or_default(),
        ]
    });
    console.table(&headers, 5, rows.collect());
    Ok(0)
}
