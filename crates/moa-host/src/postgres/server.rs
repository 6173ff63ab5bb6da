use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use super::binaries::Binaries;
use crate::{HostError, processes};

const POLL: Duration = Duration::from_millis(10);

/// How long a server may take to write everything to disk before it is stopped the hard way.
const FAST_STOP_LIMIT: Duration = Duration::from_secs(30);
const HARD_STOP_LIMIT: Duration = Duration::from_secs(10);

/// A running server process: our child, or one found running that is known by its number and the second it started.
#[derive(Debug)]
pub(crate) enum Server {
    Child(Child),
    Adopted { pid: u32, started_at: u64 },
}

/// The two ways of stopping that lose nothing committed; the second leaves the next start some log to replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Fast,
    Immediate,
}

impl Server {
    /// Takes over the live process `pid`; `None` when it has just ended.
    pub(crate) fn adopt(pid: u32) -> Option<Self> {
        let process = processes::find(pid).ok().flatten().filter(|process| !process.is_zombie)?;
        Some(Self::Adopted { pid, started_at: process.started_at })
    }

    pub(crate) fn pid(&self) -> u32 {
        match self {
            Self::Child(child) => child.id(),
            Self::Adopted { pid, .. } => *pid,
        }
    }

    pub(crate) fn is_running(&mut self) -> bool {
        match self {
            Self::Child(child) => matches!(child.try_wait(), Ok(None)),
            Self::Adopted { pid, started_at } => {
                let is_it = |process: processes::Process| !process.is_zombie && process.started_at == *started_at;
                processes::find(*pid).map_or(true, |process| process.is_some_and(is_it))
            }
        }
    }

    /// Stops the server: open transactions are rolled back, everything committed is on disk. Returns when the process has ended.
    pub(crate) fn stop(&mut self, binaries: &Binaries, data: &Path) -> Result<(), HostError> {
        for (way, limit) in [(Way::Fast, FAST_STOP_LIMIT), (Way::Immediate, HARD_STOP_LIMIT)] {
            if !self.is_running() {
                return Ok(());
            }
            self.ask_to_stop(way, binaries, data);
            if self.ended_within(limit) {
                return Ok(());
            }
            tracing::warn!(pid = self.pid(), ?way, "Postgres has not stopped yet");
        }
        self.kill();
        if self.ended_within(HARD_STOP_LIMIT) {
            return Ok(());
        }
        Err(HostError::StopTimedOut { pid: self.pid(), waited_seconds: (FAST_STOP_LIMIT + HARD_STOP_LIMIT * 2).as_secs() })
    }

    fn ended_within(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while self.is_running() {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(POLL);
        }
        true
    }

    #[cfg(unix)]
    fn ask_to_stop(&self, way: Way, _binaries: &Binaries, _data: &Path) {
        use nix::sys::signal::Signal;
        self.signal(match way {
            Way::Fast => Signal::SIGINT,
            Way::Immediate => Signal::SIGQUIT,
        });
    }

    /// Windows has no signals; Postgres' own program speaks to the server over its pipe. It trusts `postmaster.pid`, which is safe
    /// here because the process has been identified before.
    #[cfg(windows)]
    fn ask_to_stop(&self, way: Way, binaries: &Binaries, data: &Path) {
        let mode = match way {
            Way::Fast => "fast",
            Way::Immediate => "immediate",
        };
        let asked = super::launch::null_file().and_then(|null| {
            let mut command = binaries.command("pg_ctl", None, data, &null)?;
            command.arg("stop").arg("-D").arg(data).args(["-m", mode, "-W"]).status()
        });
        if let Err(error) = asked {
            tracing::warn!(%error, "pg_ctl could not be run");
        }
    }

    #[cfg(unix)]
    fn kill(&self) {
        self.signal(nix::sys::signal::Signal::SIGKILL);
    }

    #[cfg(windows)]
    fn kill(&mut self) {
        match self {
            Self::Child(child) => {
                let _ = child.kill();
            }
            Self::Adopted { pid, .. } => processes::kill(*pid),
        }
    }

    #[cfg(unix)]
    fn signal(&self, signal: nix::sys::signal::Signal) {
        let Ok(pid) = i32::try_from(self.pid()) else { return };
        if let Err(error) = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), signal) {
            tracing::warn!(pid, %signal, %error, "Postgres could not be signalled");
        }
    }
}
