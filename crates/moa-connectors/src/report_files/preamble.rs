//! The lines above the header: title, period, account.

use moa_domain::DateRange;

use super::report::AccountHint;
use super::values::date;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preamble {
    pub text: String,
    pub period: Option<DateRange>,
    pub account: Option<AccountHint>,
}

/// Reads the rows above the header.
pub(crate) fn read<'r>(rows: impl Iterator<Item = &'r [String]>) -> Preamble {
    let mut preamble = Preamble::default();
    for row in rows {
        let line = row.iter().map(|c| c.trim()).filter(|c| !c.is_empty()).collect::<Vec<_>>().join(",");
        if preamble.period.is_none() {
            preamble.period = date::find_period(&line).or_else(|| single_day(&line));
        }
        if preamble.account.is_none() {
            preamble.account = account_of_title(&line).map(|name| AccountHint { id: None, name: Some(name) });
        }
        preamble.text.push_str(&line);
        preamble.text.push('\n');
    }
    preamble
}

/// The period in a file's name; a single date there is the day of the download.
pub(crate) fn period_of_name(stem: &str) -> Option<DateRange> {
    date::find_period(stem)
}

/// A line that is nothing but one day.
fn single_day(line: &str) -> Option<DateRange> {
    match date::parse(line) {
        Some(date::DayText::Day(day)) if line.len() > 5 => Some(DateRange::single(day)),
        _ => None,
    }
}

/// `캠페인보고서(2026.09.01.~2026.09.30.),hanbit_ad`: Naver puts the login behind the comma.
fn account_of_title(line: &str) -> Option<String> {
    let (title, account) = line.split_once(")")?;
    let (_, inner) = title.split_once('(')?;
    date::find_period(inner)?;
    let account = account.trim_start().strip_prefix(',')?.trim();
    // A login: what else people write behind a period (`VAT 별도`, `단위: 원`) is none.
    let is_login = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | ':');
    (!account.is_empty() && account.len() <= 60 && account.chars().all(is_login)).then(|| account.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&[&str]]) -> Preamble {
        let rows: Vec<Vec<String>> = lines.iter().map(|l| l.iter().map(ToString::to_string).collect()).collect();
        read(rows.iter().map(Vec::as_slice))
    }

    #[test]
    fn a_naver_title_names_period_and_account() {
        let whole = of(&[&["캠페인보고서(2026.09.29.~2026.09.30.),hanbit_ad"]]);
        let split = of(&[&["캠페인보고서(2026.09.29.~2026.09.30.)", "hanbit_ad"]]);
        assert_eq!(whole, split);
        assert_eq!(whole.account, Some(AccountHint { id: None, name: Some("hanbit_ad".to_owned()) }));
        assert_eq!(whole.period.map(|p| p.days()), Some(2));
    }

    #[test]
    fn a_remark_behind_a_period_is_no_account() {
        for remark in ["VAT 별도", "단위: 원", "한빛침구 9월"] {
            let title = format!("매체 집행 현황 (2026.09.29. ~ 2026.09.30.), {remark}");
            assert_eq!(of(&[&[&title]]).account, None, "{remark}");
        }
    }

    #[test]
    fn a_google_period_stands_alone() {
        let range = of(&[&["캠페인 보고서"], &["2026년 9월 29일 - 2026년 9월 30일"]]);
        assert_eq!(range.period.map(|p| p.days()), Some(2));
        assert_eq!(range.account, None);
        assert_eq!(of(&[&["2026년 9월 30일"]]).period.map(|p| p.days()), Some(1));
        assert_eq!(of(&[&["다운로드 일시: 2026.10.01"]]).period, None);
    }
}
