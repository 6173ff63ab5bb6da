//! One error type for both doors: a stable code and its context. Sentences are composed at the door, by locale.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use specta::Type;

/// What crosses the border: `{ code, values }`; the window words it by `errors.<code>` of the locale files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ErrorDto {
    /// Stable, for example `import.needs_currency`. The door words it.
    pub code: String,
    /// Values the sentence needs: file, line, column, names. Never a secret.
    pub values: BTreeMap<String, String>,
}

impl fmt::Display for ErrorDto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)
    }
}
