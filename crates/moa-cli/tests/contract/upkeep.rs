//! `moa backup`, `moa restore`, `moa doctor`, on every server the tests are given.

use serde_json::{Value, json};

use crate::figures::fill;
use crate::program::{Workspace, text, with_json};

const QUESTIONS: [&[&str]; 6] = [
    &["kpi", "--all", "--from", "2023-01-01", "--to", "2026-11-30", "--by", "month"],
    &["kpi", "--client", "한빛 쇼핑", "--from", "2026-11-01", "--to", "2026-11-22", "--by", "campaign", "--basis", "gross"],
    &["kpi", "--client", "한빛 쇼핑", "--from", "2026-11-01", "--to", "2026-11-22", "--by", "keyword"],
    &["kpi", "--client", "한빛 쇼핑", "--from", "2026-11-16", "--to", "2026-11-22", "--by", "hour"],
    &["campaigns", "list", "--client", "한빛 쇼핑"],
    &["revisions", "--client", "한빛 쇼핑", "--from", "2026-11-01", "--to", "2026-11-30"],
];

fn answers(workspace: &Workspace) -> Vec<Value> {
    QUESTIONS.iter().map(|question| workspace.json(question)).collect()
}

#[tokio::test]
async fn a_backup_of_one_server_is_restored_on_another_with_the_same_answers() {
    let databases = moa_testing::databases().await;
    let majors: Vec<u32> = databases.iter().map(|database| database.server_major).collect();
    assert!(majors.contains(&15) && majors.contains(&18), "{majors:?}");
    let workspaces: Vec<Workspace> = databases.into_iter().map(Workspace::on).collect();
    for from in &workspaces {
        if from.json(&["clients", "list"])["clients"] == json!([]) {
            fill(from);
        }
        let before = answers(from);
        let backup = from.folder.path().join("작업 공간.moa.zip");
        let written = from.json(&["backup", text(&backup)]);
        assert_eq!(written["bytes"], std::fs::metadata(&backup).expect("the backup").len());
        for database in moa_testing::databases().await {
            let major = database.server_major;
            let to = Workspace::on(database);
            let restored = to.json(&["restore", text(&backup)]);
            assert_eq!((&restored["rows"], &restored["tables"]), (&written["rows"], &written["tables"]));
            assert_eq!(answers(&to), before, "restored on {major}");
            assert_eq!(to.run(&["doctor"]).code, 0, "{major}");
            // A workspace in use is not overwritten.
            let again = to.run(&with_json(&["restore", text(&backup)]));
            assert_eq!((again.code, again.error().0.as_str()), (1, "restore.not_empty"));
            // What is written after a restore gets ids of its own.
            to.done(&["clients", "add", "새 광고주"]);
        }
    }
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_or_read_changes_nothing() {
    let workspace = Workspace::new().await;
    let old = workspace.file("old.zip", "not a backup");
    let damaged = workspace.run(&with_json(&["restore", text(&old)]));
    assert_eq!((damaged.code, damaged.error().0.as_str()), (1, "restore.bad_backup"));
    let missing = workspace.run(&with_json(&["restore", "nowhere.zip"]));
    assert_eq!((missing.code, missing.error().0.as_str()), (1, "backup_file"));
    let into_a_file = old.join("backup.zip");
    let unwritable = workspace.run(&with_json(&["backup", text(&into_a_file)]));
    assert_eq!((unwritable.code, unwritable.error().0.as_str()), (1, "backup_file"));

    fill(&workspace);
    let backup = workspace.folder.path().join("whole.zip");
    workspace.done(&["backup", text(&backup)]);
    let mut bytes = std::fs::read(&backup).expect("the backup");
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&old, bytes).expect("ours");
    let empty = Workspace::new().await;
    let cut = empty.run(&with_json(&["restore", text(&old)]));
    assert_eq!((cut.code, cut.error().0.as_str()), (1, "restore.bad_backup"));
    assert_eq!(empty.json(&["clients", "list"]), json!({ "clients": [] }));
    empty.done(&["restore", text(&backup)]);
}

#[tokio::test]
async fn doctor_names_its_checks_and_exits_with_1_when_one_failed() {
    let workspace = Workspace::new().await;
    fill(&workspace);
    let document = workspace.json(&["doctor"]);
    for check in document["checks"].as_array().expect("checks") {
        let keys: Vec<&String> = check.as_object().expect("a check").keys().collect();
        assert_eq!(keys, ["cure", "detail", "name", "state"]);
        assert!(["ok", "warning"].contains(&check["state"].as_str().expect("a state")), "{check}");
    }
    let state_of = |document: &Value, name: &str| {
        document["checks"].as_array().expect("checks").iter().find(|check| check["name"] == name).map(|check| check["state"].clone())
    };
    assert_eq!(state_of(&document, "database"), Some(json!("ok")));
    assert_eq!(state_of(&document, "keychain"), Some(json!("warning")), "MOA_KEYCHAIN=file is said plainly");

    let nowhere = Workspace::at("postgres://nobody@127.0.0.1:1/none");
    let answer = nowhere.run(&["doctor", "--json"]);
    assert_eq!((answer.code, state_of(&answer.document(), "database")), (1, Some(json!("failed"))), "{answer:?}");
    assert_eq!(answer.err, "");
}

/// A limit on how large a file may get stands for a disk that fills up: the write fails in the middle.
#[cfg(unix)]
#[tokio::test]
async fn a_backup_that_does_not_fit_leaves_the_old_one_whole() {
    let workspace = Workspace::new().await;
    fill(&workspace);
    let backup = workspace.folder.path().join("backup.zip");
    workspace.done(&["backup", text(&backup)]);
    let before = std::fs::read(&backup).expect("the backup");

    let limited = "ulimit -f 8; trap '' XFSZ; exec \"$0\" \"$@\"";
    let command = workspace.command();
    let program = command.get_program().to_owned();
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(limited).arg(program).args(["backup", text(&backup), "--json"]);
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(workspace.folder.path());
    let answer = crate::program::finished(&mut shell);
    let (code, message, _) = answer.error();
    assert_eq!((answer.code, code.as_str()), (1, "backup_file"), "{answer:?}");
    assert!(message.contains("backup.zip"), "{answer:?}");
    assert!(std::fs::read(&backup).expect("still there") == before, "the old backup is whole");
    let left: Vec<_> = std::fs::read_dir(workspace.folder.path())
        .expect("listed")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| name.to_string_lossy().contains("partial"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() {
    let database = moa_testing::database().await;
    let mut connection = database.superuser().await;
    let workspace = Workspace::on(database);
    let newer = "update workspace set schema_version = 999, compatible_from = 999";
    sqlx::query(newer).execute(&mut connection).await.expect("a superuser may");
    for call in [&["clients", "list"][..], &["demo"], &["clients", "add", "한빛"]] {
        let answer = workspace.run(&with_json(call));
        let (code, message, hint) = answer.error();
        assert_eq!((answer.code, code.as_str()), (1, "database.schema_newer"), "{answer:?}");
        assert!(message.contains("999") && hint.contains("Moa"), "{answer:?}");
    }
    assert_eq!(workspace.run(&["doctor"]).code, 1);
}
