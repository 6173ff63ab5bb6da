//! Naver SearchAd (네이버 검색광고): keys that sign every request, one customer number per account.
//!
//! Written from Naver's public API documentation and the vendor's answers in its issue tracker.

mod campaigns;
mod client;
mod contracts;
mod errors;
mod figures;
mod limits;
mod parse;
mod reports;
mod wire;

use std::sync::Arc;

pub(crate) use limits::LIMITS;

use crate::connector::Connector;
use crate::error::{ConnectorError, Kind};
use crate::http::Http;
use crate::login::{Credentials, Login};

pub(crate) fn connect(http: &Arc<Http>, login: Login) -> Result<Arc<dyn Connector>, ConnectorError> {
    match login.credentials {
        Credentials::Keys { license, secret, customers } => Ok(Arc::new(client::Naver::new(http, license, secret, customers))),
        Credentials::OAuth { .. } => Err(ConnectorError::fatal(&moa_domain::Platform::NaverAds, Kind::NeedsLogin).in_operation("connect")),
    }
}
