//! Where platforms are: their own origins, unless a file puts a server of one's own in their place.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

/// Origins replaced for tests, and by how much the pauses platforms demand are shortened there. Only loopback may stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Origin as the platform has it → origin to use.
    origins: BTreeMap<String, Url>,
    divide_pauses_by: u32,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self { origins: BTreeMap::new(), divide_pauses_by: 1 }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum EndpointsError {
    #[error("the endpoints file {path} cannot be read: {source}")]
    Unreadable { path: String, source: std::io::Error },
    #[error("the endpoints file {path} is not understood: {reason}")]
    NotUnderstood { path: String, reason: String },
    #[error("the endpoints file {path} names {origin}, which is not on this computer")]
    NotLoopback { path: String, origin: String },
    #[error("the endpoints file {path} shortens pauses, but not every platform is replaced by this computer")]
    PaceNotAllowed { path: String },
}

impl EndpointsError {
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "endpoints.unreadable",
            Self::NotUnderstood { .. } => "endpoints.not_understood",
            Self::NotLoopback { .. } => "endpoints.not_loopback",
            Self::PaceNotAllowed { .. } => "endpoints.pace_not_allowed",
        }
    }

    /// Values of the sentence: `path`, `detail`.
    #[must_use]
    pub fn values(&self) -> [(&'static str, String); 2] {
        let (path, detail) = match self {
            Self::Unreadable { path, source } => (path, source.to_string()),
            Self::NotUnderstood { path, reason } => (path, reason.clone()),
            Self::NotLoopback { path, origin } => (path, origin.clone()),
            Self::PaceNotAllowed { path } => (path, String::new()),
        };
        [("path", path.clone()), ("detail", detail)]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    origins: BTreeMap<String, String>,
    pace: Option<Pace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pace {
    divide_by: u32,
}

impl Endpoints {
    /// Reads an endpoints file: `[origins]` with one line per platform origin, and `[pace] divide_by`.
    ///
    /// # Errors
    /// A file that cannot be read, is not of this form, or names an origin that is not on this computer.
    pub fn read(path: &Path) -> Result<Self, EndpointsError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| EndpointsError::Unreadable { path: shown.clone(), source })?;
        Self::parse(&text, &shown)
    }

    /// # Errors
    /// As [`Self::read`].
    pub fn parse(text: &str, path: &str) -> Result<Self, EndpointsError> {
        let not_understood = |reason: String| EndpointsError::NotUnderstood { path: path.to_owned(), reason };
        let file: File = toml::from_str(text).map_err(|error| not_understood(error.message().to_owned()))?;
        let mut origins = BTreeMap::new();
        for (from, to) in &file.origins {
            let from = Url::parse(from).map_err(|error| not_understood(format!("{from}: {error}")))?;
            let url = Url::parse(to).map_err(|error| not_understood(format!("{to}: {error}")))?;
            if !is_loopback(&url) {
                return Err(EndpointsError::NotLoopback { path: path.to_owned(), origin: to.clone() });
            }
            origins.insert(origin_of(&from), url);
        }
        let divide_pauses_by = file.pace.map_or(1, |pace| pace.divide_by.max(1));
        if divide_pauses_by > 1 && origins.is_empty() {
            return Err(EndpointsError::PaceNotAllowed { path: path.to_owned() });
        }
        Ok(Self { origins, divide_pauses_by })
    }

    /// The address to call instead of a platform's: another origin, the rest as it was.
    #[must_use]
    pub fn place(&self, url: &Url) -> Url {
        let Some(to) = self.origins.get(&origin_of(url)) else { return url.clone() };
        let mut placed = to.clone();
        placed.set_path(url.path());
        placed.set_query(url.query());
        placed
    }

    /// A pause a platform demands, shortened where every platform is this computer.
    #[must_use]
    pub fn pause(&self, demanded: Duration) -> Duration {
        demanded / self.divide_pauses_by
    }
}

fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[origins]\n\"https://googleads.googleapis.com\" = \"http://127.0.0.1:9001\"\n[pace]\ndivide_by = 20\n";

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn replaces_the_origin_and_nothing_else() {
        let endpoints = Endpoints::parse(FILE, "f").expect("a good file");
        let placed = endpoints.place(&url("https://googleads.googleapis.com/v26/customers/1/googleAds:search?a=%2F"));
        assert_eq!(placed.as_str(), "http://127.0.0.1:9001/v26/customers/1/googleAds:search?a=%2F");
        assert_eq!(endpoints.place(&url("https://graph.facebook.com/v26.0/me")).host_str(), Some("graph.facebook.com"));
        assert_eq!(endpoints.pause(Duration::from_secs(6)), Duration::from_millis(300));
    }

    #[test]
    fn only_this_computer_may_stand_in() {
        for bad in ["http://10.0.0.1:1", "https://example.org", "ftp://127.0.0.1", "http://localhost.example.org"] {
            let text = format!("[origins]\n\"https://graph.facebook.com\" = \"{bad}\"\n");
            assert!(Endpoints::parse(&text, "f").is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for bad in ["nonsense", "[origin]\n", "[origins]\na = 1\n", "[pace]\ndivide_by = 20\n"] {
            assert!(Endpoints::parse(bad, "f").is_err(), "{bad}");
        }
    }
}
