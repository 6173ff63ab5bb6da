//! `moa demo`: the sample agency.

use std::collections::BTreeMap;

use moa_sample::Agency;
use serde_json::json;

use crate::program::{Workspace, with_json};

#[tokio::test]
async fn the_sample_agency_is_loaded_once_and_its_figures_are_those_it_was_made_of() {
    let workspace = Workspace::new().await;
    let first = workspace.json(&["demo"]);
    assert_eq!(first["clients"], 3);
    assert!(first["rows_written"].as_u64() > Some(10_000) && first["rows_unchanged"] == 0, "{first}");

    let agency = Agency::ending("2026-11-22".parse().unwrap());
    let mut expected: BTreeMap<(String, String, String), (i64, i64)> = BTreeMap::new();
    for total in agency.totals() {
        let key = (
            agency.clients[total.client].name.clone(),
            format!("{:04}-{:02}", total.month.year, total.month.month),
            total.currency.to_string(),
        );
        let sum = expected.entry(key).or_default();
        sum.0 += total.counts.impressions;
        sum.1 += total.counts.clicks;
    }
    let mut found = BTreeMap::new();
    for client in &agency.clients {
        assert!(client.name.starts_with("샘플"), "labelled: {}", client.name);
        let answer = workspace.json(&["kpi", "--client", &client.name, "--from", "2025-01-01", "--to", "2026-11-22", "--by", "month"]);
        for row in answer["rows"].as_array().expect("rows") {
            let number = |name: &str| row[name].as_str().expect("a figure").parse::<i64>().expect("a whole number");
            let key = (
                client.name.clone(),
                row["month"].as_str().expect("a month").to_owned(),
                row["currency"].as_str().expect("a currency").to_owned(),
            );
            found.insert(key, (number("impressions"), number("clicks")));
        }
    }
    assert_eq!(found, expected);

    // On another day, again: nothing new.
    let answer = crate::program::finished(workspace.command().args(["demo", "--json"]).env("MOA_NOW", "2026-12-24T09:00:00+09:00"));
    let again = answer.document();
    assert_eq!((answer.code, &again["rows_written"]), (0, &json!(0)), "{answer:?}");
    assert_eq!(again["rows_unchanged"], first["rows_written"]);
}

#[tokio::test]
async fn the_sample_agency_stays_out_of_a_workspace_with_clients_of_its_own() {
    let workspace = Workspace::new().await;
    let sample_name = Agency::ending("2026-11-22".parse().unwrap()).clients[0].name.clone();
    // Also when a client of one's own bears the name of a sample client.
    for own in ["한빛", &sample_name] {
        workspace.done(&["clients", "add", own]);
        let answer = workspace.run(&with_json(&["demo"]));
        let (code, message, _) = answer.error();
        assert_eq!((answer.code, code.as_str()), (1, "sample_beside_clients"), "{answer:?}");
        assert!(message.contains(own));
        let listed = workspace.json(&["clients", "list"]);
        assert_eq!(listed["clients"].as_array().map(Vec::len), Some(1));
        workspace.done(&["clients", "remove", own]);
    }
}
