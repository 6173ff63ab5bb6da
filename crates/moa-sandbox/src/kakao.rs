//! Kakao Moment: business authentication, lists and details, reports of 31 days.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::faults::Trouble;
use crate::world::{Account, Campaign, Counts, World};
use crate::{Shared, strikes};

/// The REST API key and the business-authentication secret of the seeded agency.
pub const CLIENT_ID: &str = "sandboxrestapikey0123456789";
pub const CLIENT_SECRET: &str = "canary-kakao-business-secret-0123456789";
/// A business token that stands from the beginning.
pub const TOKEN: &str = "bz_canary-kakao-token-0123456789";
/// 캐시 and free 캐시 of every account.
pub const CASH: (i64, i64) = (880_000, 20_000);

const PLATFORM: &str = "kakao";
const SCOPE: &str = "moment_management";
const GROUPS: &[&str] = &["BASIC", "ADDITION", "MESSAGE", "MESSAGE_ADDITION", "PIXEL_SDK_CONVERSION", "VIDEO"];

struct Kakao {
    shared: Arc<Shared>,
    /// Code → redirect address.
    codes: Mutex<BTreeMap<String, String>>,
}

type Here = State<Arc<Kakao>>;
type Asked = Query<BTreeMap<String, String>>;

pub(crate) fn routes(shared: &Arc<Shared>) -> Router {
    let kakao = Arc::new(Kakao { shared: Arc::clone(shared), codes: Mutex::default() });
    Router::new()
        .route("/oauth/business/authorize", get(authorise))
        .route("/oauth/business/token", post(token))
        .route("/openapi/v4/adAccounts/pages", get(accounts))
        .route("/openapi/v4/adAccounts/balance", get(balance))
        .route("/openapi/v4/adAccounts/report", get(report))
        .route("/openapi/v4/campaigns", get(campaigns))
        .route("/openapi/v4/adGroups", get(groups))
        .route("/openapi/v4/campaigns/{id}", get(campaign))
        .with_state(kakao)
}

async fn authorise(State(kakao): Here, Query(query): Asked) -> Response {
    let of = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let back = of("redirect_uri").to_owned();
    // Registered with their ports; another one is refused on Kakao's own page.
    let registered = ["http://localhost:53682/oauth/kakao", "http://localhost:53683/oauth/kakao"];
    if !registered.contains(&back.as_str()) || of("client_id") != CLIENT_ID || of("response_type") != "code" || of("scope") != SCOPE {
        return (StatusCode::BAD_REQUEST, "KOE028").into_response();
    }
    let mut codes = kakao.codes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let code = format!("kakao-code-{}", codes.len());
    codes.insert(code.clone(), back.clone());
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs([("code", code.as_str()), ("state", of("state"))]).finish();
    (StatusCode::FOUND, [(header::LOCATION, format!("{back}?{query}"))]).into_response()
}

async fn token(State(kakao): Here, body: Bytes) -> Response {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let of = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let refused = |status: StatusCode, error: &str, code: &str| {
        (status, Json(json!({ "error": error, "error_description": error, "error_code": code }))).into_response()
    };
    if of("client_id") != CLIENT_ID || of("client_secret") != CLIENT_SECRET {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client", "KOE010");
    }
    let mut codes = kakao.codes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if of("grant_type") != "authorization_code" || codes.remove(of("code")).as_deref() != Some(of("redirect_uri")) {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant", "KOE320");
    }
    Json(json!({ "access_token": TOKEN, "token_type": "bearer", "scope": SCOPE })).into_response()
}

fn refused(status: u16, code: i64, message: &str) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), Json(json!({ "code": code, "msg": message }))).into_response()
}

/// Whose account may be read.
fn allowed<'a>(kakao: &'a Kakao, headers: &HeaderMap, target: &str) -> Result<&'a Account, Box<Response>> {
    bearer(kakao, headers, target)?;
    let id = headers.get("adaccountid").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if id.is_empty() {
        return Err(Box::new(refused(400, -8, "adAccountId header is missing")));
    }
    let forbidden = strikes(&kakao.shared, target, |trouble| *trouble == Trouble::Forbidden(id.clone())).is_some();
    let account = kakao.shared.world.account(PLATFORM, &id).filter(|_| !forbidden);
    account.ok_or_else(|| Box::new(refused(403, -6, "this action is not allowed for the ad account.")))
}

fn bearer(kakao: &Kakao, headers: &HeaderMap, target: &str) -> Result<(), Box<Response>> {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ended = |trouble: &Trouble| matches!(trouble, Trouble::RevokedLogin | Trouble::ExpiredToken);
    if text != format!("Bearer {TOKEN}") || strikes(&kakao.shared, target, ended).is_some() {
        return Err(Box::new(refused(401, -401, "this access token does not exist")));
    }
    Ok(())
}

async fn accounts(State(kakao): Here, headers: HeaderMap) -> Response {
    if let Err(refusal) = bearer(&kakao, &headers, "/adAccounts/pages") {
        return *refusal;
    }
    let all = kakao.shared.world.of_platform(PLATFORM);
    let content: Vec<Value> =
        all.iter().map(|account| json!({ "id": number(&account.id), "name": account.name, "config": "ON" })).collect();
    Json(json!({ "content": content, "totalElements": content.len(), "totalPages": 1, "last": true })).into_response()
}

fn number(id: &str) -> Value {
    id.parse::<i64>().map_or_else(|_| json!(id), |id| json!(id))
}

async fn balance(State(kakao): Here, headers: HeaderMap) -> Response {
    match allowed(&kakao, &headers, "/adAccounts/balance") {
        Ok(account) => Json(json!({ "id": number(&account.id), "cash": CASH.0, "freeCash": CASH.1 })).into_response(),
        Err(refusal) => *refusal,
    }
}

fn config(campaign: &Campaign) -> &'static str {
    match (campaign.removed, campaign.paused) {
        (true, _) => "DEL",
        (_, true) => "OFF",
        _ => "ON",
    }
}

async fn campaigns(State(kakao): Here, headers: HeaderMap, Query(query): Asked) -> Response {
    let account = match allowed(&kakao, &headers, "/campaigns") {
        Ok(account) => account,
        Err(refusal) => return *refusal,
    };
    let wanted = query.get("config").map(String::as_str).unwrap_or_default();
    if !matches!(wanted, "ON" | "OFF" | "DEL") {
        return refused(400, -2, "config must be one of ON, OFF, DEL");
    }
    let unknown = strikes(&kakao.shared, "/campaigns", |trouble| *trouble == Trouble::UnknownWord).is_some();
    // Messages to a channel's friends are in no list.
    let content: Vec<Value> = (account.campaigns.iter())
        .filter(|campaign| config(campaign) == wanted && campaign.kind != "TALK_CHANNEL")
        .map(|campaign| json!({ "id": number(&campaign.id), "name": campaign.name, "config": if unknown { "NEW_WORD" } else { wanted }, "systemConfig": "ON" }))
        .collect();
    Json(json!({ "content": content })).into_response()
}

async fn campaign(State(kakao): Here, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let account = match allowed(&kakao, &headers, "/campaigns") {
        Ok(account) => account,
        Err(refusal) => return *refusal,
    };
    let Some(campaign) = account.campaigns.iter().find(|campaign| campaign.id == id) else {
        return (
            StatusCode::BAD_REQUEST,
            Json(json!({ "code": -2, "extras": { "detailCode": "31001", "detailMsg": "캠페인이 존재하지 않습니다." } })),
        )
            .into_response();
    };
    let goal = if campaign.kind == "TALK_CHANNEL" { "REACH" } else { "CONVERSION" };
    Json(json!({ "id": number(&campaign.id), "adAccountId": number(&account.id), "name": campaign.name,
        "campaignTypeGoal": { "campaignType": campaign.kind, "goal": goal }, "dailyBudgetAmount": campaign.daily_budget, "config": config(campaign),
        "systemConfig": "ON", "isDailyBudgetAmountOver": false, "statusDescription": "운영중", "someNewField": [1] }))
    .into_response()
}

/// One ad group for each campaign, with its dates. Those of deleted campaigns are not told.
async fn groups(State(kakao): Here, headers: HeaderMap, Query(query): Asked) -> Response {
    let account = match allowed(&kakao, &headers, "/adGroups") {
        Ok(account) => account,
        Err(refusal) => return *refusal,
    };
    let wanted = query.get("config").map(String::as_str).unwrap_or_default();
    let of = query.get("campaignId").map(String::as_str).unwrap_or_default();
    let Some(campaign) = account.campaigns.iter().find(|campaign| campaign.id == of && !campaign.removed) else {
        return refused(400, -2, "campaignId");
    };
    if !matches!(wanted, "ON" | "OFF" | "DEL") {
        return refused(400, -2, "config must be one of ON, OFF, DEL");
    }
    let content: Vec<Value> = if wanted == "ON" {
        vec![
            json!({ "id": number(&format!("{}1", campaign.id)), "name": "그룹", "type": "DISPLAY", "config": "ON", "isValidPeriod": campaign.last_day.is_none(),
            "totalBudget": campaign.daily_budget * 30, "schedule": { "beginDate": campaign.first_day, "endDate": campaign.last_day } }),
        ]
    } else {
        Vec::new()
    };
    Json(json!({ "content": content })).into_response()
}

async fn report(State(kakao): Here, headers: HeaderMap, Query(query): Asked) -> Response {
    let target = "/adAccounts/report";
    let account = match allowed(&kakao, &headers, target) {
        Ok(account) => account,
        Err(refusal) => return *refusal,
    };
    let world = &kakao.shared.world;
    let of = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let bad = |text: &str| refused(400, -2, text);
    let known = ["adAccountId", "datePreset", "start", "end", "timeUnit", "level", "dimension", "metricsGroup"];
    if query.keys().any(|name| !known.contains(&name.as_str())) || of("adAccountId") != account.id || of("timeUnit") != "DAY" {
        return bad("invalid parameter");
    }
    if of("metricsGroup").split(',').any(|group| !GROUPS.contains(&group)) || !matches!(of("level"), "CAMPAIGN" | "AD_ACCOUNT") {
        return bad("invalid metricsGroup or level");
    }
    let by_hour = match of("dimension") {
        "" => false,
        "HOUR" => true,
        _ => return bad("invalid dimension"),
    };
    let today = world.today(account);
    let range = match (of("datePreset"), of("start"), of("end")) {
        ("TODAY", "", "") => Some((today, today)),
        ("", start, end) => {
            let day = |text: &str| NaiveDate::parse_from_str(text, "%Y%m%d").ok();
            day(start).zip(day(end)).filter(|(from, to)| from <= to && *to < today && (*to - *from).num_days() < 31)
        }
        _ => None,
    };
    let Some((from, to)) = range else { return bad("invalid period") };
    if by_hour && from != to {
        return bad("one day by hour");
    }
    let mut data = rows(world, account, (from, to), by_hour, of("level") == "AD_ACCOUNT");
    let strike = |wanted: Trouble| strikes(&kakao.shared, target, |trouble| *trouble == wanted).is_some();
    if !data.is_empty() {
        if strike(Trouble::DuplicateRow) {
            data.push(data[0].clone());
        }
        if strike(Trouble::NullNumber) {
            data[0]["metrics"]["cost"] = Value::Null;
        }
        if strike(Trouble::UnknownWord) {
            data[0]["metrics"]["some_new_metric"] = json!(1);
        }
    }
    Json(json!({ "data": data })).into_response()
}

fn rows(world: &World, account: &Account, (from, to): (NaiveDate, NaiveDate), by_hour: bool, of_account: bool) -> Vec<Value> {
    let mut data = Vec::new();
    let mut date = from;
    while date <= to {
        let stamp = date.format("%Y%m%d").to_string();
        let row = |dimensions: Value, metrics: Value| json!({ "start": stamp, "end": stamp, "dimensions": dimensions, "metrics": metrics });
        if of_account {
            let mut sum = Counts::default();
            for campaign in &account.campaigns {
                campaign.places.iter().for_each(|place| sum += world.day(account, campaign, place, date));
            }
            if sum.cost > 0 {
                data.push(row(json!({ "ad_account_id": account.id }), metrics("DISPLAY", sum)));
            }
        } else {
            for campaign in &account.campaigns {
                if by_hour {
                    for hour in 0..24 {
                        let counts = world.hour(account, campaign, campaign.places[0], date, hour);
                        if counts.impressions > 0 {
                            data.push(row(
                                json!({ "campaign_id": campaign.id, "hour": format!("{hour:02}") }),
                                metrics(&campaign.kind, counts),
                            ));
                        }
                    }
                    continue;
                }
                let counts = world.day(account, campaign, campaign.places[0], date);
                if counts.impressions > 0 {
                    data.push(row(json!({ "campaign_id": campaign.id }), metrics(&campaign.kind, counts)));
                }
            }
        }
        date = date + Days::new(1);
    }
    data
}

fn metrics(kind: &str, counts: Counts) -> Value {
    let conversions = [("conv_purchase", counts.purchases), ("conv_purchase_p", counts.purchase_value), ("conv_view_cart", counts.others)];
    let mut told = if kind == "TALK_CHANNEL" {
        json!({ "msg_send": counts.impressions * 3, "msg_open": counts.impressions, "msg_click": counts.clicks, "cost": counts.cost })
    } else {
        json!({ "imp": counts.impressions, "click": counts.clicks, "ctr": 0.5, "cost": counts.cost })
    };
    for (name, count) in conversions {
        // The shorter window tells less.
        told[format!("{name}_1d")] = json!(count / 2);
        told[format!("{name}_7d")] = json!(count);
    }
    told
}
