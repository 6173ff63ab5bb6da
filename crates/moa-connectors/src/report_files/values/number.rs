//! Numbers as consoles and spreadsheets write them, exact to a millionth.

use moa_domain::Millionths;
use moa_domain::money::MILLION;

use super::super::error::Bad;

/// A readable numeric cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    /// Nothing is known: empty, `-`, `N/A`.
    Null,
    /// `< 10%`: the platform hides the exact share.
    Capped,
    Value(Millionths),
}

/// Reads a number of a cell. Thousands marks, currency signs, `원`, brackets for negatives and U+2212 are understood.
///
/// # Errors
/// What is wrong, when the text is no number.
pub(crate) fn parse(text: &str) -> Result<Number, Bad> {
    if let Some(value) = plain(text.as_bytes()) {
        return Ok(Number::Value(value));
    }
    general(text)
}

/// Digits with thousands commas and at most six decimals: nearly every cell.
fn plain(bytes: &[u8]) -> Option<Millionths> {
    if bytes.is_empty() || bytes.len() > 17 {
        return None;
    }
    let mut whole: i64 = 0;
    let mut index = 0;
    let mut group = None;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'0'..=b'9' => {
                whole = whole * 10 + i64::from(byte - b'0');
                group = group.map(|n: u8| n + 1);
            }
            b',' if index > 0 && group.is_none_or(|n| n == 3) && whole != 0 => group = Some(0),
            b'.' if index > 0 && group.is_none_or(|n| n == 3) => break,
            _ => return None,
        }
        index += 1;
    }
    if group.is_some_and(|n| n != 3) {
        return None;
    }
    let mut scaled = whole.checked_mul(MILLION)?;
    if index < bytes.len() {
        let decimals = &bytes[index + 1..];
        if decimals.is_empty() || decimals.len() > 6 {
            return None;
        }
        let mut unit = MILLION;
        let mut fraction = 0;
        for byte in decimals {
            if !byte.is_ascii_digit() {
                return None;
            }
            unit /= 10;
            fraction += i64::from(byte - b'0') * unit;
        }
        scaled = scaled.checked_add(fraction)?;
    }
    Some(Millionths(scaled))
}

fn general(text: &str) -> Result<Number, Bad> {
    if text.contains('\0') {
        return Err(Bad::NotText);
    }
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || super::super::header::is_invisible(c) || c == '\'');
    if is_null(trimmed) {
        return Ok(Number::Null);
    }
    if trimmed.starts_with(['<', '>', '≤', '≥']) {
        return Ok(Number::Capped);
    }
    let (body, bracketed) = match trimmed.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => (trimmed, false),
    };
    let mut digits = String::with_capacity(body.len());
    let (mut negative, mut percent, mut exponent) = (bracketed, false, None);
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match c {
            '0'..='9' | '.' | ',' => digits.push(c),
            '０'..='９' => digits.push(char::from(b'0' + u8::try_from(u32::from(c) - u32::from('０')).unwrap_or(0))),
            '-' | '−' | '–' | '－' if digits.is_empty() && !negative => negative = true,
            '+' if digits.is_empty() => {}
            '%' | '％' => percent = true,
            // A Korean code page has the won sign in the place of the backslash.
            '\\' if digits.is_empty() => {}
            '₩' | '￦' | '$' | '€' | '£' | '¥' | '원' => {}
            c if c.is_whitespace() || super::super::header::is_invisible(c) => {}
            'e' | 'E' if !digits.is_empty() => {
                exponent = Some((c, chars.as_str().to_owned()));
                break;
            }
            _ => return Err(Bad::NotANumber),
        }
    }
    if !digits.bytes().any(|b| b.is_ascii_digit()) {
        return Err(Bad::NotANumber);
    }
    if percent {
        return Err(Bad::Percent);
    }
    let (whole, fraction) = split_decimals(&digits)?;
    let power = match exponent {
        None => 0,
        Some((mark, power)) => {
            let power: i32 = power.trim().parse().map_err(|_| Bad::NotANumber)?;
            // `1.23E+07` is what a spreadsheet shows of 12,345,678; programs write a small e and every digit.
            if mark == 'E' && power > 0 && fraction.len() <= 5 {
                return Err(Bad::LostDigits);
            }
            power
        }
    };
    let value = scaled(&whole, &fraction, power)?;
    Ok(Number::Value(Millionths(if negative { -value } else { value })))
}

pub(crate) fn is_null(text: &str) -> bool {
    text.is_empty()
        || text.chars().all(|c| matches!(c, '-' | '—' | '–' | '−' | ' '))
        || text == "∞"
        || ["n/a", "na", "#n/a", "null", "none", "nan"].iter().any(|w| text.eq_ignore_ascii_case(w))
}

/// Decides which mark is the decimal one and gives the digits before and behind it.
fn split_decimals(digits: &str) -> Result<(String, String), Bad> {
    let commas = digits.matches(',').count();
    let points = digits.matches('.').count();
    let decimal = match (commas, points) {
        (0, 0) => None,
        (0, 1) => Some('.'),
        // 1.234.567
        (0, _) => return grouped(digits, '.').map(|w| (w, String::new())),
        (1, 0) => {
            let (before, after) = digits.split_once(',').unwrap_or((digits, ""));
            if after.len() == 3 && !before.trim_start_matches('0').is_empty() { None } else { Some(',') }
        }
        (_, 0) => return grouped(digits, ',').map(|w| (w, String::new())),
        // Both: the last one is the decimal mark.
        _ => {
            if digits.rfind(',') > digits.rfind('.') {
                Some(',')
            } else {
                Some('.')
            }
        }
    };
    let Some(mark) = decimal else { return Ok((digits.replace(',', ""), String::new())) };
    let (before, after) = digits.rsplit_once(mark).unwrap_or((digits, ""));
    let thousands = if mark == ',' { '.' } else { ',' };
    if before.contains(mark) || after.contains(thousands) {
        return Err(Bad::NotANumber);
    }
    let whole = if before.contains(thousands) { grouped(before, thousands)? } else { before.to_owned() };
    Ok((whole, after.to_owned()))
}

/// `1,234,567`: the last group has three digits, those before two or three (Indian grouping).
fn grouped(digits: &str, mark: char) -> Result<String, Bad> {
    let groups: Vec<&str> = digits.split(mark).collect();
    let (last, before) = groups.split_last().ok_or(Bad::NotANumber)?;
    let middle_fit = before.iter().skip(1).all(|g| g.len() == 2 || g.len() == 3);
    if last.len() != 3 || !middle_fit || before.first().is_none_or(|g| g.is_empty() || g.len() > 3) {
        return Err(Bad::NotANumber);
    }
    Ok(groups.concat())
}

/// Digits and a power of ten to millionths, rounded half away from zero.
fn scaled(whole: &str, fraction: &str, power: i32) -> Result<i64, Bad> {
    let digits = [whole, fraction].concat();
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    let fraction_len = i64::try_from(fraction.len()).map_err(|_| Bad::TooLarge)?;
    // How many of the digits stand before the millionth's place.
    let keep = i64::try_from(digits.len()).map_err(|_| Bad::TooLarge)? - fraction_len + i64::from(power) + 6;
    if keep > 19 {
        return Err(Bad::TooLarge);
    }
    if keep < 0 {
        return Ok(0);
    }
    let keep = usize::try_from(keep).map_err(|_| Bad::TooLarge)?;
    let mut value: i64 = 0;
    for index in 0..keep {
        let digit = digits.as_bytes().get(index).map_or(0, |b| i64::from(b - b'0'));
        value = value.checked_mul(10).and_then(|v| v.checked_add(digit)).ok_or(Bad::TooLarge)?;
    }
    if digits.as_bytes().get(keep).is_some_and(|b| *b >= b'5') {
        value = value.checked_add(1).ok_or(Bad::TooLarge)?;
    }
    Ok(value)
}

/// A number that a workbook holds as binary floating point: its shortest decimal spelling is meant.
pub(crate) fn from_float(value: f64) -> Result<Number, Bad> {
    if !value.is_finite() {
        return Err(Bad::NotANumber);
    }
    if value.abs() > 9.2e12 {
        return Err(Bad::TooLarge);
    }
    general(&format!("{value}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str) -> i64 {
        match parse(text) {
            Ok(Number::Value(v)) => v.0,
            other => panic!("{text:?} gave {other:?}"),
        }
    }

    #[test]
    fn reads_what_consoles_write() {
        for (text, millionths) in [
            ("0", 0),
            ("17,001", 17_001_000_000),
            ("1,020,000.00", 1_020_000_000_000),
            (" 255,420 ", 255_420_000_000),
            ("₩ 1,234", 1_234_000_000),
            ("1,234원", 1_234_000_000),
            ("\\1,234", 1_234_000_000),
            ("$1,250.50", 1_250_500_000),
            ("1 234,5", 1_234_500_000),
            ("1\u{a0}234", 1_234_000_000),
            ("(1,234)", -1_234_000_000),
            ("-1,234", -1_234_000_000),
            ("−1,234", -1_234_000_000),
            ("1.234,56", 1_234_560_000),
            ("1,234.56", 1_234_560_000),
            ("1.234.567", 1_234_567_000_000),
            ("12,34,567", 1_234_567_000_000),
            ("12,5", 12_500_000),
            ("1,23", 1_230_000),
            ("0,500", 500_000),
            ("261.549448", 261_549_448),
            ("0.0000005", 1),
            ("0.00000049", 0),
            (".5", 500_000),
            ("1e-05", 10),
            ("1.5e3", 1_500_000_000),
            ("'123", 123_000_000),
            ("9223372036854.775807", i64::MAX),
        ] {
            assert_eq!(value(text), millionths, "{text:?}");
        }
    }

    #[test]
    fn unknown_is_not_zero() {
        for text in ["", "-", "--", " --", "—", "N/A", "n/a", "∞", "  "] {
            assert_eq!(parse(text), Ok(Number::Null), "{text:?}");
        }
        assert_eq!(parse("< 10%"), Ok(Number::Capped));
        assert_eq!(parse("> 90%"), Ok(Number::Capped));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for (text, why) in [
            ("abc", Bad::NotANumber),
            ("1.2천", Bad::NotANumber),
            ("1,23,4", Bad::NotANumber),
            ("1.2.3", Bad::NotANumber),
            ("1.234,567,890", Bad::NotANumber),
            ("12-34", Bad::NotANumber),
            ("2.22%", Bad::Percent),
            ("1.23E+07", Bad::LostDigits),
            ("1e300", Bad::TooLarge),
            ("99999999999999999999", Bad::TooLarge),
            ("9223372036854.775808", Bad::TooLarge),
            ("1e99999999999", Bad::NotANumber),
            (".", Bad::NotANumber),
            ("(", Bad::NotANumber),
        ] {
            assert_eq!(parse(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn floats_are_their_shortest_spelling() {
        assert_eq!(from_float(0.1 + 0.2), Ok(Number::Value(Millionths(300_000))));
        assert_eq!(from_float(255_420.0), Ok(Number::Value(Millionths::from_whole(255_420))));
        assert_eq!(from_float(1e300), Err(Bad::TooLarge));
        assert_eq!(from_float(f64::NAN), Err(Bad::NotANumber));
    }

    proptest! {
        #[test]
        fn any_exact_value_survives(millionths in -9_000_000_000_000_000_000i64..=9_000_000_000_000_000_000) {
            let text = Millionths(millionths).to_string();
            prop_assert_eq!(value(&text), millionths);
        }

        #[test]
        fn thousands_marks_change_nothing(whole in 0i64..=9_000_000_000_000) {
            let digits = whole.to_string();
            let mut marked = String::new();
            for (i, c) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i).is_multiple_of(3) {
                    marked.push(',');
                }
                marked.push(c);
            }
            prop_assert_eq!(value(&marked), whole * MILLION);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = parse(&text);
        }

        #[test]
        fn any_number_like_text_is_read_or_refused(text in "[-+0-9.,eE() %−원]{0,30}") {
            let _ = parse(&text);
        }
    }
}
