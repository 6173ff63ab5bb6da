//! Conversions and engagement out of Meta's lists of actions, each thing once.
//!
//! One sale stands there several times under different names, and some names hold others. So of each kind the first name that is there
//! counts, compared exactly, and nothing is ever added up over the list.

use moa_domain::{Engagement, Millionths, Objective};

use super::wire::Action;
use crate::error::ConnectorError;
use crate::wire::Number;

/// (our kind; names by priority). A name in the last place may be two that do not overlap.
const KINDS: &[(&str, &[&[&str]])] = &[
    ("purchase", &[&["omni_purchase"], &["purchase"], &["offsite_conversion.fb_pixel_purchase"]]),
    ("lead", &[&["omni_lead"], &["lead"], &["offsite_conversion.fb_pixel_lead", "onsite_conversion.lead_grouped"]]),
    ("sign_up", &[&["omni_complete_registration"], &["complete_registration"], &["offsite_conversion.fb_pixel_complete_registration"]]),
    ("app_install", &[&["omni_app_install"], &["mobile_app_install"], &["app_install"]]),
];

/// A kind of conversion of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Converted {
    pub(super) kind: &'static str,
    pub(super) conversions: Millionths,
    pub(super) revenue: Millionths,
}

/// What a row's actions come to, and whether fixed windows had to stand in for the default one.
///
/// # Errors
/// A number that is `null`: worth another try.
pub(super) fn conversions(actions: &[Action], values: &[Action]) -> Result<(Vec<Converted>, bool), ConnectorError> {
    let mut fixed = false;
    let mut told = Vec::new();
    for (kind, tiers) in KINDS {
        // Counts and values by the same name.
        let in_list = |list: &[Action]| {
            let is_there = |name: &&str| list.iter().any(|action| action.action_type == **name);
            tiers.iter().find(|names| names.iter().any(is_there))
        };
        let Some(names) = in_list(actions).or_else(|| in_list(values)) else { continue };
        let mut sum = |list: &[Action]| -> Result<Millionths, ConnectorError> {
            let mut sum = Millionths::ZERO;
            for name in *names {
                if let Some(action) = list.iter().find(|action| action.action_type == *name) {
                    let (value, is_fixed) = value(action)?;
                    fixed |= is_fixed;
                    sum = sum + value;
                }
            }
            Ok(sum)
        };
        let (conversions, revenue) = (sum(actions)?, sum(values)?);
        if !conversions.is_zero() || !revenue.is_zero() {
            told.push(Converted { kind, conversions, revenue });
        }
    }
    Ok((told, fixed))
}

/// The kind that counts for a campaign: what it is for, else purchases.
pub(super) fn counted(objective: &str) -> &'static str {
    match objective {
        "OUTCOME_LEADS" | "LEAD_GENERATION" => "lead",
        "OUTCOME_APP_PROMOTION" | "APP_INSTALLS" => "app_install",
        _ => "purchase",
    }
}

pub(super) fn engagement(actions: &[Action]) -> Result<Engagement, ConnectorError> {
    let told = |name: &str| actions.iter().find(|action| action.action_type == name);
    let of = |names: &[&str]| -> Result<i64, ConnectorError> {
        match names.iter().find_map(|name| told(name)) {
            None => Ok(0),
            Some(action) => Ok(value(action)?.0.0 / 1_000_000),
        }
    };
    Ok(Engagement {
        // Reactions; `like` is of the page.
        likes: of(&["post_reaction"])?,
        comments: of(&["comment"])?,
        shares: of(&["post", "onsite_conversion.post_share"])?,
        saves: of(&["onsite_conversion.post_save"])?,
    })
}

/// By the default window; where Meta withholds that, seven days after a click and one after a view. The shorter click window is part of the
/// longer.
fn value(action: &Action) -> Result<(Millionths, bool), ConnectorError> {
    let amount = |number: Number| number.millionths().ok_or_else(|| super::parse::bad_answer("a number is missing"));
    if let Some(number) = action.value {
        return Ok((amount(number)?, false));
    }
    let window = |number: Option<Number>| number.map_or(Ok(Millionths::ZERO), amount);
    Ok((window(action.click_7d)? + window(action.view_1d)?, true))
}

/// Meta has no such thing: proposed from the objective.
pub(super) fn objective(text: &str) -> Objective {
    match text {
        "OUTCOME_AWARENESS" | "BRAND_AWARENESS" | "REACH" | "LOCAL_AWARENESS" => Objective::Awareness,
        "OUTCOME_LEADS"
        | "OUTCOME_SALES"
        | "OUTCOME_APP_PROMOTION"
        | "CONVERSIONS"
        | "LEAD_GENERATION"
        | "PRODUCT_CATALOG_SALES"
        | "APP_INSTALLS"
        | "STORE_VISITS" => Objective::Conversion,
        _ => Objective::Consideration,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(json: &str) -> Vec<Action> {
        serde_json::from_str(json).expect("actions")
    }

    #[test]
    fn one_sale_counts_once_and_names_are_compared_whole() {
        let actions = list(
            r#"[{"action_type":"link_click","value":"402"},{"action_type":"post_reaction","value":"57"},{"action_type":"comment","value":"4"},
            {"action_type":"post","value":"9"},{"action_type":"onsite_conversion.post_save","value":"13"},{"action_type":"post_engagement","value":"498"},
            {"action_type":"like","value":"5"},{"action_type":"purchase","value":"7"},{"action_type":"omni_purchase","value":"7","1d_click":"3","7d_click":"6","1d_view":"1"},
            {"action_type":"offsite_conversion.fb_pixel_purchase","value":"7"},{"action_type":"offsite_content_view_add_meta_leads","value":"90"}]"#,
        );
        let values = list(r#"[{"action_type":"purchase","value":"412000"},{"action_type":"omni_purchase","value":"412000"}]"#);
        let (told, fixed) = conversions(&actions, &values).expect("conversions");
        assert_eq!(
            told,
            [Converted { kind: "purchase", conversions: Millionths::from_whole(7), revenue: Millionths::from_whole(412_000) }]
        );
        assert!(!fixed);
        assert_eq!(engagement(&actions).expect("engagement"), Engagement { likes: 57, shares: 9, comments: 4, saves: 13 });
    }

    #[test]
    fn withheld_values_are_made_of_fixed_windows_and_null_is_no_zero() {
        let bare = list(r#"[{"action_type":"lead","1d_click":"2","7d_click":"5","1d_view":"1"}]"#);
        let (told, fixed) = conversions(&bare, &[]).expect("conversions");
        assert_eq!((told[0].kind, told[0].conversions, fixed), ("lead", Millionths::from_whole(6), true));
        assert!(conversions(&list(r#"[{"action_type":"purchase","value":null}]"#), &[]).is_err());
        let two = list(
            r#"[{"action_type":"offsite_conversion.fb_pixel_lead","value":"2"},{"action_type":"onsite_conversion.lead_grouped","value":"3"}]"#,
        );
        assert_eq!(conversions(&two, &[]).expect("conversions").0[0].conversions, Millionths::from_whole(5));
    }

    #[test]
    fn counts_and_values_go_by_one_name_and_unknown_parts_are_passed_over() {
        let actions = list(r#"[{"action_type":"purchase","value":"7","action_reaction":"love","28d_click":{"a":1}}]"#);
        let values = list(r#"[{"action_type":"omni_purchase","value":"9"},{"action_type":"purchase","value":"412000"}]"#);
        let (told, _) = conversions(&actions, &values).expect("conversions");
        assert_eq!((told[0].conversions, told[0].revenue), (Millionths::from_whole(7), Millionths::from_whole(412_000)));
        let shared = list(r#"[{"action_type":"onsite_conversion.post_share","value":"4"}]"#);
        assert_eq!(engagement(&shared).expect("engagement").shares, 4);
    }

    #[test]
    fn objectives_and_what_counts_for_them() {
        assert_eq!((objective("OUTCOME_SALES"), counted("OUTCOME_SALES")), (Objective::Conversion, "purchase"));
        assert_eq!((objective("OUTCOME_LEADS"), counted("OUTCOME_LEADS")), (Objective::Conversion, "lead"));
        assert_eq!((objective("APP_INSTALLS"), counted("APP_INSTALLS")), (Objective::Conversion, "app_install"));
        assert_eq!((objective("OUTCOME_TRAFFIC"), counted("OUTCOME_TRAFFIC")), (Objective::Consideration, "purchase"));
        assert_eq!(objective("REACH"), Objective::Awareness);
        assert_eq!(objective("SOMETHING_NEW"), Objective::Consideration);
    }
}
