//! How full Meta says its limits are, from the headers of every answer.

use std::time::Duration;

use serde_json::Value;

use super::errors;
use crate::http::{Answer, Load};

/// Leaves an account alone for as long as the fullest limit asks: at 75 % a little, at 90 % a minute, and as many minutes as are named. Limits
/// of the app hold every account.
pub(super) fn load(answer: &Answer) -> Option<Load> {
    let of_app = plain(answer, &["x-app-usage"]).map(|entry| fullest(&entry, &OF_LIMIT)).fold(0.0, f64::max);
    let of_app = plain(answer, &["x-fb-ads-insights-throttle"]).map(|entry| fullest(&entry, &["app_id_util_pct"])).fold(of_app, f64::max);
    let accounts = plain(answer, &["x-ad-account-usage", "x-fb-ads-insights-throttle"]).map(|entry| fullest(&entry, &["acc_id_util_pct"]));
    let of_account = entries(answer).iter().map(|entry| fullest(entry, &OF_LIMIT)).chain(accounts).fold(0.0, f64::max);
    let refused = errors::app_pause(answer).unwrap_or_default();
    let load = Load { hold: regain(answer).unwrap_or(pause_at(of_account)), hold_wide: pause_at(of_app).max(refused) };
    (load != Load::default()).then_some(load)
}

const OF_LIMIT: [&str; 3] = ["call_count", "total_cputime", "total_time"];

fn pause_at(percent: f64) -> Duration {
    match percent {
        full if full >= 90.0 => Duration::from_secs(60),
        full if full >= 75.0 => Duration::from_secs(3),
        _ => Duration::ZERO,
    }
}

/// Minutes until access is regained, over all limits named.
pub(super) fn regain(answer: &Answer) -> Option<Duration> {
    let minutes = entries(answer).iter().filter_map(|entry| entry.get("estimated_time_to_regain_access")?.as_f64()).fold(0.0, f64::max);
    Duration::try_from_secs_f64(minutes * 60.0).ok().filter(|wait| !wait.is_zero())
}

fn fullest(entry: &Value, names: &[&str]) -> f64 {
    names.iter().filter_map(|name| entry.get(name)?.as_f64()).fold(0.0, f64::max)
}

fn plain(answer: &Answer, names: &[&str]) -> impl Iterator<Item = Value> {
    names.iter().filter_map(|name| serde_json::from_str::<Value>(answer.header(name)?).ok()).collect::<Vec<_>>().into_iter()
}

/// The header is a map of lists: every entry of every key counts.
fn entries(answer: &Answer) -> Vec<Value> {
    let Some(Ok(Value::Object(map))) = answer.header("x-business-use-case-usage").map(serde_json::from_str::<Value>) else {
        return Vec::new();
    };
    map.into_iter().flat_map(|(_, list)| list.as_array().cloned().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn answer(headers: &[(&'static str, &str)]) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"));
        }
        Answer { status: 200, headers: map, body: Bytes::new() }
    }

    #[test]
    fn the_fullest_limit_decides() {
        let quiet = r#"{"410022003300":[{"type":"ads_insights","call_count":28,"total_time":25,"estimated_time_to_regain_access":0}]}"#;
        assert_eq!(load(&answer(&[("x-business-use-case-usage", quiet)])), None);
        assert_eq!(
            load(&answer(&[("x-fb-ads-insights-throttle", r#"{"app_id_util_pct":92.5}"#)])),
            Some(Load { hold_wide: Duration::from_secs(60), ..Load::default() })
        );
        let full = r#"{"1":[{"call_count":1}],"2":[{"call_count":3},{"call_count":100,"estimated_time_to_regain_access":17}]}"#;
        assert_eq!(
            load(&answer(&[("x-business-use-case-usage", full)])),
            Some(Load { hold: Duration::from_secs(17 * 60), ..Load::default() })
        );
        assert_eq!(load(&answer(&[("x-app-usage", "not JSON")])), None);
        let body = Bytes::from_static(br#"{"error":{"message":"Application request limit reached","code":4}}"#);
        let refused = Answer { status: 400, body, ..answer(&[]) };
        assert_eq!(
            load(&refused),
            Some(Load { hold_wide: Duration::from_secs(300), ..Load::default() }),
            "the app's limit stops every account"
        );
        assert_eq!(
            load(&answer(&[("x-ad-account-usage", r#"{"acc_id_util_pct":80.5}"#)])),
            Some(Load { hold: Duration::from_secs(3), ..Load::default() }),
            "one account's"
        );
    }
}
