//! Figures by any grouping, in one basis, compared with another period: the one engine behind the dashboard, `moa kpi` and reports.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};
use moa_domain::calendar::{DateRange, Month, monday_of};
use moa_domain::{Basis, Currency, MoneyKind, Platform};
use moa_kpi::{Exact, Totals};
use moa_store::{GroupBy, GroupKey, GroupRow, Question, Scope, Store, StoreError};
use rust_decimal::Decimal;

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
    groups.into_iter().map(|((key, currency), (totals, kinds))| Group { key, currency, totals, kinds, previous: None }).collect()
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

/// The figures as decimal text; rounded where the report's are, so that window, command line, PDF and workbook agree.
pub(crate) fn figures(totals: &Totals) -> Figures {
    let figures = moa_reports::Figures::from_totals(totals);
    Figures {
        impressions: figures.impressions.to_string(),
        clicks: figures.clicks.to_string(),
        cost: figures.cost.to_string(),
        conversions: decimal(figures.conversions),
        revenue: decimal(figures.revenue),
        ctr: decimal(figures.ctr),
        cpc: decimal(figures.cpc),
        cpm: decimal(figures.cpm),
        conversion_rate: decimal(figures.conversion_rate),
        cpa: decimal(figures.cpa),
        roas: decimal(figures.roas),
        roi: decimal(figures.roi),
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
    let change = moa_reports::Change::between(now, before);
    Change {
        impressions: decimal(change.impressions),
        clicks: decimal(change.clicks),
        cost: decimal(change.cost),
        conversions: decimal(change.conversions),
        revenue: decimal(change.revenue),
        ctr: decimal(change.ctr),
        cpc: decimal(change.cpc),
        cpm: decimal(change.cpm),
        conversion_rate: decimal(change.conversion_rate),
        cpa: decimal(change.cpa),
        roas: decimal(change.roas),
        roi: decimal(change.roi),
    }
}

fn decimal(value: Option<Decimal>) -> Option<String> {
    value.map(|value| value.to_string())
}

pub(crate) fn text(value: Exact) -> String {
    value.rounded().to_string()
}
