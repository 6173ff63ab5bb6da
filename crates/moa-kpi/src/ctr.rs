//! Click-through rate (CTR, 클릭률): 100 × clicks ÷ impressions, in percent.

use crate::Exact;

/// 100 × clicks ÷ impressions, in percent. `None` when there are no impressions.
#[must_use]
pub fn ctr(clicks: i64, impressions: i64) -> Option<Exact> {
    Exact::from_count(clicks).per(Exact::from_count(impressions), 100)
}
