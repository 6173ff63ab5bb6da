//! A breaker per origin: a platform that is down is not asked by every account in turn.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// So many failures in a row, of whatever account, open the breaker …
const FAILURES: u32 = 12;
/// … for this long; then one request may try.
const OPEN_FOR: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Breakers {
    of: Mutex<HashMap<String, State>>,
}

#[derive(Default, Clone, Copy)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
}

impl Breakers {
    /// How long an origin is left alone still; `None` when it may be asked.
    pub(super) fn closed_for(&self, origin: &str) -> Option<Duration> {
        let mut of = self.of.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let state = of.get_mut(origin)?;
        let left = state.open_until?.checked_duration_since(Instant::now())?;
        (!left.is_zero()).then_some(left)
    }

    pub(super) fn note(&self, origin: &str, failed: bool, open_for: impl Fn(Duration) -> Duration) {
        let mut of = self.of.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let state = of.entry(origin.to_owned()).or_default();
        if !failed {
            *state = State::default();
            return;
        }
        state.failures += 1;
        if state.failures >= FAILURES {
            // After the pause one failure more opens it again.
            state.failures = FAILURES - 1;
            state.open_until = Some(Instant::now() + open_for(OPEN_FOR));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_after_many_failures_in_a_row_and_closes_with_a_success() {
        let breakers = Breakers::default();
        for _ in 0..FAILURES - 1 {
            breakers.note("a", true, |pause| pause);
        }
        assert_eq!(breakers.closed_for("a"), None);
        breakers.note("a", true, |pause| pause);
        assert!(breakers.closed_for("a").is_some());
        assert_eq!(breakers.closed_for("b"), None, "another platform goes on");
        breakers.note("a", false, |pause| pause);
        assert_eq!(breakers.closed_for("a"), None);
    }
}
