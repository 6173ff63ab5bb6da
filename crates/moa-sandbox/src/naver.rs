//! Naver SearchAd: signed requests, `/ncc`, `/stats`, large reports, accounts, 비즈머니.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::faults::Trouble;
use crate::world::{Account, Campaign, Counts, World};
use crate::{Shared, strikes};

/// The access licence and secret key of the seeded agency.
pub const LICENSE: &str = "0100000000a1b2c3d4e5f60718293a4b5c6d7e8f90";
pub const SECRET: &str = "AQAAAACanaryNaverSecretKey0123456789abcdefgh==";
/// 비즈머니 of every account.
pub const BIZMONEY: i64 = 1_234_500;

const PLATFORM: &str = "naver_ads";
const FIELDS: &[&str] = &["impCnt", "clkCnt", "salesAmt", "ccnt", "convAmt", "purchaseCcnt", "purchaseConvAmt", "cpc", "ctr", "viewCnt"];
/// How far a request's time may be off.
const CLOCK: i64 = 60;

struct Naver {
    shared: Arc<Shared>,
    jobs: Mutex<HashMap<i64, Job>>,
}

#[derive(Clone)]
struct Job {
    customer: String,
    kind: String,
    date: NaiveDate,
    polls: u32,
}

type Query1 = Query<BTreeMap<String, String>>;
type Here = State<Arc<Naver>>;

pub(crate) fn routes(shared: &Arc<Shared>) -> Router {
    let naver = Arc::new(Naver { shared: Arc::clone(shared), jobs: Mutex::default() });
    Router::new()
        .route("/ncc/campaigns", get(campaigns))
        .route("/ncc/adgroups", get(adgroups))
        .route("/ncc/time-contracts", get(contracts))
        .route("/stats", get(stats))
        .route("/stat-reports", axum::routing::post(order))
        .route("/stat-reports/{id}", get(poll))
        .route("/master-reports", axum::routing::post(order_master))
        .route("/master-reports/{id}", get(poll).delete(forget))
        .route("/report-download", get(download))
        .route("/ad-accounts", get(ad_accounts))
        .route("/manager-accounts", get(managers))
        .route("/manager-accounts/{number}/child-ad-accounts", get(children))
        .route("/billing/bizmoney", get(bizmoney))
        .layer(middleware::from_fn_with_state(Arc::clone(&naver), guard))
        .with_state(naver)
}

/// The days and the payment, with VAT, of a brand-search campaign's contract: 110,000 won a day.
#[must_use]
pub fn contract(world: &World) -> (NaiveDate, NaiveDate, i64) {
    let today = (world.now() + TimeDelta::hours(9)).date_naive();
    (today - Days::new(20), today + Days::new(9), 3_300_000)
}

/// What a campaign's day costs as Naver has it: brand search by its contract, up to today.
#[must_use]
pub fn cost_of_day(world: &World, campaign: &Campaign, date: NaiveDate, counts: Counts) -> i64 {
    if campaign.kind != "BRAND_SEARCH" {
        return counts.cost;
    }
    let (from, to, payment) = contract(world);
    let today = (world.now() + TimeDelta::hours(9)).date_naive();
    if from <= date && date <= to && date <= today { payment / ((to - from).num_days() + 1) } else { 0 }
}

fn refused(status: u16, body: &Value) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
}

fn problem(kind: &str, detail: &str) -> Response {
    refused(403, &json!({ "type": format!("urn:naver:api:problem:{kind}"), "title": kind, "status": 403, "detail": detail }))
}

fn code(status: u16, code: u32, message: &str) -> Response {
    refused(status, &json!({ "code": code, "message": message }))
}

/// Who asks: signature, time, licence, rights. The answer carries the server's own time.
async fn guard(State(naver): Here, mut request: Request, next: Next) -> Response {
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let ahead = match strikes(&naver.shared, &target, |trouble| matches!(trouble, Trouble::ClockAhead(_))) {
        Some(Trouble::ClockAhead(seconds)) => seconds,
        _ => 0,
    };
    let now = naver.shared.world.now() + TimeDelta::seconds(ahead);
    let mut answer = match allowed(&naver, request.headers(), request.method().as_str(), request.uri().path(), &target, now) {
        Ok(account) => {
            request.extensions_mut().insert(account);
            next.run(request).await
        }
        Err(answer) => *answer,
    };
    let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer.headers_mut().insert("x-transaction-id", HeaderValue::from_static("SANDBOX0001"));
    answer
}

/// The number of the customer that may be read.
#[derive(Clone)]
struct Customer(String);

fn allowed(
    naver: &Naver,
    headers: &HeaderMap,
    method: &str,
    path: &str,
    target: &str,
    now: DateTime<Utc>,
) -> Result<Customer, Box<Response>> {
    let of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let no = |kind: &str, detail: &str| Err(Box::new(problem(kind, detail)));
    if headers.get_all(header::CONTENT_TYPE).iter().count() > 1 {
        return Err(Box::new(refused(500, &json!({ "name": "InternalServerError", "status": 500 }))));
    }
    for name in ["x-timestamp", "x-api-key", "x-customer", "x-signature"] {
        if of(name).is_empty() {
            return no("missing-header", name);
        }
    }
    if of("x-api-key") != LICENSE || strikes(&naver.shared, target, |trouble| *trouble == Trouble::RevokedLogin).is_some() {
        return no("invalid-apikey", "the licence is not valid");
    }
    let time: i64 = of("x-timestamp").parse().unwrap_or(0);
    if (now.timestamp() - time / 1000).abs() > CLOCK {
        return no("invalid-timestamp", "Request has expired.");
    }
    let signed = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).map(|mut mac| {
        mac.update(format!("{time}.{method}.{path}").as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    });
    if signed.ok().as_deref() != Some(of("x-signature")) {
        return no("invalid-signature", "the signature is invalid.");
    }
    let customer = of("x-customer").to_owned();
    let forbidden = strikes(&naver.shared, target, |trouble| *trouble == Trouble::Forbidden(customer.clone())).is_some();
    if forbidden || naver.shared.world.account(PLATFORM, &customer).is_none() {
        return no("auth-failed", &format!("Auth failed with api-key: 01**, customer-id: {customer}"));
    }
    Ok(Customer(customer))
}

type Who = axum::Extension<Customer>;

impl Naver {
    fn account(&self, customer: &Customer) -> &Account {
        // The guard has looked.
        self.shared.world.account(PLATFORM, &customer.0).unwrap_or_else(|| unreachable!("no such customer"))
    }
}

async fn campaigns(State(naver): Here, axum::Extension(customer): Who, Query(query): Query1) -> Response {
    let account = naver.account(&customer);
    let size: usize = query.get("recordSize").and_then(|text| text.parse().ok()).unwrap_or(1000);
    if !(1..=1000).contains(&size) {
        return code(400, 11001, "잘못된 파라미터 형식입니다.");
    }
    let listed: Vec<&Campaign> = account.campaigns.iter().filter(|campaign| !campaign.removed).collect();
    let target = "/ncc/campaigns";
    let repeated = strikes(&naver.shared, target, |trouble| *trouble == Trouble::RepeatedPage).is_some();
    let start = match query.get("baseSearchId").filter(|_| !repeated) {
        Some(base) => match listed.iter().position(|campaign| campaign.id == *base) {
            Some(position) => position + 1,
            None => return code(404, 3501, "요청하신 캠페인이 존재하지 않습니다."),
        },
        None => 0,
    };
    let unknown = strikes(&naver.shared, target, |trouble| *trouble == Trouble::UnknownWord).is_some();
    let mut page: Vec<Value> = listed.into_iter().skip(start).take(size).map(|campaign| told(account, campaign, unknown)).collect();
    if strikes(&naver.shared, target, |trouble| *trouble == Trouble::DuplicateRow).is_some()
        && let Some(first) = page.first().cloned()
    {
        page.push(first);
    }
    Json(page).into_response()
}

fn told(account: &Account, campaign: &Campaign, unknown: bool) -> Value {
    let (status, reason) = match (campaign.paused, campaign.last_day) {
        (true, _) => ("PAUSED", "CAMPAIGN_PAUSED"),
        (false, Some(_)) => ("PAUSED", "CAMPAIGN_ENDED"),
        (false, None) => ("ELIGIBLE", "ELIGIBLE"),
    };
    // Midnight in Seoul is 15:00 of the day before.
    let instant = |day: NaiveDate| format!("{}T15:00:00.000Z", day - Days::new(1));
    json!({
        "nccCampaignId": campaign.id, "customerId": account.id.parse::<i64>().unwrap_or(0), "name": campaign.name, "campaignTp": campaign.kind,
        "dailyBudget": campaign.daily_budget, "useDailyBudget": true, "deliveryMethod": "ACCELERATED",
        "usePeriod": campaign.last_day.is_some(), "periodStartDt": instant(campaign.first_day), "periodEndDt": campaign.last_day.map(instant),
        "userLock": campaign.paused, "trackingMode": "AUTO_TRACKING_MODE", "sharedBudgetId": null,
        "status": if unknown { "BRAND_NEW_STATUS" } else { status }, "statusReason": if unknown { "BRAND_NEW_REASON" } else { reason },
        "someNewField": { "a": [1, 2] },
    })
}

fn group_of(campaign: &Campaign) -> String {
    campaign.id.replacen("cmp-", "grp-", 1)
}

async fn contracts(State(naver): Here, axum::Extension(customer): Who) -> Response {
    let (from, to, payment) = contract(&naver.shared.world);
    let instant = |day: NaiveDate| format!("{}T15:00:00.000Z", day - Days::new(1));
    let of_brand = |campaign: &&Campaign| campaign.kind == "BRAND_SEARCH";
    let contracts: Vec<Value> = (naver.account(&customer).campaigns.iter().filter(of_brand))
        .map(|campaign| {
            json!({ "nccTimeContractId": format!("ntc-{}", campaign.id), "nccAdgroupId": group_of(campaign), "contractName": "브랜드검색",
                "contractStatus": "ON_EXPOSING", "contractStartDt": instant(from), "contractEndDt": instant(to),
                "exposureStartDt": instant(from), "exposureEndDt": instant(to), "contractAmt": payment * 10 / 11, "paymentAmt": payment, "refundAmt": 0 })
        })
        .collect();
    Json(contracts).into_response()
}

async fn adgroups(State(naver): Here, axum::Extension(customer): Who, Query(query): Query1) -> Response {
    let Some(ids) = query.get("ids") else { return code(400, 11001, "잘못된 파라미터 형식입니다.") };
    let wanted: BTreeSet<&str> = ids.split(',').collect();
    let groups: Vec<Value> = (naver.account(&customer).campaigns.iter())
        .filter(|campaign| wanted.contains(group_of(campaign).as_str()))
        .map(|campaign| json!({ "nccAdgroupId": group_of(campaign), "nccCampaignId": campaign.id, "name": "그룹", "adgroupType": campaign.kind }))
        .collect();
    Json(groups).into_response()
}

/// A question of `/stats` that is well formed.
struct Asked<'a> {
    campaigns: Vec<&'a Campaign>,
    from: NaiveDate,
    to: NaiveDate,
    by_day: bool,
    by_hour: bool,
    fields: Vec<String>,
}

async fn stats(State(naver): Here, axum::Extension(customer): Who, Query(query): Query1) -> Response {
    let account = naver.account(&customer);
    let asked = match asked(&naver.shared.world, account, &query) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let world = &naver.shared.world;
    let mut data: Vec<Value> = Vec::new();
    for campaign in &asked.campaigns {
        if asked.by_day {
            let mut date = asked.from;
            while date <= asked.to {
                let counts = day_of(world, account, campaign, date);
                if counts.impressions > 0 {
                    let mut row = figures(campaign, counts, &asked.fields);
                    row["dateStart"] = json!(date);
                    row["dateEnd"] = json!(date);
                    data.push(row);
                }
                date = date + Days::new(1);
            }
            continue;
        }
        let mut sum = Counts::default();
        let mut date = asked.from;
        while date <= asked.to {
            sum += day_of(world, account, campaign, date);
            date = date + Days::new(1);
        }
        if sum.impressions == 0 {
            continue;
        }
        let mut row = figures(campaign, sum, &asked.fields);
        row["id"] = json!(campaign.id);
        if asked.by_hour {
            let hours = (0..24).filter_map(|hour| {
                let counts = hour_of(world, account, campaign, asked.from, hour);
                let mut part = figures(campaign, counts, &asked.fields);
                part["name"] = json!(format!("{hour:02}시~{:02}시", hour + 1));
                (counts.impressions > 0).then_some(part)
            });
            row["breakdowns"] = hours.collect();
        }
        data.push(row);
    }
    let target = "/stats";
    if strikes(&naver.shared, target, |trouble| *trouble == Trouble::DuplicateRow).is_some()
        && let Some(first) = data.first().cloned()
    {
        data.push(first);
    }
    if !data.is_empty() && strikes(&naver.shared, target, |trouble| *trouble == Trouble::NullNumber).is_some() {
        data[0]["clkCnt"] = Value::Null;
    }
    if strikes(&naver.shared, target, |trouble| *trouble == Trouble::UnknownWord).is_some() {
        data.iter_mut().for_each(|row| row["newMeasure"] = json!("NEW"));
    }
    let stamp = (world.now() + TimeDelta::hours(8)).format("%Y%m%d%H%M").to_string();
    Json(json!({ "data": data, "compTm": stamp, "cycleBaseTm": stamp })).into_response()
}

fn asked<'a>(world: &World, account: &'a Account, query: &BTreeMap<String, String>) -> Result<Asked<'a>, Box<Response>> {
    let bad = || Box::new(code(400, 11001, "잘못된 파라미터 형식입니다."));
    let known = ["id", "ids", "fields", "timeRange", "timeIncrement", "breakdown"];
    if query.keys().any(|name| !known.contains(&name.as_str())) {
        return Err(bad());
    }
    let fields: Vec<String> = query.get("fields").and_then(|text| serde_json::from_str(text).ok()).ok_or_else(bad)?;
    if fields.is_empty() || fields.iter().any(|field| !FIELDS.contains(&field.as_str())) {
        return Err(bad());
    }
    let range: BTreeMap<String, NaiveDate> = query.get("timeRange").and_then(|text| serde_json::from_str(text).ok()).ok_or_else(bad)?;
    let (from, to) = (*range.get("since").ok_or_else(bad)?, *range.get("until").ok_or_else(bad)?);
    let ids: Vec<&str> = match (query.get("id"), query.get("ids")) {
        (Some(id), None) => vec![id],
        (None, Some(ids)) => ids.split(',').collect(),
        _ => return Err(bad()),
    };
    let increment = query.get("timeIncrement").map(String::as_str).unwrap_or(if query.contains_key("id") { "1" } else { "allDays" });
    let by_hour = query.contains_key("breakdown");
    let days = (to - from).num_days() + 1;
    let today = world.today(account);
    if !(1..=92).contains(&days) || !matches!(increment, "1" | "allDays") || (increment == "1" && (query.contains_key("ids") || by_hour)) {
        return Err(bad());
    }
    if ids.len() > 100 || (by_hour && query["breakdown"] != "hh24") || from < today - Days::new(730) {
        return Err(bad());
    }
    let mut campaigns = Vec::new();
    for id in ids {
        let campaign = account.campaigns.iter().find(|campaign| campaign.id == id);
        campaigns.push(campaign.ok_or_else(|| Box::new(code(404, 3501, "요청하신 캠페인이 존재하지 않습니다.")))?);
    }
    let kinds: BTreeSet<&str> = campaigns.iter().map(|campaign| campaign.kind.as_str()).collect();
    let longer = kinds.iter().all(|kind| matches!(*kind, "BRAND_SEARCH" | "PLACE"));
    if kinds.len() > 1 || (by_hour && from < today - Days::new(if longer { 120 } else { 7 })) {
        return Err(Box::new(code(400, 11003, "캠페인 유형이 다르거나 조회 기간이 아닙니다.")));
    }
    Ok(Asked { campaigns, from, to, by_day: increment == "1", by_hour, fields })
}

fn hour_of(world: &World, account: &Account, campaign: &Campaign, date: NaiveDate, hour: u32) -> Counts {
    let mut sum = Counts::default();
    campaign.places.iter().for_each(|place| sum += world.hour(account, campaign, place, date, hour));
    sum
}

fn day_of(world: &World, account: &Account, campaign: &Campaign, date: NaiveDate) -> Counts {
    let mut sum = Counts::default();
    campaign.places.iter().for_each(|place| sum += world.day(account, campaign, place, date));
    sum
}

fn figures(campaign: &Campaign, counts: Counts, fields: &[String]) -> Value {
    // Brand search is paid in advance: its cost is told as 0.
    let cost = if campaign.kind == "BRAND_SEARCH" { 0 } else { counts.cost };
    let all = json!({
        "impCnt": counts.impressions, "clkCnt": counts.clicks, "salesAmt": cost,
        "ccnt": counts.purchases + counts.others, "convAmt": counts.purchase_value,
        "purchaseCcnt": counts.purchases, "purchaseConvAmt": counts.purchase_value, "cpc": 0.0, "ctr": 0.0, "viewCnt": 0,
    });
    fields.iter().map(|field| (field.clone(), all[field].clone())).collect()
}

async fn order(State(naver): Here, axum::Extension(customer): Who, body: Bytes) -> Response {
    let Ok(Value::Object(asked)) = serde_json::from_slice::<Value>(&body) else {
        return code(400, 11001, "잘못된 파라미터 형식입니다.");
    };
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
    let date = NaiveDate::parse_from_str(text("statDt"), "%Y%m%d");
    let kept = match text("reportTp") {
        "AD" => 365,
        "AD_DETAIL" => 180,
        "AD_CONVERSION_DETAIL" => 45,
        _ => 0,
    };
    let (Ok(date), 1.., 2) = (date, kept, asked.len()) else {
        return code(400, 11001, "잘못된 파라미터 형식입니다.");
    };
    let today = naver.shared.world.today(naver.account(&customer));
    if date >= today || date < today - Days::new(kept) {
        return code(400, 10004, "해당 일자의 지표가 없습니다.");
    }
    let mut jobs = naver.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let id = 2_600_000 + i64::try_from(jobs.len()).unwrap_or(0);
    let job = Job { customer: customer.0, kind: text("reportTp").to_owned(), date, polls: 0 };
    let answer = told_job(id, &job);
    jobs.insert(id, job);
    Json(answer).into_response()
}

async fn order_master(State(naver): Here, axum::Extension(customer): Who, body: Bytes) -> Response {
    let Ok(Value::Object(asked)) = serde_json::from_slice::<Value>(&body) else {
        return code(400, 11001, "잘못된 파라미터 형식입니다.");
    };
    let known = asked.keys().all(|name| matches!(name.as_str(), "item" | "fromTime"));
    if !known || asked.get("item").and_then(Value::as_str) != Some("Campaign") {
        return code(400, 11001, "잘못된 파라미터 형식입니다.");
    }
    let mut jobs = naver.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let id = 2_600_000 + i64::try_from(jobs.len()).unwrap_or(0);
    let job = Job { customer: customer.0, kind: "Campaign".to_owned(), date: naver.shared.world.now().date_naive(), polls: 0 };
    let answer = told_job(id, &job);
    jobs.insert(id, job);
    Json(answer).into_response()
}

async fn forget(State(naver): Here, Path(id): Path<i64>) -> Response {
    naver.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).entry(id).and_modify(|job| job.customer.clear());
    StatusCode::NO_CONTENT.into_response()
}

/// All campaigns, deleted ones with the time they were.
fn master(account: &Account) -> String {
    let number = |kind: &str| match kind {
        "WEB_SITE" => 1,
        "SHOPPING" => 2,
        "POWER_CONTENTS" => 3,
        "BRAND_SEARCH" => 4,
        _ => 5,
    };
    let line = |campaign: &Campaign| {
        let deleted = if campaign.removed { "2026-11-20T00:00:00Z" } else { "" };
        let (id, name) = (&campaign.id, &campaign.name);
        format!("{}\t{id}\t{name}\t{}\t1\t0\t\t\t2025-01-01T00:00:00Z\t{deleted}\t0\t\n", account.id, number(&campaign.kind))
    };
    account.campaigns.iter().map(line).collect()
}

fn told_job(id: i64, job: &Job) -> Value {
    let status = match job.polls {
        0 => "REGIST",
        1 => "RUNNING",
        _ => "BUILT",
    };
    let url = format!("https://api.searchad.naver.com/report-download?authtoken=Ab%2FCd%2BEf{id}&fileVersion=v2");
    if job.kind == "Campaign" {
        return json!({ "id": id.to_string(), "item": "Campaign", "status": status, "downloadUrl": if status == "BUILT" { url } else { String::new() } });
    }
    json!({
        "reportJobId": id, "statDt": format!("{}T15:00:00Z", job.date - Days::new(1)), "reportTp": job.kind, "status": status,
        "downloadUrl": if status == "BUILT" { url } else { String::new() }, "loginId": "agency_ops",
    })
}

async fn poll(State(naver): Here, axum::Extension(customer): Who, Path(id): Path<i64>) -> Response {
    let mut jobs = naver.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    match jobs.get_mut(&id).filter(|job| job.customer == customer.0) {
        Some(job) => {
            job.polls += 1;
            Json(told_job(id, job)).into_response()
        }
        None => code(404, 20011, "리포트를 찾을 수 없습니다."),
    }
}

async fn download(State(naver): Here, axum::Extension(customer): Who, request: Request) -> Response {
    let wrong = || refused(500, &json!({ "name": "InternalServerError", "status": 500, "title": "Internal Server Error" }));
    let query = request.uri().query().unwrap_or_default();
    let id = query.strip_prefix("authtoken=Ab%2FCd%2BEf").and_then(|rest| rest.strip_suffix("&fileVersion=v2"));
    let Some(id) = id.and_then(|id| id.parse::<i64>().ok()) else { return wrong() };
    let job = naver.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&id).cloned();
    let Some(job) = job.filter(|job| job.customer == customer.0) else { return wrong() };
    let account = naver.account(&customer);
    if job.kind == "Campaign" {
        return Response::new(Body::from(master(account)));
    }
    Response::new(Body::from(large_report(&naver.shared.world, account, &job.kind, job.date)))
}

fn large_report(world: &World, account: &Account, kind: &str, date: NaiveDate) -> String {
    let with_vat = NaiveDate::from_ymd_opt(2026, 3, 30).is_some_and(|switch| date >= switch);
    let cost = |campaign: &Campaign, cost: i64| {
        let told = if campaign.kind == "BRAND_SEARCH" { 0 } else { cost };
        // In steps of a tenth of a won, as before the switch.
        if with_vat { told.to_string() } else { format!("{}.{}", told * 100 / 11 / 10, told * 100 / 11 % 10) }
    };
    let mut text = String::new();
    for campaign in &account.campaigns {
        let begin = format!("{}\t{}\t{}\t{}\t-\tnad-1\tbsn-1", date.format("%Y%m%d"), account.id, campaign.id, group_of(campaign));
        if kind == "AD" {
            let counts = day_of(world, account, campaign, date);
            if counts.impressions > 0 {
                let cost = cost(campaign, counts.cost);
                text.push_str(&format!("{begin}\t8753\tP\t{}\t{}\t{cost}\t0\t0\n", counts.impressions, counts.clicks));
            }
            continue;
        }
        for hour in 0..24 {
            let counts = hour_of(world, account, campaign, date, hour);
            if kind == "AD_CONVERSION_DETAIL" {
                for (what, count, value) in [("purchase", counts.purchases, counts.purchase_value), ("lead", counts.others, 0)] {
                    if count > 0 {
                        text.push_str(&format!("{begin}\t{hour:02}\t02\t8753\tM\t1\t{what}\t{count}\t{value}\n"));
                    }
                }
            } else if counts.impressions > 0 {
                // In two rows, as two devices.
                let (shown, clicked) = (counts.impressions / 3, counts.clicks / 3);
                let (rest, rest_clicked) = (counts.impressions - shown, counts.clicks - clicked);
                let cost = cost(campaign, counts.cost);
                text.push_str(&format!("{begin}\t{hour:02}\t02\t8753\tM\t{shown}\t{clicked}\t-\t0\t0\n"));
                text.push_str(&format!("{begin}\t{hour:02}\t99\t8753\tP\t{rest}\t{rest_clicked}\t{cost}\t0\t0\n"));
            }
        }
    }
    text
}

fn page(content: &[Value]) -> Response {
    let count = content.len();
    Json(json!({ "content": content, "totalElements": count, "totalPages": 1, "number": 0, "size": 1000, "first": true, "last": true }))
        .into_response()
}

async fn ad_accounts(State(naver): Here, axum::Extension(customer): Who) -> Response {
    let account = naver.account(&customer);
    page(&[
        json!({ "adAccountNo": 88010, "roleName": "OWNER", "adAccount": { "no": 88010, "name": account.name, "country": "KR", "timezone": "+09:00",
            "timezoneId": "Asia/Seoul", "currency": "KRW", "disabled": false, "deleted": false, "adPlatformType": "SA",
            "masterCustomerId": account.id.parse::<i64>().unwrap_or(0) } }),
        json!({ "adAccountNo": 88011, "roleName": "OWNER", "adAccount": { "no": 88011, "name": "디스플레이", "adPlatformType": "GFA", "masterCustomerId": 990_001 } }),
    ])
}

async fn managers() -> Response {
    page(&[json!({ "managerAccountNo": 1602, "name": "대행사" })])
}

async fn children(State(naver): Here, Path(number): Path<String>) -> Response {
    let of = |account: &&Account| account.manager.as_deref() == Some(&number);
    let accounts: Vec<Value> = (naver.shared.world.of_platform(PLATFORM).into_iter().filter(of))
            .map(|account| {
                json!({ "adAccountNo": 88001, "adAccountName": account.name, "customerId": account.id.parse::<i64>().unwrap_or(0), "accountRole": "READ_ONLY" })
            })
            .collect();
    page(&accounts)
}

async fn bizmoney(axum::Extension(customer): Who) -> Response {
    Json(json!({ "customerId": customer.0.parse::<i64>().unwrap_or(0), "bizmoney": BIZMONEY, "budgetLock": false, "refundLock": false }))
        .into_response()
}
