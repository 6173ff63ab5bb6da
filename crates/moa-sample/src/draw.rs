//! Seeded chance: PCG (`rand_pcg`), and the few distributions the sample needs, made of exactly defined operations only.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

const SEED: u128 = 0x6d6f_615f_7361_6d70_6c65_5f61_6765_6e63;

/// A stream of chance. Each campaign and purpose has its own, so that a change to one leaves the others as they were.
#[derive(Debug, Clone)]
pub(crate) struct Draw(Pcg64);

impl Draw {
    pub(crate) fn new(stream: u64) -> Self {
        Self(Pcg64::new(SEED, u128::from(stream)))
    }

    /// 0 ≤ value < 1, all 53 bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Mean 0, deviation 1: the sum of twelve uniform values (Irwin–Hall).
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A factor near 1 with the given spread.
    pub(crate) fn around(&mut self, spread: f64) -> f64 {
        (1.0 + spread * self.normal()).clamp(0.5, 1.6)
    }

    /// A count with this mean, near enough to Poisson.
    pub(crate) fn count(&mut self, mean: f64) -> i64 {
        const TRIALS: u32 = 64;
        if mean <= 0.0 {
            return 0;
        }
        if mean < 12.0 {
            let chance = mean / f64::from(TRIALS);
            return (0..TRIALS).map(|_| i64::from(self.unit() < chance)).sum();
        }
        (mean + mean.sqrt() * self.normal()).round().max(0.0) as i64
    }

    /// An index, with chances in proportion to the weights.
    fn pick(&mut self, weights: &[f64], sum: f64) -> usize {
        let mut rest = self.unit() * sum;
        let mut last = 0;
        for (i, weight) in weights.iter().enumerate() {
            if *weight > 0.0 {
                last = i;
                if rest < *weight {
                    return i;
                }
                rest -= weight;
            }
        }
        last
    }

    /// Splits a total into parts in proportion to the weights; the parts add up to the total exactly. What does not divide is handed out by
    /// chance, so that small totals do not always fall to the heaviest part. With no weight at all everything stands on the first part.
    pub(crate) fn split(&mut self, total: i64, weights: &[f64]) -> Vec<i64> {
        let mut parts = vec![0; weights.len()];
        let sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            parts[0] = total;
            return parts;
        }
        let mut rest = total;
        for (part, weight) in parts.iter_mut().zip(weights) {
            *part = ((total as f64 * weight / sum).floor() as i64).min(rest);
            rest -= *part;
        }
        for _ in 0..rest {
            parts[self.pick(weights, sum)] += 1;
        }
        parts
    }

    /// As [`Self::split`], with no part above its limit. The limits together must be at least the total.
    pub(crate) fn split_within(&mut self, total: i64, weights: &[f64], limits: &[i64]) -> Vec<i64> {
        let mut parts = self.split(total, weights);
        let mut over = 0;
        for (part, limit) in parts.iter_mut().zip(limits) {
            over += (*part - limit).max(0);
            *part = (*part).min(*limit);
        }
        for (part, limit) in parts.iter_mut().zip(limits) {
            let room = (limit - *part).min(over);
            *part += room;
            over -= room;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_have_their_mean_and_spread() {
        for mean in [0.3, 4.0, 11.9, 12.1, 150.0] {
            let mut draw = Draw::new(1);
            let n = 20_000;
            let values: Vec<f64> = (0..n).map(|_| draw.count(mean) as f64).collect();
            let average = values.iter().sum::<f64>() / f64::from(n);
            let variance = values.iter().map(|v| (v - average) * (v - average)).sum::<f64>() / f64::from(n);
            assert!((average / mean - 1.0).abs() < 0.03, "mean {mean}: {average}");
            assert!((0.75..1.1).contains(&(variance / mean)), "mean {mean}: variance {variance}");
        }
    }

    proptest! {
        #[test]
        fn parts_add_up(total in 0i64..5_000_000, weights in prop::collection::vec(0.0f64..9.0, 1..30), stream in any::<u64>()) {
            let parts = Draw::new(stream).split(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            prop_assert!(parts.iter().all(|p| *p >= 0));
        }

        #[test]
        fn limits_hold(limits in prop::collection::vec(0i64..50, 1..30), share in 0.0f64..=1.0, stream in any::<u64>()) {
            let total = (limits.iter().sum::<i64>() as f64 * share) as i64;
            let weights: Vec<f64> = limits.iter().rev().map(|l| *l as f64).collect();
            let parts = Draw::new(stream).split_within(total, &weights, &limits);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            prop_assert!(parts.iter().zip(&limits).all(|(p, l)| p <= l && *p >= 0));
        }
    }
}
