//! Jobs: long work whose result outlives the program.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{Connection, FromRow};
use uuid::Uuid;

use crate::Store;
use crate::error::StoreError;

/// A running job says it is alive this often …
const HEARTBEAT: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, FromRow)]
pub struct JobRow {
    pub id: Uuid,
    pub kind: String,
    /// `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    pub detail: Option<String>,
    /// 0 to 100, where it is known.
    pub percent: Option<i16>,
    pub error: Option<Value>,
    pub result: Option<Value>,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// How a job ended.
#[derive(Debug, Clone)]
pub struct JobUpdate {
    pub state: &'static str,
    pub error: Option<Value>,
    pub result: Option<Value>,
}

/// Keeps a running job alive until it is dropped: it holds the job's lock on a connection of its own, and beats.
#[must_use = "the job counts as dead when its heart is dropped"]
pub struct JobHeart(tokio::task::JoinHandle<()>);

impl Drop for JobHeart {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// … and counts as dead when it did not for this long, or when nobody holds its lock: its program was killed.
///
/// A killed program's connection closes at once, so the next start sees the truth without waiting; the heartbeat is for machines
/// that vanish from the network.
const COLUMNS: &str = "id, kind,
  case when dead then 'failed' else state end as state,
  detail, percent,
  case when dead then '{\"code\":\"job_interrupted\",\"values\":{}}'::jsonb else error end as error,
  result, started_at, finished_at";

/// The jobs with what is known of their lives.
const JOBS: &str = "(select jobs.*, state = 'running' and (heartbeat_at < now() - interval '45 seconds' or not exists (
    select 1 from pg_locks where locktype = 'advisory' and objsubid = 2 and classid = 1836018787
      and objid = ('x' || right(jobs.id::text, 8))::bit(32)::bigint::oid
      and database = (select oid from pg_database where datname = current_database()))) as dead
  from jobs) as jobs";

impl Store {
    /// Writes down that a job runs. It counts as interrupted when its heart is dropped before [`Self::finish_job`].
    ///
    /// # Errors
    /// The database's.
    pub async fn start_job(&self, kind: &str, detail: &str) -> Result<(Uuid, JobHeart), StoreError> {
        let mut own = self.pool.acquire().await?.detach();
        // The lock is taken before the row can be seen, so that no reader finds the job without it.
        let mut tx = own.begin().await?;
        let (id,): (Uuid,) = sqlx::query_as("insert into jobs (kind, detail) values ($1, $2) returning id")
            .bind(kind)
            .bind(detail)
            .fetch_one(&mut *tx)
            .await?;
        sqlx::query("select pg_advisory_lock(1836018787, ('x' || right($1::text, 8))::bit(32)::int)").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        let heart = JobHeart(tokio::spawn(async move {
            loop {
                tokio::time::sleep(HEARTBEAT).await;
                if let Err(error) = sqlx::query("update jobs set heartbeat_at = now() where id = $1").bind(id).execute(&mut own).await {
                    tracing::warn!(job = %id, %error, "a job could not say that it is alive");
                }
            }
        }));
        Ok((id, heart))
    }

    /// # Errors
    /// The database's.
    pub async fn finish_job(&self, id: Uuid, update: JobUpdate) -> Result<(), StoreError> {
        sqlx::query("update jobs set state = $2, error = $3, result = $4, percent = case when $2 = 'done' then 100 else percent end, finished_at = now() where id = $1")
            .bind(id)
            .bind(update.state)
            .bind(update.error)
            .bind(update.result)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The latest jobs, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn jobs(&self, limit: i64) -> Result<Vec<JobRow>, StoreError> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from {JOBS} order by started_at desc limit $1")))
            .bind(limit)
            .fetch_all(&self.pool)
            .await?)
    }

    /// # Errors
    /// The database's.
    pub async fn job(&self, id: Uuid) -> Result<Option<JobRow>, StoreError> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from {JOBS} where id = $1")))
            .bind(id)
            .fetch_optional(&self.pool)
            .await?)
    }
}
