//! Rows that are no figures: totals, summaries, blanks, repeated headers, footnotes.

use chrono::NaiveDate;
use moa_domain::Millionths;

use super::field::Field;

/// How sure a label is to mean a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TotalLabel {
    /// The word alone, or with a colon: `합계`, `Total: Account`.
    Sure,
    /// The word with a bracket or a hyphen: `전체-리타겟팅` may be a campaign.
    Likely,
}

const WORDS: [&str; 12] = ["grand total", "총합계", "overall", "summary", "total", "합계", "총계", "총합", "소계", "전체", "모두", "sum"];

pub(crate) fn total_label(text: &str) -> Option<TotalLabel> {
    let text = text.trim();
    // Nearly every row ends here.
    if !text.starts_with(['합', '총', '소', '전', '모', 't', 'T', 'g', 'G', 's', 'S', 'o', 'O']) {
        return None;
    }
    let lower = if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() };
    WORDS.iter().find_map(|word| {
        let rest = lower.strip_prefix(word)?.trim_start();
        if is_count_of_results(rest) {
            return Some(TotalLabel::Sure);
        }
        match rest.chars().next() {
            None | Some(':' | '：') => Some(TotalLabel::Sure),
            Some('(' | '-' | '（') => Some(TotalLabel::Likely),
            Some(_) => None,
        }
    })
}

/// TikTok writes `Total of 12 results`.
fn is_count_of_results(rest: &str) -> bool {
    let count = rest.strip_prefix("of ").and_then(|rest| rest.strip_suffix(" results").or_else(|| rest.strip_suffix(" result")));
    count.is_some_and(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit() || byte == b','))
}

/// Figures that a total row and the rows above it share.
pub(crate) const SUMMED: [Field; 5] = [Field::Impressions, Field::Clicks, Field::Cost, Field::Conversions, Field::Revenue];

/// Sums in millionths, wide enough for any file.
pub(crate) type Sums = [i128; 5];

/// A row that may be a total: decided when all others are known.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub line: u64,
    pub label: TotalLabel,
    /// The label stands in the campaign's own cell.
    pub in_campaign_cell: bool,
    pub has_id: bool,
    pub has_campaign: bool,
    pub date: Option<NaiveDate>,
    pub stated: [Option<Millionths>; 5],
    /// The cells, in case the row turns out to be a campaign.
    pub cells: Vec<String>,
}

impl Candidate {
    /// A campaign may be named `전체`: with an id it must be the sum of the others to be a total.
    pub(crate) fn is_total(&self, all: &Sums, same_day: Option<&Sums>) -> bool {
        let is_sum = self.is_sum_of(all) || same_day.is_some_and(|s| self.is_sum_of(s));
        if self.has_id {
            return is_sum;
        }
        if self.in_campaign_cell {
            return self.label == TotalLabel::Sure || self.date.is_none() || is_sum;
        }
        !self.has_campaign || self.date.is_none() || is_sum
    }

    /// The overall total of the file, not one of a day or a campaign.
    pub(crate) fn is_overall(&self, file_is_one_day: bool) -> bool {
        (self.date.is_none() || file_is_one_day) && (self.in_campaign_cell || !self.has_campaign)
    }

    /// Within 1 % in every figure the row states of impressions, clicks and cost.
    fn is_sum_of(&self, sums: &Sums) -> bool {
        let mut compared = false;
        for (stated, sum) in self.stated.iter().zip(sums).take(3) {
            let Some(stated) = stated else { continue };
            let stated = i128::from(stated.0);
            if (stated - sum).abs() * 100 > sum.abs() {
                return false;
            }
            compared |= *sum != 0;
        }
        compared
    }
}

/// `*` and `※` start a remark under the table.
pub(crate) fn is_footnote_mark(text: &str) -> bool {
    text.trim_start().starts_with(['*', '※'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_total_rows() {
        for text in [
            "합계",
            " 총합계 ",
            "총계: 캠페인",
            "전체: 계정",
            "Total",
            "Total: Account",
            "Grand Total",
            "SUMMARY",
            "소계：",
            "total :x",
            "Total of 12 results",
            "Total of 1 result",
        ] {
            assert_eq!(total_label(text), Some(TotalLabel::Sure), "{text}");
        }
        for text in ["전체-리타겟팅", "합계(9월)", "Total - Search"] {
            assert_eq!(total_label(text), Some(TotalLabel::Likely), "{text}");
        }
        for text in ["전체 캠페인", "Total Fitness", "Total of results", "총계정", "summer", "브랜드_전체", ""] {
            assert_eq!(total_label(text), None, "{text}");
        }
    }

    #[test]
    fn a_campaign_with_an_id_is_a_total_only_when_it_is_the_sum() {
        let whole = Millionths::from_whole;
        let mut row = Candidate {
            line: 5,
            label: TotalLabel::Sure,
            in_campaign_cell: true,
            has_id: true,
            has_campaign: true,
            date: None,
            stated: [Some(whole(100)), Some(whole(10)), Some(whole(5000)), None, None],
            cells: vec![],
        };
        let sums = |i: i64, c: i64, cost: i64| [i128::from(whole(i).0), i128::from(whole(c).0), i128::from(whole(cost).0), 0, 0];
        assert!(row.is_total(&sums(100, 10, 5001), None));
        assert!(!row.is_total(&sums(300, 30, 9000), None));
        row.has_id = false;
        assert!(row.is_total(&sums(300, 30, 9000), None));
        row.label = TotalLabel::Likely;
        row.date = NaiveDate::from_ymd_opt(2026, 9, 30);
        assert!(!row.is_total(&sums(300, 30, 9000), None));
        assert!(row.is_total(&sums(300, 30, 9000), Some(&sums(100, 10, 5000))));
    }
}
