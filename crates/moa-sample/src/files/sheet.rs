//! Writing rows as the consoles do: delimiters, encodings, numbers and dates.

use chrono::{Datelike, NaiveDate};
use csv::{Terminator, WriterBuilder};
use moa_domain::Currency;

/// Rows of text on their way into a file.
pub(super) struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    pub(super) fn new(delimiter: u8, terminator: Terminator) -> Self {
        Self(WriterBuilder::new().delimiter(delimiter).terminator(terminator).flexible(true).from_writer(Vec::new()))
    }

    pub(super) fn commas() -> Self {
        Self::new(b',', Terminator::Any(b'\n'))
    }

    pub(super) fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.0.write_record(cells).expect("writing to memory cannot fail");
    }

    pub(super) fn text(self) -> String {
        let bytes = self.0.into_inner().expect("writing to memory cannot fail");
        String::from_utf8(bytes).expect("only text was written")
    }
}

pub(super) fn utf8(text: String) -> Vec<u8> {
    text.into_bytes()
}

pub(super) fn utf8_with_bom(text: &str) -> Vec<u8> {
    ["\u{feff}", text].concat().into_bytes()
}

pub(super) fn utf16le_with_bom(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// What a Korean Excel writes as CSV.
pub(super) fn cp949(text: &str) -> Vec<u8> {
    encoding_rs::EUC_KR.encode(text).0.into_owned()
}

/// `1,234,567`
pub(super) fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1,234.50` from a value in hundredths.
pub(super) fn grouped_hundredths(value: i64) -> String {
    format!("{}.{:02}", grouped(value / 100), value % 100)
}

/// An amount in the currency's smallest unit: `181,400` won, `1,250.50` dollars.
pub(super) fn grouped_money(minor: i64, currency: Currency) -> String {
    if currency.decimals() == 0 { grouped(minor) } else { grouped_hundredths(minor) }
}

/// Conversions that are whole in this console.
pub(super) fn whole(hundredths: i64) -> String {
    (hundredths / 100).to_string()
}

/// `a / b` with two places; nothing divided by nothing is 0.
pub(super) fn ratio(a: f64, b: i64) -> String {
    format!("{:.2}", if b == 0 { 0.0 } else { a / b as f64 })
}

/// `2026.09.30.`, as Naver writes days.
pub(super) fn dotted_with_end(day: NaiveDate) -> String {
    format!("{}.", dotted(day))
}

/// `2026.09.30`, as Kakao writes days.
pub(super) fn dotted(day: NaiveDate) -> String {
    format!("{:04}.{:02}.{:02}", day.year(), day.month(), day.day())
}

/// `2026년 9월 30일`
pub(super) fn spelled(day: NaiveDate) -> String {
    format!("{}년 {}월 {}일", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_a_console() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped_hundredths(102_000_005), "1,020,000.05");
        assert_eq!(grouped_money(125_050, Currency::USD), "1,250.50");
        assert_eq!(grouped_money(125_050, Currency::KRW), "125,050");
        assert_eq!(ratio(100.0 * 7.0, 300), "2.33");
        assert_eq!(ratio(5.0, 0), "0.00");
    }

    #[test]
    fn encodings_carry_their_marks() {
        assert_eq!(utf16le_with_bom("일"), [0xff, 0xfe, 0x7c, 0xc7]);
        assert_eq!(utf8_with_bom("a"), [0xef, 0xbb, 0xbf, b'a']);
        assert_eq!(cp949("가"), [0xb0, 0xa1]);
    }
}
