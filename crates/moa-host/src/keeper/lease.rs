use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::locks::{self, FileLock};
use crate::{HostError, private};

const EXTENSION: &str = "lock";

/// A program's word that it needs the database: a locked file. It ends with the program, however that ends.
#[derive(Debug)]
pub(crate) struct Lease {
    path: PathBuf,
    _lock: FileLock,
}

impl Lease {
    /// Takes a lease.
    pub(crate) fn take(folder: &Path) -> Result<Self, HostError> {
        loop {
            let path = folder.join(Uuid::now_v7().simple().to_string()).with_extension(EXTENSION);
            // Between making and locking the file the keeper may take it for one left behind and remove it; then it is tried again.
            if let Some(lock) = FileLock::try_take(&path)?
                && lock.is_still_at(&path)
            {
                return Ok(Self { path, _lock: lock });
            }
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // A file that stays is removed by the keeper, because nobody locks it any more.
        let _ = private::remove_file(&self.path);
    }
}

/// How many programs hold a lease. Files left behind by dead ones are removed on the way.
pub(crate) fn count_held(folder: &Path) -> Result<usize, HostError> {
    count(folder, true)
}

/// How many programs hold a lease, touching nothing.
pub(crate) fn count_without_cleaning(folder: &Path) -> Result<usize, HostError> {
    count(folder, false)
}

fn count(folder: &Path, clean: bool) -> Result<usize, HostError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(HostError::io("list", folder, &error)),
    };
    let mut held = 0;
    for entry in entries {
        let path = entry.map_err(|error| HostError::io("list", folder, &error))?.path();
        if path.extension().is_none_or(|extension| extension != EXTENSION) {
            continue;
        }
        if clean {
            // Removed while locked, so that nobody can take it for a lease in between.
            match FileLock::try_take(&path) {
                Ok(Some(_lock)) => private::remove_file(&path).map_err(|error| HostError::io("remove", &path, &error))?,
                Ok(None) => held += 1,
                Err(HostError::Io { .. }) if !path.exists() => {}
                Err(error) => return Err(error),
            }
        } else if locks::is_held(&path)? {
            held += 1;
        }
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leases_of_the_living_count_and_those_of_the_dead_are_cleared() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("left-behind.lock"), "").expect("writable");
        let lease = Lease::take(folder.path()).expect("taken");
        assert_eq!(count_without_cleaning(folder.path()).expect("listed"), 1);
        assert_eq!(count_held(folder.path()).expect("listed"), 1);
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
        drop(lease);
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 0);
        assert_eq!(count_held(folder.path()).expect("listed"), 0);
    }

    #[test]
    fn a_lease_is_never_lost_to_a_keeper_that_clears_at_the_same_moment() {
        let folder = tempfile::tempdir().expect("a folder");
        let stop = crate::postgres::StopFlag::default();
        std::thread::scope(|scope| {
            let clearing = scope.spawn(|| {
                while !stop.is_raised() {
                    count_held(folder.path()).expect("listed");
                }
            });
            for _ in 0..500 {
                let lease = Lease::take(folder.path()).expect("taken");
                assert!(lease.path.exists());
                assert!(count_without_cleaning(folder.path()).expect("listed") >= 1);
            }
            stop.raise();
            clearing.join().expect("no panic");
        });
    }
}
