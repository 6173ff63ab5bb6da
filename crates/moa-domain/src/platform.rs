//! Platforms (매체): where ads run. Four have connectors; any other medium comes by file under a code of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A platform's code, as in `platforms.code` and in `--platform`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    GoogleAds,
    MetaAds,
    NaverAds,
    Kakao,
    /// A medium without a connector, such as `tiktok`, `criteo`, `daangn`, or one the agency names: `[a-z0-9_]{2,40}`.
    Other(String),
}

impl Platform {
    pub const CONNECTED: [Self; 4] = [Self::GoogleAds, Self::MetaAds, Self::NaverAds, Self::Kakao];

    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::GoogleAds => "google_ads",
            Self::MetaAds => "meta_ads",
            Self::NaverAds => "naver_ads",
            Self::Kakao => "kakao",
            Self::Other(code) => code,
        }
    }

    /// The channel on which a figure stands when the platform or the file does not say which: see [`crate::channel`].
    #[must_use]
    pub fn unspecified_channel(&self) -> String {
        match self {
            Self::GoogleAds => "google_all".to_owned(),
            Self::MetaAds => "meta_all".to_owned(),
            Self::NaverAds => "naver_all".to_owned(),
            Self::Kakao => "kakao".to_owned(),
            Self::Other(code) => code.clone(),
        }
    }
}

/// A text that cannot be a platform's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a platform code (small letters, digits and _, 2 to 40 of them)")]
pub struct NotAPlatform(pub String);

impl FromStr for Platform {
    type Err = NotAPlatform;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.trim() {
            "google_ads" | "google" => Self::GoogleAds,
            "meta_ads" | "meta" | "facebook" => Self::MetaAds,
            "naver_ads" | "naver" => Self::NaverAds,
            "kakao" | "kakao_moment" => Self::Kakao,
            other
                if (2..=40).contains(&other.len()) && other.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') =>
            {
                Self::Other(other.to_owned())
            }
            other => return Err(NotAPlatform(other.to_owned())),
        })
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Platform {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Platform {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
