//! Asking for figures: a window in as many pieces as it takes, and a single day that is still too large as a report made by Meta.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::Days;
use moa_domain::{DateRange, Platform};
use serde_json::json;

use super::client::{List, Meta, address, get};
use super::limits::{FIRST_POLL, LONGEST_REPORT, ROWS, SLOWEST_POLL, app_lane, lane};
use super::{actions, parse, wire};
use crate::connector::{Account, Call};
use crate::error::{ConnectorError, Kind};
use crate::http::{Body, Request};

/// A row all of whose numbers can be read.
fn whole(row: &wire::Insight) -> Result<(), ConnectorError> {
    for count in [row.impressions, row.clicks, row.inline_link_clicks] {
        parse::count(count)?;
    }
    parse::amount(row.spend)?;
    let (told, values) = (row.actions.as_deref().unwrap_or_default(), row.action_values.as_deref().unwrap_or_default());
    actions::conversions(told, values)?;
    actions::engagement(told)?;
    Ok(())
}

/// Rows of a range, in as many pieces as it takes: a month, weeks, days.
pub(super) async fn insights(
    meta: &Meta,
    account: &Account,
    question: &[(&str, &str)],
    range: DateRange,
    call: &Call,
) -> Result<Vec<wire::Insight>, ConnectorError> {
    let path = format!("/act_{}/insights", account.id);
    let limit = AtomicU32::new(ROWS);
    let mut rows = Vec::new();
    let mut open = vec![range];
    while let Some(piece) = open.pop() {
        let days = time_range(piece);
        let mut query = question.to_vec();
        query.extend([("time_range", days.as_str()), ("time_increment", "1")]);
        let list = List { path: &path, query: &query, account: Some(&account.id), limit: &limit, operation: "figures" };
        match meta.all_checked(&list, whole, call).await {
            Ok(found) => {
                rows.extend::<Vec<wire::Insight>>(found);
                // What went well may be a little more the next time.
                limit.store((limit.load(Ordering::Relaxed) * 2).min(ROWS), Ordering::Relaxed);
            }
            Err(error) if error.kind == Kind::TooMuchData && piece.days() > 1 => open.extend(pieces(piece)),
            Err(error) if error.kind == Kind::TooMuchData => rows.extend(report(meta, account, &query, call).await?),
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}

/// Weeks of what is longer than one, else days; the newest first.
fn pieces(range: DateRange) -> Vec<DateRange> {
    let length = if range.days() > 7 { 7 } else { 1 };
    let mut pieces = Vec::new();
    let mut from = range.from;
    while from <= range.to {
        let to = (from + Days::new(length - 1)).min(range.to);
        pieces.push(DateRange { from, to });
        from = to + Days::new(1);
    }
    pieces
}

/// A report that Meta makes by itself: ordered, asked for until it is whole, then read. A run that failed is ordered once more.
async fn report(meta: &Meta, account: &Account, query: &[(&str, &str)], call: &Call) -> Result<Vec<wire::Insight>, ConnectorError> {
    match ordered(meta, account, query, call).await? {
        Ok(rows) => Ok(rows),
        Err(_failed) => ordered(meta, account, query, call).await?,
    }
}

/// The rows of one run, or what Meta says of its failure.
async fn ordered(
    meta: &Meta,
    account: &Account,
    query: &[(&str, &str)],
    call: &Call,
) -> Result<Result<Vec<wire::Insight>, ConnectorError>, ConnectorError> {
    let url = address(&format!("/act_{}/insights", account.id), query);
    let request = Request::post(url, Body::Json(json!({})), lane(&account.id), "figures").within(app_lane()).about(&account.id);
    let run: wire::Run = meta.http.send(&request, &meta.dialect, call, |answer| answer.json(&Platform::MetaAds)).await?;
    let run = run.report_run_id.0;
    let (mut wait, mut waited) = (FIRST_POLL, Duration::ZERO);
    while waited < LONGEST_REPORT {
        meta.http.pause(&Platform::MetaAds, wait, call).await?;
        waited += wait;
        wait = (wait * 3 / 2).min(SLOWEST_POLL);
        let request = get(&format!("/{run}"), &[], Some(&account.id), "figures");
        let state: wire::RunState = meta.http.send(&request, &meta.dialect, call, |answer| answer.json(&Platform::MetaAds)).await?;
        // Read too early it would be incomplete.
        if state.async_status == "Job Completed" && state.async_percent_completion.count() == Some(100) {
            let path = format!("/{run}/insights");
            let list = List { path: &path, query: &[], account: Some(&account.id), limit: &AtomicU32::new(ROWS), operation: "figures" };
            return meta.all_checked(&list, whole, call).await.map(Ok);
        }
        if matches!(state.async_status.as_str(), "Job Failed" | "Job Skipped") {
            return Ok(Err(told(&state, account)));
        }
    }
    let late = ConnectorError::passing(&Platform::MetaAds, Kind::TooMuchData, None).for_account(&account.id);
    Err(late.with_detail("a report was not made in time"))
}

/// What Meta says of a run that failed.
fn told(state: &wire::RunState, account: &Account) -> ConnectorError {
    let said = state.error_user_msg.as_deref().or(state.error_message.as_deref()).unwrap_or(&state.async_status);
    let error = ConnectorError::passing(&Platform::MetaAds, Kind::TooMuchData, None).for_account(&account.id).with_detail(said);
    match (state.error_code.count(), state.error_subcode.count()) {
        (Some(code), Some(subcode)) => error.with_vendor_code(format!("{code}/{subcode}")),
        (Some(code), None) => error.with_vendor_code(code.to_string()),
        _ => error,
    }
}

fn time_range(range: DateRange) -> String {
    json!({ "since": range.from.to_string(), "until": range.to.to_string() }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_falls_into_weeks_and_a_week_into_days() {
        let range = |from: &str, to: &str| DateRange { from: from.parse().expect("a day"), to: to.parse().expect("a day") };
        let weeks = pieces(range("2026-11-01", "2026-11-30"));
        assert_eq!(weeks.iter().map(DateRange::days).collect::<Vec<_>>(), [7, 7, 7, 7, 2]);
        assert_eq!(pieces(weeks[4]), [range("2026-11-29", "2026-11-29"), range("2026-11-30", "2026-11-30")]);
    }
}
