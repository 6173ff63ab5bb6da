//! Cost per conversion (CPA, 전환당 비용): cost ÷ conversions, in the currency and basis of the cost.

use crate::Exact;
use moa_domain::Millionths;

/// cost ÷ conversions, in the currency and basis of the cost. `None` when there are no conversions.
#[must_use]
pub fn cpa(cost: Exact, conversions: Millionths) -> Option<Exact> {
    cost.per(Exact::from_millionths(conversions), 1)
}
