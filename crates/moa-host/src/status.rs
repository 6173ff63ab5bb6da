//! How the embedded database stands, for `moa doctor`, and stopping it on request. Neither starts anything.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::keeper::{RunState, RunningServer, lease};
use crate::postgres::{self, Answer, Binaries};
use crate::{DataDir, Database, HostError, locks, private, resources, run_as};

const POLL: Duration = Duration::from_millis(30);

/// How long the keeper may take to stop Postgres.
const STOP_LIMIT: Duration = Duration::from_secs(90);

/// The embedded database at one moment.
#[derive(Debug, Clone, Serialize)]
pub struct DatabaseStatus {
    pub data_dir: PathBuf,
    /// Where the cluster's files lie or will lie; `None` when that cannot be said, with the reason in `binaries_problem`.
    pub cluster: Option<PathBuf>,
    /// There are files of a cluster.
    pub is_initialised: bool,
    pub keeper_is_running: bool,
    /// What the keeper last said. Without a keeper it is history.
    pub state: Option<RunState>,
    /// The server answers on its port and knows our password.
    pub answers: bool,
    /// A server runs on the files, but no keeper watches it; the next program that opens takes it over.
    pub orphan_pid: Option<u32>,
    /// Programs that have the database open.
    pub open_programs: usize,
    /// The version of the Postgres shipped with the program, as `18.4`.
    pub carried_version: Option<String>,
    pub binaries_problem: Option<HostError>,
    /// The system user that runs Postgres, when the program is root.
    pub runs_as: Option<String>,
    /// The folder that user cannot pass, when the files lie elsewhere for that reason.
    pub moved_because_of: Option<PathBuf>,
    pub keeper_log: PathBuf,
    pub postgres_log: PathBuf,
}

/// What a request to stop found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopOutcome {
    NotRunning,
    Stopped,
    /// Postgres ran without a keeper.
    OrphanStopped,
}

impl Database {
    /// Looks at the embedded database of a data folder without changing anything. Blocks for some milliseconds, or for the seconds of
    /// a time-out when a server hangs.
    ///
    /// # Errors
    /// `folder_unwritable` when the folder cannot be read, `locks_unsupported`, `io`.
    pub fn status(dir: &DataDir, binaries: Option<PathBuf>) -> Result<DatabaseStatus, HostError> {
        let keeper_is_running = locks::is_held(&dir.keeper_lock())?;
        let state = RunState::read(&dir.run_file())?;
        let password = std::fs::read_to_string(dir.password_file()).unwrap_or_default();
        let running = match &state {
            Some(RunState::Ready(server)) => Some(server),
            _ => None,
        };
        let answers =
            running.is_some_and(|RunningServer { port, .. }| matches!(postgres::ask(*port, password.trim()), Answer::Ours | Answer::Full));
        let located = locate(dir, binaries);
        let orphan_pid = match &located {
            Ok((binaries, location)) if !keeper_is_running => postgres::running_on(binaries, location)?,
            _ => None,
        };
        let (location, carried_version, binaries_problem) = match located {
            Ok((binaries, location)) => (Some(location), Some(binaries.version().to_owned()), None),
            Err(error) => (None, None, Some(error)),
        };
        let cluster = location.as_ref().map(|location| location.data.clone());
        Ok(DatabaseStatus {
            data_dir: dir.root().to_path_buf(),
            is_initialised: cluster.as_ref().is_some_and(|data| data.join("PG_VERSION").is_file()),
            cluster,
            keeper_is_running,
            state,
            answers,
            orphan_pid,
            open_programs: lease::count_without_cleaning(&dir.leases())?,
            carried_version,
            binaries_problem,
            runs_as: location.as_ref().and_then(|location| location.run_as.as_ref()).map(|user| user.name.clone()),
            moved_because_of: location.and_then(|location| location.moved_because_of),
            keeper_log: dir.keeper_log(),
            postgres_log: dir.postgres_log(),
        })
    }

    /// Stops keeper and Postgres, and waits for it. A program that still has the database open starts them again within
    /// [`crate::OpenOptions::look_every`].
    ///
    /// # Errors
    /// `keeper_timed_out` when they did not stop in time; `stop_timed_out`.
    pub fn stop(dir: &DataDir, binaries: Option<PathBuf>) -> Result<StopOutcome, HostError> {
        if !locks::is_held(&dir.keeper_lock())? {
            if !dir.database().is_dir() {
                return Ok(StopOutcome::NotRunning);
            }
            let (binaries, location) = locate(dir, binaries)?;
            let stopped = postgres::stop_orphan(&binaries, &location)?;
            return Ok(if stopped { StopOutcome::OrphanStopped } else { StopOutcome::NotRunning });
        }
        let request = dir.stop_request();
        private::write_file(&request, b"").map_err(|error| HostError::io("write", &request, &error))?;
        let deadline = Instant::now() + STOP_LIMIT;
        while locks::is_held(&dir.keeper_lock())? {
            if Instant::now() >= deadline {
                return Err(HostError::KeeperTimedOut { waited_seconds: STOP_LIMIT.as_secs(), log: dir.keeper_log() });
            }
            std::thread::sleep(POLL);
        }
        private::remove_file(&request).map_err(|error| HostError::io("remove", &request, &error))?;
        Ok(StopOutcome::Stopped)
    }
}

fn locate(dir: &DataDir, binaries: Option<PathBuf>) -> Result<(Binaries, run_as::Location), HostError> {
    let folder = match binaries {
        Some(folder) => folder,
        None => resources::postgres_dir()?,
    };
    let found = Binaries::find(&folder)?;
    let location = run_as::locate(&dir.cluster(found.major()))?;
    Ok((found, location))
}
