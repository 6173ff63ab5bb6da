//! The truth about the sample, to compare an import with.

use std::collections::BTreeMap;

use moa_domain::{Counts, Currency, Millionths, Month, Platform, VatBasis};

use crate::agency::Account;
use crate::figures::Figures;

/// What one client spent and got on one platform in one month, in one money kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthTotal {
    /// Position in [`crate::Agency::clients`].
    pub client: usize,
    pub platform: Platform,
    pub month: Month,
    pub currency: Currency,
    /// The basis the report files give their costs in; `counts.cost` is in it.
    pub vat: VatBasis,
    /// The sum of the daily rows. Where a report knows only one of the two, `conversions_all` equals `conversions`.
    pub counts: Counts,
}

/// One unit of [`Figures`] money in millionths of the currency.
fn money(minor: i64, currency: Currency) -> Millionths {
    let mut unit = 1_000_000;
    for _ in 0..currency.decimals() {
        unit /= 10;
    }
    Millionths(minor * unit)
}

fn counts(figures: &Figures, currency: Currency) -> Counts {
    Counts {
        impressions: figures.impressions,
        clicks: figures.clicks,
        cost: money(figures.cost, currency),
        conversions: Millionths(figures.conversions * 10_000),
        revenue: money(figures.revenue, currency),
        conversions_all: Millionths(figures.conversions_all * 10_000),
        revenue_all: money(figures.revenue_all, currency),
    }
}

/// Sums in the order of client, platform, currency, VAT basis, month.
pub(crate) fn month_totals(accounts: &[Account]) -> Vec<MonthTotal> {
    let mut sums: BTreeMap<(usize, Platform, Currency, VatBasis, Month), Counts> = BTreeMap::new();
    for account in accounts {
        let currency = account.plan.currency;
        for day in account.campaigns.iter().flat_map(|campaign| &campaign.days) {
            let key = (account.client, account.plan.console.platform(), currency, account.plan.console.vat(), Month::of(day.date));
            *sums.entry(key).or_default() += counts(&day.figures, currency);
        }
    }
    sums.into_iter()
        .map(|((client, platform, currency, vat, month), counts)| MonthTotal { client, platform, month, currency, vat, counts })
        .collect()
}
