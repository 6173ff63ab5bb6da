//! The file in which a running server writes down its process. After a crash it stays behind, and its number may by then belong to any
//! other process: it is a hint, never a fact.

use std::io;
use std::path::Path;

use crate::processes::{self, Process};

/// The file's name in the cluster folder.
pub(crate) const FILE: &str = "postmaster.pid";

/// What the file says. See the comment on `postmaster.pid` in Postgres' `miscadmin.h` for the meaning of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PostmasterPid {
    pub(crate) pid: u32,
    pub(crate) port: Option<u16>,
    pub(crate) status: Option<String>,
}

impl PostmasterPid {
    /// Reads the file of a cluster folder; `None` when there is none, or none that can be understood.
    pub(crate) fn read(data: &Path) -> io::Result<Option<Self>> {
        match std::fs::read_to_string(data.join(FILE)) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound || error.kind() == io::ErrorKind::InvalidData => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        // The number is written with a minus sign by a single-user server.
        let pid = lines.next()?.trim().trim_start_matches('-').parse().ok().filter(|pid| *pid > 0)?;
        let port = lines.nth(2).and_then(|line| line.trim().parse().ok());
        let status = lines.nth(3).map(|line| line.trim().to_owned());
        Some(Self { pid, port, status })
    }

    /// The server has not come up yet; it may be replaying its log.
    pub(crate) fn is_starting(&self) -> bool {
        self.status.as_deref().is_none_or(|status| status.is_empty() || status == "starting")
    }

    /// The server accepts connections, by its own word.
    pub(crate) fn is_ready(&self) -> bool {
        self.status.as_deref() == Some("ready")
    }
}

/// What the process named in the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// There is no such process.
    Gone,
    /// It was killed, and its parent has not taken note yet. Postgres itself takes it for alive.
    Unreaped,
    /// Our own server program, working on this cluster.
    OurServer,
    /// Some Postgres working on this cluster, but not the program we would start.
    OtherServer,
    /// Something else that was given the number later.
    Foreign,
    /// The system does not tell enough.
    Unknown,
}

/// Tells what the process `pid` is, seen from the cluster folder `data` and the program `server`.
pub(crate) fn identify(pid: u32, data: &Path, server: &Path) -> Identity {
    match processes::find(pid) {
        Ok(None) => Identity::Gone,
        Ok(Some(process)) => judge(&process, data, server),
        Err(_) => Identity::Unknown,
    }
}

/// Every process of a server works in its cluster folder, so the folder tells one Moa's server from another's.
fn judge(process: &Process, data: &Path, server: &Path) -> Identity {
    if process.is_zombie {
        return Identity::Unreaped;
    }
    let named_like_server = |name: &str| name == "postgres" || name == "postgres.exe";
    match (&process.executable, &process.folder) {
        (Some(program), _) if !program.file_name().and_then(|name| name.to_str()).is_some_and(named_like_server) => Identity::Foreign,
        (_, Some(folder)) if !processes::is_same_path(folder, data) => Identity::Foreign,
        (Some(program), Some(_)) if processes::is_same_path(program, server) => Identity::OurServer,
        (Some(_), Some(_)) => Identity::OtherServer,
        // Windows and macOS may keep the folder to themselves; the answer on the port decides then.
        (Some(_), None) => Identity::Unknown,
        (None, _) if named_like_server(&process.name) => Identity::Unknown,
        (None, _) => Identity::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const RUNNING: &str = "4711\n/data/pgdata-18\n1763950000\n54321\n\n127.0.0.1\n  1234567    65536\nready   \n";

    #[test]
    fn the_lines_of_a_running_server_are_understood() {
        let read = PostmasterPid::parse(RUNNING).expect("a full file");
        assert_eq!(read, PostmasterPid { pid: 4711, port: Some(54321), status: Some("ready".into()) });
        assert!(read.is_ready());
    }

    #[test]
    fn a_file_that_is_still_being_written_is_not_ready() {
        let read = PostmasterPid::parse("4711\n/data\n1763950000\n54321\n").expect("the first lines");
        assert_eq!((read.port, read.is_ready()), (Some(54321), false));
        assert!(PostmasterPid::parse("").is_none());
        assert!(PostmasterPid::parse("0\n").is_none());
        assert!(PostmasterPid::parse("what is this").is_none());
    }

    #[test]
    fn only_our_program_in_our_folder_is_our_server() {
        let server = Path::new("/opt/moa/postgres/bin/postgres");
        let data = Path::new("/data/pgdata-18");
        let process = |executable: Option<&str>, folder: Option<&str>, name: &str, is_zombie| Process {
            name: name.to_owned(),
            executable: executable.map(PathBuf::from),
            folder: folder.map(PathBuf::from),
            started_at: 0,
            is_zombie,
        };
        let ours = server.to_str();
        let cases = [
            (process(ours, data.to_str(), "postgres", false), Identity::OurServer),
            (process(Some("/usr/lib/postgresql/15/bin/postgres"), data.to_str(), "postgres", false), Identity::OtherServer),
            (process(ours, Some("/other/pgdata-18"), "postgres", false), Identity::Foreign),
            (process(Some("/usr/bin/vim"), data.to_str(), "vim", false), Identity::Foreign),
            (process(None, None, "vim", false), Identity::Foreign),
            (process(None, None, "postgres", false), Identity::Unknown),
            (process(ours, None, "postgres", false), Identity::Unknown),
            (process(None, None, "postgres", true), Identity::Unreaped),
        ];
        for (process, expected) in cases {
            assert_eq!(judge(&process, data, server), expected, "{process:?}");
        }
    }
}
