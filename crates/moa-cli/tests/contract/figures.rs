//! `moa kpi` against the second computation: every grouping, basis and comparison.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde_json::{Map, Value};

use crate::ledger::{Row, Sum, between, clients, day, days, files, ledger, sums};
use crate::program::Workspace;

const GROUPINGS: [&str; 13] =
    ["total", "day", "week", "month", "hour", "weekday", "platform", "channel", "account", "campaign", "ad_group", "keyword", "creative"];
const FIGURES: [&str; 12] =
    ["impressions", "clicks", "cost", "conversions", "revenue", "ctr", "cpc", "cpm", "conversion_rate", "cpa", "roas", "roi"];
const HANBIT: &str = "한빛 쇼핑";

/// The ledger, imported.
pub(crate) async fn workspace() -> (Workspace, Vec<Row>) {
    let workspace = Workspace::new().await;
    let rows = fill(&workspace);
    (workspace, rows)
}

/// Imports the ledger into an empty workspace.
pub(crate) fn fill(workspace: &Workspace) -> Vec<Row> {
    let rows = ledger();
    for client in clients(&rows) {
        workspace.done(&["clients", "add", client]);
    }
    for (position, (client, platform, account, content)) in files(&rows).into_iter().enumerate() {
        let imported = workspace.import(client, &format!("{position}.csv"), &content, &["--platform", platform, "--account", account]);
        let expected = content.lines().count() - 1;
        assert_eq!(imported["files"][0]["rows_written"], expected, "{imported}");
    }
    rows
}

/// The range figures are compared with, by the contract's words.
fn compared(compare: &str, from: NaiveDate, to: NaiveDate) -> (NaiveDate, NaiveDate) {
    let year_before = |date: NaiveDate| date - chrono::Months::new(12);
    if compare == "year" {
        return (year_before(from), year_before(to));
    }
    let length = u64::try_from((to - from).num_days() + 1).unwrap();
    (from - Days::new(length), to - Days::new(length))
}

fn ask(workspace: &Workspace, client: Option<&str>, from: NaiveDate, to: NaiveDate, rest: &[&str]) -> Value {
    let (from, to) = (from.to_string(), to.to_string());
    let mut arguments = vec!["kpi", "--from", &from, "--to", &to];
    match client {
        Some(client) => arguments.extend(["--client", client]),
        None => arguments.push("--all"),
    }
    arguments.extend(rest);
    workspace.json(&arguments)
}

/// Rows of an answer by the keys of the second computation (which knows no platform ids), and currency.
fn rows_of(answer: &Value, by: &str) -> BTreeMap<(String, String), Map<String, Value>> {
    let left_out: &[&str] = match by {
        "account" => &["account_id"],
        "campaign" => &["campaign_id"],
        _ => &[],
    };
    let mut rows = BTreeMap::new();
    for row in answer["rows"].as_array().expect("rows") {
        let row = row.as_object().expect("a row");
        let is_key = |name: &str| !FIGURES.contains(&name) && !["currency", "previous", "change"].contains(&name);
        let keys: Map<String, Value> = row
            .iter()
            .filter(|(name, _)| is_key(name) && !left_out.contains(&name.as_str()))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        for id in left_out {
            assert!(row[*id].is_string(), "{row:?}");
        }
        let currency = row["currency"].as_str().expect("a currency").to_owned();
        let before = rows.insert((Value::Object(keys).to_string(), currency), row.clone());
        assert!(before.is_none(), "two rows with the same keys: {row:?}");
    }
    rows
}

fn of_figures(row: &Map<String, Value>) -> Map<String, Value> {
    FIGURES.iter().map(|name| ((*name).to_owned(), row[*name].clone())).collect()
}

#[tokio::test]
async fn every_grouping_and_basis_equals_the_second_computation() {
    let (workspace, rows) = workspace().await;
    for (client, from, to) in [
        (Some(HANBIT), "2026-11-02", "2026-11-22"),
        (Some(HANBIT), "2026-10-29", "2026-11-17"),
        (Some(HANBIT), "2026-11-18", "2026-11-18"),
        (Some(HANBIT), "2024-02-01", "2024-03-31"),
        (None, "2026-10-01", "2026-11-22"),
    ] {
        let here = between(&rows, client, day(from), day(to));
        assert!(!here.is_empty());
        for by in GROUPINGS {
            for basis in ["net", "gross"] {
                let answer = ask(&workspace, client, day(from), day(to), &["--by", by, "--basis", basis]);
                assert_eq!((answer["by"].as_str(), answer["basis"].as_str()), (Some(by), Some(basis)));
                assert_eq!((answer["from"].as_str(), answer["to"].as_str()), (Some(from), Some(to)));
                assert_eq!(answer["client"].as_str(), client);
                let found = rows_of(&answer, by);
                let sums = sums(by, &here);
                let keys: BTreeSet<(String, String)> = sums.keys().map(|(keys, currency)| (keys.clone(), (*currency).to_owned())).collect();
                assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), keys, "{by} from {from} to {to}");
                for ((keys, currency), sum) in sums {
                    let row = &found[&(keys.clone(), currency.to_owned())];
                    assert_eq!(of_figures(row), sum.figures(basis), "{by} {keys} {currency} {basis} {from} {to}");
                }
            }
        }
    }
}

#[tokio::test]
async fn comparisons_equal_the_second_computation() {
    let (workspace, rows) = workspace().await;
    for (compare, from, to) in
        [("previous", "2026-11-09", "2026-11-22"), ("previous", "2026-10-31", "2026-11-12"), ("year", "2026-10-05", "2026-11-20")]
    {
        let (earlier_from, earlier_to) = compared(compare, day(from), day(to));
        let now = between(&rows, Some(HANBIT), day(from), day(to));
        let before = between(&rows, Some(HANBIT), earlier_from, earlier_to);
        assert!(!before.is_empty());
        for by in ["total", "hour", "weekday", "platform", "channel", "account", "campaign", "keyword"] {
            let found = rows_of(&ask(&workspace, Some(HANBIT), day(from), day(to), &["--by", by, "--compare", compare]), by);
            let (sums, earlier) = (sums(by, &now), sums(by, &before));
            let keys: BTreeSet<(String, &'static str)> = sums.keys().chain(earlier.keys()).cloned().collect();
            assert_eq!(found.len(), keys.len(), "{by}: what has stopped is a row too");
            for (keys, currency) in keys {
                let row = &found[&(keys.clone(), currency.to_owned())];
                let of_key = |sums: &BTreeMap<(String, &'static str), Sum>| {
                    sums.get(&(keys.clone(), currency)).copied().unwrap_or_else(|| Sum::of([]))
                };
                let (now, before) = (of_key(&sums), of_key(&earlier));
                let told = format!("{by} {keys} {currency} {compare} {from} {to}");
                assert_eq!(of_figures(row), now.figures("net"), "{told}");
                assert_eq!(row["previous"], Value::Object(before.figures("net")), "{told}");
                assert_eq!(row["change"], Value::Object(now.change(&before, "net")), "{told}");
            }
        }
    }
}

#[tokio::test]
async fn a_day_a_week_and_a_month_stand_beside_the_same_place_of_the_other_period() {
    let (workspace, rows) = workspace().await;
    let sum_of = |days: &[NaiveDate]| {
        Value::Object(
            Sum::of(rows.iter().filter(|row| row.client == HANBIT && row.currency == "KRW" && days.contains(&row.date)))
                .with_known_conversions()
                .figures("net"),
        )
    };
    let previous_of = |from: &str, to: &str, by: &str, compare: &str, key: &str| {
        let answer = ask(&workspace, Some(HANBIT), day(from), day(to), &["--by", by, "--compare", compare]);
        let rows = answer["rows"].as_array().expect("rows").clone();
        let field = if by == "day" { "date" } else { by };
        rows.into_iter().find(|row| row[field] == key && row["currency"] == "KRW").unwrap_or_else(|| panic!("no {key}"))["previous"].clone()
    };
    // After a leap day the same dates stay beside each other, and the leap day itself has no counterpart.
    assert_eq!(previous_of("2024-02-20", "2024-03-10", "day", "year", "2024-03-01"), sum_of(&[day("2023-03-01")]));
    assert_eq!(previous_of("2024-02-20", "2024-03-10", "day", "year", "2024-02-29"), sum_of(&[]));
    // Whole months compare with whole months, whatever their lengths.
    assert_eq!(previous_of("2026-11-01", "2026-11-30", "month", "previous", "2026-11"), sum_of(&days("2026-10-01", "2026-10-31")));
    assert_eq!(previous_of("2026-11-01", "2026-11-30", "day", "previous", "2026-11-07"), sum_of(&[day("2026-10-07")]));
    // A week's counterpart is made of the same places, also where the earlier weeks begin on another day.
    assert_eq!(previous_of("2026-11-09", "2026-11-22", "week", "year", "2026-11-16"), sum_of(&days("2025-11-16", "2025-11-22")));
    assert_eq!(previous_of("2026-11-11", "2026-11-20", "week", "previous", "2026-11-16"), sum_of(&days("2026-11-06", "2026-11-10")));
}

#[tokio::test]
async fn rows_have_the_keys_of_the_contract_and_no_others() {
    let (workspace, _) = workspace().await;
    for by in GROUPINGS {
        for compare in [None, Some("previous")] {
            let mut rest = vec!["--by", by];
            rest.extend(compare.iter().flat_map(|compare| ["--compare", *compare]));
            let answer = ask(&workspace, Some(HANBIT), day("2026-11-02"), day("2026-11-22"), &rest);
            let names: Vec<&String> = answer.as_object().expect("a document").keys().collect();
            assert_eq!(names, ["as_of", "basis", "by", "client", "from", "rows", "to"]);
            let of_group: &[&str] = match by {
                "total" => &[],
                "day" => &["date"],
                "account" => &["platform", "account_id", "account_name"],
                "campaign" => &["platform", "campaign_id", "campaign_name"],
                "ad_group" | "keyword" | "creative" => &["name"],
                own => &[own],
            };
            let compared: &[&str] = if compare.is_some() { &["previous", "change"] } else { &[] };
            let expected: BTreeSet<&str> = of_group.iter().chain(&["currency"]).chain(&FIGURES).chain(compared).copied().collect();
            for row in answer["rows"].as_array().expect("rows") {
                let row = row.as_object().expect("a row");
                assert_eq!(row.keys().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{by}");
                for figures in [Some(row), row.get("previous").and_then(Value::as_object), row.get("change").and_then(Value::as_object)]
                    .into_iter()
                    .flatten()
                {
                    for name in FIGURES {
                        assert!(is_decimal_or_null(&figures[name]), "{by} {name}: {}", figures[name]);
                    }
                }
            }
        }
    }
}

/// A decimal as text: at most six places, no exponent, no trailing zeros.
fn is_decimal_or_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let (whole, places) = digits.split_once('.').unwrap_or((digits, "1"));
            let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            plain(whole) && plain(places) && places.len() <= 6 && !(digits.contains('.') && places.ends_with('0'))
        }
        _ => false,
    }
}

#[tokio::test]
async fn a_period_without_figures_is_empty_and_not_zero() {
    let (workspace, _) = workspace().await;
    for by in GROUPINGS {
        let answer = ask(&workspace, Some(HANBIT), day("2022-01-01"), day("2022-01-31"), &["--by", by]);
        assert_eq!(answer["rows"], Value::Array(Vec::new()), "{by}");
    }
    let answer = ask(&workspace, None, day("2022-01-01"), day("2022-01-31"), &[]);
    assert_eq!((answer["client"].is_null(), answer["rows"].as_array().map(Vec::len)), (true, Some(0)));
}
