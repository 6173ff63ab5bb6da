//! An import that is cut off in the middle: by the death of the program, of its connection, or beside another import. Held at a known place
//! by a lock on a table it still has to write, so nothing depends on how quick a machine is.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::program::{Workspace, answered, text};

/// Rows are written before the roll-ups are, and both belong to the one transaction.
const HOLD: &str = "begin; lock table roll_client_day in access exclusive mode";
const LIMIT: Duration = Duration::from_secs(60);

async fn ask(connection: &mut PgConnection, sql: &str) -> i64 {
    // Within a transaction the list of sessions stays as it was first seen, unless it is asked for anew.
    tell(connection, "select pg_stat_clear_snapshot()").await;
    let (number,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(connection).await.expect("an answer");
    number
}

async fn tell(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(connection).await.expect("done");
}

/// Waits until as many of the program's sessions as `count` wait for a lock.
async fn until_held(connection: &mut PgConnection, count: i64) {
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'Moa%' and wait_event_type = 'Lock'";
    until(connection, waiting, count).await;
}

async fn until(connection: &mut PgConnection, sql: &str, count: i64) {
    let deadline = Instant::now() + LIMIT;
    while ask(connection, sql).await != count {
        assert!(Instant::now() < deadline, "{sql} did not become {count}");
        tokio::task::yield_now().await;
    }
}

const PLAIN: &str = "campaign,date,channel,currency,vat,impressions,clicks,cost,conversions,revenue\n\
    파워링크,2026-11-02,naver_search,KRW,excluded,1000,10,11000,1,50000\n\
    쇼핑검색,2026-11-03,naver_shopping,KRW,excluded,2000,20,22000,2,70000\n";

struct Office {
    workspace: Workspace,
    connection: PgConnection,
}

impl Office {
    async fn new() -> Self {
        let database = moa_testing::database().await;
        let connection = database.superuser().await;
        let workspace = Workspace::on(database);
        workspace.done(&["clients", "add", "한빛"]);
        Self { workspace, connection }
    }

    fn start_import(&self, name: &str, content: &str) -> Child {
        let path = self.workspace.file(name, content);
        let mut command = self.workspace.command();
        command.args(["import", text(&path), "--client", "한빛", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    }

    fn rows(&self) -> Value {
        self.workspace.json(&["kpi", "--client", "한빛", "--from", "2026-11-01", "--to", "2026-11-30", "--by", "campaign"])["rows"].clone()
    }

    fn cost(&self) -> Value {
        let answer = self.workspace.json(&["kpi", "--client", "한빛", "--from", "2026-11-01", "--to", "2026-11-30"]);
        answer["rows"].get(0).map_or(Value::Null, |row| row["cost"].clone())
    }
}

#[tokio::test]
async fn a_program_killed_while_it_writes_leaves_nothing_or_what_was_there() {
    let mut office = Office::new().await;
    // First into an empty workspace, then over figures that are there.
    let restated = PLAIN.replace("11000", "99000");
    for content in [PLAIN, &restated] {
        let before = office.rows();
        tell(&mut office.connection, HOLD).await;
        let mut import = office.start_import("days.csv", content);
        until_held(&mut office.connection, 1).await;
        import.kill().expect("it runs");
        import.wait().expect("it ends");
        tell(&mut office.connection, "rollback").await;
        until(
            &mut office.connection,
            "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'Moa%'",
            0,
        )
        .await;
        assert_eq!(office.rows(), before);
        assert_eq!(office.workspace.run(&["doctor"]).code, 0);
        let again = office.workspace.import("한빛", "days.csv", content, &[]);
        assert_eq!(again["files"][0]["rows_read"], 2);
    }
    assert_eq!(office.cost(), "121000");
}

#[tokio::test]
async fn a_database_that_goes_away_while_it_is_written_is_said_so() {
    let mut office = Office::new().await;
    tell(&mut office.connection, HOLD).await;
    let import = office.start_import("days.csv", PLAIN);
    until_held(&mut office.connection, 1).await;
    let end =
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and application_name like 'Moa%'";
    assert!(ask(&mut office.connection, end).await > 0);
    let answer = answered("import", import.wait_with_output().expect("it ends"));
    let (code, message, hint) = answer.error();
    assert_eq!((answer.code, code.as_str()), (1, "database.gone"), "{answer:?}");
    assert!(message.contains("days.csv") && !hint.is_empty());
    tell(&mut office.connection, "rollback").await;
    assert_eq!(office.rows(), json!([]));
    office.workspace.import("한빛", "days.csv", PLAIN, &[]);
    assert_eq!(office.cost(), "33000");
}

#[tokio::test]
async fn two_imports_of_one_file_at_once_count_it_once() {
    let mut office = Office::new().await;
    // The account is there, so that both write to the same one.
    office.workspace.import("한빛", "first.csv", &PLAIN.replace("2026-11", "2026-10"), &[]);
    tell(&mut office.connection, HOLD).await;
    let imports = [office.start_import("days.csv", PLAIN), office.start_import("days.csv", PLAIN)];
    until_held(&mut office.connection, 2).await;
    tell(&mut office.connection, "rollback").await;
    let mut written = Vec::new();
    for import in imports {
        let answer = answered("import", import.wait_with_output().expect("it ends"));
        assert_eq!(answer.code, 0, "{answer:?}");
        let file = answer.document()["files"][0].clone();
        written.push((file["rows_written"].as_u64().expect("a count"), file["rows_unchanged"].as_u64().expect("a count")));
    }
    written.sort_unstable();
    assert_eq!(written, [(0, 2), (2, 0)]);
    assert_eq!(office.cost(), "33000");
}
