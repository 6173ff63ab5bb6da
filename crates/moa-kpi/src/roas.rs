//! Return on ad spend (ROAS, 광고수익률): revenue ÷ cost, a plain ratio; shown as percent (3.5 is 350 %).

use crate::Exact;
use moa_domain::Millionths;

/// revenue ÷ cost, a plain ratio; shown as percent (3.5 is 350 %). `None` when there is no cost.
#[must_use]
pub fn roas(revenue: Millionths, cost: Exact) -> Option<Exact> {
    Exact::from_millionths(revenue).per(cost, 1)
}
