//! Faults on demand: what a transport or a platform may do to an answer.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;

/// What goes wrong. The first group happens to any answer; the second is up to the platform's file, which asks [`Faults::strikes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// This status with this body instead of the answer; headers as name and value.
    Status { status: u16, body: String, headers: Vec<(&'static str, String)> },
    /// The connection breaks in the middle of the body.
    Reset,
    /// The body ends in the middle, and says it is whole.
    Truncated,
    /// A byte at a time, with this pause in milliseconds.
    Drip(u64),
    /// HTML by its content type and its body.
    NotJson,

    /// One row stands twice.
    DuplicateRow,
    /// A page comes a second time.
    RepeatedPage,
    /// A number is `null`.
    NullNumber,
    /// A status, objective or channel nobody has heard of.
    UnknownWord,
    /// A split over places misses one of them; the total does not.
    SplitMisses,
    /// Conversions are kept back, unless the question names fixed windows alone.
    WithheldConversions,
    /// Conversions are kept back whatever is asked.
    NoConversions,
    /// The access token has ended; a renewed one works.
    ExpiredToken,
    /// The login was revoked: nothing helps but another sign-in.
    RevokedLogin,
    /// This account is not for the login.
    Forbidden(String),
    /// The server's clock is so many seconds ahead.
    ClockAhead(i64),
}

/// A trouble, where it strikes and how often.
#[derive(Debug, Clone)]
pub struct Fault {
    pub trouble: Trouble,
    /// Part of the path and query it strikes; empty for all.
    pub at: String,
    /// So many matching requests pass first.
    pub after: u32,
    /// Then it strikes so often.
    pub times: u32,
}

impl Fault {
    #[must_use]
    pub fn once(trouble: Trouble, at: &str) -> Self {
        Self { trouble, at: at.to_owned(), after: 0, times: 1 }
    }

    #[must_use]
    pub fn always(trouble: Trouble, at: &str) -> Self {
        Self { trouble, at: at.to_owned(), after: 0, times: u32::MAX }
    }
}

/// Faults that are set, and every request that came.
#[derive(Default)]
pub struct Faults {
    set: Mutex<Vec<Fault>>,
    seen: Mutex<Vec<String>>,
    /// Of whole answers.
    bytes_sent: AtomicU64,
}

impl Faults {
    pub fn set(&self, fault: Fault) {
        lock(&self.set).push(fault);
    }

    pub fn clear(&self) {
        lock(&self.set).clear();
    }

    /// Method, path and query of every request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.seen).clone()
    }

    /// Bytes of all answers that were given whole, without their headers.
    #[must_use]
    pub fn bytes_sent(&self) -> u64 {
        self.bytes_sent.load(Ordering::Relaxed)
    }

    pub fn forget_requests(&self) {
        lock(&self.seen).clear();
    }

    /// Whether a trouble strikes this request now; counts it.
    pub(crate) fn strikes(&self, target: &str, which: impl Fn(&Trouble) -> bool) -> Option<Trouble> {
        let mut set = lock(&self.set);
        for fault in set.iter_mut().filter(|fault| target.contains(&fault.at) && which(&fault.trouble)) {
            if fault.after > 0 {
                fault.after -= 1;
            } else if fault.times > 0 {
                fault.times -= 1;
                return Some(fault.trouble.clone());
            }
        }
        None
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Does to an answer what its transport suffers.
pub(crate) async fn inject(State(faults): State<Arc<Faults>>, request: Request, next: Next) -> Response {
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    lock(&faults.seen).push(format!("{} {target}", request.method()));
    let transport = |trouble: &Trouble| {
        matches!(trouble, Trouble::Status { .. } | Trouble::Reset | Trouble::Truncated | Trouble::Drip(_) | Trouble::NotJson)
    };
    let Some(trouble) = faults.strikes(&target, transport) else {
        let answer = next.run(request).await;
        faults.bytes_sent.fetch_add(answer.body().size_hint().exact().unwrap_or(0), Ordering::Relaxed);
        return answer;
    };
    match trouble {
        Trouble::Status { status, body, headers } => {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            for (name, value) in headers {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    response.headers_mut().insert(HeaderName::from_static(name), value);
                }
            }
            response
        }
        Trouble::NotJson => {
            let mut response = Response::new(Body::from("<html><body>It works!</body></html>"));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
            response
        }
        trouble => {
            let (mut parts, body) = next.run(request).await.into_parts();
            let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
            parts.headers.remove(header::CONTENT_LENGTH);
            let half = whole.slice(..whole.len() / 2);
            let body = match trouble {
                Trouble::Truncated => Body::from(half),
                Trouble::Drip(pause) => Body::from_stream(stream::unfold((whole, 0), move |(whole, at)| async move {
                    if at >= whole.len() {
                        return None;
                    }
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    Some((Ok::<Bytes, Infallible>(whole.slice(at..=at)), (whole, at + 1)))
                })),
                _ => Body::from_stream(stream::iter([Ok(half), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))])),
            };
            Response::from_parts(parts, body)
        }
    }
}
