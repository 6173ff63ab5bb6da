//! The schedule of a running window: accounts are brought up to date by themselves, so that nobody has to think of it at 9:50.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use moa_store::Connection;
use moa_sync::{Job, SyncType};

use super::sync::is_syncable;
use crate::Moa;
use crate::dto::connection::AccountHealth;
use crate::error::ApiError;
use crate::read::accounts::health_of;

/// The window is there first.
const FIRST_LOOK: Duration = Duration::from_secs(45);
const LOOK_EVERY: Duration = Duration::from_secs(300);
/// An account that failed is left alone this long; a person may sync it any time.
const AGAIN_AFTER: Duration = Duration::from_secs(3600);
/// Days that are restated late are read again after this long.
const DEEP: TimeDelta = TimeDelta::days(7);
/// Today's hours are read again after this long, from morning to night.
const HOURLY: TimeDelta = TimeDelta::minutes(90);
const DAY: std::ops::Range<u32> = 7..23;

impl Moa {
    /// Looks every few minutes which accounts are late, and syncs them as a job like any other. Ends with the program.
    pub async fn keep_fresh(&self) {
        tokio::time::sleep(FIRST_LOOK).await;
        loop {
            match self.sync_what_is_due().await {
                Ok(Some(job)) => tracing::info!(job, "the schedule syncs"),
                Ok(None) => {}
                // A database that is gone is said by everything else too; the next look finds it again.
                Err(error) => tracing::warn!(%error, "the schedule could not look"),
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Starts what is due now, if anything is: the job's id. Days come before hours.
    ///
    /// # Errors
    /// The database's.
    pub async fn sync_what_is_due(&self) -> Result<Option<String>, ApiError> {
        let now = self.inner.clock.now();
        let connections: Vec<Connection> = self.connections(None).await?.into_iter().filter(is_syncable).collect();
        let unfinished = self.retried(|store| async move { store.accounts_with_plans().await }).await?;
        let goes_on = |connection: &&Connection| {
            // Where it got stuck, yesterday comes first; the rest is tried again once that is well.
            unfinished.contains(&connection.id) && connection.trouble.is_none() && health_of(connection, now) != AccountHealth::NeedsLogin
        };
        let left: Vec<Connection> = connections.iter().filter(goes_on).cloned().collect();
        let left = self.not_tried_lately(left);
        if !left.is_empty() {
            // A long sync that a kill ended goes on.
            return self.start_sync_of(left, Job { sync_type: SyncType::Full, by_hour: false }, "").await.map(Some);
        }
        type Due = fn(&Connection, DateTime<Utc>) -> bool;
        let kinds: [(SyncType, Due); 3] = [(SyncType::Morning, late), (SyncType::Deep, deep_is_old), (SyncType::Hourly, hours_are_old)];
        for (sync_type, due) in kinds {
            let due: Vec<Connection> = connections.iter().filter(|connection| due(connection, now)).cloned().collect();
            let due = self.not_tried_lately(due);
            if !due.is_empty() {
                return self.start_sync_of(due, Job { sync_type, by_hour: false }, "").await.map(Some);
            }
        }
        Ok(None)
    }

    /// Those the schedule has not tried within the hour; they count as tried now.
    fn not_tried_lately(&self, connections: Vec<Connection>) -> Vec<Connection> {
        let mut tried = self.inner.platforms.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.retain(|_, at| at.elapsed() < AGAIN_AFTER);
        let due: Vec<Connection> = connections.into_iter().filter(|connection| !tried.contains_key(&connection.id)).collect();
        tried.extend(due.iter().map(|connection| (connection.id, Instant::now())));
        due
    }
}

/// A login that ended is a person's to repair, so it is not tried.
fn late(connection: &Connection, now: DateTime<Utc>) -> bool {
    matches!(health_of(connection, now), AccountHealth::Late | AccountHealth::Failing | AccountHealth::Partial)
}

fn deep_is_old(connection: &Connection, now: DateTime<Utc>) -> bool {
    health_of(connection, now) == AccountHealth::Fresh && connection.last_deep.is_none_or(|read| now - read > DEEP)
}

fn hours_are_old(connection: &Connection, now: DateTime<Utc>) -> bool {
    let by_day = DAY.contains(&now.with_timezone(&moa_sync::zone(connection)).hour());
    by_day && health_of(connection, now) == AccountHealth::Fresh && connection.last_success.is_some_and(|read| now - read > HOURLY)
}
