//! Headers: normalised so that spelling does not matter, with what their brackets say about currency, VAT and scale.

use moa_domain::{Currency, VatBasis};
use unicode_normalization::UnicodeNormalization;

use super::aliases::{self, Alias};
use super::field::Field;

/// A header in comparable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// As the file writes it, trimmed.
    pub text: String,
    /// Normalised, brackets kept.
    pub full: String,
    /// Normalised, without bracketed parts and VAT words.
    pub bare: String,
}

/// What a header's brackets say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct HeaderNotes {
    pub currency: Option<Currency>,
    pub vat: Option<VatBasis>,
    /// Amounts are in so many won: `(천원)` is 1000.
    pub scale: i64,
}

const VAT_INCLUDED: [&str; 8] = ["vat포함", "부가세포함", "vatincluded", "includingvat", "incl.vat", "inclvat", "withvat", "vatinclusive"];
const VAT_EXCLUDED: [&str; 13] = [
    "vat별도",
    "vat제외",
    "vat미포함",
    "vat불포함",
    "부가세별도",
    "부가세제외",
    "부가세미포함",
    "vatexcluded",
    "excludingvat",
    "excl.vat",
    "exclvat",
    "withoutvat",
    "vatexclusive",
];

/// Currencies a bracket may name; other three-letter words (CTR, CPC) stand there as well.
const CURRENCIES: [&str; 33] = [
    "KRW", "USD", "EUR", "JPY", "CNY", "GBP", "AUD", "CAD", "SGD", "HKD", "TWD", "VND", "THB", "IDR", "PHP", "MYR", "INR", "BRL", "MXN",
    "CHF", "NZD", "SEK", "NOK", "DKK", "PLN", "TRY", "AED", "SAR", "CZK", "HUF", "ILS", "ZAR", "RUB",
];

impl Header {
    pub(crate) fn new(text: &str) -> Self {
        let full = normalise(text);
        let bare = without_vat_words(&without_brackets(&full));
        let shown = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c)).replace('\0', "");
        Self { text: shown, full, bare }
    }

    pub(crate) fn notes(&self) -> HeaderNotes {
        let mut notes = HeaderNotes { scale: 1, ..HeaderNotes::default() };
        if VAT_EXCLUDED.iter().any(|w| self.full.contains(w)) {
            notes.vat = Some(VatBasis::Excluded);
        } else if VAT_INCLUDED.iter().any(|w| self.full.contains(w)) {
            notes.vat = Some(VatBasis::Included);
        }
        for part in brackets(&self.full).flat_map(|b| b.split([',', '/', ';'])) {
            let upper = part.to_uppercase();
            if CURRENCIES.contains(&upper.as_str()) {
                notes.currency = upper.parse().ok();
                continue;
            }
            match part.strip_prefix("단위:").or_else(|| part.strip_prefix("단위")).unwrap_or(part) {
                "원" | "₩" | "￦" | "원화" => notes.currency = Some(Currency::KRW),
                "천원" => (notes.currency, notes.scale) = (Some(Currency::KRW), 1_000),
                "만원" => (notes.currency, notes.scale) = (Some(Currency::KRW), 10_000),
                "백만원" => (notes.currency, notes.scale) = (Some(Currency::KRW), 1_000_000),
                _ => {}
            }
        }
        notes
    }

    /// The fields this header may stand for, best first by rank. Exact spelling beats spelling without brackets.
    pub(crate) fn matches(&self, extra: &[(Field, String)]) -> Vec<Alias> {
        if self.full.is_empty() {
            return Vec::new();
        }
        if let Some((field, _)) = extra.iter().find(|(_, h)| *h == self.full) {
            return vec![Alias { field: *field, rank: 0 }];
        }
        let exact = aliases::lookup(&self.full);
        let found: Vec<Alias> = if exact.is_empty() {
            aliases::lookup(&self.bare).iter().map(|a| Alias { field: a.field, rank: a.rank * 2 + 1 }).collect()
        } else {
            exact.iter().map(|a| Alias { field: a.field, rank: a.rank * 2 }).collect()
        };
        found.into_iter().filter(|a| self.allows(a.field)).collect()
    }

    /// The guards: rates, averages and budgets are never counts or amounts, values never numbers of conversions, and direct and
    /// indirect parts never totals.
    fn allows(&self, field: Field) -> bool {
        let has = |words: &[&str]| words.iter().any(|w| self.full.contains(w));
        let conversions = matches!(field, Field::Conversions | Field::ConversionsAll | Field::SharedConversions);
        let revenue = matches!(field, Field::Revenue | Field::RevenueAll | Field::SharedRevenue);
        if (conversions || matches!(field, Field::Cost | Field::Clicks))
            && has(&["당비용", "costper", "률", "rate", "roas", "수익률", "예산"])
        {
            return false;
        }
        if conversions && has(&["전환값", "value", "매출", "금액"]) {
            return false;
        }
        !((conversions || revenue) && has(&["간접", "직접"]))
    }
}

/// Trimmed, NFC, lower-case; spaces, `_`, `-`, `·` and invisible characters dropped; full-width brackets made plain.
pub(crate) fn normalise(text: &str) -> String {
    text.nfc()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !matches!(c, '_' | '-' | '·' | '‐' | '‑' | '–' | '"'))
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '［' => '[',
            '］' => ']',
            '％' => '%',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{00ad}' | '\u{202a}'..='\u{202e}' | '\u{180e}') || c.is_control()
}

fn brackets(full: &str) -> impl Iterator<Item = &str> {
    full.split(['(', '[']).skip(1).map(|part| part.split([')', ']']).next().unwrap_or(""))
}

fn without_brackets(full: &str) -> String {
    let mut depth = 0usize;
    let mut bare = String::with_capacity(full.len());
    for c in full.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    bare
}

fn without_vat_words(bare: &str) -> String {
    let mut text = bare.to_owned();
    for word in VAT_INCLUDED.iter().chain(&VAT_EXCLUDED) {
        if text.contains(word) {
            text = text.replace(word, "");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(header: &str) -> Option<Field> {
        Header::new(header).matches(&[]).into_iter().min_by_key(|a| a.rank).map(|a| a.field)
    }

    #[test]
    fn spelling_does_not_matter() {
        for spelling in
            ["총비용", " 총 비용 ", "총\u{a0}비용", "\u{feff}총비용", "총\u{200b}비용", "총비용(VAT포함,원)", "총비용 (VAT포함, 원)"]
        {
            assert_eq!(best(spelling), Some(Field::Cost), "{spelling:?}");
        }
        // A Mac gives decomposed Hangul.
        let decomposed: String = "노출수".nfd().collect();
        assert_eq!(best(&decomposed), Some(Field::Impressions));
    }

    #[test]
    fn rates_and_parts_are_not_totals() {
        for header in [
            "전환당비용(원)",
            "총 전환당비용(원)",
            "클릭률(%)",
            "CPC(링크 클릭당 비용) (KRW)",
            "CTR(링크 클릭률)",
            "직접전환수",
            "간접전환매출액(원)",
            "Cost / conv.",
        ] {
            let field = best(header);
            assert!(!field.is_some_and(Field::is_metric), "{header} became {field:?}");
        }
        assert_eq!(best("구매 전환값"), Some(Field::Revenue));
        assert_eq!(best("Purchases conversion value"), Some(Field::Revenue));
    }

    #[test]
    fn brackets_tell_currency_vat_and_scale() {
        let notes = |text: &str| Header::new(text).notes();
        assert_eq!(notes("총비용(VAT포함,원)"), HeaderNotes { currency: Some(Currency::KRW), vat: Some(VatBasis::Included), scale: 1 });
        assert_eq!(notes("Amount spent (USD)"), HeaderNotes { currency: Some(Currency::USD), vat: None, scale: 1 });
        assert_eq!(notes("광고비 (VAT 별도)"), HeaderNotes { currency: None, vat: Some(VatBasis::Excluded), scale: 1 });
        assert_eq!(notes("광고비(천원)"), HeaderNotes { currency: Some(Currency::KRW), vat: None, scale: 1000 });
        assert_eq!(notes("CTR(전체)"), HeaderNotes { currency: None, vat: None, scale: 1 });
        assert_eq!(best("광고비 VAT포함"), Some(Field::Cost));
    }

    #[test]
    fn the_first_of_several_spellings_wins() {
        let rank = |text: &str, field: Field| Header::new(text).matches(&[]).into_iter().find(|a| a.field == field).map(|a| a.rank);
        assert!(rank("링크 클릭", Field::Clicks) < rank("클릭(전체)", Field::Clicks));
        assert!(rank("구매 (7일)", Field::Conversions) < rank("구매 (1일)", Field::Conversions));
        assert!(rank("구매완료 전환수", Field::Conversions) < rank("총 전환수", Field::Conversions));
        assert!(rank("총 전환수", Field::ConversionsAll).is_some());
    }
}
