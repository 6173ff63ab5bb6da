//! Kakao Moment (카카오모먼트): a business token that is never renewed, one report call for all campaigns of an account, six seconds apart.
//!
//! Written from Kakao's public API documentation and public reports of how the platform answers.

mod client;
mod errors;
mod figures;
mod limits;
mod oauth;
mod parse;
mod wire;

use std::sync::Arc;

pub(crate) use limits::LIMITS;
pub(crate) use oauth::KakaoSignIn;

use crate::connector::Connector;
use crate::error::{ConnectorError, Kind};
use crate::http::Http;
use crate::login::{Credentials, Login};

pub(crate) fn connect(http: &Arc<Http>, login: Login) -> Result<Arc<dyn Connector>, ConnectorError> {
    match login.credentials {
        Credentials::OAuth { app, tokens } => Ok(Arc::new(client::Moment::new(http, app.client_id, tokens.access))),
        Credentials::Keys { .. } => Err(ConnectorError::fatal(&moa_domain::Platform::Kakao, Kind::NeedsLogin).in_operation("connect")),
    }
}
