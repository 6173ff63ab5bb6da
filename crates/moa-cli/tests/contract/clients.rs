//! `moa clients`.

use serde_json::{Value, json};

use crate::program::{Workspace, with_json};

#[tokio::test]
async fn a_client_is_added_edited_and_removed() {
    let workspace = Workspace::new().await;
    assert_eq!(workspace.json(&["clients", "list"]), json!({ "clients": [] }));
    workspace.done(&["clients", "add", "한빛"]);
    workspace.done(&["clients", "add", "Export", "--currency", "USD", "--vat-rate", "0"]);
    let listed = workspace.json(&["clients", "list"]);
    let clients = listed["clients"].as_array().expect("a list");
    let shown: Vec<Value> = clients.iter().map(|client| json!([client["name"], client["currency"], client["vat_rate"]])).collect();
    assert_eq!(shown, [json!(["Export", "USD", "0"]), json!(["한빛", "KRW", "10"])]);
    for client in clients {
        let keys: Vec<&String> = client.as_object().expect("a client").keys().collect();
        assert_eq!(keys, ["currency", "id", "name", "public_id", "vat_rate"]);
        assert!(client["id"].is_u64() && client["public_id"].as_str().is_some_and(|id| id.len() == 36));
    }
    let edited = workspace.json(&["clients", "edit", "한빛", "--rename", "한빛 쇼핑", "--vat-rate", "7.5"]);
    assert_eq!(
        (&edited["client"]["name"], &edited["client"]["vat_rate"], &edited["client"]["currency"]),
        (&json!("한빛 쇼핑"), &json!("7.5"), &json!("KRW"))
    );
    workspace.done(&["clients", "remove", "Export"]);
    assert_eq!(workspace.json(&["clients", "list"])["clients"].as_array().map(Vec::len), Some(1));
    // The name is free again.
    workspace.done(&["clients", "add", "Export"]);
}

#[tokio::test]
async fn what_is_no_currency_or_rate_is_refused() {
    let workspace = Workspace::new().await;
    for (options, code) in [
        (["--currency", "wons"], "invalid_currency"),
        (["--currency", "₩"], "invalid_currency"),
        (["--currency", ""], "invalid_currency"),
        (["--vat-rate", "101"], "invalid_vat_rate"),
        (["--vat-rate", "-1"], "invalid_vat_rate"),
        (["--vat-rate", "1.005"], "invalid_vat_rate"),
        (["--vat-rate", "ten"], "invalid_vat_rate"),
    ] {
        let joined = options.join("=");
        let answer = workspace.run(&with_json(&["clients", "add", "한빛", &joined]));
        assert_eq!((answer.code, answer.error().0.as_str()), (2, code), "{answer:?}");
    }
    assert_eq!(workspace.json(&["clients", "list"]), json!({ "clients": [] }));
}

#[tokio::test]
async fn a_removed_client_leaves_the_agency_s_figures_and_its_name() {
    let workspace = Workspace::new().await;
    let plain = "campaign,date,channel,currency,vat,impressions,clicks,cost\nA,2026-11-02,naver_search,KRW,excluded,100,10,1000\n";
    for client in ["머무는 곳", "떠나는 곳"] {
        workspace.done(&["clients", "add", client]);
        workspace.import(client, &format!("{client}.csv"), plain, &["--account", client]);
    }
    let total =
        |workspace: &Workspace| workspace.json(&["kpi", "--all", "--from", "2026-11-01", "--to", "2026-11-30"])["rows"][0]["cost"].clone();
    assert_eq!(total(&workspace), "2000");
    workspace.done(&["clients", "remove", "떠나는 곳"]);
    assert_eq!(total(&workspace), "1000");
    let answer = workspace.run(&with_json(&["kpi", "--client", "떠나는 곳", "--from", "2026-11-01", "--to", "2026-11-30"]));
    assert_eq!(answer.error().0, "unknown_client");
    assert_eq!(
        workspace.json(&["doctor"])["checks"].as_array().expect("checks").iter().filter(|check| check["state"] == "failed").count(),
        0
    );
}

#[tokio::test]
async fn global_options_stand_before_or_after_the_command() {
    let workspace = Workspace::new().await;
    workspace.done(&["clients", "add", "한빛"]);
    let plain = workspace.run(&["clients", "list", "--json"]);
    assert_eq!(workspace.run(&["--json", "clients", "list"]).out, plain.out);
    assert_eq!(workspace.run(&["clients", "--json", "list"]).out, plain.out);
    let english = workspace.run(&["clients", "list", "--lang", "en"]).out;
    assert_eq!(workspace.run(&["--lang", "en", "clients", "list"]).out, english);
    assert_ne!(workspace.run(&["clients", "list"]).out, english);
}
