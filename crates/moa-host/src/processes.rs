//! Looking at other processes by their number, on every system alike.

use std::io;
use std::path::{Path, PathBuf};

use sysinfo::{Pid, ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System, UpdateKind};

/// What the system tells about a live process. Fields are `None` where it does not tell, as about processes of another user.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    pub(crate) name: String,
    pub(crate) executable: Option<PathBuf>,
    pub(crate) folder: Option<PathBuf>,
    /// Seconds since 1970. With the number it names a process for good, since a number is given away again only later.
    pub(crate) started_at: u64,
    /// Dead, but its parent has not taken note yet.
    pub(crate) is_zombie: bool,
}

/// The process of this number, or `None` when there is none.
///
/// # Errors
/// When the system tells nothing about any process.
pub(crate) fn find(number: u32) -> io::Result<Option<Process>> {
    let pid = Pid::from_u32(number);
    let mut system = System::new().map_err(|error| io::Error::other(error.to_string()))?;
    let wanted = ProcessRefreshKind::nothing().with_exe(UpdateKind::Always).with_cwd(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, wanted);
    Ok(system.process(pid).map(|process| Process {
        name: process.name().to_string_lossy().into_owned(),
        executable: process.exe().map(without_deleted_mark),
        folder: process.cwd().map(Path::to_path_buf),
        started_at: process.start_time(),
        is_zombie: matches!(process.status(), ProcessStatus::Zombie | ProcessStatus::Dead),
    }))
}

/// Whether a process of this number lives (one waiting to be taken note of does not). When that cannot be told, it may.
pub(crate) fn may_be_alive(number: u32) -> bool {
    find(number).map_or(true, |process| process.is_some_and(|process| !process.is_zombie))
}

/// Ends a process at once. The caller has identified it.
#[cfg(windows)]
pub(crate) fn kill(number: u32) {
    let pid = Pid::from_u32(number);
    let Ok(mut system) = System::new() else { return };
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, ProcessRefreshKind::nothing());
    if let Some(process) = system.process(pid) {
        process.kill();
    }
}

/// Whether two paths name the same file, links resolved.
pub(crate) fn is_same_path(a: &Path, b: &Path) -> bool {
    let resolved = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    a == b || resolved(a) == resolved(b)
}

/// Linux marks the path of a program whose file has been replaced, as an update does.
fn without_deleted_mark(path: &Path) -> PathBuf {
    match path.to_str().and_then(|text| text.strip_suffix(" (deleted)")) {
        Some(text) => PathBuf::from(text),
        None => path.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_found_with_its_program() {
        let process = find(std::process::id()).expect("told").expect("we live");
        let executable = process.executable.expect("our own is told");
        assert!(is_same_path(&executable, &std::env::current_exe().expect("known")));
        assert!(!process.is_zombie);
    }

    #[test]
    fn a_process_that_was_waited_for_is_gone() {
        let mut child = std::process::Command::new(std::env::current_exe().expect("known"))
            .arg("--list")
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("starts");
        let number = child.id();
        child.wait().expect("ends");
        assert!(!may_be_alive(number));
    }
}
