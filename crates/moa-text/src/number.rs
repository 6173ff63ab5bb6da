//! Counts, conversions, percentages and changes. Rounded half away from zero, once, for showing only.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::Lang;

/// `value` rounded to `places` with all of them shown, and a comma between thousands: `-1,234.50`.
pub(crate) fn fixed(value: Decimal, places: u32) -> String {
    let mut rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places);
    let text = rounded.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let mut out = String::with_capacity(text.len() + whole.len() / 3 + 1);
    if rounded.is_sign_negative() && !rounded.is_zero() {
        out.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// At most `places` decimals, none that are zero at the end.
pub(crate) fn up_to(value: Decimal, places: u32) -> String {
    let rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero).normalize();
    fixed(rounded, rounded.scale())
}

/// Units that shorten a large number: Korean counts in ten thousands, English in thousands.
fn units(lang: Lang) -> &'static [(i64, &'static str)] {
    match lang {
        Lang::Ko => &[(1_000_000_000_000, "조"), (100_000_000, "억"), (10_000, "만")],
        Lang::En => &[(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")],
    }
}

/// Three significant digits or more with the language's unit, or `None` when the number is too small to need one.
pub(crate) fn compact(lang: Lang, value: Decimal) -> Option<String> {
    let magnitude = value.abs();
    let all = units(lang);
    let index = all.iter().position(|(size, _)| magnitude >= Decimal::from(*size))?;
    let in_unit = |index: usize| {
        let scaled = value / Decimal::from(all[index].0);
        let places = if scaled.abs() >= Decimal::from(100) { 0 } else { 3 - digits_before_point(scaled) };
        (scaled.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero), places)
    };
    let (rounded, places) = in_unit(index);
    // 99,999,999 is 1억, not 10,000만.
    if index > 0 && rounded.abs() * Decimal::from(all[index].0) >= Decimal::from(all[index - 1].0) {
        let (rounded, places) = in_unit(index - 1);
        return Some(format!("{}{}", up_to(rounded, places), all[index - 1].1));
    }
    Some(format!("{}{}", up_to(rounded, places), all[index].1))
}

fn digits_before_point(value: Decimal) -> u32 {
    let magnitude = value.abs();
    if magnitude >= Decimal::from(100) {
        3
    } else if magnitude >= Decimal::from(10) {
        2
    } else {
        1
    }
}

/// A whole count with separators: impressions, clicks.
#[must_use]
pub fn count(value: Decimal) -> String {
    fixed(value, 0)
}

/// A count where space is short: `1.23억`, `456만`, `1.2M`.
#[must_use]
pub fn compact_count(lang: Lang, value: Decimal) -> String {
    compact(lang, value).unwrap_or_else(|| up_to(value, 1))
}

/// A size in memory or on a disk, in the unit that leaves it short: `512 B`, `38.1 MB`.
#[must_use]
pub fn data_size(bytes: u64) -> String {
    const STEP: u64 = 1024;
    let mut unit = ("B", 1);
    for name in ["KB", "MB", "GB", "TB"] {
        if bytes / unit.1 < STEP {
            break;
        }
        unit = (name, unit.1 * STEP);
    }
    format!("{} {}", up_to(Decimal::from(bytes) / Decimal::from(unit.1), 1), unit.0)
}

/// Conversions may be fractional: up to two places, `12`, `2.58`.
#[must_use]
pub fn conversions(value: Decimal) -> String {
    up_to(value, 2)
}

/// The same with both places always, for columns in which some count is fractional: `12.00`, `2.58`.
#[must_use]
pub fn even_conversions(value: Decimal) -> String {
    fixed(value, 2)
}

/// A percentage with two places: CTR, conversion rate.
#[must_use]
pub fn percent(value: Decimal) -> String {
    format!("{}%", fixed(value, 2))
}

/// A percentage that is large by nature (ROI): whole percents, one place below 10 %.
#[must_use]
pub fn whole_percent(value: Decimal) -> String {
    let whole = value.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    if whole.abs() < Decimal::TEN { format!("{}%", up_to(value, 1)) } else { format!("{}%", fixed(value, 0)) }
}

/// A plain ratio shown as percent: a ROAS of 3.5 is `350%`.
#[must_use]
pub fn ratio_as_percent(value: Decimal) -> String {
    whole_percent(value * Decimal::ONE_HUNDRED)
}

/// A change in percent with its direction: `▲ +12.3%`, `▼ -4.5%`, `0.0%`.
#[must_use]
pub fn change(percent: Decimal) -> String {
    let rounded = percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    if rounded.is_zero() {
        "0.0%".to_owned()
    } else if rounded.is_sign_negative() {
        format!("▼ {}%", fixed(rounded, 1))
    } else {
        format!("▲ +{}%", fixed(rounded, 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn a_size_takes_the_unit_that_leaves_it_short() {
        assert_eq!([0, 1023, 1024, 39_952_384, 1 << 40].map(data_size), ["0 B", "1,023 B", "1 KB", "38.1 MB", "1 TB"]);
    }

    #[test]
    fn separates_thousands() {
        assert_eq!(count(d("1234567")), "1,234,567");
        assert_eq!(count(d("-1234")), "-1,234");
        assert_eq!(count(d("999")), "999");
        assert_eq!(count(d("-0.4")), "0");
        assert_eq!(fixed(d("1234.5"), 2), "1,234.50");
    }

    #[test]
    fn fractional_conversions() {
        assert_eq!(conversions(d("2.583333")), "2.58");
        assert_eq!(conversions(d("2.500000")), "2.5");
        assert_eq!(conversions(d("1200")), "1,200");
        assert_eq!(conversions(d("0")), "0");
        assert_eq!(even_conversions(d("1234.5")), "1,234.50");
    }

    #[test]
    fn percentages() {
        assert_eq!(percent(d("1.234567")), "1.23%");
        assert_eq!(ratio_as_percent(d("3.5")), "350%");
        assert_eq!(ratio_as_percent(d("0.0234")), "2.3%");
        assert_eq!(ratio_as_percent(d("12.3456")), "1,235%");
        assert_eq!(whole_percent(d("-100")), "-100%");
        assert_eq!(whole_percent(d("9.96")), "10%");
    }

    #[test]
    fn changes_carry_direction_and_sign() {
        assert_eq!(change(d("12.34")), "▲ +12.3%");
        assert_eq!(change(d("-4.55")), "▼ -4.6%");
        assert_eq!(change(d("-0.04")), "0.0%");
        assert_eq!(change(d("1234.5")), "▲ +1,234.5%");
    }

    #[test]
    fn short_forms() {
        assert_eq!(compact_count(Lang::Ko, d("123456789")), "1.23억");
        assert_eq!(compact_count(Lang::Ko, d("99999999")), "1억");
        assert_eq!(compact_count(Lang::Ko, d("4560000")), "456만");
        assert_eq!(compact_count(Lang::Ko, d("12345")), "1.23만");
        assert_eq!(compact_count(Lang::Ko, d("9999")), "9,999");
        assert_eq!(compact_count(Lang::En, d("1234567")), "1.23M");
        assert_eq!(compact_count(Lang::En, d("999999")), "1M");
        assert_eq!(compact_count(Lang::En, d("950")), "950");
        assert_eq!(compact_count(Lang::Ko, d("-25000000000")), "-250억");
        assert_eq!(compact_count(Lang::Ko, d("1234500000000")), "1.23조");
    }

    proptest! {
        #[test]
        fn separators_lose_nothing(value in any::<i64>()) {
            prop_assert_eq!(count(Decimal::from(value)).replace(',', ""), value.to_string());
        }

        #[test]
        fn a_short_form_is_within_one_percent(value in 1i64..1_000_000_000_000_000) {
            let short = compact_count(Lang::En, Decimal::from(value));
            let (number, unit) = match short.chars().last() {
                Some('K') => (&short[..short.len() - 1], 1_000),
                Some('M') => (&short[..short.len() - 1], 1_000_000),
                Some('B') => (&short[..short.len() - 1], 1_000_000_000),
                _ => (short.as_str(), 1),
            };
            let back: Decimal = number.replace(',', "").parse::<Decimal>().expect("a number") * Decimal::from(unit);
            prop_assert!((back - Decimal::from(value)).abs() * Decimal::ONE_HUNDRED <= Decimal::from(value));
        }
    }
}
