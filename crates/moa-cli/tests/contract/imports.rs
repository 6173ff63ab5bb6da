//! `moa import`: what it answers, what it asks, and that a refused file leaves nothing behind.

use serde_json::{Value, json};

use crate::program::{Workspace, text, with_json};

const DAYS: &str = "campaign,date,channel,currency,vat,impressions,clicks,cost,conversions,revenue\n\
    파워링크,2026-11-02,naver_search,KRW,included,1000,10,11000,1.5,50000\n\
    파워링크,2026-11-03,naver_search,KRW,included,2000,20,22000.5,2,70000\n\
    합계,,,,,3000,30,33000.5,3.5,120000\n";

async fn with_client() -> Workspace {
    let workspace = Workspace::new().await;
    workspace.done(&["clients", "add", "한빛"]);
    workspace
}

fn cost(workspace: &Workspace) -> Value {
    let answer = workspace.json(&["kpi", "--client", "한빛", "--from", "2026-11-01", "--to", "2026-11-30", "--basis", "gross"]);
    answer["rows"].get(0).map_or(Value::Null, |row| row["cost"].clone())
}

#[tokio::test]
async fn the_document_is_the_contract_s() {
    let workspace = with_client().await;
    let first = workspace.import("한빛", "일별.csv", DAYS, &[]);
    let file = &first["files"][0];
    for (key, value) in [
        ("file", json!("일별.csv")),
        ("platform", json!("naver_ads")),
        ("from", json!("2026-11-02")),
        ("to", json!("2026-11-03")),
        ("rows_read", json!(2)),
        ("rows_written", json!(2)),
        ("rows_unchanged", json!(0)),
        ("rows_restated", json!(0)),
        ("dropped", json!([{ "line": 4, "reason": "total" }])),
        ("currency", json!("KRW")),
        ("vat", json!("included")),
        ("totals", json!({ "impressions": "3000", "clicks": "30", "cost": "33000.5", "conversions": "3.5", "revenue": "120000" })),
    ] {
        assert_eq!(file[key], value, "{key}");
    }
    assert!(file["account"].is_string() && file.get("totals_by_kind").is_none());
    assert_eq!(cost(&workspace), "33000.5");
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing_and_another_figure_is_a_restatement() {
    let workspace = with_client().await;
    workspace.import("한빛", "일별.csv", DAYS, &[]);
    let again = workspace.import("한빛", "일별.csv", DAYS, &[]);
    let counts =
        |answer: &Value| ["rows_written", "rows_unchanged", "rows_restated"].map(|key| answer["files"][0][key].as_u64().expect("a count"));
    assert_eq!(counts(&again), [0, 2, 0]);
    let restated = workspace.import("한빛", "정정.csv", &DAYS.replace("11000,1.5", "12100,1.5").replace("33000.5", "34100.5"), &[]);
    assert_eq!(counts(&restated), [0, 1, 1]);
    let revisions = workspace.json(&["revisions", "--client", "한빛", "--from", "2026-11-01", "--to", "2026-11-30"]);
    let revisions = revisions["revisions"].as_array().expect("revisions");
    assert_eq!(revisions.len(), 1);
    let keys: Vec<&String> = revisions[0].as_object().expect("a revision").keys().collect();
    for key in ["date", "campaign_id", "channel", "column", "old", "new", "seen_at", "source"] {
        assert!(keys.iter().any(|found| *found == key), "{key}");
    }
    let shown = ["date", "channel", "column", "old", "new", "source"].map(|key| revisions[0][key].as_str().expect("text"));
    assert_eq!(shown, ["2026-11-02", "naver_search", "cost", "11000", "12100", "정정.csv"]);
    // A file that knows only one of the days does not take the other away.
    workspace.import("한빛", "하루.csv", &DAYS.lines().take(2).collect::<Vec<_>>().join("\n").replace("11000,1.5", "12100,1.5"), &[]);
    assert_eq!(cost(&workspace), "34100.5");
}

#[tokio::test]
async fn an_amount_on_another_vat_basis_is_a_revision_of_the_basis() {
    let workspace = with_client().await;
    workspace.import("한빛", "일별.csv", DAYS, &[]);
    workspace.import("한빛", "정정.csv", &DAYS.replace(",included,", ",excluded,"), &[]);
    let told = workspace.json(&["revisions", "--client", "한빛", "--from", "2026-11-01", "--to", "2026-11-30"]);
    let told: Vec<Value> =
        told["revisions"].as_array().expect("revisions").iter().map(|r| json!([r["date"], r["column"], r["old"], r["new"]])).collect();
    assert_eq!(told, [json!(["2026-11-02", "vat", "included", "excluded"]), json!(["2026-11-03", "vat", "included", "excluded"])]);
}

#[tokio::test]
async fn what_a_file_does_not_say_is_asked_for_by_the_option_s_name() {
    let workspace = with_client().await;
    let no_vat = DAYS.replace(",vat,", ",").replace(",included,", ",").replace("합계,,,,,", "합계,,,,");
    let no_platform = no_vat.replace(",channel,", ",").replace(",naver_search,", ",").replace("합계,,,,", "합계,,,");
    for (content, options, option) in [(no_platform.as_str(), &["--vat", "included"][..], "--platform"), (no_vat.as_str(), &[], "--vat")] {
        let path = workspace.file("a.csv", content);
        let answer = workspace.run(&with_json(&[&["import", text(&path), "--client", "한빛"], options].concat()));
        let (code, _, hint) = answer.error();
        assert_eq!(answer.code, 2, "{answer:?}");
        assert!(code.starts_with("file_needs_") && hint.contains(option), "{answer:?}");
    }
    assert_eq!(cost(&workspace), Value::Null);
    let answered = workspace.import("한빛", "a.csv", &no_platform, &["--vat", "excluded", "--platform", "naver_ads", "--currency", "KRW"]);
    assert_eq!((&answered["files"][0]["vat"], &answered["files"][0]["currency"]), (&json!("excluded"), &json!("KRW")));
}

#[tokio::test]
async fn a_bad_line_refuses_the_whole_file() {
    let workspace = with_client().await;
    for (bad, code) in [("11000,1.5", "file_bad_value"), ("-1000,10", "file_negative_count"), ("2062-11-02", "file_date_out_of_range")] {
        let content = match code {
            "file_bad_value" => DAYS.replace(bad, "eleven,1.5"),
            "file_negative_count" => DAYS.replace("1000,10", bad),
            _ => DAYS.replace("2026-11-02", bad),
        };
        let path = workspace.file("bad.csv", &content);
        let answer = workspace.run(&with_json(&["import", text(&path), "--client", "한빛"]));
        let (found, message, _) = answer.error();
        assert_eq!((answer.code, found.as_str()), (1, code), "{answer:?}");
        assert!(message.contains("bad.csv") && message.contains('2'), "{answer:?}");
    }
    assert_eq!(cost(&workspace), Value::Null);
    // Negative money is an adjustment.
    workspace.import(
        "한빛",
        "adjusted.csv",
        &DAYS.replace("11000,1.5,50000", "-11000,-1.5,-50000").lines().take(3).collect::<Vec<_>>().join("\n"),
        &[],
    );
    assert_eq!(cost(&workspace), "11000.5");
}

#[tokio::test]
async fn some_refused_of_several_is_exit_3_and_the_document_says_which() {
    let workspace = with_client().await;
    let good = workspace.file("good.csv", DAYS);
    let bad = workspace.file("bad.csv", "this is no report");
    let missing = workspace.folder.path().join("missing.csv");
    let answer = workspace.run(&["import", text(&bad), text(&good), text(&missing), "--client", "한빛", "--json"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    let document = answer.document();
    assert_eq!(document["files"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["files"][0]["file"], "good.csv");
    let failed: Vec<(&Value, &Value)> =
        document["failed"].as_array().expect("failed").iter().map(|file| (&file["file"], &file["error"]["code"])).collect();
    assert_eq!(failed, [(&json!("bad.csv"), &json!("file_not_a_report")), (&json!("missing.csv"), &json!("file_io"))]);
    assert_eq!(cost(&workspace), "33000.5");

    let all_bad = workspace.run(&["import", text(&bad), text(&missing), "--client", "한빛", "--lang", "en"]);
    assert_eq!((all_bad.code, all_bad.out.as_str()), (1, ""));
    assert!(all_bad.err.contains("bad.csv: ") && all_bad.err.contains("missing.csv: "), "every file is spoken of: {all_bad:?}");
    let all_bad = workspace.run(&["import", text(&bad), text(&missing), "--client", "한빛", "--json"]);
    let document: Value = serde_json::from_str(&all_bad.err).expect("one document");
    assert_eq!((all_bad.code, &document["error"]["code"]), (1, &json!("file_not_a_report")));
    let named: Vec<&Value> = document["failed"].as_array().expect("every file").iter().map(|failed| &failed["file"]).collect();
    assert_eq!(named, ["bad.csv", "missing.csv"]);
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_keeps_nothing() {
    let workspace = with_client().await;
    let preview = workspace.import("한빛", "일별.csv", DAYS, &["--dry-run"]);
    assert_eq!((&preview["dry_run"], &preview["files"][0]["rows_written"]), (&json!(true), &json!(2)));
    assert_eq!(cost(&workspace), Value::Null);
    assert_eq!(workspace.json(&["campaigns", "list", "--client", "한빛"]), json!({ "campaigns": [] }));
    let written = workspace.import("한빛", "일별.csv", DAYS, &[]);
    assert_eq!((written.get("dry_run"), &written["files"][0]["rows_written"]), (None, &json!(2)));
}

#[tokio::test]
async fn several_money_kinds_have_no_single_total() {
    let workspace = with_client().await;
    let mixed = "campaign,date,channel,currency,vat,impressions,clicks,cost\n\
        A,2026-11-02,instagram,USD,excluded,10,1,1.25\nB,2026-11-02,instagram,KRW,included,20,2,1100\nC,2026-11-02,instagram,KRW,excluded,30,3,1000\n";
    let answer = workspace.import("한빛", "섞임.csv", mixed, &[]);
    let file = &answer["files"][0];
    assert_eq!((&file["currency"], &file["vat"], &file["totals"]), (&Value::Null, &Value::Null, &Value::Null));
    let kinds: Vec<Value> = file["totals_by_kind"]
        .as_array()
        .expect("kinds")
        .iter()
        .map(|kind| json!([kind["currency"], kind["vat"], kind["cost"], kind["clicks"]]))
        .collect();
    assert_eq!(kinds.len(), 3);
    for kind in [json!(["KRW", "included", "1100", "2"]), json!(["KRW", "excluded", "1000", "3"]), json!(["USD", "excluded", "1.25", "1"])]
    {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
}

#[tokio::test]
async fn a_mapping_is_given_by_options_and_remembered() {
    let workspace = with_client().await;
    let own = "구분,일자,광고비(원),노출수량\n브랜드,2026-11-02,11000,100\n브랜드,2026-11-03,22000,200\n";
    let map = ["--map", "campaign=구분", "--map", "date=일자", "--map", "cost=광고비(원)", "--map", "impressions=노출수량"];
    let told = [&map[..], &["--platform", "naver_ads", "--vat", "included", "--currency", "KRW"]].concat();
    let first = workspace.import("한빛", "마스터.csv", own, &told);
    assert_eq!(first["files"][0]["totals"]["cost"], "33000");
    let again = workspace.import("한빛", "마스터_다음.csv", &own.replace("2026-11-0", "2026-11-1"), &[]);
    assert_eq!(again["files"][0]["totals"]["cost"], "33000");
    assert_eq!(cost(&workspace), "66000");
    for (wrong, code) in [("campaign", "usage"), ("nonsense=구분", "unknown_field"), ("campaign=없는 열", "file_unknown_column")] {
        let path = workspace.file("마스터.csv", own);
        let answer = workspace.run(&["import", text(&path), "--client", "한빛", "--json", "--map", wrong]);
        assert_eq!((answer.code, answer.error().0.as_str()), (2, code), "{answer:?}");
    }
}
