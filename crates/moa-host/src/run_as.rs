//! Postgres refuses to run as root. When the program is root, Postgres runs as an unprivileged system user that exists already, and
//! its files lie where that user can reach them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::HostError;

/// Who Postgres runs as when the program is root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunAs {
    pub(crate) name: String,
    #[cfg(unix)]
    uid: u32,
    #[cfg(unix)]
    gid: u32,
}

/// Where the files of a cluster really lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) data: PathBuf,
    pub(crate) run_as: Option<RunAs>,
    /// The folder that the user cannot pass, when the files had to lie elsewhere for that reason.
    pub(crate) moved_because_of: Option<PathBuf>,
}

#[cfg(not(unix))]
pub(crate) use self::plain::*;
#[cfg(unix)]
pub(crate) use self::unix::*;

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::io;
    use std::os::unix::fs::{MetadataExt, chown};
    use std::os::unix::process::CommandExt;

    use nix::unistd::{Uid, User};
    use sha2::{Digest, Sha256};
    use uuid::Uuid;

    use super::*;
    use crate::private::{self, Passage};

    /// Tried in this order; the first that exists is used.
    const CANDIDATES: [&str; 3] = ["moa", "postgres", "nobody"];

    /// Where the files go that the user could not reach at their own place.
    const SHARED_FOLDER: &str = if cfg!(target_os = "macos") { "/Library/Application Support/kr.moa.desktop" } else { "/var/lib/moa" };

    /// In the folder of a cluster that lies elsewhere: whose it is.
    const BELONGS_TO: &str = "belongs-to.txt";

    impl RunAs {
        /// Makes the command run as this user.
        pub(crate) fn apply(&self, command: &mut Command) {
            command.uid(self.uid).gid(self.gid);
        }

        /// Gives a file or folder to this user.
        pub(crate) fn own(&self, path: &Path) -> io::Result<()> {
            chown(path, Some(self.uid), Some(self.gid))
        }

        /// The first folder on the way to `path`, or `path` itself, that this user may not enter.
        fn blocked_at(&self, path: &Path) -> Option<PathBuf> {
            let mut folders: Vec<&Path> = path.ancestors().filter(|folder| !folder.as_os_str().is_empty()).collect();
            folders.reverse();
            folders.into_iter().find(|folder| fs::metadata(folder).is_ok_and(|facts| !self.may(0o1, &facts))).map(Path::to_path_buf)
        }

        /// Whether the permission bit (1 enter or execute, 4 read) is set for this user. Supplementary groups do not count, because
        /// the server is started without any.
        fn may(&self, bit: u32, facts: &fs::Metadata) -> bool {
            let shift = if facts.uid() == self.uid {
                6
            } else if facts.gid() == self.gid {
                3
            } else {
                0
            };
            (facts.mode() >> shift) & bit == bit
        }
    }

    pub(crate) fn is_root() -> bool {
        nix::unistd::geteuid().is_root()
    }

    /// Where the cluster wanted at `data` lies or is to lie. Looks only; creates nothing.
    ///
    /// A database that exists decides: one at the wanted place is used there, as the user it belongs to, and never passed over for a
    /// new empty one somewhere else. One that was put elsewhere is found by a note beside the wanted place, so it goes with the data
    /// folder when that is renamed, and a data folder made anew gets a database of its own.
    pub(crate) fn locate(data: &Path) -> Result<Location, HostError> {
        if !is_root() {
            return Ok(Location { data: data.to_path_buf(), run_as: None, moved_because_of: None });
        }
        if let Some(user) = owner_of_cluster(data) {
            return match user.blocked_at(data) {
                None => Ok(Location { data: data.to_path_buf(), run_as: Some(user), moved_because_of: None }),
                Some(blocked_by) => Err(HostError::FolderUnreachable { path: data.to_path_buf(), user: user.name, blocked_by }),
            };
        }
        let parent = data.parent().unwrap_or(data);
        if let Some(place) = noted_place(data) {
            let user = owner_of_cluster(&place).map_or_else(unprivileged_user, Ok)?;
            let moved_because_of = Some(user.blocked_at(parent).unwrap_or_else(|| parent.to_path_buf()));
            return Ok(Location { data: place, run_as: Some(user), moved_because_of });
        }
        let user = unprivileged_user()?;
        let (data, moved_because_of) = match user.blocked_at(parent) {
            None => (data.to_path_buf(), None),
            Some(blocked_by) => (new_place(data), Some(blocked_by)),
        };
        Ok(Location { data, run_as: Some(user), moved_because_of })
    }

    /// Makes the folder that will hold the cluster folder, reachable for the user.
    pub(crate) fn prepare(location: &Location, wanted: &Path) -> Result<(), HostError> {
        if location.moved_because_of.is_none() || location.data.is_dir() {
            return Ok(());
        }
        let parent = location.data.parent().unwrap_or(&location.data);
        make_shared_folder()?;
        remove_abandoned();
        private::make_folder(parent, Passage::Through).map_err(|error| HostError::io("create", parent, &error))?;
        for (note, content) in [(parent.join(BELONGS_TO), wanted), (note_beside(wanted), location.data.as_path())] {
            private::write_file(&note, content.as_os_str().as_encoded_bytes()).map_err(|error| HostError::io("write", &note, &error))?;
        }
        Ok(())
    }

    /// The folder of Postgres' programs as the user can reach it: the one given, or a copy made once.
    pub(crate) fn reachable_binaries(binaries: &Path, run_as: Option<&RunAs>, version: &str) -> Result<PathBuf, HostError> {
        let Some(user) = run_as else { return Ok(binaries.to_path_buf()) };
        let server = binaries.join("bin").join("postgres");
        let readable = |path: PathBuf| fs::metadata(path).is_ok_and(|facts| user.may(0o5, &facts));
        if user.blocked_at(&binaries.join("bin")).is_none() && readable(server) && readable(binaries.join("lib")) {
            return Ok(binaries.to_path_buf());
        }
        let stamp = fs::read(binaries.join("stage.json")).unwrap_or_default();
        let copy = Path::new(SHARED_FOLDER).join(format!("postgres-{version}-{}", short_hash(&stamp)));
        if copy.join("bin").join("postgres").is_file() {
            return Ok(copy);
        }
        make_shared_folder()?;
        let fresh = copy.with_extension(format!("{}.new", std::process::id()));
        let copied = copy_folder(binaries, &fresh).and_then(|()| match fs::rename(&fresh, &copy) {
            // Another program made the same copy in the meantime.
            Err(_) if copy.is_dir() => fs::remove_dir_all(&fresh),
            result => result,
        });
        copied.map_err(|error| HostError::io("copy Postgres to", &copy, &error))?;
        Ok(copy)
    }

    /// A place below the shared folder for a cluster that cannot lie at `data`.
    fn new_place(data: &Path) -> PathBuf {
        Path::new(SHARED_FOLDER).join(Uuid::now_v7().simple().to_string()).join(data.file_name().unwrap_or_default())
    }

    /// The file beside the wanted place that says where the cluster is.
    fn note_beside(data: &Path) -> PathBuf {
        let mut name = data.file_name().unwrap_or_default().to_owned();
        name.push(".moved-to");
        data.with_file_name(name)
    }

    /// Where the note says the cluster is. Only places we make ourselves are believed.
    fn noted_place(data: &Path) -> Option<PathBuf> {
        let text = fs::read_to_string(note_beside(data)).ok()?;
        let place = PathBuf::from(text.trim_end());
        let is_plain = !place.components().any(|part| part == std::path::Component::ParentDir);
        (place.starts_with(SHARED_FOLDER) && is_plain).then_some(place)
    }

    /// Removes clusters of temporary data folders that are gone. Others are kept: their folder may be on a disk that is not connected.
    fn remove_abandoned() {
        let Ok(entries) = fs::read_dir(SHARED_FOLDER) else { return };
        let temporary = std::env::temp_dir();
        for folder in entries.flatten().map(|entry| entry.path()) {
            let Ok(owner) = fs::read_to_string(folder.join(BELONGS_TO)) else { continue };
            let owner = Path::new(&owner);
            if owner.starts_with(&temporary)
                && !owner.parent().is_some_and(Path::exists)
                && let Err(error) = fs::remove_dir_all(&folder)
            {
                tracing::warn!(path = %folder.display(), %error, "an abandoned database could not be removed");
            }
        }
    }

    fn make_shared_folder() -> Result<(), HostError> {
        let folder = Path::new(SHARED_FOLDER);
        private::make_folder(folder, Passage::Through).map_err(|error| HostError::io("create", folder, &error))
    }

    fn unprivileged_user() -> Result<RunAs, HostError> {
        let found = CANDIDATES.iter().find_map(|name| User::from_name(name).ok().flatten().filter(|user| !user.uid.is_root()));
        match found {
            Some(user) => Ok(RunAs { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }),
            None => Err(HostError::NoUnprivilegedUser { tried: CANDIDATES.map(str::to_owned).to_vec() }),
        }
    }

    /// Who owns the cluster at this place, when there is one.
    fn owner_of_cluster(data: &Path) -> Option<RunAs> {
        let facts = fs::metadata(data.join("PG_VERSION")).ok()?;
        Some(user_by_id(facts.uid(), facts.gid()))
    }

    fn user_by_id(uid: u32, gid: u32) -> RunAs {
        let known = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        RunAs { name: known.map_or_else(|| uid.to_string(), |user| user.name), uid, gid }
    }

    fn short_hash(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Copies a folder with its links, readable for everyone.
    fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
        use std::os::unix::fs::{PermissionsExt, symlink};
        fs::create_dir_all(to)?;
        fs::set_permissions(to, fs::Permissions::from_mode(0o755))?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let target = to.join(entry.file_name());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                copy_folder(&entry.path(), &target)?;
            } else if kind.is_symlink() {
                symlink(fs::read_link(entry.path())?, &target)?;
            } else {
                fs::copy(entry.path(), &target)?;
                let mode = if entry.metadata()?.mode() & 0o100 == 0 { 0o644 } else { 0o755 };
                fs::set_permissions(&target, fs::Permissions::from_mode(mode))?;
            }
        }
        Ok(())
    }

    #[cfg(test)]
    mod tests {
        use std::os::unix::fs::PermissionsExt;

        use super::*;

        /// A user that owns nothing here, so that only the rights of others count.
        fn stranger() -> RunAs {
            RunAs { name: "stranger".into(), uid: 4_000_000, gid: 4_000_000 }
        }

        #[test]
        fn the_first_closed_folder_on_the_way_is_named() {
            let root = tempfile::tempdir().expect("a folder");
            let closed = root.path().join("closed");
            let inside = closed.join("한글 폴더");
            fs::create_dir_all(&inside).expect("writable");
            let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
            set(root.path(), 0o711);
            set(&closed, 0o700);
            assert_eq!(stranger().blocked_at(&inside), Some(closed.clone()));
            set(&closed, 0o711);
            set(&inside, 0o755);
            assert_eq!(stranger().blocked_at(&inside), None);
        }

        #[test]
        fn a_copy_of_a_folder_is_readable_for_all() {
            let root = tempfile::tempdir().expect("a folder");
            let from = root.path().join("from");
            fs::create_dir_all(from.join("bin")).expect("writable");
            fs::write(from.join("bin/program"), "x").expect("writable");
            fs::set_permissions(from.join("bin/program"), fs::Permissions::from_mode(0o700)).expect("ours");
            std::os::unix::fs::symlink("program", from.join("bin/link")).expect("writable");
            let to = root.path().join("to");
            copy_folder(&from, &to).expect("copies");
            assert_eq!(fs::metadata(to.join("bin/program")).expect("there").permissions().mode() & 0o777, 0o755);
            assert_eq!(fs::read_link(to.join("bin/link")).expect("a link"), Path::new("program"));
        }
    }
}

/// Systems where the program and Postgres are always the same user. (Postgres' own programs give up administrator rights on Windows.)
#[cfg(not(unix))]
mod plain {
    use std::io;

    use super::*;

    impl RunAs {
        pub(crate) fn apply(&self, _command: &mut Command) {}

        pub(crate) fn own(&self, _path: &Path) -> io::Result<()> {
            Ok(())
        }
    }

    pub(crate) fn is_root() -> bool {
        false
    }

    pub(crate) fn locate(data: &Path) -> Result<Location, HostError> {
        Ok(Location { data: data.to_path_buf(), run_as: None, moved_because_of: None })
    }

    pub(crate) fn prepare(_location: &Location, _wanted: &Path) -> Result<(), HostError> {
        Ok(())
    }

    pub(crate) fn reachable_binaries(binaries: &Path, _run_as: Option<&RunAs>, _version: &str) -> Result<PathBuf, HostError> {
        Ok(binaries.to_path_buf())
    }
}
