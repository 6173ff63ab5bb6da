//! Amounts of money as text: the currency's sign, its usual decimals, a comma between thousands.

use moa_domain::Currency;
use rust_decimal::Decimal;

use crate::Lang;
use crate::number::{compact, fixed, up_to};

/// The sign before an amount: `₩`, `$`, else the code and a space.
#[must_use]
pub fn symbol(currency: Currency) -> String {
    match currency.code() {
        "KRW" => "₩".to_owned(),
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "JPY" => "¥".to_owned(),
        "GBP" => "£".to_owned(),
        code => format!("{code} "),
    }
}

fn signed(symbol: &str, number: &str) -> String {
    match number.strip_prefix('-') {
        Some(positive) => format!("-{symbol}{positive}"),
        None => format!("{symbol}{number}"),
    }
}

/// The full amount: `₩1,234,567`, `$1,234.50`, `-₩500`.
#[must_use]
pub fn money(value: Decimal, currency: Currency) -> String {
    signed(&symbol(currency), &fixed(value, currency.decimals()))
}

/// Where space is short: `₩1.23억`, `₩456만`, `₩1.2M` in English; small amounts in full.
#[must_use]
pub fn compact_money(lang: Lang, value: Decimal, currency: Currency) -> String {
    let number = compact(lang, value).unwrap_or_else(|| if currency.decimals() == 0 { fixed(value, 0) } else { up_to(value, 2) });
    signed(&symbol(currency), &number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn each_currency_has_its_decimals() {
        assert_eq!(money(d("1234567.5"), Currency::KRW), "₩1,234,568");
        assert_eq!(money(d("1234.5"), Currency::USD), "$1,234.50");
        assert_eq!(money(d("-500"), Currency::KRW), "-₩500");
        assert_eq!(money(d("-0.2"), Currency::KRW), "₩0");
        assert_eq!(money(d("10"), "CHF".parse().expect("a currency")), "CHF 10.00");
    }

    #[test]
    fn short_forms_keep_the_sign() {
        assert_eq!(compact_money(Lang::Ko, d("123456789"), Currency::KRW), "₩1.23억");
        assert_eq!(compact_money(Lang::Ko, d("-34567890"), Currency::KRW), "-₩3,457만");
        assert_eq!(compact_money(Lang::En, d("1234567"), Currency::KRW), "₩1.23M");
        assert_eq!(compact_money(Lang::En, d("12.5"), Currency::USD), "$12.5");
    }
}
