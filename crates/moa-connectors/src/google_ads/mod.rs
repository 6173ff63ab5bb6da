//! Google Ads: one OAuth client of the agency, managers and the accounts below them, questions in Google's query language.
//!
//! Written from Google's public API documentation. Only the version in [`client::VERSION`] is spoken.

mod client;
mod errors;
mod figures;
mod limits;
mod oauth;
mod parse;
mod wire;

use std::sync::Arc;

pub(crate) use limits::LIMITS;
pub(crate) use oauth::GoogleSignIn;

use crate::connector::Connector;
use crate::error::{ConnectorError, Kind};
use crate::http::{Http, TokenSource};
use crate::login::{Credentials, Login};

pub(crate) fn connect(http: &Arc<Http>, login: Login) -> Result<Arc<dyn Connector>, ConnectorError> {
    let platform = moa_domain::Platform::GoogleAds;
    match login.credentials {
        Credentials::OAuth { app, tokens } => {
            let client_id = app.client_id.clone();
            let renew = Box::new(oauth::Refresh { http: Arc::clone(http), app });
            let tokens = TokenSource::new(&platform, tokens, renew, login.keep);
            Ok(Arc::new(client::Google::new(http, client_id, tokens)))
        }
        Credentials::Keys { .. } => Err(ConnectorError::fatal(&platform, Kind::NeedsLogin).in_operation("connect")),
    }
}
