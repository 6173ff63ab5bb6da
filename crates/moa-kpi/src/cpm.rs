//! Cost per 1,000 impressions (CPM, 1,000회 노출당 비용): 1000 × cost ÷ impressions, in the currency and basis of the cost.

use crate::Exact;

/// 1000 × cost ÷ impressions, in the currency and basis of the cost. `None` when there are no impressions.
#[must_use]
pub fn cpm(cost: Exact, impressions: i64) -> Option<Exact> {
    cost.per(Exact::from_count(impressions), 1000)
}
