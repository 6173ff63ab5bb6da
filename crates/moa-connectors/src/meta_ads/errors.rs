//! Meta's refusals → what they mean here and whether trying again helps.

use std::time::Duration;

use moa_domain::Platform;
use serde::Deserialize;

use super::usage;
use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Request, Verdict};
use crate::wire::{Flag, Number};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Fail,
    /// May pass by itself, or not: a list is asked in smaller pieces, everything else again.
    Smaller,
    /// After so many seconds, or a growing pause.
    Retry(Option<u64>),
    /// With another token, where there is one.
    Renew,
    /// After the time the headers name, else so many seconds.
    Throttle(u64),
}

/// (first and last code; subcode, or any; kind; way). The first row that fits counts. Source: Meta's error-handling and rate-limit pages and
/// the list of insights error codes.
const TABLE: &[(i64, i64, Option<i64>, Kind, Way)] = &[
    (190, 190, None, Kind::NeedsLogin, Way::Renew),
    (102, 102, None, Kind::NeedsLogin, Way::Renew),
    (10, 10, None, Kind::MissingScope, Way::Fail),
    (3, 3, None, Kind::NotApproved, Way::Fail),
    (200, 299, None, Kind::NoAccess, Way::Fail),
    (100, 100, Some(33), Kind::NoAccess, Way::Fail),
    (100, 100, Some(1_487_534), Kind::TooMuchData, Way::Fail),
    (100, 100, Some(1_504_018), Kind::TooMuchData, Way::Fail),
    (2, 2, Some(1_504_038), Kind::TooMuchData, Way::Fail),
    // Unknown, or too much: once more as it is, then in smaller pieces.
    (1, 1, None, Kind::TooMuchData, Way::Smaller),
    (100, 100, None, Kind::BadRequest, Way::Fail),
    (2500, 2500, None, Kind::BadRequest, Way::Fail),
    (2, 2, Some(1_504_041), Kind::BadRequest, Way::Fail),
    (2, 2, Some(1_504_042), Kind::BadRequest, Way::Fail),
    (2635, 2635, None, Kind::Outdated, Way::Fail),
    (3018, 3018, None, Kind::OutOfRange, Way::Fail),
    (4, 4, Some(1_504_022), Kind::RateLimited, Way::Throttle(60)),
    (4, 4, Some(1_504_039), Kind::RateLimited, Way::Throttle(60)),
    (4, 4, None, Kind::RateLimited, Way::Throttle(300)),
    (17, 17, None, Kind::RateLimited, Way::Throttle(300)),
    (32, 32, None, Kind::RateLimited, Way::Throttle(300)),
    (613, 613, None, Kind::RateLimited, Way::Throttle(60)),
    (80_000, 80_099, None, Kind::RateLimited, Way::Throttle(300)),
    (341, 341, None, Kind::Blocked, Way::Retry(Some(6 * 3600))),
    (368, 368, None, Kind::Blocked, Way::Retry(Some(6 * 3600))),
    (2, 2, None, Kind::Unavailable, Way::Retry(None)),
    (104, 104, None, Kind::Unavailable, Way::Retry(None)),
    (960, 960, None, Kind::Unavailable, Way::Retry(None)),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    message: Option<String>,
    code: Number,
    error_subcode: Number,
    is_transient: Flag,
    error_user_msg: Option<String>,
    fbtrace_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope {
    error: Option<Refusal>,
}

/// How long every account of the app has to wait: a refusal for what the app as a whole has asked.
pub(super) fn app_pause(answer: &Answer) -> Option<Duration> {
    const OF_APP: i64 = 4;
    if answer.is_success() {
        return None;
    }
    let refusal = serde_json::from_slice::<Envelope>(&answer.body).ok()?.error?;
    let subcode = refusal.error_subcode.count();
    let row = TABLE.iter().find(|(first, _, of, ..)| *first == OF_APP && (of.is_none() || *of == subcode));
    match row {
        Some((.., Way::Throttle(seconds))) if refusal.code.count() == Some(OF_APP) => Some(Duration::from_secs(*seconds)),
        _ => None,
    }
}

/// Codes decide, not the status: throttling comes with 400, 403 and 429, and a failure may stand in an answer of success.
pub(super) fn judge(request: &Request, answer: &Answer) -> Verdict {
    let may_be_refusal =
        !answer.is_success() || answer.body.iter().take(64).copied().collect::<Vec<_>>().windows(7).any(|part| part == b"\"error\"");
    if !may_be_refusal {
        return Verdict::Good;
    }
    let refusal = serde_json::from_slice::<Envelope>(&answer.body).unwrap_or_default().error;
    if answer.is_success() && refusal.is_none() {
        return Verdict::Good;
    }
    let refusal = refusal.unwrap_or_default();
    let (number, subnumber, transient) = (refusal.code.count(), refusal.error_subcode.count(), refusal.is_transient.0);
    let message = refusal.message.as_deref().unwrap_or_default();
    let fits = |(first, last, subcode, ..): &&(i64, i64, Option<i64>, Kind, Way)| {
        number.is_some_and(|code| (*first..=*last).contains(&code)) && (subcode.is_none() || *subcode == subnumber)
    };
    let row = TABLE.iter().find(fits).map(|(_, _, _, kind, way)| (*kind, *way));
    // Where the text says so, trying the same again is in vain.
    let too_much = number == Some(1) && message.contains("reduce the amount of data");
    let is_list = request.url.query_pairs().any(|(name, _)| name == "limit");
    let (kind, way) = match row {
        _ if too_much => (Kind::TooMuchData, Way::Fail),
        Some((_, Way::Smaller)) if !is_list => (Kind::Unavailable, Way::Retry(None)),
        Some((kind, Way::Fail)) if transient => (kind, Way::Retry(None)),
        Some(row) => row,
        None if transient || answer.status >= 500 => (Kind::Unavailable, Way::Retry(None)),
        // Not Meta's own answer, whatever its status: something on the way.
        None if number.is_none() && answer.status == 429 => (Kind::RateLimited, Way::Throttle(60)),
        None if number.is_none() => (Kind::Unavailable, Way::Retry(None)),
        None => (Kind::BadRequest, Way::Fail),
    };
    let said = refusal.error_user_msg.as_deref().unwrap_or(message);
    let code = match (number, subnumber) {
        (Some(code), Some(subcode)) => Some(format!("{code}/{subcode}")),
        (Some(code), None) => Some(code.to_string()),
        (None, _) => None,
    };
    let told = |error: ConnectorError| {
        let error = error.with_status(answer.status).with_detail(said).with_request_id(refusal.fbtrace_id.clone());
        match &code {
            Some(code) => error.with_vendor_code(code.clone()),
            None => error,
        }
    };
    match way {
        Way::Fail => Verdict::Fail(told(ConnectorError::fatal(&Platform::MetaAds, kind))),
        Way::Smaller => Verdict::Fail(told(ConnectorError::passing(&Platform::MetaAds, kind, None))),
        Way::Renew => Verdict::Renew(told(ConnectorError::fatal(&Platform::MetaAds, kind))),
        Way::Retry(after) => Verdict::Retry(told(ConnectorError::passing(&Platform::MetaAds, kind, after.map(Duration::from_secs)))),
        Way::Throttle(seconds) => {
            let wait = usage::regain(answer).unwrap_or(Duration::from_secs(seconds));
            Verdict::Retry(told(ConnectorError::passing(&Platform::MetaAds, kind, Some(wait))))
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::header::HeaderMap;
    use url::Url;

    use super::super::limits::app_lane;
    use super::*;
    use crate::error::Retry;

    fn judged(status: u16, body: &str) -> Option<(Kind, bool, Retry)> {
        judged_of("/act_1/insights?limit=500", status, body)
    }

    fn judged_of(address: &str, status: u16, body: &str) -> Option<(Kind, bool, Retry)> {
        let url = Url::parse("https://graph.facebook.com").and_then(|origin| origin.join(address)).expect("an address");
        let request = Request::get(url, app_lane(), "figures");
        let answer = Answer { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body.as_bytes()) };
        match judge(&request, &answer) {
            Verdict::Good => None,
            Verdict::Retry(error) => Some((error.kind, true, error.retry)),
            Verdict::Fail(error) => Some((error.kind, false, error.retry)),
            Verdict::Renew(error) => Some((error.kind, false, error.retry)),
            Verdict::FixClock(_) => panic!("there is no such way"),
        }
    }

    fn body(code: i64, subcode: Option<i64>) -> String {
        let subcode = subcode.map(|subcode| format!(",\"error_subcode\":{subcode}")).unwrap_or_default();
        format!("{{\"error\":{{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":{code}{subcode},\"fbtrace_id\":\"t\"}}}}")
    }

    #[test]
    fn every_documented_code_has_its_meaning_whatever_the_status() {
        for (code, _, subcode, kind, way) in TABLE {
            for status in [200, 400, 403] {
                let (found, passes, _) = judged(status, &body(*code, *subcode)).expect("a refusal");
                assert_eq!((found, passes), (*kind, matches!(way, Way::Retry(_) | Way::Throttle(_))), "{code} {subcode:?} with {status}");
            }
        }
        for (code, subcode, kind) in [
            (190, Some(463), Kind::NeedsLogin),
            (200, None, Kind::NoAccess),
            (100, Some(1_487_534), Kind::TooMuchData),
            (80_004, Some(2_446_079), Kind::RateLimited),
            (294, None, Kind::NoAccess),
        ] {
            assert_eq!(judged(400, &body(code, subcode)).expect("a refusal").0, kind, "{code}");
        }
        let reduce = r#"{"error":{"code":1,"message":"Please reduce the amount of data you're asking for, then retry your request"}}"#;
        assert_eq!(judged(500, reduce).map(|(kind, passes, _)| (kind, passes)), Some((Kind::TooMuchData, false)));
        for subcode in [None, Some(99)] {
            let (kind, passes, retry) = judged(500, &body(1, subcode)).expect("a refusal");
            assert_eq!((kind, passes, retry), (Kind::TooMuchData, false, Retry::After(None)), "a list is asked in pieces");
            let (kind, passes, _) = judged_of("/120210000000010003", 500, &body(1, subcode)).expect("a refusal");
            assert_eq!((kind, passes), (Kind::Unavailable, true), "one object is asked again");
        }
        let as_text = r#"{"error":{"message":"m","code":"190","error_subcode":"463","is_transient":null}}"#;
        assert_eq!(judged(400, as_text).expect("a refusal").0, Kind::NeedsLogin);
        for status in [400, 401, 403] {
            assert_eq!(judged(status, "<html>").map(|(kind, passes, _)| (kind, passes)), Some((Kind::Unavailable, true)), "{status}");
        }
        assert_eq!(judged(429, "slow down").map(|(kind, passes, _)| (kind, passes)), Some((Kind::RateLimited, true)));
        let transient = r#"{"error":{"message":"m","code":9999,"is_transient":true}}"#;
        assert_eq!(judged(400, transient).map(|(kind, passes, _)| (kind, passes)), Some((Kind::Unavailable, true)));
        assert_eq!(judged(502, "<html>").map(|(kind, passes, _)| (kind, passes)), Some((Kind::Unavailable, true)));
        assert_eq!(judged(200, r#"{"data":[]}"#), None);
    }
}
