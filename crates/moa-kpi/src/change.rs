//! Change against another period: 100 × (now − before) ÷ |before|, in percent.

use crate::Exact;

/// `None` when there was nothing before, or either is undefined.
#[must_use]
pub fn change(now: Option<Exact>, before: Option<Exact>) -> Option<Exact> {
    let (now, before) = (now?, before?);
    let magnitude = if before < Exact::zero() { Exact::zero().minus(before) } else { before };
    now.minus(before).per(magnitude, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(now: i64, before: i64) -> Option<String> {
        change(Some(Exact::from_count(now)), Some(Exact::from_count(before))).map(|c| c.rounded().to_string())
    }

    #[test]
    fn is_a_percentage_of_what_was() {
        assert_eq!(of(150, 100).as_deref(), Some("50"));
        assert_eq!(of(0, 100).as_deref(), Some("-100"));
        assert_eq!(of(5, 0), None);
        assert_eq!(of(5, -10).as_deref(), Some("150"));
    }
}
