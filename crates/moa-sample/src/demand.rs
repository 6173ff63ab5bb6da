//! How much people look for something on a day and in an hour: season, weekday, holiday, growth.

use chrono::{Datelike, NaiveDate};

use crate::holidays::{Rest, rest};

/// The demand of one client's customers; every number is a factor around 1.
#[derive(Debug)]
pub(crate) struct Market {
    /// January to December, taken as the middle of each month.
    pub season: [f64; 12],
    /// Monday to Sunday.
    pub weekday: [f64; 7],
    pub holiday: f64,
    pub feast: f64,
    pub lead_up: f64,
    /// Growth from one year to the next: 0.12 is 12 %.
    pub growth: f64,
    pub hour: [f64; 24],
}

impl Market {
    /// Demand on a day, `elapsed` days after the sample's first.
    pub(crate) fn on(&self, day: NaiveDate, elapsed: i64) -> f64 {
        let rest = match rest(day) {
            Rest::Ordinary => 1.0,
            Rest::Holiday => self.holiday,
            Rest::Feast => self.feast,
            Rest::LeadUp => self.lead_up,
        };
        // A holiday already has the traffic of a day off: on a weekend the weaker of the two holds.
        let weekday = self.weekday[day.weekday().num_days_from_monday() as usize];
        let calendar = if rest < 1.0 && weekday < 1.0 { rest.min(weekday) } else { rest * weekday };
        self.season_on(day) * calendar * (1.0 + self.growth * elapsed as f64 / 365.0)
    }

    fn season_on(&self, day: NaiveDate) -> f64 {
        let month = day.month0() as usize;
        let offset = (f64::from(day.day()) - 15.5) / 30.5;
        let neighbour = if offset < 0.0 { (month + 11) % 12 } else { (month + 1) % 12 };
        self.season[month] + (self.season[neighbour] - self.season[month]) * offset.abs()
    }
}

/// People at home: a quiet night, noon, and the evening on the sofa.
pub(crate) const SHOPPERS: [f64; 24] = [
    0.62, 0.36, 0.2, 0.13, 0.11, 0.15, 0.3, 0.55, 0.8, 0.98, 1.1, 1.15, 1.28, 1.2, 1.1, 1.05, 1.02, 1.05, 1.12, 1.25, 1.45, 1.6, 1.5, 1.08,
];

/// People at work: office hours, a dip at lunch.
pub(crate) const OFFICES: [f64; 24] =
    [0.12, 0.07, 0.05, 0.04, 0.04, 0.06, 0.15, 0.45, 1.2, 1.9, 2.15, 2.0, 1.3, 1.75, 2.1, 2.05, 1.9, 1.5, 0.9, 0.7, 0.68, 0.62, 0.45, 0.25];

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Market =
        Market { season: [1.0; 12], weekday: [1.0; 7], holiday: 0.5, feast: 0.2, lead_up: 1.3, growth: 0.1, hour: SHOPPERS };

    #[test]
    fn season_runs_smoothly_through_the_year() {
        let mut market = FLAT;
        market.season[11] = 2.0;
        let days: Vec<f64> =
            "2026-01-01".parse::<NaiveDate>().expect("a date").iter_days().take(400).map(|d| market.season_on(d)).collect();
        assert!(days.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.06));
        assert!((market.season_on("2026-12-15".parse().expect("a date")) - 2.0).abs() < 0.05);
    }

    #[test]
    fn holidays_and_growth_count() {
        let on = |day: &str, elapsed| FLAT.on(day.parse().expect("a date"), elapsed);
        assert!((on("2026-12-25", 0) - 0.5).abs() < 1e-9);
        assert!((on("2026-02-17", 0) - 0.2).abs() < 1e-9);
        assert!((on("2026-02-05", 0) - 1.3).abs() < 1e-9);
        assert!((on("2026-07-14", 365) - 1.1).abs() < 1e-9);
    }
}
