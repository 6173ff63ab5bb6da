//! Naver's refusals → what they mean here and whether trying again helps.

use std::time::Duration;

use moa_domain::Platform;
use serde::Deserialize;

use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Verdict};
use crate::wire::Id;

/// Bodies come in several shapes; every field is optional.
#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    code: Id,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

/// What is done about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Fail,
    Retry(Option<u64>),
    FixClock,
}

/// (status, or 0 for any; code or end of `type`; kind; way). The first row that fits counts. Source: the error codes of the API
/// documentation's shared part, and the vendor's answers named beside.
const TABLE: &[(u16, &str, Kind, Way)] = &[
    // The gateway's problems: a licence that was issued anew or switched off, a wrong or renewed secret, a clock that is off.
    (0, "invalid-timestamp", Kind::ClockWrong, Way::FixClock),
    (0, "invalid-signature", Kind::NeedsLogin, Way::Fail),
    (0, "invalid-apikey", Kind::NeedsLogin, Way::Fail),
    (0, "auth-failed", Kind::NoAccess, Way::Fail),
    (0, "missing-header", Kind::BadRequest, Way::Fail),
    // Rights.
    (403, "1006", Kind::NoAccess, Way::Fail),
    (403, "1018", Kind::NoAccess, Way::Fail),
    // Figures.
    (400, "11001", Kind::BadRequest, Way::Fail),
    (400, "11003", Kind::BadRequest, Way::Fail),
    (400, "10004", Kind::OutOfRange, Way::Fail),
    // "That day is being prepared": until 06:00, after incidents until evening.
    (400, "20007", Kind::NotReady, Way::Retry(Some(15 * 60))),
    (0, "20011", Kind::NotReady, Way::Fail),
    (404, "1001", Kind::BadRequest, Way::Fail),
    (404, "3501", Kind::BadRequest, Way::Fail),
    // Too fast: a throttle of less than a second.
    (0, "1016", Kind::RateLimited, Way::Retry(None)),
    (429, "", Kind::RateLimited, Way::Retry(None)),
    // Announced maintenance: every call fails for hours, so it is not waited for here.
    (503, "503", Kind::Maintenance, Way::Retry(Some(10 * 60))),
    (401, "", Kind::NeedsLogin, Way::Fail),
    (403, "", Kind::NoAccess, Way::Fail),
    (404, "", Kind::BadRequest, Way::Fail),
    (408, "", Kind::Unavailable, Way::Retry(None)),
];

pub(super) fn judge(answer: &Answer) -> Verdict {
    if answer.is_success() {
        return Verdict::Good;
    }
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let kind_of_type = refusal.r#type.as_deref().and_then(|text| text.rsplit(':').next()).unwrap_or_default();
    let code = if kind_of_type.is_empty() { refusal.code.0.as_str() } else { kind_of_type };
    let fits = |(status, wanted, ..): &&(u16, &str, Kind, Way)| {
        (*status == 0 || *status == answer.status) && (wanted.is_empty() || *wanted == code)
    };
    let (kind, way) = match TABLE.iter().find(fits) {
        Some((_, _, kind, way)) => (*kind, *way),
        None if answer.status >= 500 => (Kind::Unavailable, Way::Retry(None)),
        None => (Kind::BadRequest, Way::Fail),
    };
    let said = refusal.detail.or(refusal.message).or(refusal.title).unwrap_or_default();
    let told = |error: ConnectorError| {
        let error =
            error.with_status(answer.status).with_detail(&said).with_request_id(answer.header("x-transaction-id").map(str::to_owned));
        if code.is_empty() { error } else { error.with_vendor_code(code) }
    };
    match way {
        Way::Fail => Verdict::Fail(told(ConnectorError::fatal(&Platform::NaverAds, kind))),
        Way::FixClock => Verdict::FixClock(told(ConnectorError::fatal(&Platform::NaverAds, kind))),
        Way::Retry(after) => Verdict::Retry(told(ConnectorError::passing(&Platform::NaverAds, kind, after.map(Duration::from_secs)))),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::header::HeaderMap;

    use super::*;

    fn judged(status: u16, body: &str) -> (Kind, &'static str, String) {
        let answer = Answer { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body.as_bytes()) };
        let (error, way) = match judge(&answer) {
            Verdict::Good => panic!("{status} is no success"),
            Verdict::Retry(error) => (error, "retry"),
            Verdict::Renew(error) => (error, "renew"),
            Verdict::FixClock(error) => (error, "clock"),
            Verdict::Fail(error) => (error, "fail"),
        };
        (error.kind, way, error.vendor_code.unwrap_or_default())
    }

    #[test]
    fn every_documented_refusal_has_its_meaning() {
        let problem = |kind: &str| format!("{{\"type\":\"urn:naver:api:problem:{kind}\",\"title\":\"x\",\"status\":403}}");
        let code = |code: u32| format!("{{\"code\":{code},\"message\":\"x\"}}");
        let cases = [
            (403, problem("invalid-signature"), Kind::NeedsLogin, "fail"),
            (403, problem("invalid-timestamp"), Kind::ClockWrong, "clock"),
            (403, problem("invalid-apikey"), Kind::NeedsLogin, "fail"),
            (403, problem("auth-failed"), Kind::NoAccess, "fail"),
            (400, problem("missing-header"), Kind::BadRequest, "fail"),
            (403, "{\"status\":403,\"title\":\"You don't have permission\"}".to_owned(), Kind::NoAccess, "fail"),
            (403, code(1018), Kind::NoAccess, "fail"),
            (400, code(11001), Kind::BadRequest, "fail"),
            (400, code(10004), Kind::OutOfRange, "fail"),
            (400, code(20007), Kind::NotReady, "retry"),
            (404, code(3501), Kind::BadRequest, "fail"),
            (429, code(429), Kind::RateLimited, "retry"),
            (429, String::new(), Kind::RateLimited, "retry"),
            (500, "{\"name\":\"InternalServerError\"}".to_owned(), Kind::Unavailable, "retry"),
            (503, code(503), Kind::Maintenance, "retry"),
            (503, String::new(), Kind::Unavailable, "retry"),
            (502, "<html>".to_owned(), Kind::Unavailable, "retry"),
        ];
        for (status, body, kind, way) in cases {
            let (found, found_way, _) = judged(status, &body);
            assert_eq!((found, found_way), (kind, way), "{status} {body}");
        }
        assert_eq!(judged(400, &code(11003)).2, "11003");
    }
}
