use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What can go wrong with the data folder, the shipped files and the embedded Postgres.
///
/// The keeper hands its failure to the waiting program through the run file, so every field can be written as JSON. The messages are
/// for logs and developers; the sentences people read are composed from [`HostError::code`] and the fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum HostError {
    #[error("no home folder is known for this user, so there is no default place for the data")]
    NoHomeFolder,
    #[error("the path {path} is not valid Unicode")]
    PathNotUnicode { path: String },
    #[error("MOA_NOW is not a time as in 2026-11-25T09:00:00+09:00: {value}")]
    InvalidClock { value: String },
    #[error("MOA_KEYCHAIN is neither os nor file: {value}")]
    InvalidKeychain { value: String },
    #[error("{path} cannot be written: {cause}")]
    FolderUnwritable { path: PathBuf, cause: IoCause },
    #[error("the disk that holds {path} is full")]
    DiskFull { path: PathBuf },
    #[error("the file system of {path} does not support file locks: {cause}")]
    LocksUnsupported { path: PathBuf, cause: IoCause },
    #[error("{operation} {path}: {cause}")]
    Io { operation: String, path: PathBuf, cause: IoCause },
    #[error("{resource} is not beside the program; looked in {}", list(.searched))]
    ResourceMissing { resource: String, searched: Vec<PathBuf> },
    #[error("Postgres at {path} does not run: {}", telling(.output))]
    BinariesBroken { path: PathBuf, output: String },
    #[error("{path} was written by Postgres {found}, and this program carries {carried}")]
    DataFromNewerPostgres { path: PathBuf, found: u32, carried: u32 },
    #[error("{path} was written by the older Postgres {found}, and this program carries {carried}")]
    DataFromOlderPostgres { path: PathBuf, found: u32, carried: u32 },
    #[error("a new database could not be prepared at {path}: {}", telling(.output))]
    InitialisationFailed { path: PathBuf, output: String },
    #[error("Postgres did not start (see {log}): {}", telling(.output))]
    ServerStartFailed { log: PathBuf, output: String },
    #[error("the process {pid} may be a Postgres working on {path}, but it does not answer and could not be identified")]
    ServerInTheWay { pid: u32, path: PathBuf },
    #[error("no free port on 127.0.0.1 after {tries} tries")]
    NoFreePort { tries: u32 },
    #[error("Postgres did not stop within {waited_seconds} s (process {pid})")]
    StopTimedOut { pid: u32, waited_seconds: u64 },
    #[error("Postgres does not run as root, and none of the users {} exists", .tried.join(", "))]
    NoUnprivilegedUser { tried: Vec<String> },
    #[error("{path} holds the database, but the user {user} that runs Postgres cannot reach it because of {blocked_by}")]
    FolderUnreachable { path: PathBuf, user: String, blocked_by: PathBuf },
    #[error("the database keeper could not be started from {program}: {cause}")]
    KeeperStartFailed { program: PathBuf, cause: IoCause },
    #[error("the database keeper ended without a word (see {log})")]
    KeeperEnded { log: PathBuf },
    #[error("the database was not ready within {waited_seconds} s (see {log})")]
    KeeperTimedOut { waited_seconds: u64, log: PathBuf },
    #[error("the keychain cannot be used: {reason}")]
    Keychain { reason: String },
    #[error("stopped while starting")]
    Stopped,
}

impl HostError {
    /// The stable name of this error, for exit codes, sentences and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoHomeFolder => "no_home_folder",
            Self::PathNotUnicode { .. } => "path_not_unicode",
            Self::InvalidClock { .. } => "invalid_clock",
            Self::InvalidKeychain { .. } => "invalid_keychain",
            Self::FolderUnwritable { .. } => "folder_unwritable",
            Self::DiskFull { .. } => "disk_full",
            Self::LocksUnsupported { .. } => "locks_unsupported",
            Self::Io { .. } => "io",
            Self::ResourceMissing { .. } => "resource_missing",
            Self::BinariesBroken { .. } => "binaries_broken",
            Self::DataFromNewerPostgres { .. } => "data_from_newer_postgres",
            Self::DataFromOlderPostgres { .. } => "data_from_older_postgres",
            Self::InitialisationFailed { .. } => "initialisation_failed",
            Self::ServerStartFailed { .. } => "server_start_failed",
            Self::ServerInTheWay { .. } => "server_in_the_way",
            Self::NoFreePort { .. } => "no_free_port",
            Self::StopTimedOut { .. } => "stop_timed_out",
            Self::NoUnprivilegedUser { .. } => "no_unprivileged_user",
            Self::FolderUnreachable { .. } => "folder_unreachable",
            Self::KeeperStartFailed { .. } => "keeper_start_failed",
            Self::KeeperEnded { .. } => "keeper_ended",
            Self::KeeperTimedOut { .. } => "keeper_timed_out",
            Self::Keychain { .. } => "keychain",
            Self::Stopped => "stopped",
        }
    }

    /// An I/O failure with what was being done, told apart where a person can do something about it.
    pub(crate) fn io(operation: &str, path: &Path, error: &io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotADirectory => {
                Self::FolderUnwritable { path, cause: error.into() }
            }
            _ => Self::Io { operation: operation.to_owned(), path, cause: error.into() },
        }
    }
}

/// An I/O error that can be sent to another process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IoCause {
    pub kind: String,
    pub message: String,
}

impl From<&io::Error> for IoCause {
    fn from(error: &io::Error) -> Self {
        Self { kind: format!("{:?}", error.kind()), message: error.to_string() }
    }
}

impl fmt::Display for IoCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for IoCause {}

/// The line that says why, of everything a program wrote before it gave up. The whole is in the log.
fn telling(output: &str) -> &str {
    let lines = || output.lines().map(str::trim).filter(|line| !line.is_empty());
    let why = lines().find(|line| ["PANIC:", "FATAL:", "error:", "ERROR:"].iter().any(|word| line.contains(word)));
    why.or_else(|| lines().next_back()).unwrap_or_default()
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_code_is_the_one_that_code_gives() {
        let error = HostError::DataFromNewerPostgres { path: "d".into(), found: 19, carried: 18 };
        let written = serde_json::to_value(&error).expect("an error is always JSON");
        assert_eq!(written["code"], error.code());
        assert_eq!(serde_json::from_value::<HostError>(written).expect("its own JSON"), error);
    }

    #[test]
    fn of_a_long_output_the_line_that_says_why_is_told() {
        let output = "The files will be owned by user \"postgres\".\n\ncreating subdirectories ... ok\n[9] FATAL:  could not map memory\nchild process exited\n";
        let error = HostError::InitialisationFailed { path: "d".into(), output: output.to_owned() };
        assert_eq!(error.to_string(), "a new database could not be prepared at d: [9] FATAL:  could not map memory");
        assert_eq!(telling("first\nlast\n\n"), "last");
        assert_eq!(telling(""), "");
    }

    #[test]
    fn a_full_disk_and_a_closed_folder_are_told_apart() {
        let code = |kind| HostError::io("write", Path::new("x"), &io::Error::from(kind)).code();
        assert_eq!(code(io::ErrorKind::StorageFull), "disk_full");
        assert_eq!(code(io::ErrorKind::QuotaExceeded), "disk_full");
        assert_eq!(code(io::ErrorKind::PermissionDenied), "folder_unwritable");
        assert_eq!(code(io::ErrorKind::ReadOnlyFilesystem), "folder_unwritable");
        assert_eq!(code(io::ErrorKind::TimedOut), "io");
    }
}
