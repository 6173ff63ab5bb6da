//! Google's refusals → what they mean here and whether trying again helps.

use std::time::Duration;

use moa_domain::Platform;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{ConnectorError, Kind, Retry};
use crate::http::{Answer, Request, Verdict};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Fail,
    /// The access token is bad: renewed once.
    Renew,
    /// Figures are asked in smaller pieces, everything else again.
    Smaller,
    /// After so many seconds, or Google's own delay, or a growing pause.
    Retry(Option<u64>),
}

/// (key of `errorCode`, its constant, empty for any; kind; way). The first row that fits counts. Source: Google's error reference, the
/// parts on authentication, authorization, quota, requests and queries.
const TABLE: &[(&str, &str, Kind, Way)] = &[
    ("authenticationError", "NOT_ADS_USER", Kind::NotAdsUser, Way::Fail),
    ("authenticationError", "TWO_STEP_VERIFICATION_NOT_ENROLLED", Kind::TwoStep, Way::Fail),
    ("authenticationError", "ADVANCED_PROTECTION_NOT_ENROLLED", Kind::TwoStep, Way::Fail),
    ("authenticationError", "CUSTOMER_NOT_FOUND", Kind::NoAccess, Way::Fail),
    ("authenticationError", "GOOGLE_ACCOUNT_DELETED", Kind::NeedsLogin, Way::Fail),
    ("authenticationError", "", Kind::NeedsLogin, Way::Renew),
    ("authorizationError", "CUSTOMER_NOT_ENABLED", Kind::AccountClosed, Way::Fail),
    ("authorizationError", "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION", Kind::NotApproved, Way::Fail),
    ("authorizationError", "ACTION_NOT_PERMITTED", Kind::NotApproved, Way::Fail),
    ("authorizationError", "PROJECT_DISABLED", Kind::ProjectSetup, Way::Fail),
    ("authorizationError", "MISSING_TOS", Kind::ProjectSetup, Way::Fail),
    ("authorizationError", "", Kind::NoAccess, Way::Fail),
    ("queryError", "DATE_RANGE_TOO_WIDE", Kind::TooMuchData, Way::Smaller),
    ("queryError", "", Kind::BadRequest, Way::Fail),
    ("requestError", "UNSUPPORTED_VERSION", Kind::Outdated, Way::Fail),
    ("requestError", "", Kind::BadRequest, Way::Fail),
    ("headerError", "", Kind::BadRequest, Way::Fail),
    ("quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", Kind::RateLimited, Way::Retry(Some(5))),
    ("quotaError", TOO_COSTLY, Kind::RateLimited, Way::Smaller),
    ("quotaError", "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION", Kind::QuotaSpent, Way::Retry(Some(6 * 3600))),
    ("quotaError", "ACCESS_PROHIBITED", Kind::NotApproved, Way::Fail),
    ("quotaError", "", Kind::RateLimited, Way::Retry(None)),
    ("internalError", "DEADLINE_EXCEEDED", Kind::TooMuchData, Way::Smaller),
    ("internalError", "", Kind::Unavailable, Way::Retry(None)),
];

/// A question that took too much of the account's share: half of it is asked, after [`COOLING`].
const TOO_COSTLY: &str = "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION";
pub(super) const COOLING: Duration = Duration::from_secs(60);

/// Whether figures are to be asked in smaller pieces.
pub(super) fn wants_smaller(error: &ConnectorError) -> bool {
    error.kind == Kind::TooMuchData || error.vendor_code.as_deref() == Some(TOO_COSTLY)
}

/// A delay longer than this is the day's quota, not a burst.
const BURST: Duration = Duration::from_secs(600);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope {
    message: String,
    details: Vec<Detail>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Detail {
    #[serde(rename = "@type")]
    kind: String,
    reason: String,
    errors: Vec<Failure>,
    request_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Failure {
    error_code: std::collections::BTreeMap<String, Value>,
    message: String,
    details: Value,
}

pub(super) fn judge(request: &Request, answer: &Answer) -> Verdict {
    if answer.is_success() {
        return Verdict::Good;
    }
    match of_envelope(answer.status, failure_of(answer).as_ref()) {
        // Only figures can be asked in pieces.
        Verdict::Fail(error) if error.kind == Kind::TooMuchData && request.operation != "figures" => {
            Verdict::Retry(ConnectorError { kind: Kind::Unavailable, retry: Retry::After(None), ..error })
        }
        Verdict::Fail(error) if wants_smaller(&error) && request.operation != "figures" => {
            Verdict::Retry(ConnectorError { retry: Retry::After(Some(COOLING)), ..error })
        }
        verdict => verdict,
    }
}

/// Whether an account has to rest after a question that was too costly.
pub(super) fn is_too_costly(answer: &Answer) -> bool {
    answer.status == 429 && matches!(of_envelope(429, failure_of(answer).as_ref()), Verdict::Fail(error) if wants_smaller(&error))
}

/// A stream's failure stands in an array, every other one does not.
fn failure_of(answer: &Answer) -> Option<Value> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    match body {
        Value::Array(elements) => elements.into_iter().find_map(|element| element.get("error").cloned()),
        other => other.get("error").cloned(),
    }
}

/// How long the whole project has to wait. A delay of one account's holds nobody else, and neither does a question that was too costly.
pub(super) fn project_delay(answer: &Answer) -> Option<Duration> {
    if answer.status != 429 {
        return None;
    }
    let failure = failure_of(answer)?;
    let errors = failure.pointer("/details")?.as_array()?.iter().find_map(|detail| detail.get("errors")?.as_array())?;
    let error = errors.first()?;
    let constant = error.pointer("/errorCode/quotaError")?.as_str()?;
    let quota = error.pointer("/details/quotaErrorDetails")?;
    if constant.starts_with("EXCESSIVE_") || quota.get("rateScope").and_then(Value::as_str) == Some("ACCOUNT") {
        return None;
    }
    seconds(quota.get("retryDelay")?.as_str()?)
}

/// A failure that came inside an answer, after good batches.
pub(super) fn within(error: &Value) -> ConnectorError {
    let status = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()).unwrap_or(500);
    match of_envelope(status, Some(error)) {
        Verdict::Retry(error) | Verdict::Fail(error) | Verdict::FixClock(error) => error,
        // The stream had begun with this token, so the whole question is asked again.
        Verdict::Renew(error) => ConnectorError::passing(&Platform::GoogleAds, error.kind, None),
        Verdict::Good => ConnectorError::passing(&Platform::GoogleAds, Kind::BadAnswer, None),
    }
}

fn of_envelope(status: u16, error: Option<&Value>) -> Verdict {
    let envelope: Envelope = error.and_then(|error| serde_json::from_value(error.clone()).ok()).unwrap_or_default();
    let detail = envelope.details.iter().find(|detail| detail.kind.ends_with("GoogleAdsFailure"));
    let failure = detail.and_then(|detail| detail.errors.first());
    let code = failure
        .and_then(|failure| failure.error_code.iter().next())
        .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()));
    let reason = envelope.details.iter().map(|detail| detail.reason.as_str()).find(|reason| !reason.is_empty()).unwrap_or_default();

    let row = code
        .as_ref()
        .and_then(|(key, constant)| TABLE.iter().find(|(of, wanted, ..)| of == key && (wanted.is_empty() || wanted == constant)));
    let (mut kind, way) = match row {
        Some((_, _, kind, way)) => (*kind, *way),
        None if reason == "SERVICE_DISABLED" => (Kind::ProjectSetup, Way::Fail),
        None => match status {
            401 => (Kind::NeedsLogin, Way::Renew),
            403 => (Kind::NoAccess, Way::Fail),
            // The version was switched off: there is nothing at the address any more.
            404 => (Kind::Outdated, Way::Fail),
            429 => (Kind::RateLimited, Way::Retry(None)),
            500.. => (Kind::Unavailable, Way::Retry(None)),
            _ => (Kind::BadRequest, Way::Fail),
        },
    };
    let demanded = failure.and_then(|failure| failure.details.pointer("/quotaErrorDetails/retryDelay")?.as_str()).and_then(seconds);
    if kind == Kind::RateLimited && demanded.is_some_and(|delay| delay > BURST) {
        kind = Kind::QuotaSpent;
    }
    let told = |error: ConnectorError| {
        let said = failure.map_or(envelope.message.as_str(), |failure| failure.message.as_str());
        let error = error.with_status(status).with_detail(said).with_request_id(detail.and_then(|detail| detail.request_id.clone()));
        match &code {
            Some((_, constant)) => error.with_vendor_code(constant.clone()),
            None if !reason.is_empty() => error.with_vendor_code(reason),
            None => error,
        }
    };
    match way {
        Way::Fail | Way::Smaller => Verdict::Fail(told(ConnectorError::fatal(&Platform::GoogleAds, kind))),
        Way::Renew => Verdict::Renew(told(ConnectorError::fatal(&Platform::GoogleAds, kind))),
        Way::Retry(after) => {
            let after = demanded.or(after.map(Duration::from_secs));
            Verdict::Retry(told(ConnectorError::passing(&Platform::GoogleAds, kind, after)))
        }
    }
}

/// `"2700s"`, `"1.5s"`.
fn seconds(text: &str) -> Option<Duration> {
    text.strip_suffix('s')?.parse().ok().and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok())
}

/// The token endpoint's failures are flat: `{"error":"invalid_grant"}`.
pub(super) fn judge_token(answer: &Answer) -> Verdict {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Flat {
        error: Option<String>,
        error_description: Option<String>,
    }
    if answer.is_success() {
        return Verdict::Good;
    }
    let flat: Flat = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = flat.error.unwrap_or_default();
    let told = |error: ConnectorError| {
        let error = error.with_status(answer.status).with_detail(flat.error_description.as_deref().unwrap_or_default());
        if code.is_empty() { error } else { error.with_vendor_code(code.clone()) }
    };
    let fatal = |kind| Verdict::Fail(told(ConnectorError::fatal(&Platform::GoogleAds, kind)));
    match (code.as_str(), answer.status) {
        ("invalid_grant", _) => fatal(Kind::NeedsLogin),
        ("invalid_client" | "deleted_client" | "unauthorized_client" | "redirect_uri_mismatch", _) => fatal(Kind::AppRefused),
        (_, 429) => Verdict::Retry(told(ConnectorError::passing(&Platform::GoogleAds, Kind::RateLimited, None))),
        (_, 500..) => Verdict::Retry(told(ConnectorError::passing(&Platform::GoogleAds, Kind::Unavailable, None))),
        _ => fatal(Kind::AppRefused),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::header::HeaderMap;

    use super::super::limits::lane;
    use super::*;

    fn judge(answer: &Answer) -> Verdict {
        let url = url::Url::parse("https://googleads.googleapis.com").expect("an address");
        super::judge(&Request::get(url, lane("app"), "figures"), answer)
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body.as_bytes()) }
    }

    fn ways(verdict: Verdict) -> (Kind, &'static str, Option<String>, Retry) {
        let (error, way) = match verdict {
            Verdict::Good => panic!("no success"),
            Verdict::Retry(error) => (error, "retry"),
            Verdict::Renew(error) => (error, "renew"),
            Verdict::FixClock(error) => (error, "clock"),
            Verdict::Fail(error) => (error, "fail"),
        };
        (error.kind, way, error.vendor_code, error.retry)
    }

    fn failure(code: &str) -> String {
        format!(
            r#"{{"error":{{"code":1,"message":"m","details":[{{"@type":"type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure","errors":[{{"errorCode":{code},"message":"m"}}],"requestId":"r"}}]}}}}"#
        )
    }

    #[test]
    fn every_documented_refusal_has_its_meaning() {
        let cases = [
            (401, r#"{"authenticationError":"OAUTH_TOKEN_EXPIRED"}"#, Kind::NeedsLogin, "renew"),
            (401, r#"{"authenticationError":"NOT_ADS_USER"}"#, Kind::NotAdsUser, "fail"),
            (403, r#"{"authorizationError":"USER_PERMISSION_DENIED"}"#, Kind::NoAccess, "fail"),
            (403, r#"{"authorizationError":"CUSTOMER_NOT_ENABLED"}"#, Kind::AccountClosed, "fail"),
            (403, r#"{"authorizationError":"CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION"}"#, Kind::NotApproved, "fail"),
            (400, r#"{"queryError":"UNRECOGNIZED_FIELD"}"#, Kind::BadRequest, "fail"),
            (400, r#"{"requestError":"UNSUPPORTED_VERSION"}"#, Kind::Outdated, "fail"),
            (400, r#"{"queryError":"DATE_RANGE_TOO_WIDE"}"#, Kind::TooMuchData, "fail"),
            (500, r#"{"internalError":"DEADLINE_EXCEEDED"}"#, Kind::TooMuchData, "fail"),
            (429, r#"{"quotaError":"EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION"}"#, Kind::RateLimited, "fail"),
            (403, r#"{"authorizationError":"MISSING_TOS"}"#, Kind::ProjectSetup, "fail"),
            (401, r#"{"authenticationError":"TWO_STEP_VERIFICATION_NOT_ENROLLED"}"#, Kind::TwoStep, "fail"),
            (429, r#"{"quotaError":"RESOURCE_TEMPORARILY_EXHAUSTED"}"#, Kind::RateLimited, "retry"),
            (500, r#"{"internalError":"TRANSIENT_ERROR"}"#, Kind::Unavailable, "retry"),
            (401, r#"{"authenticationError":"SOMETHING_NEW"}"#, Kind::NeedsLogin, "renew"),
        ];
        for (status, code, kind, way) in cases {
            let (found, found_way, ..) = ways(judge(&answer(status, &failure(code))));
            assert_eq!((found, found_way), (kind, way), "{code}");
            // The same in the array a stream answers with.
            let (found, ..) = ways(judge(&answer(status, &format!("[{}]", failure(code)))));
            assert_eq!(found, kind, "{code} in an array");
        }
        assert_eq!(ways(judge(&answer(404, "Not Found"))).0, Kind::Outdated);
        assert_eq!(ways(judge(&answer(503, "<html>"))).0, Kind::Unavailable);
        let disabled = r#"{"error":{"code":403,"message":"m","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED"}]}}"#;
        let (kind, _, code, _) = ways(judge(&answer(403, disabled)));
        assert_eq!((kind, code.as_deref()), (Kind::ProjectSetup, Some("SERVICE_DISABLED")));
    }

    #[test]
    fn a_delay_of_hours_is_the_day_s_quota() {
        let body = r#"{"error":{"code":429,"message":"m","details":[{"@type":"x.GoogleAdsFailure","errors":[{"errorCode":{"quotaError":"RESOURCE_EXHAUSTED"},
            "message":"m","details":{"quotaErrorDetails":{"rateScope":"DEVELOPER","retryDelay":"2700s"}}}]}]}}"#;
        let (kind, way, _, retry) = ways(judge(&answer(429, body)));
        assert_eq!((kind, way, retry), (Kind::QuotaSpent, "retry", Retry::After(Some(Duration::from_secs(2700)))));
    }

    #[test]
    fn one_account_s_quota_holds_no_other() {
        let body = |scope: &str, code: &str| {
            answer(
                429,
                &format!(
                    r#"[{{"error":{{"details":[{{"@type":"x.GoogleAdsFailure","errors":[{{"errorCode":{{"quotaError":"{code}"}},
                    "details":{{"quotaErrorDetails":{{"rateScope":"{scope}","retryDelay":"30s"}}}}}}]}}]}}}}]"#
                ),
            )
        };
        assert_eq!(project_delay(&body("DEVELOPER", "RESOURCE_EXHAUSTED")), Some(Duration::from_secs(30)));
        assert_eq!(project_delay(&body("ACCOUNT", "RESOURCE_EXHAUSTED")), None);
        assert_eq!(project_delay(&body("DEVELOPER", "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION")), None);
    }

    #[test]
    fn the_token_endpoint_speaks_differently() {
        let of = |status, body| ways(judge_token(&answer(status, body))).0;
        assert_eq!(of(400, r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#), Kind::NeedsLogin);
        assert_eq!(of(401, r#"{"error":"invalid_client"}"#), Kind::AppRefused);
        assert_eq!(of(503, ""), Kind::Unavailable);
    }
}
