//! `moa apps`, `connect`, `accounts`, `sync`, `reconcile` against the sandbox, program by program as a scheduled task would.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use moa_sandbox::{Fault, Sandbox, Trouble, World, browser, google, naver};
use serde_json::{Value, json};

use crate::program::{Answer, Workspace, answered, finished};

/// A workspace with one client, a sandbox of the tests' own morning, and an endpoints file that leads there.
struct Office {
    workspace: Workspace,
    sandbox: Sandbox,
}

const CLIENT: &str = "한빛침구";

impl Office {
    async fn open() -> Self {
        let now = "2026-11-23T00:00:00Z".parse().expect("a time");
        let sandbox = Sandbox::start(World::agency(5, now), 0).await.expect("a free port");
        let workspace = Workspace::new().await;
        workspace.file("endpoints.toml", &sandbox.endpoints_file(200));
        workspace.done(&["clients", "add", CLIENT]);
        Self { workspace, sandbox }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.workspace.command();
        command.args(arguments).args(["--endpoints", "endpoints.toml", "--json"]);
        command
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        self.with_input(arguments, "")
    }

    fn with_input(&self, arguments: &[&str], input: &str) -> Answer {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        // A program that refuses its arguments does not wait for input.
        let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
        answered(&format!("{arguments:?}"), child.wait_with_output().expect("it ends"))
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.run(arguments);
        assert_eq!(answer.code, 0, "{answer:?}");
        answer.document()
    }

    fn connect_naver(&self, secret: &str) -> Answer {
        let arguments = [
            "connect",
            "naver_ads",
            "--client",
            CLIENT,
            "--customer-id",
            "3100001",
            "3100002",
            "--api-key",
            naver::LICENSE,
            "--secret-stdin",
        ];
        self.with_input(&arguments, &format!("{secret}\n"))
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_connect_and_the_morning_brings_figures_once() {
    let office = Office::open().await;
    let connected = office.connect_naver(naver::SECRET);
    assert_eq!(connected.code, 0, "{connected:?}");
    let listed = office.json(&["accounts", "list"]);
    let account = &listed["accounts"][0];
    let contract =
        ["id", "platform", "account_id", "account_name", "client", "currency", "time_zone", "health", "last_sync", "expires_at", "cure"];
    assert!(contract.iter().all(|key| keys(account).contains(key)), "{account}");
    assert_eq!((&account["health"], &account["client"], &account["currency"]), (&json!("late"), &json!(CLIENT), &json!("KRW")));
    assert!(account["cure"].is_string());

    let synced = office.json(&["sync", "--from", "2026-11-10", "--to", "2026-11-22"]);
    let runs = synced["runs"].as_array().expect("runs");
    let contract = [
        "account_id",
        "platform",
        "sync_type",
        "status",
        "from",
        "to",
        "records_synced",
        "restated",
        "requests",
        "started_at",
        "completed_at",
        "error",
    ];
    assert!(runs.len() == 2 && contract.iter().all(|key| keys(&runs[0]).contains(key)), "{synced}");
    assert!(runs.iter().all(|run| run["status"] == "success" && run["records_synced"].as_u64() > Some(0)), "{synced}");
    office.json(&["sync"]);
    let again = office.json(&["sync"]);
    assert!(again["runs"].as_array().expect("runs").iter().all(|run| run["records_synced"] == 0 && run["restated"] == 0), "{again}");
    assert!(office.json(&["accounts", "list"])["accounts"].as_array().expect("a list").iter().all(|account| account["health"] == "fresh"));

    let compared = office.json(&["reconcile", "--client", CLIENT, "--from", "2026-11-10", "--to", "2026-11-22"]);
    let days = compared["days"].as_array().expect("days");
    assert_eq!(days.len(), 26);
    assert!(["date", "account_id", "ours", "theirs", "difference", "reason"].iter().all(|key| keys(&days[0]).contains(key)), "{}", days[0]);
    assert!(days.iter().all(|day| day["reason"] == "equal" && day["difference"] == "0"), "{compared}");
    let revisions = office.json(&["revisions", "--client", CLIENT, "--from", "2026-11-01", "--to", "2026-11-22"]);
    assert_eq!(revisions["revisions"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_sign_in_by_the_address_on_standard_error() {
    let office = Office::open().await;
    let no_app = office.run(&["connect", "google_ads", "--client", CLIENT, "--no-browser"]);
    assert_eq!((no_app.code, no_app.error().0.as_str()), (2, "sign_in.no_app"));
    let set = office.with_input(&["apps", "set", "google_ads", "--client-id", google::CLIENT_ID, "--secret-stdin"], google::CLIENT_SECRET);
    assert_eq!(set.code, 0, "{set:?}");
    assert_eq!(set.document(), json!({ "app": { "platform": "google_ads", "client_id": google::CLIENT_ID, "has_secret": true } }));

    let mut command = office.command(&["connect", "google_ads", "--client", CLIENT, "--all-accounts", "--no-browser", "--timeout", "30"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stderr.take().expect("piped")).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("authorize: ").expect("the contract's own line").to_owned();
    browser::sign_in(&address, &office.sandbox.origin()).await.expect("a page");
    let answer = answered("connect", child.wait_with_output().expect("it ends"));
    assert_eq!(answer.code, 0, "{answer:?}");
    let accounts = answer.document()["accounts"].clone();
    let mut found: Vec<&str> = accounts.as_array().expect("a list").iter().filter_map(|account| account["account_id"].as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, ["6120034477", "6120034488"]);
    let synced = office.json(&["sync", "--account", "612-003-4488", "--from", "2026-11-10", "--to", "2026-11-20"]);
    assert_eq!((synced["runs"].as_array().map(Vec::len), &synced["runs"][0]["status"]), (Some(1), &json!("success")));

    let denied = office.run(&["connect", "google_ads", "--client", CLIENT, "--no-browser", "--timeout", "1"]);
    assert_eq!(denied.code, 1);
    assert!(denied.err.contains("sign_in.timeout"), "{denied:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_said_with_its_account_and_exits_as_promised() {
    let office = Office::open().await;
    let wrong = office.connect_naver("not the secret".replace(' ', "-").as_str());
    let (code, message, hint) = wrong.error();
    assert_eq!((wrong.code, code.as_str()), (1, "sign_in.keys_refused"));
    assert!(message.contains("3100001") && !hint.is_empty() && !wrong.err.contains("not-the-secret"), "{wrong:?}");
    assert_eq!(office.json(&["accounts", "list"]), json!({ "accounts": [] }));
    assert_eq!(office.json(&["sync"]), json!({ "runs": [] }));

    assert_eq!(office.connect_naver(naver::SECRET).code, 0);
    office.sandbox.faults.set(Fault::always(Trouble::Forbidden("3100002".to_owned()), ""));
    let part = office.run(&["sync"]);
    assert_eq!(part.code, 3, "{part:?}");
    let document = part.document();
    let failed = document["runs"].as_array().expect("runs").iter().find(|run| run["account_id"] == "3100002").expect("a run");
    assert_eq!((&failed["status"], &failed["error"]["code"]), (&json!("failed"), &json!("platform.no_access")));
    assert!(failed["error"]["message"].as_str().is_some_and(|text| text.contains("3100002")));
    assert!(failed["error"]["hint"].as_str().is_some_and(|text| !text.is_empty()));
    office.sandbox.faults.clear();

    for (arguments, code) in [
        (["sync", "--account", "999"], "account.unknown"),
        (["sync", "--client", "모르는"], "unknown_client"),
        (["accounts", "disconnect", "999"], "account.unknown"),
        (["connect", "naver_gfa", "--client=한빛침구"], "connect.no_such_platform"),
    ] {
        let answer = office.run(&arguments);
        assert_eq!((answer.code, answer.error().0.as_str()), (2, code), "{arguments:?}");
    }

    let given = office.json(&["accounts", "disconnect", "3100002"]);
    assert_eq!(given["account"]["health"], "file_only");
    office.workspace.file("bad.toml", "[origins]\n\"https://graph.facebook.com\" = \"https://example.org\"\n");
    let elsewhere = office.workspace.run(&["accounts", "list", "--endpoints", "bad.toml", "--json"]);
    assert_eq!((elsewhere.code, elsewhere.error().0.as_str()), (2, "endpoints.not_loopback"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keychain_that_is_none_is_refused_before_anything_is_opened() {
    let office = Office::open().await;
    let mut command = office.command(&["accounts", "list"]);
    let answer = finished(command.env("MOA_KEYCHAIN", "zzz"));
    let (code, _, hint) = answer.error();
    assert_eq!((answer.code, code.as_str()), (2, "host_invalid_keychain"));
    assert!(hint.contains("file"), "{answer:?}");
}
