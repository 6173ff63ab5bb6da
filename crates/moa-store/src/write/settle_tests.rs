use std::collections::HashMap;

use moa_domain::{Currency, MoneyKind, VatBasis};
use proptest::prelude::*;

use super::super::measures::{MEASURED, NOTHING};
use super::super::rows::Key;
use super::*;
use crate::copy::NULL;

const ALL: i32 = 9;
const TRAFFIC: MeasureSet = MeasureSet::from_bits(0b111);

fn kinds() -> Kinds {
    HashMap::from([
        (1, MoneyKind::new(Currency::KRW, VatBasis::Included, 10)),
        (2, MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10)),
        (3, MoneyKind::new(Currency::USD, VatBasis::Excluded, 10)),
    ])
}

/// A row whose every figure is `value`.
fn said(channel: i32, kind: i32, says: MeasureSet, value: i64) -> Said {
    let mut values = [value; MEASURED];
    values[11] = NULL;
    let mut rows = [Said { key: Key { date: 1, owner: 1, hour: 0, channel, kind }, says, values }];
    tidy(&mut rows, &NOTHING);
    rows[0]
}

fn stated(channel: i32, kind: i32, says: MeasureSet, value: i64) -> DailyRow {
    DailyRow::from_said(&said(channel, kind, says, value), |_| STATED)
}

fn row(channel: i32, kind: i32, value: i64) -> DailyRow {
    stated(channel, kind, MeasureSet::COUNTS, value)
}

fn sum_of(channel: i32, kind: i32, value: i64) -> Said {
    said(channel, kind, MeasureSet::COUNTS, value)
}

fn settle(stored: &[DailyRow], stated: &[DailyRow], from_hours: &[Said], from_finer: &[Said]) -> Vec<DailyRow> {
    let day = Day { stored, stated, from_hours, from_finer, answered: MeasureSet::NONE };
    day.settle(ALL, &kinds()).expect("small numbers")
}

/// Channel, kind, cost, conversions.
fn shown(rows: &[DailyRow]) -> Vec<(i32, i32, i64, i64)> {
    rows.iter().map(|row| (row.key.channel, row.key.kind, row.values[2], row.values[3])).collect()
}

#[test]
fn a_stated_day_wins_over_hours_and_finer_rows() {
    let (hours, finer) = ([sum_of(ALL, 1, 90)], [sum_of(ALL, 1, 80)]);
    assert_eq!(shown(&settle(&[row(ALL, 1, 100)], &[], &hours, &finer)), [(ALL, 1, 100, 100)]);
    assert_eq!(shown(&settle(&[], &[], &hours, &finer)), [(ALL, 1, 90, 90)]);
    let from_finer = settle(&[], &[], &[], &finer);
    assert_eq!(shown(&from_finer), [(ALL, 1, 80, 80)]);
    let from_hours = settle(&from_finer, &[], &hours, &[]);
    assert_eq!(shown(&from_hours), [(ALL, 1, 90, 90)], "hours take the place of finer rows");
    assert_eq!(settle(&from_hours, &[], &[], &finer), from_hours);
    assert_eq!(shown(&settle(&from_hours, &[row(1, 1, 100)], &[], &[])), [(1, 1, 100, 100)]);
}

#[test]
fn each_measure_has_its_own_source() {
    let traffic = stated(ALL, 1, TRAFFIC, 100);
    let finer = [said(ALL, 1, MeasureSet::CONVERSIONS, 7), said(1, 1, MeasureSet::CONVERSIONS, 2)];
    let day = settle(&[traffic], &[], &[], &finer);
    assert_eq!(shown(&day), [(1, 1, 0, 2), (ALL, 1, 100, 7)], "conversions are taken from where they are known");
    assert_eq!(settle(&settle(&[], &[], &[], &finer), &[traffic], &[], &[]), day, "in either order");
    assert_eq!(settle(&day, &[], &[], &finer), day, "again: nothing changes");
    let conversions = stated(ALL, 1, MeasureSet::CONVERSIONS, 9);
    assert_eq!(shown(&settle(&day, &[conversions], &[], &[])), [(ALL, 1, 100, 9)], "a stated figure takes the place of the sum");
    let hours = [said(ALL, 1, MeasureSet::COUNTS, 50)];
    assert_eq!(shown(&settle(&[traffic], &[], &hours, &finer)), [(ALL, 1, 100, 50)]);
}

#[test]
fn conversions_alone_have_no_vat_basis() {
    let (traffic, conversions) = (stated(1, 1, TRAFFIC, 110), stated(1, 2, MeasureSet::CONVERSIONS, 7));
    let day = settle(&[traffic], &[conversions], &[], &[]);
    assert_eq!(shown(&day), [(1, 1, 110, 7)]);
    assert_eq!(settle(&[conversions], &[traffic], &[], &[]), day);
    assert_eq!(settle(&day, &[conversions], &[], &[]), day);
    assert_eq!(shown(&settle(&day, &[stated(1, 2, TRAFFIC, 100)], &[], &[])), [(1, 2, 100, 7)], "they follow a cost on another basis");
}

#[test]
fn a_split_over_channels_does_not_double_the_total() {
    let split = [row(1, 1, 60), row(2, 1, 30)];
    let after = settle(&[row(ALL, 1, 100)], &split, &[], &[]);
    assert_eq!(shown(&after), [(1, 1, 60, 60), (2, 1, 30, 30), (ALL, 1, 10, 10)]);
    assert_eq!(settle(&after, &split, &[], &[]), after, "again: nothing changes");
    assert_eq!(settle(&after, &[row(ALL, 1, 100)], &[], &[]), after, "the whole again: nothing changes");
    assert_eq!(shown(&settle(&after, &[row(ALL, 1, 90)], &[], &[])), [(1, 1, 60, 60), (2, 1, 30, 30)], "nothing is left");
}

#[test]
fn a_split_on_another_vat_basis_does_not_double_the_cost() {
    let (whole, split) = ([row(ALL, 1, 110)], [row(1, 2, 60), row(2, 2, 30)]);
    let after = settle(&whole, &split, &[], &[]);
    assert_eq!(shown(&after), [(1, 2, 60, 60), (2, 2, 30, 30), (ALL, 1, 0, 20)], "conversions have no basis, so their rest is known");
    assert_eq!(settle(&split, &whole, &[], &[]), after, "in either order");
    assert_eq!(settle(&after, &split, &[], &[]), after);
    assert_eq!(settle(&after, &whole, &[], &[]), after);
    let both = [row(ALL, 1, 110), row(1, 2, 60)];
    assert_eq!(settle(&[], &both, &[], &[]), both.iter().rev().copied().collect::<Vec<_>>(), "one file that says both means both");
}

#[test]
fn a_split_of_conversions_leaves_the_traffic_where_it_is() {
    let split = [stated(1, 2, MeasureSet::CONVERSIONS, 60), stated(2, 2, MeasureSet::CONVERSIONS, 30)];
    let after = settle(&[row(ALL, 1, 100)], &split, &[], &[]);
    assert_eq!(shown(&after), [(1, 2, 0, 60), (2, 2, 0, 30), (ALL, 1, 100, 10)]);
    assert_eq!(settle(&after, &split, &[], &[]), after);
    assert_eq!(settle(&after, &[row(ALL, 1, 100)], &[], &[]), after);
    let traffic = settle(&[stated(ALL, 1, TRAFFIC, 100)], &split, &[], &[]);
    assert_eq!(shown(&traffic), [(1, 2, 0, 60), (2, 2, 0, 30), (ALL, 1, 100, 0)], "no total of conversions is known");
}

#[test]
fn a_zero_that_was_stated_is_not_lost_with_a_remainder() {
    let conversions = stated(ALL, 1, MeasureSet::CONVERSIONS, 0);
    let split = settle(&[stated(1, 1, TRAFFIC, 60)], &[conversions], &[], &[]);
    let after = settle(&split, &[stated(ALL, 1, TRAFFIC, 60)], &[], &[]);
    assert_eq!(after, split, "nothing is left of the traffic");
    assert_eq!(settle(&after, &[conversions], &[], &[]), after);
}

#[test]
fn the_same_file_with_another_vat_basis_replaces() {
    assert_eq!(shown(&settle(&[row(1, 1, 110)], &[row(1, 2, 100)], &[], &[])), [(1, 2, 100, 100)]);
    assert_eq!(shown(&settle(&[row(1, 3, 5)], &[row(1, 2, 100)], &[], &[])), [(1, 2, 100, 100), (1, 3, 5, 5)]);
}

#[test]
fn what_was_answered_in_full_is_gone_where_it_did_not_come() {
    let stored = [row(1, 1, 100)];
    let day = |answered| Day { stored: &stored, stated: &[], from_hours: &[], from_finer: &[], answered };
    assert!(day(MeasureSet::ALL).settle(ALL, &kinds()).expect("small numbers").is_empty());
    assert_eq!(shown(&day(TRAFFIC).settle(ALL, &kinds()).expect("small numbers")), [(1, 1, 0, 100)]);
}

/// How a file says a campaign's day.
#[derive(Debug, Clone)]
enum File {
    Stated(Vec<DailyRow>),
    Hours(Vec<Said>),
    Finer(Vec<Said>),
}

fn any_file(says: MeasureSet) -> impl Strategy<Value = File> {
    // One amount of a channel in one basis; channel, kind, value.
    let rows = prop::collection::btree_map(prop::sample::select(vec![1, 2, ALL]), (1..3_i32, 0..50_i64), 1..4);
    (rows, 0..3).prop_map(move |(rows, grain)| {
        let rows: Vec<Said> = rows.into_iter().map(|(channel, (kind, value))| said(channel, kind, says, value)).collect();
        match grain {
            0 => File::Stated(rows.iter().map(|row| DailyRow::from_said(row, |_| STATED)).collect()),
            1 => File::Hours(rows),
            _ => File::Finer(rows),
        }
    })
}

/// The hours and the finer rows of both files, as far as they have come: what the tables hold.
fn after(files: &[&File]) -> Vec<DailyRow> {
    let (mut hours, mut finer) = (Vec::new(), Vec::new());
    let mut stored = Vec::new();
    let add = |sums: &mut Vec<Said>, came: &[Said]| {
        for row in came {
            match sums.iter_mut().find(|sum: &&mut Said| sum.key == row.key) {
                Some(sum) => sum.take(row),
                None => sums.push(*row),
            }
        }
    };
    for file in files {
        stored = match file {
            File::Stated(rows) => settle(&stored, rows, &[], &[]),
            File::Hours(rows) => {
                add(&mut hours, rows);
                settle(&stored, &[], &hours, &[])
            }
            File::Finer(rows) => {
                add(&mut finer, rows);
                settle(&stored, &[], &[], &finer)
            }
        };
    }
    stored
}

proptest! {
    #[test]
    fn traffic_and_conversions_may_come_in_any_order(traffic in any_file(TRAFFIC), conversions in any_file(MeasureSet::CONVERSIONS)) {
        let one = after(&[&traffic, &conversions]);
        prop_assert_eq!(&one, &after(&[&conversions, &traffic]));
        prop_assert_eq!(&one, &after(&[&traffic, &conversions, &traffic, &conversions]), "again: nothing changes");
        let total = |file: &File, column: usize| -> i64 {
            match file {
                File::Stated(rows) => rows.iter().map(|row| row.values[column]).sum(),
                File::Hours(rows) | File::Finer(rows) => rows.iter().map(|row| row.values[column]).sum(),
            }
        };
        for (file, column) in [(&traffic, 0), (&traffic, 2), (&conversions, 3), (&conversions, 6)] {
            prop_assert_eq!(one.iter().map(|row| row.values[column]).sum::<i64>(), total(file, column), "nothing is doubled, nothing lost");
        }
    }
}
