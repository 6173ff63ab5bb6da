//! Figures of a window by `/stats`, in as few calls as it allows.
//!
//! Several ids answer for a whole range only, one id answers day by day. So each kind of campaign (ids of one call must be of one kind) is
//! read by whichever takes fewer calls: a call per day for a hundred campaigns, or a call per campaign for 92 days. A day read by hour brings
//! its own sum along. Hours `/stats` no longer keeps are read from large reports.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::Ordering;

use chrono::{Days, NaiveDate};
use futures_util::{StreamExt, TryStreamExt, stream};
use moa_domain::{Counts, DailyFact, DateRange, Engagement, HourlyFact, Measures, Millionths, MoneyKind};

use super::client::Naver;
use super::limits::{AT_ONCE, STATS_DAYS, STATS_HOURS_DAYS, STATS_IDS};
use super::{contracts, parse, reports, wire};
use crate::connector::{Account, Ask, Call, Figures, Note, RemoteCampaign};
use crate::error::{ConnectorError, Kind};

const FIELDS: &str = r#"["impCnt","clkCnt","salesAmt","ccnt","convAmt","purchaseCcnt","purchaseConvAmt"]"#;

/// A question, and whether it is of campaigns no list names any more.
#[derive(Debug, Clone)]
struct Planned {
    question: Question,
    of_removed: bool,
}

/// What one call asks.
#[derive(Debug, Clone)]
enum Question {
    /// Several campaigns of one kind, one day.
    Day { ids: Vec<String>, date: NaiveDate },
    /// One campaign, day by day.
    Campaign { id: String, days: DateRange },
    /// Several campaigns of one kind, one day by hour.
    Hours { ids: Vec<String>, date: NaiveDate },
}

impl Question {
    fn ids(&self) -> &[String] {
        match self {
            Self::Day { ids, .. } | Self::Hours { ids, .. } => ids,
            Self::Campaign { id, .. } => std::slice::from_ref(id),
        }
    }
}

/// A campaign's day, with its hours where they were asked.
struct Row {
    campaign: String,
    date: NaiveDate,
    counts: Counts,
    hours: Vec<(u8, Counts, bool)>,
}

impl Row {
    fn of(campaign: String, date: NaiveDate) -> Self {
        Self { campaign, date, counts: Counts::default(), hours: Vec::new() }
    }
}

/// Hours of large reports, and those `/stats` tells.
fn by_their_source(hours: Option<DateRange>, today: NaiveDate) -> (Option<DateRange>, Option<DateRange>) {
    let Some(hours) = hours else { return (None, None) };
    let first = today - Days::new(STATS_HOURS_DAYS);
    (DateRange::new(hours.from, hours.to.min(first - Days::new(1))).ok(), DateRange::new(hours.from.max(first), hours.to).ok())
}

pub(super) async fn read(naver: &Naver, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
    let today = ask.now.with_timezone(&account.time_zone).date_naive();
    let (reported, recent) = by_their_source(ask.hours, today);
    let planned = plan(ask.campaigns, ask.days, recent);
    let answers: Vec<Result<Vec<Row>, Vec<String>>> =
        stream::iter(planned).map(|planned| answered_or_gone(naver, &account.id, planned, call)).buffered(AT_ONCE).try_collect().await?;
    let mut rows: BTreeMap<(String, NaiveDate), Row> = BTreeMap::new();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    for answer in answers {
        match answer {
            Ok(of_question) => rows.extend(of_question.into_iter().map(|row| ((row.campaign.clone(), row.date), row))),
            Err(ids) => gone.extend(ids),
        }
    }
    rows.retain(|(campaign, _), _| !gone.contains(campaign));

    let (mut hours_told, mut notes) = (recent, Vec::new());
    if let Some(range) = reported {
        let told = reports::hours(naver, account, range, today, call).await?;
        let asked: BTreeSet<&str> = ask.campaigns.iter().map(|campaign| campaign.id.as_str()).collect();
        for ((campaign, date), hours) in told.hours {
            if asked.contains(campaign.as_str()) && !gone.contains(&campaign) {
                let row = rows.entry((campaign.clone(), date)).or_insert_with(|| Row::of(campaign, date));
                row.hours = hours.into_iter().map(|(hour, (counts, known))| (hour, counts, known)).collect();
            }
        }
        if told.from != Some(range.from) {
            notes.push(Note { code: "hours_not_kept", campaigns: Vec::new() });
        }
        hours_told = told.from.and_then(|from| DateRange::new(from, ask.hours.map_or(range.to, |hours| hours.to)).ok()).or(recent);
    }

    let kind = parse::with_vat(account.kind);
    let brand: Vec<&RemoteCampaign> = ask.campaigns.iter().filter(|campaign| campaign.kind == "BRAND_SEARCH").collect();
    if !brand.is_empty() {
        let costs = contracts::daily_costs(naver, &account.id, &brand, ask.days, today, call).await?;
        if !costs.is_empty() {
            notes.push(Note { code: "brand_cost_from_contract", campaigns: brand.iter().map(|campaign| campaign.id.clone()).collect() });
        }
        for ((campaign, date), cost) in costs {
            let row = rows.entry((campaign.clone(), date)).or_insert_with(|| Row::of(campaign, date));
            // Naver tells no cost of a campaign that is paid in advance; should it begin to, what it tells counts.
            if row.counts.cost.is_zero() {
                row.counts.cost = cost;
            }
        }
    }
    let answered = ask.campaigns.iter().map(|campaign| campaign.id.clone()).filter(|id| !gone.contains(id)).collect();
    Ok(figures(rows, kind, (answered, hours_told), notes))
}

fn figures(
    rows: BTreeMap<(String, NaiveDate), Row>,
    kind: MoneyKind,
    (answered, hours): (Vec<String>, Option<DateRange>),
    notes: Vec<Note>,
) -> Figures {
    let (mut daily, mut hourly) = (Vec::new(), Vec::new());
    for row in rows.into_values() {
        for (hour, counts, conversions_known) in row.hours {
            hourly.push(HourlyFact {
                campaign: row.campaign.clone(),
                channel: parse::channel(),
                kind,
                date: row.date,
                hour,
                counts,
                conversions_known,
            });
        }
        if row.counts != Counts::default() {
            daily.push(DailyFact {
                campaign: row.campaign,
                channel: parse::channel(),
                kind,
                date: row.date,
                counts: row.counts,
                engagement: Engagement::default(),
                reach: None,
            });
        }
    }
    Figures {
        daily,
        hourly,
        // Purchases and all kinds together is what is told; the kinds between them are not.
        conversions: Vec::new(),
        measures: Measures { engagement: false, reach: false, ..Measures::ALL },
        answered,
        hours,
        strangers: Vec::new(),
        attribution: None,
        notes,
    }
}

/// The calls a window takes.
fn plan(campaigns: &[RemoteCampaign], days: DateRange, hours: Option<DateRange>) -> Vec<Planned> {
    let mut of_kind: BTreeMap<(bool, &str), BTreeSet<&str>> = BTreeMap::new();
    for campaign in campaigns {
        of_kind.entry((campaign.removed, &campaign.kind)).or_default().insert(&campaign.id);
    }
    let plain: Vec<DateRange> = match hours {
        None => vec![days],
        Some(hours) => {
            let before = DateRange::new(days.from, hours.from - Days::new(1)).ok();
            let after = DateRange::new(hours.to + Days::new(1), days.to).ok();
            before.into_iter().chain(after).collect()
        }
    };
    let mut planned = Vec::new();
    for ((of_removed, _), ids) in of_kind {
        let mut questions = Vec::new();
        let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        let chunks: Vec<Vec<String>> = ids.chunks(STATS_IDS).map(<[String]>::to_vec).collect();
        for range in &plain {
            let by_day = range.days().saturating_mul(i64::try_from(chunks.len()).unwrap_or(i64::MAX));
            let by_campaign = i64::try_from(ids.len()).unwrap_or(i64::MAX).saturating_mul((range.days() + STATS_DAYS - 1) / STATS_DAYS);
            if by_campaign < by_day {
                for part in parts(*range) {
                    questions.extend(ids.iter().map(|id| Question::Campaign { id: id.clone(), days: part }));
                }
            } else {
                questions.extend(range.iter().flat_map(|date| chunks.iter().map(move |ids| Question::Day { ids: ids.clone(), date })));
            }
        }
        if let Some(hours) = hours {
            questions.extend(hours.iter().flat_map(|date| chunks.iter().map(move |ids| Question::Hours { ids: ids.clone(), date })));
        }
        planned.extend(questions.into_iter().map(|question| Planned { question, of_removed }));
    }
    planned
}

/// Pieces one call may span.
fn parts(range: DateRange) -> Vec<DateRange> {
    let mut parts = Vec::new();
    let mut from = range.from;
    while from <= range.to {
        let to = (from + Days::new(u64::try_from(STATS_DAYS - 1).unwrap_or(0))).min(range.to);
        parts.push(DateRange { from, to });
        from = to + Days::new(1);
    }
    parts
}

/// What was answered, or the removed campaigns nothing can be asked about any more: what is stored of them stays.
async fn answered_or_gone(
    naver: &Naver,
    customer: &str,
    Planned { question, of_removed }: Planned,
    call: &Call,
) -> Result<Result<Vec<Row>, Vec<String>>, ConnectorError> {
    let ids = question.ids().to_vec();
    match answered(naver, customer, question, call).await {
        Err(error) if of_removed && error.kind == Kind::BadRequest => Ok(Err(ids)),
        answer => answer.map(Ok),
    }
}

async fn answered(naver: &Naver, customer: &str, question: Question, call: &Call) -> Result<Vec<Row>, ConnectorError> {
    match question {
        Question::Day { ids, date } => {
            let (list, range) = (ids.join(","), time_range(date, date));
            let query = [("ids", list.as_str()), ("fields", FIELDS), ("timeRange", &range), ("timeIncrement", "allDays")];
            let stats = ask(naver, customer, &query, call, |stats| by_id(stats, date, false)).await?;
            Ok(asked_only(stats, &ids))
        }
        Question::Campaign { id, days } => {
            let range = time_range(days.from, days.to);
            let query = [("id", id.as_str()), ("fields", FIELDS), ("timeRange", &range), ("timeIncrement", "1")];
            ask(naver, customer, &query, call, |stats| by_day(stats, &id, days)).await
        }
        Question::Hours { ids, date } => hours(naver, customer, &ids, date, call).await,
    }
}

/// Hours of a day: of several campaigns at once, or one by one where the platform refuses that.
async fn hours(naver: &Naver, customer: &str, ids: &[String], date: NaiveDate, call: &Call) -> Result<Vec<Row>, ConnectorError> {
    let range = time_range(date, date);
    let rest = [("fields", FIELDS), ("timeRange", range.as_str()), ("timeIncrement", "allDays"), ("breakdown", "hh24")];
    if ids.len() > 1 && !naver.one_id_by_hour.load(Ordering::Relaxed) {
        let list = ids.join(",");
        let query: Vec<(&str, &str)> = std::iter::once(("ids", list.as_str())).chain(rest).collect();
        match ask(naver, customer, &query, call, |stats| by_id(stats, date, true)).await {
            Ok(rows) => return Ok(asked_only(rows, ids)),
            Err(error) if error.kind == Kind::BadRequest && error.status == Some(400) => {
                naver.one_id_by_hour.store(true, Ordering::Relaxed);
            }
            Err(error) => return Err(error),
        }
    }
    let mut rows = Vec::new();
    for id in ids {
        let query: Vec<(&str, &str)> = std::iter::once(("id", id.as_str())).chain(rest).collect();
        let answered = ask(naver, customer, &query, call, |stats| {
            let named = wire::Stats { data: stats.data.into_iter().map(|row| wire::StatsRow { id: Some(id.clone()), ..row }).collect() };
            by_id(named, date, true)
        });
        rows.extend(answered.await?);
    }
    Ok(rows)
}

async fn ask(
    naver: &Naver,
    customer: &str,
    query: &[(&str, &str)],
    call: &Call,
    read: impl Fn(wire::Stats) -> Result<Vec<Row>, ConnectorError>,
) -> Result<Vec<Row>, ConnectorError> {
    let request = Naver::get("/stats", query, customer, "figures");
    naver.http.send(&request, &naver.dialect, call, |answer| read(answer.json(&moa_domain::Platform::NaverAds)?)).await
}

fn time_range(since: NaiveDate, until: NaiveDate) -> String {
    format!("{{\"since\":\"{since}\",\"until\":\"{until}\"}}")
}

/// Nothing that was not asked is taken.
fn asked_only(rows: Vec<Row>, ids: &[String]) -> Vec<Row> {
    let ids: BTreeSet<&String> = ids.iter().collect();
    rows.into_iter().filter(|row| ids.contains(&row.campaign)).collect()
}

/// Rows of campaigns. A campaign that is not there had no activity; one that stands twice counts once.
fn by_id(stats: wire::Stats, date: NaiveDate, with_hours: bool) -> Result<Vec<Row>, ConnectorError> {
    let mut rows: HashMap<String, Row> = HashMap::new();
    for row in stats.data {
        let campaign = row.id.ok_or_else(|| parse::bad_answer("a row without its campaign"))?;
        let counts = parse::counts(&row.figures)?;
        let hours = if with_hours { hours_of(row.breakdowns, &counts)? } else { Vec::new() };
        rows.insert(campaign.clone(), Row { campaign, date, counts, hours });
    }
    Ok(rows.into_values().collect())
}

/// Hours of a row, by their labels. A breakdown that is left out is an answer to another question, not a still day.
fn hours_of(breakdowns: Option<Vec<wire::Breakdown>>, day: &Counts) -> Result<Vec<(u8, Counts, bool)>, ConnectorError> {
    let Some(breakdowns) = breakdowns else {
        return if *day == Counts::default() { Ok(Vec::new()) } else { Err(parse::bad_answer("hours are missing")) };
    };
    let mut hours: BTreeMap<u8, (Counts, bool)> = BTreeMap::new();
    for part in breakdowns {
        let hour = parse::hour(&part.name).ok_or_else(|| parse::bad_answer("an hour without its number"))?;
        let conversions_known = part.figures.purchase_ccnt.is_some();
        hours.insert(hour, (parse::counts(&part.figures)?, conversions_known));
    }
    let moved = |counts: &Counts| Counts { cost: Millionths::ZERO, ..*counts } != Counts::default() || !counts.cost.is_zero();
    Ok(hours.into_iter().filter(|(_, (counts, _))| moved(counts)).map(|(hour, (counts, known))| (hour, counts, known)).collect())
}

/// Rows of one campaign's days.
fn by_day(stats: wire::Stats, id: &str, days: DateRange) -> Result<Vec<Row>, ConnectorError> {
    let mut rows: BTreeMap<NaiveDate, Row> = BTreeMap::new();
    for row in stats.data {
        let date = row.date_start.as_deref().and_then(parse::korean_day).ok_or_else(|| parse::bad_answer("a row without its day"))?;
        if date < days.from || days.to < date {
            continue;
        }
        rows.insert(date, Row { campaign: id.to_owned(), date, counts: parse::counts(&row.figures)?, hours: Vec::new() });
    }
    Ok(rows.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaigns(kind: &str, count: usize) -> Vec<RemoteCampaign> {
        let named = |number| RemoteCampaign {
            id: format!("cmp-{kind}-{number}"),
            name: None,
            status: None,
            objective: None,
            daily_budget: None,
            total_budget: None,
            budget_shared: false,
            start_date: None,
            end_date: None,
            kind: kind.to_owned(),
            removed: false,
        };
        (0..count).map(named).collect()
    }

    fn days(from: &str, to: &str) -> DateRange {
        DateRange::new(from.parse().expect("a day"), to.parse().expect("a day")).expect("forward")
    }

    #[test]
    fn hours_come_from_where_they_are_kept() {
        let today = "2026-11-22".parse().expect("a day");
        let of = |from, to| by_their_source(Some(days(from, to)), today);
        assert_eq!(of("2026-11-01", "2026-11-22"), (Some(days("2026-11-01", "2026-11-15")), Some(days("2026-11-16", "2026-11-22"))));
        assert_eq!(of("2026-11-16", "2026-11-21"), (None, Some(days("2026-11-16", "2026-11-21"))));
        assert_eq!(of("2026-10-01", "2026-10-05"), (Some(days("2026-10-01", "2026-10-05")), None));
        assert_eq!(by_their_source(None, today), (None, None));
    }

    #[test]
    fn a_window_takes_as_few_calls_as_it_can() {
        let week = days("2026-11-15", "2026-11-21");
        assert_eq!(plan(&campaigns("WEB_SITE", 3), week, None).len(), 3, "few campaigns: one call each");
        assert_eq!(plan(&campaigns("WEB_SITE", 250), week, None).len(), 21, "many: a call a day for each hundred");
        let mixed: Vec<_> = campaigns("WEB_SITE", 300).into_iter().chain(campaigns("SHOPPING", 1)).collect();
        assert_eq!(plan(&mixed, week, None).len(), 21 + 1, "kinds are never mixed");
        let by_hour = plan(&campaigns("WEB_SITE", 3), week, Some(days("2026-11-20", "2026-11-21")));
        assert_eq!(by_hour.len(), 3 + 2, "a day by hour brings its sum along");
        assert_eq!(plan(&campaigns("WEB_SITE", 1), days("2025-01-01", "2025-12-31"), None).len(), 4);
        assert!(plan(&[], week, None).is_empty());
    }

    #[test]
    fn a_breakdown_that_is_left_out_is_no_still_day() {
        let read = |json: &str| by_id(serde_json::from_str(json).expect("stats"), "2026-10-01".parse().expect("a day"), true);
        assert!(read(r#"{"data":[{"id":"a","impCnt":9,"clkCnt":1,"salesAmt":5}]}"#).is_err());
        let rows = read(
            r#"{"data":[{"id":"a","impCnt":905,"clkCnt":21,"salesAmt":14630,"ccnt":2,"breakdowns":[
                {"name":"08시~09시","impCnt":410,"clkCnt":9,"salesAmt":6270,"ccnt":0},{"name":"9시~10시","impCnt":495,"clkCnt":12,"salesAmt":8360,"ccnt":2}]}]}"#,
        )
        .expect("rows");
        assert_eq!(rows[0].hours.iter().map(|(hour, ..)| *hour).collect::<Vec<_>>(), [8, 9]);
        assert!(rows[0].hours.iter().all(|(_, _, known)| !known));
    }
}
