//! An exact fraction: sums in any basis stay exact until the one rounding at the end.

use moa_domain::Millionths;
use num_rational::Ratio;
use num_traits::CheckedAdd;
use rust_decimal::Decimal;

/// A fraction of two whole numbers. Net amounts of VAT-included sums (÷ 1.1) have no finite decimal form, so they live here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(Ratio<i128>);

impl Exact {
    #[must_use]
    pub fn zero() -> Self {
        Self(Ratio::from_integer(0))
    }

    #[must_use]
    pub fn from_count(count: i64) -> Self {
        Self(Ratio::from_integer(i128::from(count)))
    }

    #[must_use]
    pub fn from_millionths(value: Millionths) -> Self {
        Self(Ratio::new(i128::from(value.0), 1_000_000))
    }

    #[must_use]
    pub fn is_zero(self) -> bool {
        *self.0.numer() == 0
    }

    /// Multiplies by `numerator / denominator`; the denominator is not 0.
    #[must_use]
    pub fn times(self, numerator: i64, denominator: i64) -> Self {
        Self(self.0 * Ratio::new(i128::from(numerator), i128::from(denominator)))
    }

    /// `scale × self / divisor`, or `None` when the divisor is 0.
    #[must_use]
    pub fn per(self, divisor: Self, scale: i64) -> Option<Self> {
        if divisor.is_zero() { None } else { Some(Self(self.0 * Ratio::from_integer(i128::from(scale)) / divisor.0)) }
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.checked_add(&other.0).expect("sums of BIGINT millionths under VAT rates of two places stay far below 2^127"))
    }

    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    /// Rounded half away from zero to six places, without trailing zeros.
    #[must_use]
    pub fn rounded(self) -> Decimal {
        let (numerator, denominator) = (*self.0.numer(), *self.0.denom());
        let doubled = 2 * denominator;
        let magnitude = (numerator.abs() * 2 * 1_000_000 + denominator) / doubled;
        let signed = if numerator < 0 { -magnitude } else { magnitude };
        Decimal::try_from_i128_with_scale(signed, 6).unwrap_or(Decimal::MAX).normalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> String {
        Exact::from_count(numerator).times(1, denominator).rounded().to_string()
    }

    #[test]
    fn rounds_half_away_from_zero_once() {
        assert_eq!(ratio(1, 3), "0.333333");
        assert_eq!(ratio(2, 3), "0.666667");
        assert_eq!(ratio(1, 2_000_000), "0.000001");
        assert_eq!(ratio(-1, 2_000_000), "-0.000001");
        // 0.00000049999… must not be rounded twice into 0.000001.
        assert_eq!(ratio(499_999_999_999, 1_000_000_000_000_000_000), "0");
        assert_eq!(ratio(10, 5), "2");
    }
}
