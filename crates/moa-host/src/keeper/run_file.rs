use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{HostError, private};

/// What the keeper says about itself in `run.json`. It means something only while the keeper lives, but for `Failed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RunState {
    Starting { keeper_pid: u32 },
    Initialising { keeper_pid: u32 },
    Recovering { keeper_pid: u32 },
    Ready(RunningServer),
    Failed { keeper_pid: u32, error: HostError },
}

/// The server as it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningServer {
    /// On 127.0.0.1.
    pub port: u16,
    pub keeper_pid: u32,
    pub postgres_pid: u32,
    /// When this keeper had the server ready.
    pub started_at: DateTime<Utc>,
    /// Of Postgres, as `18.4`.
    pub version: String,
    /// Of the program that the keeper is.
    pub keeper_version: String,
    /// Where the cluster's files lie.
    pub data: PathBuf,
    /// Where Postgres' programs lie.
    pub binaries: PathBuf,
    /// The system user that runs Postgres, when it is another than the program's.
    pub runs_as: Option<String>,
    /// The folder that user could not pass, when the files lie elsewhere for that reason.
    pub moved_because_of: Option<PathBuf>,
}

impl RunState {
    /// Reads the file; `None` when there is none or it was written by another version in words we do not know.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, HostError> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            // Windows refuses to open a file at the moment it is replaced.
            Err(error) if cfg!(windows) && error.kind() == std::io::ErrorKind::PermissionDenied => Ok(None),
            Err(error) => Err(HostError::io("read", path, &error)),
        }
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), HostError> {
        let failed = |error: std::io::Error| HostError::io("write", path, &error);
        let text = serde_json::to_vec_pretty(self).map_err(|error| failed(error.into()))?;
        private::write_file(path, &text).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run.json");
        assert_eq!(RunState::read(&path).expect("no file is fine"), None);
        let failed = RunState::Failed { keeper_pid: 7, error: HostError::DiskFull { path: "/데이터".into() } };
        failed.write(&path).expect("writable");
        assert_eq!(RunState::read(&path).expect("readable"), Some(failed));
        std::fs::write(&path, r#"{"state":"dreaming"}"#).expect("writable");
        assert_eq!(RunState::read(&path).expect("readable"), None);
    }
}
