//! The use cases both doors call: the window and the command line. Reading is apart from writing.
//!
//! **Invariant:** no business rule lives in a door, and no door reaches past this crate to the store or the readers of files.

mod read;
mod retry;
mod write;

pub mod dto;
pub mod error;
mod jobs;
mod platforms;
pub mod tags;
pub mod words;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use moa_domain::{Clock, Sealer};
use moa_store::{ConnectOptions, Store};
use tokio::sync::broadcast;

pub use error::{ApiError, Blame, ErrorDto, is_question};
pub use read::campaigns::CampaignEntry;
pub use read::doctor::{DatabaseHealth, DoctorCheck, DoctorState};
pub use read::kpi::{KpiAnswer, KpiBy, KpiQuestion, KpiRow};
pub use read::period::period_choices;
pub use read::period::{parse_date, parse_range, range};
pub use retry::{DatabaseAddress, DatabaseSource};
pub use write::connect::{AuthorisePage, NewKeys};
pub use write::demo::SampleOutcome;
pub use write::import::{ImportFile, Progress};
pub use write::report::{ReportFiles, ReportTarget, report_range};
pub use write::sync::SyncTell;

use dto::job::JobDto;
use jobs::Jobs;
use platforms::Platforms;
use tags::CacheTag;

/// What a door gives the use cases to stand on.
pub struct MoaOptions {
    pub database: Arc<dyn DatabaseSource>,
    pub clock: Arc<dyn Clock>,
    /// Folder with the three Pretendard faces.
    pub fonts: PathBuf,
    /// Where reports go when nobody says otherwise.
    pub reports_folder: PathBuf,
    /// Shown in `pg_stat_activity`, and in the story of a run: `window`, `command line`.
    pub door: &'static str,
    pub max_connections: u32,
    /// Seals what logins hold, with the key of this data folder.
    pub sealer: Arc<dyn Sealer>,
    /// A file that puts servers of this computer in platforms' places, for tests.
    pub endpoints: Option<PathBuf>,
}

/// Something the window should know at once.
#[derive(Debug, Clone)]
pub enum MoaEvent {
    JobChanged(Box<JobDto>),
    DataChanged(Vec<CacheTag>),
}

/// The product, opened on one database.
#[derive(Clone)]
pub struct Moa {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    database: Arc<dyn DatabaseSource>,
    clock: Arc<dyn Clock>,
    fonts: PathBuf,
    reports_folder: PathBuf,
    jobs: Jobs,
    events: broadcast::Sender<MoaEvent>,
    platforms: Platforms,
}

impl Moa {
    /// Connects, migrating the schema when it is older than this program.
    ///
    /// # Errors
    /// No database, one that is too old or newer than this program, or one that lacks rights: each with its cure.
    pub async fn open(options: MoaOptions) -> Result<Self, ApiError> {
        let platforms = Platforms::new(options.endpoints.as_deref(), options.sealer)?;
        let address = options.database.address().await?;
        let connect = ConnectOptions {
            embedded: address.embedded,
            max_connections: options.max_connections,
            application_name: format!("Moa {}", options.door),
        };
        let store = Store::connect(&address.url, &connect).await?;
        let (events, _) = broadcast::channel(256);
        Ok(Self {
            inner: Arc::new(Inner {
                store,
                database: options.database,
                clock: options.clock,
                fonts: options.fonts,
                reports_folder: options.reports_folder,
                jobs: Jobs::default(),
                events,
                platforms,
            }),
        })
    }

    /// Job progress and stale caches, for as long as the receiver is kept.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<MoaEvent> {
        self.inner.events.subscribe()
    }

    /// Today in the office's zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.inner.clock.today()
    }

    pub(crate) fn store(&self) -> Store {
        self.inner.store.clone()
    }

    pub(crate) fn tell(&self, event: MoaEvent) {
        // Nobody listening (the command line) is not an error.
        let _ = self.inner.events.send(event);
    }
}
