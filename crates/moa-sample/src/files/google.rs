//! Google Ads, "Excel .csv" in Korean: UTF-16LE with BOM, tabs, two lines before the header, totals at the end.

use chrono::NaiveDate;
use csv::Terminator;
use moa_domain::DateRange;

use super::sheet::{Sheet, grouped, grouped_hundredths, grouped_money, ratio, spelled, utf16le_with_bom};
use crate::agency::Account;
use crate::figures::Figures;
use crate::history::HOURLY_DAYS;
use crate::plan::CampaignPlan;

const HEADER: [&str; 14] = [
    "캠페인 상태",
    "캠페인",
    "캠페인 유형",
    "일",
    "통화 코드",
    "예산",
    "예산 유형",
    "노출수",
    "클릭수",
    "클릭률(CTR)",
    "평균 CPC",
    "비용",
    "전환",
    "전환 가치",
];

pub(super) fn days(account: &Account, span: DateRange) -> Vec<u8> {
    let mut report = Report::new(account, span, "캠페인 보고서", false);
    for campaign in &account.campaigns {
        for day in &campaign.days {
            report.row(campaign.plan, day.date, None, &day.figures);
        }
    }
    report.finish()
}

pub(super) fn hours(account: &Account, span: DateRange) -> Vec<u8> {
    let from = span.iter().find(|day| (span.to - *day).num_days() < HOURLY_DAYS).unwrap_or(span.from);
    let mut report = Report::new(account, DateRange { from, to: span.to }, "캠페인 시간대별 보고서", true);
    for campaign in &account.campaigns {
        for (day, hours) in campaign.hours(account.client_plan.market) {
            for (hour, figures) in hours.iter().enumerate().filter(|(_, figures)| !figures.is_zero()) {
                report.row(campaign.plan, day.date, Some(hour), figures);
            }
        }
    }
    report.finish()
}

struct Report<'a> {
    account: &'a Account,
    sheet: Sheet,
    by_hour: bool,
    total: Figures,
}

impl<'a> Report<'a> {
    fn new(account: &'a Account, span: DateRange, title: &str, by_hour: bool) -> Self {
        let mut sheet = Sheet::new(b'\t', Terminator::Any(b'\n'));
        sheet.row([title]);
        sheet.row([format!("{} - {}", spelled(span.from), spelled(span.to))]);
        let mut header = HEADER.to_vec();
        if by_hour {
            header.insert(4, "시간(시간대)");
        }
        sheet.row(header);
        Self { account, sheet, by_hour, total: Figures::default() }
    }

    fn row(&mut self, plan: &CampaignPlan, day: NaiveDate, hour: Option<usize>, figures: &Figures) {
        let currency = self.account.plan.currency;
        let (budget, kind) = plan.daily_budget.map_or((" --".to_owned(), " --"), |budget| (grouped_money(budget, currency), "일일"));
        let mut cells = vec![
            if plan.last_age == 0 { "운영 가능" } else { "종료됨" }.to_owned(),
            plan.name.to_owned(),
            plan.kind.to_owned(),
            day.to_string(),
        ];
        cells.extend(hour.map(|hour| hour.to_string()));
        cells.extend([currency.to_string(), budget, kind.to_owned()]);
        cells.extend(self.metrics(figures));
        self.sheet.row(cells);
        self.total += *figures;
    }

    fn metrics(&self, figures: &Figures) -> [String; 7] {
        let currency = self.account.plan.currency;
        let average = if figures.clicks == 0 {
            " --".to_owned()
        } else {
            grouped_money((figures.cost as f64 / figures.clicks as f64).round() as i64, currency)
        };
        // Conversion values always show two places, also in won.
        let value = if currency.decimals() == 0 { figures.revenue * 100 } else { figures.revenue };
        [
            grouped(figures.impressions),
            grouped(figures.clicks),
            if figures.impressions == 0 {
                " --".to_owned()
            } else {
                format!("{}%", ratio(figures.clicks as f64 * 100.0, figures.impressions))
            },
            average,
            grouped_money(figures.cost, currency),
            grouped_hundredths(figures.conversions),
            grouped_hundredths(value),
        ]
    }

    fn finish(mut self) -> Vec<u8> {
        let blanks = if self.by_hour { 7 } else { 6 };
        for label in ["총계: 캠페인", "총계: 계정"] {
            let mut cells = vec![label.to_owned()];
            cells.extend(std::iter::repeat_n(String::new(), blanks));
            cells.extend(self.metrics(&self.total));
            self.sheet.row(cells);
        }
        utf16le_with_bom(&self.sheet.text())
    }
}
