//! The folder that holds everything Moa keeps on this machine.

use std::path::{Path, PathBuf};

use crate::private::{self, Passage};
use crate::{HostError, run_as};

/// The folder's name where every program has one folder for its data. On Windows and macOS it is the program's identifier.
const FOLDER: &str = if cfg!(any(windows, target_os = "macos")) { "kr.moa.desktop" } else { "moa" };

/// The data folder, and where things lie in it.
///
/// ```text
/// db/                  the embedded database
///   pgdata-18/         Postgres' own files, one folder per major version
///   password           of the database user; protects nothing that the files beside it do not
///   keeper.lock        locked for as long as a keeper lives
///   start.lock         locked by the program that is starting a keeper
///   run.json           what the keeper is doing, and the port
///   leases/<id>.lock   one per open program, locked for as long as it lives
///   keeper.log, postgres.log
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    root: PathBuf,
    /// The person chose the folder, so everything is in it.
    is_named: bool,
}

impl DataDir {
    /// The folder named by the person, else the default: `%LOCALAPPDATA%\kr.moa.desktop`,
    /// `~/Library/Application Support/kr.moa.desktop`, `~/.local/share/moa`. Nothing is created yet.
    ///
    /// # Errors
    /// `no_home_folder`, `path_not_unicode`.
    pub fn resolve(named: Option<&Path>) -> Result<Self, HostError> {
        let root = match named {
            Some(path) => std::path::absolute(path).map_err(|error| HostError::io("resolve", path, &error))?,
            None => directories::BaseDirs::new().ok_or(HostError::NoHomeFolder)?.data_local_dir().join(FOLDER),
        };
        if root.to_str().is_none() {
            return Err(HostError::PathNotUnicode { path: root.to_string_lossy().into_owned() });
        }
        Ok(Self { root, is_named: named.is_some() })
    }

    /// Where reports lie until the person says otherwise: where people look for them, `Documents/Moa`; in a data folder of one's own choice,
    /// inside it.
    #[must_use]
    pub fn reports(&self) -> PathBuf {
        let users = directories::UserDirs::new().filter(|_| !self.is_named);
        let documents = users.as_ref().and_then(directories::UserDirs::document_dir).filter(|folder| folder.to_str().is_some());
        documents.map_or_else(|| self.root.join("reports"), |documents| documents.join("Moa"))
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the folder, private to its user. A folder that was there and holds other things keeps its rights; what Moa puts into it
    /// is private all the same.
    ///
    /// # Errors
    /// `folder_unwritable`, `disk_full`, `io`.
    pub fn create(&self) -> Result<(), HostError> {
        let passage = if run_as::is_root() { Passage::Through } else { Passage::Closed };
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |error: std::io::Error| match HostError::io("create", &path, &error) {
                // A file in its place, a drive that is not there: each system has its own word for it.
                HostError::Io { path, cause, .. } => HostError::FolderUnwritable { path, cause },
                other => other,
            }
        };
        if self.is_ours() {
            private::make_folder(&self.root, passage).map_err(failed(&self.root))?;
        }
        private::make_folder(&self.database(), passage).map_err(failed(&self.database()))?;
        private::make_folder(&self.leases(), Passage::Closed).map_err(failed(&self.leases()))
    }

    /// The files of the embedded database.
    pub fn database(&self) -> PathBuf {
        self.root.join("db")
    }

    /// The log of Postgres.
    pub fn postgres_log(&self) -> PathBuf {
        self.database().join("postgres.log")
    }

    /// The log of the keeper.
    pub fn keeper_log(&self) -> PathBuf {
        self.database().join("keeper.log")
    }

    pub(crate) fn cluster(&self, major: u32) -> PathBuf {
        self.database().join(format!("pgdata-{major}"))
    }

    pub(crate) fn password_file(&self) -> PathBuf {
        self.database().join("password")
    }

    pub(crate) fn keeper_lock(&self) -> PathBuf {
        self.database().join("keeper.lock")
    }

    pub(crate) fn start_lock(&self) -> PathBuf {
        self.database().join("start.lock")
    }

    pub(crate) fn run_file(&self) -> PathBuf {
        self.database().join("run.json")
    }

    pub(crate) fn leases(&self) -> PathBuf {
        self.database().join("leases")
    }

    pub(crate) fn stop_request(&self) -> PathBuf {
        self.database().join("stop")
    }

    /// New, empty, or made by Moa before: only then are the folder's own rights ours to set.
    fn is_ours(&self) -> bool {
        match std::fs::read_dir(&self.root) {
            Ok(mut entries) => entries.next().is_none() || self.database().is_dir(),
            Err(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_folder_becomes_absolute() {
        let dir = DataDir::resolve(Some(Path::new("광고 데이터"))).expect("a plain path");
        assert!(dir.root().is_absolute());
        assert!(dir.database().ends_with("광고 데이터/db"));
        assert!(dir.reports().ends_with("광고 데이터/reports"), "all in the folder that was chosen");
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_reported_as_such() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let dir = DataDir::resolve(Some(&file.path().join("inside"))).expect("a plain path");
        assert_eq!(dir.create().expect_err("a file is no folder").code(), "folder_unwritable");
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_private_and_a_foreign_one_keeps_its_rights() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o077;
        let parent = tempfile::tempdir().expect("a folder");
        let listable = 0o044;

        let new = DataDir::resolve(Some(&parent.path().join("new"))).expect("a plain path");
        new.create().expect("writable");
        assert_eq!(mode(new.root()) & listable, 0);
        assert_eq!(mode(&new.database()) & listable, 0);

        let foreign = parent.path().join("documents");
        std::fs::create_dir(&foreign).expect("writable");
        std::fs::write(foreign.join("letter.txt"), "text").expect("writable");
        std::fs::set_permissions(&foreign, std::fs::Permissions::from_mode(0o755)).expect("ours");
        let dir = DataDir::resolve(Some(&foreign)).expect("a plain path");
        dir.create().expect("writable");
        assert_eq!(mode(&foreign), 0o055);
        assert_eq!(mode(&dir.database()) & listable, 0);
    }
}
