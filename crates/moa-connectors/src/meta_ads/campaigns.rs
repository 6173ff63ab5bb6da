//! Campaigns with their budgets, which may stand on their ad sets.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use moa_domain::Millionths;

use super::client::{List, Meta, get};
use super::limits::OBJECTS;
use super::{parse, wire};
use crate::connector::{Account, Call, RemoteCampaign};
use crate::error::{ConnectorError, Kind};

const FIELDS: &str = "id,name,account_id,status,effective_status,objective,daily_budget,lifetime_budget,start_time,stop_time";
const AD_SETS: &str = "id,campaign_id,effective_status,daily_budget,lifetime_budget";
/// Without asking, archived and deleted campaigns are left out, and their spend stays in the totals.
const EVERY: &str = r#"["ACTIVE","PAUSED","IN_PROCESS","WITH_ISSUES","ARCHIVED","DELETED"]"#;
/// Where deleted ones may not be listed, their figures make them known.
const MOST: &str = r#"["ACTIVE","PAUSED","IN_PROCESS","WITH_ISSUES","ARCHIVED"]"#;

impl Meta {
    pub(super) async fn list_campaigns(&self, account: &Account, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
        let path = format!("/act_{}/campaigns", account.id);
        let list = |statuses: &'static str| {
            let path = path.clone();
            async move {
                let query = [("fields", FIELDS), ("effective_status", statuses)];
                let list = List {
                    path: &path,
                    query: &query,
                    account: Some(&account.id),
                    limit: &AtomicU32::new(OBJECTS),
                    operation: "campaigns",
                };
                self.all::<wire::Campaign>(&list, call).await
            }
        };
        let statuses = if self.hides_deleted.load(Ordering::Relaxed) { MOST } else { EVERY };
        let rows = match list(statuses).await {
            Err(error) if error.kind == Kind::BadRequest && statuses == EVERY => {
                self.hides_deleted.store(true, Ordering::Relaxed);
                list(MOST).await?
            }
            rows => rows?,
        };
        let now = self.http.now();
        let mut campaigns: BTreeMap<String, RemoteCampaign> = BTreeMap::new();
        for row in rows {
            let campaign = parse::campaign(row, account.kind.currency, account.time_zone, now);
            campaigns.insert(campaign.id.clone(), campaign);
        }
        let without_budget =
            |campaign: &RemoteCampaign| !campaign.removed && campaign.daily_budget.is_none() && campaign.total_budget.is_none();
        if campaigns.values().any(without_budget) {
            self.add_budgets_of_ad_sets(account, &mut campaigns, call).await?;
        }
        Ok(campaigns.into_values().collect())
    }

    /// A budget stands on the campaign or on its ad sets, never on both. Of those only active ones spend.
    async fn add_budgets_of_ad_sets(
        &self,
        account: &Account,
        campaigns: &mut BTreeMap<String, RemoteCampaign>,
        call: &Call,
    ) -> Result<(), ConnectorError> {
        let path = format!("/act_{}/adsets", account.id);
        let query = [("fields", AD_SETS), ("effective_status", r#"["ACTIVE"]"#)];
        let list = List { path: &path, query: &query, account: Some(&account.id), limit: &AtomicU32::new(OBJECTS), operation: "campaigns" };
        let sets: Vec<wire::AdSet> = self.all(&list, call).await?;
        // One that stands twice counts once.
        let sets: BTreeMap<String, wire::AdSet> = sets.into_iter().map(|set| (set.id.0.clone(), set)).collect();
        let mut sums: BTreeMap<String, (Millionths, Millionths)> = BTreeMap::new();
        for set in sets.into_values().filter(|set| set.effective_status == "ACTIVE") {
            let amount = |number| parse::budget(number, account.kind.currency).unwrap_or(Millionths::ZERO);
            let sum = sums.entry(set.campaign_id.0).or_default();
            *sum = (sum.0 + amount(set.daily_budget), sum.1 + amount(set.lifetime_budget));
        }
        for (id, (daily, lifetime)) in sums {
            if let Some(campaign) =
                campaigns.get_mut(&id).filter(|campaign| campaign.daily_budget.is_none() && campaign.total_budget.is_none())
            {
                campaign.daily_budget = Some(daily).filter(|amount| !amount.is_zero());
                campaign.total_budget = Some(lifetime).filter(|amount| !amount.is_zero());
            }
        }
        Ok(())
    }

    /// One campaign by its number, deleted ones too; `None` for one that cannot be seen.
    pub(super) async fn campaign(&self, account: &Account, id: &str, call: &Call) -> Result<Option<RemoteCampaign>, ConnectorError> {
        let request = get(&format!("/{id}"), &[("fields", FIELDS)], Some(&account.id), "campaigns");
        let read = |answer: &crate::http::Answer| answer.json::<wire::Campaign>(&moa_domain::Platform::MetaAds);
        match self.http.send(&request, &self.dialect, call, read).await {
            Ok(row) => Ok(Some(parse::campaign(row, account.kind.currency, account.time_zone, self.http.now()))),
            Err(error) if matches!(error.kind, Kind::BadRequest | Kind::NoAccess) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
