//! Figures by any grouping, in one basis, compared with another period: the one engine behind the dashboard, `moa kpi` and reports.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};
use moa_domain::calendar::{DateRange, Month, monday_of};
use moa_domain::{Basis, Currency, MoneyKind, Platform};
use moa_kpi::change::change;
use moa_kpi::{Exact, Totals};
use moa_store::{GroupBy, GroupKey, GroupRow, Question, Scope, Store, StoreError};

use crate::dto::figures::{Change, Compared, Figures};

/// One group in one currency.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) key: GroupKey,
    pub(crate) currency: Currency,
    pub(crate) totals: Totals,
    /// The stored kinds that were brought to the asked basis.
    pub(crate) kinds: BTreeSet<MoneyKind>,
    pub(crate) previous: Option<Totals>,
}

/// What is asked: whose figures, when, by what, how shown.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) scope: Scope,
    pub(crate) range: DateRange,
    pub(crate) compared: Option<DateRange>,
    pub(crate) basis: Basis,
    pub(crate) platforms: Vec<Platform>,
    pub(crate) campaign: Option<i32>,
}

impl Ask {
    /// Groups of the period in key order, each with the matching group of the compared period.
    pub(crate) async fn groups(&self, store: &Store, by: GroupBy) -> Result<Vec<Group>, StoreError> {
        let mut groups = merge(store.figures(&self.question(self.range, by)).await?, self.basis);
        if let Some(before) = self.compared {
            let mut earlier: BTreeMap<(GroupKey, Currency), Totals> = merge(store.figures(&self.question(before, by)).await?, self.basis)
                .into_iter()
                .map(|group| ((moved(&group.key, by, before, self.range), group.currency), group.totals))
                .collect();
            for group in &mut groups {
                group.previous = Some(earlier.remove(&(group.key.clone(), group.currency)).unwrap_or_default());
            }
        }
        Ok(groups)
    }

    fn question(&self, range: DateRange, by: GroupBy) -> Question {
        Question { scope: self.scope, range, by, platforms: self.platforms.clone(), channels: Vec::new(), campaign: self.campaign }
    }
}

/// Adds the sums of each money kind, in the basis, per key and currency.
fn merge(rows: Vec<GroupRow>, basis: Basis) -> Vec<Group> {
    let mut groups: BTreeMap<(GroupKey, Currency), (Totals, BTreeSet<MoneyKind>)> = BTreeMap::new();
    for row in rows {
        let (totals, kinds) = groups.entry((row.key, row.kind.currency)).or_default();
        totals.add(&row.counts, row.kind, basis, row.conversions_known);
        kinds.insert(row.kind);
    }
    groups
        .into_iter()
        .map(|((key, currency), (totals, kinds))| Group { key, currency, totals, kinds, previous: None })
        .collect()
}

/// The key a group of the earlier period has in the later one: dates move by position, everything else stays.
fn moved(key: &GroupKey, by: GroupBy, before: DateRange, now: DateRange) -> GroupKey {
    GroupKey { date: key.date.map(|date| moved_date(date, by, before, now)), ..key.clone() }
}

fn moved_date(date: NaiveDate, by: GroupBy, before: DateRange, now: DateRange) -> NaiveDate {
    match by {
        GroupBy::Month => {
            let step = Month::of(date).index() - Month::of(before.from).index();
            Month::of(now.from).first_day() + Months::new(u32::try_from(step).unwrap_or(0))
        }
        GroupBy::Week => shift(date, monday_of(before.from), monday_of(now.from)),
        _ => shift(date, before.from, now.from),
    }
}

fn shift(date: NaiveDate, from: NaiveDate, to: NaiveDate) -> NaiveDate {
    to + Days::new(u64::try_from((date - from).num_days()).unwrap_or(0))
}

/// The same position in the compared period, for a trend's ghost line.
pub(crate) fn position_in(date: NaiveDate, now: DateRange, before: DateRange) -> Option<NaiveDate> {
    let moved = shift(date, now.from, before.from);
    before.contains(moved).then_some(moved)
}

pub(crate) fn figures(totals: &Totals) -> Figures {
    let kpis = totals.kpis();
    let known = |text: String| totals.conversions_known.then_some(text);
    Figures {
        impressions: totals.impressions.to_string(),
        clicks: totals.clicks.to_string(),
        cost: text(totals.cost),
        conversions: known(totals.conversions.to_string()),
        revenue: known(totals.revenue.to_string()),
        ctr: kpis.ctr.map(text),
        cpc: kpis.cpc.map(text),
        cpm: kpis.cpm.map(text),
        conversion_rate: kpis.conversion_rate.map(text),
        cpa: kpis.cpa.map(text),
        roas: kpis.roas.map(text),
        roi: kpis.roi.map(text),
    }
}

pub(crate) fn compared(group: &Group) -> Compared {
    Compared {
        figures: figures(&group.totals),
        previous: group.previous.as_ref().map(figures),
        change: group.previous.as_ref().map(|before| changes(&group.totals, before)),
    }
}

pub(crate) fn changes(now: &Totals, before: &Totals) -> Change {
    let (now_kpis, before_kpis) = (now.kpis(), before.kpis());
    let of = |now: Option<Exact>, before: Option<Exact>| change(now, before).map(text);
    let count = |now: i64, before: i64| of(Some(Exact::from_count(now)), Some(Exact::from_count(before)));
    let known = |totals: &Totals, value| totals.conversions_known.then(|| Exact::from_millionths(value));
    Change {
        impressions: count(now.impressions, before.impressions),
        clicks: count(now.clicks, before.clicks),
        cost: of(Some(now.cost), Some(before.cost)),
        conversions: of(known(now, now.conversions), known(before, before.conversions)),
        revenue: of(known(now, now.revenue), known(before, before.revenue)),
        ctr: of(now_kpis.ctr, before_kpis.ctr),
        cpc: of(now_kpis.cpc, before_kpis.cpc),
        cpm: of(now_kpis.cpm, before_kpis.cpm),
        conversion_rate: of(now_kpis.conversion_rate, before_kpis.conversion_rate),
        cpa: of(now_kpis.cpa, before_kpis.cpa),
        roas: of(now_kpis.roas, before_kpis.roas),
        roi: of(now_kpis.roi, before_kpis.roi),
    }
}

pub(crate) fn text(value: Exact) -> String {
    value.rounded().to_string()
}
