//! Long work. A job runs beside the caller, tells its progress, can be cancelled, and leaves its result in the database.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use moa_store::{JobRow, JobUpdate};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::dto::job::{JobDto, JobKind, JobResult, JobState};
use crate::error::{ApiError, ErrorDto};
use crate::tags::CacheTag;
use crate::{Moa, MoaEvent};

/// How often progress is told at most: a window that repaints for every row is slower than the work.
const TELL_EVERY: Duration = Duration::from_millis(120);

/// Jobs of this process that can still be cancelled.
#[derive(Default)]
pub(crate) struct Jobs {
    running: Mutex<HashMap<Uuid, CancellationToken>>,
}

/// Given to the work: where it tells how far it is, and asks whether to stop.
#[derive(Clone)]
pub(crate) struct JobHandle {
    moa: Moa,
    job: Arc<Mutex<(JobDto, Option<Instant>)>>,
    pub(crate) cancel: CancellationToken,
}

impl JobHandle {
    /// Tells how far the work is; calls in quick succession are thinned.
    pub(crate) fn progress(&self, percent: Option<u8>, detail: &str) {
        let mut slot = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        slot.0.percent = percent.map(|percent| percent.min(100));
        slot.0.detail = Some(detail.to_owned());
        if slot.1.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            slot.1 = Some(Instant::now());
            self.moa.tell(MoaEvent::JobChanged(Box::new(slot.0.clone())));
        }
    }

    fn now(&self) -> JobDto {
        self.job.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }
}

impl Moa {
    /// Starts work beside the caller and gives its id at once.
    pub(crate) async fn start_job<W, F>(&self, kind: JobKind, detail: &str, stale: &'static [CacheTag], work: W) -> Result<String, ApiError>
    where
        W: FnOnce(Moa, JobHandle) -> F + Send + 'static,
        F: Future<Output = Result<JobResult, ApiError>> + Send + 'static,
    {
        // Nothing has been done yet, so a database that moved is looked for once more, unlike in the midst of work.
        let (name, about) = (kind.as_str(), detail.to_owned());
        let (id, heart) = self
            .retried(move |store| {
                let about = about.clone();
                async move { store.start_job(name, &about).await }
            })
            .await?;
        let cancel = CancellationToken::new();
        self.inner.jobs.running.lock().unwrap_or_else(PoisonError::into_inner).insert(id, cancel.clone());
        let job = JobDto {
            id: id.to_string(),
            kind,
            state: JobState::Running,
            percent: None,
            detail: Some(detail.to_owned()),
            started_at: self.inner.clock.now().to_rfc3339(),
            finished_at: None,
            error: None,
            result: None,
        };
        let handle = JobHandle { moa: self.clone(), job: Arc::new(Mutex::new((job.clone(), None))), cancel };
        self.tell(MoaEvent::JobChanged(Box::new(job)));
        let moa = self.clone();
        tokio::spawn(async move {
            // The work runs in a task of its own, so that a defect in it fails the job instead of leaving it running for ever.
            let answer = match tokio::spawn(work(moa.clone(), handle.clone())).await {
                Ok(answer) => answer,
                Err(error) => Err(ApiError::Task(error)),
            };
            moa.finish_job(id, &handle, answer, stale).await;
            drop(heart);
        });
        Ok(id.to_string())
    }

    async fn finish_job(&self, id: Uuid, handle: &JobHandle, answer: Result<JobResult, ApiError>, stale: &'static [CacheTag]) {
        self.inner.jobs.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        let mut job = handle.now();
        job.finished_at = Some(self.inner.clock.now().to_rfc3339());
        match answer {
            Ok(result) => {
                job.state = JobState::Done;
                job.percent = Some(100);
                job.result = Some(result);
            }
            Err(ApiError::Cancelled) => job.state = JobState::Cancelled,
            Err(error) => {
                tracing::error!(job = %id, %error, "a job failed");
                job.state = JobState::Failed;
                job.error = Some(error.to_dto());
            }
        }
        let update = JobUpdate {
            state: job.state.as_str(),
            error: job.error.as_ref().and_then(|error| serde_json::to_value(error).ok()),
            result: job.result.as_ref().and_then(|result| serde_json::to_value(result).ok()),
        };
        if let Err(error) = self.store().finish_job(id, update).await {
            tracing::error!(job = %id, %error, "the result of a job could not be stored; the window still has it");
        }
        self.tell(MoaEvent::JobChanged(Box::new(job)));
        self.tell(MoaEvent::DataChanged(stale.to_vec()));
    }

    /// Asks a job to stop. It stops at its next safe point; what it had committed stays.
    ///
    /// # Errors
    /// `unknown_job` when no such job runs in this program.
    pub fn cancel_job(&self, id: &str) -> Result<(), ApiError> {
        let unknown = || ApiError::usage("unknown_job", [("job", id.to_owned())]);
        let id: Uuid = id.parse().map_err(|_| unknown())?;
        let running = self.inner.jobs.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(&id).ok_or_else(unknown)?.cancel();
        Ok(())
    }

    /// The latest jobs, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn jobs(&self) -> Result<Vec<JobDto>, ApiError> {
        Ok(self.retried(|store| async move { store.jobs(30).await }).await?.into_iter().map(job_dto).collect())
    }

    /// # Errors
    /// `unknown_job`, or the database's.
    pub async fn job(&self, id: &str) -> Result<JobDto, ApiError> {
        let unknown = || ApiError::usage("unknown_job", [("job", id.to_owned())]);
        let id = id.parse().map_err(|_| unknown())?;
        let row = self.retried(move |store| async move { store.job(id).await }).await?;
        row.map(job_dto).ok_or_else(unknown)
    }
}

fn job_dto(row: JobRow) -> JobDto {
    JobDto {
        id: row.id.to_string(),
        kind: JobKind::of(&row.kind),
        state: JobState::of(&row.state),
        percent: row.percent.and_then(|percent| u8::try_from(percent).ok()),
        detail: row.detail,
        started_at: row.started_at.to_rfc3339(),
        finished_at: row.finished_at.map(|time| time.to_rfc3339()),
        error: row.error.and_then(|value| serde_json::from_value::<ErrorDto>(value).ok()),
        result: row.result.and_then(|value| serde_json::from_value(value).ok()),
    }
}

impl JobKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SampleAgency => "sample_agency",
            Self::Import => "import",
            Self::Report => "report",
            Self::Backup => "backup",
            Self::Sync => "sync",
            Self::Reconcile => "reconcile",
        }
    }

    fn of(text: &str) -> Self {
        match text {
            "sample_agency" => Self::SampleAgency,
            "report" => Self::Report,
            "backup" => Self::Backup,
            "sync" => Self::Sync,
            "reconcile" => Self::Reconcile,
            _ => Self::Import,
        }
    }
}

impl JobState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn of(text: &str) -> Self {
        match text {
            "running" => Self::Running,
            "done" => Self::Done,
            "cancelled" => Self::Cancelled,
            _ => Self::Failed,
        }
    }
}
