//! Facts as rows, and the days that finer rows add up to.

use std::collections::{BTreeMap, HashMap};

use moa_domain::{BreakdownFact, Counts, DailyFact, Dimension, HourlyFact};

use super::Names;
use super::entities::Entity;
use super::rows::{COUNTS, CountRow, DailyRow, FROM_FINER, FROM_HOURS, Key, Row, STATED, day_number};
use crate::copy::NULL;
use crate::error::StoreError;

pub(super) fn sorted<const N: usize>(mut rows: Vec<Row<N>>) -> Result<Vec<Row<N>>, StoreError> {
    rows.sort_unstable_by_key(|row| row.key);
    if rows.windows(2).any(|pair| pair[0].key == pair[1].key) {
        return Err(StoreError::DuplicateKey);
    }
    Ok(rows)
}

fn counts(counts: &Counts) -> [i64; COUNTS] {
    [
        counts.impressions,
        counts.clicks,
        counts.cost.0,
        counts.conversions.0,
        counts.revenue.0,
        counts.conversions_all.0,
        counts.revenue_all.0,
    ]
}

pub(super) fn hour_row(fact: &HourlyFact<i32>, names: &Names) -> CountRow {
    let key = Key {
        date: day_number(fact.date),
        owner: fact.campaign,
        hour: i32::from(fact.hour),
        channel: names.channels[&fact.channel],
        kind: names.kinds[&fact.kind],
    };
    let mut values = counts(&fact.counts);
    if !fact.conversions_known {
        values[3..].fill(NULL);
    }
    Row { key, values }
}

pub(super) fn day_row(fact: &DailyFact<i32>, names: &Names) -> DailyRow {
    let key = Key {
        date: day_number(fact.date),
        owner: fact.campaign,
        hour: 0,
        channel: names.channels[&fact.channel],
        kind: names.kinds[&fact.kind],
    };
    let mut row = DailyRow::derived(key, counts(&fact.counts), STATED);
    row.values[7] = fact.engagement.likes;
    row.values[8] = fact.engagement.shares;
    row.values[9] = fact.engagement.comments;
    row.values[10] = fact.engagement.saves;
    row.values[11] = fact.reach.unwrap_or(NULL);
    row
}

pub(super) fn finer_row(fact: &BreakdownFact<i32>, entities: &HashMap<Entity, i32>, names: &Names) -> Result<CountRow, StoreError> {
    let owner = entities.get(&Entity::of(fact)).copied().ok_or(StoreError::DuplicateKey)?;
    let key = Key { date: day_number(fact.date), owner, hour: 0, channel: names.channels[&fact.channel], kind: names.kinds[&fact.kind] };
    Ok(Row { key, values: counts(&fact.counts) })
}

/// A campaign's day as the sum of its hours.
pub(super) fn day_of_hours(hours: &[CountRow]) -> Result<Vec<DailyRow>, StoreError> {
    let mut sums: BTreeMap<Key, [i64; COUNTS]> = BTreeMap::new();
    for row in hours {
        add(sums.entry(Key { hour: 0, ..row.key }).or_default(), &row.values)?;
    }
    Ok(sums.into_iter().map(|(key, counts)| DailyRow::derived(key, counts, FROM_HOURS)).collect())
}

/// Campaign days as the sum of one breakdown: of several dimensions the one that covers most (impressions, then cost).
pub(super) fn fullest_breakdown(state: &[CountRow], entities: &HashMap<i32, (i32, Dimension)>) -> Result<Vec<DailyRow>, StoreError> {
    type Rows = BTreeMap<Key, [i64; COUNTS]>;
    let mut days: BTreeMap<(i32, i32), BTreeMap<Dimension, Rows>> = BTreeMap::new();
    for row in state {
        let Some((campaign, dimension)) = entities.get(&row.key.owner) else { continue };
        let key = Key { owner: *campaign, ..row.key };
        let day = days.entry((key.date, key.owner)).or_default();
        add(day.entry(*dimension).or_default().entry(key).or_default(), &row.values)?;
    }
    let total = |rows: &Rows, index: usize| rows.values().map(|values| i128::from(values[index])).sum::<i128>();
    let coverage = |rows: &Rows| (total(rows, 0), total(rows, 2));
    let fullest = days.into_values().filter_map(|dimensions| dimensions.into_values().max_by_key(coverage));
    Ok(fullest.flatten().map(|(key, counts)| DailyRow::derived(key, counts, FROM_FINER)).collect())
}

fn add(sum: &mut [i64; COUNTS], values: &[i64; COUNTS]) -> Result<(), StoreError> {
    for (total, value) in sum.iter_mut().zip(values) {
        *total = total.checked_add(if *value == NULL { 0 } else { *value }).ok_or(StoreError::TooLarge)?;
    }
    Ok(())
}
