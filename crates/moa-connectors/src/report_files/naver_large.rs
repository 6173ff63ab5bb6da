//! Naver's large reports (대용량 보고서): tab-separated, no header, one day, ids only; the meaning of a column follows from their number.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use moa_domain::{CampaignKey, Counts, Currency, Dimension, Engagement, Millionths, MoneyKind, VatBasis};

use super::error::{Bad, FileError, Partial};
use super::report::{Extras, FileRow, Layout, ReadOptions};
use super::row::{Flow, Row};
use super::sink::{RowKey, Sink, day_number};
use super::values::date::{self, DayText};
use super::values::hour;
use super::values::number::{self, Number};

/// Which large report a first line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read(Layout),
    /// Cannot give campaign figures: its name and why.
    Refused(&'static str, Partial),
}

/// Recognises a large report by its first line.
pub(crate) fn kind_of(cells: &[String]) -> Option<Kind> {
    let cell = |n: usize| cells.get(n - 1).map_or("", |c| c.trim());
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if cells.len() < 7 || cell(1).len() != 8 || !digits(cell(1)) || !digits(cell(2)) {
        return None;
    }
    if cells.len() == 7 && cell(3).contains('~') {
        return Some(Kind::Refused("CRITERION", Partial::NoCampaigns));
    }
    if !cell(3).starts_with("cmp-") || !cell(4).starts_with("grp-") {
        return None;
    }
    let by_keyword = cell(5).starts_with("nkw-") || cell(5) == "-";
    let is_device = |text: &str| matches!(text, "P" | "M");
    Some(match cells.len() {
        12 if cell(6).starts_with("bsn-") => Kind::Refused("SHOPPINGBRANDPRODUCT", Partial::Products),
        12 => Kind::Refused("EXPKEYWORD", Partial::SearchTerms),
        13 => Kind::Read(Layout::NaverLargeConversion),
        14 => Kind::Read(Layout::NaverLargeAd),
        15 if !cell(7).starts_with("bsn-") => Kind::Refused("ADEXTENSION", Partial::Extensions),
        15 if !by_keyword => Kind::Refused("SHOPPINGKEYWORD_CONVERSION_DETAIL", Partial::SearchTerms),
        15 => Kind::Read(Layout::NaverLargeConversionDetail),
        16.. if is_device(cell(11)) && !by_keyword => Kind::Refused("SHOPPINGKEYWORD_DETAIL", Partial::SearchTerms),
        16.. if is_device(cell(11)) && digits(cell(13)) => Kind::Read(Layout::NaverLargeAdDetail),
        16.. if is_device(cell(11)) => Kind::Read(Layout::NaverLargeConversionDetail),
        16.. if is_device(cell(9)) && digits(cell(11)) && digits(cell(10)) => Kind::Read(Layout::NaverLargeAd),
        _ => return None,
    })
}

/// The VAT basis of a day's amounts: Naver's reports switched on 2026-03-30, by day of performance and not of download.
pub(crate) fn vat_on(day: NaiveDate) -> VatBasis {
    match NaiveDate::from_ymd_opt(2026, 3, 30) {
        Some(switch) if day < switch => VatBasis::Excluded,
        _ => VatBasis::Included,
    }
}

/// Positions from 0.
struct Shape {
    hour: Option<usize>,
    region: Option<usize>,
    media: usize,
    device: usize,
    figures: Figures,
}

enum Figures {
    Traffic { impressions: usize, clicks: usize, cost: usize },
    Conversions { method: usize, kind: usize, count: usize, value: usize },
}

fn shape(layout: Layout) -> Shape {
    match layout {
        Layout::NaverLargeAdDetail => Shape {
            hour: Some(7),
            region: Some(8),
            media: 9,
            device: 10,
            figures: Figures::Traffic { impressions: 11, clicks: 12, cost: 13 },
        },
        Layout::NaverLargeConversion => Shape {
            hour: None,
            region: None,
            media: 7,
            device: 8,
            figures: Figures::Conversions { method: 9, kind: 10, count: 11, value: 12 },
        },
        Layout::NaverLargeConversionDetail => Shape {
            hour: Some(7),
            region: Some(8),
            media: 9,
            device: 10,
            figures: Figures::Conversions { method: 11, kind: 12, count: 13, value: 14 },
        },
        _ => Shape { hour: None, region: None, media: 7, device: 8, figures: Figures::Traffic { impressions: 9, clicks: 10, cost: 11 } },
    }
}

/// The headers Naver's documentation gives the columns, for messages.
pub(crate) fn headers(layout: Layout) -> Vec<&'static str> {
    let mut names = vec!["날짜", "고객 ID", "캠페인 ID", "광고그룹 ID", "키워드 ID", "소재 ID", "비즈채널 ID"];
    let shape = shape(layout);
    if shape.hour.is_some() {
        names.extend(["시간", "지역 코드"]);
    }
    names.extend(["매체 코드", "PC/모바일"]);
    names.extend(match shape.figures {
        Figures::Traffic { .. } => ["노출수", "클릭수", "비용", "노출순위 합", "조회수"].as_slice(),
        Figures::Conversions { .. } => ["전환 방식", "전환 유형", "전환수", "전환값"].as_slice(),
    });
    names
}

pub(crate) struct LargeReport<'o> {
    options: &'o ReadOptions,
    layout: Layout,
    shape: Shape,
    pub sink: Sink,
    pub customers: BTreeSet<String>,
    pub nameless: BTreeSet<String>,
    extra: String,
}

impl<'o> LargeReport<'o> {
    pub(crate) fn new(layout: Layout, options: &'o ReadOptions) -> Self {
        let shape = shape(layout);
        Self { options, layout, shape, sink: Sink::default(), customers: BTreeSet::new(), nameless: BTreeSet::new(), extra: String::new() }
    }

    /// Takes a line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn visit(&mut self, row: &Row<'_>) -> Result<Flow, FileError> {
        self.sink.count()?;
        if row.is_blank() {
            self.sink.drop_row(row.line, super::report::DropReason::Blank);
            return Ok(Flow::Continue);
        }
        let columns = headers(self.layout);
        let bad = |column: usize, why: Bad| FileError::bad(row.line, columns.get(column).copied().unwrap_or("?"), &row.text(column), why);
        let least = match self.shape.figures {
            Figures::Traffic { cost, .. } => cost + 1,
            Figures::Conversions { value, .. } => value + 1,
        };
        if row.len() < least {
            return Err(FileError::Truncated { line: row.line, why: super::error::Cut::MissingCells });
        }
        let date = match date::parse(&row.text(0)) {
            Some(DayText::Day(day)) => day,
            _ => return Err(bad(0, Bad::NotADate)),
        };
        let to = self.options.today.succ_opt().unwrap_or(self.options.today);
        let from = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or(NaiveDate::MIN);
        if date < from || date > to {
            return Err(FileError::DateOutOfRange { line: row.line, column: columns[0].to_owned(), date, from, to });
        }
        let hour = match self.shape.hour {
            Some(column) => Some(hour::parse(&row.text(column)).ok_or_else(|| bad(column, Bad::NotAnHour))?),
            None => None,
        };
        let customer = row.text(1);
        if self.customers.len() < 20 && !self.customers.contains(customer.trim()) {
            self.customers.insert(customer.trim().to_owned());
        }
        let id_text = row.text(2);
        if !id_text.trim().starts_with("cmp-") {
            return Err(bad(2, Bad::NoCampaign));
        }
        let id = self.sink.names.number(&id_text);
        let name = self.options.campaign_names.get(id_text.trim()).cloned();
        if name.is_none() {
            self.nameless.insert(id_text.trim().to_owned());
        }
        let amount = |column: usize| -> Result<Millionths, FileError> {
            match number::parse(&row.text(column)) {
                Ok(Number::Value(value)) => Ok(value),
                Ok(Number::Null | Number::Capped) => Ok(Millionths::ZERO),
                Err(why) => Err(bad(column, why)),
            }
        };
        let whole = |column: usize| -> Result<i64, FileError> {
            let value = amount(column)?;
            if value.0 < 0 {
                return Err(FileError::NegativeCount {
                    line: row.line,
                    column: columns[column].to_owned(),
                    value: row.text(column).into_owned(),
                });
            }
            if value.0 % moa_domain::money::MILLION != 0 {
                return Err(bad(column, Bad::NotWhole));
            }
            Ok(value.0 / moa_domain::money::MILLION)
        };
        self.extra.clear();
        self.extra.push_str(&row.text(self.shape.media));
        self.extra.push('\u{1f}');
        if let Some(region) = self.shape.region {
            self.extra.push_str(&row.text(region));
        }
        let mut counts = Counts::default();
        let conversions_known = match self.shape.figures {
            Figures::Traffic { impressions, clicks, cost } => {
                counts.impressions = whole(impressions)?;
                counts.clicks = whole(clicks)?;
                counts.cost = amount(cost)?;
                false
            }
            Figures::Conversions { method, kind, count, value } => {
                counts.conversions_all = amount(count)?;
                counts.revenue_all = amount(value)?;
                let kind = row.text(kind);
                // Before 2024-07-03 the types were numbers: 1 is a purchase.
                if matches!(kind.trim(), "purchase" | "1") {
                    counts.conversions = counts.conversions_all;
                    counts.revenue = counts.revenue_all;
                }
                self.extra.push('\u{1f}');
                self.extra.push_str(&row.text(method));
                self.extra.push('\u{1f}');
                self.extra.push_str(&kind);
                true
            }
        };
        let extra = self.sink.names.number(&self.extra);
        let part = |column: usize| Some(row.text(column).trim().to_owned()).filter(|t| !t.is_empty() && t != "-");
        let device = match row.text(self.shape.device).trim() {
            "P" => Some("PC".to_owned()),
            "M" => Some("모바일".to_owned()),
            "" | "-" => None,
            other => Some(other.to_owned()),
        };
        let [ad_group, keyword, creative] = [part(3), part(4), part(5)];
        let dimensions =
            [&ad_group, &keyword, &creative, &None, &device].map(|text| text.as_deref().map_or(0, |t| self.sink.names.number(t)));
        self.sink.dimensions.extend([Dimension::AdGroup, Dimension::Keyword, Dimension::Creative, Dimension::Device]);
        self.sink
            .names
            .check(row, |column| columns.get(column).map_or_else(|| super::mapping::letters(column), |name| (*name).to_owned()))?;
        let kind = MoneyKind { currency: Currency::KRW, vat: vat_on(date), vat_rate: self.options.vat_rate };
        let short = |text: String| text.chars().take(super::sink::NAME_LIMIT).collect::<String>();
        let key = RowKey { campaign: (id, 0), day: day_number(date), hour, kind, channel: 0, dimensions, extra };
        let file_row = FileRow {
            line: row.line,
            campaign: CampaignKey { id: self.sink.names.named(id), name },
            date,
            hour,
            channel: None,
            kind,
            ad_group: ad_group.map(short),
            keyword: keyword.map(short),
            creative: creative.map(short),
            search_term: None,
            device,
            counts,
            conversions_known,
            engagement: Engagement::default(),
            reach: None,
            extras: Extras::default(),
        };
        self.sink.push(file_row, key, &|| (columns[least - 1].to_owned(), row.text(least - 1).into_owned()))?;
        Ok(Flow::Continue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(line: &str) -> Option<Kind> {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        kind_of(&cells)
    }

    const START: &str = "20260930\t3100001\tcmp-a001-01-000000001234567\tgrp-a001-01-000000009876543";

    #[test]
    fn each_report_is_known_by_its_columns() {
        for (rest, expected) in [
            ("nkw-a\tnad-b\tbsn-c\t8753\tM\t36\t2\t1540\t72\t0", Kind::Read(Layout::NaverLargeAd)),
            ("nkw-a\tnad-b\tbsn-c\t09\t02\t8753\tM\t36\t2\t1540\t72\t0", Kind::Read(Layout::NaverLargeAdDetail)),
            ("-\tnad-b\tbsn-c\t09\t99\t33421\tP\t11\t0\t0\t25\t0\tnew", Kind::Read(Layout::NaverLargeAdDetail)),
            ("nkw-a\tnad-b\tbsn-c\t8753\tM\t1\tpurchase\t1\t129000", Kind::Read(Layout::NaverLargeConversion)),
            ("nkw-a\tnad-b\tbsn-c\t09\t02\t8753\tM\t1\tpurchase\t1\t129000", Kind::Read(Layout::NaverLargeConversionDetail)),
        ] {
            assert_eq!(kind(&format!("{START}\t{rest}")), Some(expected), "{rest}");
        }
        for (rest, name) in [
            ("이불\tnad-b\tbsn-c\t09\t02\t8753\tM\t36\t2\t1540\t72\t0", "SHOPPINGKEYWORD_DETAIL"),
            ("이불\t8753\tM\t1\t36\t2\t1540\t0", "EXPKEYWORD"),
            ("nkw-a\tnad-b\text-1\t09\t02\t8753\tM\t1\t5\t1\t2", "ADEXTENSION"),
        ] {
            assert!(matches!(kind(&format!("{START}\t{rest}")), Some(Kind::Refused(n, _)) if n == name), "{rest}");
        }
        assert!(matches!(kind("20260930\t3100001\tgrp-a~10\tP\t1\t2\t3"), Some(Kind::Refused("CRITERION", _))));
        assert_eq!(kind("date\tcampaign\tcost\tx\ty\tz\tw"), None);
    }

    #[test]
    fn vat_follows_the_day_of_performance() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(vat_on(day("2026-03-29")), VatBasis::Excluded);
        assert_eq!(vat_on(day("2026-03-30")), VatBasis::Included);
    }
}
