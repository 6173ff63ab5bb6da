//! One window of one account: what came becomes rows, and everything is written as one transaction.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use moa_connectors::{Figures, RemoteCampaign};
use moa_domain::{CampaignKey, ChannelCode, DailyFact, DateRange, HourlyFact, Measures, Millionths};
use moa_store::{CampaignSpec, Connection, ConversionRow, SliceWrite, Store, WriteMode, WriteOutcome};

use crate::SyncError;
use crate::plan::Window;

/// The note of campaigns whose conversions the platform kept to itself.
const WITHHELD: &str = "withheld_conversions";

/// What one window is written with.
pub(crate) struct WindowWrite<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) sync_type: &'static str,
    pub(crate) source: &'a str,
    pub(crate) window: Window,
    /// The campaigns the platform lists now, and those it does not list that were found by their figures.
    pub(crate) listed: &'a [RemoteCampaign],
    /// Campaigns known from before that were asked for too.
    pub(crate) known: &'a [RemoteCampaign],
    pub(crate) figures: Figures,
    pub(crate) today: NaiveDate,
    pub(crate) requests: u32,
    /// With the last window of a job: when it began.
    pub(crate) job_began_at: Option<DateTime<Utc>>,
    /// For a long sync: what is left after this window, or nothing.
    pub(crate) left: Option<Option<DateRange>>,
}

pub(crate) async fn write(store: &Store, write: WindowWrite<'_>) -> Result<WriteOutcome, SyncError> {
    let days = write.window.days;
    store.ensure_partitions(days).await?;
    let mut tx = store.begin_write().await?;
    let account = write.connection.id;
    tx.lock_account(account).await?;
    if !tx.is_still(write.connection).await? {
        return Err(SyncError::Changed);
    }
    let run = tx.start_run(account, write.sync_type, write.source).await?;

    let mut figures = write.figures;
    count_chosen_kinds(&mut figures, &tx.kinds_counted(&run).await?);
    let described: Vec<&RemoteCampaign> = write.listed.iter().chain(&figures.strangers).collect();
    let specs: Vec<CampaignSpec> = described.iter().map(|campaign| spec(campaign)).chain(write.known.iter().map(known_spec)).collect();
    let ids = tx.ensure_campaigns(account, &write.connection.platform, &specs).await?;
    let ids: HashMap<String, i32> =
        described.iter().copied().chain(write.known).zip(ids).map(|(campaign, id)| (campaign.id.clone(), id)).collect();
    // What was found by its figures is there too, whatever the lists say.
    let listed: Vec<String> = described.iter().filter(|campaign| !campaign.removed).map(|campaign| campaign.id.clone()).collect();
    tx.mark_removed(account, &listed).await?;

    let hours = write.window.hours.and(figures.hours);
    let answered: BTreeSet<i32> = figures.answered.iter().filter_map(|id| ids.get(id.as_str()).copied()).collect();
    let mut daily: Vec<DailyFact<i32>> = figures.daily.into_iter().filter_map(|fact| placed_day(fact, &ids)).collect();
    let mut hourly: Vec<HourlyFact<i32>> = figures.hourly.into_iter().filter_map(|fact| placed_hour(fact, &ids)).collect();
    let conversions: Vec<ConversionRow> = figures
        .conversions
        .into_iter()
        .filter_map(|fact| {
            Some(ConversionRow {
                campaign: *ids.get(fact.campaign.as_str())?,
                channel: fact.channel,
                kind: fact.kind,
                date: fact.date,
                conversion_kind: fact.conversion_kind,
                conversions: fact.conversions,
                revenue: fact.revenue,
            })
        })
        .collect();
    let withheld: HashSet<i32> = figures
        .notes
        .iter()
        .filter(|note| note.code == WITHHELD)
        .flat_map(|note| &note.campaigns)
        .filter_map(|id| ids.get(id).copied())
        .collect();
    let (kept, told): (Vec<i32>, Vec<i32>) = answered.into_iter().partition(|campaign| withheld.contains(campaign));
    let mut outcome = WriteOutcome::default();
    // Conversions that were withheld are not none: those known from before stay.
    let without = Measures { conversions: false, revenue: false, conversions_all: false, revenue_all: false, ..figures.measures };
    // Rows are replaced by day and hour together, so days with and without hours are written one after the other.
    for (range, by_hour) in parts(days, hours) {
        for (campaigns, is_kept, measures) in [(&told, false, figures.measures), (&kept, true, without)] {
            let here = |campaign: i32, date: NaiveDate| withheld.contains(&campaign) == is_kept && range.from <= date && date <= range.to;
            let daily: Vec<_> = daily.extract_if(.., |fact| here(fact.campaign, fact.date)).collect();
            let hourly: Vec<_> = hourly.extract_if(.., |fact| here(fact.campaign, fact.date)).collect();
            if campaigns.is_empty() && daily.is_empty() && hourly.is_empty() {
                continue;
            }
            let mode = WriteMode::Replace { campaigns: campaigns.clone(), range, hours: by_hour, dimensions: Vec::new() };
            outcome += tx.write(&run, &SliceWrite { daily, hourly, breakdown: Vec::new(), measures, mode, today: write.today }).await?;
        }
    }
    if !told.is_empty() {
        let conversions: Vec<ConversionRow> = conversions.into_iter().filter(|row| !withheld.contains(&row.campaign)).collect();
        tx.write_conversions(&run, &write.connection.platform, (&told, days), &conversions).await?;
    }
    let notes = figures.notes.iter().map(|note| serde_json::json!({ "code": note.code, "campaigns": note.campaigns })).collect::<Vec<_>>();
    tx.finish_run(&run, &outcome).await?;
    tx.tell_run(&run, days, write.requests, (!notes.is_empty()).then_some(serde_json::Value::Array(notes)), write.job_began_at).await?;
    if let Some(attribution) = &figures.attribution {
        tx.note_attribution(account, attribution).await?;
    }
    if let Some(left) = write.left {
        tx.advance_sync_plan(account, left).await?;
    }
    tx.commit().await?;
    Ok(outcome)
}

/// The days of a window in pieces, each read by hour throughout or not at all.
fn parts(days: DateRange, hours: Option<DateRange>) -> Vec<(DateRange, bool)> {
    let Some(hours) = hours.and_then(|hours| DateRange::new(hours.from.max(days.from), hours.to.min(days.to)).ok()) else {
        return vec![(days, false)];
    };
    let before = hours.from.pred_opt().and_then(|to| DateRange::new(days.from, to).ok());
    let after = hours.to.succ_opt().and_then(|from| DateRange::new(from, days.to).ok());
    [before.map(|range| (range, false)), Some((hours, true)), after.map(|range| (range, false))].into_iter().flatten().collect()
}

/// Puts the client's choice in the place of the platform's. A platform that tells no kinds keeps its own.
fn count_chosen_kinds(figures: &mut Figures, chosen: &[String]) {
    if chosen.is_empty() || figures.conversions.is_empty() {
        return;
    }
    let mut sums: HashMap<(&str, &ChannelCode, NaiveDate), (Millionths, Millionths)> = HashMap::new();
    for fact in figures.conversions.iter().filter(|fact| chosen.contains(&fact.conversion_kind)) {
        let sum = sums.entry((&fact.campaign, &fact.channel, fact.date)).or_default();
        *sum = (sum.0 + fact.conversions, sum.1 + fact.revenue);
    }
    for fact in &mut figures.daily {
        let (conversions, revenue) = sums.get(&(fact.campaign.as_str(), &fact.channel, fact.date)).copied().unwrap_or_default();
        (fact.counts.conversions, fact.counts.revenue) = (conversions, revenue);
    }
}

fn spec(campaign: &RemoteCampaign) -> CampaignSpec {
    CampaignSpec {
        key: CampaignKey { id: Some(campaign.id.clone()), name: campaign.name.clone() },
        status: campaign.status,
        objective: campaign.objective,
        daily_budget: campaign.daily_budget,
        total_budget: campaign.total_budget,
        budget_shared: Some(campaign.budget_shared),
        start_date: campaign.start_date,
        end_date: campaign.end_date,
        platform_kind: Some(campaign.kind.clone()),
        removed: Some(campaign.removed),
        // One that was only found by its figures is not described.
        in_full: campaign.name.is_some(),
    }
}

/// A campaign the platform says nothing new about.
fn known_spec(campaign: &RemoteCampaign) -> CampaignSpec {
    CampaignSpec { key: CampaignKey { id: Some(campaign.id.clone()), name: None }, ..CampaignSpec::default() }
}

fn placed_day(fact: DailyFact<String>, ids: &HashMap<String, i32>) -> Option<DailyFact<i32>> {
    Some(DailyFact {
        campaign: *ids.get(fact.campaign.as_str())?,
        channel: fact.channel,
        kind: fact.kind,
        date: fact.date,
        counts: fact.counts,
        engagement: fact.engagement,
        reach: fact.reach,
    })
}

fn placed_hour(fact: HourlyFact<String>, ids: &HashMap<String, i32>) -> Option<HourlyFact<i32>> {
    Some(HourlyFact {
        campaign: *ids.get(fact.campaign.as_str())?,
        channel: fact.channel,
        kind: fact.kind,
        date: fact.date,
        hour: fact.hour,
        counts: fact.counts,
        conversions_known: fact.conversions_known,
    })
}
