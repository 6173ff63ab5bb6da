//! The clock of the machine.

use chrono::{DateTime, FixedOffset, Local, NaiveDate, Utc};
use moa_domain::Clock;

use crate::HostError;

/// The machine's clock, and the office's day in the machine's time zone.
///
/// With `MOA_NOW` set to an RFC 3339 time it stands still at that moment, in the zone written there: tests and demonstrations need
/// a "yesterday" that does not move.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    standing_at: Option<DateTime<FixedOffset>>,
}

impl SystemClock {
    /// The name of the environment variable that makes the clock stand still.
    pub const VARIABLE: &str = "MOA_NOW";

    /// # Errors
    /// `invalid_clock` when `MOA_NOW` is set and is not a time.
    pub fn from_environment() -> Result<Self, HostError> {
        match std::env::var(Self::VARIABLE) {
            Ok(value) if !value.trim().is_empty() => Self::standing_at(&value),
            Ok(_) | Err(std::env::VarError::NotPresent) => Ok(Self { standing_at: None }),
            Err(std::env::VarError::NotUnicode(value)) => Err(HostError::InvalidClock { value: value.to_string_lossy().into_owned() }),
        }
    }

    /// A clock that stands still at an RFC 3339 time.
    ///
    /// # Errors
    /// `invalid_clock` when `time` is not one.
    pub fn standing_at(time: &str) -> Result<Self, HostError> {
        let moment = DateTime::parse_from_rfc3339(time.trim()).map_err(|_| HostError::InvalidClock { value: time.to_owned() })?;
        Ok(Self { standing_at: Some(moment) })
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        self.standing_at.map_or_else(Utc::now, |moment| moment.to_utc())
    }

    fn today(&self) -> NaiveDate {
        self.standing_at.map_or_else(|| Local::now().date_naive(), |moment| moment.date_naive())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_keeps_the_day_of_the_written_zone() {
        let clock = SystemClock::standing_at("2026-11-25T08:30:00+09:00").expect("a time");
        assert_eq!(clock.now().to_rfc3339(), "2026-11-24T23:30:00+00:00");
        assert_eq!(clock.today().to_string(), "2026-11-25");
    }

    #[test]
    fn a_day_alone_is_not_a_time() {
        assert_eq!(SystemClock::standing_at("2026-11-25").expect_err("no time of day").code(), "invalid_clock");
    }
}
