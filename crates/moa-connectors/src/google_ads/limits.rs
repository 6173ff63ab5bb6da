//! What Google allows, and how long its figures move.

use std::time::Duration as Pause;

use chrono::{Duration, NaiveTime};

use crate::connector::Limits;
use crate::http::Lane;

/// Conversions are credited to the day of the click and arrive for weeks; days and hours older than 37 months are gone. Yesterday is
/// complete by 03:00 of the account's day.
pub(crate) const LIMITS: Limits = Limits {
    morning_days: 30,
    weekly_days: 90,
    history: Duration::days(1124),
    hourly_history: Duration::days(1124),
    window_days: 31,
    ready_at: match NaiveTime::from_hms_opt(3, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    },
    reads_today: true,
};

/// Limits count for the agency's app as a whole; short-term ones are not published. Eight at once over all accounts.
pub(super) fn lane(client_id: &str) -> Lane {
    Lane::new(format!("google {client_id}"), Pause::ZERO, 8)
}

/// Two at once for an account.
pub(super) fn account_lane(client_id: &str, customer: &str) -> Lane {
    Lane::new(format!("google {client_id} {customer}"), Pause::ZERO, 2)
}

/// Days of one question by hour.
pub(super) const DAYS_BY_HOUR: i64 = 7;

/// The token endpoint has limits of its own.
pub(super) fn token_lane() -> Lane {
    Lane::new("google token", Pause::ZERO, 4)
}
