//! What a report's files are called: `광고주_2026-11_월간리포트.pdf`.

use moa_domain::DateRange;
use moa_text::text;

use crate::clean;
use crate::document::{Cadence, Period, ReportDocument};

/// Longest client name in a file name, in bytes: with the rest it stays below the 255 bytes of common file systems.
const LONGEST_CLIENT_BYTES: usize = 120;

/// The name without its extension: client, period and kind, fit for Windows, macOS and Linux.
///
/// Months are written `2026-11`, a single day `2026-11-09`, anything else `2026-11-09~2026-11-15`.
#[must_use]
pub fn file_stem(document: &ReportDocument) -> String {
    let kind = match document.cadence {
        Cadence::Daily => "daily",
        Cadence::Weekly => "weekly",
        Cadence::Monthly => "monthly",
        Cadence::Custom => "custom",
    };
    let kind = text(document.lang, &format!("report.file.{kind}"), &[]);
    format!("{}_{}_{kind}", safe_name(&document.client.name), period_part(document.cadence, document.period))
}

/// The name with its extension, `pdf` or `xlsx`.
#[must_use]
pub fn file_name(document: &ReportDocument, extension: &str) -> String {
    format!("{}.{extension}", file_stem(document))
}

fn period_part(cadence: Cadence, period: Period) -> String {
    let range = DateRange::from(period);
    let one_month = range.is_whole_months() && moa_domain::Month::of(period.from) == moa_domain::Month::of(period.to);
    if one_month && cadence == Cadence::Monthly {
        period.from.format("%Y-%m").to_string()
    } else if period.from == period.to {
        period.from.to_string()
    } else {
        format!("{}~{}", period.from, period.to)
    }
}

/// A name fit for a file on Windows, macOS and Linux: replaces what Windows forbids, keeps clear of its device names, is not too long.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let cleaned: String = clean::line(name).chars().map(|c| if r#"<>:"/\|?*"#.contains(c) { '-' } else { c }).collect();
    let mut cut = cleaned.len().min(LONGEST_CLIENT_BYTES);
    while !cleaned.is_char_boundary(cut) {
        cut -= 1;
    }
    let name = cleaned[..cut].trim_matches(|c: char| c == '.' || c.is_whitespace()).to_owned();
    let stem = name.split('.').next().unwrap_or("").trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| stem.strip_prefix(prefix).is_some_and(|digit| digit.chars().count() == 1);
    if name.is_empty() {
        "_".to_owned()
    } else if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || numbered("COM") || numbered("LPT") {
        format!("_{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> chrono::NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn names_the_period_as_people_do() {
        let period = |from: &str, to: &str| Period { from: d(from), to: d(to) };
        assert_eq!(period_part(Cadence::Monthly, period("2026-11-01", "2026-11-30")), "2026-11");
        assert_eq!(period_part(Cadence::Weekly, period("2026-11-09", "2026-11-15")), "2026-11-09~2026-11-15");
        assert_eq!(period_part(Cadence::Daily, period("2026-11-09", "2026-11-09")), "2026-11-09");
        assert_eq!(period_part(Cadence::Monthly, period("2026-11-01", "2026-11-23")), "2026-11-01~2026-11-23");
    }

    #[test]
    fn is_safe_on_windows() {
        assert_eq!(safe_name("에이/비:씨?"), "에이-비-씨-");
        assert_eq!(safe_name("con"), "_con");
        assert_eq!(safe_name("NUL.txt"), "_NUL.txt");
        assert_eq!(safe_name("com1"), "_com1");
        assert_eq!(safe_name("컴퓨터"), "컴퓨터");
        assert_eq!(safe_name("..\u{202e}. "), "_");
        assert_eq!(safe_name(&"가".repeat(300)).len(), 120);
    }
}
