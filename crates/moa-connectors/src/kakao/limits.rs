//! What Kakao allows, and how long its figures move.

use std::time::Duration as Pause;

use chrono::{Duration, NaiveTime};

use crate::connector::Limits;
use crate::http::Lane;

/// A day may change until 08:00 of the next; seven-day conversions and message opens grow for a week. A report spans 31 days. How far back
/// figures go is not published; a year has been read.
pub(crate) const LIMITS: Limits = Limits {
    morning_days: 8,
    weekly_days: 31,
    history: Duration::days(365),
    hourly_history: Duration::days(365),
    window_days: 31,
    ready_at: match NaiveTime::from_hms_opt(8, 10, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    },
    reads_today: true,
};

/// A report every five seconds and no sooner, counted from the last request; six to be safe, one queue for an app and account.
pub(super) fn report_lane(app: &str, account: &str) -> Lane {
    Lane::new(format!("kakao report {app} {account}"), Pause::from_secs(6), 1)
}

/// Everything else has no published limit.
pub(super) fn lane(app: &str) -> Lane {
    Lane::new(format!("kakao {app}"), Pause::from_millis(100), 4)
}
