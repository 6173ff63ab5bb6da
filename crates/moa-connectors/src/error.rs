//! What can go wrong at a platform: a kind a person can act on, and whether trying again helps.
//!
//! Each platform's `errors.rs` holds the table from its own codes to these, with the source of every row.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use moa_domain::Platform;

/// What happened, in words of ours. `code()` names its sentence in the locale files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The login has ended, was revoked or lacks a scope: somebody signs in again.
    NeedsLogin,
    /// A person said no at the platform's sign-in.
    Denied,
    /// A person let the sign-in happen without what is needed.
    MissingScope,
    /// The login may not read this one account.
    NoAccess,
    /// The account is closed, disabled or not set up.
    AccountClosed,
    /// The agency's own app is wrong: its id, secret or redirect address.
    AppRefused,
    /// The platform has not approved the app for this.
    NotApproved,
    /// The app's project at the platform lacks a setting: an interface that is switched off, terms nobody has accepted.
    ProjectSetup,
    /// Somebody signed in with an account that has no ads.
    NotAdsUser,
    /// The account of the person who signed in has no second factor.
    TwoStep,
    /// The platform has blocked the app or the person for a while.
    Blocked,
    /// Too many calls for now.
    RateLimited,
    /// The day's calls are used up.
    QuotaSpent,
    /// The platform does its own maintenance.
    Maintenance,
    /// The platform answers with failures, or does not answer.
    Unavailable,
    /// No way to the platform: no network, no such name, a broken connection.
    Network,
    /// The platform's answer cannot be understood.
    BadAnswer,
    /// The platform does not accept what was asked: a fault of this program.
    BadRequest,
    /// The window holds more than one answer may.
    TooMuchData,
    /// The platform keeps no figures that old.
    OutOfRange,
    /// The platform has not finished that day's figures yet.
    NotReady,
    /// The platform has switched this version of its interface off.
    Outdated,
    /// This computer's clock is wrong.
    ClockWrong,
    /// Somebody stopped it.
    Cancelled,
}

impl Kind {
    /// Stable, for the locale files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NeedsLogin => "platform.needs_login",
            Self::Denied => "platform.denied",
            Self::MissingScope => "platform.missing_scope",
            Self::NoAccess => "platform.no_access",
            Self::AccountClosed => "platform.account_closed",
            Self::AppRefused => "platform.app_refused",
            Self::NotApproved => "platform.not_approved",
            Self::ProjectSetup => "platform.project_setup",
            Self::NotAdsUser => "platform.not_ads_user",
            Self::TwoStep => "platform.two_step",
            Self::Blocked => "platform.blocked",
            Self::RateLimited => "platform.rate_limited",
            Self::QuotaSpent => "platform.quota_spent",
            Self::Maintenance => "platform.maintenance",
            Self::Unavailable => "platform.unavailable",
            Self::Network => "platform.network",
            Self::BadAnswer => "platform.bad_answer",
            Self::BadRequest => "platform.bad_request",
            Self::TooMuchData => "platform.too_much_data",
            Self::OutOfRange => "platform.out_of_range",
            Self::NotReady => "platform.not_ready",
            Self::Outdated => "platform.outdated",
            Self::ClockWrong => "platform.clock_wrong",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Whether asking again helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    Never,
    /// After at least this long; `None` where the platform names no time.
    After(Option<Duration>),
}

/// A failure at a platform. Holds no secret: details are cut and masked by [`ConnectorError::with_detail`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorError {
    pub kind: Kind,
    pub retry: Retry,
    pub platform: Platform,
    /// The platform's id of the account it is about.
    pub account: Option<String>,
    /// What was being done, as a word of ours: `campaigns`, `figures`, `token`.
    pub operation: &'static str,
    /// The HTTP status and the platform's own code, as its support asks for them.
    pub status: Option<u16>,
    pub vendor_code: Option<String>,
    /// The platform's sentence.
    pub detail: Option<String>,
    /// The platform's id of the request.
    pub request_id: Option<String>,
}

impl ConnectorError {
    #[must_use]
    pub fn new(platform: &Platform, kind: Kind, retry: Retry) -> Self {
        Self {
            kind,
            retry,
            platform: platform.clone(),
            account: None,
            operation: "call",
            status: None,
            vendor_code: None,
            detail: None,
            request_id: None,
        }
    }

    /// A failure trying again cannot help.
    #[must_use]
    pub fn fatal(platform: &Platform, kind: Kind) -> Self {
        Self::new(platform, kind, Retry::Never)
    }

    /// A failure that passes.
    #[must_use]
    pub fn passing(platform: &Platform, kind: Kind, after: Option<Duration>) -> Self {
        Self::new(platform, kind, Retry::After(after))
    }

    #[must_use]
    pub fn cancelled(platform: &Platform) -> Self {
        Self::fatal(platform, Kind::Cancelled)
    }

    #[must_use]
    pub fn in_operation(mut self, operation: &'static str) -> Self {
        self.operation = operation;
        self
    }

    #[must_use]
    pub fn for_account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    #[must_use]
    pub fn with_vendor_code(mut self, code: impl Into<String>) -> Self {
        self.vendor_code = Some(code.into());
        self
    }

    /// The platform's own sentence, on one line, at most 300 characters, with what looks like a token masked.
    #[must_use]
    pub fn with_detail(mut self, detail: &str) -> Self {
        let line = detail.split_whitespace().map(masked).collect::<Vec<_>>().join(" ");
        self.detail = Some(line.chars().take(300).collect()).filter(|text: &String| !text.is_empty());
        self
    }

    #[must_use]
    pub fn with_request_id(mut self, id: Option<String>) -> Self {
        self.request_id = id;
        self
    }

    /// Values of the sentence: `platform`, `account`, `status`, `vendor_code`, `detail`, `minutes` until it may be tried again.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let minutes = match self.retry {
            Retry::After(Some(wait)) => Some(wait.as_secs().div_ceil(60).max(1).to_string()),
            _ => None,
        };
        [
            ("platform", Some(self.platform.code().to_owned())),
            ("account", self.account.clone()),
            ("status", self.status.map(|status| status.to_string())),
            ("vendor_code", self.vendor_code.clone()),
            ("detail", self.detail.clone()),
            ("minutes", minutes),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.unwrap_or_default()))
        .collect()
    }
}

impl fmt::Display for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?} ({}", self.platform, self.kind, self.operation)?;
        if let Some(account) = &self.account {
            write!(f, " for the account {account}")?;
        }
        let parts = [self.status.map(|status| status.to_string()), self.vendor_code.clone(), self.detail.clone()];
        for part in parts.into_iter().flatten() {
            write!(f, ", {part}")?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for ConnectorError {}

/// A word that is long and has no meaning to a person may be a token.
fn masked(word: &str) -> String {
    let opaque = |part: &str| part.len() >= 24 && part.bytes().any(|b| b.is_ascii_digit()) && part.bytes().any(|b| b.is_ascii_alphabetic());
    let mut out = String::new();
    let mut part = String::new();
    for character in word.chars() {
        if character.is_ascii_alphanumeric() || "-_.+/%".contains(character) {
            part.push(character);
        } else {
            out.push_str(if opaque(&part) { "***" } else { &part });
            part.clear();
            out.push(character);
        }
    }
    out.push_str(if opaque(&part) { "***" } else { &part });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_a_platforms_sentence_is_masked() {
        let error = ConnectorError::fatal(&Platform::MetaAds, Kind::BadRequest)
            .with_detail("bad url https://x.test/?access_token=EAADemo1234567890abcdefghij&limit=5 for\nnaver_account_7");
        assert_eq!(error.detail.as_deref(), Some("bad url https://x.test/?access_token=***&limit=5 for naver_account_7"));
    }

    #[test]
    fn says_the_minutes_until_another_try() {
        let error = ConnectorError::passing(&Platform::MetaAds, Kind::RateLimited, Some(Duration::from_secs(61)));
        assert_eq!(error.values()["minutes"], "2");
    }
}
