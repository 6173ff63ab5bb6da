//! Files and folders that only their user can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// Who may look into a folder besides its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passage {
    /// Nobody.
    Closed,
    /// Others may pass through to a folder of their own below it, but not list it. Needed where Postgres runs as another user than
    /// the program, which is only so when the program runs as root.
    Through,
}

/// Makes a folder and those above it; the folder itself becomes private, whether or not it was there.
pub(crate) fn make_folder(path: &Path, passage: Passage) -> io::Result<()> {
    fs::create_dir_all(path)?;
    restrict_folder(path, passage)
}

#[cfg(unix)]
pub(crate) fn restrict_folder(path: &Path, passage: Passage) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match passage {
        Passage::Closed => 0o700,
        Passage::Through => 0o711,
    };
    if fs::metadata(path)?.permissions().mode() & 0o7777 != mode {
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

/// Folders below a Windows profile are readable by their user alone already. For a folder elsewhere the inherited rights are
/// replaced by the user's own.
#[cfg(windows)]
pub(crate) fn restrict_folder(path: &Path, _passage: Passage) -> io::Result<()> {
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf());
    if home.is_some_and(|home| path.starts_with(home)) {
        return Ok(());
    }
    let (Ok(domain), Ok(user)) = (std::env::var("USERDOMAIN"), std::env::var("USERNAME")) else {
        return Ok(());
    };
    let output = std::process::Command::new("icacls")
        .arg(path)
        .args(["/inheritance:r", "/grant:r"])
        .arg(format!("{domain}\\{user}:(OI)(CI)F"))
        .args(["/grant:r", "*S-1-5-18:(OI)(CI)F"])
        .output()?;
    if output.status.success() { Ok(()) } else { Err(io::Error::other(String::from_utf8_lossy(&output.stdout).into_owned())) }
}

/// Opens a file for reading and writing, making it private when it is new.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    open(OpenOptions::new().read(true).write(true).create(true).truncate(false), path)
}

/// Opens a file for writing at its end, making it private when it is new.
pub(crate) fn open_log(path: &Path) -> io::Result<File> {
    open(OpenOptions::new().append(true).create(true), path)
}

/// Writes a whole file so that a reader sees the old content or the new, never a part.
pub(crate) fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    let written = (|| {
        let mut file = open(OpenOptions::new().write(true).create(true).truncate(true), &fresh)?;
        file.write_all(content)?;
        file.sync_all()?;
        drop(file);
        rename(&fresh, path)
    })();
    if written.is_err() {
        // The half-written file is of no use; the error that matters is the one already in hand.
        let _ = fs::remove_file(&fresh);
    }
    written
}

/// On Windows a file that another process has open at this moment cannot always be replaced, so a refused rename is tried again.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let mut tries_left = if cfg!(windows) { 50 } else { 0 };
    loop {
        match fs::rename(from, to) {
            Err(error) if tries_left > 0 && error.kind() == io::ErrorKind::PermissionDenied => {
                tries_left -= 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            result => return result,
        }
    }
}

/// Removes a file that may not be there.
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    give_to_owner_of_folder(&file, path)?;
    Ok(file)
}

/// When root works in the folder of another user, the files it leaves there must stay usable for that user.
#[cfg(unix)]
fn give_to_owner_of_folder(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    if !nix::unistd::geteuid().is_root() {
        return Ok(());
    }
    let Some(folder) = path.parent() else { return Ok(()) };
    let owner = fs::metadata(folder)?;
    if owner.uid() != 0 && file.metadata()?.uid() == 0 {
        std::os::unix::fs::fchown(file, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(())
}

#[cfg(windows)]
fn give_to_owner_of_folder(_file: &File, _path: &Path) -> io::Result<()> {
    Ok(())
}

/// Puts a log that has grown beyond `limit_bytes` aside, over the one put aside before.
pub(crate) fn rotate_log(path: &Path, limit_bytes: u64) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(facts) if facts.len() > limit_bytes => rename(path, &path.with_extension("log.1")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grown_log_is_put_aside_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("postgres.log");
        rotate_log(&log, 3).expect("nothing to do");
        for (text, kept) in [("old old", None), ("new new", Some("old old"))] {
            fs::write(&log, text).expect("writable");
            assert_eq!(fs::read_to_string(folder.path().join("postgres.log.1")).ok().as_deref(), kept);
            rotate_log(&log, 3).expect("renames");
            assert!(!log.exists());
        }
        fs::write(&log, "abc").expect("writable");
        rotate_log(&log, 3).expect("small enough");
        assert!(log.exists());
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run.json");
        write_file(&path, b"long content").expect("writable");
        write_file(&path, b"short").expect("writable");
        assert_eq!(fs::read(&path).expect("there"), b"short");
        assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1);
    }
}
