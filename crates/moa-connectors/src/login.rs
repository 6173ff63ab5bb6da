//! From a login's secrets to its connector.

use std::sync::Arc;

use moa_domain::Platform;
use secrecy::SecretString;

use crate::connector::{Call, Connector, Limits};
use crate::error::{ConnectorError, Kind};
use crate::http::{Http, Keep, Tokens};
use crate::oauth::{App, Granted, SignIn};
use crate::{google_ads, kakao, meta_ads, naver_ads};

/// What a login holds, opened.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A sign-in with the agency's app, or a token somebody made at the platform (`app` without a secret then).
    OAuth { app: App, tokens: Tokens },
    /// Keys that sign every request, for the accounts of these customers (Naver).
    Keys { license: String, secret: SecretString, customers: Vec<String> },
}

/// One login.
#[derive(Clone)]
pub struct Login {
    pub credentials: Credentials,
    /// Where renewed tokens go.
    pub keep: Arc<dyn Keep>,
}

/// The connector of a login.
///
/// # Errors
/// A platform without a connector, or credentials of the wrong kind for it.
pub fn connect(platform: &Platform, http: &Arc<Http>, login: Login) -> Result<Arc<dyn Connector>, ConnectorError> {
    match platform {
        Platform::GoogleAds => google_ads::connect(http, login),
        Platform::Kakao => kakao::connect(http, login),
        Platform::MetaAds => meta_ads::connect(http, login),
        Platform::NaverAds => naver_ads::connect(http, login),
        Platform::Other(_) => Err(ConnectorError::fatal(platform, Kind::BadRequest).in_operation("connect")),
    }
}

/// How a platform signs people in; `None` where keys are entered instead.
#[must_use]
pub fn sign_in(platform: &Platform) -> Option<&'static dyn SignIn> {
    match platform {
        Platform::GoogleAds => Some(&google_ads::GoogleSignIn),
        Platform::MetaAds => Some(&meta_ads::MetaSignIn),
        Platform::Kakao => Some(&kakao::KakaoSignIn),
        Platform::NaverAds | Platform::Other(_) => None,
    }
}

/// Looks at a token somebody made at the platform: what it may do, and until when. `None` where a platform takes none.
///
/// # Errors
/// A token that has ended, or lacks what is needed.
pub async fn examine_token(
    platform: &Platform,
    http: &Arc<Http>,
    token: SecretString,
    call: &Call,
) -> Result<Option<Granted>, ConnectorError> {
    match platform {
        Platform::MetaAds => meta_ads::examine_token(http, token, call).await.map(Some),
        Platform::GoogleAds | Platform::Kakao | Platform::NaverAds | Platform::Other(_) => Ok(None),
    }
}

/// Platforms that can be connected, in the order they are shown.
pub const PLATFORMS: &[Platform] = &[Platform::NaverAds, Platform::GoogleAds, Platform::MetaAds, Platform::Kakao];

/// What a platform allows and how long its figures move; `None` for one that cannot be connected.
#[must_use]
pub fn limits(platform: &Platform) -> Option<Limits> {
    match platform {
        Platform::GoogleAds => Some(google_ads::LIMITS),
        Platform::Kakao => Some(kakao::LIMITS),
        Platform::MetaAds => Some(meta_ads::LIMITS),
        Platform::NaverAds => Some(naver_ads::LIMITS),
        Platform::Other(_) => None,
    }
}
