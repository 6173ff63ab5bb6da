//! Whole answers kept as files in `golden/`, for people to review. `MOA_UPDATE_GOLDEN=1` writes them anew.

use std::path::PathBuf;

use chrono::DateTime;
use serde_json::Value;

/// What differs from run to run: when a row was written, and ids that are drawn.
const TIMES: [&str; 4] = ["seen_at", "created_at", "started_at", "completed_at"];
const DRAWN: [&str; 2] = ["public_id", "id"];

pub(crate) fn json(name: &str, document: &Value) {
    let mut document = document.clone();
    mask(&mut document);
    let text = serde_json::to_string_pretty(&document).expect("JSON") + "\n";
    compare(&format!("{name}.json"), &text);
}

/// An answer for people. Lines that say as of when are left out: they are times.
pub(crate) fn table(name: &str, out: &str) {
    let is_as_of = |line: &&str| line.ends_with(" 기준") || line.contains(": as of ");
    let kept: String = out.lines().filter(|line| !is_as_of(line)).map(|line| format!("{}\n", line.trim_end())).collect();
    assert!(!kept.trim().is_empty(), "{name}: nothing was said");
    compare(&format!("{name}.txt"), &kept);
}

/// The text as it is.
pub(crate) fn text(name: &str, out: &str) {
    compare(&format!("{name}.txt"), out);
}

fn compare(file: &str, now: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(file);
    if std::env::var_os("MOA_UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is writable");
        std::fs::write(&path, now).expect("the file is writable");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        kept == now,
        "{} differs; if the new answer is right, run with MOA_UPDATE_GOLDEN=1\n--- kept\n{kept}\n--- now\n{now}",
        path.display()
    );
}

fn mask(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(entries) => {
            for (key, inner) in entries {
                match inner {
                    Value::String(text) if TIMES.contains(&key.as_str()) => *text = time(text),
                    Value::String(text) if DRAWN.contains(&key.as_str()) => "<id>".clone_into(text),
                    Value::Object(times) if key == "as_of" => {
                        for at in times.values_mut() {
                            *at = Value::String(time(at.as_str().expect("a time")));
                        }
                    }
                    _ => mask(inner),
                }
            }
        }
        _ => {}
    }
}

/// Checked before it is masked: ISO 8601 with a zone.
fn time(text: &str) -> String {
    DateTime::parse_from_rfc3339(text).unwrap_or_else(|error| panic!("{text} is not a time with a zone: {error}"));
    "<time>".to_owned()
}
