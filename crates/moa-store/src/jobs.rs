//! Jobs: long work whose result outlives the program.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;
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

/// Beats for a running job until it is dropped.
#[must_use = "the job counts as dead when its heart is dropped"]
pub struct JobHeart(tokio::task::JoinHandle<()>);

impl Drop for JobHeart {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// … and counts as dead when it did not for this long: its program was killed.
const COLUMNS: &str = "id, kind,
  case when state = 'running' and heartbeat_at < now() - interval '45 seconds' then 'failed' else state end as state,
  detail, percent,
  case when state = 'running' and heartbeat_at < now() - interval '45 seconds' then '{\"code\":\"job_interrupted\",\"values\":{}}'::jsonb else error end as error,
  result, started_at, finished_at";

impl Store {
    /// # Errors
    /// The database's.
    pub async fn start_job(&self, kind: &str, detail: &str) -> Result<Uuid, StoreError> {
        let (id,): (Uuid,) = sqlx::query_as("insert into jobs (kind, detail) values ($1, $2) returning id")
            .bind(kind)
            .bind(detail)
            .fetch_one(&self.pool)
            .await?;
        Ok(id)
    }

    /// Keeps the job alive while the result is held.
    pub fn job_heartbeat(&self, id: Uuid) -> JobHeart {
        let pool = self.pool.clone();
        JobHeart(tokio::spawn(async move {
            loop {
                tokio::time::sleep(HEARTBEAT).await;
                if let Err(error) = sqlx::query("update jobs set heartbeat_at = now() where id = $1").bind(id).execute(&pool).await {
                    tracing::warn!(job = %id, %error, "a job could not say that it is alive");
                }
            }
        }))
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
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from jobs order by jobs.started_at desc limit $1")))
            .bind(limit)
            .fetch_all(&self.pool)
            .await?)
    }

    /// # Errors
    /// The database's.
    pub async fn job(&self, id: Uuid) -> Result<Option<JobRow>, StoreError> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!("select {COLUMNS} from jobs where id = $1")))
            .bind(id)
            .fetch_optional(&self.pool)
            .await?)
    }
}
