//! Ticks on steps of 1, 2 and 5.

/// An axis of whole steps from `low` to `high`; 0 is always a tick.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    pub(crate) step: f64,
    /// Steps below 0 (adjustments can make a day negative) and above.
    pub(crate) below: u32,
    pub(crate) above: u32,
}

/// The next number of the row 1, 2, 5, 10, 20, 50 … at or above a value.
fn step_at_least(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    let power = 10f64.powi(value.log10().floor() as i32);
    // Powers of ten below 1 are not exact: a hair more than 1, 2 or 5 still counts as it.
    let lead = value / power * (1.0 - 1e-9);
    let factor = if lead <= 1.0 {
        1.0
    } else if lead <= 2.0 {
        2.0
    } else if lead <= 5.0 {
        5.0
    } else {
        10.0
    };
    factor * power
}

fn steps(length: f64, step: f64) -> u32 {
    // Bounded by the callers: a step is at least a fifth of the length.
    ((length / step) * (1.0 - 1e-9)).ceil().clamp(0.0, 50.0) as u32
}

impl Axis {
    /// At most about five steps over both sides of 0.
    pub(crate) fn over(low: f64, high: f64) -> Self {
        let (low, high) = (low.min(0.0), high.max(0.0));
        let step = step_at_least((high - low) / 5.0);
        Self { step, below: steps(-low, step), above: steps(high, step).max(1) }
    }

    /// A second axis on the same lines: as many steps, of its own size.
    pub(crate) fn sharing(&self, low: f64, high: f64) -> Self {
        let mut step = step_at_least(high.max(0.0) / f64::from(self.above));
        if self.below > 0 {
            step = step.max(step_at_least(-low.min(0.0) / f64::from(self.below)));
        }
        Self { step, ..*self }
    }

    /// Where a value lies between the lowest (0) and the highest (1) line.
    pub(crate) fn place(&self, value: f64) -> f64 {
        let span = f64::from(self.below + self.above) * self.step;
        ((value + f64::from(self.below) * self.step) / span).clamp(0.0, 1.0)
    }

    /// The values of the lines, lowest first.
    pub(crate) fn ticks(&self) -> impl Iterator<Item = f64> + use<> {
        let (step, below, above) = (self.step, i64::from(self.below), i64::from(self.above));
        (-below..=above).map(move |index| index as f64 * step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(Axis::over(0.0, 4_700_000.0), Axis { step: 1_000_000.0, below: 0, above: 5 });
        assert_eq!(Axis::over(0.0, 12.0), Axis { step: 5.0, below: 0, above: 3 });
        assert_eq!(Axis::over(0.0, 0.0), Axis { step: 1.0, below: 0, above: 1 });
        assert_eq!(Axis::over(0.0, 0.05), Axis { step: 0.01, below: 0, above: 5 });
    }

    proptest! {
        #[test]
        fn every_value_is_inside(low in -1e12f64..1e12, high in -1e12f64..1e12) {
            let (low, high) = if low < high { (low, high) } else { (high, low) };
            let axis = Axis::over(low, high);
            let ticks: Vec<f64> = axis.ticks().collect();
            prop_assert!(ticks.len() <= 8);
            prop_assert!(ticks[0] <= low.min(0.0) + axis.step * 1e-6);
            prop_assert!(*ticks.last().expect("a tick") >= high.max(0.0) - axis.step * 1e-6);
        }
    }
}
