//! Kakao's words and numbers → ours.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use moa_domain::{CampaignStatus, ChannelCode, Counts, Millionths, Objective, Platform};

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
    let removed = campaign.config == "DEL";
    RemoteCampaign {
        id: campaign.id.0,
        name: campaign.name,
        status: status(&campaign.config, campaign.system_config.as_deref()),
        objective: objective(&goal.goal, &goal.campaign_type),
        daily_budget: campaign.daily_budget_amount.millionths().filter(|amount| !amount.is_zero()),
        total_budget: None,
        budget_shared: false,
        start_date: None,
        end_date: None,
        kind: goal.campaign_type,
        removed,
    }
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

/// Messages are opened and clicked instead of shown; a campaign of unknown kind that tells nothing else is one.
///
/// # Errors
/// [`Kind::BadAnswer`], worth another try, for a number that is `null`. What is absent is zero.
pub(super) fn told(metrics: &BTreeMap<String, Number>, kind: &str) -> Result<Told, ConnectorError> {
    let number = |name: &str| match metrics.get(name) {
        None => Ok(None),
        Some(number) if number.is_present() => Ok(Some(*number)),
        Some(_) => Err(bad_answer("a number is missing")),
    };
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
    let message = is_message(kind) || (kind.is_empty() && !metrics.contains_key("imp") && metrics.contains_key("msg_open"));
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
        assert!(read(r#"{"imp":null}"#, "DISPLAY").is_err());
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
