//! Syncing accounts side by side: each by itself, so that one that fails stops no other.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::StreamExt;
use moa_connectors::http::Http;
use moa_connectors::{Ask, Call, Connector, ConnectorError, Kind, RemoteAccount, RemoteCampaign};
use moa_domain::{CampaignStatus, Clock, DateRange, Platform, Sealer};
use moa_store::{Connection, Store};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::SyncError;
use crate::account::{remote, zone};
use crate::logins::Opened;
use crate::plan::{Job, SyncType, Window, days_of, today, windows};
use crate::window::{WindowWrite, write};

/// Accounts at once. Platforms' own limits are kept beneath.
const AT_ONCE: usize = 8;
/// A long sync that was left this long ago starts from the beginning.
const PLAN_LIVES: TimeDelta = TimeDelta::hours(48);

/// How a run of an account ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStatus {
    Success,
    Failed,
    /// Some windows are in, a later one failed.
    Partial,
}

impl RunStatus {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Partial => "partial",
        }
    }
}

/// One account's sync.
#[derive(Debug)]
pub struct AccountRun {
    pub connection: Connection,
    pub sync_type: SyncType,
    pub status: RunStatus,
    /// The days that are in.
    pub days: Option<DateRange>,
    /// Rows written, new and restated.
    pub records_synced: usize,
    pub restated: usize,
    pub requests: u32,
    pub started_at: DateTime<Utc>,
    pub completed_at: DateTime<Utc>,
    pub error: Option<SyncError>,
}

/// Told while accounts are synced.
#[derive(Debug, Clone, Copy)]
pub struct SyncProgress<'a> {
    pub connection: &'a Connection,
    /// Windows done and in all, of this account.
    pub windows_done: usize,
    pub windows: usize,
    /// Accounts done and in all.
    pub accounts_done: usize,
    pub accounts: usize,
}

/// Syncs accounts of a workspace.
pub struct Syncer {
    store: Store,
    clock: Arc<dyn Clock>,
    pub logins: Opened,
}

type Tell<'a> = &'a (dyn Fn(SyncProgress<'_>) + Send + Sync);

/// One account while it is read.
struct Reading<'a> {
    connector: &'a dyn Connector,
    connection: &'a Connection,
    account: &'a moa_connectors::Account,
    job: Job,
    today: NaiveDate,
    call: &'a Call,
    /// What the platform lists, and what was found by its figures since.
    listed: Vec<RemoteCampaign>,
    known: Vec<RemoteCampaign>,
    /// Requests written down with the windows before.
    told_requests: u32,
}

/// What a window means for its job.
#[derive(Debug, Clone, Copy, Default)]
struct OfJob {
    /// Of a long sync: what is left after it, or nothing.
    left: Option<Option<DateRange>>,
    /// With the last window: when the job began.
    began_at: Option<DateTime<Utc>>,
}

/// How accounts are reached now, by login: asked once a run, when one is refused.
type Ways = Mutex<HashMap<i32, Vec<RemoteAccount>>>;

/// What came of the windows read so far.
#[derive(Default)]
struct Done {
    days: Option<DateRange>,
    records: usize,
    restated: usize,
}

impl Syncer {
    #[must_use]
    pub fn new(store: Store, http: Arc<Http>, sealer: Arc<dyn Sealer>, clock: Arc<dyn Clock>) -> Self {
        Self { logins: Opened::new(store.clone(), http, sealer), store, clock }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Syncs the accounts; the order of the answers is that of `connections`.
    pub async fn sync(&self, connections: Vec<Connection>, job: Job, cancel: &CancellationToken, tell: Tell<'_>) -> Vec<AccountRun> {
        self.logins.forget_failed().await;
        let ways = Ways::default();
        let accounts = connections.len();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let mut runs: Vec<(usize, AccountRun)> =
            futures_util::stream::iter(connections.into_iter().enumerate().map(|(position, connection)| {
                let (done, ways) = (&done, &ways);
                async move {
                    let counted = |windows_done: usize, windows: usize, connection: &Connection| {
                        let accounts_done = done.load(std::sync::atomic::Ordering::Relaxed);
                        tell(SyncProgress { connection, windows_done, windows, accounts_done, accounts });
                    };
                    let run = self.sync_account(connection, job, ways, cancel, &counted).await;
                    done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    (position, run)
                }
            }))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        runs.sort_by_key(|(position, _)| *position);
        runs.into_iter().map(|(_, run)| run).collect()
    }

    async fn sync_account(
        &self,
        connection: Connection,
        job: Job,
        ways: &Ways,
        cancel: &CancellationToken,
        tell: &(dyn Fn(usize, usize, &Connection) + Send + Sync),
    ) -> AccountRun {
        let started_at = self.clock.now();
        let call = Call::new(cancel.clone());
        let mut done = Done::default();
        let mut ended = self.read_account(&connection, job, &call, &mut done, tell).await;
        if let Err(SyncError::Platform(refused)) = &ended
            && refused.kind == Kind::NoAccess
            && self.found_another_way(&connection, ways, &call).await
        {
            ended = self.read_account(&connection, job, &call, &mut done, tell).await;
        }
        let error = ended.err();
        if let Err(unnoted) = self.note(&connection, job, &call, error.as_ref(), done.days.is_some()).await {
            tracing::warn!(account = connection.id, error = %unnoted, "how a sync ended could not be noted");
        }
        let status = match (&error, done.days) {
            (None, _) => RunStatus::Success,
            (Some(_), Some(_)) => RunStatus::Partial,
            (Some(_), None) => RunStatus::Failed,
        };
        AccountRun {
            connection,
            sync_type: job.sync_type,
            status,
            days: done.days,
            records_synced: done.records,
            restated: done.restated,
            requests: call.requests(),
            started_at,
            completed_at: self.clock.now(),
            error,
        }
    }

    /// Keeps the account's trouble, the failed run's story, and whether a person has to sign in.
    async fn note(
        &self,
        connection: &Connection,
        job: Job,
        call: &Call,
        error: Option<&SyncError>,
        in_part: bool,
    ) -> Result<(), SyncError> {
        let Some(error) = error else {
            if let (Some(login), true) = (connection.login_id, call.requests() > 0) {
                self.store.login_works(login).await?;
            }
            return Ok(self.store.note_trouble(connection.id, None).await?);
        };
        match error {
            SyncError::Busy | SyncError::Changed => return Ok(()),
            SyncError::Platform(error) if error.kind == Kind::Cancelled => return Ok(()),
            // Nothing is wrong with the account: the days somebody named are not there.
            SyncError::Platform(error) if error.kind == Kind::OutOfRange && matches!(job.sync_type, SyncType::Range(_)) => return Ok(()),
            _ => {}
        }
        let trouble = serde_json::json!({ "code": error.code(), "values": error.values(), "in_part": in_part });
        self.store.note_trouble(connection.id, Some(trouble)).await?;
        let story = (job.sync_type.as_str(), connection.platform.code());
        self.store.note_failed_run(connection.id, story, None, call.requests(), (error.code(), &error.values())).await?;
        if let (SyncError::Platform(error), Some(login)) = (error, connection.login_id) {
            if matches!(error.kind, Kind::NeedsLogin | Kind::AppRefused) {
                self.logins.has_failed(login).await;
            }
            if error.kind == Kind::NeedsLogin {
                self.store.login_needs_person(login).await?;
            }
        }
        Ok(())
    }

    async fn read_account(
        &self,
        connection: &Connection,
        job: Job,
        call: &Call,
        done: &mut Done,
        tell: &(dyn Fn(usize, usize, &Connection) + Send + Sync),
    ) -> Result<(), SyncError> {
        let _turn = self.store.account_turn(connection.id).await?.ok_or(SyncError::Busy)?;
        // As it is now: it may have waited for its turn.
        let connection = &self.store.connection(connection.id).await?.ok_or(SyncError::NotConnected)?;
        let login = connection.login_id.filter(|_| connection.is_connected).ok_or(SyncError::NotConnected)?;
        let connector = self.logins.connector(login).await?;
        let now = self.clock.now();
        let (account, limits, today) = (remote(connection), connector.limits(), today(now, zone(connection)));
        let out_of_range = || ConnectorError::fatal(&connection.platform, Kind::OutOfRange).for_account(&connection.account_id);
        let all = days_of(&job, &limits, today).ok_or_else(out_of_range)?;
        let (left, began_at) = self.left_of_plan(connection, job, all, now).await?;
        let windows = windows(&job, &limits, left, today);
        tell(0, windows.len(), connection);

        let mut listed = connector.campaigns(&account, call).await?;
        if matches!(job.sync_type, SyncType::Full | SyncType::Deep | SyncType::Range(_)) {
            self.add_removed(connector.as_ref(), &account, &mut listed, call).await?;
        }
        let known = self.no_longer_listed(connection, &listed).await?;
        let mut reading =
            Reading { connector: connector.as_ref(), connection, account: &account, job, today, call, listed, known, told_requests: 0 };
        for (position, window) in windows.iter().enumerate() {
            let rest =
                windows.get(position + 1).map(|_| DateRange { from: left.from, to: window.days.from.pred_opt().unwrap_or(left.from) });
            let left = matches!(job.sync_type, SyncType::Full).then_some(rest);
            let of_job = OfJob { left, began_at: (position + 1 == windows.len()).then_some(began_at) };
            let restated = self.window(&mut reading, *window, of_job, done).await?;
            let by_day = |day: &NaiveDate| window.hours.is_none_or(|hours| *day < hours.from || hours.to < *day);
            let restated = restated.into_iter().filter(by_day).collect();
            for again in self.hours_of(connection, &restated, today - limits.hourly_history).await? {
                self.window(&mut reading, again, OfJob::default(), done).await?;
            }
            tell(position + 1, windows.len(), connection);
        }
        self.read_balance(connector.as_ref(), connection, &account, call).await;
        Ok(())
    }

    /// Reads and writes one window. Gives the days that were restated.
    async fn window(
        &self,
        reading: &mut Reading<'_>,
        window: Window,
        of_job: OfJob,
        done: &mut Done,
    ) -> Result<BTreeSet<NaiveDate>, SyncError> {
        let asked: Vec<RemoteCampaign> = reading.listed.iter().chain(&reading.known).cloned().collect();
        let figures = self.read_window(reading.connector, reading.account, &asked, window, reading.call).await?;
        let requests = reading.call.requests() - reading.told_requests;
        let strangers = figures.strangers.clone();
        let outcome = write(
            &self.store,
            WindowWrite {
                connection: reading.connection,
                sync_type: reading.job.sync_type.as_str(),
                source: reading.connection.platform.code(),
                window,
                listed: &reading.listed,
                known: &reading.known,
                figures,
                today: reading.today,
                requests,
                job_began_at: of_job.began_at,
                left: of_job.left,
            },
        )
        .await?;
        reading.told_requests += requests;
        // Found once by its figures, a campaign is asked for by its name in older windows.
        reading.known.retain(|campaign| strangers.iter().all(|found| found.id != campaign.id));
        reading.listed.extend(strangers);
        for tally in [outcome.daily, outcome.hourly] {
            done.records += tally.new + tally.restated;
            done.restated += tally.restated;
        }
        done.days = Some(
            done.days.map_or(window.days, |days| DateRange { from: days.from.min(window.days.from), to: days.to.max(window.days.to) }),
        );
        Ok(outcome.restated_days)
    }

    /// Restated days that are known by hour are read by hour again, so that hours and days agree.
    async fn hours_of(&self, connection: &Connection, restated: &BTreeSet<NaiveDate>, kept: NaiveDate) -> Result<Vec<Window>, SyncError> {
        let (Some(first), Some(last)) = (restated.first(), restated.last()) else { return Ok(Vec::new()) };
        let by_hour = self.store.days_with_hours(connection.id, DateRange { from: *first, to: *last }).await?;
        let mut windows: Vec<Window> = Vec::new();
        for day in by_hour.into_iter().filter(|day| restated.contains(day) && *day >= kept) {
            match windows.last_mut() {
                Some(window) if window.days.to.succ_opt() == Some(day) => window.days.to = day,
                _ => windows.push(Window { days: DateRange { from: day, to: day }, hours: None }),
            }
        }
        Ok(windows.into_iter().map(|window| Window { hours: Some(window.days), ..window }).collect())
    }

    pub(crate) async fn read_window(
        &self,
        connector: &dyn Connector,
        account: &moa_connectors::Account,
        campaigns: &[RemoteCampaign],
        window: Window,
        call: &Call,
    ) -> Result<moa_connectors::Figures, SyncError> {
        let ask = Ask { days: window.days, hours: window.hours, campaigns, now: self.clock.now() };
        Ok(connector.figures(account, &ask, call).await?)
    }

    /// Prepaid money is a kindness: not knowing it fails nothing.
    async fn read_balance(&self, connector: &dyn Connector, connection: &Connection, account: &moa_connectors::Account, call: &Call) {
        match connector.balance(account, call).await {
            Ok(Some(balance)) => {
                if let Err(error) = self.store.note_balance(connection.id, balance.amount).await {
                    tracing::warn!(account = connection.id, %error, "a balance could not be kept");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::debug!(account = connection.id, %error, "a balance could not be read"),
        }
    }

    /// Whether a refused account is reached by another manager now: the login may have lost one way and have another.
    async fn found_another_way(&self, connection: &Connection, ways: &Ways, call: &Call) -> bool {
        let (Some(login), Platform::GoogleAds) = (connection.login_id, &connection.platform) else { return false };
        let mut ways = ways.lock().await;
        let listed = match ways.entry(login) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(match self.logins.connector(login).await {
                Ok(connector) => connector.accounts(call).await.unwrap_or_default(),
                Err(_) => Vec::new(),
            }),
        };
        let found = listed.iter().find(|account| account.id == connection.account_id);
        match found {
            Some(account) if account.via != connection.via => match self.store.reached_by(connection.id, account.via.as_deref()).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(account = connection.id, %error, "another way to an account could not be kept");
                    false
                }
            },
            _ => false,
        }
    }

    /// What a long sync has left from before a kill, or everything; and when it began.
    async fn left_of_plan(
        &self,
        connection: &Connection,
        job: Job,
        all: DateRange,
        now: DateTime<Utc>,
    ) -> Result<(DateRange, DateTime<Utc>), SyncError> {
        if !matches!(job.sync_type, SyncType::Full) {
            return Ok((all, now));
        }
        if let Some(plan) = self.store.sync_plan(connection.id).await?
            && plan.sync_type == job.sync_type.as_str()
            && now - plan.started_at < PLAN_LIVES
            && let Ok(left) = DateRange::new(plan.left_from.max(all.from), plan.left_to.min(all.to))
        {
            return Ok((left, plan.started_at));
        }
        self.store.begin_sync_plan(connection.id, job.sync_type.as_str(), all).await?;
        Ok((all, now))
    }

    /// Campaigns deleted before they were ever seen. Not being told of them loses no figure of the others, so it only gets said in the log.
    async fn add_removed(
        &self,
        connector: &dyn Connector,
        account: &moa_connectors::Account,
        listed: &mut Vec<RemoteCampaign>,
        call: &Call,
    ) -> Result<(), SyncError> {
        match connector.removed_campaigns(account, call).await {
            Ok(removed) => {
                for campaign in removed {
                    if listed.iter().all(|known| known.id != campaign.id) {
                        listed.push(campaign);
                    }
                }
                Ok(())
            }
            Err(error) if error.kind == Kind::Cancelled => Err(error.into()),
            Err(error) => {
                tracing::warn!(account = account.id, %error, "deleted campaigns are not listed");
                Ok(())
            }
        }
    }

    /// Campaigns known from before that the platform lists no more: it may still tell their figures.
    pub(crate) async fn no_longer_listed(
        &self,
        connection: &Connection,
        listed: &[RemoteCampaign],
    ) -> Result<Vec<RemoteCampaign>, SyncError> {
        let stored = self.store.campaigns_to_ask(connection.id).await?;
        let known = stored.into_iter().filter_map(|stored| {
            // Campaigns a file named by id were never seen at the platform.
            let kind = stored.platform_kind?;
            listed.iter().all(|campaign| campaign.id != stored.campaign_id).then_some(RemoteCampaign {
                id: stored.campaign_id,
                name: Some(stored.campaign_name),
                // One that was removed already has ended for good.
                status: stored.is_removed.then_some(CampaignStatus::Ended),
                objective: None,
                daily_budget: None,
                total_budget: None,
                budget_shared: false,
                start_date: None,
                end_date: None,
                kind,
                removed: true,
            })
        });
        Ok(known.collect())
    }
}
