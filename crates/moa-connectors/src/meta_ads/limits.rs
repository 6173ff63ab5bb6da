//! What Meta allows, and how long its figures move.

use std::time::Duration as Pause;

use chrono::{Duration, NaiveTime};

use crate::connector::Limits;
use crate::http::Lane;

/// Figures do not change after 28 days. Days go back 37 months, hours 13.
pub(crate) const LIMITS: Limits = Limits {
    morning_days: 28,
    weekly_days: 35,
    history: Duration::days(1124),
    hourly_history: Duration::days(390),
    // The 28 days of a morning, today, and whole months.
    window_days: 31,
    ready_at: match NaiveTime::from_hms_opt(3, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    },
    reads_today: true,
};

/// Rows of a page: of campaigns and ad sets, and of figures.
pub(super) const OBJECTS: u32 = 200;
pub(super) const ROWS: u32 = 500;
/// The smallest page tried before the account is given up.
pub(super) const SMALLEST: u32 = 25;
/// A report that is being made is asked for after this long, then less and less often …
pub(super) const FIRST_POLL: Pause = Pause::from_secs(5);
pub(super) const SLOWEST_POLL: Pause = Pause::from_secs(30);
/// … and given up after this.
pub(super) const LONGEST_REPORT: Pause = Pause::from_secs(3600);

/// Limits count for each ad account; the answers' headers say how full they are.
pub(super) fn lane(account: &str) -> Lane {
    Lane::new(format!("meta {account}"), Pause::ZERO, 2)
}

/// What Meta limits for the app as a whole: every account waits.
pub(super) fn app_lane() -> Lane {
    Lane::new("meta app", Pause::ZERO, 32)
}
