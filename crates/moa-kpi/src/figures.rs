//! Sums of a group, in one currency and one basis, and the KPIs made from them.

use moa_domain::{Basis, Counts, Millionths, MoneyKind};

use crate::basis::in_basis;
use crate::{Exact, conversion_rate, cpa, cpc, cpm, ctr, roas, roi};

/// Sums over rows of one currency. Costs of different money kinds meet here, each already in the basis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Totals {
    pub impressions: i64,
    pub clicks: i64,
    pub cost: Exact,
    pub conversions: Millionths,
    /// Revenue is the client's, as the platform reports it: it has no VAT basis of the medium.
    pub revenue: Millionths,
    /// False when any part does not know its conversions (some hourly rows): unknown is not zero.
    pub conversions_known: bool,
}

/// The ratios of a group, exact; `None` where the denominator is 0 or conversions are unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kpis {
    pub ctr: Option<Exact>,
    pub cpc: Option<Exact>,
    pub cpm: Option<Exact>,
    pub conversion_rate: Option<Exact>,
    pub cpa: Option<Exact>,
    pub roas: Option<Exact>,
    pub roi: Option<Exact>,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            impressions: 0,
            clicks: 0,
            cost: Exact::zero(),
            conversions: Millionths::ZERO,
            revenue: Millionths::ZERO,
            conversions_known: true,
        }
    }
}

impl Totals {
    /// Adds the sums of one money kind.
    pub fn add(&mut self, counts: &Counts, kind: MoneyKind, basis: Basis, conversions_known: bool) {
        self.impressions += counts.impressions;
        self.clicks += counts.clicks;
        self.cost = self.cost.plus(in_basis(counts.cost, kind, basis));
        self.conversions = self.conversions + counts.conversions;
        self.revenue = self.revenue + counts.revenue;
        self.conversions_known &= conversions_known;
    }

    #[must_use]
    pub fn kpis(&self) -> Kpis {
        let known = |kpi: Option<Exact>| if self.conversions_known { kpi } else { None };
        Kpis {
            ctr: ctr::ctr(self.clicks, self.impressions),
            cpc: cpc::cpc(self.cost, self.clicks),
            cpm: cpm::cpm(self.cost, self.impressions),
            conversion_rate: known(conversion_rate::conversion_rate(self.conversions, self.clicks)),
            cpa: known(cpa::cpa(self.cost, self.conversions)),
            roas: known(roas::roas(self.revenue, self.cost)),
            roi: known(roi::roi(self.revenue, self.cost)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use moa_domain::{Currency, VatBasis};
    use proptest::prelude::*;

    const INCLUDED: MoneyKind = MoneyKind::new(Currency::KRW, VatBasis::Included, 10);
    const EXCLUDED: MoneyKind = MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10);

    fn counts(impressions: i64, clicks: i64, cost: i64, conversions: i64, revenue: i64) -> Counts {
        Counts {
            impressions,
            clicks,
            cost: Millionths(cost),
            conversions: Millionths(conversions),
            revenue: Millionths(revenue),
            ..Counts::default()
        }
    }

    #[test]
    fn an_empty_group_has_no_ratio() {
        let kpis = Totals::default().kpis();
        assert!([kpis.ctr, kpis.cpc, kpis.cpm, kpis.conversion_rate, kpis.cpa, kpis.roas, kpis.roi].iter().all(Option::is_none));
    }

    #[test]
    fn known_values() {
        let mut totals = Totals::default();
        totals.add(&counts(1000, 50, 100_000_000_000, 5_000_000, 350_000_000_000), EXCLUDED, Basis::Net, true);
        let kpis = totals.kpis();
        let text = |kpi: Option<Exact>| kpi.map(|value| value.rounded().to_string());
        assert_eq!(text(kpis.ctr).as_deref(), Some("5"));
        assert_eq!(text(kpis.cpc).as_deref(), Some("2000"));
        assert_eq!(text(kpis.cpm).as_deref(), Some("100000"));
        assert_eq!(text(kpis.conversion_rate).as_deref(), Some("10"));
        assert_eq!(text(kpis.cpa).as_deref(), Some("20000"));
        assert_eq!(text(kpis.roas).as_deref(), Some("3.5"));
        assert_eq!(text(kpis.roi).as_deref(), Some("250"));
    }

    #[test]
    fn unknown_conversions_are_not_zero() {
        let mut totals = Totals::default();
        totals.add(&counts(10, 5, 1, 0, 0), EXCLUDED, Basis::Net, false);
        assert!(totals.kpis().roas.is_none() && totals.kpis().ctr.is_some());
    }

    proptest! {
        #[test]
        fn splitting_rows_never_changes_a_result(
            rows in prop::collection::vec((0i64..1_000_000, 0i64..10_000, -1_000_000i64..1_000_000_000_000, 0i64..1_000_000_000, any::<bool>()), 1..20),
            cut in 0usize..20,
        ) {
            let fill = |rows: &[(i64, i64, i64, i64, bool)]| {
                let mut totals = Totals::default();
                for (impressions, clicks, cost, conversions, included) in rows {
                    let kind = if *included { INCLUDED } else { EXCLUDED };
                    totals.add(&counts(*impressions, *clicks, *cost, *conversions, *cost), kind, Basis::Net, true);
                }
                totals
            };
            let cut = cut.min(rows.len());
            let whole = fill(&rows);
            let (left, right) = (fill(&rows[..cut]), fill(&rows[cut..]));
            prop_assert_eq!(left.cost.plus(right.cost), whole.cost);
            let mut reversed = rows.clone();
            reversed.reverse();
            prop_assert_eq!(fill(&reversed).kpis(), whole.kpis());
        }
    }
}
