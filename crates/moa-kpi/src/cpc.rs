//! Cost per click (CPC, 클릭당 비용): cost ÷ clicks, in the currency and basis of the cost.

use crate::Exact;

/// cost ÷ clicks, in the currency and basis of the cost. `None` when there are no clicks.
#[must_use]
pub fn cpc(cost: Exact, clicks: i64) -> Option<Exact> {
    cost.per(Exact::from_count(clicks), 1)
}
