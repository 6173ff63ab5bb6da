//! The list of an account's campaigns: pages by cursor.

use std::collections::HashSet;

use super::client::Naver;
use super::limits::PAGE;
use super::{parse, wire};
use crate::connector::{Call, RemoteCampaign};
use crate::error::ConnectorError;

impl Naver {
    /// Each campaign once, whether the page repeats its first row or a page comes again.
    pub(super) async fn list_campaigns(&self, customer: &str, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        let size = PAGE.to_string();
        let mut seen = HashSet::new();
        let mut campaigns = Vec::new();
        let mut base = String::new();
        let mut nothing_new = 0;
        loop {
            let mut query = vec![("recordSize", size.as_str()), ("selector", "NEXT")];
            if !base.is_empty() {
                query.push(("baseSearchId", &base));
            }
            let page: Vec<wire::Campaign> = self.read(&Self::get("/ncc/campaigns", &query, customer, "campaigns"), call).await?;
            let rows = page.len();
            let last = page.last().map(|campaign| campaign.ncc_campaign_id.clone());
            let before = campaigns.len();
            campaigns.extend(page.into_iter().filter(|campaign| seen.insert(campaign.ncc_campaign_id.clone())).map(parse::campaign));
            nothing_new = if campaigns.len() == before { nothing_new + 1 } else { 0 };
            match last {
                Some(last) if rows >= PAGE && nothing_new < 2 => base = last,
                _ => return Ok(campaigns),
            }
        }
    }
}
