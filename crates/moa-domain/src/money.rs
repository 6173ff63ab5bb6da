//! Money that cannot be added wrongly.
//!
//! Stored figures are whole millionths ([`Millionths`]): platforms give 2.583333 conversions and micros of a currency, and a sum of
//! integers is exact. An amount of money always travels with its [`MoneyKind`]; adding two kinds is an error, never a number.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How many stored units make one whole: 1 won is stored as 1 000 000.
pub const MILLION: i64 = 1_000_000;

/// A count or amount in whole millionths, as stored in `BIGINT` columns.
///
/// Largest value about 9.2 × 10¹²: nine trillion won in one row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millionths(pub i64);

impl Millionths {
    pub const ZERO: Self = Self(0);

    /// `whole` units, for example won.
    #[must_use]
    pub const fn from_whole(whole: i64) -> Self {
        Self(whole * MILLION)
    }

    /// Takes a decimal as a platform or a file gave it. More than six places are rounded half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] when the value does not fit a `BIGINT` of millionths.
    pub fn from_decimal(value: Decimal) -> Result<Self, MoneyError> {
        let scaled = value
            .checked_mul(Decimal::from(MILLION))
            .ok_or(MoneyError::TooLarge)?
            .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        i64::try_from(scaled).map(Self).map_err(|_| MoneyError::TooLarge)
    }

    /// The exact decimal value, at most six places, without trailing zeros.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 6).normalize()
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// # Errors
    /// [`MoneyError::TooLarge`] when the sum does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.0.checked_add(other.0).map(Self).ok_or(MoneyError::TooLarge)
    }
}

/// For sums that are known to fit. Panics beyond `BIGINT`, in every build: a figure that wraps around would be believed.
impl Add for Millionths {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("a sum of millionths that fits BIGINT"))
    }
}

impl Sub for Millionths {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.checked_sub(other.0).expect("a difference of millionths that fits BIGINT"))
    }
}

impl Sum for Millionths {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Millionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_decimal())
    }
}

/// An ISO 4217 code. Any three capital letters are accepted: the list changes, and a platform's word for a currency is the truth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const KRW: Self = Self(*b"KRW");
    pub const USD: Self = Self(*b"USD");
    pub const JPY: Self = Self(*b"JPY");
    pub const EUR: Self = Self(*b"EUR");

    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimal places that are shown (ISO 4217 minor unit). Stored values keep six.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        match &self.0 {
            b"KRW" | b"JPY" | b"VND" | b"CLP" | b"ISK" | b"PYG" | b"UGX" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        match upper.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(MoneyError::NotACurrency(text.to_owned())),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whether an amount holds value-added tax (부가세).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VatBasis {
    Included,
    Excluded,
}

/// Currency, VAT basis and VAT rate of a stored amount. Amounts of different kinds are never added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MoneyKind {
    pub currency: Currency,
    pub vat: VatBasis,
    /// Percent in millionths: 10 % is `Millionths::from_whole(10)`, a zero-rated (영세율) account 0.
    pub vat_rate: Millionths,
}

impl MoneyKind {
    #[must_use]
    pub const fn new(currency: Currency, vat: VatBasis, vat_rate_percent: i64) -> Self {
        Self { currency, vat, vat_rate: Millionths::from_whole(vat_rate_percent) }
    }
}

/// An amount with its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    pub value: Millionths,
    pub kind: MoneyKind,
}

impl Amount {
    /// # Errors
    /// [`MoneyError::KindsDiffer`] for two kinds, [`MoneyError::TooLarge`] when the sum does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.kind != other.kind {
            return Err(MoneyError::KindsDiffer { left: self.kind, right: other.kind });
        }
        Ok(Self { value: self.value.checked_add(other.value)?, kind: self.kind })
    }
}

/// How cost is shown. Changes cost, CPC, CPM, CPA, ROAS and ROI, never counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Without VAT (공급가). The default everywhere.
    #[default]
    Net,
    /// VAT included.
    Gross,
    /// What the client pays, with the agency's markup.
    Billed,
}

impl Basis {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Net => "net",
            Self::Gross => "gross",
            Self::Billed => "billed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("the amount is too large to store exactly")]
    TooLarge,
    #[error("{0:?} is not a three-letter currency code")]
    NotACurrency(String),
    #[error("amounts of two kinds cannot be added: {left:?} and {right:?}")]
    KindsDiffer { left: MoneyKind, right: MoneyKind },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_six_places_and_rounds_the_seventh_away_from_zero() {
        let of = |text: &str| Millionths::from_decimal(text.parse().expect("a decimal")).expect("it fits").0;
        assert_eq!(of("2.583333"), 2_583_333);
        assert_eq!(of("0.0000005"), 1);
        assert_eq!(of("-0.0000005"), -1);
        assert_eq!(of("0.00000049"), 0);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert_eq!(Millionths::from_decimal(Decimal::MAX), Err(MoneyError::TooLarge));
        assert_eq!(Millionths::from_decimal("9223372036855".parse().expect("decimal")), Err(MoneyError::TooLarge));
    }

    #[test]
    #[should_panic(expected = "fits BIGINT")]
    fn a_sum_never_wraps_around() {
        let _ = Millionths(i64::MAX) + Millionths(1);
    }

    #[test]
    fn never_adds_two_kinds() {
        let won = Amount { value: Millionths::from_whole(1), kind: MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10) };
        let gross = Amount { kind: MoneyKind::new(Currency::KRW, VatBasis::Included, 10), ..won };
        assert!(matches!(won.checked_add(gross), Err(MoneyError::KindsDiffer { .. })));
    }

    proptest! {
        #[test]
        fn decimal_and_back_is_the_same(value in any::<i64>()) {
            prop_assert_eq!(Millionths::from_decimal(Millionths(value).to_decimal()), Ok(Millionths(value)));
        }
    }
}
