//! Channels (채널): placement families. The eight of the original document and the others platforms have.

use std::fmt;

/// A channel's code, as in `channels.name`: `google_search`, `facebook`, `naver_search`, `meta_all` …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelCode(String);

impl ChannelCode {
    /// Lower-cases and keeps letters, digits and `_` of any script; a file may name a channel of its own.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let code: String = text.trim().to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(100).collect();
        Self(code)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChannelCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
