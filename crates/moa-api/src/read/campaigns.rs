//! Campaigns and their attributes, in the contract's form.

use moa_domain::Millionths;
use serde::Serialize;

use crate::Moa;
use crate::error::ApiError;

/// One campaign of `moa campaigns list --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampaignEntry {
    /// Our public id.
    pub id: String,
    pub campaign_id: String,
    pub campaign_name: String,
    pub platform: String,
    pub account_id: String,
    pub status: Option<String>,
    pub objective: Option<String>,
    pub daily_budget: Option<String>,
    pub total_budget: Option<String>,
    pub budget_shared: bool,
    pub start_date: Option<String>,
    pub end_date: Option<String>,
    pub channels: Vec<String>,
}

impl Moa {
    /// # Errors
    /// An unknown client (usage), or the database's.
    pub async fn campaigns(&self, client: &str) -> Result<Vec<CampaignEntry>, ApiError> {
        let client = self.client_by_name(client).await?.id;
        let campaigns = self.retried(move |store| async move { store.campaigns(client).await }).await?;
        Ok(campaigns
            .into_iter()
            .map(|campaign| CampaignEntry {
                id: campaign.public_id.to_string(),
                campaign_id: campaign.campaign_id,
                campaign_name: campaign.campaign_name,
                platform: campaign.platform,
                account_id: campaign.account_id,
                status: campaign.status,
                objective: campaign.objective,
                daily_budget: campaign.daily_budget.map(amount),
                total_budget: campaign.total_budget.map(amount),
                budget_shared: campaign.budget_shared,
                start_date: campaign.start_date.map(|day| day.to_string()),
                end_date: campaign.end_date.map(|day| day.to_string()),
                channels: campaign.channels,
            })
            .collect())
    }
}

fn amount(value: Millionths) -> String {
    value.to_string()
}
