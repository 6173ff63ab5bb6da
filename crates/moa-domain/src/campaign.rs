//! Campaigns as platforms and files name them.

/// How a file or a platform points at a campaign. At least one of the two is present.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct CampaignKey {
    /// The platform's own id, as text; absent in most report files.
    pub id: Option<String>,
    pub name: Option<String>,
}

/// Delivery state in the original's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignStatus {
    Active,
    Paused,
    Ended,
}

impl CampaignStatus {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

/// What a campaign is for, in the original's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objective {
    Awareness,
    Consideration,
    Conversion,
}

impl Objective {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Awareness => "awareness",
            Self::Consideration => "consideration",
            Self::Conversion => "conversion",
        }
    }
}
