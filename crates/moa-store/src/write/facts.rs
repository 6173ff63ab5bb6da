//! Facts as rows, and the days that finer rows add up to.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use moa_domain::{BreakdownFact, Counts, DailyFact, Dimension, HourlyFact};

use super::Names;
use super::entities::Entity;
use super::measures::{MeasureSet, NOTHING, NOTHING_OF_AN_HOUR, STATED, Values};
use super::rows::{CountRow, DailyRow, Key, Row, day_number};
use super::said::{Said, tidy};
use crate::copy::NULL;
use crate::error::StoreError;

pub(super) fn sorted<const N: usize>(mut rows: Vec<Row<N>>) -> Result<Vec<Row<N>>, StoreError> {
    rows.sort_unstable_by_key(|row| row.key);
    if rows.windows(2).any(|pair| pair[0].key == pair[1].key) {
        return Err(StoreError::DuplicateKey);
    }
    Ok(rows)
}

fn values(counts: &Counts) -> Values {
    let mut values = NOTHING;
    values[..7].copy_from_slice(&[
        counts.impressions,
        counts.clicks,
        counts.cost.0,
        counts.conversions.0,
        counts.revenue.0,
        counts.conversions_all.0,
        counts.revenue_all.0,
    ]);
    values
}

/// `None` for a row that says nothing.
fn said(key: Key, says: MeasureSet, values: Values, nothing: &Values) -> Option<Said> {
    let mut row = [Said { key, says, values }.only(says)?];
    tidy(&mut row, nothing);
    Some(row[0])
}

pub(super) fn hour_row(fact: &HourlyFact<i32>, measures: MeasureSet, names: &Names) -> Option<CountRow> {
    let key = Key {
        date: day_number(fact.date),
        owner: fact.campaign,
        hour: i32::from(fact.hour),
        channel: names.channels[&fact.channel],
        kind: names.kinds[&fact.kind],
    };
    let unknown = if fact.conversions_known { MeasureSet::NONE } else { MeasureSet::CONVERSIONS };
    let says = measures.common(MeasureSet::COUNTS).without(unknown);
    said(key, says, values(&fact.counts), &NOTHING_OF_AN_HOUR).map(|row| CountRow::from_said(&row))
}

pub(super) fn day_row(fact: &DailyFact<i32>, measures: MeasureSet, names: &Names) -> Option<DailyRow> {
    let key = Key {
        date: day_number(fact.date),
        owner: fact.campaign,
        hour: 0,
        channel: names.channels[&fact.channel],
        kind: names.kinds[&fact.kind],
    };
    let mut values = values(&fact.counts);
    values[7] = fact.engagement.likes;
    values[8] = fact.engagement.shares;
    values[9] = fact.engagement.comments;
    values[10] = fact.engagement.saves;
    values[11] = fact.reach.unwrap_or(NULL);
    // A reach that is not known is not said.
    let unknown = if fact.reach.is_some() { MeasureSet::NONE } else { MeasureSet::REACH };
    said(key, measures.without(unknown), values, &NOTHING).map(|row| DailyRow::from_said(&row, |_| STATED))
}

pub(super) fn finer_row(
    fact: &BreakdownFact<i32>,
    measures: MeasureSet,
    entities: &HashMap<Entity, i32>,
    names: &Names,
) -> Result<Option<CountRow>, StoreError> {
    let owner = entities.get(&Entity::of(fact)).copied().ok_or(StoreError::DuplicateKey)?;
    let key = Key { date: day_number(fact.date), owner, hour: 0, channel: names.channels[&fact.channel], kind: names.kinds[&fact.kind] };
    let row = said(key, measures.common(MeasureSet::COUNTS), values(&fact.counts), &NOTHING);
    Ok(row.map(|row| CountRow::from_said(&row)))
}

/// A campaign's day as the sum of its hours.
pub(super) fn day_of_hours(hours: &[CountRow]) -> Result<Vec<Said>, StoreError> {
    let mut sums: BTreeMap<Key, Said> = BTreeMap::new();
    for row in hours {
        let key = Key { hour: 0, ..row.key };
        sums.entry(key).or_insert_with(|| Said::nothing(key, &NOTHING)).add(&Said { key, ..row.said() })?;
    }
    Ok(sums.into_values().filter(|sum| !sum.says.is_empty()).collect())
}

/// Sums of one dimension of a campaign's day, by channel and money kind.
type Sums = BTreeMap<Key, Said>;

/// Campaign days as the sum of a breakdown. Of several dimensions that say a measure the fullest has the word: the one with the most
/// impressions, then the most cost, then the most of the measure.
pub(super) fn fullest_breakdown(state: &[CountRow], entities: &HashMap<i32, (i32, Dimension)>) -> Result<Vec<Said>, StoreError> {
    let mut days: BTreeMap<(i32, i32), BTreeMap<Dimension, Sums>> = BTreeMap::new();
    for row in state {
        let Some((campaign, dimension)) = entities.get(&row.key.owner) else { continue };
        let key = Key { owner: *campaign, ..row.key };
        let sums = days.entry((key.date, key.owner)).or_default().entry(*dimension).or_default();
        sums.entry(key).or_insert_with(|| Said::nothing(key, &NOTHING)).add(&Said { key, ..row.said() })?;
    }
    let mut rows = Vec::new();
    for dimensions in days.values() {
        let mut day = Sums::new();
        for measure in MeasureSet::COUNTS.each() {
            let saying = dimensions.iter().filter(|(_, sums)| sums.values().any(|sum| sum.says.covers(measure)));
            let Some((_, sums)) = saying.max_by_key(|(dimension, sums)| (coverage(sums, measure), Reverse(**dimension))) else { continue };
            for sum in sums.values().filter_map(|sum| sum.only(measure)) {
                day.entry(sum.key).or_insert_with(|| Said::nothing(sum.key, &NOTHING)).take(&sum);
            }
        }
        rows.extend(day.into_values());
    }
    Ok(rows)
}

fn coverage(sums: &Sums, measure: MeasureSet) -> [i128; 3] {
    let total = |column: usize| sums.values().map(|sum| i128::from(sum.values[column])).sum::<i128>();
    [total(0), total(2), measure.columns().map(total).sum()]
}
