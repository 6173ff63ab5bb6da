//! Access tokens, renewed exactly once however many calls, and however many programs, find them stale.

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

/// Held while a login's tokens are renewed.
pub type Turn = Box<dyn Send + Sync>;

/// Where a login's tokens are kept, for this program and others on the same database.
#[async_trait]
pub trait Keep: Send + Sync {
    /// The turn to renew them; `None` where it could not be had, and nobody is asked to wait for ever.
    async fn turn(&self) -> Option<Turn>;

    /// The tokens as they are kept now: another program may have renewed them.
    async fn kept(&self) -> Option<Tokens>;

    async fn keep(&self, tokens: &Tokens);
}

/// Nobody else knows these tokens, and they are not kept.
pub struct KeptNowhere;

#[async_trait]
impl Keep for KeptNowhere {
    async fn turn(&self) -> Option<Turn> {
        None
    }

    async fn kept(&self) -> Option<Tokens> {
        None
    }

    async fn keep(&self, _: &Tokens) {}
}

/// The tokens of one login, shared by all its calls.
pub struct TokenSource {
    platform: Platform,
    renew: Box<dyn Renew>,
    keep: Arc<dyn Keep>,
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
    pub fn new(platform: &Platform, tokens: Tokens, renew: Box<dyn Renew>, keep: Arc<dyn Keep>) -> Self {
        Self { platform: platform.clone(), renew, keep, state: Mutex::new(State { tokens, generation: 0, ended: None }) }
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
        let _turn = self.keep.turn().await;
        // One that ends no later is what this program began with, or was not kept.
        if let Some(kept) = self.keep.kept().await
            && kept.access.expose_secret() != state.tokens.access.expose_secret()
            && kept.expires_at.is_none_or(|end| state.tokens.expires_at.is_none_or(|ours| end > ours))
        {
            state.tokens = kept;
            state.generation += 1;
            return Ok(());
        }
        match self.renew.renew(&state.tokens, call).await {
            Ok(mut renewed) => {
                // A reply without a new refresh token keeps the old one.
                renewed.refresh = renewed.refresh.or_else(|| state.tokens.refresh.clone());
                self.keep.keep(&renewed).await;
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

    /// What several programs share.
    #[derive(Default)]
    struct Shared {
        tokens: std::sync::Mutex<Option<Tokens>>,
        saved: AtomicUsize,
        turn: Arc<Mutex<()>>,
    }

    #[async_trait]
    impl Keep for Shared {
        async fn turn(&self) -> Option<Turn> {
            Some(Box::new(Arc::clone(&self.turn).lock_owned().await))
        }

        async fn kept(&self) -> Option<Tokens> {
            self.tokens.lock().expect("no panic").clone()
        }

        async fn keep(&self, tokens: &Tokens) {
            assert!(tokens.refresh.is_some(), "the old refresh token is kept");
            self.saved.fetch_add(1, Ordering::SeqCst);
            *self.tokens.lock().expect("no panic") = Some(tokens.clone());
        }
    }

    fn source(refused: bool, shared: &Arc<Shared>, renewed: &Arc<AtomicUsize>) -> TokenSource {
        let tokens = Tokens { access: "old".into(), refresh: Some("r".into()), expires_at: Some(DateTime::UNIX_EPOCH) };
        let renew = Box::new(Counting { renewed: Arc::clone(renewed), refused });
        TokenSource::new(&Platform::GoogleAds, tokens, renew, Arc::clone(shared) as Arc<dyn Keep>)
    }

    #[tokio::test]
    async fn fifty_calls_at_once_renew_once() {
        let (shared, renewed) = (Arc::<Shared>::default(), Arc::<AtomicUsize>::default());
        let source = source(false, &shared, &renewed);
        let call = Call::default();
        let now = Utc::now();
        let calls = (0..50).map(|_| source.access(now, &call));
        for answer in futures_util::future::join_all(calls).await {
            assert_eq!(answer.expect("renewed").0.expose_secret(), "access-1");
        }
        let refused = (0..50).map(|_| source.renew(1, &call));
        futures_util::future::join_all(refused).await.into_iter().for_each(|answer| answer.expect("renewed"));
        assert_eq!((renewed.load(Ordering::SeqCst), shared.saved.load(Ordering::SeqCst)), (2, 2));
    }

    #[tokio::test]
    async fn two_programs_renew_once() {
        let (shared, renewed) = (Arc::<Shared>::default(), Arc::<AtomicUsize>::default());
        let programs = [source(false, &shared, &renewed), source(false, &shared, &renewed)];
        let call = Call::default();
        let now = Utc::now();
        for answer in futures_util::future::join_all(programs.iter().map(|program| program.access(now, &call))).await {
            assert_eq!(answer.expect("renewed").0.expose_secret(), "access-1");
        }
        assert_eq!(renewed.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_login_that_ended_is_not_asked_again() {
        let renewed = Arc::<AtomicUsize>::default();
        let source = source(true, &Arc::default(), &renewed);
        for _ in 0..5 {
            assert_eq!(source.access(Utc::now(), &Call::default()).await.expect_err("ended").kind, Kind::NeedsLogin);
        }
        assert_eq!(renewed.load(Ordering::SeqCst), 1);
    }
}
