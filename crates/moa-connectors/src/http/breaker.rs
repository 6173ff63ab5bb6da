//! A breaker per origin: a platform that is down is not asked by every account in turn.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// So many failures in a row, of whatever account, open the breaker …
const FAILURES: u32 = 12;
/// … for this long; then one request probes, and everybody else waits for what becomes of it.
const OPEN_FOR: Duration = Duration::from_secs(60);

/// Whether an origin may be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    Open,
    /// A burst of failures may pass by itself: worth waiting for, at most so long.
    Wait(Duration),
    /// A probe was in vain: the platform is down.
    Closed(Duration),
}

#[derive(Default)]
pub(super) struct Breakers {
    of: Mutex<HashMap<String, State>>,
}

#[derive(Default, Clone, Copy)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
    is_probed: bool,
    in_vain: bool,
}

impl Breakers {
    /// Who is let in after the pause is the probe.
    pub(super) fn ask(&self, origin: &str, shortened: impl Fn(Duration) -> Duration) -> Gate {
        let mut of = self.of.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(state) = of.get_mut(origin) else { return Gate::Open };
        let Some(open_until) = state.open_until else { return Gate::Open };
        match open_until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            Some(left) if state.in_vain => Gate::Closed(left),
            Some(left) => Gate::Wait(left),
            None => {
                state.is_probed = true;
                state.open_until = Some(Instant::now() + shortened(OPEN_FOR));
                Gate::Open
            }
        }
    }

    pub(super) fn note(&self, origin: &str, failed: bool, shortened: impl Fn(Duration) -> Duration) {
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
            state.in_vain |= state.is_probed;
            state.is_probed = false;
            state.open_until = Some(Instant::now() + shortened(OPEN_FOR));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_it_is(pause: Duration) -> Duration {
        pause
    }

    #[test]
    fn opens_after_many_failures_in_a_row_and_closes_with_a_success() {
        let breakers = Breakers::default();
        for _ in 0..FAILURES - 1 {
            breakers.note("a", true, as_it_is);
        }
        assert_eq!(breakers.ask("a", as_it_is), Gate::Open);
        breakers.note("a", true, as_it_is);
        assert!(matches!(breakers.ask("a", as_it_is), Gate::Wait(_)));
        assert_eq!(breakers.ask("b", as_it_is), Gate::Open, "another platform goes on");
        breakers.note("a", false, as_it_is);
        assert_eq!(breakers.ask("a", as_it_is), Gate::Open);
    }

    #[test]
    fn one_probes_and_its_failure_closes_for_all() {
        let breakers = Breakers::default();
        (0..FAILURES).for_each(|_| breakers.note("a", true, |_| Duration::ZERO));
        assert_eq!(breakers.ask("a", as_it_is), Gate::Open, "the pause is over: the probe");
        assert!(matches!(breakers.ask("a", as_it_is), Gate::Wait(_)), "the others wait for it");
        breakers.note("a", true, as_it_is);
        assert!(matches!(breakers.ask("a", as_it_is), Gate::Closed(_)));
    }
}
