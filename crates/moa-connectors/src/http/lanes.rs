//! Lanes: what platforms limit together waits together, over all accounts and tasks of this program.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A limit one request falls under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// What is limited together: `kakao report 700101`.
    pub key: String,
    /// At least this long between the starts of two requests.
    pub gap: Duration,
    /// So many at once.
    pub at_once: usize,
}

impl Lane {
    #[must_use]
    pub fn new(key: impl Into<String>, gap: Duration, at_once: usize) -> Self {
        Self { key: key.into(), gap, at_once }
    }
}

/// How full a platform says a lane is, from its usage headers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Leave the lane alone this long.
    pub hold: Duration,
    /// And the wider lane this long.
    pub hold_wide: Duration,
}

struct State {
    room: Arc<Semaphore>,
    free_from: Mutex<Instant>,
}

#[derive(Default)]
pub(super) struct Lanes {
    of: Mutex<HashMap<String, Arc<State>>>,
}

impl Lanes {
    fn state(&self, lane: &Lane) -> Arc<State> {
        let mut of = self.of.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(of.entry(lane.key.clone()).or_insert_with(|| {
            Arc::new(State { room: Arc::new(Semaphore::new(lane.at_once.max(1))), free_from: Mutex::new(Instant::now()) })
        }))
    }

    /// Waits for room and for the gap. Whoever waits has its place in the row already, so nobody overtakes.
    ///
    /// # Errors
    /// How long it would have to wait, when that is longer than `longest`.
    pub(super) async fn enter(&self, lane: &Lane, gap: Duration, longest: Duration) -> Result<Option<OwnedSemaphorePermit>, Duration> {
        let state = self.state(lane);
        // The room is never closed.
        let permit = Arc::clone(&state.room).acquire_owned().await.ok();
        let start = {
            let mut free_from = state.free_from.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let now = Instant::now();
            let start = (*free_from).max(now);
            if start - now > longest {
                return Err(start - now);
            }
            *free_from = start + gap;
            start
        };
        tokio::time::sleep_until(start.into()).await;
        Ok(permit)
    }

    /// Nobody enters the lane for so long.
    pub(super) fn hold(&self, lane: &Lane, pause: Duration) {
        let state = self.state(lane);
        let mut free_from = state.free_from.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *free_from = (*free_from).max(Instant::now() + pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn requests_of_one_lane_keep_their_distance_and_others_do_not_wait() {
        let lanes = Lanes::default();
        let lane = Lane::new("a", Duration::from_millis(200), 3);
        let begin = Instant::now();
        for _ in 0..2 {
            lanes.enter(&lane, lane.gap, LONGEST).await.expect("a short wait");
        }
        assert!(begin.elapsed() >= Duration::from_millis(190));
        let other = Lane::new("b", Duration::from_secs(5), 1);
        let begin = Instant::now();
        lanes.enter(&other, other.gap, LONGEST).await.expect("no wait");
        assert!(begin.elapsed() < Duration::from_secs(1));
    }

    #[tokio::test]
    async fn a_long_hold_is_said_and_not_waited_for() {
        let lanes = Lanes::default();
        let lane = Lane::new("a", Duration::ZERO, 1);
        lanes.hold(&lane, Duration::from_secs(600));
        assert!(lanes.enter(&lane, lane.gap, LONGEST).await.expect_err("too long") > Duration::from_secs(590));
    }
}
