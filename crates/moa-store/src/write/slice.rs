//! The campaigns and days a write is about.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use moa_domain::Dimension;

use super::measures::MeasureSet;
use super::rows::{DailyRow, day_number};
use super::{SliceWrite, WriteMode};

pub(super) struct Slice {
    /// In order, none twice.
    pub(super) campaigns: Vec<i32>,
    pub(super) lo: NaiveDate,
    pub(super) hi: NaiveDate,
    /// What the source says at all.
    pub(super) measures: MeasureSet,
    /// What was asked and answered in full; `None` for files.
    asked: Option<Asked>,
    pub(super) asked_hours: bool,
    pub(super) asked_dimensions: Vec<Dimension>,
}

struct Asked {
    campaigns: HashSet<i32>,
    lo: i32,
    hi: i32,
    /// Day and campaign of everything that came.
    came: HashSet<(i32, i32)>,
}

impl Slice {
    /// `None` when there is nothing to write.
    pub(super) fn of(write: &SliceWrite) -> Option<Self> {
        let daily = write.daily.iter().map(|fact| (fact.campaign, fact.date));
        let hourly = write.hourly.iter().map(|fact| (fact.campaign, fact.date));
        let finer = write.breakdown.iter().map(|fact| (fact.campaign, fact.date));
        let rows = daily.chain(hourly).chain(finer);
        let (mut campaigns, mut lo, mut hi) = (HashSet::new(), NaiveDate::MAX, NaiveDate::MIN);
        let mut last = None;
        for (campaign, date) in rows.clone() {
            // Rows of a campaign mostly stand together.
            if last != Some(campaign) {
                campaigns.insert(campaign);
                last = Some(campaign);
            }
            lo = lo.min(date);
            hi = hi.max(date);
        }
        let mut slice = Self {
            campaigns: Vec::new(),
            lo,
            hi,
            measures: MeasureSet::of(write.measures),
            asked: None,
            asked_hours: false,
            asked_dimensions: Vec::new(),
        };
        if let WriteMode::Replace { campaigns: asked, range, hours, dimensions } = &write.mode {
            campaigns.extend(asked);
            slice.lo = lo.min(range.from);
            slice.hi = hi.max(range.to);
            slice.asked_hours = *hours;
            slice.asked_dimensions.clone_from(dimensions);
            slice.asked = Some(Asked {
                campaigns: asked.iter().copied().collect(),
                lo: day_number(range.from),
                hi: day_number(range.to),
                came: rows.map(|(campaign, date)| (day_number(date), campaign)).collect(),
            });
        }
        slice.campaigns = campaigns.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        (!slice.campaigns.is_empty()).then_some(slice)
    }

    /// The campaign's day was asked and answered in full.
    pub(super) fn is_asked(&self, date: i32, campaign: i32) -> bool {
        self.asked.as_ref().is_some_and(|asked| (asked.lo..=asked.hi).contains(&date) && asked.campaigns.contains(&campaign))
    }

    /// Stored days that were asked and of which nothing came: they are zero, and so is everything finer of them.
    pub(super) fn vanished(&self, stored: &[DailyRow]) -> HashSet<(i32, i32)> {
        let Some(asked) = &self.asked else { return HashSet::new() };
        let days = stored.iter().map(|row| (row.key.date, row.key.owner));
        days.filter(|day| self.is_asked(day.0, day.1) && !asked.came.contains(day)).collect()
    }
}
