//! Google Ads: sign-in with PKCE, tokens, accounts below managers, and the query language as far as it is documented.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::faults::Trouble;
use crate::world::{Account, Campaign, Counts, World};
use crate::{Shared, strikes};

/// The OAuth client of the seeded agency.
pub const CLIENT_ID: &str = "481516-sandbox.apps.googleusercontent.com";
pub const CLIENT_SECRET: &str = "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6789";
/// The refresh token of a login that stands from the beginning; its access token has to be renewed first.
pub const REFRESH_TOKEN: &str = "1//0canary-sandbox-refresh-0123456789";

const PLATFORM: &str = "google_ads";
const SCOPE: &str = "https://www.googleapis.com/auth/adwords";

struct Google {
    shared: Arc<Shared>,
    state: Mutex<Tokens>,
}

#[derive(Default)]
struct Tokens {
    /// Code → its challenge and redirect address.
    codes: HashMap<String, (String, String)>,
    access: BTreeSet<String>,
    issued: u32,
}

type Here = State<Arc<Google>>;

pub(crate) fn routes(shared: &Arc<Shared>) -> Router {
    let google = Arc::new(Google { shared: Arc::clone(shared), state: Mutex::default() });
    Router::new()
        .route("/o/oauth2/v2/auth", get(authorise))
        .route("/token", post(token))
        .route("/v26/customers:listAccessibleCustomers", get(accessible))
        .route("/v26/customers/{customer}/{question}", post(question))
        .with_state(google)
}

impl Google {
    fn state(&self) -> std::sync::MutexGuard<'_, Tokens> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Asks nobody and sends the browser back at once.
async fn authorise(State(google): Here, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let of = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let back = of("redirect_uri").to_owned();
    let loopback = back.starts_with("http://127.0.0.1:") || back.starts_with("http://[::1]:");
    let fits = of("client_id") == CLIENT_ID
        && of("response_type") == "code"
        && of("code_challenge_method") == "S256"
        && !of("code_challenge").is_empty()
        && of("scope") == SCOPE
        && !of("state").is_empty();
    if !loopback || !fits {
        return (StatusCode::BAD_REQUEST, "redirect_uri_mismatch or invalid_request").into_response();
    }
    let mut state = google.state();
    state.issued += 1;
    let code = format!("4/0Ab_sandbox{}", state.issued);
    state.codes.insert(code.clone(), (of("code_challenge").to_owned(), back.clone()));
    let pairs = [("state", of("state")), ("code", code.as_str()), ("scope", SCOPE)];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    (StatusCode::FOUND, [(header::LOCATION, format!("{back}/?{query}"))]).into_response()
}

fn flat(status: u16, error: &str, description: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(json!({ "error": error, "error_description": description }))).into_response()
}

async fn token(State(google): Here, body: Bytes) -> Response {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let of = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if of("client_id") != CLIENT_ID || of("client_secret") != CLIENT_SECRET {
        return flat(401, "invalid_client", "The OAuth client was not found.");
    }
    if strikes(&google.shared, "/token", |trouble| *trouble == Trouble::RevokedLogin).is_some() {
        return flat(400, "invalid_grant", "Token has been expired or revoked.");
    }
    let mut state = google.state();
    let refresh = match of("grant_type") {
        "authorization_code" => {
            let Some((challenge, redirect)) = state.codes.remove(of("code")) else {
                return flat(400, "invalid_grant", "Malformed auth code.");
            };
            let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(of("code_verifier").as_bytes()));
            if proof != challenge || redirect != of("redirect_uri") {
                return flat(400, "invalid_grant", "Invalid code verifier.");
            }
            Some(REFRESH_TOKEN)
        }
        "refresh_token" if of("refresh_token") == REFRESH_TOKEN => None,
        "refresh_token" => return flat(400, "invalid_grant", "Token has been expired or revoked."),
        _ => return flat(400, "unsupported_grant_type", ""),
    };
    state.issued += 1;
    let access = format!("ya29.sandbox-access-{}", state.issued);
    // An earlier token lives on at Google; here it ends, so that a renewal that did not happen is seen.
    state.access = BTreeSet::from([access.clone()]);
    let mut reply = json!({ "access_token": access, "expires_in": 3599, "scope": SCOPE, "token_type": "Bearer" });
    if let Some(refresh) = refresh {
        reply["refresh_token"] = json!(refresh);
    }
    Json(reply).into_response()
}

/// A failure as the API writes it; a stream's stands in an array.
fn failure(status: u16, key: &str, code: &str, in_array: bool) -> Response {
    let error = json!({ "error": { "code": status, "message": code, "status": "X", "details": [{
        "@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure",
        "errors": [{ "errorCode": { key: code }, "message": code }], "requestId": "sandbox" }] } });
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(if in_array { json!([error]) } else { error })).into_response()
}

fn who(google: &Google, headers: &HeaderMap, target: &str, in_array: bool) -> Option<Box<Response>> {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = text.strip_prefix("Bearer ").unwrap_or_default();
    let refused = |code| Some(Box::new(failure(401, "authenticationError", code, in_array)));
    if strikes(&google.shared, target, |trouble| *trouble == Trouble::RevokedLogin).is_some() {
        return refused("OAUTH_TOKEN_REVOKED");
    }
    if strikes(&google.shared, target, |trouble| *trouble == Trouble::ExpiredToken).is_some() {
        google.state().access.remove(token);
    }
    if google.state().access.contains(token) { None } else { refused("OAUTH_TOKEN_EXPIRED") }
}

async fn accessible(State(google): Here, headers: HeaderMap) -> Response {
    if let Some(refusal) = who(&google, &headers, "listAccessibleCustomers", false) {
        return *refusal;
    }
    let accounts = google.shared.world.of_platform(PLATFORM);
    let mut names: BTreeSet<String> = accounts.iter().filter_map(|account| account.manager.clone()).collect();
    names.extend(accounts.iter().filter(|account| account.manager.is_none()).map(|account| account.id.clone()));
    // One that was closed long ago is still listed.
    names.insert("9990001112".to_owned());
    Json(json!({ "resourceNames": names.iter().map(|name| format!("customers/{name}")).collect::<Vec<_>>() })).into_response()
}

async fn question(State(google): Here, Path((customer, method)): Path<(String, String)>, headers: HeaderMap, body: Bytes) -> Response {
    let target = format!("/v26/customers/{customer}/{method}");
    let streamed = method == "googleAds:searchStream";
    if !streamed && method != "googleAds:search" {
        return (StatusCode::NOT_FOUND, "Not Found").into_response();
    }
    if let Some(refusal) = who(&google, &headers, &target, streamed) {
        return *refusal;
    }
    let Ok(Value::Object(asked)) = serde_json::from_slice::<Value>(&body) else { return failure(400, "requestError", "UNKNOWN", streamed) };
    if asked.keys().any(|name| name != "query" && (streamed || name != "pageToken")) {
        return failure(400, "requestError", "PAGE_SIZE_NOT_SUPPORTED", streamed);
    }
    let query = match Gaql::parse(asked.get("query").and_then(Value::as_str).unwrap_or_default()) {
        Ok(query) => query,
        Err(code) => return failure(400, "queryError", code, streamed),
    };
    let via = headers.get("login-customer-id").and_then(|value| value.to_str().ok());
    let world = &google.shared.world;
    if strikes(&google.shared, &target, |trouble| *trouble == Trouble::Forbidden(customer.clone())).is_some() {
        return failure(403, "authorizationError", "USER_PERMISSION_DENIED", streamed);
    }
    let rows = match (query.from.as_str(), world.account(PLATFORM, &customer)) {
        ("customer_client", _) => clients(world, &customer),
        (_, None) if world.accounts.iter().any(|account| account.manager.as_deref() == Some(&customer)) => {
            Err("REQUESTED_METRICS_FOR_MANAGER")
        }
        (_, Some(account)) if account.manager.is_some() && account.manager.as_deref() != via => Err("USER_PERMISSION_DENIED"),
        ("campaign", Some(account)) if query.has_metrics() => Ok(figures(world, account, &query)),
        ("campaign", Some(account)) => Ok(account.campaigns.iter().map(|campaign| listed(account, campaign)).collect()),
        ("customer", Some(account)) => Ok(totals(world, account, &query)),
        (_, None) => Err("CUSTOMER_NOT_ENABLED"),
        _ => Err("BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
    };
    let mut rows: Vec<Value> = match rows {
        Ok(rows) => rows.iter().map(|row| query.selected(row)).collect(),
        Err(code) if code.starts_with("REQUESTED") || code.starts_with("BAD") => return failure(400, "queryError", code, streamed),
        Err(code) => return failure(403, "authorizationError", code, streamed),
    };
    if !rows.is_empty() {
        let strike = |wanted: Trouble| strikes(&google.shared, &target, |trouble| *trouble == wanted).is_some();
        if strike(Trouble::DuplicateRow) {
            rows.push(rows[0].clone());
        }
        if rows[0].pointer("/metrics/clicks").is_some() && strike(Trouble::NullNumber) {
            rows[0]["metrics"]["clicks"] = Value::Null;
        }
        if strike(Trouble::UnknownWord) {
            rows[0]["someNewObject"] = json!({ "a": 1 });
        }
    }
    if streamed {
        let mut batches: Vec<Value> =
            rows.chunks(3).map(|chunk| json!({ "results": chunk, "fieldMask": "x", "requestId": "sandbox" })).collect();
        let repeated = strikes(&google.shared, &target, |trouble| *trouble == Trouble::RepeatedPage).is_some();
        if let (true, Some(first)) = (repeated, batches.first().cloned()) {
            batches.push(first);
        }
        if batches.is_empty() {
            batches.push(json!({ "fieldMask": "x", "requestId": "sandbox" }));
        }
        return Json(batches).into_response();
    }
    // One row a page, so that continuing is tested.
    let position: usize = asked.get("pageToken").and_then(Value::as_str).and_then(|token| token.parse().ok()).unwrap_or(0);
    let mut page = json!({ "results": rows.get(position).into_iter().collect::<Vec<_>>(), "fieldMask": "x" });
    if position + 1 < rows.len() {
        page["nextPageToken"] = json!((position + 1).to_string());
    }
    Json(page).into_response()
}

/// A question in Google's query language.
struct Gaql {
    fields: Vec<String>,
    from: String,
    days: Option<(NaiveDate, NaiveDate)>,
}

const FIELDS: &[&str] = &[
    "customer.id",
    "customer_client.id",
    "customer_client.descriptive_name",
    "customer_client.currency_code",
    "customer_client.time_zone",
    "customer_client.manager",
    "customer_client.level",
    "customer_client.status",
    "customer_client.client_customer",
    "campaign.id",
    "campaign.name",
    "campaign.status",
    "campaign.primary_status",
    "campaign.serving_status",
    "campaign.advertising_channel_type",
    "campaign.advertising_channel_sub_type",
    "campaign.bidding_strategy_type",
    "campaign.start_date_time",
    "campaign.end_date_time",
    "campaign.campaign_budget",
    "campaign_budget.id",
    "campaign_budget.amount_micros",
    "campaign_budget.total_amount_micros",
    "campaign_budget.period",
    "campaign_budget.explicitly_shared",
    "segments.date",
    "segments.hour",
    "segments.ad_network_type",
    "metrics.impressions",
    "metrics.clicks",
    "metrics.cost_micros",
    "metrics.conversions",
    "metrics.conversions_value",
    "metrics.all_conversions",
    "metrics.all_conversions_value",
];

impl Gaql {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let rest = text.trim().strip_prefix("SELECT ").ok_or("EXPECTED_SELECT")?;
        let (fields, rest) = rest.split_once(" FROM ").ok_or("EXPECTED_FROM")?;
        let fields: Vec<String> = fields.split(',').map(|field| field.trim().to_owned()).collect();
        if fields.iter().any(|field| !FIELDS.contains(&field.as_str())) {
            return Err("UNRECOGNIZED_FIELD");
        }
        let rest = rest.split(" ORDER BY ").next().unwrap_or_default();
        let (from, filter) = rest.split_once(" WHERE ").map_or((rest, None), |(from, filter)| (from, Some(filter)));
        let days = match filter {
            None => None,
            Some(filter) => {
                let quoted: Vec<&str> = filter.split('\'').collect();
                let [head, from, and, to, ..] = quoted[..] else { return Err("INVALID_DATE_FORMAT") };
                if head.trim() != "segments.date BETWEEN" || and.trim() != "AND" {
                    return Err("BAD_FIELD_NAME");
                }
                let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| "INVALID_DATE_FORMAT");
                Some((day(from)?, day(to)?))
            }
        };
        if days.is_none() && fields.iter().any(|field| field == "segments.date") {
            return Err("EXPECTED_FILTERS_ON_DATE_RANGE");
        }
        Ok(Self { fields, from: from.trim().to_owned(), days })
    }

    fn has_metrics(&self) -> bool {
        self.fields.iter().any(|field| field.starts_with("metrics."))
    }

    fn asks(&self, field: &str) -> bool {
        self.fields.iter().any(|asked| asked == field)
    }

    /// Only what was asked, under the names of the answers.
    fn selected(&self, row: &Value) -> Value {
        let mut out = Map::new();
        for field in &self.fields {
            let (resource, name) = field.split_once('.').unwrap_or((field, ""));
            let (resource, name) = (camel(resource), camel(name));
            let Some(value) = row.get(&resource).and_then(|object| object.get(&name)) else { continue };
            let object = out.entry(resource).or_insert_with(|| json!({ "resourceName": "x" }));
            object[name] = value.clone();
        }
        Value::Object(out)
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
}

fn clients(world: &World, root: &str) -> Result<Vec<Value>, &'static str> {
    let row = |account: &Account, level: u32| {
        json!({ "customerClient": { "clientCustomer": format!("customers/{}", account.id), "id": account.id, "descriptiveName": account.name,
            "currencyCode": account.currency, "timeZone": account.time_zone.name(), "manager": false, "level": level.to_string(), "status": "ENABLED" } })
    };
    if let Some(account) = world.account(PLATFORM, root).filter(|account| account.manager.is_none()) {
        return Ok(vec![row(account, 0)]);
    }
    let below: Vec<&Account> = world.of_platform(PLATFORM).into_iter().filter(|account| account.manager.as_deref() == Some(root)).collect();
    if below.is_empty() {
        return Err("CUSTOMER_NOT_ENABLED");
    }
    let manager = json!({ "customerClient": { "clientCustomer": format!("customers/{root}"), "id": root, "descriptiveName": "한빛에이전시 MCC",
        "currencyCode": "KRW", "timeZone": "Asia/Seoul", "manager": true, "level": "0", "status": "ENABLED" } });
    Ok(std::iter::once(manager).chain(below.into_iter().map(|account| row(account, 1))).collect())
}

fn listed(account: &Account, campaign: &Campaign) -> Value {
    let ended = campaign.last_day.is_some();
    let status = if campaign.removed {
        "REMOVED"
    } else if campaign.paused {
        "PAUSED"
    } else {
        "ENABLED"
    };
    let primary = match (campaign.removed, ended, campaign.paused) {
        (true, ..) => "REMOVED",
        (_, true, _) => "ENDED",
        (_, _, true) => "PAUSED",
        _ => "ELIGIBLE",
    };
    let mut row = json!({ "campaign": { "id": campaign.id, "name": campaign.name, "status": status, "primaryStatus": primary,
        "servingStatus": if ended { "ENDED" } else { "SERVING" }, "advertisingChannelType": campaign.kind, "biddingStrategyType": "MAXIMIZE_CONVERSION_VALUE",
        "startDateTime": format!("{} 00:00:00", campaign.first_day), "campaignBudget": format!("customers/{}/campaignBudgets/1", account.id) } });
    if let Some(last) = campaign.last_day {
        row["campaign"]["endDateTime"] = json!(format!("{last} 23:59:59"));
    }
    if !campaign.removed {
        row["campaignBudget"] = json!({ "id": "1", "amountMicros": (campaign.daily_budget * 1_000_000).to_string(), "period": "DAILY", "explicitlyShared": false });
    }
    row
}

/// Micros of the smallest part of a currency: won, or cents.
fn micros(account: &Account, amount: i64) -> i64 {
    if account.currency == "KRW" { amount * 1_000_000 } else { amount * 10_000 }
}

fn metrics(account: &Account, counts: Counts) -> Value {
    // Values are in the currency itself, whole numbers without a decimal point.
    let value = |amount: i64| if account.currency == "KRW" { json!(amount) } else { json!(amount as f64 / 100.0) };
    json!({
        "impressions": counts.impressions.to_string(), "clicks": counts.clicks.to_string(),
        "costMicros": micros(account, counts.cost).to_string(), "conversions": counts.purchases, "conversionsValue": value(counts.purchase_value),
        "allConversions": counts.purchases + counts.others, "allConversionsValue": value(counts.purchase_value),
    })
}

fn days(query: &Gaql) -> Vec<NaiveDate> {
    let Some((from, to)) = query.days else { return Vec::new() };
    let mut days = Vec::new();
    let mut day = from;
    while day <= to {
        days.push(day);
        day = day + Days::new(1);
    }
    days
}

fn figures(world: &World, account: &Account, query: &Gaql) -> Vec<Value> {
    let mut rows = Vec::new();
    for campaign in &account.campaigns {
        for date in days(query) {
            let by_network = query.asks("segments.ad_network_type");
            let hours: Vec<Option<u32>> = if query.asks("segments.hour") { (0..24).map(Some).collect() } else { vec![None] };
            for hour in hours {
                let of_place = |place: &str| match hour {
                    Some(hour) => world.hour(account, campaign, place, date, hour),
                    None => world.day(account, campaign, place, date),
                };
                let parts: Vec<(&str, Counts)> = campaign.places.iter().map(|place| (*place, of_place(place))).collect();
                let parts = if by_network {
                    parts
                } else {
                    let mut sum = Counts::default();
                    parts.into_iter().for_each(|(_, counts)| sum += counts);
                    vec![("", sum)]
                };
                // Rows whose figures are all zero are not there.
                for (network, counts) in parts.into_iter().filter(|(_, counts)| counts.impressions > 0) {
                    rows.push(json!({ "campaign": { "id": campaign.id }, "metrics": metrics(account, counts),
                        "segments": { "date": date, "hour": hour, "adNetworkType": network } }));
                }
            }
        }
    }
    rows
}

fn totals(world: &World, account: &Account, query: &Gaql) -> Vec<Value> {
    let mut rows = Vec::new();
    for date in days(query) {
        let mut sum = Counts::default();
        for campaign in &account.campaigns {
            campaign.places.iter().for_each(|place| sum += world.day(account, campaign, place, date));
        }
        if sum.impressions > 0 {
            rows.push(json!({ "customer": { "id": account.id }, "metrics": metrics(account, sum), "segments": { "date": date } }));
        }
    }
    rows
}
