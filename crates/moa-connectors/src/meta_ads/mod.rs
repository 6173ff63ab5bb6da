//! Meta Marketing API: the agency's own app or a system user's token, cursors, numbers as text, no refresh.
//!
//! Written from Meta's public API documentation. Only the version in [`client::VERSION`] is spoken.

mod actions;
mod campaigns;
mod client;
mod errors;
mod figures;
mod insights;
mod limits;
mod oauth;
mod parse;
mod usage;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
pub(crate) use limits::LIMITS;
pub(crate) use oauth::{MetaSignIn, examine_token};

use crate::connector::{Call, Connector};
use crate::error::{ConnectorError, Kind};
use crate::http::{Http, Renew, TokenSource, Tokens};
use crate::login::{Credentials, Login};

pub(crate) fn connect(http: &Arc<Http>, login: Login) -> Result<Arc<dyn Connector>, ConnectorError> {
    let platform = moa_domain::Platform::MetaAds;
    match login.credentials {
        Credentials::OAuth { app, tokens } => {
            let tokens = TokenSource::new(&platform, tokens, Box::new(SignInAgain), login.keep);
            Ok(Arc::new(client::Meta::new(http, app, tokens)))
        }
        Credentials::Keys { .. } => Err(ConnectorError::fatal(&platform, Kind::NeedsLogin).in_operation("connect")),
    }
}

/// A token of Meta's is never renewed: after about 60 days a person signs in again.
struct SignInAgain;

#[async_trait]
impl Renew for SignInAgain {
    async fn renew(&self, _tokens: &Tokens, _call: &Call) -> Result<Tokens, ConnectorError> {
        Err(ConnectorError::fatal(&moa_domain::Platform::MetaAds, Kind::NeedsLogin).in_operation("token"))
    }
}
