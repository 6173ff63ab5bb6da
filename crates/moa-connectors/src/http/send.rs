//! Sending a request until it is answered, refused for good, or not worth another try.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use moa_domain::{Clock, Platform};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use url::Url;

use super::breaker::{Breakers, Gate};
use super::endpoints::Endpoints;
use super::lanes::{Lane, Lanes, Load};
use super::retry::{LONGEST_WAIT, TRIES, backoff, jitter, retry_after};
use crate::connector::Call;
use crate::error::{ConnectorError, Kind, Retry};

pub use reqwest::Method;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Silence that long is a broken connection.
const SILENCE: Duration = Duration::from_secs(30);
/// An answer slower than this is given up …
const SLOWEST_BYTES_A_SECOND: f64 = 512.0;
/// … once it took this long.
const PATIENCE: Duration = Duration::from_secs(20);
const LEAST_PATIENCE: Duration = Duration::from_secs(1);
/// No answer a connector asks for is larger.
const LARGEST_ANSWER: usize = 512 << 20;
/// A pause a platform asks for that may be too short to help.
const SHORT: Duration = Duration::from_secs(10);
/// A platform that is down is waited for this long.
const BREAKER_PATIENCE: Duration = Duration::from_secs(120);
/// Who waits for a probe looks this often what became of it.
const BREAKER_LOOK: Duration = Duration::from_secs(1);

/// What is sent.
#[derive(Debug, Clone)]
pub enum Body {
    None,
    Json(serde_json::Value),
    /// Form fields; a value may be a secret.
    Form(Vec<(&'static str, SecretString)>),
}

/// One question to a platform. The address is the platform's own.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
    pub lane: Lane,
    /// A wider limit it falls under too: that of the app, where accounts have one of their own.
    pub wide: Option<Lane>,
    /// As in [`ConnectorError::operation`].
    pub operation: &'static str,
    /// The account it is about.
    pub account: Option<String>,
}

impl Request {
    #[must_use]
    pub fn get(url: Url, lane: Lane, operation: &'static str) -> Self {
        Self { method: Method::GET, url, headers: Vec::new(), body: Body::None, lane, wide: None, operation, account: None }
    }

    #[must_use]
    pub fn post(url: Url, body: Body, lane: Lane, operation: &'static str) -> Self {
        Self { method: Method::POST, body, ..Self::get(url, lane, operation) }
    }

    #[must_use]
    pub fn within(mut self, wide: Lane) -> Self {
        self.wide = Some(wide);
        self
    }

    #[must_use]
    pub fn about(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What is about to be sent, for a dialect to authorise.
pub struct Attempt {
    pub method: Method,
    /// The platform's own address; a dialect may add to the query.
    pub url: Url,
    pub headers: HeaderMap,
    /// Now, by the platform's clock where it was found to differ.
    pub now: DateTime<Utc>,
    /// The generation of the token used, for [`Dialect::renew`].
    pub generation: u64,
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON, whatever the content type says.
    ///
    /// # Errors
    /// [`Kind::BadAnswer`], worth another try: a cut or foreign answer.
    pub fn json<T: DeserializeOwned>(&self, platform: &Platform) -> Result<T, ConnectorError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            ConnectorError::passing(platform, Kind::BadAnswer, None).with_status(self.status).with_detail(&format!(
                "{} at line {}, column {}",
                match error.classify() {
                    serde_json::error::Category::Eof => "the answer ends too early",
                    serde_json::error::Category::Data => "an answer of another form",
                    _ => "not JSON",
                },
                error.line(),
                error.column()
            ))
        })
    }
}

/// What an answer means.
#[derive(Debug)]
pub enum Verdict {
    Good,
    /// Passes by itself: tried again after the error's own pause, or a growing one.
    Retry(ConnectorError),
    /// The token was refused: renewed once, then this is the error.
    Renew(ConnectorError),
    /// The platform's clock differs: set right by the answer's `Date`, once, then this is the error.
    FixClock(ConnectorError),
    Fail(ConnectorError),
}

/// How one login speaks to its platform.
#[async_trait]
pub trait Dialect: Send + Sync {
    fn platform(&self) -> Platform;

    /// Adds what authorises an attempt. Called for each, so that a signature or a renewed token is always fresh.
    async fn authorise(&self, attempt: &mut Attempt, call: &Call) -> Result<(), ConnectorError>;

    fn judge(&self, request: &Request, answer: &Answer) -> Verdict;

    /// Renews the token of a generation.
    async fn renew(&self, generation: u64, call: &Call) -> Result<(), ConnectorError> {
        let _ = (generation, call);
        Err(ConnectorError::fatal(&self.platform(), Kind::NeedsLogin))
    }

    /// What the platform says of its own load, from the answer's headers: the request's lane rests.
    fn load(&self, answer: &Answer) -> Option<Load> {
        let _ = answer;
        None
    }
}

/// The way to all platforms, shared by all logins of a program.
pub struct Http {
    client: reqwest::Client,
    endpoints: Endpoints,
    clock: Arc<dyn Clock>,
    lanes: Lanes,
    breakers: Breakers,
    /// Origin → how far its clock is ahead of this computer's.
    ahead: Mutex<HashMap<String, TimeDelta>>,
}

/// How one attempt failed.
enum Failed {
    Passing(ConnectorError),
    Token(ConnectorError, u64),
    Clock(ConnectorError, Option<DateTime<Utc>>),
    Final(ConnectorError),
}

impl Http {
    /// # Errors
    /// The system's trust store cannot be used.
    pub fn new(endpoints: Endpoints, clock: Arc<dyn Clock>) -> Result<Arc<Self>, reqwest::Error> {
        // Another part of the program may have chosen a provider already; either is good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("Moa/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE)
            .pool_idle_timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none());
        if endpoints != Endpoints::default() {
            builder = builder.no_proxy();
        }
        let client = builder.build()?;
        Ok(Arc::new(Self { client, endpoints, clock, lanes: Lanes::default(), breakers: Breakers::default(), ahead: Mutex::default() }))
    }

    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Waits as long as a platform demands between two steps, for example of a report being built.
    ///
    /// # Errors
    /// [`Kind::Cancelled`].
    pub async fn pause(&self, platform: &Platform, demanded: Duration, call: &Call) -> Result<(), ConnectorError> {
        self.wait(platform, self.endpoints.pause(demanded), call).await
    }

    async fn wait(&self, platform: &Platform, wait: Duration, call: &Call) -> Result<(), ConnectorError> {
        tokio::select! {
            () = call.cancel.cancelled() => Err(ConnectorError::cancelled(platform)),
            () = tokio::time::sleep(wait) => Ok(()),
        }
    }

    /// Sends until `read` has understood an answer. What `read` says may be tried again, is.
    ///
    /// # Errors
    /// The last one, when no further try is worth it.
    pub async fn send<T>(
        &self,
        request: &Request,
        dialect: &dyn Dialect,
        call: &Call,
        read: impl Fn(&Answer) -> Result<T, ConnectorError>,
    ) -> Result<T, ConnectorError> {
        let platform = dialect.platform();
        let told = |error: ConnectorError| {
            let error = ConnectorError { operation: request.operation, ..error };
            if error.account.is_none() { ConnectorError { account: request.account.clone(), ..error } } else { error }
        };
        let (mut tried, mut renewed, mut clock_set) = (0, false, false);
        loop {
            let failed = match self.attempt(request, dialect, call).await {
                Ok(answer) => match read(&answer) {
                    Ok(value) => return Ok(value),
                    Err(error) if error.retry == Retry::Never => return Err(told(error)),
                    Err(error) => Failed::Passing(error),
                },
                Err(failed) => failed,
            };
            let error = match failed {
                Failed::Final(error) => return Err(told(error)),
                Failed::Token(error, _) if renewed => return Err(told(error)),
                Failed::Token(error, generation) => {
                    renewed = true;
                    // Where there is nothing to renew, the platform's own words say more.
                    dialect.renew(generation, call).await.map_err(|failed| told(if failed.kind == error.kind { error } else { failed }))?;
                    continue;
                }
                Failed::Clock(error, _) if clock_set => return Err(told(error)),
                Failed::Clock(error, None) => return Err(told(error)),
                Failed::Clock(_, Some(theirs)) => {
                    clock_set = true;
                    self.set_clock(&request.url, theirs);
                    continue;
                }
                Failed::Passing(error) => error,
            };
            tried += 1;
            let (demanded, wait) = match error.retry {
                // A short pause grows: it was not enough the first time.
                Retry::After(Some(demanded)) if demanded < SHORT => {
                    (demanded, (demanded.saturating_mul(tried) + jitter(demanded)).max(backoff(tried)))
                }
                Retry::After(Some(demanded)) => (demanded, demanded + jitter(demanded)),
                _ => (Duration::ZERO, backoff(tried)),
            };
            if tried >= TRIES || demanded > LONGEST_WAIT {
                return Err(told(error));
            }
            let wait = self.endpoints.pause(wait);
            tracing::debug!(%platform, operation = request.operation, kind = ?error.kind, ?wait, "tried again");
            self.wait(&platform, wait, call).await.map_err(told)?;
        }
    }

    async fn attempt(&self, request: &Request, dialect: &dyn Dialect, call: &Call) -> Result<Answer, Failed> {
        let platform = dialect.platform();
        let origin = request.url.origin().ascii_serialization();
        self.pass_breaker(&origin, &platform, call).await.map_err(Failed::Final)?;
        let mut rooms = Vec::new();
        // The narrow one first: who waits for it takes nobody's room.
        for lane in [&request.lane].into_iter().chain(&request.wide) {
            rooms.push(tokio::select! {
                () = call.cancel.cancelled() => return Err(Failed::Final(ConnectorError::cancelled(&platform))),
                room = self.lanes.enter(lane, self.endpoints.pause(lane.gap), self.endpoints.pause(LONGEST_WAIT)) =>
                    room.map_err(|wait| Failed::Final(ConnectorError::passing(&platform, Kind::RateLimited, Some(wait))))?,
            });
        }
        let mut attempt = Attempt {
            method: request.method.clone(),
            url: request.url.clone(),
            headers: HeaderMap::new(),
            now: self.clock.now() + self.ahead(&origin),
            generation: 0,
        };
        for (name, value) in &request.headers {
            let value = HeaderValue::from_str(value).map_err(|_| {
                Failed::Final(ConnectorError::fatal(&platform, Kind::BadRequest).with_detail("a header that cannot be sent"))
            })?;
            attempt.headers.insert(*name, value);
        }
        dialect.authorise(&mut attempt, call).await.map_err(Failed::Final)?;
        let generation = attempt.generation;
        call.count_request();
        let begun = Instant::now();
        let exchanged = tokio::select! {
            () = call.cancel.cancelled() => return Err(Failed::Final(ConnectorError::cancelled(&platform))),
            exchanged = self.exchange(attempt, &request.body, &platform) => exchanged,
        };
        let answer = match exchanged {
            Ok(answer) => answer,
            Err(error) => {
                self.breakers.note(&origin, true, |pause| self.endpoints.pause(pause));
                tracing::debug!(%platform, operation = request.operation, path = request.url.path(), %error, "no answer");
                return Err(Failed::Passing(error));
            }
        };
        tracing::debug!(%platform, operation = request.operation, path = request.url.path(), status = answer.status, bytes = answer.body.len(),
            ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX), "answered");
        if let Some(load) = dialect.load(&answer) {
            for (lane, hold) in [(Some(&request.lane), load.hold), (request.wide.as_ref(), load.hold_wide)] {
                if let (Some(lane), false) = (lane, hold.is_zero()) {
                    self.lanes.hold(lane, self.endpoints.pause(hold));
                }
            }
        }
        let judged = self.judged(request, dialect, answer, generation);
        // A platform that is down, not one that refuses a question with a status of its own.
        let down = matches!(&judged, Err(Failed::Passing(error)) if matches!(error.kind, Kind::Unavailable | Kind::Maintenance));
        self.breakers.note(&origin, down, |pause| self.endpoints.pause(pause));
        judged
    }

    /// Waits out a burst of failures; a platform that is down is an error at once.
    async fn pass_breaker(&self, origin: &str, platform: &Platform, call: &Call) -> Result<(), ConnectorError> {
        let begun = Instant::now();
        loop {
            match self.breakers.ask(origin, |pause| self.endpoints.pause(pause)) {
                Gate::Open => return Ok(()),
                Gate::Wait(left) if begun.elapsed() < self.endpoints.pause(BREAKER_PATIENCE) => {
                    self.wait(platform, left.min(self.endpoints.pause(BREAKER_LOOK)), call).await?;
                }
                Gate::Wait(left) | Gate::Closed(left) => {
                    return Err(ConnectorError::passing(platform, Kind::Unavailable, Some(left)));
                }
            }
        }
    }

    fn judged(&self, request: &Request, dialect: &dyn Dialect, answer: Answer, generation: u64) -> Result<Answer, Failed> {
        let seen = |error: ConnectorError| if error.status.is_none() { error.with_status(answer.status) } else { error };
        match dialect.judge(request, &answer) {
            Verdict::Good => Ok(answer),
            Verdict::Retry(error) => {
                let demanded = answer.headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?, self.clock.now()));
                let own = match error.retry {
                    Retry::After(own) => own,
                    Retry::Never => None,
                };
                let error = ConnectorError { retry: Retry::After(demanded.max(own)), ..seen(error) };
                if let (Kind::RateLimited | Kind::QuotaSpent, Retry::After(Some(pause))) = (error.kind, error.retry) {
                    self.lanes.hold(&request.lane, self.endpoints.pause(pause));
                }
                Err(Failed::Passing(error))
            }
            Verdict::Renew(error) => Err(Failed::Token(seen(error), generation)),
            Verdict::FixClock(error) => {
                let theirs = answer.headers.get(DATE).and_then(|value| DateTime::parse_from_rfc2822(value.to_str().ok()?).ok());
                Err(Failed::Clock(seen(error), theirs.map(|time| time.with_timezone(&Utc))))
            }
            Verdict::Fail(error) => Err(Failed::Final(seen(error))),
        }
    }

    async fn exchange(&self, attempt: Attempt, body: &Body, platform: &Platform) -> Result<Answer, ConnectorError> {
        let broken = |error: reqwest::Error| {
            let what = if error.is_timeout() {
                "no answer in time"
            } else if error.is_connect() {
                "no connection"
            } else {
                "the connection broke"
            };
            ConnectorError::passing(platform, Kind::Network, None).with_detail(what)
        };
        let mut headers = attempt.headers;
        let (content_type, bytes) = match body {
            Body::None => (None, Bytes::new()),
            Body::Json(value) => (Some("application/json"), value.to_string().into()),
            Body::Form(fields) => {
                let pairs = fields.iter().map(|(name, value)| (*name, value.expose_secret()));
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                (Some("application/x-www-form-urlencoded;charset=utf-8"), form.into())
            }
        };
        if let (Some(content_type), false) = (content_type, headers.contains_key(CONTENT_TYPE)) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        let sending = self.client.request(attempt.method, self.endpoints.place(&attempt.url)).headers(headers).body(bytes);
        let answer = sending.send().await.map_err(broken)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let begun = Instant::now();
        // Where pauses are shortened, so is patience.
        let patience = self.endpoints.pause(PATIENCE).max(LEAST_PATIENCE);
        let slowest = SLOWEST_BYTES_A_SECOND * PATIENCE.div_duration_f64(patience);
        let mut whole = BytesMut::new();
        let mut chunks = answer.bytes_stream();
        loop {
            let until = begun + patience.max(Duration::from_secs_f64(whole.len() as f64 / slowest));
            match tokio::time::timeout_at(until.into(), chunks.next()).await {
                Ok(None) => break,
                Ok(Some(chunk)) => whole.extend_from_slice(&chunk.map_err(broken)?),
                Err(_late) => {
                    return Err(ConnectorError::passing(platform, Kind::Network, None).with_status(status).with_detail("the answer drips"));
                }
            }
            if whole.len() > LARGEST_ANSWER {
                return Err(ConnectorError::fatal(platform, Kind::TooMuchData).with_status(status));
            }
        }
        Ok(Answer { status, headers, body: whole.freeze() })
    }

    fn ahead(&self, origin: &str) -> TimeDelta {
        let ahead = self.ahead.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        ahead.get(origin).copied().unwrap_or_default()
    }

    fn set_clock(&self, url: &Url, theirs: DateTime<Utc>) {
        let mut ahead = self.ahead.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        ahead.insert(url.origin().ascii_serialization(), theirs - self.clock.now());
    }
}
