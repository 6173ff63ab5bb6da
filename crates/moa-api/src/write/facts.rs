//! From the rows of a report file to metric rows: campaign days, hours, and what is finer.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use chrono::NaiveDate;
use moa_connectors::report_files::{FileRow, ReportFile};
use moa_domain::{
    BreakdownFact, CampaignKey, ChannelCode, Counts, DailyFact, DateRange, Dimension, Engagement, HourlyFact, Measures, MoneyKind, Platform,
};

/// What a file says, with campaigns as positions in `campaigns`.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) campaigns: Vec<CampaignKey>,
    /// Days the file states for the campaign as a whole.
    pub(crate) daily: Vec<DailyFact<usize>>,
    /// Days of a file of finer rows, for what those rows do not keep: [`Self::measures_beside`].
    pub(crate) beside: Vec<DailyFact<usize>>,
    pub(crate) hourly: Vec<HourlyFact<usize>>,
    pub(crate) breakdown: Vec<BreakdownFact<usize>>,
    pub(crate) dimensions: BTreeSet<Dimension>,
    /// What the file says at all.
    pub(crate) measures: Measures,
}

type DayKey = (usize, ChannelCode, MoneyKind, NaiveDate);

#[derive(Default)]
struct DaySum {
    counts: Counts,
    engagement: Engagement,
    reach: Option<i64>,
    rows: usize,
}

/// Groups rows by their keys. A finer row counts towards its campaign's day, its ad group and itself.
pub(crate) fn facts(file: &ReportFile, platform: &Platform) -> Facts {
    let mut campaigns: HashMap<CampaignKey, usize> = HashMap::new();
    let mut days: HashMap<DayKey, DaySum> = HashMap::new();
    let mut hours: HashMap<(DayKey, u8), (Counts, bool)> = HashMap::new();
    let mut finer: HashMap<(DayKey, Dimension, Option<String>, String), Counts> = HashMap::new();
    let unspecified = ChannelCode::new(&platform.unspecified_channel());

    for row in &file.rows {
        let next = campaigns.len();
        let campaign = *campaigns.entry(row.campaign.clone()).or_insert(next);
        let channel = row.channel.clone().unwrap_or_else(|| unspecified.clone());
        let key: DayKey = (campaign, channel, row.kind, row.date);
        for (dimension, parent, name) in finer_names(row, &file.dimensions) {
            *finer.entry((key.clone(), dimension, parent, name)).or_default() += row.counts;
        }
        match row.hour {
            Some(hour) => {
                let (counts, known) = hours.entry((key, hour)).or_insert((Counts::default(), true));
                *counts += row.counts;
                *known &= row.conversions_known;
            }
            None => days.entry(key).or_default().add(row),
        }
    }

    let mut ordered: Vec<(CampaignKey, usize)> = campaigns.into_iter().collect();
    ordered.sort_by_key(|(_, position)| *position);
    let days = sorted(days.into_iter().map(day_fact).collect(), |fact| (fact.campaign, fact.date, fact.channel.clone(), fact.kind));
    // Counts of a file of finer rows are their sum, which the store makes: they give way to days another file states.
    let (daily, beside) = match (finer.is_empty(), file.measures.engagement || file.measures.reach) {
        (true, _) => (days, Vec::new()),
        (false, true) => (Vec::new(), days),
        (false, false) => (Vec::new(), Vec::new()),
    };
    Facts {
        campaigns: ordered.into_iter().map(|(key, _)| key).collect(),
        daily,
        beside,
        hourly: sorted(hours.into_iter().map(hour_fact).collect(), |fact| {
            (fact.campaign, fact.date, fact.hour, fact.channel.clone(), fact.kind)
        }),
        measures: file.measures,
        dimensions: finer.keys().map(|(_, dimension, ..)| *dimension).collect(),
        breakdown: sorted(finer.into_iter().map(finer_fact).collect(), |fact| {
            (fact.campaign, fact.date, fact.dimension, fact.parent.clone(), fact.name.clone(), fact.channel.clone(), fact.kind)
        }),
    }
}

impl DaySum {
    fn add(&mut self, row: &FileRow) {
        self.counts += row.counts;
        self.engagement.likes += row.engagement.likes;
        self.engagement.shares += row.engagement.shares;
        self.engagement.comments += row.engagement.comments;
        self.engagement.saves += row.engagement.saves;
        // People are not summed: two ads reach some of the same persons. One row's reach is kept, several are unknown.
        self.reach = if self.rows == 0 { row.reach } else { None };
        self.rows += 1;
    }
}

/// Every finer thing a row speaks of, each with the thing it stands in. Where the file has the dimension and this row does not fill it
/// (Naver writes `-` for clicks without a keyword), the name is empty: the source itself did not break it down.
fn finer_names(row: &FileRow, dimensions: &[Dimension]) -> Vec<(Dimension, Option<String>, String)> {
    let parts = [
        (Dimension::AdGroup, None, &row.ad_group),
        (Dimension::Keyword, row.ad_group.as_ref(), &row.keyword),
        (Dimension::Creative, row.ad_group.as_ref(), &row.creative),
        (Dimension::SearchTerm, row.ad_group.as_ref(), &row.search_term),
        (Dimension::Device, None, &row.device),
    ];
    let wanted = parts.into_iter().filter(|(dimension, ..)| dimensions.contains(dimension));
    wanted.map(|(dimension, parent, name)| (dimension, parent.cloned(), name.clone().unwrap_or_default())).collect()
}

fn day_fact((key, sum): (DayKey, DaySum)) -> DailyFact<usize> {
    let (campaign, channel, kind, date) = key;
    DailyFact { campaign, channel, kind, date, counts: sum.counts, engagement: sum.engagement, reach: sum.reach }
}

fn hour_fact(((key, hour), (counts, conversions_known)): ((DayKey, u8), (Counts, bool))) -> HourlyFact<usize> {
    let (campaign, channel, kind, date) = key;
    HourlyFact { campaign, channel, kind, date, hour, counts, conversions_known }
}

fn finer_fact(((key, dimension, parent, name), counts): ((DayKey, Dimension, Option<String>, String), Counts)) -> BreakdownFact<usize> {
    let (campaign, channel, kind, date) = key;
    BreakdownFact { campaign, channel, kind, date, dimension, parent, name, counts }
}

fn sorted<T, K: Ord>(mut facts: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    facts.sort_by_cached_key(key);
    facts
}

impl Facts {
    /// What [`Self::beside`] states: engagement and reach, which finer rows do not keep.
    pub(crate) fn measures_beside(&self) -> Measures {
        Measures { engagement: self.measures.engagement, reach: self.measures.reach, ..Measures::default() }
    }

    /// First and last day spoken of.
    pub(crate) fn range(&self) -> Option<DateRange> {
        let dates = || {
            let days = self.daily.iter().map(|fact| fact.date);
            days.chain(self.hourly.iter().map(|fact| fact.date)).chain(self.breakdown.iter().map(|fact| fact.date))
        };
        Some(DateRange { from: dates().min()?, to: dates().max()? })
    }
}

/// Replaces positions by what stands there: database ids.
pub(crate) trait Placed<K: Copy + Eq + Hash> {
    type Out;
    fn placed(self, ids: &[K]) -> Self::Out;
}

impl<K: Copy + Eq + Hash> Placed<K> for DailyFact<usize> {
    type Out = DailyFact<K>;
    fn placed(self, ids: &[K]) -> DailyFact<K> {
        let Self { campaign, channel, kind, date, counts, engagement, reach } = self;
        DailyFact { campaign: ids[campaign], channel, kind, date, counts, engagement, reach }
    }
}

impl<K: Copy + Eq + Hash> Placed<K> for HourlyFact<usize> {
    type Out = HourlyFact<K>;
    fn placed(self, ids: &[K]) -> HourlyFact<K> {
        let Self { campaign, channel, kind, date, hour, counts, conversions_known } = self;
        HourlyFact { campaign: ids[campaign], channel, kind, date, hour, counts, conversions_known }
    }
}

impl<K: Copy + Eq + Hash> Placed<K> for BreakdownFact<usize> {
    type Out = BreakdownFact<K>;
    fn placed(self, ids: &[K]) -> BreakdownFact<K> {
        let Self { campaign, channel, kind, date, dimension, parent, name, counts } = self;
        BreakdownFact { campaign: ids[campaign], channel, kind, date, dimension, parent, name, counts }
    }
}

#[cfg(test)]
mod tests {
    use moa_domain::{Currency, VatBasis};

    use super::*;

    fn row(reach: Option<i64>) -> FileRow {
        FileRow {
            line: 1,
            campaign: CampaignKey { id: None, name: Some("가을".to_owned()) },
            date: NaiveDate::from_ymd_opt(2026, 11, 2).expect("a day"),
            hour: None,
            channel: None,
            kind: MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10),
            ad_group: None,
            keyword: None,
            creative: None,
            search_term: None,
            device: None,
            counts: Counts { impressions: 1, ..Counts::default() },
            conversions_known: true,
            engagement: Engagement::default(),
            reach,
            extras: moa_connectors::report_files::Extras::default(),
        }
    }

    #[test]
    fn people_are_never_summed() {
        for (reached, expected) in [
            (vec![Some(500)], Some(500)),
            (vec![Some(500), Some(300)], None),
            (vec![Some(500), Some(300), Some(200)], None),
            (vec![None, Some(300)], None),
        ] {
            let mut sum = DaySum::default();
            for reach in &reached {
                sum.add(&row(*reach));
            }
            assert_eq!(sum.reach, expected, "{reached:?}");
        }
    }
}
