//! Access tokens, renewed exactly once however many calls find them stale.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use moa_domain::Platform;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::connector::Call;
use crate::error::{ConnectorError, Kind, Retry};

/// Renewed this long before it ends.
const AHEAD: Duration = Duration::seconds(300);

/// What a sign-in gives. Shows and serialises as nothing.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: SecretString,
    pub refresh: Option<SecretString>,
    /// `None`: lives until it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
}

/// How a platform renews a token; platforms without such a thing say [`Kind::NeedsLogin`].
#[async_trait]
pub trait Renew: Send + Sync {
    async fn renew(&self, tokens: &Tokens, call: &Call) -> Result<Tokens, ConnectorError>;
}

/// Told of renewed tokens, to keep them.
pub type Saved = Arc<dyn Fn(Tokens) + Send + Sync>;

/// The tokens of one login, shared by all its calls.
pub struct TokenSource {
    platform: Platform,
    renew: Box<dyn Renew>,
    saved: Saved,
    state: Mutex<State>,
}

struct State {
    tokens: Tokens,
    /// Counts renewals: a call that was refused with an older one needs no renewal any more.
    generation: u64,
    /// Renewal failed for good.
    ended: Option<ConnectorError>,
}

impl TokenSource {
    #[must_use]
    pub fn new(platform: &Platform, tokens: Tokens, renew: Box<dyn Renew>, saved: Saved) -> Self {
        Self { platform: platform.clone(), renew, saved, state: Mutex::new(State { tokens, generation: 0, ended: None }) }
    }

    /// The access token and its generation. One that is about to end is renewed first; everybody else waits for that.
    ///
    /// # Errors
    /// [`Kind::NeedsLogin`] when it cannot be renewed, or what kept the platform from renewing it now.
    pub async fn access(&self, now: DateTime<Utc>, call: &Call) -> Result<(SecretString, u64), ConnectorError> {
        let mut state = self.state.lock().await;
        if let Some(ended) = &state.ended {
            return Err(ended.clone());
        }
        let stale = state.tokens.expires_at.is_some_and(|end| end - AHEAD <= now);
        if stale && state.tokens.refresh.is_some() {
            // A token that still works is used while nobody can be asked for another.
            let works = state.tokens.expires_at.is_some_and(|end| end > now);
            match self.renew_now(&mut state, call).await {
                Err(error) if error.retry == Retry::Never || !works => return Err(error),
                _ => {}
            }
        } else if state.tokens.expires_at.is_some_and(|end| end <= now) {
            return Err(ConnectorError::fatal(&self.platform, Kind::NeedsLogin).in_operation("token"));
        }
        Ok((state.tokens.access.clone(), state.generation))
    }

    /// After a refusal of the token of `generation`: renews it, unless somebody did meanwhile.
    ///
    /// # Errors
    /// As [`Self::access`].
    pub async fn renew(&self, generation: u64, call: &Call) -> Result<(), ConnectorError> {
        let mut state = self.state.lock().await;
        if state.generation != generation {
            return Ok(());
        }
        self.renew_now(&mut state, call).await
    }

    async fn renew_now(&self, state: &mut State, call: &Call) -> Result<(), ConnectorError> {
        if let Some(ended) = &state.ended {
            return Err(ended.clone());
        }
        match self.renew.renew(&state.tokens, call).await {
            Ok(mut renewed) => {
                // A reply without a new refresh token keeps the old one.
                renewed.refresh = renewed.refresh.or_else(|| state.tokens.refresh.clone());
                (self.saved)(renewed.clone());
                state.tokens = renewed;
                state.generation += 1;
                Ok(())
            }
            Err(error) => {
                if matches!(error.kind, Kind::NeedsLogin | Kind::AppRefused) {
                    state.ended = Some(error.clone());
                }
                Err(error)
            }
        }
    }
}

/// `Bearer …`, marked so that nothing shows it.
///
/// # Errors
/// [`Kind::NeedsLogin`] for a token that cannot stand in a header.
pub(crate) fn bearer(platform: &Platform, token: &SecretString) -> Result<reqwest::header::HeaderValue, ConnectorError> {
    let mut value = reqwest::header::HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
        .map_err(|_| ConnectorError::fatal(platform, Kind::NeedsLogin).in_operation("token"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    struct Counting {
        renewed: Arc<AtomicUsize>,
        refused: bool,
    }

    #[async_trait]
    impl Renew for Counting {
        async fn renew(&self, _: &Tokens, _: &Call) -> Result<Tokens, ConnectorError> {
            tokio::task::yield_now().await;
            let count = self.renewed.fetch_add(1, Ordering::SeqCst) + 1;
            if self.refused {
                return Err(ConnectorError::fatal(&Platform::GoogleAds, Kind::NeedsLogin));
            }
            Ok(Tokens { access: format!("access-{count}").into(), refresh: None, expires_at: None })
        }
    }

    fn source(refused: bool) -> (Arc<TokenSource>, Arc<AtomicUsize>, Arc<AtomicUsize>) {
        let (renewed, saved) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let keep = Arc::clone(&saved);
        let tokens = Tokens { access: "old".into(), refresh: Some("r".into()), expires_at: Some(DateTime::UNIX_EPOCH) };
        let renew = Box::new(Counting { renewed: Arc::clone(&renewed), refused });
        let source = TokenSource::new(
            &Platform::GoogleAds,
            tokens,
            renew,
            Arc::new(move |tokens| {
                assert!(tokens.refresh.is_some(), "the old refresh token is kept");
                keep.fetch_add(1, Ordering::SeqCst);
            }),
        );
        (Arc::new(source), renewed, saved)
    }

    #[tokio::test]
    async fn fifty_calls_at_once_renew_once() {
        let (source, renewed, saved) = source(false);
        let call = Call::default();
        let now = Utc::now();
        let calls = (0..50).map(|_| source.access(now, &call));
        for answer in futures_util::future::join_all(calls).await {
            assert_eq!(answer.expect("renewed").0.expose_secret(), "access-1");
        }
        let refused = (0..50).map(|_| source.renew(1, &call));
        futures_util::future::join_all(refused).await.into_iter().for_each(|answer| answer.expect("renewed"));
        assert_eq!((renewed.load(Ordering::SeqCst), saved.load(Ordering::SeqCst)), (2, 2));
    }

    #[tokio::test]
    async fn a_login_that_ended_is_not_asked_again() {
        let (source, renewed, _) = source(true);
        for _ in 0..5 {
            assert_eq!(source.access(Utc::now(), &Call::default()).await.expect_err("ended").kind, Kind::NeedsLogin);
        }
        assert_eq!(renewed.load(Ordering::SeqCst), 1);
    }
}
