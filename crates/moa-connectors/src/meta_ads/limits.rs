//! What Meta allows, and how long its figures move.

use std::time::Duration as Pause;

use chrono::{Duration, NaiveTime};

use crate::connector::Limits;
use crate::http::Lane;

/// Figures do not change after 28 days. Days go back 37 months, hours 13.
pub(crate) const LIMITS: Limits = Limits {
    morning_days: 28,
    weekly_days: 35,
    history: Duration::days(1110),
    hourly_history: Duration::days(390),
    window_days: 28,
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
/// How often a report that is being made is asked for, and how many times.
pub(super) const POLL_EVERY: Pause = Pause::from_secs(5);
pub(super) const POLLS: u32 = 120;

/// Limits count for each ad account; the answers' headers say how full they are.
pub(super) fn lane(account: &str) -> Lane {
    Lane::new(format!("meta {account}"), Pause::ZERO, 2)
}
