//! Names are data, and people write them in many ways.

use crate::program::{Workspace, with_json};

const NAMES: [&str; 9] = [
    "한빛 쇼핑",
    "\"따옴표\" & 'quotes'",
    "emoji \u{1f980}\u{1f3fd} 광고주",
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "back\\slash",
    "--looks-like-an-option",
    "a,b;c\u{200b}d",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
];

#[tokio::test]
async fn a_name_comes_back_as_it_was_given() {
    let workspace = Workspace::new().await;
    for name in NAMES {
        // After `--` everything is a name.
        let answer = workspace.run(&["--json", "clients", "add", "--", name]);
        assert_eq!(answer.code, 0, "{answer:?}");
        let added = answer.document();
        assert_eq!(added["client"]["name"], name);
        let client = format!("--client={name}");
        let answer = workspace.json(&["kpi", &client, "--from", "2026-11-01", "--to", "2026-11-02"]);
        assert_eq!(answer["client"], name);
    }
    let listed = workspace.json(&["clients", "list"]);
    let names: Vec<&str> =
        listed["clients"].as_array().expect("a list").iter().map(|client| client["name"].as_str().expect("a name")).collect();
    assert_eq!(names.len(), NAMES.len());
    assert!(NAMES.iter().all(|name| names.contains(name)));
    // One line a client, whatever its name holds.
    assert_eq!(workspace.done(&["clients", "list"]).out.lines().count(), NAMES.len() + 1);
}

#[tokio::test]
async fn what_cannot_be_a_name_is_refused() {
    let workspace = Workspace::new().await;
    let too_long = "가".repeat(201);
    for name in ["", "   ", "two\nlines", "tab\there", "bell\u{7}", &too_long] {
        let answer = workspace.run(&with_json(&["clients", "add", name]));
        assert_eq!((answer.code, answer.error().0.as_str()), (2, "invalid_client_name"), "{answer:?}");
    }
    workspace.done(&["clients", "add", &"가".repeat(200)]);
}

#[tokio::test]
async fn the_same_name_in_another_spelling_is_the_same_client() {
    let workspace = Workspace::new().await;
    workspace.done(&["clients", "add", "Café 한빛"]);
    // Decomposed letters, as macOS writes them; blanks around; another case where it is the only one.
    for spelling in ["Cafe\u{301} \u{1112}\u{1161}\u{11ab}\u{1107}\u{1175}\u{11be}", "  Café 한빛 ", "CAFÉ 한빛"] {
        let answer = workspace.json(&["kpi", "--client", spelling, "--from", "2026-11-01", "--to", "2026-11-02"]);
        assert_eq!(answer["client"], "Café 한빛");
    }
    let answer = workspace.run(&["clients", "add", "Cafe\u{301} 한빛", "--json"]);
    assert_eq!((answer.code, answer.error().0.as_str()), (2, "client_name_taken"));
}

#[tokio::test]
async fn an_unknown_client_is_named_with_those_there_are() {
    let workspace = Workspace::new().await;
    let range = ["--from", "2026-11-01", "--to", "2026-11-02"];
    let calls: [&[&str]; 5] = [
        &["kpi", "--client", "없는 곳", range[0], range[1], range[2], range[3]],
        &["campaigns", "list", "--client", "없는 곳"],
        &["revisions", "--client", "없는 곳", range[0], range[1], range[2], range[3]],
        &["report", "--client", "없는 곳", "--period", "daily"],
        &["clients", "edit", "없는 곳", "--vat-rate", "0"],
    ];
    for call in calls {
        let answer = workspace.run(&with_json(call));
        assert_eq!((answer.code, answer.error().0.as_str()), (2, "no_clients"), "{answer:?}");
    }
    workspace.done(&["clients", "add", "한빛"]);
    for call in calls {
        let answer = workspace.run(&with_json(call));
        let (code, message, hint) = answer.error();
        assert_eq!((answer.code, code.as_str()), (2, "unknown_client"), "{answer:?}");
        assert!(message.contains("없는 곳") && hint.contains("한빛"), "{answer:?}");
    }
}
