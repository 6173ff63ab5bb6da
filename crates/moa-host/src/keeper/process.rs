use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::lease;
use super::run_file::{RunState, RunningServer};
use super::stop_watch::StopWatch;
use super::{EXIT_DISK_FULL, EXIT_FAILED, Orders};
use crate::locks::FileLock;
use crate::postgres::{Binaries, Cluster, ClusterOptions, Stage};
use crate::{DataDir, HostError, private};

/// A program that only looks whether the keeper lives holds its lock for a moment; a keeper that stops holds it until Postgres has
/// stopped.
const LOCK_LIMIT: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(10);

/// How often the server is looked after. Its death is noticed within this time.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// More deaths than this within the time are not bad luck.
const DEATHS_LIMIT: usize = 5;
const DEATHS_WITHIN: Duration = Duration::from_secs(60);

const POSTGRES_LOG_LIMIT_BYTES: u64 = 5_000_000;

/// The whole life of a keeper; gives the exit code of its process.
pub(crate) fn run(orders: &Orders) -> i32 {
    leave_the_terminal();
    // A second subscriber cannot be set in a process that is only a keeper.
    let _ = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).try_init();
    match keep(orders) {
        Ok(()) | Err(HostError::Stopped) => 0,
        Err(error) => {
            tracing::error!(code = error.code(), "{error}");
            if matches!(error, HostError::DiskFull { .. }) { EXIT_DISK_FULL } else { EXIT_FAILED }
        }
    }
}

fn keep(orders: &Orders) -> Result<(), HostError> {
    let dir = &orders.data_dir;
    let Some(lock) = take_keeper_lock(dir)? else {
        tracing::info!("another keeper is at work");
        return Ok(());
    };
    let lock = Arc::new(lock);
    let run_file = dir.run_file();
    for path in [&run_file, &dir.stop_request()] {
        private::remove_file(path).map_err(|error| HostError::io("remove", path, &error))?;
    }
    let watch = StopWatch::start(dir, Arc::clone(&lock))?;
    let outcome = keep_server(orders, &watch);
    // A folder that was removed or made anew in the meantime is not ours to write in.
    if lock.is_still_at(&dir.keeper_lock()) {
        match &outcome {
            Err(error) if *error != HostError::Stopped => {
                RunState::Failed { keeper_pid: std::process::id(), error: error.clone() }.write(&run_file)?;
            }
            _ => private::remove_file(&run_file).map_err(|error| HostError::io("remove", &run_file, &error))?,
        }
    }
    outcome
}

fn keep_server(orders: &Orders, watch: &StopWatch) -> Result<(), HostError> {
    let dir = &orders.data_dir;
    let mut options = cluster_options(orders, watch)?;
    let mut cluster = start(&options, dir)?;
    let mut deaths = Deaths::default();
    let mut idle_since = Instant::now();
    let look_every = LOOK_EVERY.min(orders.idle / 5).max(POLL);
    loop {
        if watch.told_to_stop_within(look_every) {
            break;
        }
        if !cluster.is_running() {
            tracing::warn!(pid = cluster.pid(), "Postgres died");
            deaths.note(&dir.postgres_log())?;
            RunState::Recovering { keeper_pid: std::process::id() }.write(&dir.run_file())?;
            options.port = Some(cluster.port());
            cluster = start(&options, dir)?;
        } else if !matches!(RunState::read(&dir.run_file()), Ok(Some(_))) {
            tracing::warn!("the run file is gone or damaged; it is written anew");
            if let Err(error) = announce(&cluster, dir) {
                // Tried again at the next look; where the folder itself is gone, the stop watch ends it.
                tracing::warn!("{error}");
            }
        }
        if lease::count_held(&dir.leases())? > 0 {
            idle_since = Instant::now();
        } else if idle_since.elapsed() >= orders.idle {
            // A program takes its lease first and reads the run file second; see the module's description.
            private::remove_file(&dir.run_file()).map_err(|error| HostError::io("remove", &dir.run_file(), &error))?;
            if lease::count_held(&dir.leases())? == 0 {
                tracing::info!("nobody needs the database any more");
                break;
            }
            announce(&cluster, dir)?;
            idle_since = Instant::now();
        }
    }
    private::remove_file(&dir.run_file()).map_err(|error| HostError::io("remove", &dir.run_file(), &error))?;
    cluster.stop()?;
    tracing::info!("Postgres has stopped");
    Ok(())
}

fn start(options: &ClusterOptions, dir: &DataDir) -> Result<Cluster, HostError> {
    let cluster = Cluster::start(options)?;
    announce(&cluster, dir)?;
    tracing::info!(pid = cluster.pid(), port = cluster.port(), version = cluster.version(), "Postgres is ready");
    Ok(cluster)
}

fn announce(cluster: &Cluster, dir: &DataDir) -> Result<(), HostError> {
    let server = RunningServer {
        port: cluster.port(),
        keeper_pid: std::process::id(),
        postgres_pid: cluster.pid(),
        started_at: Utc::now(),
        version: cluster.version().to_owned(),
        keeper_version: env!("CARGO_PKG_VERSION").to_owned(),
        data: cluster.data().to_path_buf(),
        binaries: cluster.binaries().to_path_buf(),
        runs_as: cluster.runs_as().map(str::to_owned),
        moved_because_of: cluster.moved_because_of().map(Path::to_path_buf),
    };
    RunState::Ready(server).write(&dir.run_file())
}

fn cluster_options(orders: &Orders, watch: &StopWatch) -> Result<ClusterOptions, HostError> {
    let dir = &orders.data_dir;
    let keeper_pid = std::process::id();
    RunState::Starting { keeper_pid }.write(&dir.run_file())?;
    let log = dir.postgres_log();
    private::rotate_log(&log, POSTGRES_LOG_LIMIT_BYTES).map_err(|error| HostError::io("rotate", &log, &error))?;

    let major = Binaries::find(&orders.binaries)?.major();
    refuse_other_versions(dir, major)?;
    let mut options = ClusterOptions::new(&orders.binaries, dir.cluster(major));
    options.password = read_or_make_password(&dir.password_file())?;
    options.port = orders.port;
    options.log = Some(log);
    options.stop = watch.flag().clone();
    let run_file = dir.run_file();
    options.progress = Some(Arc::new(move |stage| {
        let state = match stage {
            Stage::Starting => RunState::Starting { keeper_pid },
            Stage::Initialising => RunState::Initialising { keeper_pid },
            Stage::Recovering => RunState::Recovering { keeper_pid },
            // Written by the caller, who knows the port.
            Stage::Ready => return,
        };
        if let Err(error) = state.write(&run_file) {
            tracing::warn!("{error}");
        }
    }));
    Ok(options)
}

/// A folder of another major version beside which a new empty database would be started, as if everything were lost.
fn refuse_other_versions(dir: &DataDir, carried: u32) -> Result<(), HostError> {
    if dir.cluster(carried).is_dir() {
        return Ok(());
    }
    let database = dir.database();
    let entries = std::fs::read_dir(&database).map_err(|error| HostError::io("list", &database, &error))?;
    let found = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.strip_prefix("pgdata-")?.parse::<u32>().ok()).max();
    match found {
        Some(found) if found > carried => Err(HostError::DataFromNewerPostgres { path: dir.cluster(found), found, carried }),
        Some(found) if found < carried => Err(HostError::DataFromOlderPostgres { path: dir.cluster(found), found, carried }),
        _ => Ok(()),
    }
}

fn read_or_make_password(path: &Path) -> Result<String, HostError> {
    match std::fs::read_to_string(path) {
        Ok(text) if is_password(text.trim()) => return Ok(text.trim().to_owned()),
        Ok(_) => tracing::warn!("the password file holds no password; it is written anew"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {}
        Err(error) => return Err(HostError::io("read", path, &error)),
    }
    let mut random = [0_u8; 24];
    getrandom::fill(&mut random).map_err(|error| HostError::io("make", path, &std::io::Error::other(error.to_string())))?;
    let password: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    private::write_file(path, password.as_bytes()).map_err(|error| HostError::io("write", path, &error))?;
    Ok(password)
}

/// Ours are hexadecimal, so they need no quoting in a URL.
fn is_password(text: &str) -> bool {
    text.len() >= 32 && text.chars().all(|character| character.is_ascii_alphanumeric())
}

fn take_keeper_lock(dir: &DataDir) -> Result<Option<FileLock>, HostError> {
    let deadline = Instant::now() + LOCK_LIMIT;
    loop {
        if let Some(lock) = FileLock::try_take(&dir.keeper_lock())? {
            return Ok(Some(lock));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        std::thread::sleep(POLL);
    }
}

/// The keeper must not end with the terminal its first program was started from.
fn leave_the_terminal() {
    #[cfg(unix)]
    if let Err(error) = nix::unistd::setsid() {
        tracing::debug!(%error, "already the leader of a session");
    }
}

/// When the server died lately.
#[derive(Debug, Default)]
struct Deaths {
    times: VecDeque<Instant>,
}

impl Deaths {
    fn note(&mut self, log: &Path) -> Result<(), HostError> {
        let now = Instant::now();
        self.times.push_back(now);
        self.times.retain(|time| now.duration_since(*time) < DEATHS_WITHIN);
        if self.times.len() > DEATHS_LIMIT {
            let output = format!("it died {} times within {} s", self.times.len(), DEATHS_WITHIN.as_secs());
            return Err(HostError::ServerStartFailed { log: log.to_path_buf(), output });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_made_once_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        let made = read_or_make_password(&path).expect("writable");
        assert!(is_password(&made));
        assert_eq!(read_or_make_password(&path).expect("readable"), made);
        std::fs::write(&path, "short").expect("writable");
        assert_ne!(read_or_make_password(&path).expect("writable"), "short");
    }

    #[test]
    fn data_of_another_version_is_never_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = DataDir::resolve(Some(folder.path())).expect("a plain path");
        let make = |major| std::fs::create_dir_all(dir.cluster(major)).expect("writable");
        let code = || refuse_other_versions(&dir, 18).map_err(|error| error.code());
        make(17);
        assert_eq!(code(), Err("data_from_older_postgres"));
        make(19);
        assert_eq!(code(), Err("data_from_newer_postgres"));
        make(18);
        assert_eq!(code(), Ok(()));
    }

    #[test]
    fn a_server_that_keeps_dying_is_given_up() {
        let mut deaths = Deaths::default();
        let outcomes: Vec<bool> = (0..=DEATHS_LIMIT).map(|_| deaths.note(Path::new("log")).is_ok()).collect();
        assert_eq!(outcomes, [true, true, true, true, true, false]);
    }
}
