//! Kakao Moment CSV: the report's name before the header, days with dots, counts of the seven days after the click.

use moa_domain::DateRange;

use super::sheet::{Sheet, dotted, grouped, utf8, whole};
use crate::agency::Account;

pub(super) fn days(account: &Account, span: DateRange) -> Vec<u8> {
    let mut sheet = Sheet::commas();
    sheet.row(["보고서명", "캠페인_일별"]);
    sheet.row(["조회기간".to_owned(), format!("{} ~ {}", dotted(span.from), dotted(span.to))]);
    sheet.row([
        "일",
        "캠페인 이름",
        "캠페인 유형",
        "캠페인 목표",
        "비용",
        "노출수",
        "클릭수",
        "도달수",
        "장바구니추가 (7일)",
        "구매 (7일)",
        "구매금액 (7일)",
    ]);
    for campaign in &account.campaigns {
        for day in campaign.days.iter().filter(|day| !day.figures.is_zero()) {
            let figures = &day.figures;
            sheet.row([
                dotted(day.date),
                campaign.plan.name.to_owned(),
                campaign.plan.kind.to_owned(),
                "전환".to_owned(),
                grouped(figures.cost),
                grouped(figures.impressions),
                grouped(figures.clicks),
                grouped(figures.reach),
                grouped(figures.carts),
                whole(figures.conversions),
                grouped(figures.revenue),
            ]);
        }
    }
    utf8(sheet.text())
}
