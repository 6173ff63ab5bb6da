//! Naver SearchAd reports: a title in the first row, days with a trailing dot, costs with VAT. One account's report was opened and saved
//! again in Excel, which makes it CP949 with Windows line ends.

use chrono::NaiveDate;
use csv::Terminator;
use moa_domain::DateRange;

use super::sheet::{Sheet, cp949, dotted_with_end, grouped, ratio, utf8, whole};
use crate::agency::Account;
use crate::figures::Figures;
use crate::history::PARTS_DAYS;

const METRICS: [&str; 9] = [
    "노출수",
    "클릭수",
    "클릭률(%)",
    "평균클릭비용(VAT포함,원)",
    "총비용(VAT포함,원)",
    "총 전환수",
    "총 전환매출액(원)",
    "구매완료 전환수",
    "구매완료 전환매출액(원)",
];

pub(super) fn days(account: &Account, span: DateRange) -> Vec<u8> {
    let mut sheet = titled(account, "캠페인보고서", span);
    sheet.row(["일별", "캠페인유형", "캠페인"].into_iter().chain(METRICS));
    for campaign in &account.campaigns {
        for day in campaign.days.iter().filter(|day| !day.figures.is_zero()) {
            let names = [campaign.plan.kind, campaign.plan.name];
            sheet.row(cells(day.date, &names, &day.figures));
        }
    }
    encoded(account, sheet)
}

pub(super) fn keywords(account: &Account, span: DateRange) -> Vec<u8> {
    let from = span.iter().find(|day| (span.to - *day).num_days() < PARTS_DAYS).unwrap_or(span.from);
    let mut sheet = titled(account, "키워드보고서", DateRange { from, to: span.to });
    sheet.row(["일별", "캠페인유형", "캠페인", "광고그룹", "키워드"].into_iter().chain(METRICS));
    for campaign in account.campaigns.iter().filter(|campaign| !campaign.plan.groups.is_empty()) {
        let items = campaign.plan.named_items();
        for (day, parts) in campaign.parts() {
            for ((group, keyword), figures) in
                items.iter().zip(&parts).filter(|((_, keyword), figures)| keyword.listed && !figures.is_zero())
            {
                let names = [campaign.plan.kind, campaign.plan.name, *group, keyword.name];
                sheet.row(cells(day.date, &names, figures));
            }
        }
    }
    encoded(account, sheet)
}

fn titled(account: &Account, title: &str, span: DateRange) -> Sheet {
    let terminator = if account.plan.cp949 { Terminator::CRLF } else { Terminator::Any(b'\n') };
    let mut sheet = Sheet::new(b',', terminator);
    sheet.row([format!("{title}({}~{}),sample_{:02}", dotted_with_end(span.from), dotted_with_end(span.to), account.client + 1)]);
    sheet
}

fn encoded(account: &Account, sheet: Sheet) -> Vec<u8> {
    let text = sheet.text();
    if account.plan.cp949 { cp949(&text) } else { utf8(text) }
}

fn cells(day: NaiveDate, names: &[&str], figures: &Figures) -> Vec<String> {
    let mut cells = vec![dotted_with_end(day)];
    cells.extend(names.iter().map(|name| (*name).to_owned()));
    let average = if figures.clicks == 0 { 0 } else { (figures.cost as f64 / figures.clicks as f64).round() as i64 };
    cells.extend([
        grouped(figures.impressions),
        grouped(figures.clicks),
        ratio(figures.clicks as f64 * 100.0, figures.impressions),
        grouped(average),
        grouped(figures.cost),
        whole(figures.conversions_all),
        grouped(figures.revenue_all),
        whole(figures.conversions),
        grouped(figures.revenue),
    ]);
    cells
}
