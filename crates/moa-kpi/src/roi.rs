//! Return on investment (ROI, 투자수익률): 100 × (revenue − cost) ÷ cost, in percent.

use crate::Exact;
use moa_domain::Millionths;

/// 100 × (revenue − cost) ÷ cost, in percent. `None` when there is no cost.
#[must_use]
pub fn roi(revenue: Millionths, cost: Exact) -> Option<Exact> {
    Exact::from_millionths(revenue).minus(cost).per(cost, 100)
}
