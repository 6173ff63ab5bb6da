//! The four ad platforms as one local server: they answer as the platforms do, refuse what the platforms refuse, serve a seeded agency and
//! fail on demand. Each platform is one file, written from the platform's own documentation and not from the connector.
//!
//! **Invariant:** never linked into a release; tests, measurements and the program `moa-sandbox` use it.

pub mod browser;
pub mod faults;
pub mod google;
pub mod kakao;
pub mod meta;
pub mod naver;
pub mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::middleware;
use tokio::net::TcpListener;

pub use faults::{Fault, Faults, Trouble};
pub use world::World;

/// Origins the server stands in for.
pub const ORIGINS: &[&str] = &[
    "https://googleads.googleapis.com",
    "https://accounts.google.com",
    "https://oauth2.googleapis.com",
    "https://graph.facebook.com",
    "https://www.facebook.com",
    "https://api.searchad.naver.com",
    "https://kauth.kakao.com",
    "https://apis.moment.kakao.com",
    "https://kapi.kakao.com",
    "https://api.keywordad.kakao.com",
];

/// What every platform of the server shares.
pub(crate) struct Shared {
    pub(crate) world: Arc<World>,
    pub(crate) faults: Arc<Faults>,
}

/// Whether a trouble strikes this request now; counts it.
pub(crate) fn strikes(shared: &Shared, target: &str, which: impl Fn(&Trouble) -> bool) -> Option<Trouble> {
    shared.faults.strikes(target, which)
}

/// A running server. It ends with the value.
pub struct Sandbox {
    pub world: Arc<World>,
    pub faults: Arc<Faults>,
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Sandbox {
    /// Serves a world on a port of this computer; port 0 takes any that is free.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn start(world: World, port: u16) -> std::io::Result<Self> {
        let world = Arc::new(world);
        let faults = Arc::new(Faults::default());
        let shared = Arc::new(Shared { world: Arc::clone(&world), faults: Arc::clone(&faults) });
        let router = Router::new()
            .merge(google::routes(&shared))
            .merge(kakao::routes(&shared))
            .merge(meta::routes(&shared))
            .merge(naver::routes(&shared))
            .layer(middleware::from_fn_with_state(Arc::clone(&faults), faults::inject));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            // Ends with the task; nobody is left to tell.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { world, faults, address, server })
    }

    /// `http://127.0.0.1:PORT`
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The text of an endpoints file that puts this server in every platform's place.
    #[must_use]
    pub fn endpoints_file(&self, divide_pauses_by: u32) -> String {
        let lines: String = ORIGINS.iter().map(|origin| format!("\"{origin}\" = \"{}\"\n", self.origin())).collect();
        format!("[origins]\n{lines}[pace]\ndivide_by = {divide_pauses_by}\n")
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}
