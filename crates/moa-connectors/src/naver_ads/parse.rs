//! Naver's words, numbers and dates → ours.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Asia::Seoul;
use moa_domain::{CampaignStatus, ChannelCode, Counts, Millionths, MoneyKind, Objective, Platform, VatBasis};

use super::wire;
use crate::connector::RemoteCampaign;
use crate::error::{ConnectorError, Kind};
use crate::wire::Number;

/// Every search product is one channel; which product it was stands in the campaign's kind.
pub(super) fn channel() -> ChannelCode {
    ChannelCode::new("naver_search")
}

/// `/stats` tells cost with VAT, whatever the workspace has noted of the account.
pub(super) fn with_vat(kind: MoneyKind) -> MoneyKind {
    MoneyKind { vat: VatBasis::Included, ..kind }
}

/// Large reports tell cost without VAT up to 2026-03-29 and with VAT from the day after, by the day the figures are of.
pub(super) fn report_kind(kind: MoneyKind, date: NaiveDate) -> MoneyKind {
    let switched = NaiveDate::from_ymd_opt(2026, 3, 30).is_some_and(|switch| date >= switch);
    MoneyKind { vat: if switched { VatBasis::Included } else { VatBasis::Excluded }, ..kind }
}

pub(super) fn campaign(campaign: wire::Campaign) -> RemoteCampaign {
    let removed = campaign.status.0 == "DELETED";
    let shared = campaign.shared_budget_id.as_deref().is_some_and(|id| !id.is_empty());
    let amount = |number: Number| number.millionths().filter(|amount| !amount.is_zero());
    let daily_budget = if shared {
        amount(campaign.shared_daily_budget)
    } else if campaign.use_daily_budget.0 {
        amount(campaign.daily_budget)
    } else {
        None
    };
    let period = |text: &Option<String>| if campaign.use_period.0 { text.as_deref().and_then(korean_day) } else { None };
    RemoteCampaign {
        status: Some(status(&campaign.status.0, &campaign.status_reason.0, campaign.user_lock.0)),
        objective: objective(&campaign.campaign_tp.0, &campaign.tracking_mode.0),
        daily_budget,
        // There is no budget for a campaign's whole life.
        total_budget: None,
        budget_shared: shared,
        start_date: period(&campaign.period_start_dt),
        end_date: period(&campaign.period_end_dt),
        id: campaign.ncc_campaign_id,
        name: campaign.name,
        kind: campaign.campaign_tp.0,
        removed,
    }
}

/// A campaign short of budget runs again at midnight: it is active.
pub(super) fn status(status: &str, reason: &str, locked: bool) -> CampaignStatus {
    match (status, reason) {
        ("DELETED", _) | (_, "CAMPAIGN_ENDED") => CampaignStatus::Ended,
        (_, "CAMPAIGN_PAUSED" | "CAMPAIGN_PENDING") => CampaignStatus::Paused,
        _ if locked => CampaignStatus::Paused,
        (_, "ELIGIBLE" | "CAMPAIGN_LIMITED_BY_BUDGET" | "CAMPAIGN_LIMITED_BY_SHARED_BUDGET") => CampaignStatus::Active,
        ("PAUSED", _) => CampaignStatus::Paused,
        _ => CampaignStatus::Active,
    }
}

/// Naver has no objectives: proposed from the kind of campaign.
pub(super) fn objective(kind: &str, tracking: &str) -> Option<Objective> {
    match kind {
        "WEB_SITE" if tracking == "TRACKING_DISABLED" => Some(Objective::Consideration),
        "WEB_SITE" | "SHOPPING" => Some(Objective::Conversion),
        "POWER_CONTENTS" | "PLACE" => Some(Objective::Consideration),
        "BRAND_SEARCH" => Some(Objective::Awareness),
        _ => None,
    }
}

/// Times are UTC instants; days are Korean ones. A plain day is taken as it stands.
pub(super) fn korean_day(text: &str) -> Option<NaiveDate> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Seoul).date_naive());
    }
    if let Ok(time) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(time.with_timezone(&Seoul).date_naive());
    }
    let day = text.get(..10).unwrap_or(text);
    day.parse().ok().or_else(|| NaiveDate::parse_from_str(text.get(..8)?, "%Y%m%d").ok())
}

/// `09시~10시`, `9시~10시`: the leading number.
pub(super) fn hour(label: &str) -> Option<u8> {
    let digits: String = label.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|hour| *hour < 24)
}

/// Counts of a row. Purchases are the counted conversions; `ccnt` and `convAmt` are of every kind.
///
/// # Errors
/// [`Kind::BadAnswer`], worth another try, for a number that is `null` or a row without impressions, clicks or cost.
pub(super) fn counts(figures: &wire::Figures) -> Result<Counts, ConnectorError> {
    let asked = |number: Option<Number>| number.filter(|number| number.is_present()).ok_or_else(bad_number);
    let other = |number: Option<Number>| number.map_or(Ok(None), |number| asked(Some(number)).map(Some));
    let count = |number: Number| number.count().filter(|count| *count >= 0).ok_or_else(bad_number);
    let amount = |number: Option<Number>| number.map_or(Ok(Millionths::ZERO), |number| number.millionths().ok_or_else(bad_number));
    Ok(Counts {
        impressions: count(asked(figures.imp_cnt)?)?,
        clicks: count(asked(figures.clk_cnt)?)?,
        cost: amount(Some(asked(figures.sales_amt)?))?,
        conversions: amount(other(figures.purchase_ccnt)?)?,
        revenue: amount(other(figures.purchase_conv_amt)?)?,
        conversions_all: amount(other(figures.ccnt)?)?,
        revenue_all: amount(other(figures.conv_amt)?)?,
    })
}

pub(super) fn bad_number() -> ConnectorError {
    ConnectorError::passing(&Platform::NaverAds, Kind::BadAnswer, None).with_detail("a number is missing")
}

pub(super) fn bad_answer(what: &str) -> ConnectorError {
    ConnectorError::passing(&Platform::NaverAds, Kind::BadAnswer, None).with_detail(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = r#"[{"nccCampaignId":"cmp-a001-01-000000001234567","customerId":3100001,"name":"여름이불_파워링크","campaignTp":"WEB_SITE",
        "dailyBudget":150000,"useDailyBudget":true,"usePeriod":true,"periodStartDt":"2026-08-31T15:00:00.000Z","periodEndDt":"2026-12-30T15:00:00.000Z",
        "userLock":false,"trackingMode":"AUTO_TRACKING_MODE","sharedBudgetId":null,"status":"ELIGIBLE","statusReason":"ELIGIBLE"},
        {"nccCampaignId":"cmp-a001-02-000000001234568","name":"이불_쇼핑검색","campaignTp":"SHOPPING","dailyBudget":0,"useDailyBudget":0,"usePeriod":0,"userLock":1,
        "trackingMode":0,"sharedBudgetId":"shb-a001","sharedDailyBudget":300000,"status":"PAUSED","statusReason":"CAMPAIGN_PAUSED","newField":{}}]"#;

    #[test]
    fn campaigns_are_read_with_their_korean_days_and_shared_budgets() {
        let listed: Vec<wire::Campaign> = serde_json::from_str(LISTED).expect("campaigns");
        let [one, other]: [RemoteCampaign; 2] = listed.into_iter().map(campaign).collect::<Vec<_>>().try_into().expect("two");
        assert_eq!((one.start_date, one.end_date), (korean_day("2026-09-01"), korean_day("2026-12-31")));
        assert_eq!((one.daily_budget, one.budget_shared), (Some(Millionths::from_whole(150_000)), false));
        assert_eq!((other.daily_budget, other.budget_shared), (Some(Millionths::from_whole(300_000)), true));
        assert_eq!((other.status, other.start_date), (Some(CampaignStatus::Paused), None));
    }

    #[test]
    fn statuses_and_objectives_are_as_documented() {
        let cases = [
            ("ELIGIBLE", "ELIGIBLE", false, CampaignStatus::Active),
            ("ELIGIBLE", "CAMPAIGN_LIMITED_BY_BUDGET", false, CampaignStatus::Active),
            ("PAUSED", "CAMPAIGN_LIMITED_BY_SHARED_BUDGET", false, CampaignStatus::Active),
            ("PAUSED", "CAMPAIGN_PAUSED", true, CampaignStatus::Paused),
            ("ELIGIBLE", "ELIGIBLE", true, CampaignStatus::Paused),
            ("PAUSED", "CAMPAIGN_PENDING", false, CampaignStatus::Paused),
            ("PAUSED", "CAMPAIGN_ENDED", true, CampaignStatus::Ended),
            ("DELETED", "ELIGIBLE", false, CampaignStatus::Ended),
            ("SOMETHING_NEW", "SOMETHING_NEW", false, CampaignStatus::Active),
        ];
        for (text, reason, locked, expected) in cases {
            assert_eq!(status(text, reason, locked), expected, "{text} {reason}");
        }
        assert_eq!(objective("WEB_SITE", "AUTO_TRACKING_MODE"), Some(Objective::Conversion));
        assert_eq!(objective("WEB_SITE", "TRACKING_DISABLED"), Some(Objective::Consideration));
        assert_eq!(objective("SHOPPING", "TRACKING_DISABLED"), Some(Objective::Conversion));
        assert_eq!(objective("BRAND_SEARCH", ""), Some(Objective::Awareness));
        assert_eq!(objective("PLACE", ""), Some(Objective::Consideration));
        assert_eq!(objective("NEW_KIND", ""), None);
    }

    #[test]
    fn null_is_no_zero_and_a_kind_that_is_not_told_is() {
        let read = |json: &str| counts(&serde_json::from_str::<wire::Figures>(json).expect("figures"));
        let told = read(r#"{"impCnt":10.0,"clkCnt":"2","salesAmt":1540,"ccnt":3,"convAmt":9000}"#).expect("counts");
        assert_eq!((told.impressions, told.clicks, told.cost), (10, 2, Millionths::from_whole(1540)));
        assert_eq!((told.conversions, told.conversions_all), (Millionths::ZERO, Millionths::from_whole(3)));
        assert!(read(r#"{"impCnt":10,"clkCnt":null,"salesAmt":1540}"#).is_err());
        assert!(read(r#"{"impCnt":10,"clkCnt":2,"salesAmt":1540,"purchaseCcnt":null}"#).is_err());
        assert!(read(r#"{"clkCnt":2,"salesAmt":1540}"#).is_err());
    }

    #[test]
    fn hours_and_vat_by_day() {
        assert_eq!((hour("00시~01시"), hour("9시~10시"), hour("23시~24시"), hour("밤")), (Some(0), Some(9), Some(23), None));
        let kind = MoneyKind::new(moa_domain::Currency::KRW, VatBasis::Excluded, 10);
        let day = |text: &str| text.parse().expect("a day");
        assert_eq!(report_kind(kind, day("2026-03-29")).vat, VatBasis::Excluded);
        assert_eq!(report_kind(kind, day("2026-03-30")).vat, VatBasis::Included);
        assert_eq!(with_vat(kind).vat, VatBasis::Included);
    }
}
