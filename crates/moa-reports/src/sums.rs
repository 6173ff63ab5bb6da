//! Exact sums over stored rows: the same arithmetic as everywhere in Moa, so that workbook, pages and answers agree.

use moa_domain::{Basis, Counts, Millionths, MoneyKind};
use moa_kpi::Totals;
use rust_decimal::Decimal;

use crate::document::RawRow;

/// A stored value in millionths. Rows come out of `BIGINT` millionths, so every one fits; a made-up larger one is held at the limit.
fn millionths(value: Decimal) -> Millionths {
    Millionths::from_decimal(value).unwrap_or(Millionths(if value.is_sign_negative() { i64::MIN } else { i64::MAX }))
}

impl RawRow {
    /// The money kind the row's cost is stored in.
    #[must_use]
    pub fn kind(&self) -> MoneyKind {
        MoneyKind { currency: self.currency, vat: self.vat, vat_rate: millionths(self.vat_rate) }
    }

    fn counts(&self) -> Counts {
        let value = |value: Option<Decimal>| millionths(value.unwrap_or_default());
        Counts {
            impressions: self.impressions,
            clicks: self.clicks,
            cost: millionths(self.cost),
            conversions: value(self.conversions),
            revenue: value(self.revenue),
            conversions_all: value(self.conversions_all),
            revenue_all: value(self.revenue_all),
        }
    }

    /// Whether the source knows the row's conversions and revenue.
    #[must_use]
    pub fn conversions_known(&self) -> bool {
        self.conversions.is_some() && self.revenue.is_some()
    }
}

/// The exact sums of rows of one currency, in a basis. Costs are added per money kind and converted once.
#[must_use]
pub fn totals<'r>(rows: impl IntoIterator<Item = &'r RawRow>, basis: Basis) -> Totals {
    let mut kinds: Vec<(MoneyKind, Counts, bool)> = Vec::new();
    for row in rows {
        let kind = row.kind();
        let slot = match kinds.iter_mut().find(|(known, _, _)| *known == kind) {
            Some(slot) => slot,
            None => {
                kinds.push((kind, Counts::default(), true));
                let last = kinds.len() - 1;
                &mut kinds[last]
            }
        };
        slot.1 += row.counts();
        slot.2 &= row.conversions_known();
    }
    let mut totals = Totals::default();
    for (kind, counts, known) in kinds {
        totals.add(&counts, kind, basis, known);
    }
    totals
}
