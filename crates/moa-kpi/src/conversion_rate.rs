//! Conversion rate (전환율): 100 × conversions ÷ clicks, in percent; above 100 is possible (view-through conversions).

use crate::Exact;
use moa_domain::Millionths;

/// 100 × conversions ÷ clicks, in percent; above 100 is possible (view-through conversions). `None` when there are no clicks.
#[must_use]
pub fn conversion_rate(conversions: Millionths, clicks: i64) -> Option<Exact> {
    Exact::from_millionths(conversions).per(Exact::from_count(clicks), 100)
}
