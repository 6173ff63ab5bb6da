//! CPU seconds of this process and of a Postgres server, as Linux counts them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Taken {
    pub(crate) wall_s: f64,
    /// Of this process; `None` where the system does not tell.
    pub(crate) own_cpu_s: Option<f64>,
    /// Of the server's processes.
    pub(crate) server_cpu_s: Option<f64>,
}

impl Taken {
    pub(crate) fn cpu_s(&self) -> Option<f64> {
        Some(self.own_cpu_s? + self.server_cpu_s.unwrap_or(0.0))
    }
}

/// Started before the work, read after it.
pub(crate) struct Stopwatch {
    begun: Instant,
    postmaster: Option<u32>,
    own: Option<Duration>,
    server: Option<Duration>,
}

impl Stopwatch {
    /// `postmaster`: the server's first process, whose children do its work.
    pub(crate) fn start(postmaster: Option<u32>) -> Self {
        Self { postmaster, own: of_process(std::process::id()), server: postmaster.and_then(of_server), begun: Instant::now() }
    }

    pub(crate) fn read(&self) -> Taken {
        let wall_s = self.begun.elapsed().as_secs_f64();
        let since = |now: Option<Duration>, before: Option<Duration>| Some(now?.saturating_sub(before?).as_secs_f64());
        Taken {
            wall_s,
            own_cpu_s: since(of_process(std::process::id()), self.own),
            server_cpu_s: since(self.postmaster.and_then(of_server), self.server),
        }
    }
}

/// The median of the same work done several times.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Most memory this process has held at once, in MiB.
pub(crate) fn peak_memory_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1024.0)
}

/// The parent of a process.
pub(crate) fn parent_of(pid: u32) -> Option<u32> {
    stat(pid)?.get(1)?.parse().ok()
}

/// Every thread's time on a processor, to the nanosecond.
fn of_process(pid: u32) -> Option<Duration> {
    let mut sum = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        sum += Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?);
    }
    Some(sum)
}

/// The postmaster, its living children, and those that have ended.
fn of_server(postmaster: u32) -> Option<Duration> {
    let mut sum = of_process(postmaster)?;
    // Fields 16 and 17 of stat: what ended children took, in hundredths of a second.
    let fields = stat(postmaster)?;
    let ended: u64 = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    sum += Duration::from_millis(ended * 10);
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let pid: Option<u32> = entry.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(pid) = pid.filter(|pid| parent_of(*pid) == Some(postmaster)) {
            sum += of_process(pid).unwrap_or_default();
        }
    }
    Some(sum)
}

/// The fields of `/proc/PID/stat` after the program's name: state, parent, …
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}
