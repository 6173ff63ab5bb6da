//! Wording a stable code by the `errors` locale file. The window does the same from the same file.

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
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Worded { message: text(lang, &format!("{key}.message"), &values), hint: text(lang, &format!("{key}.hint"), &values) }
}
