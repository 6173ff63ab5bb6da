//! The loopback listener (RFC 8252): bound before the browser opens, answers until the sign-in's own answer has come, then ends.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::Redirect;

/// A request line longer than this is no answer of a platform.
const LONGEST_REQUEST: usize = 16 << 10;
const READ_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum ListenerError {
    #[error("none of the ports {ports} is free on this computer")]
    PortsTaken { ports: String },
    #[error("the answer of the sign-in cannot be received: {0}")]
    Io(#[from] std::io::Error),
}

impl ListenerError {
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PortsTaken { .. } => "sign_in.ports_taken",
            Self::Io(_) => "sign_in.listener",
        }
    }
}

/// What the browser brought back.
#[derive(Debug, Default)]
pub struct Returned {
    pub code: Option<SecretString>,
    pub scope: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
}

/// What the browser shows when it comes back.
#[derive(Debug, Clone)]
pub struct Pages {
    pub granted: String,
    /// Somebody declined, or the platform did.
    pub refused: String,
}

/// Waits for the browser on this computer only.
pub struct Listener {
    v4: TcpListener,
    /// `localhost` may mean either.
    v6: Option<TcpListener>,
    redirect: Redirect,
    port: u16,
}

impl Listener {
    /// # Errors
    /// No port that may be used is free.
    pub async fn bind(redirect: Redirect) -> Result<Self, ListenerError> {
        let wanted = if redirect.ports.is_empty() { &[0][..] } else { redirect.ports };
        for port in wanted {
            let Ok(v4) = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await else { continue };
            let port = v4.local_addr()?.port();
            let v6 = if redirect.host == "localhost" { TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok() } else { None };
            return Ok(Self { v4, v6, redirect, port });
        }
        Err(ListenerError::PortsTaken { ports: wanted.iter().map(u16::to_string).collect::<Vec<_>>().join(", ") })
    }

    /// The address to register at the platform and to send along.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("http://{}:{}{}", self.redirect.host, self.port, self.redirect.path)
    }

    /// Waits until the browser brings an answer with the right `state`. Anything else is answered and forgotten: a browser also asks for
    /// an icon, and another program may knock.
    ///
    /// # Errors
    /// The socket's.
    pub async fn returned(&self, state: &str, pages: &Pages) -> Result<Returned, ListenerError> {
        loop {
            let accepted = match &self.v6 {
                Some(v6) => tokio::select! { one = self.v4.accept() => one, one = v6.accept() => one },
                None => self.v4.accept().await,
            };
            // A connection that ends before it begins is no failure of the sign-in.
            let Ok((stream, _)) = accepted else { continue };
            if let Some(returned) = self.answer(stream, state, pages).await {
                return Ok(returned);
            }
        }
    }

    async fn answer(&self, mut stream: TcpStream, state: &str, pages: &Pages) -> Option<Returned> {
        let head = tokio::time::timeout(READ_TIMEOUT, read_head(&mut stream)).await.ok()??;
        let returned = self.understood(&head, state);
        let (status, body) = match &returned {
            Some(Returned { code: Some(_), .. }) => ("200 OK", pages.granted.as_str()),
            Some(_) => ("200 OK", pages.refused.as_str()),
            None => ("404 Not Found", ""),
        };
        let text = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\ncache-control: no-store\r\n\
             content-security-policy: default-src 'none'; style-src 'unsafe-inline'\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        // The browser may be gone already; what it brought counts.
        let _ = stream.write_all(text.as_bytes()).await;
        let _ = stream.shutdown().await;
        returned
    }

    fn understood(&self, head: &str, state: &str) -> Option<Returned> {
        let mut words = head.lines().next()?.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let url = Url::parse("http://localhost").ok()?.join(target).ok()?;
        let path = if self.redirect.path.is_empty() { "/" } else { self.redirect.path };
        if method != "GET" || url.path() != path {
            return None;
        }
        let mut returned = Returned::default();
        let mut came = None;
        for (name, value) in url.query_pairs() {
            match &*name {
                "state" => came = Some(value.into_owned()),
                "code" => returned.code = Some(value.into_owned().into()),
                "scope" => returned.scope = Some(value.into_owned()),
                "error" => returned.error = Some(value.into_owned()),
                "error_description" => returned.error_description = Some(value.into_owned()),
                _ => {}
            }
        }
        let answered = returned.code.is_some() || returned.error.is_some();
        (answered && came.as_deref() == Some(state)).then_some(returned)
    }
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut chunk).await.ok()?;
        if read == 0 || head.len() > LONGEST_REQUEST {
            return None;
        }
        head.extend_from_slice(&chunk[..read]);
    }
    String::from_utf8(head).ok()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const ANY: Redirect = Redirect { host: "127.0.0.1", ports: &[], path: "" };

    fn pages() -> Pages {
        Pages { granted: "<p>done</p>".to_owned(), refused: "<p>refused</p>".to_owned() }
    }

    #[tokio::test]
    async fn a_sign_in_that_was_declined_is_not_shown_as_done() {
        let listener = Listener::bind(ANY).await.expect("a port");
        let port = listener.port;
        let browser = tokio::spawn(async move { knock(port, "/?state=s1&error=access_denied").await });
        let returned = listener.returned("s1", &pages()).await.expect("an answer");
        assert_eq!(returned.error.as_deref(), Some("access_denied"));
        assert!(browser.await.expect("no panic").ends_with("<p>refused</p>"));
    }

    async fn knock(port: u16, target: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.expect("listening");
        stream.write_all(format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("answered");
        answer
    }

    #[tokio::test]
    async fn takes_the_answer_with_its_state_and_no_other() {
        let listener = Listener::bind(ANY).await.expect("a port");
        let port = listener.port;
        let browser = tokio::spawn(async move {
            let strangers = [knock(port, "/favicon.ico").await, knock(port, "/?code=forged&state=other").await];
            (strangers, knock(port, "/?state=s1&code=4%2F0Ab&scope=a%20b").await)
        });
        let returned = listener.returned("s1", &pages()).await.expect("an answer");
        assert_eq!(returned.code.expect("a code").expose_secret(), "4/0Ab");
        assert_eq!(returned.scope.as_deref(), Some("a b"));
        let (strangers, page) = browser.await.expect("no panic");
        assert!(strangers.iter().all(|answer| answer.starts_with("HTTP/1.1 404")));
        assert!(page.ends_with("<p>done</p>"));
    }

    #[tokio::test]
    async fn says_which_ports_are_taken() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let ports: &'static [u16] = Vec::leak(vec![taken.local_addr().expect("bound").port()]);
        assert!(matches!(Listener::bind(Redirect { ports, ..ANY }).await, Err(ListenerError::PortsTaken { .. })));
    }
}
