//! Pre-flight: what a person should know before a report goes out.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use moa_domain::calendar::DateRange;
use moa_domain::{Basis, Platform};
use moa_store::{GroupBy, Question, Scope, Store};
use moa_text::Lang;

use crate::error::{ApiError, ErrorDto};
use crate::read::figures::Ask;

/// Stretches of days named in a sentence; what is beyond is counted only.
const NAMED_STRETCHES: usize = 5;

/// Which days of a period one platform has figures for.
#[derive(Debug)]
struct Coverage {
    platform: String,
    /// The last day with figures, of any period.
    last_day: NaiveDate,
    days: BTreeSet<NaiveDate>,
    /// It had figures in the period before, so this period's first days are expected too.
    ran_before: bool,
}

/// Why the figures of a period should be looked at: `held.no_figures`, `held.missing_days`, `held.stale`.
///
/// Days before a platform's first figures are not missing, and neither are days that are not over: `today` is the office's.
pub(crate) async fn preflight(
    store: &Store,
    client: i32,
    range: DateRange,
    today: NaiveDate,
    lang: Lang,
) -> Result<Vec<ErrorDto>, ApiError> {
    let scope = Scope::Client(client);
    let before = range.previous();
    let both = DateRange { from: before.from, to: range.to };
    let mut platforms = Vec::new();
    for as_of in store.as_of(scope).await? {
        let platform: Platform = as_of.platform.parse().unwrap_or_else(|_| Platform::Other(as_of.platform.clone()));
        let Some(last_day) = as_of.last_day else { continue };
        let ask = Ask { scope, range: both, compared: None, basis: Basis::Net, platforms: vec![platform], campaign: None };
        let stored: BTreeSet<NaiveDate> = ask.groups(store, GroupBy::Day).await?.into_iter().filter_map(|group| group.key.date).collect();
        let (days, earlier): (BTreeSet<_>, BTreeSet<_>) = stored.into_iter().partition(|day| range.contains(*day));
        platforms.push(Coverage { platform: as_of.platform, last_day, days, ran_before: !earlier.is_empty() });
    }
    let total = Question { scope, range, by: GroupBy::Total, platforms: Vec::new(), channels: Vec::new(), campaign: None };
    let mut found = reasons(range, today, lang, &platforms);
    if store.figures(&total).await?.is_empty() {
        found.insert(0, reason("held.no_figures", &[]));
    }
    Ok(found)
}

fn reasons(range: DateRange, today: NaiveDate, lang: Lang, platforms: &[Coverage]) -> Vec<ErrorDto> {
    let finished = range.to.min(today - Days::new(1));
    let mut reasons = Vec::new();
    for coverage in platforms {
        let Some(first) = coverage.days.first() else {
            // One that ran until lately and has nothing now was forgotten; one that ended long ago was not.
            if coverage.ran_before && coverage.last_day < range.from && finished >= range.from {
                reasons.push(stale(coverage, lang));
            }
            continue;
        };
        if coverage.last_day < finished {
            reasons.push(stale(coverage, lang));
        }
        let from = if coverage.ran_before { range.from } else { *first };
        let expected = DateRange { from, to: finished.min(coverage.last_day) };
        let missing: Vec<NaiveDate> = expected.iter().filter(|day| !coverage.days.contains(day)).collect();
        if !missing.is_empty() {
            let values =
                [("platform", coverage.platform.clone()), ("days", named_days(lang, &missing)), ("count", missing.len().to_string())];
            reasons.push(reason("held.missing_days", &values));
        }
    }
    reasons
}

fn stale(coverage: &Coverage, lang: Lang) -> ErrorDto {
    let last_day = moa_text::short_date(lang, coverage.last_day);
    reason("held.stale", &[("platform", coverage.platform.clone()), ("last_day", last_day)])
}

/// `11. 3. (화), 11. 9. (월) – 11. 12. (목)`: days in a row are named by their ends.
fn named_days(lang: Lang, days: &[NaiveDate]) -> String {
    let mut stretches: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match stretches.last_mut().filter(|(_, to)| *to + Days::new(1) == *day) {
            Some((_, to)) => *to = *day,
            None => stretches.push((*day, *day)),
        }
    }
    let named = stretches.iter().take(NAMED_STRETCHES).map(|(from, to)| {
        let first = moa_text::short_date(lang, *from);
        if from == to { first } else { format!("{first} – {}", moa_text::short_date(lang, *to)) }
    });
    let named = named.collect::<Vec<_>>().join(", ");
    if stretches.len() > NAMED_STRETCHES { format!("{named} …") } else { named }
}

fn reason(code: &str, values: &[(&str, String)]) -> ErrorDto {
    ErrorDto { code: code.to_owned(), values: values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn november() -> DateRange {
        DateRange { from: d("2026-11-01"), to: d("2026-11-30") }
    }

    fn coverage(platform: &str, ranges: &[(&str, &str)], ran_before: bool) -> Coverage {
        let days: BTreeSet<NaiveDate> =
            ranges.iter().flat_map(|(from, to)| DateRange { from: d(from), to: d(to) }.iter().collect::<Vec<_>>()).collect();
        Coverage { platform: platform.to_owned(), last_day: days.last().copied().unwrap_or(d("2026-10-31")), days, ran_before }
    }

    fn codes(reasons: &[ErrorDto]) -> Vec<&str> {
        reasons.iter().map(|reason| reason.code.as_str()).collect()
    }

    #[test]
    fn a_complete_month_is_not_held() {
        let whole = coverage("naver_ads", &[("2026-11-01", "2026-11-30")], true);
        assert!(reasons(november(), d("2026-12-01"), Lang::Ko, &[whole]).is_empty());
    }

    #[test]
    fn days_that_are_not_over_are_not_missing() {
        let so_far = coverage("naver_ads", &[("2026-11-01", "2026-11-24")], true);
        assert!(reasons(november(), d("2026-11-25"), Lang::Ko, &[so_far]).is_empty());
    }

    #[test]
    fn a_gap_and_a_late_platform_hold() {
        let gap = coverage("naver_ads", &[("2026-11-01", "2026-11-16"), ("2026-11-18", "2026-11-20"), ("2026-11-24", "2026-11-30")], true);
        let late = coverage("meta_ads", &[("2026-11-01", "2026-11-28")], true);
        let found = reasons(november(), d("2026-12-01"), Lang::Ko, &[gap, late]);
        assert_eq!(codes(&found), ["held.missing_days", "held.stale"]);
        assert_eq!(found[0].values["days"], "11. 17. (화), 11. 21. (토) – 11. 23. (월)");
        assert_eq!(found[0].values["count"], "4");
        assert_eq!(found[1].values["last_day"], "11. 28. (토)");
    }

    #[test]
    fn the_first_days_are_missing_only_where_it_ran_before() {
        let of =
            |ran_before| reasons(november(), d("2026-12-01"), Lang::En, &[coverage("kakao", &[("2026-11-10", "2026-11-30")], ran_before)]);
        assert!(of(false).is_empty());
        assert_eq!(of(true)[0].values["days"], "1 Nov (Sun) – 9 Nov (Mon)");
    }

    #[test]
    fn a_platform_that_was_forgotten_holds() {
        let whole = coverage("naver_ads", &[("2026-11-01", "2026-11-30")], true);
        let forgotten = coverage("kakao", &[], true);
        let ended = Coverage { last_day: d("2026-03-31"), ran_before: false, ..coverage("criteo", &[], false) };
        assert_eq!(codes(&reasons(november(), d("2026-12-01"), Lang::Ko, &[whole, forgotten, ended])), ["held.stale"]);
    }
}
