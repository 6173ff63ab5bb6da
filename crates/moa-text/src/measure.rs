//! The twelve figures of a group: how each is called and written.

use moa_domain::Currency;
use rust_decimal::Decimal;

use crate::locale::text;
use crate::{Lang, compact_count, compact_money, conversions, count, money, percent, ratio_as_percent, whole_percent};

/// A count or KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    Impressions,
    Clicks,
    Cost,
    Conversions,
    Revenue,
    Ctr,
    Cpc,
    Cpm,
    ConversionRate,
    Cpa,
    Roas,
    Roi,
}

impl Measure {
    pub const ALL: [Self; 12] = [
        Self::Impressions,
        Self::Clicks,
        Self::Cost,
        Self::Conversions,
        Self::Revenue,
        Self::Ctr,
        Self::Cpc,
        Self::Cpm,
        Self::ConversionRate,
        Self::Cpa,
        Self::Roas,
        Self::Roi,
    ];

    /// The key of answers and locale files.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Impressions => "impressions",
            Self::Clicks => "clicks",
            Self::Cost => "cost",
            Self::Conversions => "conversions",
            Self::Revenue => "revenue",
            Self::Ctr => "ctr",
            Self::Cpc => "cpc",
            Self::Cpm => "cpm",
            Self::ConversionRate => "conversion_rate",
            Self::Cpa => "cpa",
            Self::Roas => "roas",
            Self::Roi => "roi",
        }
    }

    /// 클릭률(CTR), Cost per click (CPC).
    #[must_use]
    pub fn name(self, lang: Lang) -> String {
        text(lang, &format!("shared.kpi.{}", self.key()), &[])
    }

    /// For a table's header: CTR, 비용, Impr.
    #[must_use]
    pub fn short_name(self, lang: Lang) -> String {
        text(lang, &format!("shared.kpi_short.{}", self.key()), &[])
    }

    /// The value in full, or a dash where it is undefined. Percentages come as percent, ROAS as the plain ratio (3.5 is 350%).
    #[must_use]
    pub fn show(self, lang: Lang, value: Option<Decimal>, currency: Currency) -> String {
        let Some(value) = value else { return text(lang, "shared.undefined", &[]) };
        match self {
            Self::Impressions | Self::Clicks => count(value),
            Self::Conversions => conversions(value),
            Self::Cost | Self::Revenue | Self::Cpc | Self::Cpm | Self::Cpa => money(value, currency),
            Self::Ctr | Self::ConversionRate => percent(value),
            Self::Roas => ratio_as_percent(value),
            Self::Roi => whole_percent(value),
        }
    }

    /// The value where space is short: amounts and counts in 억/만 or M/K.
    #[must_use]
    pub fn show_compact(self, lang: Lang, value: Option<Decimal>, currency: Currency) -> String {
        match (self, value) {
            (Self::Impressions | Self::Clicks | Self::Conversions, Some(value)) => compact_count(lang, value),
            (Self::Cost | Self::Revenue | Self::Cpc | Self::Cpm | Self::Cpa, Some(value)) => compact_money(lang, value, currency),
            _ => self.show(lang, value, currency),
        }
    }

    /// True where more is better, false where less is, `None` where neither (cost).
    #[must_use]
    pub const fn more_is_better(self) -> Option<bool> {
        match self {
            Self::Cost => None,
            Self::Cpc | Self::Cpm | Self::Cpa => Some(false),
            Self::Impressions
            | Self::Clicks
            | Self::Conversions
            | Self::Revenue
            | Self::Ctr
            | Self::ConversionRate
            | Self::Roas
            | Self::Roi => Some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::has_text;

    #[test]
    fn every_measure_is_named_in_both_languages() {
        for lang in Lang::ALL {
            for measure in Measure::ALL {
                assert!(has_text(lang, &format!("shared.kpi.{}", measure.key())));
                assert!(has_text(lang, &format!("shared.kpi_short.{}", measure.key())));
            }
        }
    }

    #[test]
    fn undefined_is_a_dash_and_never_zero() {
        assert_eq!(Measure::Roas.show(Lang::Ko, None, Currency::KRW), "–");
        assert_eq!(Measure::Roas.show(Lang::Ko, Some(Decimal::new(35, 1)), Currency::KRW), "350%");
        assert_eq!(Measure::Cost.show_compact(Lang::Ko, Some(Decimal::from(123_456_789)), Currency::KRW), "₩1.23억");
    }
}
