//! Brand search is paid in advance by contract, so its cost is told as 0. A contract's payment is spread evenly over its days.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use moa_domain::{DateRange, Millionths};

use super::client::Naver;
use super::limits::STATS_IDS;
use super::{parse, wire};
use crate::connector::{Call, RemoteCampaign};
use crate::error::{ConnectorError, Kind};

/// Cost with VAT by campaign and day, up to today. Days of several contracts of a campaign add up.
pub(super) async fn daily_costs(
    naver: &Naver,
    customer: &str,
    brand: &[&RemoteCampaign],
    days: DateRange,
    today: NaiveDate,
    call: &Call,
) -> Result<BTreeMap<(String, NaiveDate), Millionths>, ConnectorError> {
    let request = Naver::get("/ncc/time-contracts", &[], customer, "contracts");
    let contracts: Vec<wire::Contract> = match naver.read(&request, call).await {
        Ok(contracts) => contracts,
        // An account that never had a contract may not have the list either.
        Err(error) if error.status == Some(404) => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    let mut spread: HashMap<String, Vec<(NaiveDate, Millionths)>> = HashMap::new();
    let mut seen = std::collections::HashSet::new();
    for contract in contracts {
        if !contract.ncc_time_contract_id.0.is_empty() && !seen.insert(contract.ncc_time_contract_id.0.clone()) {
            continue;
        }
        let costs = of_contract(&contract, days, today)?;
        if !costs.is_empty() {
            spread.entry(contract.ncc_adgroup_id.0).or_default().extend(costs);
        }
    }
    let campaigns = campaigns_of(naver, customer, &spread.keys().cloned().collect::<Vec<_>>(), call).await?;
    let mut costs = BTreeMap::new();
    for (group, days) in spread {
        let Some(campaign) = campaigns.get(&group).filter(|id| brand.iter().any(|campaign| campaign.id == **id)) else { continue };
        for (date, cost) in days {
            let sum = costs.entry((campaign.clone(), date)).or_insert(Millionths::ZERO);
            *sum = *sum + cost;
        }
    }
    Ok(costs)
}

/// The campaigns ad groups belong to.
async fn campaigns_of(naver: &Naver, customer: &str, groups: &[String], call: &Call) -> Result<HashMap<String, String>, ConnectorError> {
    let mut campaigns = HashMap::new();
    for ids in groups.chunks(STATS_IDS) {
        let request = Naver::get("/ncc/adgroups", &[("ids", &ids.join(","))], customer, "contracts");
        let groups: Vec<wire::AdGroup> = match naver.read(&request, call).await {
            Ok(groups) => groups,
            // Groups that are deleted with their campaigns.
            Err(error) if error.kind == Kind::BadRequest && error.status == Some(404) => continue,
            Err(error) => return Err(error),
        };
        campaigns.extend(groups.into_iter().map(|group| (group.ncc_adgroup_id, group.ncc_campaign_id)));
    }
    Ok(campaigns)
}

/// What of a contract falls on the asked days. The parts of all its days add up to the payment to the last millionth.
fn of_contract(contract: &wire::Contract, days: DateRange, today: NaiveDate) -> Result<Vec<(NaiveDate, Millionths)>, ConnectorError> {
    let day = |text: &Option<String>| text.as_deref().and_then(parse::korean_day);
    let (Some(from), Some(to)) = (day(&contract.exposure_start_dt), day(&contract.exposure_end_dt)) else { return Ok(Vec::new()) };
    if contract.contract_status.0 == "CANCELED_BEFORE_EXPOSING" || to < from {
        return Ok(Vec::new());
    }
    let paid = contract.payment_amt.millionths().ok_or_else(parse::bad_number)?;
    let refunded = contract.refund_amt.millionths().unwrap_or(Millionths::ZERO);
    let (total, count) = (i128::from(paid.0 - refunded.0), i128::from((to - from).num_days() + 1));
    let up_to = |number: i128| i64::try_from(total * number / count).unwrap_or(0);
    let asked = DateRange { from: days.from.max(from), to: days.to.min(to).min(today) };
    if asked.to < asked.from {
        return Ok(Vec::new());
    }
    let part = |date: NaiveDate| {
        let number = i128::from((date - from).num_days());
        (date, Millionths(up_to(number + 1) - up_to(number)))
    };
    Ok(asked.iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_is_spread_over_its_days_to_the_last_won() {
        let contract: wire::Contract = serde_json::from_str(
            r#"{"nccTimeContractId":"c1","nccAdgroupId":"grp-1","contractStatus":"ON_EXPOSING","exposureStartDt":"2026-10-31T15:00:00.000Z",
                "exposureEndDt":"2026-11-29T15:00:00.000Z","paymentAmt":1000000,"refundAmt":0}"#,
        )
        .expect("a contract");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let whole = DateRange { from: day("2026-10-01"), to: day("2026-12-31") };
        let costs = of_contract(&contract, whole, day("2026-12-31")).expect("costs");
        assert_eq!((costs.len(), costs[0].0), (30, day("2026-11-01")));
        assert_eq!(costs.iter().map(|(_, cost)| cost.0).sum::<i64>(), Millionths::from_whole(1_000_000).0);
        let so_far = of_contract(&contract, whole, day("2026-11-22")).expect("costs");
        assert_eq!(so_far.len(), 22, "days that have not come cost nothing yet");
    }
}
