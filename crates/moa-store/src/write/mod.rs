//! The write path: one transaction for a file or an account's window.
//!
//! Read the stored slice, compare it with what came, send only what differs, keep what was restated, refresh the roll-ups. The same input
//! twice writes nothing. Months must be there before: [`crate::Store::ensure_partitions`].

mod channels;
mod conversions;
mod days;
mod entities;
mod exchange;
mod facts;
mod measures;
mod merge;
pub(crate) mod rows;
mod said;
mod settle;
mod slice;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::{BreakdownFact, ChannelCode, DailyFact, DateRange, Dimension, HourlyFact, Measures, MoneyKind, Platform};
use sqlx::{PgConnection, Postgres, Transaction};

use self::days::{Days, Sides};
use self::entities::{Entity, ensure_entities};
use self::exchange::{keep_revisions, read_slice, write_differences};
use self::facts::{day_row, finer_row, hour_row, sorted};
use self::measures::{NOTHING, NOTHING_OF_AN_HOUR};
use self::merge::{Comparison, merge};
use self::rows::{BREAKDOWN_TABLE, CountRow, DAILY_TABLE, DailyRow, HOURLY_TABLE, Key, day_of};
use self::said::{Kinds, Said};
use self::slice::Slice;
use crate::Store;
use crate::accounts::{Account, NewAccount, ensure_account};
use crate::campaign_matching::ensure_campaigns;
use crate::campaigns::CampaignSpec;
use crate::error::StoreError;
use crate::kinds::{ensure_channels, ensure_money_kind, load_money_kinds, unspecified_channel};

pub use conversions::ConversionRow;
pub(crate) use conversions::replace as replace_conversions;
pub(crate) use entities::dimension_id;

/// One writing transaction. Dropping it leaves nothing behind; so does `rollback`, which is how a preview is made.
pub struct WriteTx {
    tx: Transaction<'static, Postgres>,
}

/// A run: the story of one write.
#[derive(Debug, Clone)]
pub struct RunId {
    id: i32,
    account_id: i32,
    client_id: i32,
    platform: Platform,
    started_at: DateTime<Utc>,
}

impl RunId {
    pub(crate) fn id(&self) -> i32 {
        self.id
    }

    pub(crate) fn client_id(&self) -> i32 {
        self.client_id
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }
}

/// What an absent row means.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteMode {
    /// Files never delete: an absent row says nothing.
    File,
    /// These campaigns were asked for this range and answered in full: an absent day is zero. The same holds for hours and for breakdowns
    /// where they were asked too; a day that is zero takes its stored hours and finer rows along either way.
    Replace { campaigns: Vec<i32>, range: DateRange, hours: bool, dimensions: Vec<Dimension> },
}

/// Rows to write; campaigns by their ids. No key may stand twice.
#[derive(Debug, Clone)]
pub struct SliceWrite {
    pub daily: Vec<DailyFact<i32>>,
    pub hourly: Vec<HourlyFact<i32>>,
    pub breakdown: Vec<BreakdownFact<i32>>,
    /// What the source says at all. Of the rest the rows say nothing: what others said of it stays, and where nobody did it is 0, or unknown
    /// for the conversions of an hour.
    pub measures: Measures,
    pub mode: WriteMode,
    /// The ad account's day: only days before it are finished, and only finished days have revisions.
    pub today: NaiveDate,
}

/// How rows of one table fared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub new: usize,
    pub unchanged: usize,
    pub restated: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteOutcome {
    pub daily: Tally,
    pub hourly: Tally,
    pub breakdown: BTreeMap<Dimension, Tally>,
    /// Days of which a figure was restated.
    pub restated_days: BTreeSet<NaiveDate>,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.unchanged += other.unchanged;
        self.restated += other.restated;
    }
}

impl std::ops::AddAssign for WriteOutcome {
    fn add_assign(&mut self, other: Self) {
        self.daily += other.daily;
        self.hourly += other.hourly;
        self.restated_days.extend(other.restated_days);
        for (dimension, tally) in other.breakdown {
            *self.breakdown.entry(dimension).or_default() += tally;
        }
    }
}

impl WriteOutcome {
    /// The tally of the finest rows that came: those a person counts in the file.
    #[must_use]
    pub fn finest(&self) -> Tally {
        let count = |tally: &Tally| tally.new + tally.unchanged + tally.restated;
        if count(&self.hourly) > 0 {
            return self.hourly;
        }
        self.breakdown.values().copied().max_by_key(count).unwrap_or(self.daily)
    }

    fn all(&self) -> Tally {
        let mut all = Tally::default();
        for tally in [self.daily, self.hourly].iter().chain(self.breakdown.values()) {
            all += *tally;
        }
        all
    }
}

impl Store {
    /// # Errors
    /// The database's.
    pub async fn begin_write(&self) -> Result<WriteTx, StoreError> {
        Ok(WriteTx { tx: self.pool.begin().await? })
    }
}

/// Ids of everything rows name.
struct Names {
    channels: HashMap<ChannelCode, i32>,
    /// The platform's channel for what is not said to be on any.
    unspecified: i32,
    kinds: HashMap<MoneyKind, i32>,
    /// All kinds of the database by their ids.
    by_id: Kinds,
}

impl WriteTx {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Finds the account or makes it.
    ///
    /// # Errors
    /// [`StoreError::AccountOfOtherClient`], or the database's.
    pub async fn ensure_account(&mut self, new: &NewAccount) -> Result<Account, StoreError> {
        ensure_account(&mut self.tx, new).await
    }

    /// One writer per account at a time, over all programs on this database.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock_account(&mut self, account: i32) -> Result<(), StoreError> {
        sqlx::query("select pg_advisory_xact_lock(1836018786, $1)").bind(account).execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Ids in the order of `specs`.
    ///
    /// # Errors
    /// The database's.
    pub async fn ensure_campaigns(&mut self, account: i32, platform: &Platform, specs: &[CampaignSpec]) -> Result<Vec<i32>, StoreError> {
        ensure_campaigns(&mut self.tx, account, platform, specs).await
    }

    /// Opens the run's story.
    ///
    /// # Errors
    /// The database's.
    pub async fn start_run(&mut self, account: i32, sync_type: &str, source: &str) -> Result<RunId, StoreError> {
        let (id, started_at): (i32, DateTime<Utc>) = sqlx::query_as(
            "insert into data_sync_logs (marketing_account_id, sync_type, status, source, started_at) values ($1, $2, 'in_progress', $3, clock_timestamp())
             returning id, started_at",
        )
        .bind(account)
        .bind(sync_type)
        .bind(source)
        .fetch_one(&mut *self.tx)
        .await?;
        let (client_id, platform): (i32, String) = sqlx::query_as("select client_id, platform from marketing_accounts where id = $1")
            .bind(account)
            .fetch_one(&mut *self.tx)
            .await?;
        let platform = platform.parse().unwrap_or(Platform::Other(platform));
        Ok(RunId { id, account_id: account, client_id, platform, started_at })
    }

    /// Closes the run's story.
    ///
    /// # Errors
    /// The database's.
    pub async fn finish_run(&mut self, run: &RunId, outcome: &WriteOutcome) -> Result<(), StoreError> {
        let all = outcome.all();
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        sqlx::query(
            "update data_sync_logs set status = 'success', completed_at = clock_timestamp(), records_synced = $2, records_unchanged = $3, records_restated = $4
             where id = $1",
        )
        .bind(run.id)
        .bind(count(all.new + all.restated))
        .bind(count(all.unchanged))
        .bind(count(all.restated))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Writes the rows and everything that follows from them.
    ///
    /// # Errors
    /// [`StoreError::DuplicateKey`] for a key that stands twice, [`StoreError::TooLarge`] for a sum that cannot be stored, or the database's.
    pub async fn write(&mut self, run: &RunId, write: &SliceWrite) -> Result<WriteOutcome, StoreError> {
        let Some(slice) = Slice::of(write) else { return Ok(WriteOutcome::default()) };
        self.know_campaigns(run, &slice).await?;
        let names = self.names(run, write).await?;
        let stated = sorted(write.daily.iter().filter_map(|fact| day_row(fact, slice.measures, &names)).collect())?;
        let stored: Vec<DailyRow> = read_slice(&mut self.tx, &DAILY_TABLE, &slice.campaigns, slice.lo, slice.hi).await?;
        let vanished = slice.vanished(&stored);
        let hours = self.write_hours(run, write, &slice, &vanished, &names).await?;
        let finer = self.write_finer(run, write, &slice, &vanished, &names).await?;

        let sides = Sides { stored: &stored, stated: &stated, hours: &hours.state, finer: &finer.days };
        let days = Days::settle(&slice, &sides, names.unspecified, &names.by_id)?;
        keep_revisions(&mut self.tx, run.id, run.started_at, write.today, &days.restated).await?;
        write_differences(&mut self.tx, &DAILY_TABLE, run.id, &days.upserts, &days.deletes).await?;

        self.refresh(run, &days, hours.changed).await?;
        let restated_days = days.restated.iter().map(|change| day_of(change.old.key.date)).collect();
        Ok(WriteOutcome { daily: days.tally, hourly: hours.tally, breakdown: finer.tallies, restated_days })
    }

    async fn refresh(&mut self, run: &RunId, days: &Days, hours: Option<(i32, i32)>) -> Result<(), StoreError> {
        let window = days.window();
        if window.is_none() && hours.is_none() {
            return Ok(());
        }
        let (campaigns, firsts): (Vec<i32>, Vec<NaiveDate>) = days.first_changes().into_iter().unzip();
        sqlx::query("select refresh_rollups($1, $2, $3, $4, $5, $6, $7)")
            .bind(vec![run.client_id])
            .bind(window.map(|(lo, _)| day_of(lo)))
            .bind(window.map(|(_, hi)| day_of(hi)))
            .bind(hours.map(|(lo, _)| day_of(lo)))
            .bind(hours.map(|(_, hi)| day_of(hi)))
            .bind(campaigns)
            .bind(firsts)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// # Errors
    /// The database's; nothing was written then.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }

    /// # Errors
    /// The database's; nothing was written all the same.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.tx.rollback().await?)
    }

    /// Rows of a campaign that is not there would be outside every total.
    async fn know_campaigns(&mut self, run: &RunId, slice: &Slice) -> Result<(), StoreError> {
        let (known,): (i64,) = sqlx::query_as("select count(*) from campaigns where id = any ($1) and marketing_account_id = $2")
            .bind(&slice.campaigns)
            .bind(run.account_id)
            .fetch_one(&mut *self.tx)
            .await?;
        if usize::try_from(known) == Ok(slice.campaigns.len()) {
            return Ok(());
        }
        let strange = format!("{} of {} campaigns are not of this ad account", slice.campaigns.len() as i64 - known, slice.campaigns.len());
        Err(StoreError::Refused { source: sqlx::Error::Protocol(strange) })
    }

    async fn names(&mut self, run: &RunId, write: &SliceWrite) -> Result<Names, StoreError> {
        let daily = write.daily.iter().map(|fact| (&fact.channel, fact.kind));
        let hourly = write.hourly.iter().map(|fact| (&fact.channel, fact.kind));
        let finer = write.breakdown.iter().map(|fact| (&fact.channel, fact.kind));
        let (mut codes, mut wanted) = (BTreeSet::new(), BTreeSet::new());
        for (channel, kind) in daily.chain(hourly).chain(finer) {
            if !codes.contains(channel) {
                codes.insert(channel.clone());
            }
            wanted.insert(kind);
        }
        let codes: Vec<ChannelCode> = codes.into_iter().collect();
        let channels = ensure_channels(&mut self.tx, &run.platform, &codes).await?;
        let mut kinds = HashMap::new();
        for kind in wanted {
            kinds.insert(kind, ensure_money_kind(&mut self.tx, kind).await?);
        }
        let by_id = load_money_kinds(&mut self.tx).await?;
        let unspecified = unspecified_channel(&mut self.tx, &run.platform).await?;
        Ok(Names { channels, unspecified, kinds, by_id })
    }

    async fn write_hours(
        &mut self,
        run: &RunId,
        write: &SliceWrite,
        slice: &Slice,
        vanished: &HashSet<(i32, i32)>,
        names: &Names,
    ) -> Result<Hours, StoreError> {
        let asked = slice.asked_hours || !write.hourly.is_empty();
        if !asked && vanished.is_empty() {
            return Ok(Hours::default());
        }
        let incoming = sorted(write.hourly.iter().filter_map(|fact| hour_row(fact, slice.measures, names)).collect())?;
        let stored: Vec<CountRow> = read_slice(&mut self.tx, &HOURLY_TABLE, &slice.campaigns, slice.lo, slice.hi).await?;
        let gone = |key: Key| (asked && slice.is_asked(key.date, key.owner)) || vanished.contains(&(key.date, key.owner));
        let comparison =
            Comparison { nothing: &NOTHING_OF_AN_HOUR, kinds: &names.by_id, unspecified: names.unspecified, measures: slice.measures };
        let merge = merge(&stored, &incoming, gone, &comparison)?;
        write_differences(&mut self.tx, &HOURLY_TABLE, run.id, &merge.upserts, &merge.deletes).await?;
        Ok(Hours { changed: merge.window(), tally: merge.tally, state: if asked { merge.state } else { Vec::new() } })
    }

    async fn write_finer(
        &mut self,
        run: &RunId,
        write: &SliceWrite,
        slice: &Slice,
        vanished: &HashSet<(i32, i32)>,
        names: &Names,
    ) -> Result<Finer, StoreError> {
        let came: BTreeSet<Dimension> = write.breakdown.iter().map(|fact| fact.dimension).collect();
        let asked: BTreeSet<Dimension> = came.iter().chain(&slice.asked_dimensions).copied().collect();
        if asked.is_empty() && vanished.is_empty() {
            return Ok(Finer::default());
        }
        let wanted: Vec<Entity> = write.breakdown.iter().map(Entity::of).collect::<HashSet<_>>().into_iter().collect();
        let ids = ensure_entities(&mut self.tx, &slice.campaigns, &wanted).await?;
        let entities: HashMap<i32, (i32, Dimension)> = ids.iter().map(|(entity, id)| (*id, (entity.campaign, entity.dimension))).collect();
        let incoming = write.breakdown.iter().map(|fact| finer_row(fact, slice.measures, &ids, names)).collect::<Result<Vec<_>, _>>()?;
        let incoming = sorted(incoming.into_iter().flatten().collect())?;
        let comparison = Comparison { nothing: &NOTHING, kinds: &names.by_id, unspecified: names.unspecified, measures: slice.measures };
        let stored: Vec<CountRow> = read_slice(&mut self.tx, &BREAKDOWN_TABLE, &slice.campaigns, slice.lo, slice.hi).await?;
        let mut finer = Finer::default();
        let mut state = Vec::new();
        for dimension in Dimension::ALL {
            let of = |rows: &[CountRow]| -> Vec<CountRow> {
                rows.iter().filter(|row| entities.get(&row.key.owner).is_some_and(|entity| entity.1 == dimension)).copied().collect()
            };
            let gone = |key: Key| {
                entities.get(&key.owner).is_some_and(|(campaign, _)| {
                    (asked.contains(&dimension) && slice.is_asked(key.date, *campaign)) || vanished.contains(&(key.date, *campaign))
                })
            };
            let merge = merge(&of(&stored), &of(&incoming), gone, &comparison)?;
            write_differences(&mut self.tx, &BREAKDOWN_TABLE, run.id, &merge.upserts, &merge.deletes).await?;
            if came.contains(&dimension) {
                finer.tallies.insert(dimension, merge.tally);
            }
            // What was not asked says nothing about a day that was.
            state.extend(merge.state.into_iter().filter(|row| {
                asked.contains(&dimension)
                    || entities.get(&row.key.owner).is_some_and(|(campaign, _)| !slice.is_asked(row.key.date, *campaign))
            }));
        }
        finer.days = facts::fullest_breakdown(&state, &entities)?;
        Ok(finer)
    }
}

#[derive(Default)]
struct Hours {
    /// Every hour of the slice as it will stand, where hours were asked.
    state: Vec<CountRow>,
    /// First and last day that changed.
    changed: Option<(i32, i32)>,
    tally: Tally,
}

#[derive(Default)]
struct Finer {
    /// Campaign days as the sum of their fullest breakdown.
    days: Vec<Said>,
    tallies: BTreeMap<Dimension, Tally>,
}
