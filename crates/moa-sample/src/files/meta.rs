//! Meta Ads Manager in Korean: UTF-8 CSV, header on the first line, one row per day.

use chrono::NaiveDate;

use super::sheet::{Sheet, utf8, whole};
use crate::agency::Account;
use crate::figures::Figures;

const PURCHASE: &str = "actions:offsite_conversion.fb_pixel_purchase";

pub(super) fn days(account: &Account) -> Vec<u8> {
    let mut sheet = Sheet::commas();
    sheet.row([
        "보고 시작",
        "보고 종료",
        "일",
        "캠페인 이름",
        "캠페인 게재",
        "기여 설정",
        "노출",
        "도달",
        "링크 클릭",
        "지출 금액 (KRW)",
        "장바구니에 담기",
        "구매",
        "구매 전환값",
        "결과",
        "결과 표시 도구",
    ]);
    for campaign in &account.campaigns {
        let delivery = if campaign.plan.last_age == 0 { "active" } else { "archived" };
        for day in campaign.days.iter().filter(|day| !day.figures.is_zero()) {
            let mut cells = dates(day.date);
            cells.extend([campaign.plan.name.to_owned(), delivery.to_owned(), "클릭 후 7일 또는 조회 후 1일".to_owned()]);
            cells.extend(metrics(&day.figures));
            sheet.row(cells);
        }
    }
    utf8(sheet.text())
}

pub(super) fn creatives(account: &Account) -> Vec<u8> {
    let mut sheet = Sheet::commas();
    sheet.row([
        "보고 시작",
        "보고 종료",
        "일",
        "캠페인 이름",
        "광고 세트 이름",
        "광고 이름",
        "노출",
        "도달",
        "링크 클릭",
        "지출 금액 (KRW)",
        "장바구니에 담기",
        "구매",
        "구매 전환값",
        "결과",
        "결과 표시 도구",
    ]);
    for campaign in account.campaigns.iter().filter(|campaign| !campaign.plan.groups.is_empty()) {
        let names = campaign.plan.named_items();
        for (day, parts) in campaign.parts() {
            for ((ad_set, ad), figures) in names.iter().zip(&parts).filter(|((_, ad), figures)| ad.listed && !figures.is_zero()) {
                let mut cells = dates(day.date);
                cells.extend([campaign.plan.name, *ad_set, ad.name].map(str::to_owned));
                cells.extend(metrics(figures));
                sheet.row(cells);
            }
        }
    }
    utf8(sheet.text())
}

fn dates(day: NaiveDate) -> Vec<String> {
    vec![day.to_string(); 3]
}

fn metrics(figures: &Figures) -> [String; 9] {
    let purchases = whole(figures.conversions);
    [
        figures.impressions.to_string(),
        figures.reach.to_string(),
        figures.clicks.to_string(),
        figures.cost.to_string(),
        figures.carts.to_string(),
        purchases.clone(),
        figures.revenue.to_string(),
        purchases,
        PURCHASE.to_owned(),
    ]
}
