//! The built program on a workspace of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use moa_testing::TestDatabase;
use serde_json::Value;

/// The morning all tests happen on, a Monday.
const NOW: &str = "2026-11-23T09:00:00+09:00";

/// A database and a folder for files. The database is removed with it.
pub(crate) struct Workspace {
    pub(crate) folder: tempfile::TempDir,
    url: String,
    _database: Option<TestDatabase>,
}

/// What a call gave.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) call: String,
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Workspace {
    pub(crate) async fn new() -> Self {
        Self::on(moa_testing::database().await)
    }

    pub(crate) fn on(database: TestDatabase) -> Self {
        Self { folder: folder(), url: database.url.clone(), _database: Some(database) }
    }

    /// On an address that need not lead anywhere.
    pub(crate) fn at(url: &str) -> Self {
        Self { folder: folder(), url: url.to_owned(), _database: None }
    }

    /// Runs `moa` on the workspace's database.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Answer {
        finished(self.command().args(arguments))
    }

    /// The program with its surroundings, before its arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = program();
        command.env("MOA_DATABASE_URL", &self.url).env("MOA_DATA_DIR", self.folder.path().join("data")).current_dir(self.folder.path());
        command
    }

    /// The answer's document; the call must have worked.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.run(&with_json(arguments));
        assert_eq!(answer.code, 0, "{answer:?}");
        answer.document()
    }

    /// The call must work.
    pub(crate) fn done(&self, arguments: &[&str]) -> Answer {
        let answer = self.run(arguments);
        assert_eq!(answer.code, 0, "{answer:?}");
        answer
    }

    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("the folder is ours");
        path
    }

    /// Imports a plain CSV for a client.
    pub(crate) fn import(&self, client: &str, name: &str, content: &str, options: &[&str]) -> Value {
        let path = self.file(name, content);
        let mut arguments = vec!["import", text(&path), "--client", client];
        arguments.extend(options);
        self.json(&arguments)
    }
}

impl Answer {
    /// Standard output, which must be one document and nothing else.
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{}: not one JSON document ({error}): {self:?}", self.call))
    }

    /// Code, message and hint of the error document on standard error; standard output must be empty.
    pub(crate) fn error(&self) -> (String, String, String) {
        assert_eq!(self.out, "", "an error leaves standard output empty: {self:?}");
        let document: Value =
            serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{}: not one JSON document ({error}): {self:?}", self.call));
        let keys: Vec<&String> = document["error"].as_object().expect("an error").keys().collect();
        assert_eq!(keys, ["code", "hint", "message"], "{self:?}");
        let part = |name: &str| document["error"][name].as_str().expect("text").to_owned();
        assert!(!part("message").is_empty(), "{self:?}");
        (part("code"), part("message"), part("hint"))
    }
}

/// The program, in surroundings that are the same on every machine, on no workspace.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moa"));
    for variable in ["MOA_DATABASE_URL", "MOA_DATA_DIR", "MOA_ENDPOINTS", "MOA_LOG"] {
        command.env_remove(variable);
    }
    command.env("MOA_NOW", NOW).env("MOA_KEYCHAIN", "file").env("TZ", "Asia/Seoul").env("COLUMNS", "100").stdin(Stdio::null());
    command
}

/// Runs a call that needs no workspace.
pub(crate) fn call(arguments: &[&str]) -> Answer {
    finished(program().args(arguments))
}

pub(crate) fn finished(command: &mut Command) -> Answer {
    let call = format!("{:?}", command.get_args().collect::<Vec<_>>());
    answered(&call, command.output().expect("the program starts"))
}

/// What a program that has ended gave.
pub(crate) fn answered(call: &str, output: Output) -> Answer {
    let utf8 = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Answer { call: call.to_owned(), code: output.status.code().unwrap_or(-1), out: utf8(output.stdout), err: utf8(output.stderr) }
}

pub(crate) fn with_json<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--json"]].concat()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}
