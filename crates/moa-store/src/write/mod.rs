//! The write path: one transaction for a file or an account's window.
//!
//! Read the stored slice, compare it with what came, send only what differs, keep what was restated, refresh the roll-ups. The same input
//! twice writes nothing. Months must be there before: [`crate::Store::ensure_partitions`].

mod entities;
mod exchange;
mod merge;
pub(crate) mod rows;
mod settle;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use moa_domain::{BreakdownFact, ChannelCode, Counts, DailyFact, DateRange, Dimension, HourlyFact, MoneyKind, Platform};
use sqlx::{Postgres, Transaction};

use self::entities::{Entity, ensure_entities};
use self::exchange::{Restated, keep_revisions, read_slice, write_differences};
use self::merge::{Currencies, Merge, merge};
use self::rows::{
    BREAKDOWN_TABLE, COUNTS, CountRow, DAILY_TABLE, DailyRow, FROM_FINER, FROM_HOURS, HOURLY_TABLE, Key, Row, STATED, day_number,
};
use self::settle::Day;
use crate::Store;
use crate::accounts::{Account, NewAccount, ensure_account};
use crate::campaigns::{CampaignSpec, ensure_campaigns};
use crate::copy::NULL;
use crate::error::StoreError;
use crate::kinds::{ensure_channels, ensure_money_kind, load_money_kinds, unspecified_channel};

pub(crate) use entities::dimension_id;

/// One writing transaction. Dropping it leaves nothing behind; so does `rollback`, which is how a preview is made.
pub struct WriteTx {
    tx: Transaction<'static, Postgres>,
}

/// A run: the story of one write.
#[derive(Debug, Clone)]
pub struct RunId {
    id: i32,
    client_id: i32,
    platform: Platform,
    started_at: DateTime<Utc>,
}

/// What an absent row means.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteMode {
    /// Files never delete: an absent row says nothing.
    File,
    /// These campaigns were asked for this range and answered in full: an absent row is zero.
    Replace { campaigns: Vec<i32>, range: DateRange },
}

/// Rows to write; campaigns by their ids. No key may stand twice.
#[derive(Debug, Clone)]
pub struct SliceWrite {
    pub daily: Vec<DailyFact<i32>>,
    pub hourly: Vec<HourlyFact<i32>>,
    pub breakdown: Vec<BreakdownFact<i32>>,
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
            all.new += tally.new;
            all.unchanged += tally.unchanged;
            all.restated += tally.restated;
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

/// The slice the write is about.
struct Slice {
    campaigns: Vec<i32>,
    lo: NaiveDate,
    hi: NaiveDate,
    replace: bool,
}

/// Ids of everything rows name.
struct Names {
    channels: HashMap<ChannelCode, i32>,
    kinds: HashMap<MoneyKind, i32>,
    currencies: Currencies,
}

impl WriteTx {
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
        Ok(RunId { id, client_id, platform, started_at })
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
    /// [`StoreError::DuplicateKey`] for a key that stands twice, or the database's.
    pub async fn write(&mut self, run: &RunId, write: &SliceWrite) -> Result<WriteOutcome, StoreError> {
        let Some(slice) = Slice::of(write) else { return Ok(WriteOutcome::default()) };
        let names = self.names(run, write).await?;
        let hours = self.write_hours(run, write, &slice, &names).await?;
        let finer = self.write_finer(run, write, &slice, &names).await?;
        let days = self.write_days(run, write, &slice, &names, &hours.state, &finer.days).await?;

        let changed: Vec<Key> = hours.changed.iter().chain(&days.changed).copied().collect();
        if let (Some(lo), Some(hi)) = (changed.iter().map(|key| key.date).min(), changed.iter().map(|key| key.date).max()) {
            let campaigns: BTreeSet<i32> = days.changed.iter().map(|key| key.owner).collect();
            let day = |date| Key { date, owner: 0, hour: 0, channel: 0, kind: 0 }.day();
            sqlx::query("select refresh_rollups($1, $2, $3, $4, $5)")
                .bind(vec![run.client_id])
                .bind(campaigns.into_iter().collect::<Vec<_>>())
                .bind(day(lo))
                .bind(day(hi))
                .bind(!hours.changed.is_empty())
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(WriteOutcome { daily: days.tally, hourly: hours.tally, breakdown: finer.tallies })
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
        let currencies = load_money_kinds(&mut self.tx).await?.into_iter().map(|(id, kind)| (id, kind.currency)).collect();
        Ok(Names { channels, kinds, currencies })
    }

    async fn write_hours(&mut self, run: &RunId, write: &SliceWrite, slice: &Slice, names: &Names) -> Result<Hours, StoreError> {
        if write.hourly.is_empty() && !slice.replace {
            return Ok(Hours::default());
        }
        let incoming = sorted(write.hourly.iter().map(|fact| hour_row(fact, names)).collect())?;
        let stored: Vec<CountRow> = read_slice(&mut self.tx, &HOURLY_TABLE, &slice.campaigns, slice.lo, slice.hi).await?;
        let merge = merge(&stored, &incoming, slice.replace, &names.currencies);
        write_differences(&mut self.tx, &HOURLY_TABLE, run.id, &merge.upserts, &merge.deletes).await?;
        Ok(Hours { changed: changed(&merge), tally: merge.tally, state: merge.state })
    }

    async fn write_finer(&mut self, run: &RunId, write: &SliceWrite, slice: &Slice, names: &Names) -> Result<Finer, StoreError> {
        if write.breakdown.is_empty() && !slice.replace {
            return Ok(Finer::default());
        }
        let wanted: Vec<Entity> = write.breakdown.iter().map(Entity::of).collect::<HashSet<_>>().into_iter().collect();
        let ids = ensure_entities(&mut self.tx, &slice.campaigns, &wanted).await?;
        let entities: HashMap<i32, (i32, Dimension)> = ids.iter().map(|(entity, id)| (*id, (entity.campaign, entity.dimension))).collect();
        let mut incoming = Vec::with_capacity(write.breakdown.len());
        for fact in &write.breakdown {
            let owner = ids.get(&Entity::of(fact)).copied().ok_or(StoreError::DuplicateKey)?;
            let key =
                Key { date: day_number(fact.date), owner, hour: 0, channel: names.channels[&fact.channel], kind: names.kinds[&fact.kind] };
            incoming.push(Row { key, values: counts(&fact.counts) });
        }
        let incoming = sorted(incoming)?;
        let stored: Vec<CountRow> = read_slice(&mut self.tx, &BREAKDOWN_TABLE, &slice.campaigns, slice.lo, slice.hi).await?;
        let came: BTreeSet<Dimension> = incoming.iter().filter_map(|row| Some(entities.get(&row.key.owner)?.1)).collect();
        let mut finer = Finer::default();
        let mut state = Vec::new();
        for dimension in Dimension::ALL {
            let of = |rows: &[CountRow]| -> Vec<CountRow> {
                rows.iter().filter(|row| entities.get(&row.key.owner).is_some_and(|entity| entity.1 == dimension)).copied().collect()
            };
            let merge = merge(&of(&stored), &of(&incoming), slice.replace && came.contains(&dimension), &names.currencies);
            write_differences(&mut self.tx, &BREAKDOWN_TABLE, run.id, &merge.upserts, &merge.deletes).await?;
            if came.contains(&dimension) {
                finer.tallies.insert(dimension, merge.tally);
            }
            state.extend(merge.state);
        }
        finer.days = fullest_breakdown(&state, &entities);
        Ok(finer)
    }

    async fn write_days(
        &mut self,
        run: &RunId,
        write: &SliceWrite,
        slice: &Slice,
        names: &Names,
        hours: &[CountRow],
        finer: &[DailyRow],
    ) -> Result<Days, StoreError> {
        let stated = sorted(write.daily.iter().map(|fact| day_row(fact, names)).collect())?;
        let from_hours = days_of_hours(hours);
        let stored: Vec<DailyRow> = read_slice(&mut self.tx, &DAILY_TABLE, &slice.campaigns, slice.lo, slice.hi).await?;
        let unspecified = unspecified_channel(&mut self.tx, &run.platform).await?;
        let mut days = Days::default();
        let mut sides = [Side::new(&stored), Side::new(&stated), Side::new(&from_hours), Side::new(finer)];
        while let Some(next) = sides.iter().filter_map(Side::next_day).min() {
            let [stored, stated, from_hours, from_finer] = sides.each_mut().map(|side| side.take(next));
            let day = Day { stored, stated, from_hours, from_finer, replace: slice.replace };
            days.compare(stored, stated, &day.settle(unspecified, &names.currencies));
        }
        keep_revisions(&mut self.tx, run.id, run.started_at, write.today, &days.restated).await?;
        write_differences(&mut self.tx, &DAILY_TABLE, run.id, &days.upserts, &days.deletes).await?;
        Ok(days)
    }
}

#[derive(Default)]
struct Hours {
    state: Vec<CountRow>,
    changed: Vec<Key>,
    tally: Tally,
}

#[derive(Default)]
struct Finer {
    /// Campaign days as the sum of their fullest breakdown.
    days: Vec<DailyRow>,
    tallies: BTreeMap<Dimension, Tally>,
}

#[derive(Default)]
struct Days {
    upserts: Vec<DailyRow>,
    deletes: Vec<Key>,
    restated: Vec<Restated>,
    changed: Vec<Key>,
    tally: Tally,
}

impl Days {
    /// Notes what differs between the stored rows of a campaign's day and the ones that will stand.
    fn compare(&mut self, stored: &[DailyRow], stated: &[DailyRow], settled: &[DailyRow]) {
        let came = |key: Key| stated.iter().any(|row| row.key == key);
        for row in settled {
            match stored.iter().find(|old| old.key == row.key) {
                None => {
                    self.tally.new += 1;
                    self.upserts.push(*row);
                    self.changed.push(row.key);
                }
                Some(old) if old.values == row.values => self.tally.unchanged += usize::from(came(row.key)),
                Some(old) => {
                    self.upserts.push(*row);
                    // A derived row that is now stated with the same counts is no restatement.
                    if old.values[..COUNTS] == row.values[..COUNTS] {
                        self.tally.unchanged += usize::from(came(row.key));
                    } else {
                        self.tally.restated += 1;
                        self.restated.push(Restated { old: *old, new: Some(*row), reason: 0 });
                    }
                    self.changed.push(row.key);
                }
            }
        }
        for old in stored.iter().filter(|old| settled.iter().all(|row| row.key != old.key)) {
            self.tally.restated += 1;
            self.deletes.push(old.key);
            self.changed.push(old.key);
            let rebased = settled.iter().any(|row| row.key.channel == old.key.channel);
            self.restated.push(Restated { old: *old, new: None, reason: if rebased { 2 } else { 0 } });
        }
        // What came and left no row of its own (nothing remained on the unspecified channel) is as it was.
        self.tally.unchanged += stated.iter().filter(|row| settled.iter().all(|kept| kept.key != row.key)).count();
    }
}

/// Sorted daily rows, taken a campaign and day at a time.
struct Side<'a> {
    rows: &'a [DailyRow],
    at: usize,
}

impl<'a> Side<'a> {
    fn new(rows: &'a [DailyRow]) -> Self {
        Self { rows, at: 0 }
    }

    fn next_day(&self) -> Option<(i32, i32)> {
        self.rows.get(self.at).map(|row| (row.key.date, row.key.owner))
    }

    fn take(&mut self, day: (i32, i32)) -> &'a [DailyRow] {
        let start = self.at;
        while self.next_day() == Some(day) {
            self.at += 1;
        }
        &self.rows[start..self.at]
    }
}

impl Slice {
    fn of(write: &SliceWrite) -> Option<Self> {
        if let WriteMode::Replace { campaigns, range } = &write.mode {
            return Some(Self { campaigns: campaigns.clone(), lo: range.from, hi: range.to, replace: true });
        }
        let daily = write.daily.iter().map(|fact| (fact.campaign, fact.date));
        let hourly = write.hourly.iter().map(|fact| (fact.campaign, fact.date));
        let finer = write.breakdown.iter().map(|fact| (fact.campaign, fact.date));
        let (mut campaigns, mut lo, mut hi) = (BTreeSet::new(), NaiveDate::MAX, NaiveDate::MIN);
        for (campaign, date) in daily.chain(hourly).chain(finer) {
            campaigns.insert(campaign);
            lo = lo.min(date);
            hi = hi.max(date);
        }
        (!campaigns.is_empty()).then(|| Self { campaigns: campaigns.into_iter().collect(), lo, hi, replace: false })
    }
}

fn sorted<const N: usize>(mut rows: Vec<Row<N>>) -> Result<Vec<Row<N>>, StoreError> {
    rows.sort_unstable_by_key(|row| row.key);
    if rows.windows(2).any(|pair| pair[0].key == pair[1].key) {
        return Err(StoreError::DuplicateKey);
    }
    Ok(rows)
}

fn changed<const N: usize>(merge: &Merge<N>) -> Vec<Key> {
    merge.upserts.iter().map(|row| row.key).chain(merge.deletes.iter().copied()).collect()
}

fn counts(counts: &Counts) -> [i64; COUNTS] {
    [
        counts.impressions,
        counts.clicks,
        counts.cost.0,
        counts.conversions.0,
        counts.revenue.0,
        counts.conversions_all.0,
        counts.revenue_all.0,
    ]
}

fn hour_row(fact: &HourlyFact<i32>, names: &Names) -> CountRow {
    let key = Key {
        date: day_number(fact.date),
        owner: fact.campaign,
        hour: i32::from(fact.hour),
        channel: names.channels[&fact.channel],
        kind: names.kinds[&fact.kind],
    };
    let mut values = counts(&fact.counts);
    if !fact.conversions_known {
        values[3..].fill(NULL);
    }
    Row { key, values }
}

fn day_row(fact: &DailyFact<i32>, names: &Names) -> DailyRow {
    let key = Key {
        date: day_number(fact.date),
        owner: fact.campaign,
        hour: 0,
        channel: names.channels[&fact.channel],
        kind: names.kinds[&fact.kind],
    };
    let mut row = DailyRow::derived(key, counts(&fact.counts), STATED);
    row.values[7] = fact.engagement.likes;
    row.values[8] = fact.engagement.shares;
    row.values[9] = fact.engagement.comments;
    row.values[10] = fact.engagement.saves;
    row.values[11] = fact.reach.unwrap_or(NULL);
    row
}

/// Campaign days as the sum of their hours.
fn days_of_hours(hours: &[CountRow]) -> Vec<DailyRow> {
    let mut days: BTreeMap<Key, [i64; COUNTS]> = BTreeMap::new();
    for row in hours {
        add(days.entry(Key { hour: 0, ..row.key }).or_default(), &row.values);
    }
    days.into_iter().map(|(key, counts)| DailyRow::derived(key, counts, FROM_HOURS)).collect()
}

/// Campaign days as the sum of one breakdown: of several dimensions the one that covers most (impressions, then cost).
fn fullest_breakdown(state: &[CountRow], entities: &HashMap<i32, (i32, Dimension)>) -> Vec<DailyRow> {
    type Rows = BTreeMap<Key, [i64; COUNTS]>;
    let mut days: BTreeMap<(i32, i32), BTreeMap<Dimension, Rows>> = BTreeMap::new();
    for row in state {
        let Some((campaign, dimension)) = entities.get(&row.key.owner) else { continue };
        let key = Key { owner: *campaign, ..row.key };
        let day = days.entry((key.date, key.owner)).or_default();
        add(day.entry(*dimension).or_default().entry(key).or_default(), &row.values);
    }
    let coverage =
        |rows: &BTreeMap<Key, [i64; COUNTS]>| (rows.values().map(|v| v[0]).sum::<i64>(), rows.values().map(|v| v[2]).sum::<i64>());
    let fullest = days.into_values().filter_map(|dimensions| dimensions.into_values().max_by_key(coverage));
    fullest.flatten().map(|(key, counts)| DailyRow::derived(key, counts, FROM_FINER)).collect()
}

fn add(sum: &mut [i64; COUNTS], values: &[i64; COUNTS]) {
    for (total, value) in sum.iter_mut().zip(values) {
        *total += if *value == NULL { 0 } else { *value };
    }
}
