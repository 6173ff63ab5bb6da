//! The counts of one row, and splitting them into finer rows that add up again.

use std::ops::AddAssign;

use crate::draw::Draw;
use crate::plan::Price;

/// Counts in whole units: amounts in the smallest unit of the currency, conversions in hundredths (Google shares one conversion among
/// several clicks).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub impressions: i64,
    pub clicks: i64,
    pub cost: i64,
    pub conversions: i64,
    pub revenue: i64,
    /// Purchases and everything else the console counts; in reports that do not tell, the same as `conversions`.
    pub conversions_all: i64,
    pub revenue_all: i64,
    /// Carts, for reports that show them.
    pub carts: i64,
    pub reach: i64,
}

impl Figures {
    pub(crate) fn is_zero(&self) -> bool {
        self.impressions == 0 && self.clicks == 0 && self.cost == 0 && self.conversions == 0 && self.revenue == 0
    }

    /// Splits a day. `share` weighs impressions, `click_rate` and `conversion_rate` say how well each part does against the others.
    /// Every sum is kept; no part has more clicks than impressions. Reach cannot be split and is estimated.
    pub(crate) fn split(&self, draw: &mut Draw, price: Price, share: &[f64], click_rate: &[f64], conversion_rate: &[f64]) -> Vec<Self> {
        let weigh = |counts: &[i64], rate: &[f64]| -> Vec<f64> { counts.iter().zip(rate).map(|(n, r)| *n as f64 * r).collect() };
        let ones = vec![1.0; share.len()];
        let impressions = draw.split(self.impressions, share);
        let clicks = draw.split_within(self.clicks, &weigh(&impressions, click_rate), &impressions);
        let cost_basis = match price {
            Price::Click(_) => &clicks,
            Price::Mille(_) | Price::Day(_) => &impressions,
        };
        let cost = draw.split(self.cost, &weigh(cost_basis, &ones));
        // Whole conversions first: a click is rarely worth two hundredths of one.
        let buyers = weigh(&clicks, conversion_rate);
        let mut conversions: Vec<i64> = draw.split(self.conversions / 100, &buyers).iter().map(|n| n * 100).collect();
        for (part, chosen) in conversions.iter_mut().zip(draw.split(1, &buyers)) {
            *part += chosen * (self.conversions % 100);
        }
        let grain = if self.revenue % 100 == 0 { 100 } else { 1 };
        let revenue: Vec<i64> = draw.split(self.revenue / grain, &weigh(&conversions, &ones)).iter().map(|n| n * grain).collect();
        let other = draw.split((self.conversions_all - self.conversions) / 100, &buyers);
        let other_revenue = draw.split(self.revenue_all - self.revenue, &weigh(&other, &ones));
        let carts = draw.split(self.carts, &buyers);
        let frequency = self.impressions as f64 / self.reach.max(1) as f64;
        (0..share.len())
            .map(|i| Self {
                impressions: impressions[i],
                clicks: clicks[i],
                cost: cost[i],
                conversions: conversions[i],
                revenue: revenue[i],
                conversions_all: conversions[i] + other[i] * 100,
                revenue_all: revenue[i] + other_revenue[i],
                carts: carts[i],
                reach: (impressions[i] as f64 / frequency.max(1.0)).round() as i64,
            })
            .collect()
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.impressions += other.impressions;
        self.clicks += other.clicks;
        self.cost += other.cost;
        self.conversions += other.conversions;
        self.revenue += other.revenue;
        self.conversions_all += other.conversions_all;
        self.revenue_all += other.revenue_all;
        self.carts += other.carts;
        self.reach += other.reach;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_of_a_day_add_up(
            impressions in 0i64..300_000, click_share in 0.0f64..0.2, cost in 0i64..2_000_000, conversions in 0i64..9_000, carts in 0i64..90,
            shares in prop::collection::vec(0.01f64..3.0, 1..25), stream in any::<u64>(),
        ) {
            let clicks = (impressions as f64 * click_share) as i64;
            let converted = if clicks == 0 { 0 } else { conversions };
            let day = Figures {
                impressions, clicks, cost, conversions: converted, revenue: converted * 731, conversions_all: converted + carts * 100,
                revenue_all: converted * 731 + carts * 900, carts, reach: impressions / 2,
            };
            let rates: Vec<f64> = shares.iter().rev().copied().collect();
            for price in [Price::Click(1.0), Price::Mille(1.0)] {
                let parts = day.split(&mut Draw::new(stream), price, &shares, &rates, &rates);
                let mut sum = Figures::default();
                for part in parts {
                    prop_assert!(part.clicks <= part.impressions);
                    prop_assert!(part.conversions >= 0 && part.revenue >= 0);
                    sum += part;
                }
                prop_assert_eq!(Figures { reach: day.reach, ..sum }, day);
            }
        }
    }
}
