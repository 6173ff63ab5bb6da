//! Meta Marketing API: sign-in, accounts, campaigns, ad sets, insights by cursor and as reports.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{Days, NaiveDate, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::faults::Trouble;
use crate::world::{Account, Campaign, Counts, World};
use crate::{Shared, strikes};

/// The agency's own app.
pub const APP_ID: &str = "900011";
pub const APP_SECRET: &str = "canarymetaappsecret0123456789abcdef";
/// The long-lived token a sign-in ends with.
pub const TOKEN: &str = "EAAcanarysandboxlong0123456789abcdef";
/// A system user's token, made at the platform.
pub const SYSTEM_TOKEN: &str = "EAAcanarysandboxsystem0123456789abcdef";

/// One made without the permission that is needed.
pub const BARE_TOKEN: &str = "EAAcanarysandboxbare0123456789abcdef";

const PLATFORM: &str = "meta_ads";
const SHORT: &str = "EAAsandboxshort";
/// In December 2026.
const TOKEN_ENDS: i64 = 1_797_000_000;
const REDIRECTS: [&str; 2] = ["http://localhost:53682/callback", "http://localhost:53683/callback"];
/// Rows of a page, however many are asked: paging is always tested.
const PAGE: usize = 7;

struct Meta {
    shared: Arc<Shared>,
    codes: Mutex<BTreeMap<String, String>>,
    /// Reports that were ordered, with what was asked and how often they were looked after.
    runs: Mutex<Vec<Run>>,
}

/// A report that is being made.
#[derive(Clone)]
struct Run {
    asked: Asked,
    account: String,
    looked: u32,
}

type Here = State<Arc<Meta>>;
type Asked = BTreeMap<String, String>;

pub(crate) fn routes(shared: &Arc<Shared>) -> Router {
    let meta = Arc::new(Meta { shared: Arc::clone(shared), codes: Mutex::default(), runs: Mutex::default() });
    Router::new()
        .route("/v26.0/dialog/oauth", get(dialog))
        .route("/v26.0/oauth/access_token", get(token))
        .route("/v26.0/{*path}", get(object).post(object))
        .with_state(meta)
}

async fn dialog(State(meta): Here, Query(query): Query<Asked>) -> Response {
    let of = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let back = of("redirect_uri").to_owned();
    if !REDIRECTS.contains(&back.as_str()) || of("client_id") != APP_ID || of("response_type") != "code" || of("scope") != "ads_read" {
        return (StatusCode::BAD_REQUEST, "URL blocked").into_response();
    }
    let mut codes = meta.codes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let code = format!("AQsandbox{}", codes.len());
    codes.insert(code.clone(), back.clone());
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs([("code", code.as_str()), ("state", of("state"))]).finish();
    (StatusCode::FOUND, [(header::LOCATION, format!("{back}?{query}"))]).into_response()
}

fn refused(status: u16, code: i64, subcode: Option<i64>, message: &str) -> Response {
    let mut error = json!({ "message": message, "type": "OAuthException", "code": code, "fbtrace_id": "sandbox" });
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), Json(json!({ "error": error }))).into_response()
}

async fn token(State(meta): Here, Query(query): Query<Asked>) -> Response {
    let of = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    if of("client_id") != APP_ID || of("client_secret") != APP_SECRET {
        return refused(400, 101, None, "Error validating application. Invalid application ID or secret.");
    }
    if of("grant_type") == "fb_exchange_token" {
        if of("fb_exchange_token") != SHORT {
            return refused(400, 190, Some(463), "Error validating access token.");
        }
        return Json(json!({ "access_token": TOKEN, "token_type": "bearer", "expires_in": 5_183_944 })).into_response();
    }
    let mut codes = meta.codes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if codes.remove(of("code")).as_deref() != Some(of("redirect_uri")) {
        return refused(400, 100, Some(36_009), "This authorization code has been used.");
    }
    Json(json!({ "access_token": SHORT, "token_type": "bearer", "expires_in": 5231 })).into_response()
}

fn carries(headers: &HeaderMap, token: &str) -> bool {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.strip_prefix("Bearer ")) == Some(token)
}

/// Whether the token may ask at all.
fn bearer(meta: &Meta, headers: &HeaderMap, query: &Asked, target: &str) -> Result<(), Box<Response>> {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = text.strip_prefix("Bearer ").unwrap_or_default();
    let ended = |trouble: &Trouble| matches!(trouble, Trouble::RevokedLogin | Trouble::ExpiredToken);
    if !matches!(token, TOKEN | SYSTEM_TOKEN | BARE_TOKEN) || strikes(&meta.shared, target, ended).is_some() {
        return Err(Box::new(refused(401, 190, Some(463), "Error validating access token: Session has expired.")));
    }
    if query.contains_key("access_token") {
        return Err(Box::new(refused(400, 100, None, "the sandbox wants the token in the header")));
    }
    let proof = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).map(|mut mac| {
        mac.update(token.as_bytes());
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    });
    if query.get("appsecret_proof").is_some_and(|given| proof.as_ref().ok() != Some(given)) {
        return Err(Box::new(refused(400, 100, None, "Invalid appsecret_proof provided in the API argument")));
    }
    Ok(())
}

async fn object(State(meta): Here, Path(path): Path<String>, method: Method, Query(query): Query<Asked>, headers: HeaderMap) -> Response {
    let target = format!("/v26.0/{path}");
    if let Err(refusal) = bearer(&meta, &headers, &query, &target) {
        return *refusal;
    }
    let world = &meta.shared.world;
    let parts: Vec<&str> = path.split('/').collect();
    let account = parts[0].strip_prefix("act_");
    if let Some(id) = account {
        let forbidden = strikes(&meta.shared, &target, |trouble| *trouble == Trouble::Forbidden(id.to_owned())).is_some();
        if forbidden || world.account(PLATFORM, id).is_none() {
            return refused(403, 200, None, "(#200) Ad account owner has NOT grant ads_management or ads_read permission");
        }
    }
    match (method, &parts[..], account.and_then(|id| world.account(PLATFORM, id))) {
        (Method::GET, ["me", "permissions"], _) => {
            let of_ads = if carries(&headers, BARE_TOKEN) { "declined" } else { "granted" };
            Json(json!({ "data": [{ "permission": "ads_read", "status": of_ads }, { "permission": "public_profile", "status": "granted" }] }))
                .into_response()
        }
        (Method::GET, ["debug_token"], _) if query.get("input_token").is_some_and(|token| carries(&headers, token)) => {
            let ends = if carries(&headers, SYSTEM_TOKEN) { 0 } else { TOKEN_ENDS };
            Json(json!({ "data": { "app_id": APP_ID, "application": "모아 연결", "expires_at": ends, "is_valid": true } })).into_response()
        }
        (Method::GET, ["me", "adaccounts"], _) => {
            let rows = world.of_platform(PLATFORM).into_iter().map(|account| {
                json!({ "id": format!("act_{}", account.id), "account_id": account.id, "name": account.name, "account_status": 1,
                    "currency": account.currency, "timezone_name": account.time_zone.name() })
            });
            paged(&meta, rows.collect(), &query, &target)
        }
        (Method::GET, [_, "campaigns"], Some(account)) => campaigns(&meta, account, &query, &target),
        (Method::GET, [_, "adsets"], Some(account)) => {
            let of_sets = account.campaigns.iter().filter(|campaign| campaign.name.contains("세트 예산") && !campaign.removed);
            let rows = of_sets.map(|campaign| {
                json!({ "id": format!("{}9", campaign.id), "campaign_id": campaign.id, "effective_status": "ACTIVE",
                    "daily_budget": smallest(account, campaign.daily_budget).to_string(), "lifetime_budget": "0" })
            });
            paged(&meta, rows.collect(), &query, &target)
        }
        (Method::GET, [_, "insights"], Some(account)) => match insights(world, account, &query) {
            Ok(mut rows) => {
                suffer(&meta, &mut rows, &query, &target);
                paged(&meta, rows, &query, &target)
            }
            Err(message) => refused(400, 100, None, message),
        },
        (Method::POST, [_, "insights"], Some(account)) => {
            let mut runs = meta.runs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            runs.push(Run { asked: query, account: account.id.clone(), looked: 0 });
            Json(json!({ "report_run_id": 6_090_000_000_000_u64 + runs.len() as u64 - 1 })).into_response()
        }
        (Method::GET, [id], _) => one(&meta, id),
        (Method::GET, [id, "insights"], _) => {
            let asked = run(&meta, id).and_then(|run| Some((run.asked, world.account(PLATFORM, &run.account)?)));
            match asked.map(|(asked, account)| insights(world, account, &asked)) {
                Some(Ok(rows)) => paged(&meta, rows, &query, &target),
                _ => refused(400, 100, Some(33), "Unsupported get request."),
            }
        }
        _ => refused(404, 2500, None, "Unknown path components"),
    }
}

/// What figures may lack.
fn suffer(meta: &Meta, rows: &mut Vec<Value>, query: &Asked, target: &str) {
    let strike = |wanted: Trouble| strikes(&meta.shared, target, |trouble| *trouble == wanted).is_some();
    if strike(Trouble::SplitMisses) {
        rows.retain(|row| row.get("publisher_platform").is_none_or(|place| place != "audience_network"));
    }
    let fixed = query.get("action_attribution_windows").is_some_and(|windows| !windows.contains("default"));
    let withheld = strike(Trouble::WithheldConversions);
    let gone = strike(Trouble::NoConversions);
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        if gone || (withheld && !fixed) {
            row.remove("actions");
            row.remove("action_values");
        } else if withheld {
            for list in ["actions", "action_values"] {
                for action in row.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
                    if let Some(value) = action.remove("value") {
                        action.insert("7d_click".to_owned(), value);
                    }
                }
            }
        }
    }
}

fn run(meta: &Meta, id: &str) -> Option<Run> {
    let number = usize::try_from(id.parse::<u64>().ok()?.checked_sub(6_090_000_000_000)?).ok()?;
    let mut runs = meta.runs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let run = runs.get_mut(number)?;
    run.looked += 1;
    Some(run.clone())
}

/// A report that is being made, or a campaign.
fn one(meta: &Meta, id: &str) -> Response {
    if let Some(Run { account, looked, .. }) = run(meta, id) {
        let (status, percent) = if looked < 2 { ("Job Running", 40) } else { ("Job Completed", 100) };
        return Json(json!({ "id": id, "account_id": account, "async_status": status, "async_percent_completion": percent }))
            .into_response();
    }
    let found =
        meta.shared.world.of_platform(PLATFORM).into_iter().find_map(|account| {
            account.campaigns.iter().find(|campaign| campaign.id == id).map(|campaign| listed(account, campaign, false))
        });
    match found {
        Some(campaign) => Json(campaign).into_response(),
        None => refused(400, 100, Some(33), "Unsupported get request. The object does not exist or cannot be loaded."),
    }
}

/// A page of rows. `next` is an address with a token in it, as Meta gives it.
fn paged(meta: &Meta, mut rows: Vec<Value>, query: &Asked, target: &str) -> Response {
    let strike = |wanted: Trouble| strikes(&meta.shared, target, |trouble| *trouble == wanted).is_some();
    if !rows.is_empty() {
        if strike(Trouble::NullNumber) && rows[0].get("spend").is_some() {
            rows[0]["spend"] = Value::Null;
        }
        if strike(Trouble::UnknownWord) {
            rows[0]["some_new_field"] = json!({ "a": 1 });
        }
    }
    let size = query.get("limit").and_then(|text| text.parse::<usize>().ok()).unwrap_or(25).clamp(1, PAGE);
    let start = if strike(Trouble::RepeatedPage) { 0 } else { query.get("after").and_then(|text| text.parse().ok()).unwrap_or(0) };
    let end = (start + size).min(rows.len());
    let mut paging = json!({ "cursors": { "before": start.to_string(), "after": end.to_string() } });
    if end < rows.len() {
        paging["next"] = json!(format!("https://graph.facebook.com{target}?access_token={TOKEN}&after={end}"));
    }
    let usage =
        json!({ "410022003300": [{ "type": "ads_insights", "call_count": 3, "total_time": 2, "estimated_time_to_regain_access": 0 }] });
    let mut data = rows.get(start..end).unwrap_or_default().to_vec();
    if !data.is_empty() && strike(Trouble::DuplicateRow) {
        data.insert(1, data[0].clone());
    }
    let page = json!({ "data": data, "paging": paging });
    ([("x-business-use-case-usage", usage.to_string())], Json(page)).into_response()
}

fn smallest(account: &Account, whole: i64) -> i64 {
    if account.currency == "KRW" { whole } else { whole * 100 }
}

fn listed(account: &Account, campaign: &Campaign, unknown: bool) -> Value {
    let status = match (campaign.removed, campaign.paused) {
        (true, _) => "DELETED",
        (_, true) => "PAUSED",
        _ => "ACTIVE",
    };
    let mut row = json!({ "id": campaign.id, "name": campaign.name, "account_id": account.id, "status": status,
        "effective_status": if unknown { "BRAND_NEW" } else { status }, "objective": campaign.kind,
        "start_time": format!("{}T00:00:00+0900", campaign.first_day), "budget_remaining": "0" });
    // A budget may stand on the ad sets.
    if !campaign.name.contains("세트 예산") {
        row["daily_budget"] = json!(smallest(account, campaign.daily_budget).to_string());
    }
    if let Some(last) = campaign.last_day {
        row["stop_time"] = json!(format!("{last}T23:59:59+0900"));
    }
    row
}

fn campaigns(meta: &Meta, account: &Account, query: &Asked, target: &str) -> Response {
    let every: Vec<String> = query.get("effective_status").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let unknown = strikes(&meta.shared, target, |trouble| *trouble == Trouble::UnknownWord).is_some();
    let shown = |campaign: &&Campaign| !campaign.removed || every.iter().any(|status| status == "DELETED");
    let rows = account.campaigns.iter().filter(shown).map(|campaign| listed(account, campaign, unknown)).collect();
    paged(meta, rows, query, target)
}

fn insights(world: &World, account: &Account, query: &Asked) -> Result<Vec<Value>, &'static str> {
    let of = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let known = [
        "level",
        "time_range",
        "time_increment",
        "breakdowns",
        "fields",
        "action_attribution_windows",
        "limit",
        "after",
        "appsecret_proof",
    ];
    if query.keys().any(|name| !known.contains(&name.as_str())) || of("time_increment") != "1" {
        return Err("(#100) unknown parameter");
    }
    let range: BTreeMap<String, NaiveDate> = serde_json::from_str(of("time_range")).map_err(|_| "(#100) time_range")?;
    let (Some(from), Some(to)) = (range.get("since").copied(), range.get("until").copied()) else { return Err("(#100) time_range") };
    if from > to || from < world.today(account) - TimeDelta::days(1126) {
        return Err("(#3018) The start date of the time range cannot be beyond 37 months from the current date");
    }
    let fields: Vec<&str> = of("fields").split(',').collect();
    let by_hour = match of("breakdowns") {
        "" | "publisher_platform" => false,
        "hourly_stats_aggregated_by_advertiser_time_zone" => true,
        _ => return Err("(#100) Current combination of data breakdown columns is invalid"),
    };
    let mut rows = Vec::new();
    let mut date = from;
    while date <= to {
        if of("level") == "account" {
            let mut sum = Counts::default();
            for campaign in &account.campaigns {
                campaign.places.iter().for_each(|place| sum += world.day(account, campaign, place, date));
            }
            if sum.impressions > 0 {
                rows.push(row(account, None, date, sum, &fields, false));
            }
        } else {
            for campaign in &account.campaigns {
                let place_rows = |place: &str| (place.to_owned(), world.day(account, campaign, place, date));
                if by_hour {
                    for hour in 0..24 {
                        let mut sum = Counts::default();
                        campaign.places.iter().for_each(|place| sum += world.hour(account, campaign, place, date, hour));
                        if sum.impressions > 0 {
                            let mut told = row(account, Some(campaign), date, sum, &fields, true);
                            told["hourly_stats_aggregated_by_advertiser_time_zone"] = json!(format!("{hour:02}:00:00 - {hour:02}:59:59"));
                            rows.push(told);
                        }
                    }
                    continue;
                }
                if of("breakdowns").is_empty() {
                    let mut sum = Counts::default();
                    campaign.places.iter().for_each(|place| sum += world.day(account, campaign, place, date));
                    if sum.impressions > 0 {
                        rows.push(row(account, Some(campaign), date, sum, &fields, false));
                    }
                    continue;
                }
                for (place, counts) in campaign.places.iter().map(|place| place_rows(place)).filter(|(_, counts)| counts.impressions > 0) {
                    let mut told = row(account, Some(campaign), date, counts, &fields, false);
                    told["publisher_platform"] = json!(place);
                    rows.push(told);
                }
            }
        }
        date = date + Days::new(1);
    }
    Ok(rows)
}

fn row(account: &Account, campaign: Option<&Campaign>, date: NaiveDate, counts: Counts, fields: &[&str], by_hour: bool) -> Value {
    let money = |amount: i64| if account.currency == "KRW" { amount.to_string() } else { format!("{}.{:02}", amount / 100, amount % 100) };
    let mut told = json!({ "account_id": account.id, "date_start": date, "date_stop": date, "impressions": counts.impressions.to_string(),
        "spend": money(counts.cost), "account_currency": account.currency, "attribution_setting": "7d_click_1d_view" });
    if let Some(campaign) = campaign {
        told["campaign_id"] = json!(campaign.id);
        told["campaign_name"] = json!(campaign.name);
    }
    // What has no activity is absent.
    if counts.clicks > 0 {
        told["clicks"] = json!((counts.clicks + 3).to_string());
        told["inline_link_clicks"] = json!(counts.clicks.to_string());
    }
    if !by_hour {
        let mut actions = vec![json!({ "action_type": "link_click", "value": counts.clicks.to_string() })];
        let mut values = Vec::new();
        if counts.likes > 0 {
            actions.push(json!({ "action_type": "post_reaction", "value": counts.likes.to_string() }));
        }
        if counts.purchases > 0 {
            // One sale under three names.
            for name in ["purchase", "omni_purchase", "offsite_conversion.fb_pixel_purchase"] {
                actions
                    .push(json!({ "action_type": name, "value": counts.purchases.to_string(), "7d_click": counts.purchases.to_string() }));
                values.push(json!({ "action_type": name, "value": money(counts.purchase_value) }));
            }
        }
        if counts.others > 0 {
            actions.push(json!({ "action_type": "omni_complete_registration", "value": counts.others.to_string() }));
        }
        told["actions"] = json!(actions);
        told["action_values"] = json!(values);
    }
    let asked = |name: &String| fields.contains(&name.as_str()) || name.starts_with("date_");
    match told {
        Value::Object(map) => Value::Object(map.into_iter().filter(|(name, _)| asked(name)).collect()),
        other => other,
    }
}
