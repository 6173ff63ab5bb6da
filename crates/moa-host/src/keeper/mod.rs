//! The keeper: a small process that owns the embedded Postgres while any program of this machine has the data folder open.
//!
//! It is the program itself with a hidden first argument, so it is always the same version and needs no file of its own. It starts
//! Postgres or takes over one that runs, restarts it when it dies, and stops it some minutes after the last program has closed.
//!
//! How the processes find each other, in an order that makes every race harmless:
//! - A program takes its lease **before** it reads the run file. The keeper removes the run file **before** its last look at the
//!   leases. So either the program sees no run file and waits, or the keeper sees the lease and stays.
//! - A keeper is alive exactly as long as `keeper.lock` is locked; the run file means something only then.
//! - Only the holder of `start.lock` starts a keeper.

pub(crate) mod lease;
mod process;
mod run_file;
mod stop_watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub use run_file::{RunState, RunningServer};

use crate::{DataDir, HostError, private};

/// The hidden first argument.
pub const ARGUMENT: &str = "--moa-keeper";

/// How long after the last program Postgres stays, unless told otherwise.
pub const IDLE: Duration = Duration::from_secs(5 * 60);

/// Exit codes of a keeper that could not even write down what happened.
pub(crate) const EXIT_FAILED: i32 = 1;
pub(crate) const EXIT_DISK_FULL: i32 = 10;

/// A console program started by a program without a console would otherwise open a window. (Not `DETACHED_PROCESS`: then each of
/// Postgres' own processes would open one.)
#[cfg(windows)]
pub(crate) const CREATE_NO_WINDOW: u32 = 0x0800_0000;
#[cfg(windows)]
const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;

const LOG_LIMIT_BYTES: u64 = 1_000_000;

/// Runs the keeper when the program was started as one, and gives its exit code then. The first thing in every `main`:
///
/// ```ignore
/// if let Some(code) = moa_host::keeper::run_if_asked() {
///     std::process::exit(code);
/// }
/// ```
pub fn run_if_asked() -> Option<i32> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != ARGUMENT {
        return None;
    }
    Some(Orders::from_arguments(arguments).map_or(EXIT_FAILED, |orders| process::run(&orders)))
}

/// What a keeper is told when it is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Orders {
    pub(crate) data_dir: DataDir,
    pub(crate) binaries: PathBuf,
    pub(crate) idle: Duration,
    /// The port the database had last, so that programs that are open find it again.
    pub(crate) port: Option<u16>,
}

impl Orders {
    fn to_arguments(&self) -> Vec<OsString> {
        vec![
            ARGUMENT.into(),
            self.data_dir.root().into(),
            self.binaries.clone().into(),
            self.idle.as_millis().to_string().into(),
            self.port.unwrap_or(0).to_string().into(),
        ]
    }

    /// `None` for arguments that no program of ours gives.
    fn from_arguments(mut arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let data_dir = DataDir::resolve(Some(PathBuf::from(arguments.next()?).as_path())).ok()?;
        let binaries = arguments.next()?.into();
        let mut number = || arguments.next()?.to_str()?.parse::<u64>().ok();
        let idle = Duration::from_millis(number()?);
        let port = u16::try_from(number()?).ok().filter(|port| *port != 0);
        Some(Self { data_dir, binaries, idle, port })
    }
}

/// Starts a keeper that outlives this program. Its standard error goes to the keeper's log.
pub(crate) fn spawn(program: &PathBuf, orders: &Orders) -> Result<Child, HostError> {
    let log_path = orders.data_dir.keeper_log();
    let log = private::rotate_log(&log_path, LOG_LIMIT_BYTES).and_then(|()| private::open_log(&log_path));
    let log = log.map_err(|error| HostError::io("open", &log_path, &error))?;
    let mut command = Command::new(program);
    command.args(orders.to_arguments()).current_dir(orders.data_dir.database());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt;
        command.creation_flags(CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP);
    }
    command.spawn().map_err(|error| HostError::KeeperStartFailed { program: program.clone(), cause: (&error).into() })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn orders_arrive_as_they_were_given() {
        let orders = Orders {
            data_dir: DataDir::resolve(Some(Path::new("/광고 데이터"))).expect("a plain path"),
            binaries: "/opt/Moa/postgres".into(),
            idle: Duration::from_millis(1500),
            port: Some(54321),
        };
        let arguments = orders.to_arguments();
        assert_eq!(arguments[0], ARGUMENT);
        assert_eq!(Orders::from_arguments(arguments.into_iter().skip(1)), Some(orders));
        assert_eq!(Orders::from_arguments(["/data".into()].into_iter()), None);
    }
}
