//! File locks. The operating system releases them when their process ends, however it ends, so a lock that is held means a live holder.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::{HostError, private};

/// A lock held until it is dropped.
#[derive(Debug)]
pub(crate) struct FileLock {
    file: File,
}

impl FileLock {
    /// Takes the lock, or `None` when another process (or another part of this one) has it.
    pub(crate) fn try_take(path: &Path) -> Result<Option<Self>, HostError> {
        let file = private::open_file(path).map_err(|error| HostError::io("open", path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(HostError::LocksUnsupported { path: path.to_path_buf(), cause: (&error).into() }),
        }
    }

    /// Waits for the lock, which nobody holds for long.
    pub(crate) fn take(path: &Path) -> Result<Self, HostError> {
        let file = private::open_file(path).map_err(|error| HostError::io("open", path, &error))?;
        file.lock().map_err(|error| HostError::LocksUnsupported { path: path.to_path_buf(), cause: (&error).into() })?;
        Ok(Self { file })
    }

    /// Whether the locked file is still the one at `path`. It is not when the folder was removed, and perhaps made anew.
    pub(crate) fn is_still_at(&self, path: &Path) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let identity = |facts: std::fs::Metadata| (facts.dev(), facts.ino());
            match (self.file.metadata(), std::fs::metadata(path)) {
                (Ok(ours), Ok(there)) => identity(ours) == identity(there),
                _ => false,
            }
        }
        #[cfg(not(unix))]
        {
            let _ = &self.file;
            path.exists()
        }
    }
}

/// Whether somebody holds the lock. The look is a shared lock of a moment, so lookers do not see each other; one who wants to take the
/// lock may be turned away by a looker and must try again.
pub(crate) fn is_held(path: &Path) -> Result<bool, HostError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(HostError::io("open", path, &error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(HostError::LocksUnsupported { path: path.to_path_buf(), cause: (&error).into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_seen_until_it_is_dropped() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.lock");
        assert!(!is_held(&path).expect("readable"));
        let lock = FileLock::try_take(&path).expect("lockable").expect("free");
        assert!(is_held(&path).expect("readable"));
        assert!(FileLock::try_take(&path).expect("lockable").is_none());
        assert!(lock.is_still_at(&path));
        assert!(!lock.is_still_at(&folder.path().join("b.lock")));
        drop(lock);
        assert!(!is_held(&path).expect("readable"));
    }
}
