//! Standard output and standard error: one JSON document, or tables for people.

use std::io::{ErrorKind, Write};
use std::sync::OnceLock;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use moa_api::ErrorDto;
use moa_api::words::worded;
use moa_text::{Lang, text};
use serde::Serialize;
use serde_json::json;

use crate::failure::Failure;

pub(crate) struct Console {
    pub(crate) json: bool,
    asked: Option<Lang>,
    workspace: OnceLock<Lang>,
    /// Why standard output took no more.
    unwritten: OnceLock<String>,
}

impl Console {
    pub(crate) fn new(json: bool, asked: Option<Lang>) -> Self {
        Self { json, asked, workspace: OnceLock::new(), unwritten: OnceLock::new() }
    }

    /// The language asked for, else the workspace's, else Korean.
    pub(crate) fn lang(&self) -> Lang {
        self.asked.or_else(|| self.workspace.get().copied()).unwrap_or(Lang::Ko)
    }

    pub(crate) fn learn_lang(&self, code: &str) {
        self.workspace.get_or_init(|| if code == "en" { Lang::En } else { Lang::Ko });
    }

    /// The one document of `--json`.
    pub(crate) fn document(&self, document: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(document).map_err(|error| Failure::internal(&error))?;
        self.line(&text);
        Ok(())
    }

    pub(crate) fn line(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            Ok(()) => {}
            // A reader that closed the pipe (`| head`) wants no more; that is no failure of ours.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) => {
                self.unwritten.get_or_init(|| error.to_string());
            }
        }
    }

    /// What a person should see beside the answer, on standard error.
    pub(crate) fn aside(&self, text: &str) {
        // With nowhere to say it, nothing is lost: the answer stands on standard output.
        drop(writeln!(std::io::stderr().lock(), "{text}"));
    }

    /// A failure inside an answer, worded: `{"code","message","hint"}`.
    pub(crate) fn error_value(&self, error: &ErrorDto) -> serde_json::Value {
        let words = worded(self.lang(), error);
        json!({ "code": error.code, "message": words.message, "hint": words.hint })
    }

    /// A sentence or word of the command line, by its key in the `cli` locale file.
    pub(crate) fn word(&self, key: &str, values: &[(&str, &str)]) -> String {
        text(self.lang(), &format!("cli.{key}"), values)
    }

    /// The name of a column.
    pub(crate) fn column(&self, name: &str) -> String {
        self.word(&format!("column.{name}"), &[])
    }

    pub(crate) fn columns(&self, names: &[&str]) -> Vec<String> {
        names.iter().map(|name| self.column(name)).collect()
    }

    /// The exit code, unless the answer did not reach its reader whole.
    pub(crate) fn ended(&self, code: i32) -> i32 {
        match self.unwritten.get() {
            Some(reason) => self.fail(&Failure::failed("output_failed", reason)),
            None => code,
        }
    }

    /// A table: text columns to the left, the others to the right.
    pub(crate) fn table(&self, headers: &[String], left: usize, rows: Vec<Vec<String>>) {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(headers.iter().enumerate().map(|(at, text)| aligned(text, at, left)));
        for row in rows {
            table.add_row(row.iter().enumerate().map(|(at, text)| aligned(text, at, left)));
        }
        self.line(&table.trim_fmt());
    }

    /// One sentence and one hint on standard error; gives the exit code.
    pub(crate) fn fail(&self, failure: &Failure) -> i32 {
        self.say_failure(None, failure)
    }

    /// The same with the file it is about in front.
    pub(crate) fn fail_about(&self, file: &str, failure: &Failure) -> i32 {
        self.say_failure(Some(file), failure)
    }

    /// Several files that all failed: for a program one document, which names every one of them.
    pub(crate) fn fail_all(&self, failures: &[(&str, Failure)], exit: i32) -> i32 {
        let ([(first, failure), ..], true) = (failures, self.json && failures.len() > 1) else {
            failures.iter().for_each(|(file, failure)| _ = self.fail_about(file, failure));
            return exit;
        };
        let mut document = json!({ "error": self.error(Some(first), failure) });
        document["failed"] = failures.iter().map(|(file, failure)| json!({ "file": file, "error": self.error(None, failure) })).collect();
        // With nowhere to say it, the exit code says it.
        drop(writeln!(std::io::stderr().lock(), "{document}"));
        exit
    }

    fn error(&self, file: Option<&str>, failure: &Failure) -> serde_json::Value {
        let words = worded(self.lang(), &failure.error);
        let message = file.map_or_else(|| words.message.clone(), |file| format!("{file}: {}", words.message));
        json!({ "code": failure.error.code, "message": message, "hint": words.hint })
    }

    fn say_failure(&self, file: Option<&str>, failure: &Failure) -> i32 {
        let mut words = worded(self.lang(), &failure.error);
        if let Some(file) = file {
            words.message = format!("{file}: {}", words.message);
        }
        let mut err = std::io::stderr().lock();
        let written = if self.json {
            writeln!(err, "{}", json!({ "error": self.error(file, failure) }))
        } else if words.hint.is_empty() {
            writeln!(err, "{}", words.message)
        } else {
            writeln!(err, "{}\n{}", words.message, words.hint)
        };
        // With nowhere to say it, the exit code says it.
        drop(written);
        failure.exit
    }
}

fn aligned(text: &str, at: usize, left: usize) -> Cell {
    Cell::new(text).set_alignment(if at < left { CellAlignment::Left } else { CellAlignment::Right })
}
