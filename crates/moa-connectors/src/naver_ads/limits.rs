//! What Naver allows, and how long its figures move.

use std::time::Duration as Pause;

use chrono::{Duration, NaiveTime};

use crate::connector::Limits;
use crate::http::Lane;

/// Figures may be updated within 48 hours; repairs after incidents have touched days up to six days old. `/stats` keeps two years, 92 days a
/// call. Hours of the last days come from `/stats`, older ones from large reports, half a year back. Yesterday is settled in the early morning.
pub(crate) const LIMITS: Limits = Limits {
    morning_days: 7,
    weekly_days: 14,
    history: Duration::days(729),
    hourly_history: Duration::days(178),
    window_days: 92,
    ready_at: match NaiveTime::from_hms_opt(5, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    },
    reads_today: true,
};

/// So many days before today `/stats` tells by hour; most kinds of campaigns have seven with today.
pub(super) const STATS_HOURS_DAYS: u64 = 6;
/// So many days back there are reports of conversions by hour.
pub(super) const CONVERSION_HOURS_DAYS: u64 = 44;
/// Days one `/stats` call may span.
pub(super) const STATS_DAYS: i64 = 92;
/// Ids of one `/stats` call; the documentation names no limit.
pub(super) const STATS_IDS: usize = 100;
/// Rows of a page of campaigns.
pub(super) const PAGE: usize = 1000;
/// How often a report that is being built is asked for, and how many times.
pub(super) const POLL_EVERY: Pause = Pause::from_secs(5);
pub(super) const POLLS: u32 = 60;
/// A report that failed or was overtaken by a restatement is ordered anew so often.
pub(super) const ORDERS: u32 = 3;
/// Requests of one account on their way at once.
pub(super) const AT_ONCE: usize = 4;

/// Eight calls a second for each customer, whoever makes them: the vendor's throttle is somewhere above.
pub(super) fn lane(customer: &str) -> Lane {
    Lane::new(format!("naver {customer}"), Pause::from_millis(125), AT_ONCE)
}

/// Large reports have a throttle of their own.
pub(super) fn report_lane(customer: &str) -> Lane {
    Lane::new(format!("naver reports {customer}"), Pause::from_millis(250), AT_ONCE)
}
