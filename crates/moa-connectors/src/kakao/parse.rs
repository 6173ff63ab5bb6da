//! Kakao's words and numbers → ours.

use chrono::NaiveDate;
use moa_domain::{CampaignStatus, ChannelCode, Counts, Millionths, Objective, Platform};

use serde_json::Value;

use super::wire;
use crate::connector::RemoteCampaign;
use crate::error::{ConnectorError, Kind};
use crate::wire::Number;

/// The window conversions are counted in: their names carry it, and windows are never added up.
pub(super) const WINDOW: &str = "7d";

/// (our kind; Kakao's name without its window; that of its amount).
const CONVERSIONS: &[(&str, &str, Option<&str>)] = &[
    ("purchase", "conv_purchase", Some("conv_purchase_p")),
    ("sign_up", "conv_cmpt_reg", None),
    ("lead", "conv_signup", None),
    ("add_to_cart", "conv_view_cart", None),
    ("participation", "conv_participation", None),
    ("app_install", "conv_app_install", None),
];

pub(super) fn channel() -> ChannelCode {
    ChannelCode::new("kakao")
}

pub(super) fn is_message(kind: &str) -> bool {
    matches!(kind, "TALK_CHANNEL" | "PERSONAL_MESSAGE")
}

pub(super) fn campaign(campaign: wire::Campaign) -> RemoteCampaign {
    let goal = campaign.campaign_type_goal.unwrap_or_default();
    let (kind, goal) = (goal.campaign_type.unwrap_or_default(), goal.goal.unwrap_or_default());
    let config = campaign.config.unwrap_or_default();
    let removed = config == "DEL";
    RemoteCampaign {
        id: campaign.id.0,
        name: campaign.name,
        status: status(&config, campaign.system_config.as_deref()),
        objective: objective(&goal, &kind),
        daily_budget: campaign.daily_budget_amount.and_then(Number::millionths).filter(|amount| !amount.is_zero()),
        total_budget: None,
        budget_shared: false,
        start_date: None,
        end_date: None,
        kind,
        removed,
    }
}

/// What stands on a campaign's ad groups: from the first day to the last, open where one group is; the sum of their total budgets; and
/// that it is over once every group is.
pub(super) fn with_groups(mut campaign: RemoteCampaign, groups: &[wire::AdGroup], today: NaiveDate) -> RemoteCampaign {
    if groups.is_empty() {
        return campaign;
    }
    let of = |group: &wire::AdGroup, end: bool| {
        let schedule = group.schedule.as_ref()?;
        day(if end { schedule.end_date.as_deref() } else { schedule.begin_date.as_deref() }?)
    };
    campaign.start_date = groups.iter().filter_map(|group| of(group, false)).min();
    let ends: Option<Vec<NaiveDate>> = groups.iter().map(|group| of(group, true)).collect();
    campaign.end_date = ends.and_then(|ends| ends.into_iter().max());
    let totals: Vec<Millionths> =
        groups.iter().filter_map(|group| group.total_budget.millionths()).filter(|total| !total.is_zero()).collect();
    campaign.total_budget = (!totals.is_empty()).then(|| totals.into_iter().fold(Millionths::ZERO, |sum, total| sum + total));
    let is_over = |group: &wire::AdGroup| group.is_valid_period == Some(false) || of(group, true).is_some_and(|end| end < today);
    if campaign.status == Some(CampaignStatus::Active) && groups.iter().all(is_over) {
        campaign.status = Some(CampaignStatus::Ended);
    }
    campaign
}

/// A campaign whose day's budget is used up runs again tomorrow: it is active.
fn status(config: &str, system: Option<&str>) -> Option<CampaignStatus> {
    match (config, system) {
        ("DEL", _) => Some(CampaignStatus::Ended),
        ("OFF", _) => Some(CampaignStatus::Paused),
        ("ON", Some(system)) if system != "ON" => Some(CampaignStatus::Paused),
        ("ON", _) => Some(CampaignStatus::Active),
        _ => None,
    }
}

/// Messages to a channel's friends aim at reach and are no advertising to strangers.
fn objective(goal: &str, kind: &str) -> Option<Objective> {
    match goal {
        "CONVERSION" => Some(Objective::Conversion),
        "VISITING" => Some(Objective::Consideration),
        "REACH" | "VIEW" if is_message(kind) => Some(Objective::Consideration),
        "REACH" | "VIEW" => Some(Objective::Awareness),
        _ => None,
    }
}

/// `20260930` or `2026-09-30`.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok().or_else(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok())
}

/// `09`, `9`, `09시`.
pub(super) fn hour(text: &str) -> Option<u8> {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|hour| *hour < 24)
}

/// A campaign's figures, and its conversions by kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Told {
    pub(super) counts: Counts,
    pub(super) conversions: Vec<(&'static str, Millionths, Millionths)>,
}

/// Messages are opened and clicked instead of shown; a campaign that shows nothing and was opened is one, whatever its kind is called.
///
/// # Errors
/// [`Kind::BadAnswer`], worth another try, for a number that is `null` where it is needed. What is absent is zero, and so is everything of a
/// message that was not sent.
pub(super) fn told(metrics: &wire::Metrics, kind: &str) -> Result<Told, ConnectorError> {
    let number = |name: &str| match metrics.get(name) {
        None => Ok(None),
        Some(value) => match serde_json::from_value::<Number>(value.clone()) {
            Ok(number) if number.is_present() => Ok(Some(number)),
            _ => Err(bad_answer("a number is missing")),
        },
    };
    if metrics.values().all(Value::is_null) {
        return Ok(Told::default());
    }
    let count = |name: &str| -> Result<i64, ConnectorError> {
        match number(name)? {
            None => Ok(0),
            Some(number) => number.count().filter(|count| *count >= 0).ok_or_else(|| bad_answer("a count that is none")),
        }
    };
    let amount = |name: &str| -> Result<Millionths, ConnectorError> {
        match number(name)? {
            None => Ok(Millionths::ZERO),
            Some(number) => number.millionths().ok_or_else(|| bad_answer("an amount that does not fit")),
        }
    };
    let is_nothing = |name: &str| number(name).is_ok_and(|number| number.and_then(Number::count).unwrap_or(0) == 0);
    let is_null = |name: &str| metrics.get(name).is_some_and(Value::is_null);
    let shows_nothing = (is_nothing("imp") || is_null("imp")) && (is_nothing("click") || is_null("click"));
    let message = is_message(kind) || (shows_nothing && !is_nothing("msg_open") && !is_null("msg_open"));
    let mut told = Told {
        counts: Counts {
            impressions: count(if message { "msg_open" } else { "imp" })?,
            clicks: count(if message { "msg_click" } else { "click" })?,
            cost: amount("cost")?,
            ..Counts::default()
        },
        conversions: Vec::new(),
    };
    for (kind, name, value) in CONVERSIONS {
        let conversions = amount(&format!("{name}_{WINDOW}"))?;
        let revenue = value.map_or(Ok(Millionths::ZERO), |name| amount(&format!("{name}_{WINDOW}")))?;
        told.counts.conversions_all = told.counts.conversions_all + conversions;
        told.counts.revenue_all = told.counts.revenue_all + revenue;
        if *kind == "purchase" {
            (told.counts.conversions, told.counts.revenue) = (conversions, revenue);
        }
        if !conversions.is_zero() || !revenue.is_zero() {
            told.conversions.push((kind, conversions, revenue));
        }
    }
    Ok(told)
}

pub(super) fn bad_answer(what: &str) -> ConnectorError {
    ConnectorError::passing(&Platform::Kakao, Kind::BadAnswer, None).with_detail(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ad_groups_tell_dates_total_budget_and_the_end() {
        let today: NaiveDate = "2026-11-22".parse().expect("a day");
        let read = |groups: &str| {
            let json = r#"{"id":1,"name":"a","config":"ON","systemConfig":"ON","campaignTypeGoal":{"campaignType":"DISPLAY","goal":null}}"#;
            let groups: Vec<wire::AdGroup> = serde_json::from_str(groups).expect("groups");
            with_groups(campaign(serde_json::from_str(json).expect("a campaign")), &groups, today)
        };
        let over = read(
            r#"[{"id":1,"totalBudget":100000,"schedule":{"beginDate":"2026-10-01","endDate":"2026-10-31"}},
            {"id":2,"totalBudget":"50000","isValidPeriod":false,"schedule":{"startDate":"20260901","endDate":"20261115"}}]"#,
        );
        assert_eq!((over.status, over.total_budget), (Some(CampaignStatus::Ended), Some(Millionths::from_whole(150_000))));
        assert_eq!(over.start_date.map(|day| day.to_string()).as_deref(), Some("2026-09-01"));
        assert_eq!(over.end_date.map(|day| day.to_string()).as_deref(), Some("2026-11-15"));
        let open = read(r#"[{"id":1,"schedule":{"beginDate":"2026-10-01","endDate":null}},{"id":2,"schedule":{"endDate":"2026-10-31"}}]"#);
        assert_eq!((open.status, open.end_date, open.total_budget), (Some(CampaignStatus::Active), None, None));
    }

    #[test]
    fn numbers_that_are_not_used_may_be_anything() {
        let told = read(r#"{"imp":10,"click":null,"ctr":null,"cost":5,"new":{"a":1}}"#, "DISPLAY");
        assert!(told.is_err(), "clicks are used");
        let told = read(r#"{"imp":10,"click":1,"ctr":null,"msg_open":null,"cost":5,"new":{"a":1}}"#, "DISPLAY").expect("figures");
        assert_eq!((told.counts.impressions, told.counts.clicks), (10, 1));
        let zero = read(r#"{"imp":0,"click":0,"msg_open":2406,"msg_click":44,"cost":5}"#, "SOME_NEW_MESSAGE").expect("figures");
        assert_eq!((zero.counts.impressions, zero.counts.clicks), (2406, 44));
        assert_eq!(read(r#"{"imp":null,"cost":null}"#, "TALK_CHANNEL").expect("not sent"), Told::default());
    }

    fn read(json: &str, kind: &str) -> Result<Told, ConnectorError> {
        told(&serde_json::from_str(json).expect("metrics"), kind)
    }

    #[test]
    fn figures_are_read_with_one_window_of_conversions() {
        let json = r#"{"imp":210344,"click":1820,"ctr":0.865,"cost":412300.0,"conv_purchase_1d":14,"conv_purchase_7d":19,"conv_purchase_p_1d":1180000,
            "conv_purchase_p_7d":1544000,"conv_signup_7d":3}"#;
        let shown = read(json, "TALK_BIZ_BOARD").expect("figures");
        assert_eq!((shown.counts.impressions, shown.counts.cost), (210_344, Millionths::from_whole(412_300)));
        assert_eq!((shown.counts.conversions, shown.counts.conversions_all), (Millionths::from_whole(19), Millionths::from_whole(22)));
        assert_eq!(shown.counts.revenue, Millionths::from_whole(1_544_000));
        assert_eq!(shown.conversions.len(), 2);
        let message = r#"{"msg_send":7039,"msg_open":2406,"msg_click":44,"msg_send_fail":7,"cost":105585.0}"#;
        for kind in ["TALK_CHANNEL", ""] {
            let sent = read(message, kind).expect("figures");
            assert_eq!((sent.counts.impressions, sent.counts.clicks), (2406, 44), "{kind}");
        }
        assert!(read(r#"{"imp":null,"cost":1}"#, "DISPLAY").is_err());
        assert_eq!(read("{}", "TALK_CHANNEL").expect("nothing"), Told::default());
    }

    #[test]
    fn statuses_objectives_days_and_hours_are_as_documented() {
        assert_eq!(status("ON", Some("ON")), Some(CampaignStatus::Active));
        assert_eq!(status("ON", Some("ADMIN_STOP")), Some(CampaignStatus::Paused));
        assert_eq!(status("OFF", None), Some(CampaignStatus::Paused));
        assert_eq!(status("DEL", Some("ON")), Some(CampaignStatus::Ended));
        assert_eq!(status("SOMETHING_NEW", None), None);
        assert_eq!(objective("CONVERSION", "DISPLAY"), Some(Objective::Conversion));
        assert_eq!(objective("VISITING", "DISPLAY"), Some(Objective::Consideration));
        assert_eq!(objective("VIEW", "VIDEO"), Some(Objective::Awareness));
        assert_eq!(objective("REACH", "TALK_CHANNEL"), Some(Objective::Consideration));
        assert_eq!(day("20260930"), day("2026-09-30"));
        assert_eq!((hour("09"), hour("9"), hour("24")), (Some(9), Some(9), None));
    }
}
