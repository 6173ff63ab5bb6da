//! Writing the files of a new cluster. Done beside its place and renamed at the end, so that an interrupted run leaves no half cluster.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use uuid::Uuid;

use super::binaries::Binaries;
use super::launch::ServerLog;
use super::{StopFlag, USER};
use crate::private::{self, Passage};
use crate::run_as::Location;
use crate::{HostError, processes};

const POLL: Duration = Duration::from_millis(20);
const REMOVAL_TRIES: u32 = 100;

pub(crate) fn initialise(binaries: &Binaries, location: &Location, password: &str, log: &Path, stop: &StopFlag) -> Result<(), HostError> {
    let leftover_mark = leftover_prefix(&location.data);
    let folder = location.data.parent().unwrap_or(Path::new("."));
    remove_leftovers(folder, &leftover_mark);
    let fresh = Fresh::create(folder, &leftover_mark, location, password)?;

    let mut log = ServerLog::open(log)?;
    let mut command = binaries
        .command("initdb", location.run_as.as_ref(), &fresh.data, log.file())
        .map_err(|error| HostError::io("open the log of", &location.data, &error))?;
    command.arg("-D").arg(&fresh.data).arg(format!("--username={USER}")).arg("--encoding=UTF8").arg("--locale=C");
    if binaries.major() >= 17 {
        // The same order as C, byte by byte on every system, but it knows that Hangul and accented letters are letters.
        command.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
    }
    command.arg("--auth=scram-sha-256").arg(format!("--pwfile={}", fresh.password_file.display())).arg("--no-instructions");

    let broken = |error: &std::io::Error| HostError::BinariesBroken { path: binaries.folder().join("bin"), output: error.to_string() };
    let mut child = command.spawn().map_err(|error| broken(&error))?;
    loop {
        if stop.is_raised() {
            end(&mut child);
            return Err(HostError::Stopped);
        }
        match child.try_wait().map_err(|error| broken(&error))? {
            Some(status) if status.success() => break,
            Some(_) => {
                let output = log.written_since_open();
                return Err(if speaks_of_full_disk(&output) {
                    HostError::DiskFull { path: location.data.clone() }
                } else {
                    HostError::InitialisationFailed { path: location.data.clone(), output }
                });
            }
            None => std::thread::sleep(POLL),
        }
    }
    fresh.move_to(&location.data)
}

/// Whether Postgres gave up because the disk is full, by its own words or the system's.
pub(crate) fn speaks_of_full_disk(output: &str) -> bool {
    // The last stands below a write that the disk took only half of, where the system reports no error.
    ["No space left on device", "There is not enough space on the disk", "Disk quota exceeded", "Check free disk space"]
        .iter()
        .any(|words| output.contains(words))
}

/// The files being written, removed again unless they were moved to their place.
struct Fresh {
    data: PathBuf,
    password_file: PathBuf,
}

impl Fresh {
    fn create(folder: &Path, prefix: &str, location: &Location, password: &str) -> Result<Self, HostError> {
        let data = folder.join(format!("{prefix}{}-{}", std::process::id(), Uuid::now_v7().simple()));
        let password_file = data.with_extension("password");
        let fresh = Self { data, password_file };
        let failed = |path: &Path, error: std::io::Error| HostError::io("create", path, &error);
        private::make_folder(&fresh.data, Passage::Closed).map_err(|error| failed(&fresh.data, error))?;
        private::write_file(&fresh.password_file, password.as_bytes()).map_err(|error| failed(&fresh.password_file, error))?;
        if let Some(user) = &location.run_as {
            for path in [&fresh.data, &fresh.password_file] {
                user.own(path).map_err(|error| failed(path, error))?;
            }
        }
        Ok(fresh)
    }

    fn move_to(&self, data: &Path) -> Result<(), HostError> {
        // An empty folder at the place is in the way of a rename on Windows; a folder with content is never touched.
        let _ = fs::remove_dir(data);
        match private::rename(&self.data, data) {
            Ok(()) => {
                sync_folder(data.parent().unwrap_or(data));
                Ok(())
            }
            // Another start was quicker; its cluster is as good.
            Err(_) if data.join("PG_VERSION").is_file() => Ok(()),
            Err(error) => Err(HostError::io("move the new database to", data, &error)),
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next start.
        let _ = private::remove_file(&self.password_file);
        // Processes of an interrupted initdb may still be writing for a moment.
        for _ in 0..REMOVAL_TRIES {
            match fs::remove_dir_all(&self.data) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => std::thread::sleep(POLL),
                _ => return,
            }
        }
    }
}

fn leftover_prefix(data: &Path) -> String {
    format!("{}.init-", data.file_name().unwrap_or_default().to_string_lossy())
}

/// Removes what killed starts left behind. The process number in the name tells whether somebody is still at work there.
fn remove_leftovers(folder: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(prefix)) else { continue };
        let owner = rest.split('-').next().and_then(|number| number.parse::<u32>().ok());
        if owner.is_some_and(processes::may_be_alive) {
            continue;
        }
        let path = entry.path();
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        if let Err(error) = removed {
            tracing::warn!(path = %path.display(), %error, "what an interrupted first start left behind could not be removed");
        }
    }
}

/// Kills and waits; a program that has ended by itself in the meantime is fine too.
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Makes the rename itself survive a power cut.
fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Err(error) = fs::File::open(folder).and_then(|folder| folder.sync_all())
    {
        tracing::warn!(path = %folder.display(), %error, "the folder could not be synced to disk");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_of_the_dead_go_and_those_of_the_living_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let prefix = leftover_prefix(Path::new("/x/pgdata-18"));
        let living = folder.path().join(format!("{prefix}{}-a", std::process::id()));
        let dead = folder.path().join(format!("{prefix}4194305-b"));
        let other = folder.path().join("pgdata-18");
        for path in [&living, &dead, &other] {
            fs::create_dir(path).expect("writable");
        }
        remove_leftovers(folder.path(), &prefix);
        assert_eq!([living.exists(), dead.exists(), other.exists()], [true, false, true]);
    }

    #[test]
    fn a_full_disk_is_heard_from_the_words_of_postgres() {
        let words = "initdb: error: could not write to file \"pg_wal/xlogtemp.31\": No space left on device";
        assert!(speaks_of_full_disk(words));
        let half = "FATAL:  could not extend file \"base/1/2691\": wrote only 4096 of 8192 bytes at block 8\nHINT:  Check free disk space.";
        assert!(speaks_of_full_disk(half));
        assert!(!speaks_of_full_disk("initdb: error: could not change permissions"));
    }
}
