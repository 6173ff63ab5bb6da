//! Shapes platforms' answers have in common: numbers as text or not, unknown words, money without detours over floats.

use std::borrow::Cow;
use std::str::FromStr;

use moa_domain::Millionths;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Deserializer};

/// A number as platforms write it: `12`, `"12"`, `12.0`, `"1.5e3"`, `null`. Exact: never through a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Number(Option<Decimal>);

impl Number {
    /// A count: rounded to whole, `None` where there is none.
    pub(crate) fn count(self) -> Option<i64> {
        self.0?.round().to_i64()
    }

    /// An amount or a fractional count; `None` where there is none or it does not fit.
    pub(crate) fn millionths(self) -> Option<Millionths> {
        Millionths::from_decimal(self.0?).ok()
    }

    pub(crate) fn is_present(self) -> bool {
        self.0.is_some()
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written<'a> {
            Number(serde_json::Number),
            #[serde(borrow)]
            Text(Cow<'a, str>),
            Nothing(()),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Number(number) => number.to_string(),
            Written::Text(text) => text.trim().to_owned(),
            Written::Nothing(()) => return Ok(Self(None)),
        };
        if text.is_empty() || text == "-" || text.eq_ignore_ascii_case("nan") || text.to_ascii_lowercase().contains("inf") {
            return Ok(Self(None));
        }
        let parsed = Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).or_else(|error| {
            // Smaller than anything counted here: what is left of a fraction.
            let exponent = text.to_ascii_lowercase().split_once("e-").and_then(|(_, digits)| digits.parse::<u32>().ok());
            if exponent.is_some_and(|exponent| exponent > 10) { Ok(Decimal::ZERO) } else { Err(error) }
        });
        parsed.map(|value| Self(Some(value))).map_err(|_| serde::de::Error::custom(format!("{text:?} is not a number")))
    }
}

/// Keeps a number that is `null` apart from one that is not there: `None` without the field, an empty number for `null`.
pub(crate) fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Number>, D::Error> {
    Number::deserialize(deserializer).map(Some)
}

/// An id as text, whether it came as a number or as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Id(pub(crate) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(serde_json::Number),
            Text(String),
            Nothing(()),
        }
        Ok(Self(match Written::deserialize(deserializer)? {
            Written::Number(number) => number.to_string(),
            Written::Text(text) => text,
            Written::Nothing(()) => String::new(),
        }))
    }
}

/// `true`, `1`, `"true"`: yes. Everything else: no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Bool(flag) => flag,
            serde_json::Value::Number(number) => number.as_f64().is_some_and(|value| value != 0.0),
            serde_json::Value::String(text) => matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "y" | "on"),
            _ => false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(json: &str) -> Number {
        serde_json::from_str(json).expect("a number")
    }

    #[test]
    fn numbers_in_every_writing_are_exact() {
        assert_eq!(number("\"12\"").count(), Some(12));
        assert_eq!(number("12.0").count(), Some(12));
        assert_eq!(number("2.583333").millionths(), Some(Millionths(2_583_333)));
        assert_eq!(number("\"1.5e3\"").count(), Some(1500));
        assert_eq!(number("null"), Number::default());
        assert_eq!(
            (number("2.7755575615628914e-17").millionths(), number("5e-324").millionths()),
            (Some(Millionths(0)), Some(Millionths(0)))
        );
        assert_eq!(number("\"NaN\""), Number::default());
        assert!(serde_json::from_str::<Number>("\"many\"").is_err());
        assert!(serde_json::from_str::<Number>("[1]").is_err());
    }
}
