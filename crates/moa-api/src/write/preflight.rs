//! Pre-flight: what a person should know before a report goes out.

use chrono::NaiveDate;
use moa_domain::calendar::DateRange;
use moa_domain::{Basis, Platform};
use moa_store::{GroupBy, Scope, Store};

use crate::error::{ApiError, ErrorDto};
use crate::read::figures::Ask;

/// Days named in a sentence; more are counted.
const NAMED_DAYS: usize = 5;

/// Why the figures of a period should be looked at: `held.no_figures`, `held.missing_days`, `held.stale`. Days before a platform's first
/// figures are not missing.
pub(crate) async fn preflight(store: &Store, client: i32, range: DateRange) -> Result<Vec<ErrorDto>, ApiError> {
    let scope = Scope::Client(client);
    let mut reasons = Vec::new();
    for as_of in store.as_of(scope).await? {
        let platform: Platform = as_of.platform.parse().unwrap_or_else(|_| Platform::Other(as_of.platform.clone()));
        let Some(last) = as_of.last_day else { continue };
        let ask = Ask { scope, range, compared: None, basis: Basis::Net, platforms: vec![platform], campaign: None };
        let days: Vec<NaiveDate> = ask.groups(store, GroupBy::Day).await?.into_iter().filter_map(|group| group.key.date).collect();
        let Some(first) = days.first() else { continue };
        if last < range.to {
            reasons.push(reason("held.stale", &[("platform", as_of.platform.clone()), ("last_day", last.to_string())]));
        }
        let missing: Vec<NaiveDate> = DateRange { from: *first, to: range.to.min(last) }.iter().filter(|day| !days.contains(day)).collect();
        if !missing.is_empty() {
            let named = missing.iter().take(NAMED_DAYS).map(NaiveDate::to_string).collect::<Vec<_>>().join(", ");
            reasons.push(reason(
                "held.missing_days",
                &[("platform", as_of.platform.clone()), ("days", named), ("count", missing.len().to_string())],
            ));
        }
    }
    if store.figures(&question(scope, range)).await?.is_empty() {
        reasons.push(reason("held.no_figures", &[]));
    }
    Ok(reasons)
}

fn question(scope: Scope, range: DateRange) -> moa_store::Question {
    moa_store::Question { scope, range, by: GroupBy::Total, platforms: Vec::new(), channels: Vec::new(), campaign: None }
}

fn reason(code: &str, values: &[(&str, String)]) -> ErrorDto {
    ErrorDto { code: code.to_owned(), values: values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect() }
}
