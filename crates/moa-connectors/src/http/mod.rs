//! The one way to a platform: origins that tests may replace, pauses platforms demand, retries, a breaker, tokens renewed once.
//!
//! **Invariant:** connectors send through [`Http::send`] only, so that no platform is ever hammered and every request is counted.

mod breaker;
mod endpoints;
mod lanes;
mod retry;
mod send;
mod token;

pub use endpoints::{Endpoints, EndpointsError};
pub use lanes::{Lane, Load};
pub use send::{Answer, Attempt, Body, Dialect, Http, Method, Request, Verdict};
pub(crate) use token::bearer;
pub use token::{Keep, KeptNowhere, Renew, TokenSource, Tokens, Turn};
