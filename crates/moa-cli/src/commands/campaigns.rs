use moa_api::Moa;
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
    let headers = ["platform", "campaign_id", "campaign_name", "status", "channels", "daily_budget"].map(str::to_owned);
    let rows = campaigns.into_iter().map(|campaign| {
        vec![
            campaign.platform,
            campaign.campaign_id,
            campaign.campaign_name,
            campaign.status.unwrap_or_default(),
            campaign.channels.join(", "),
            campaign.daily_budget.unwrap_or_default(),
        ]
    });
    console.table(&headers, 5, rows.collect());
    Ok(0)
}
