//! Syncing accounts and comparing with the platforms, as jobs of the window and commands of the command line.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use moa_domain::DateRange;
use moa_store::Connection;
use moa_sync::{AccountRun, Job, RunStatus, SyncError, SyncProgress, SyncType, Syncer};
use tokio_util::sync::CancellationToken;

use super::accounts::account_id_form;
use crate::Moa;
use crate::dto::connection::{AccountProblem, ReconciledDayDto, Reconciliation, SyncAsk, SyncRunDto, SyncWhat};
use crate::dto::job::{JobKind, JobResult};
use crate::error::ApiError;
use crate::read::accounts::when;
use crate::read::period::parse_range;
use crate::tags::FIGURES_SYNCED;

/// Told while accounts are synced: windows done and in all of one account, accounts done and in all.
pub type SyncTell<'a> = &'a (dyn Fn(SyncProgress<'_>) + Send + Sync);

impl Moa {
    /// Starts a sync beside the caller; the job's id.
    ///
    /// # Errors
    /// An unknown client or account, a range that is none (usage), or the database's.
    pub async fn start_sync(&self, ask: SyncAsk) -> Result<String, ApiError> {
        let (connections, job) = self.asked(&ask).await?;
        let detail = match &connections[..] {
            [one] => one.account_name.clone().unwrap_or_else(|| one.account_id.clone()),
            _ => String::new(),
        };
        self.start_sync_of(connections, job, &detail).await
    }

    /// The same for accounts that are known already.
    pub(crate) async fn start_sync_of(&self, connections: Vec<Connection>, job: Job, detail: &str) -> Result<String, ApiError> {
        self.start_job(JobKind::Sync, detail, FIGURES_SYNCED, move |moa, handle| async move {
            let cancel = handle.cancel.clone();
            // Accounts are read side by side: how far each is makes how far all are.
            let parts: Mutex<HashMap<i32, usize>> = Mutex::default();
            let tell = |progress: SyncProgress<'_>| {
                let name = progress.connection.account_name.as_deref().unwrap_or(&progress.connection.account_id);
                let part = (progress.windows_done * 100).checked_div(progress.windows).unwrap_or(0);
                let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
                parts.insert(progress.connection.id, part);
                let sum = parts.values().sum::<usize>().max(progress.accounts_done * 100);
                let percent = (sum / progress.accounts.max(1)).min(99);
                handle.progress(u8::try_from(percent).ok(), &format!("{}/{} · {name}", progress.accounts_done, progress.accounts));
            };
            let accounts: Vec<i32> = connections.iter().map(|connection| connection.id).collect();
            let runs = moa.run_sync(connections, job, &cancel, &tell).await?;
            if cancel.is_cancelled() {
                // Whoever stops a long sync in the window does not want the schedule to go on with it.
                if job.sync_type == SyncType::Full {
                    for account in accounts {
                        moa.awake().await?.end_sync_plan(account).await?;
                    }
                }
                return Err(ApiError::Cancelled);
            }
            Ok(JobResult::Sync { runs })
        })
        .await
    }

    /// Syncs and waits. Every account has a run, also those that failed.
    ///
    /// # Errors
    /// An unknown client or account, a range that is none (usage), or the database's.
    pub async fn sync(&self, ask: &SyncAsk, cancel: &CancellationToken, tell: SyncTell<'_>) -> Result<Vec<SyncRunDto>, ApiError> {
        let (connections, job) = self.asked(ask).await?;
        self.run_sync(connections, job, cancel, tell).await
    }

    async fn run_sync(
        &self,
        connections: Vec<Connection>,
        job: Job,
        cancel: &CancellationToken,
        tell: SyncTell<'_>,
    ) -> Result<Vec<SyncRunDto>, ApiError> {
        let syncer = self.syncer()?;
        let mut runs = syncer.sync(connections, job, cancel, tell).await;
        // A database that moved: what was cut off is asked once more, on the revived one. Whole windows are in, so nothing is doubled.
        let cut: Vec<usize> = runs.iter().enumerate().filter(|(_, run)| is_gone(run)).map(|(position, _)| position).collect();
        if !cut.is_empty() {
            self.retried(|store| async move { store.clients().await }).await?;
            let again = cut.iter().map(|position| runs[*position].connection.clone()).collect();
            for (position, run) in cut.into_iter().zip(syncer.sync(again, job, cancel, tell).await) {
                let before = &runs[position];
                runs[position] = AccountRun {
                    records_synced: before.records_synced + run.records_synced,
                    restated: before.restated + run.restated,
                    requests: before.requests + run.requests,
                    started_at: before.started_at,
                    ..run
                };
            }
        }
        Ok(runs.into_iter().map(run_dto).collect())
    }

    /// Our totals beside the platforms' own, of a client's connected accounts.
    ///
    /// # Errors
    /// An unknown client (usage), or the database's. What keeps an account from being compared stands in the answer.
    pub async fn reconcile(&self, client: &str, days: DateRange, cancel: &CancellationToken) -> Result<Reconciliation, ApiError> {
        let client = self.client_by_name(client).await?;
        let connections = self.connections(Some(client.id)).await?;
        let syncer = self.syncer()?;
        let mut answer = Reconciliation::default();
        for connection in connections.iter().filter(|connection| is_syncable(connection)) {
            let platform = connection.platform.code().to_owned();
            match syncer.reconcile(connection, days, cancel).await {
                Ok(compared) => answer.days.extend(compared.into_iter().map(|day| ReconciledDayDto {
                    date: day.date.to_string(),
                    account_id: connection.account_id.clone(),
                    platform: platform.clone(),
                    currency: connection.currency.unwrap_or(connection.client_currency).to_string(),
                    ours: day.ours.to_string(),
                    theirs: day.theirs.to_string(),
                    difference: moa_domain::Millionths(day.ours.0 - day.theirs.0).to_string(),
                    reason: day.reason.as_str().to_owned(),
                })),
                Err(error) => answer.problems.push(AccountProblem {
                    account_id: connection.account_id.clone(),
                    platform,
                    error: ApiError::from(error).to_dto(),
                }),
            }
        }
        Ok(answer)
    }

    /// Starts a comparison beside the caller; the job's id.
    ///
    /// # Errors
    /// An unknown client (usage), or the database's.
    pub async fn start_reconcile(&self, client: String, days: DateRange) -> Result<String, ApiError> {
        self.client_by_name(&client).await?;
        self.start_job(JobKind::Reconcile, &client.clone(), FIGURES_SYNCED, move |moa, handle| async move {
            let reconciliation = moa.reconcile(&client, days, &handle.cancel).await?;
            if handle.cancel.is_cancelled() {
                return Err(ApiError::Cancelled);
            }
            Ok(JobResult::Reconcile { client, reconciliation })
        })
        .await
    }

    pub(crate) fn syncer(&self) -> Result<Arc<Syncer>, ApiError> {
        self.inner.platforms.syncer(self.store(), &self.inner.clock)
    }

    async fn asked(&self, ask: &SyncAsk) -> Result<(Vec<Connection>, Job), ApiError> {
        let client = match &ask.client {
            Some(name) => Some(self.client_by_name(name).await?.id),
            None => None,
        };
        let mut connections: Vec<Connection> = self.connections(client).await?.into_iter().filter(is_syncable).collect();
        let mut chosen = Vec::new();
        for name in &ask.accounts {
            let wanted = self.account_named(name).await?;
            if !is_syncable(&wanted) {
                return Err(ApiError::usage("sync.not_connected", [("account", account_id_form(&wanted.account_id))]));
            }
            if connections.iter().all(|connection| connection.id != wanted.id) {
                let values = [("account", wanted.account_id), ("client", wanted.client)];
                return Err(ApiError::usage("account.of_other_client", values));
            }
            chosen.push(wanted.id);
        }
        connections.retain(|connection| chosen.is_empty() || chosen.contains(&connection.id));
        let sync_type = match (ask.what, &ask.from, &ask.to) {
            (SyncWhat::Range, Some(from), Some(to)) => {
                let range = parse_range(from, to)?;
                // Somewhere it may be tomorrow already.
                let latest = (self.inner.clock.now() + chrono::TimeDelta::hours(14)).date_naive();
                if range.from > latest {
                    return Err(ApiError::usage("sync.in_the_future", [("date", range.from.to_string())]));
                }
                SyncType::Range(range)
            }
            (SyncWhat::Range, ..) => return Err(ApiError::usage("sync.needs_range", [])),
            (SyncWhat::Morning, ..) => SyncType::Morning,
            (SyncWhat::Deep, ..) => SyncType::Deep,
            (SyncWhat::Full, ..) => SyncType::Full,
            (SyncWhat::Hourly, ..) => SyncType::Hourly,
        };
        Ok((connections, Job { sync_type, by_hour: ask.by_hour }))
    }
}

pub(crate) fn is_syncable(connection: &Connection) -> bool {
    connection.is_connected && !connection.is_file_only && connection.login_id.is_some()
}

fn is_gone(run: &AccountRun) -> bool {
    matches!(&run.error, Some(SyncError::Store(error)) if error.is_gone())
}

fn run_dto(run: AccountRun) -> SyncRunDto {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    debug_assert!(run.error.is_some() || run.status == RunStatus::Success, "a run without an error is a success");
    SyncRunDto {
        account_id: run.connection.account_id,
        account_name: run.connection.account_name,
        client: run.connection.client,
        platform: run.connection.platform.code().to_owned(),
        sync_type: run.sync_type.as_str().to_owned(),
        status: run.status.as_str().to_owned(),
        from: run.days.map(|days| days.from.to_string()),
        to: run.days.map(|days| days.to.to_string()),
        records_synced: count(run.records_synced),
        restated: count(run.restated),
        requests: run.requests,
        started_at: when(run.started_at),
        completed_at: when(run.completed_at),
        error: run.error.map(|error| ApiError::from(error).to_dto()),
    }
}
