//! Which windows of which days a sync reads.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use moa_connectors::Limits;
use moa_domain::DateRange;

/// What a sync is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncType {
    /// Every morning: the days a platform still restates.
    Morning,
    /// Weekly: the days it may restate late.
    Deep,
    /// Everything it has, newest first.
    Full,
    /// Today and the days just before, by hour.
    Hourly,
    /// A range somebody names.
    Range(DateRange),
}

impl SyncType {
    /// As in `data_sync_logs.sync_type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Deep => "deep",
            Self::Full => "full",
            Self::Hourly => "hourly",
            Self::Range(_) => "range",
        }
    }
}

/// A sync as somebody asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    pub sync_type: SyncType,
    /// Hours too, for every day where the platform keeps them.
    pub by_hour: bool,
}

/// Days asked at once and written as one transaction, with those of them that are read by hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) days: DateRange,
    pub(crate) hours: Option<DateRange>,
}

/// Hours every morning gets, so that yesterday's curve is there.
const MORNING_HOURS_DAYS: u64 = 2;
/// Hours a full sync brings: with today's, a week, which every platform tells at once.
const FULL_HOURS_DAYS: u64 = 6;
/// Today and the days with hours before it.
const FULL_FIRST_DAYS: u64 = FULL_HOURS_DAYS + 1;
/// Today's hours and those of so many days before: an hourly sync.
const HOURLY_DAYS: u64 = 2;

/// The account's own day.
pub(crate) fn today(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// All days of a job, clamped to what the platform keeps.
pub(crate) fn days_of(job: &Job, limits: &Limits, today: NaiveDate) -> Option<DateRange> {
    let back = |days: i64| today - Days::new(u64::try_from(days).unwrap_or(0));
    let last = if limits.reads_today { today } else { back(1) };
    let oldest = today - limits.history;
    let asked = match job.sync_type {
        SyncType::Morning => DateRange { from: back(limits.morning_days), to: last },
        SyncType::Deep => DateRange { from: back(limits.weekly_days), to: last },
        SyncType::Full => DateRange { from: oldest, to: last },
        SyncType::Hourly => DateRange { from: today - Days::new(HOURLY_DAYS), to: last },
        SyncType::Range(range) => range,
    };
    DateRange::new(asked.from.max(oldest), asked.to.min(last)).ok()
}

/// Cuts days into windows, newest first: as long as the platform answers at once, and a month at most, so that each is a small transaction.
/// The first window of a long sync is short, so that something is there to see soon.
pub(crate) fn windows(job: &Job, limits: &Limits, days: DateRange, today: NaiveDate) -> Vec<Window> {
    let hours = hours_of(job, limits, days, today);
    let longest = u64::try_from(limits.window_days.clamp(1, 92)).unwrap_or(1);
    let mut windows = Vec::new();
    let mut to = days.to;
    loop {
        let length = if matches!(job.sync_type, SyncType::Full) && windows.is_empty() { longest.min(FULL_FIRST_DAYS) } else { longest };
        let from = (to - Days::new(length - 1)).max(days.from);
        let by_hour = hours.and_then(|hours| DateRange::new(hours.from.max(from), hours.to.min(to)).ok());
        windows.push(Window { days: DateRange { from, to }, hours: by_hour });
        if from <= days.from {
            return windows;
        }
        to = from - Days::new(1);
    }
}

fn hours_of(job: &Job, limits: &Limits, days: DateRange, today: NaiveDate) -> Option<DateRange> {
    let kept = today - limits.hourly_history;
    let from = if job.by_hour {
        days.from
    } else {
        match job.sync_type {
            SyncType::Hourly => days.from,
            SyncType::Morning | SyncType::Deep => today - Days::new(MORNING_HOURS_DAYS),
            SyncType::Full => today - Days::new(FULL_HOURS_DAYS),
            SyncType::Range(_) => return None,
        }
    };
    DateRange::new(from.max(kept).max(days.from), days.to).ok()
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, NaiveTime};

    use super::*;

    const LIMITS: Limits = Limits {
        morning_days: 28,
        weekly_days: 35,
        history: Duration::days(365),
        hourly_history: Duration::days(90),
        window_days: 31,
        ready_at: NaiveTime::MIN,
        reads_today: true,
    };

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn cut(sync_type: SyncType, by_hour: bool) -> Vec<Window> {
        let (job, today) = (Job { sync_type, by_hour }, d("2026-11-22"));
        windows(&job, &LIMITS, days_of(&job, &LIMITS, today).expect("days"), today)
    }

    #[test]
    fn every_day_is_read_once_and_the_newest_first() {
        for sync_type in [SyncType::Morning, SyncType::Deep, SyncType::Full, SyncType::Hourly] {
            let windows = cut(sync_type, false);
            let days: Vec<NaiveDate> = windows.iter().flat_map(|window| window.days.iter().collect::<Vec<_>>().into_iter().rev()).collect();
            assert!(days.windows(2).all(|pair| pair[0] == pair[1] + Days::new(1)), "{sync_type:?}");
            assert_eq!(days.first(), Some(&d("2026-11-22")));
            let inside = |window: &Window, hours: DateRange| window.days.from <= hours.from && hours.to <= window.days.to;
            assert!(windows.iter().all(|window| window.hours.is_none_or(|hours| inside(window, hours))));
        }
        assert_eq!(cut(SyncType::Full, false).last().expect("windows").days.from, d("2025-11-22"));
        assert_eq!(cut(SyncType::Morning, false).last().expect("windows").days.from, d("2026-10-25"));
    }

    #[test]
    fn a_morning_is_one_window_with_its_last_days_by_hour() {
        let range = |from, to| DateRange { from: d(from), to: d(to) };
        let morning = cut(SyncType::Morning, false);
        assert_eq!(morning, [Window { days: range("2026-10-25", "2026-11-22"), hours: Some(range("2026-11-20", "2026-11-22")) }]);
        assert_eq!(cut(SyncType::Full, false)[0].days, range("2026-11-16", "2026-11-22"), "a long sync shows something soon");
    }

    #[test]
    fn a_range_beyond_what_is_kept_is_cut_and_one_outside_is_nothing() {
        let of = |from, to| {
            let job = Job { sync_type: SyncType::Range(DateRange { from: d(from), to: d(to) }), by_hour: true };
            days_of(&job, &LIMITS, d("2026-11-22"))
        };
        assert_eq!(of("2020-01-01", "2026-12-31"), Some(DateRange { from: d("2025-11-22"), to: d("2026-11-22") }));
        assert_eq!(of("2020-01-01", "2020-12-31"), None);
    }

    #[test]
    fn hours_older_than_the_platform_keeps_are_not_asked() {
        let windows = cut(SyncType::Full, true);
        let by_hour: i64 = windows.iter().filter_map(|window| window.hours).map(|hours| hours.days()).sum();
        assert_eq!(by_hour, 91);
    }
}
