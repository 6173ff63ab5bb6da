//! Opening the embedded database, from a program's side.

use std::path::PathBuf;
use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::keeper::lease::Lease;
use crate::keeper::{self, EXIT_DISK_FULL, Orders, RunState, RunningServer};
use crate::locks::{self, FileLock};
use crate::postgres::{self, Answer, Stage};
use crate::{DataDir, HostError, resources};

const POLL: Duration = Duration::from_millis(30);

/// How many keepers one opening starts when they are killed under its hands.
const KEEPER_TRIES: usize = 3;

/// How the database is opened. [`OpenOptions::default`] is right for every program; tests change a field.
#[derive(Clone)]
pub struct OpenOptions {
    /// Postgres' programs; by default those shipped with Moa, found when they are needed.
    pub binaries: Option<PathBuf>,
    /// The program that is started as the keeper; by default this one. It must call [`keeper::run_if_asked`].
    pub keeper_program: Option<PathBuf>,
    /// How long the server stays after the last program; by default `MOA_KEEPER_IDLE_SECONDS`, else [`keeper::IDLE`].
    pub idle: Option<Duration>,
    /// How long nothing may change before the wait is given up.
    pub patience: Duration,
    /// How often an open program looks whether its keeper still lives.
    pub look_every: Duration,
    /// Hears how far the start has come, from another thread or task.
    pub progress: Option<Arc<dyn Fn(Stage) + Send + Sync>>,
}

impl OpenOptions {
    /// Seconds the server stays after the last program.
    pub const IDLE_VARIABLE: &str = "MOA_KEEPER_IDLE_SECONDS";

    fn idle(&self) -> Duration {
        let named = || std::env::var(Self::IDLE_VARIABLE).ok()?.trim().parse().ok().map(Duration::from_secs);
        self.idle.or_else(named).unwrap_or(keeper::IDLE)
    }
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            binaries: None,
            keeper_program: None,
            idle: None,
            patience: Duration::from_secs(120),
            look_every: Duration::from_secs(20),
            progress: None,
        }
    }
}

/// The embedded database of a data folder.
pub struct Database;

impl Database {
    /// Makes sure that the server runs, starting it (and at the very first time writing its files) when it does not, and keeps it
    /// running until the handle is dropped.
    ///
    /// # Errors
    /// Any [`HostError`]; what failed in the keeper arrives here as it was there.
    pub async fn open(dir: &DataDir, options: &OpenOptions) -> Result<DatabaseHandle, HostError> {
        dir.create()?;
        // First the lease, then the run file: see the keeper's description.
        let lease = Lease::take(&dir.leases())?;
        let mut opening = Opening { dir, options, keepers: Vec::new(), last: None, last_change: Instant::now() };
        let current = opening.wait_until_ready().await?;
        let keepers = Mutex::new(opening.keepers);
        let shared = Arc::new(Shared {
            dir: dir.clone(),
            options: options.clone(),
            current: Mutex::new(current),
            keepers,
            refreshing: tokio::sync::Mutex::new(()),
            _lease: lease,
        });
        let watching = tokio::spawn(watch(Arc::downgrade(&shared), options.look_every)).abort_handle();
        Ok(DatabaseHandle { shared, _watching: Arc::new(AbortOnDrop(watching)) })
    }
}

/// The open database. Clones share one lease; the server may stop some minutes after the last is dropped.
#[derive(Clone)]
pub struct DatabaseHandle {
    shared: Arc<Shared>,
    _watching: Arc<AbortOnDrop>,
}

impl DatabaseHandle {
    /// Where to connect, with the password. It can change when the server had to be restarted: ask again after [`Self::refresh`].
    pub fn url(&self) -> String {
        let current = lock(&self.shared.current);
        postgres::url(current.server.port, &current.password)
    }

    /// The server as it was last seen.
    pub fn server(&self) -> RunningServer {
        lock(&self.shared.current).server.clone()
    }

    /// After a broken connection: makes sure that keeper and server run and answer, starting what died. `true` when the URL is another
    /// one now.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn refresh(&self) -> Result<bool, HostError> {
        let before = self.url();
        self.shared.refresh().await?;
        Ok(self.url() != before)
    }
}

struct Shared {
    dir: DataDir,
    options: OpenOptions,
    current: Mutex<Current>,
    /// Keepers this program started, so that their end is taken note of.
    keepers: Mutex<Vec<Child>>,
    refreshing: tokio::sync::Mutex<()>,
    _lease: Lease,
}

impl Shared {
    async fn refresh(&self) -> Result<(), HostError> {
        let _one_at_a_time = self.refreshing.lock().await;
        let mut opening = Opening { dir: &self.dir, options: &self.options, keepers: Vec::new(), last: None, last_change: Instant::now() };
        let outcome = opening.wait_until_ready().await;
        lock(&self.keepers).append(&mut opening.keepers);
        *lock(&self.current) = outcome?;
        Ok(())
    }

    /// Takes note of keepers that ended, so that no dead process stays listed.
    fn reap(&self) {
        lock(&self.keepers).retain_mut(|keeper| matches!(keeper.try_wait(), Ok(None)));
    }
}

struct Current {
    server: RunningServer,
    password: String,
}

struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts a new keeper when the old one was killed. (Postgres lives on meanwhile, and is taken over.)
async fn watch(shared: Weak<Shared>, look_every: Duration) {
    loop {
        tokio::time::sleep(look_every).await;
        let Some(shared) = shared.upgrade() else { return };
        shared.reap();
        match locks::is_held(&shared.dir.keeper_lock()) {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!("the database keeper is gone; another is started");
                if let Err(error) = shared.refresh().await {
                    tracing::error!(code = error.code(), "{error}");
                }
            }
            Err(error) => tracing::error!(code = error.code(), "{error}"),
        }
    }
}

/// One wait for the database to be ready.
struct Opening<'a> {
    dir: &'a DataDir,
    options: &'a OpenOptions,
    keepers: Vec<Child>,
    last: Option<Stage>,
    last_change: Instant,
}

impl Opening<'_> {
    async fn wait_until_ready(&mut self) -> Result<Current, HostError> {
        loop {
            if locks::is_held(&self.dir.keeper_lock())? {
                if let Some(current) = self.look().await? {
                    return Ok(current);
                }
            } else if let Some(_start) = FileLock::try_take(&self.dir.start_lock())?
                && let Some(current) = self.start_keeper().await?
            {
                return Ok(current);
            }
            self.pause().await?;
        }
    }

    /// Starts a keeper and waits for it, while holding the lock that keeps others from doing the same. `None` when it ended because
    /// another keeper was quicker.
    async fn start_keeper(&mut self) -> Result<Option<Current>, HostError> {
        if locks::is_held(&self.dir.keeper_lock())? {
            return Ok(None);
        }
        let program = match &self.options.keeper_program {
            Some(program) => program.clone(),
            None => {
                std::env::current_exe().map_err(|error| HostError::KeeperStartFailed { program: PathBuf::new(), cause: (&error).into() })?
            }
        };
        let binaries = match &self.options.binaries {
            Some(binaries) => binaries.clone(),
            None => resources::postgres_dir()?,
        };
        let run_file = self.dir.run_file();
        let port = match RunState::read(&run_file)? {
            Some(RunState::Ready(server)) => Some(server.port),
            _ => None,
        };
        // What a dead keeper wrote must not be taken for the new one's word.
        crate::private::remove_file(&run_file).map_err(|error| HostError::io("remove", &run_file, &error))?;
        let orders = Orders { data_dir: self.dir.clone(), binaries, idle: self.options.idle(), port };
        let mut child = keeper::spawn(&program, &orders)?;
        let pid = child.id();
        let outcome = loop {
            if let Ok(Some(status)) = child.try_wait() {
                break self.explain_end(pid, status.code());
            }
            if let Some(current) = self.look().await? {
                break Ok(Some(current));
            }
            if let Err(error) = self.pause().await {
                break Err(error);
            }
        };
        self.keepers.push(child);
        outcome
    }

    /// Why the keeper we started has ended.
    fn explain_end(&self, keeper: u32, code: Option<i32>) -> Result<Option<Current>, HostError> {
        match RunState::read(&self.dir.run_file())? {
            Some(RunState::Failed { keeper_pid, error }) if keeper_pid == keeper => Err(error),
            _ if code == Some(0) => Ok(None),
            _ if code == Some(EXIT_DISK_FULL) => Err(HostError::DiskFull { path: self.dir.database() }),
            // Killed: by somebody who wants the server stopped, or for want of memory. Another is tried, but not for ever.
            _ if code.is_none() && self.keepers.len() < KEEPER_TRIES => Ok(None),
            _ => Err(HostError::KeeperEnded { log: self.dir.keeper_log() }),
        }
    }

    /// Reads the run file and, when it says ready, knocks at the port.
    async fn look(&mut self) -> Result<Option<Current>, HostError> {
        let server = match RunState::read(&self.dir.run_file())? {
            Some(RunState::Ready(server)) => server,
            Some(RunState::Starting { .. }) => return self.report(Stage::Starting),
            Some(RunState::Initialising { .. }) => return self.report(Stage::Initialising),
            Some(RunState::Recovering { .. }) => return self.report(Stage::Recovering),
            Some(RunState::Failed { .. }) | None => return Ok(None),
        };
        let path = self.dir.password_file();
        let password = std::fs::read_to_string(&path).map_err(|error| HostError::io("read", &path, &error))?.trim().to_owned();
        let port = server.port;
        let asked = tokio::task::spawn_blocking({
            let password = password.clone();
            move || postgres::ask(port, &password)
        });
        match asked.await.unwrap_or(Answer::Nothing) {
            Answer::Ours | Answer::Full => {
                self.report(Stage::Ready)?;
                Ok(Some(Current { server, password }))
            }
            Answer::Nothing => Ok(None),
        }
    }

    fn report(&mut self, stage: Stage) -> Result<Option<Current>, HostError> {
        if self.last != Some(stage) {
            self.last = Some(stage);
            self.last_change = Instant::now();
            if let Some(progress) = &self.options.progress {
                progress(stage);
            }
        }
        Ok(None)
    }

    async fn pause(&self) -> Result<(), HostError> {
        let waited = self.last_change.elapsed();
        if waited >= self.options.patience {
            return Err(HostError::KeeperTimedOut { waited_seconds: waited.as_secs(), log: self.dir.keeper_log() });
        }
        tokio::time::sleep(POLL).await;
        Ok(())
    }
}

/// What is behind the lock is replaced whole, so it is sound even if a holder panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
