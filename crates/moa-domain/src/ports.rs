//! What the operating system gives, as the rest of the program sees it. Implemented in `moa-host`.

use chrono::{DateTime, NaiveDate, Utc};

/// The only source of "now". Tests pass their own.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;

    /// Today in the office's own time zone.
    fn today(&self) -> NaiveDate;
}

/// A clock that stands still, for tests and for the sample agency.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn today(&self) -> NaiveDate {
        self.0.date_naive()
    }
}
