//! Naver GFA (성과형 디스플레이): UTF-8 with BOM, header on the first line, the day in `기간`.

use super::sheet::{Sheet, dotted_with_end, grouped, utf8_with_bom, whole};
use crate::agency::Account;

pub(super) fn days(account: &Account) -> Vec<u8> {
    let mut sheet = Sheet::commas();
    sheet.row([
        "캠페인 이름",
        "기간",
        "총비용",
        "노출수",
        "클릭수",
        "총 전환수",
        "총 전환매출액",
        "구매완료 수",
        "구매완료 전환매출액",
        "장바구니 담기 수",
    ]);
    for campaign in &account.campaigns {
        for day in campaign.days.iter().filter(|day| !day.figures.is_zero()) {
            let figures = &day.figures;
            sheet.row([
                campaign.plan.name.to_owned(),
                dotted_with_end(day.date),
                grouped(figures.cost),
                grouped(figures.impressions),
                grouped(figures.clicks),
                whole(figures.conversions_all),
                grouped(figures.revenue_all),
                whole(figures.conversions),
                grouped(figures.revenue),
                grouped(figures.carts),
            ]);
        }
    }
    utf8_with_bom(&sheet.text())
}
