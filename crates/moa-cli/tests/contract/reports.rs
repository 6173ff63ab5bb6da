//! `moa report`: which days it covers, where its files go, that its figures are those of `moa kpi`.

use serde_json::{Value, json};

use crate::figures;
use crate::program::{Workspace, text, with_json};

const HANBIT: &str = "한빛 쇼핑";

fn report(workspace: &Workspace, options: &[&str]) -> Value {
    let pdf = workspace.folder.path().join("out/보고서.pdf");
    let mut arguments = vec!["report", "--client", HANBIT, "--pdf", text(&pdf), "--json"];
    arguments.extend(options);
    let answer = workspace.run(&arguments);
    assert!([0, 3].contains(&answer.code), "{answer:?}");
    assert!(std::fs::read(&pdf).expect("the report is there").starts_with(b"%PDF-"));
    std::fs::remove_file(&pdf).expect("ours");
    let document = answer.document();
    assert_eq!(document["reports"][0]["pdf"], text(&pdf));
    document["reports"][0].clone()
}

#[tokio::test]
async fn a_report_covers_the_period_of_its_date_or_the_last_finished_one() {
    let (workspace, _) = figures::workspace().await;
    for (options, from, to) in [
        (&["--period", "daily"][..], "2026-11-22", "2026-11-22"),
        (&["--period", "daily", "--date", "2026-11-10"], "2026-11-10", "2026-11-10"),
        (&["--period", "weekly"], "2026-11-16", "2026-11-22"),
        (&["--period", "weekly", "--date", "2026-10-29"], "2026-10-26", "2026-11-01"),
        (&["--period", "monthly"], "2026-10-01", "2026-10-31"),
        (&["--period", "monthly", "--date", "2024-02-29"], "2024-02-01", "2024-02-29"),
        (&["--period", "custom", "--from", "2026-11-03", "--to", "2026-11-09"], "2026-11-03", "2026-11-09"),
    ] {
        let report = report(&workspace, options);
        assert_eq!((&report["from"], &report["to"]), (&json!(from), &json!(to)), "{options:?}");
        assert_eq!((&report["client"], &report["period"]), (&json!(HANBIT), &json!(options[1])));
        for key in ["id", "client", "period", "from", "to", "status", "held_for", "pdf", "xlsx"] {
            assert!(report.get(key).is_some(), "{key}");
        }
        assert_eq!(report["xlsx"], Value::Null);
    }
}

#[tokio::test]
async fn without_a_file_named_both_are_made_in_the_reports_folder() {
    let (workspace, _) = figures::workspace().await;
    let answer = workspace.run(&with_json(&["report", "--client", HANBIT, "--period", "monthly", "--date", "2026-10-15"]));
    let report = &answer.document()["reports"][0];
    for (kind, start) in [("pdf", &b"%PDF-"[..]), ("xlsx", b"PK")] {
        let path = report[kind].as_str().expect("a path");
        assert!(path.contains("data") && path.contains("reports") && path.ends_with(kind), "{path}");
        assert!(std::fs::read(path).expect("the file is there").starts_with(start));
    }
}

#[tokio::test]
async fn a_report_that_cannot_be_made_says_why() {
    let (workspace, _) = figures::workspace().await;
    let custom = workspace.run(&with_json(&["report", "--client", HANBIT, "--period", "custom"]));
    assert_eq!((custom.code, custom.error().0.as_str()), (2, "usage"));
    let backwards =
        workspace.run(&with_json(&["report", "--client", HANBIT, "--period", "custom", "--from", "2026-11-09", "--to", "2026-11-03"]));
    assert_eq!((backwards.code, backwards.error().0.as_str()), (2, "range_backwards"));
    let in_the_way = workspace.file("a-file", "not a folder");
    let target = in_the_way.join("report.pdf");
    let unwritable = workspace.run(&with_json(&["report", "--client", HANBIT, "--period", "daily", "--pdf", text(&target)]));
    assert_eq!((unwritable.code, unwritable.error().0.as_str()), (1, "write_failed"));
}
