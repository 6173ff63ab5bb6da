//! Kakao's refusals → what they mean here and whether trying again helps.

use std::time::Duration;

use moa_domain::Platform;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{ConnectorError, Kind};
use crate::http::{Answer, Verdict};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Fail,
    /// After so many seconds, or a growing pause.
    Retry(Option<u64>),
}

/// (code; kind; way). Source: the error-code page of Kakao's developer documentation.
const TABLE: &[(i64, Kind, Way)] = &[
    (-1, Kind::Unavailable, Way::Retry(None)),
    (-2, Kind::BadRequest, Way::Fail),
    (-3, Kind::NotApproved, Way::Fail),
    (-4, Kind::AccountClosed, Way::Fail),
    (-5, Kind::NotApproved, Way::Fail),
    (-6, Kind::NoAccess, Way::Fail),
    (-7, Kind::Maintenance, Way::Retry(Some(600))),
    (-8, Kind::BadRequest, Way::Fail),
    (-9, Kind::Outdated, Way::Fail),
    (-10, Kind::RateLimited, Way::Retry(Some(6))),
    (-11, Kind::QuotaSpent, Way::Fail),
    (-12, Kind::AccountClosed, Way::Fail),
    (-101, Kind::NeedsLogin, Way::Fail),
    (-401, Kind::NeedsLogin, Way::Fail),
    (-402, Kind::MissingScope, Way::Fail),
    (-603, Kind::Unavailable, Way::Retry(None)),
    (-9798, Kind::Maintenance, Way::Retry(Some(600))),
];

/// (code; kind). Source: the error codes of Kakao's business authentication.
const SIGN_IN: &[(&str, Kind)] = &[
    ("KOE005", Kind::NotApproved),
    ("KOE025", Kind::NoAccess),
    ("KOE026", Kind::NoAccess),
    ("KOE027", Kind::NoAccess),
    ("KOE123", Kind::NotApproved),
    ("KOE124", Kind::NotApproved),
    ("KOE125", Kind::NotApproved),
    ("KOE232", Kind::NotApproved),
    ("KOE320", Kind::NeedsLogin),
    ("access_denied", Kind::Denied),
];

/// No refusal is longer.
const LARGEST_REFUSAL: usize = 16 << 10;

/// Some failures come with a status of success: a negative code and nothing else.
pub(super) fn judge(answer: &Answer) -> Verdict {
    // A report is no refusal, and is read once.
    if answer.is_success() && answer.body.len() > LARGEST_REFUSAL {
        return Verdict::Good;
    }
    let refusal: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = refusal.get("code").and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok())).filter(|code| *code < 0);
    if answer.is_success() && code.is_none() {
        return Verdict::Good;
    }
    let row = TABLE.iter().find(|(wanted, ..)| code == Some(*wanted));
    let (kind, way) = match row {
        Some((_, kind, way)) => (*kind, *way),
        None => match answer.status {
            401 => (Kind::NeedsLogin, Way::Fail),
            403 => (Kind::NoAccess, Way::Fail),
            429 => (Kind::RateLimited, Way::Retry(Some(6))),
            500.. => (Kind::Unavailable, Way::Retry(None)),
            _ => (Kind::BadRequest, Way::Fail),
        },
    };
    let said = ["/msg", "/extras/detailMsg"].into_iter().find_map(|path| refusal.pointer(path)?.as_str()).unwrap_or_default();
    let told = |error: ConnectorError| {
        let error = error.with_status(answer.status).with_detail(said);
        match code {
            Some(code) => error.with_vendor_code(code.to_string()),
            None => error,
        }
    };
    match way {
        Way::Fail => Verdict::Fail(told(ConnectorError::fatal(&Platform::Kakao, kind))),
        Way::Retry(after) => Verdict::Retry(told(ConnectorError::passing(&Platform::Kakao, kind, after.map(Duration::from_secs)))),
    }
}

/// The sign-in's failures: `{"error","error_description","error_code"}`.
pub(super) fn judge_token(answer: &Answer) -> Verdict {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Flat {
        error: Option<String>,
        error_description: Option<String>,
        error_code: Option<String>,
    }
    let flat: Flat = serde_json::from_slice(&answer.body).unwrap_or_default();
    let (error, code) = (flat.error.unwrap_or_default(), flat.error_code.unwrap_or_default());
    if answer.is_success() && error.is_empty() && code.is_empty() {
        return Verdict::Good;
    }
    if answer.status == 429 {
        let pause = Some(Duration::from_secs(6));
        return Verdict::Retry(ConnectorError::passing(&Platform::Kakao, Kind::RateLimited, pause).with_status(answer.status));
    }
    if answer.status >= 500 || code == "KOE003" {
        return Verdict::Retry(ConnectorError::passing(&Platform::Kakao, Kind::Unavailable, None).with_status(answer.status));
    }
    let code = if code.is_empty() { error } else { code };
    Verdict::Fail(refused(&code, &flat.error_description.unwrap_or_default()).with_status(answer.status))
}

/// A refusal of the sign-in, by its code; most say that the app is set up otherwise.
pub(super) fn refused(code: &str, description: &str) -> ConnectorError {
    let kind = SIGN_IN.iter().find(|(known, _)| *known == code).map_or(Kind::AppRefused, |(_, kind)| *kind);
    ConnectorError::fatal(&Platform::Kakao, kind).in_operation("sign_in").with_vendor_code(code).with_detail(description)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::header::HeaderMap;

    use super::*;

    fn ways(verdict: Verdict) -> (Kind, &'static str) {
        match verdict {
            Verdict::Good => panic!("no success"),
            Verdict::Retry(error) => (error.kind, "retry"),
            Verdict::Fail(error) => (error.kind, "fail"),
            Verdict::Renew(_) | Verdict::FixClock(_) => panic!("there is no such way"),
        }
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body.as_bytes()) }
    }

    #[test]
    fn every_documented_code_has_its_meaning_also_within_a_success() {
        for (code, kind, way) in TABLE {
            let expected = (*kind, if *way == Way::Fail { "fail" } else { "retry" });
            for status in [200, 400, 403] {
                assert_eq!(ways(judge(&answer(status, &format!("{{\"code\":{code}}}")))), expected, "{code} with {status}");
            }
        }
        assert_eq!(ways(judge(&answer(429, ""))), (Kind::RateLimited, "retry"));
        assert_eq!(ways(judge(&answer(502, "<html>"))), (Kind::Unavailable, "retry"));
        assert_eq!(ways(judge(&answer(401, ""))), (Kind::NeedsLogin, "fail"));
        assert!(matches!(judge(&answer(200, "{\"content\":[]}")), Verdict::Good));
        let detail = r#"{"code":-2,"extras":{"detailCode":"31001","detailMsg":"캠페인이 존재하지 않습니다."}}"#;
        let Verdict::Fail(error) = judge(&answer(400, detail)) else { panic!("a refusal") };
        assert_eq!(error.detail.as_deref(), Some("캠페인이 존재하지 않습니다."));
    }

    #[test]
    fn the_sign_in_says_what_is_wrong_with_the_app() {
        for (code, kind) in SIGN_IN {
            assert_eq!(refused(code, "").kind, *kind, "{code}");
        }
        assert_eq!(refused("KOE028", "").kind, Kind::AppRefused, "the redirect address is not registered");
        let used = r#"{"error":"invalid_grant","error_description":"authorization code not found","error_code":"KOE320"}"#;
        assert_eq!(ways(judge_token(&answer(400, used))), (Kind::NeedsLogin, "fail"));
    }
}
