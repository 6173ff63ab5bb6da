//! The figures of one group: sums and the KPIs made from them, as they are shown. The only figure struct of a report.

use moa_kpi::{Exact, Kpis, Totals};
use moa_text::Measure;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Counts and KPIs of one group, in one currency and the document's basis. Rounded to six places at most, as in every answer of Moa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    pub impressions: i64,
    pub clicks: i64,
    /// In the document's basis.
    pub cost: Decimal,
    /// `None` where the source does not know its conversions: unknown is not zero.
    pub conversions: Option<Decimal>,
    pub revenue: Option<Decimal>,
    /// Percent.
    pub ctr: Option<Decimal>,
    pub cpc: Option<Decimal>,
    pub cpm: Option<Decimal>,
    /// Percent.
    pub conversion_rate: Option<Decimal>,
    pub cpa: Option<Decimal>,
    /// A plain ratio: 3.5 is shown as 350 %.
    pub roas: Option<Decimal>,
    /// Percent.
    pub roi: Option<Decimal>,
}

impl Figures {
    /// The figures of exact sums: the same rounding as `kpi --json` and the window.
    #[must_use]
    pub fn from_totals(totals: &Totals) -> Self {
        let kpis = totals.kpis();
        let known = |value: Decimal| totals.conversions_known.then_some(value);
        let rounded = |kpi: Option<Exact>| kpi.map(Exact::rounded);
        Self {
            impressions: totals.impressions,
            clicks: totals.clicks,
            cost: totals.cost.rounded(),
            conversions: known(totals.conversions.to_decimal()),
            revenue: known(totals.revenue.to_decimal()),
            ctr: rounded(kpis.ctr),
            cpc: rounded(kpis.cpc),
            cpm: rounded(kpis.cpm),
            conversion_rate: rounded(kpis.conversion_rate),
            cpa: rounded(kpis.cpa),
            roas: rounded(kpis.roas),
            roi: rounded(kpis.roi),
        }
    }

    /// The value of one measure.
    #[must_use]
    pub fn get(&self, measure: Measure) -> Option<Decimal> {
        match measure {
            Measure::Impressions => Some(Decimal::from(self.impressions)),
            Measure::Clicks => Some(Decimal::from(self.clicks)),
            Measure::Cost => Some(self.cost),
            Measure::Conversions => self.conversions,
            Measure::Revenue => self.revenue,
            Measure::Ctr => self.ctr,
            Measure::Cpc => self.cpc,
            Measure::Cpm => self.cpm,
            Measure::ConversionRate => self.conversion_rate,
            Measure::Cpa => self.cpa,
            Measure::Roas => self.roas,
            Measure::Roi => self.roi,
        }
    }
}

/// Change of each figure against the compared period, in percent; `None` where there was nothing before or either is undefined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Change {
    pub impressions: Option<Decimal>,
    pub clicks: Option<Decimal>,
    pub cost: Option<Decimal>,
    pub conversions: Option<Decimal>,
    pub revenue: Option<Decimal>,
    pub ctr: Option<Decimal>,
    pub cpc: Option<Decimal>,
    pub cpm: Option<Decimal>,
    pub conversion_rate: Option<Decimal>,
    pub cpa: Option<Decimal>,
    pub roas: Option<Decimal>,
    pub roi: Option<Decimal>,
}

impl Change {
    /// From exact sums, so that nothing is rounded twice.
    #[must_use]
    pub fn between(now: &Totals, before: &Totals) -> Self {
        let (now_kpis, before_kpis): (Kpis, Kpis) = (now.kpis(), before.kpis());
        let of = |now: Option<Exact>, before: Option<Exact>| moa_kpi::change::change(now, before).map(Exact::rounded);
        let count = |now: i64, before: i64| of(Some(Exact::from_count(now)), Some(Exact::from_count(before)));
        let known = |totals: &Totals, value: moa_domain::Millionths| totals.conversions_known.then(|| Exact::from_millionths(value));
        Self {
            impressions: count(now.impressions, before.impressions),
            clicks: count(now.clicks, before.clicks),
            cost: of(Some(now.cost), Some(before.cost)),
            conversions: of(known(now, now.conversions), known(before, before.conversions)),
            revenue: of(known(now, now.revenue), known(before, before.revenue)),
            ctr: of(now_kpis.ctr, before_kpis.ctr),
            cpc: of(now_kpis.cpc, before_kpis.cpc),
            cpm: of(now_kpis.cpm, before_kpis.cpm),
            conversion_rate: of(now_kpis.conversion_rate, before_kpis.conversion_rate),
            cpa: of(now_kpis.cpa, before_kpis.cpa),
            roas: of(now_kpis.roas, before_kpis.roas),
            roi: of(now_kpis.roi, before_kpis.roi),
        }
    }

    /// The change of one measure.
    #[must_use]
    pub fn get(&self, measure: Measure) -> Option<Decimal> {
        match measure {
            Measure::Impressions => self.impressions,
            Measure::Clicks => self.clicks,
            Measure::Cost => self.cost,
            Measure::Conversions => self.conversions,
            Measure::Revenue => self.revenue,
            Measure::Ctr => self.ctr,
            Measure::Cpc => self.cpc,
            Measure::Cpm => self.cpm,
            Measure::ConversionRate => self.conversion_rate,
            Measure::Cpa => self.cpa,
            Measure::Roas => self.roas,
            Measure::Roi => self.roi,
        }
    }
}
