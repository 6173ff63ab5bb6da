//! Wording a stable code by the `errors` locale file. The window does the same from the same file.

use std::collections::BTreeMap;

use moa_text::{Lang, has_text, text};

use crate::error::ErrorDto;

/// A sentence and a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    pub message: String,
    pub hint: String,
}

/// Words a code; a code without words of its own takes those of its family (`host_…`), else says itself.
#[must_use]
pub fn worded(lang: Lang, error: &ErrorDto) -> Worded {
    let own = format!("errors.{}", error.code);
    let family = format!("errors.{}", error.code.split('_').next().unwrap_or_default());
    let key = [own, family].into_iter().find(|key| has_text(lang, &format!("{key}.message")));
    let Some(key) = key else {
        let values = error.values.values().cloned().collect::<Vec<_>>().join(", ");
        return Worded { message: format!("{}: {values}", error.code), hint: String::new() };
    };
    let mut values = error.values.clone();
    if let Some(code) = values.get("platform") {
        let name = format!("shared.platform.{code}");
        if has_text(lang, &name) {
            values.insert("platform".to_owned(), text(lang, &name, &[]));
        }
    }
    if let Some(why) = values.get("why") {
        let reason = format!("errors.why.{why}");
        if has_text(lang, &reason) {
            values.insert("why".to_owned(), text(lang, &reason, &[]));
        }
    }
    named(&mut values);
    let said = said(&values);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let hint = text(lang, &format!("{key}.hint"), &values);
    let hint = if error.code.starts_with("platform.") && !said.is_empty() { format!("{hint} ({said})") } else { hint };
    Worded { message: text(lang, &format!("{key}.message"), &values), hint }
}

/// `who`: the platform and, where it is about one, the account.
fn named(values: &mut BTreeMap<String, String>) {
    let of = |name: &str| values.get(name).map(String::as_str).unwrap_or_default();
    let who = format!("{} {}", of("platform"), of("account"));
    values.insert("who".to_owned(), who.trim().to_owned());
}

/// What the platform itself said: status, code and sentence, as its support asks for them.
fn said(values: &BTreeMap<String, String>) -> String {
    let parts = ["status", "vendor_code", "detail"].into_iter().filter_map(|name| values.get(name)).filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}
