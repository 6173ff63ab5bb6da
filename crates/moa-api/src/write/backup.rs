//! Backup and restore of the whole workspace.

use std::path::{Path, PathBuf};

use moa_store::BackupSummary;

use crate::Moa;
use crate::dto::job::{JobKind, JobResult};
use crate::error::ApiError;
use crate::tags::{ALL, CacheTag};

impl Moa {
    /// Writes one consistent snapshot. Holds no secrets.
    ///
    /// # Errors
    /// The file cannot be written, or the database's.
    pub async fn backup(&self, path: &Path) -> Result<BackupSummary, ApiError> {
        Ok(self.awake().await?.backup(path).await?)
    }

    /// Fills an empty workspace from a backup.
    ///
    /// # Errors
    /// The workspace is not empty, the file is damaged or of a newer version, or the database's.
    pub async fn restore(&self, path: &Path) -> Result<BackupSummary, ApiError> {
        let summary = self.awake().await?.restore(path).await?;
        self.tell(crate::MoaEvent::DataChanged(ALL.to_vec()));
        Ok(summary)
    }

    /// # Errors
    /// The database's; what goes wrong later is in the job.
    pub async fn start_backup(&self, path: String) -> Result<String, ApiError> {
        const STALE: &[CacheTag] = &[];
        self.start_job(JobKind::Backup, &path.clone(), STALE, |moa, _| async move {
            moa.backup(&PathBuf::from(&path)).await?;
            Ok(JobResult::Backup { path })
        })
        .await
    }
}
