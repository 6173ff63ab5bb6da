//! Reads what platforms and people give: platform APIs and report files. Knows nothing of the database.
//!
//! A platform's folder holds the same files as any other's: `client.rs` asks, `oauth.rs` signs in (where there is OAuth), `wire.rs` is the
//! shape of answers, `parse.rs` turns them into ours, `errors.rs` is the table of its codes, `limits.rs` what it allows.

mod connector;
mod error;
mod google_ads;
pub mod http;
mod kakao;
mod login;
mod meta_ads;
mod naver_ads;
pub mod oauth;
pub mod report_files;
mod wire;

pub use connector::{
    Account, AccountState, AccountTotal, Ask, Balance, Call, Connector, ConversionFact, Figures, Limits, Note, RemoteAccount,
    RemoteCampaign,
};
pub use error::{ConnectorError, Kind, Retry};
pub use login::{Credentials, Login, PLATFORMS, connect, examine_token, limits, sign_in};
