//! Where rows come together: names once, duplicates found, sums kept within what can be stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use moa_domain::{CampaignKey, DateRange, Dimension, Engagement, MoneyKind};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::drop::Sums;
use super::error::{Bad, FileError};
use super::report::{CampaignAttributes, DropReason, DroppedRow, FileRow};
use super::row::Row;

/// More rows than this are refused.
pub(crate) const ROW_LIMIT: usize = 2_000_000;

/// Characters of a name that are kept. What agrees in so many is one thing, and its figures are added up.
pub(crate) const NAME_LIMIT: usize = 255;

/// Texts by number, each cleaned once: trimmed, invisible characters off, NFC.
#[derive(Debug, Default)]
pub(crate) struct Names {
    numbers: HashMap<Box<str>, u32>,
    texts: Vec<String>,
    /// A text holds NUL, which no database keeps: the file is damaged.
    damaged: bool,
}

impl Names {
    /// The number of a text; 0 is the empty text.
    pub(crate) fn number(&mut self, raw: &str) -> u32 {
        if let Some(number) = self.numbers.get(raw) {
            return *number;
        }
        self.damaged |= raw.contains('\0');
        let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || super::header::is_invisible(c));
        let clean: String = match is_nfc_quick(trimmed.chars()) {
            IsNormalized::Yes => trimmed.to_owned(),
            _ => trimmed.nfc().collect(),
        };
        if self.texts.is_empty() {
            self.texts.push(String::new());
            self.numbers.insert("".into(), 0);
        }
        let number = match self.numbers.get(clean.as_str()) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
                self.texts.push(clean.clone());
                self.numbers.insert(clean.into(), number);
                number
            }
        };
        self.numbers.insert(raw.into(), number);
        number
    }

    pub(crate) fn text(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|n| self.texts.get(n)).map_or("", String::as_str)
    }

    /// The first cell of a row that holds NUL, once such a text was seen.
    ///
    /// # Errors
    /// [`FileError::BadValue`] for that cell.
    pub(crate) fn check(&self, row: &Row<'_>, column: impl Fn(usize) -> String) -> Result<(), FileError> {
        if !self.damaged {
            return Ok(());
        }
        match (0..row.len()).find(|cell| row.text(*cell).contains('\0')) {
            Some(cell) => Err(FileError::bad(row.line, &column(cell), &row.text(cell), Bad::NotText)),
            None => Ok(()),
        }
    }

    /// The text, as long as names may be, or nothing for the empty one.
    pub(crate) fn named(&self, number: u32) -> Option<String> {
        let text = self.text(number);
        (!text.is_empty()).then(|| text.chars().take(NAME_LIMIT).collect())
    }
}

/// What makes two rows the same row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RowKey {
    pub campaign: (u32, u32),
    pub day: i32,
    pub hour: Option<u8>,
    pub kind: MoneyKind,
    pub channel: u32,
    pub dimensions: [u32; 5],
    /// Every further breakdown together.
    pub extra: u32,
}

#[derive(Default)]
pub(crate) struct Sink {
    pub names: Names,
    pub rows: Vec<FileRow>,
    pub dropped: Vec<DroppedRow>,
    seen: HashMap<RowKey, u64>,
    pub sums: Sums,
    /// What no total is compared with; kept so that no sum made later can be too large.
    beside: [i128; 6],
    pub dimensions: BTreeSet<Dimension>,
    pub range: Option<DateRange>,
    pub attributes: BTreeMap<CampaignKey, Attributed>,
    read: usize,
}

/// Attributes of a campaign and the day they were last said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attributed {
    pub day: NaiveDate,
    pub said: CampaignAttributes,
    /// Ad sets' budgets by ad set: a campaign's is their sum.
    pub ad_sets: BTreeMap<String, moa_domain::Millionths>,
    pub ad_sets_daily: bool,
}

impl Sink {
    /// Counts a row of any kind under the header.
    ///
    /// # Errors
    /// [`FileError::TooManyRows`].
    pub(crate) fn count(&mut self) -> Result<(), FileError> {
        self.read += 1;
        if self.read > ROW_LIMIT { Err(FileError::TooManyRows { limit: ROW_LIMIT }) } else { Ok(()) }
    }

    pub(crate) fn drop_row(&mut self, line: u64, reason: DropReason) {
        self.dropped.push(DroppedRow { line, reason });
    }

    /// Takes a row. `blame` gives the column and the cell to name when a sum becomes too large.
    ///
    /// # Errors
    /// [`FileError::Duplicate`], and [`FileError::BadValue`] when the sum of the file does not fit.
    pub(crate) fn push(&mut self, row: FileRow, key: RowKey, blame: &dyn Fn() -> (String, String)) -> Result<(), FileError> {
        if let Some(first_line) = self.seen.insert(key, row.line) {
            return Err(FileError::Duplicate { line: row.line, first_line });
        }
        let counts = &row.counts;
        let figures = [
            i128::from(counts.impressions) * 1_000_000,
            i128::from(counts.clicks) * 1_000_000,
            i128::from(counts.cost.0),
            i128::from(counts.conversions.0),
            i128::from(counts.revenue.0),
        ];
        let Engagement { likes, shares, comments, saves } = row.engagement;
        let beside = [counts.conversions_all.0, counts.revenue_all.0, likes, shares, comments, saves].map(i128::from);
        let sums = self.sums.iter_mut().chain(&mut self.beside);
        for (sum, figure) in sums.zip(figures.into_iter().chain(beside)) {
            *sum += figure;
            if sum.unsigned_abs() > i64::MAX.unsigned_abs().into() {
                let (column, value) = blame();
                return Err(FileError::bad(row.line, &column, &value, Bad::SumTooLarge));
            }
        }
        self.range = Some(match self.range {
            None => DateRange::single(row.date),
            Some(range) => DateRange { from: range.from.min(row.date), to: range.to.max(row.date) },
        });
        self.rows.push(row);
        Ok(())
    }

    /// A campaign that was renamed within the file has the name of its last day throughout: an id is one campaign. Gives what such campaigns
    /// were called before, each name once.
    pub(crate) fn name_once(&mut self) -> Vec<CampaignKey> {
        let mut last: HashMap<&str, (NaiveDate, &Option<String>, bool)> = HashMap::new();
        for row in &self.rows {
            let Some(id) = row.campaign.id.as_deref() else { continue };
            let (day, name, renamed) = last.entry(id).or_insert((row.date, &row.campaign.name, false));
            *renamed |= **name != row.campaign.name;
            if row.date >= *day {
                (*day, *name) = (row.date, &row.campaign.name);
            }
        }
        let renamed: HashMap<String, Option<String>> =
            last.into_iter().filter(|(_, (_, _, renamed))| *renamed).map(|(id, (_, name, _))| (id.to_owned(), name.clone())).collect();
        if renamed.is_empty() {
            return Vec::new();
        }
        let rename = |key: &mut CampaignKey| {
            if let Some(name) = key.id.as_ref().and_then(|id| renamed.get(id)) {
                key.name.clone_from(name);
            }
        };
        let mut former: BTreeSet<CampaignKey> = BTreeSet::new();
        for row in &mut self.rows {
            let before = row.campaign.clone();
            rename(&mut row.campaign);
            if before != row.campaign {
                former.insert(before);
            }
        }
        let mut attributes: BTreeMap<CampaignKey, Attributed> = BTreeMap::new();
        for (mut key, said) in std::mem::take(&mut self.attributes) {
            rename(&mut key);
            let is_later = attributes.get(&key).is_none_or(|known| known.day <= said.day);
            if is_later {
                attributes.insert(key, said);
            }
        }
        self.attributes = attributes;
        former.into_iter().collect()
    }
}

/// Sums of one day, for day totals.
pub(crate) fn sums_of_day(rows: &[FileRow], day: NaiveDate) -> Sums {
    let mut sums = Sums::default();
    for counts in rows.iter().filter(|r| r.date == day).map(|r| &r.counts) {
        sums[0] += i128::from(counts.impressions) * 1_000_000;
        sums[1] += i128::from(counts.clicks) * 1_000_000;
        sums[2] += i128::from(counts.cost.0);
        sums[3] += i128::from(counts.conversions.0);
        sums[4] += i128::from(counts.revenue.0);
    }
    sums
}

pub(crate) fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn one_name_in_two_spellings_is_one_name() {
        let mut names = Names::default();
        let composed = names.number("여름이불");
        let decomposed: String = "여름이불".nfd().collect();
        assert_eq!(names.number(&decomposed), composed);
        assert_eq!(names.number(" 여름이불\u{a0}"), composed);
        assert_eq!(names.number("  "), names.number(""));
        assert_eq!(names.named(composed).as_deref(), Some("여름이불"));
        assert_eq!(names.number(""), 0);
    }
}
