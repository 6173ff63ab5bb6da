//! Large reports (대용량 보고서): ordered for one day, asked for until they are built, downloaded as tab-separated text.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use futures_util::{StreamExt, TryStreamExt, stream};
use moa_domain::{CampaignStatus, Counts, DateRange, Millionths, MoneyKind, Platform, VatBasis};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use url::Url;

use super::client::{Naver, address, origin};
use super::limits::{AT_ONCE, CONVERSION_HOURS_DAYS, LIMITS, ORDERS, POLL_EVERY, POLLS, report_lane};
use super::{contracts, parse, wire};
use crate::connector::{Account, AccountTotal, Call, RemoteCampaign};
use crate::error::{ConnectorError, Kind};
use crate::http::{Body, Method, Request};

/// Lists of what an account holds, deleted things included; every other order is of figures.
const MASTER: &str = "/master-reports";

const CAMPAIGN: usize = 2;
/// Columns of the report `AD`.
const IMPRESSIONS: usize = 9;
const CLICKS: usize = 10;
const COST: usize = 11;
/// Columns of `AD_DETAIL` and `AD_CONVERSION_DETAIL`.
const DETAIL_HOUR: usize = 7;
const DETAIL_IMPRESSIONS: usize = 11;
const DETAIL_CLICKS: usize = 12;
const DETAIL_COST: usize = 13;
const CONVERTED_KIND: usize = 12;
const CONVERTED: usize = 13;
const CONVERTED_VALUE: usize = 14;

/// Totals of each day, prepaid brand search included as everywhere else.
pub(super) async fn totals(naver: &Naver, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
    let today = naver.http.now().with_timezone(&account.time_zone).date_naive();
    // Today has no report yet.
    let Ok(finished) = DateRange::new(days.from, days.to.min(today.pred_opt().unwrap_or(today))) else { return Ok(Vec::new()) };
    let mut totals: Vec<AccountTotal> = stream::iter(finished.iter())
        .map(|date| async move {
            let order = Order::of_figures("AD", date, "totals");
            let text = report(naver, &account.id, &order, call).await?;
            total(&text, account, date)
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let listed = naver.list_campaigns(&account.id, call).await?;
    let brand: Vec<&RemoteCampaign> = listed.iter().filter(|campaign| campaign.kind == "BRAND_SEARCH").collect();
    if !brand.is_empty() {
        let costs = contracts::daily_costs(naver, &account.id, &brand, finished, today, call).await?;
        for total in &mut totals {
            let of_day = costs.iter().filter(|((_, date), _)| *date == total.date).fold(Millionths::ZERO, |sum, (_, cost)| sum + *cost);
            total.cost = total.cost + of_day;
        }
    }
    Ok(totals)
}

fn total(text: &str, account: &Account, date: NaiveDate) -> Result<AccountTotal, ConnectorError> {
    let mut sum = AccountTotal { date, kind: parse::report_kind(account.kind, date), impressions: 0, clicks: 0, cost: Millionths::ZERO };
    for row in rows(text, date)? {
        sum.impressions += row.count(IMPRESSIONS)?;
        sum.clicks += row.count(CLICKS)?;
        sum.cost = sum.cost + row.amount(COST)?;
    }
    Ok(sum)
}

/// Hours of campaigns by day, and whether each hour's conversions are known.
#[derive(Debug, Default)]
pub(super) struct ReportedHours {
    pub(super) hours: BTreeMap<(String, NaiveDate), BTreeMap<u8, (Counts, bool)>>,
    /// The first day there are reports of; every day from it to the last that was asked is told in full.
    pub(super) from: Option<NaiveDate>,
}

/// Hours of past days, from a report of what was shown and one of what came of it. The latter does not go back as far.
pub(super) async fn hours(
    naver: &Naver,
    account: &Account,
    days: DateRange,
    today: NaiveDate,
    call: &Call,
) -> Result<ReportedHours, ConnectorError> {
    let told: Vec<(NaiveDate, Option<OfDay>)> = stream::iter(days.iter())
        .map(|date| async move {
            let Some(shown) = if_kept(report(naver, &account.id, &Order::of_figures("AD_DETAIL", date, "figures"), call).await)? else {
                return Ok((date, None));
            };
            let is_kept = date >= today - Days::new(CONVERSION_HOURS_DAYS);
            let order = Order::of_figures("AD_CONVERSION_DETAIL", date, "figures");
            let converted = if is_kept { if_kept(report(naver, &account.id, &order, call).await)? } else { None };
            Ok::<_, ConnectorError>((date, Some(hours_of_day(&shown, converted.as_deref(), account.kind, date)?)))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let last_refused = told.iter().filter(|(_, of_day)| of_day.is_none()).map(|(date, _)| *date).max();
    let from = last_refused.map_or(days.from, |date| date + Days::new(1));
    let mut all = ReportedHours { hours: BTreeMap::new(), from: Some(from).filter(|from| *from <= days.to) };
    for (date, of_day) in told.into_iter().filter(|(date, _)| *date >= from) {
        all.hours.extend(of_day.unwrap_or_default().into_iter().map(|(campaign, hours)| ((campaign, date), hours)));
    }
    Ok(all)
}

type OfDay = BTreeMap<String, BTreeMap<u8, (Counts, bool)>>;

/// A report of a day too long ago is refused; so is one this customer has none of. Days are told all the same.
fn if_kept(report: Result<String, ConnectorError>) -> Result<Option<String>, ConnectorError> {
    match report {
        Err(error) if matches!(error.kind, Kind::OutOfRange | Kind::BadRequest) => Ok(None),
        report => report.map(Some),
    }
}

/// Sums of a day's rows by campaign and hour, with VAT like everything else `/stats` tells. Conversions may come in hours nothing was shown.
fn hours_of_day(shown: &str, converted: Option<&str>, kind: MoneyKind, date: NaiveDate) -> Result<OfDay, ConnectorError> {
    let mut of_day = OfDay::new();
    for row in rows(shown, date)? {
        let (counts, known) = of_day.entry(row.campaign()?).or_default().entry(row.hour()?).or_default();
        counts.impressions += row.count(DETAIL_IMPRESSIONS)?;
        counts.clicks += row.count(DETAIL_CLICKS)?;
        counts.cost = counts.cost + with_vat(row.number(DETAIL_COST)?, parse::report_kind(kind, date))?;
        *known = converted.is_some();
    }
    for row in rows(converted.unwrap_or_default(), date)? {
        let (counts, known) = of_day.entry(row.campaign()?).or_default().entry(row.hour()?).or_default();
        let (count, value) = (row.amount(CONVERTED)?, row.amount(CONVERTED_VALUE)?);
        counts.conversions_all = counts.conversions_all + count;
        counts.revenue_all = counts.revenue_all + value;
        // A word since 2024-07-03, a number before.
        if matches!(row.text(CONVERTED_KIND)?, "purchase" | "1") {
            counts.conversions = counts.conversions + count;
            counts.revenue = counts.revenue + value;
        }
        *known = true;
    }
    Ok(of_day)
}

fn with_vat(cost: Decimal, told_in: MoneyKind) -> Result<Millionths, ConnectorError> {
    let cost = match told_in.vat {
        VatBasis::Included => cost,
        VatBasis::Excluded => cost * (Decimal::ONE_HUNDRED + told_in.vat_rate.to_decimal()) / Decimal::ONE_HUNDRED,
    };
    Millionths::from_decimal(cost).map_err(|_| parse::bad_number())
}

/// A line of a report.
struct Line<'a>(Vec<&'a str>);

impl Line<'_> {
    fn text(&self, column: usize) -> Result<&str, ConnectorError> {
        self.0.get(column).map(|cell| cell.trim()).ok_or_else(|| parse::bad_answer("a report with too few columns"))
    }

    /// `-` is none.
    fn number(&self, column: usize) -> Result<Decimal, ConnectorError> {
        match self.text(column)? {
            "-" | "" => Ok(Decimal::ZERO),
            cell => cell.parse().map_err(|_| parse::bad_number()),
        }
    }

    fn count(&self, column: usize) -> Result<i64, ConnectorError> {
        i64::try_from(self.number(column)?.round()).map_err(|_| parse::bad_number())
    }

    fn amount(&self, column: usize) -> Result<Millionths, ConnectorError> {
        Millionths::from_decimal(self.number(column)?).map_err(|_| parse::bad_number())
    }

    fn campaign(&self) -> Result<String, ConnectorError> {
        self.text(CAMPAIGN).map(str::to_owned)
    }

    fn hour(&self) -> Result<u8, ConnectorError> {
        parse::hour(self.text(DETAIL_HOUR)?).ok_or_else(|| parse::bad_answer("an hour without its number"))
    }
}

/// The lines of a report of one day.
fn rows(text: &str, date: NaiveDate) -> Result<Vec<Line<'_>>, ConnectorError> {
    let stamp = date.format("%Y%m%d").to_string();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| line_of(line, &stamp)).collect()
}

fn line_of<'a>(line: &'a str, stamp: &str) -> Result<Line<'a>, ConnectorError> {
    let cells: Vec<&str> = line.trim_end_matches('\r').split('\t').collect();
    if cells.first().is_none_or(|first| first.replace('-', "") != stamp) {
        return Err(parse::bad_answer("a report of another day"));
    }
    Ok(Line(cells))
}

/// A kind of report: where it is ordered, and what is said then.
struct Order {
    path: &'static str,
    body: Value,
    operation: &'static str,
}

impl Order {
    /// Figures of one day. A key more than these two has spoilt reports.
    fn of_figures(kind: &'static str, date: NaiveDate, operation: &'static str) -> Self {
        Self { path: "/stat-reports", body: json!({ "reportTp": kind, "statDt": date.format("%Y%m%d").to_string() }), operation }
    }
}

/// The text of a report; empty where there is nothing in it.
async fn report(naver: &Naver, customer: &str, order: &Order, call: &Call) -> Result<String, ConnectorError> {
    let request = |method: Method, path: &str, body: Body| {
        let request = Request { method, body, ..Request::get(address(path, &[]), report_lane(customer), order.operation) };
        request.about(customer).header("x-customer", customer)
    };
    for _ in 0..ORDERS {
        let mut job: wire::Job = naver.read(&request(Method::POST, order.path, Body::Json(order.body.clone())), call).await?;
        let path = format!("{}/{}", order.path, job.report_job_id.0);
        for _ in 0..POLLS {
            match job.status.0.as_str() {
                "BUILT" => {
                    let Some(url) = job.download_url.as_deref().filter(|url| !url.is_empty()) else { break };
                    let text = download(naver, customer, url, order.operation, call).await?;
                    if order.path == MASTER {
                        // Of these a hundred are kept and none makes room by itself. Nothing is lost when one stays.
                        let _ = naver.http.send(&request(Method::DELETE, &path, Body::None), &naver.dialect, call, |_| Ok(())).await;
                    }
                    return Ok(text);
                }
                "NONE" => return Ok(String::new()),
                // Failed, or restated since it was built: ordered anew.
                "ERROR" | "CHANGED" => break,
                _ => {}
            }
            naver.http.pause(&Platform::NaverAds, POLL_EVERY, call).await?;
            match naver.read(&request(Method::GET, &path, Body::None), call).await {
                Ok(polled) => job = polled,
                // Deleted meanwhile: the oldest of a hundred make room.
                Err(error) if error.vendor_code.as_deref() == Some("20011") => break,
                Err(error) => return Err(error),
            }
        }
    }
    Err(ConnectorError::passing(&Platform::NaverAds, Kind::NotReady, None).in_operation(order.operation).for_account(customer))
}

/// Campaigns that were deleted: only the list of changes still names them.
pub(super) async fn removed_campaigns(naver: &Naver, customer: &str, call: &Call) -> Result<Vec<RemoteCampaign>, ConnectorError> {
    let from = (naver.http.now() - LIMITS.history).format("%Y-%m-%dT00:00:00Z").to_string();
    let order = Order { path: MASTER, body: json!({ "item": "Campaign", "fromTime": from }), operation: "campaigns" };
    let text = report(naver, customer, &order, call).await?;
    let mut seen = std::collections::HashSet::new();
    Ok(text.lines().filter_map(removed_campaign).filter(|campaign| seen.insert(campaign.id.clone())).collect())
}

/// The order of the columns is only known around the id: id, name, number of the kind.
fn removed_campaign(line: &str) -> Option<RemoteCampaign> {
    let mut cells = line.trim_end_matches('\r').split('\t').skip_while(|cell| !cell.starts_with("cmp-"));
    let (id, name, kind) = (cells.next()?, cells.next()?, cells.next()?);
    let kind = match kind.trim() {
        "1" => "WEB_SITE",
        "2" => "SHOPPING",
        "3" => "POWER_CONTENTS",
        "4" => "BRAND_SEARCH",
        "5" => "PLACE",
        other => other,
    };
    Some(RemoteCampaign {
        id: id.to_owned(),
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        status: Some(CampaignStatus::Ended),
        objective: parse::objective(kind, ""),
        daily_budget: None,
        total_budget: None,
        budget_shared: false,
        start_date: None,
        end_date: None,
        kind: kind.to_owned(),
        removed: true,
    })
}

/// The address is used as it was given, its token already encoded; only where it leads is fixed, so that no signature goes elsewhere.
async fn download(naver: &Naver, customer: &str, given: &str, operation: &'static str, call: &Call) -> Result<String, ConnectorError> {
    let given = Url::parse(given).map_err(|_| parse::bad_answer("an address that is none"))?;
    let mut url = origin();
    url.set_path(given.path());
    url.set_query(given.query());
    let request = Request::get(url, report_lane(customer), operation).about(customer).header("x-customer", customer);
    let read = |answer: &crate::http::Answer| {
        let text = String::from_utf8(answer.body.to_vec()).map_err(|_| parse::bad_answer("a report that is no text"))?;
        if text.trim_start().starts_with(['<', '{']) { Err(parse::bad_answer("not a report")) } else { Ok(text) }
    };
    naver.http.send(&request, &naver.dialect, call, read).await
}

#[cfg(test)]
mod tests {
    use moa_domain::Currency;

    use super::*;

    #[test]
    fn deleted_campaigns_are_named_by_the_list_of_changes() {
        let line = "3100001\tcmp-a001-01-000000001234571\t봄이불_파워링크\t1\t1\t0\t\t\t2025-01-01T00:00:00Z\t2026-11-17T00:00:00Z\t1";
        let campaign = removed_campaign(line).expect("a campaign");
        assert_eq!((campaign.id.as_str(), campaign.kind.as_str(), campaign.removed), ("cmp-a001-01-000000001234571", "WEB_SITE", true));
        assert_eq!(removed_campaign("3100001\tnothing"), None);
    }

    #[test]
    fn hours_are_sums_with_vat_and_take_their_conversions() {
        let kind = MoneyKind::new(Currency::KRW, VatBasis::Included, 10);
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let shown = "20260930\t3100001\tcmp-1\tgrp-1\tnkw-1\tnad-1\tbsn-1\t09\t02\t8753\tM\t36\t2\t1540\t72\t0\textra\n\
            20260930\t3100001\tcmp-1\tgrp-1\t-\tnad-1\tbsn-1\t09\t99\t33421\tP\t11\t0\t-\t25\t0\n";
        let converted = "20260930\t3100001\tcmp-1\tgrp-1\t-\tnad-1\tbsn-1\t09\t02\t8753\tM\t1\tpurchase\t1\t129000\n\
            20260930\t3100001\tcmp-1\tgrp-1\t-\tnad-1\tbsn-1\t10\t02\t8753\tM\t2\tadd_to_cart\t3\t310000\n";
        let told = hours_of_day(shown, Some(converted), kind, day("2026-09-30")).expect("hours");
        let (nine, known) = told["cmp-1"][&9];
        assert_eq!((nine.impressions, nine.clicks, nine.cost, known), (47, 2, Millionths::from_whole(1540), true));
        assert_eq!((nine.conversions, nine.revenue), (Millionths::from_whole(1), Millionths::from_whole(129_000)));
        let (ten, _) = told["cmp-1"][&10];
        assert_eq!((ten.impressions, ten.conversions, ten.conversions_all), (0, Millionths::ZERO, Millionths::from_whole(3)));
        let old = shown.replace("20260930", "20260329").replace("1540", "1540.5");
        let told = hours_of_day(&old, None, kind, day("2026-03-29")).expect("hours");
        assert_eq!((told["cmp-1"][&9].0.cost, told["cmp-1"][&9].1), (Millionths(1_694_550_000), false));
    }

    #[test]
    fn totals_are_the_sum_of_the_rows_with_the_vat_of_their_day() {
        let account = Account {
            id: "3100001".to_owned(),
            via: None,
            time_zone: chrono_tz::Asia::Seoul,
            kind: MoneyKind::new(Currency::KRW, VatBasis::Included, 10),
        };
        let row =
            |date: &str, cost: &str| format!("{date}\t3100001\tcmp-1\tgrp-1\t-\tnad-1\tbsn-1\t8753\tM\t36\t2\t{cost}\t72\t0\textra\n");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let old = total(&(row("20260329", "1540.5") + &row("20260329", "-")), &account, day("2026-03-29")).expect("a total");
        assert_eq!((old.impressions, old.clicks, old.cost), (72, 4, Millionths(1_540_500_000)));
        assert_eq!(old.kind.vat, VatBasis::Excluded);
        assert_eq!(total(&row("20260930", "1540"), &account, day("2026-09-30")).expect("a total").kind.vat, VatBasis::Included);
        assert!(total(&row("20260929", "1540"), &account, day("2026-09-30")).is_err());
        assert!(total("20260930\t3100001\n", &account, day("2026-09-30")).is_err());
        assert_eq!(total("", &account, day("2026-09-30")).expect("nothing").cost, Millionths::ZERO);
    }
}
