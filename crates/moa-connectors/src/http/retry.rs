//! How long to wait before the next try.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Tries of one request, the first included.
pub(super) const TRIES: u32 = 5;
/// A longer pause, as the platform demands it, is not waited for: the account's run says when to come back, and the schedule does.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(900);

/// 1, 2, 4, 8 … seconds and up to half as much again, so that many accounts do not come back at once.
pub(super) fn backoff(tried: u32) -> Duration {
    let base = Duration::from_secs(1 << tried.saturating_sub(1).min(5));
    base + base.mul_f64(0.5 * unit())
}

/// Up to a quarter of a pause.
pub(super) fn jitter(pause: Duration) -> Duration {
    pause.mul_f64(0.25 * unit())
}

/// `Retry-After`: seconds, or a date.
pub(super) fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(value.trim()).ok()?.with_timezone(&Utc);
    (at - now).to_std().ok()
}

/// A number from 0 to 1. Nothing depends on its quality.
fn unit() -> f64 {
    let [.., high, low] = uuid::Uuid::now_v7().into_bytes();
    f64::from(u16::from_be_bytes([high, low])) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms_of_retry_after() {
        let now = "2026-11-26T00:00:00Z".parse().expect("a time");
        assert_eq!(retry_after("7", now), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Thu, 26 Nov 2026 00:01:00 GMT", now), Some(Duration::from_secs(60)));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn waits_longer_each_time_and_never_the_same() {
        assert!(backoff(1) >= Duration::from_secs(1) && backoff(1) <= Duration::from_millis(1500));
        assert!(backoff(3) >= Duration::from_secs(4));
        assert!(backoff(40) <= Duration::from_secs(48));
        let pauses: std::collections::BTreeSet<Duration> = (0..20).map(|_| backoff(1)).collect();
        assert!(pauses.len() > 10, "accounts that were refused at once do not come back at once: {pauses:?}");
    }
}
