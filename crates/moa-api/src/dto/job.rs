//! Long work: progress, cancel, a result that survives a restart.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::ErrorDto;

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct JobDto {
    pub id: String,
    pub kind: JobKind,
    pub state: JobState,
    /// 0 to 100; `None` while the size of the work is unknown.
    pub percent: Option<u8>,
    /// What is being worked on, for example a file's name.
    pub detail: Option<String>,
    pub started_at: String,
    pub finished_at: Option<String>,
    pub error: Option<ErrorDto>,
    pub result: Option<JobResult>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    SampleAgency,
    Import,
    Report,
    Backup,
    Sync,
    Reconcile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Running,
    Done,
    Failed,
    Cancelled,
}

/// What a finished job leaves behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobResult {
    SampleAgency { clients: u32, rows: u32 },
    Import { files: Vec<super::import::FileOutcome> },
    Report { report: super::report::ReportDto },
    Backup { path: String },
    Sync { runs: Vec<super::connection::SyncRunDto> },
    Reconcile { client: String, reconciliation: super::connection::Reconciliation },
}
