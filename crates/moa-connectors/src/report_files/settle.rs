//! What is settled after the last row: totals, checksum, platform, notes, campaigns.

use std::collections::BTreeMap;

use moa_domain::Platform;

use super::container::Bytes;
use super::drop::{Candidate, SUMMED};
use super::error::FileError;
use super::field::Field;
use super::figures::{Noticed, RowReader};
use super::mapping::Figure;
use super::plan::{Plan, candidates};
use super::preamble::Preamble;
use super::report::{AccountHint, CampaignAttributes, DropReason, Grain, Measures, Note, ReportFile};
use super::row::{Cells, Row};
use super::signature::{self, Score};
use super::sink::{Sink, sums_of_day};
use super::table::Opened;

/// The report of the rows read.
///
/// # Errors
/// What only the end of a file shows: no rows, no platform, a row that is no total after all.
pub(crate) fn finish<R: Bytes>(
    opened: Opened<R>,
    mut reader: RowReader<'_>,
    scores: &[Score],
    preamble: Preamble,
    mut notes: Vec<Note>,
) -> Result<ReportFile, FileError> {
    settle_totals(&mut reader, &mut notes)?;
    let RowReader { plan, mut sink, noticed, .. } = reader;
    if sink.rows.is_empty() {
        return Err(FileError::NoRows { header_line: plan.header_line, dropped: sink.dropped.len() });
    }
    let former_names = sink.name_once();
    sink.dropped.sort_by_key(|d| d.line);
    let platform = platform_of(&plan, &noticed, scores)?;
    let looks_like = signature::decide(scores).filter(|l| l.platform().is_some_and(|p| p != platform));
    notes.extend(looks_like.filter(|_| plan.options.platform.is_some()).map(|layout| Note::LooksLike { layout }));
    add_notes(&plan, &noticed, &mut notes);
    let account = account_of(&noticed, preamble.account, &mut notes);
    let measures = measures_of(&plan);
    Ok(ReportFile {
        platform: Some(platform),
        platform_scores: scores.iter().map(|s| (s.layout, s.total)).collect(),
        account,
        sheet: opened.sheet,
        sheets: opened.sheets,
        encoding: opened.encoding,
        layout: plan.layout,
        columns: plan.columns.uses(plan.options),
        rows_read: sink.rows.len(),
        grain: if noticed.any_hour { Grain::Hourly } else { Grain::Daily },
        dimensions: sink.dimensions.iter().copied().collect(),
        measures,
        notes,
        range: sink.range,
        period: plan.period,
        campaigns: campaigns_of(&mut sink),
        former_names,
        rows: sink.rows,
        dropped: sink.dropped,
    })
}

/// Decides the rows that may be totals now that all others are known, and checks the file against its own total.
fn settle_totals(reader: &mut RowReader<'_>, notes: &mut Vec<Note>) -> Result<(), FileError> {
    let candidates = std::mem::take(&mut reader.candidates);
    let mut day_sums = BTreeMap::new();
    let mut kept = Vec::new();
    let mut overall = Vec::new();
    let sums = reader.sink.sums;
    let one_day = reader.sink.range.is_some_and(|r| r.from == r.to);
    let summaries: Vec<u64> = reader.sink.dropped.iter().filter(|d| d.reason == DropReason::Summary).map(|d| d.line).collect();
    for candidate in candidates {
        let rows = &reader.sink.rows;
        let same_day = candidate.date.map(|day| *day_sums.entry(day).or_insert_with(|| sums_of_day(rows, day)));
        if summaries.contains(&candidate.line) {
            overall.push(candidate);
        } else if candidate.is_total(&sums, same_day.as_ref()) {
            reader.sink.drop_row(candidate.line, DropReason::Total);
            if candidate.is_overall(one_day) {
                overall.push(candidate);
            }
        } else {
            kept.push(candidate);
        }
    }
    if !kept.is_empty() {
        for candidate in &kept {
            reader.take(&Row { line: candidate.line, cells: Cells::Texts(&candidate.cells), unterminated: false })?;
        }
        reader.sink.rows.sort_by_key(|r| r.line);
    }
    let sums = reader.sink.sums;
    let fields: Vec<(usize, Field)> = summed_fields(&reader.plan).collect();
    let differences = |candidate: &Candidate| -> Vec<Note> {
        fields
            .iter()
            .filter_map(|(index, field)| {
                let stated = candidate.stated[*index]?;
                let summed = i64::try_from(sums[*index]).ok().map(moa_domain::Millionths)?;
                Some(Note::Checksum { line: candidate.line, field: *field, stated, summed })
            })
            .collect()
    };
    // Google gives several totals: one that agrees is enough.
    let checks: Vec<Vec<Note>> = overall.iter().map(differences).filter(|d| !d.is_empty()).collect();
    let agrees = |check: &[Note]| check.iter().all(|n| n.code() == "checksum_equal");
    if let Some(check) = checks.iter().find(|c| agrees(c)) {
        notes.extend(check.iter().find(|n| matches!(n, Note::Checksum { field: Field::Cost, .. })).or(check.first()).cloned());
    } else if let Some(check) = checks.into_iter().next() {
        notes.extend(check.into_iter().filter(|n| n.code() != "checksum_equal"));
    }
    Ok(())
}

/// The platform: said, signed, or given away by the channels or media of the rows.
fn platform_of(plan: &Plan<'_>, noticed: &Noticed, scores: &[Score]) -> Result<Platform, FileError> {
    if let Some(platform) = plan.options.platform.clone().or_else(|| plan.layout.platform()) {
        return Ok(platform);
    }
    let mut told = noticed.platforms.iter();
    match (told.next(), told.next()) {
        (Some(platform), None) if !noticed.unknown_media => Ok(platform.clone()),
        (None, _) => Err(FileError::NeedsPlatform { candidates: candidates(scores), columns: plan.columns.names() }),
        _ => Err(FileError::NeedsPlatform { candidates: noticed.platforms.iter().cloned().collect(), columns: plan.columns.names() }),
    }
}

fn add_notes(plan: &Plan<'_>, noticed: &Noticed, notes: &mut Vec<Note>) {
    let mut counted = |count: usize, note: Note| {
        if count > 0 {
            notes.push(note);
        }
    };
    counted(noticed.capped, Note::CappedShares { cells: noticed.capped });
    counted(noticed.ids_lost, Note::IdsLost { cells: noticed.ids_lost });
    counted(noticed.from_opens, Note::ImpressionsFromOpens { rows: noticed.from_opens });
    counted(noticed.shared_used, Note::SharedItemsUsed { rows: noticed.shared_used });
    counted(noticed.results_left, Note::ResultsNotConversions { rows: noticed.results_left });
    let is_shared_column = |f: Option<Figure>, field| f.is_some() && f == plan.columns.figure(field);
    if is_shared_column(plan.conversions, Field::SharedConversions) {
        notes.push(Note::SharedItemsUsed { rows: 0 });
    }
    if plan.clicks.is_none() && plan.interactions.is_some() {
        notes.push(Note::InteractionsNotClicks);
    }
    if plan.conversion_kind.is_some() {
        notes.push(Note::ConversionsOnly);
    }
    let all_kinds =
        plan.conversions.is_some() && plan.conversions == plan.columns.figure(Field::ConversionsAll) && plan.conversion_kind.is_none();
    if all_kinds && matches!(plan.layout.platform(), Some(Platform::NaverAds | Platform::Kakao)) {
        notes.push(Note::OnlyAllConversions);
    }
    let summed: Vec<String> = plan.columns.breakdowns.iter().map(|c| plan.columns.name(*c)).collect();
    if !summed.is_empty() {
        notes.push(Note::SummedOver { columns: summed });
    }
}

fn account_of(noticed: &Noticed, title: Option<AccountHint>, notes: &mut Vec<Note>) -> Option<AccountHint> {
    let several = if noticed.account_ids.len() > 1 { &noticed.account_ids } else { &noticed.accounts };
    if several.len() > 1 {
        notes.push(Note::SeveralAccounts { accounts: several.iter().cloned().collect() });
        return None;
    }
    let hint = AccountHint { id: noticed.account_ids.first().cloned(), name: noticed.accounts.first().cloned() };
    if hint == AccountHint::default() { title } else { Some(hint) }
}

fn measures_of(plan: &Plan<'_>) -> Measures {
    let has = |fields: &[Field]| fields.iter().any(|f| plan.columns.has(*f));
    let shared = plan.shared.unwrap_or((None, None));
    Measures {
        impressions: plan.impressions.is_some() || plan.opens.is_some(),
        clicks: plan.clicks.is_some(),
        cost: plan.cost.is_some(),
        conversions: plan.conversions.is_some() || shared.0.is_some(),
        revenue: plan.revenue.is_some() || shared.1.is_some(),
        conversions_all: plan.conversions_all.is_some(),
        revenue_all: plan.revenue_all.is_some(),
        engagement: has(&[Field::Likes, Field::Shares, Field::Comments, Field::Saves]),
        reach: has(&[Field::Reach]),
    }
}

fn campaigns_of(sink: &mut Sink) -> Vec<CampaignAttributes> {
    std::mem::take(&mut sink.attributes)
        .into_iter()
        .map(|(key, known)| {
            let mut said = CampaignAttributes { key, ..known.said };
            let sum = known.ad_sets.values().try_fold(moa_domain::Millionths::ZERO, |a, b| a.checked_add(*b)).ok();
            if let Some(sum) = sum.filter(|_| !known.ad_sets.is_empty()) {
                let budget = if known.ad_sets_daily { &mut said.daily_budget } else { &mut said.total_budget };
                *budget = budget.or(Some(sum));
            }
            said
        })
        .collect()
}

/// The fields of [`SUMMED`] in this plan.
fn summed_fields(plan: &Plan<'_>) -> impl Iterator<Item = (usize, Field)> {
    let present = [
        plan.impressions.is_some(),
        plan.clicks.is_some(),
        plan.cost.is_some(),
        plan.conversions.is_some() && plan.result_kind.is_none() && plan.shared.is_none() && plan.conversion_kind.is_none(),
        plan.revenue.is_some() && plan.shared.is_none() && plan.conversion_kind.is_none(),
    ];
    SUMMED.into_iter().enumerate().filter(move |(i, _)| present[*i])
}
