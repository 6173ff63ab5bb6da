//! The rows of the test workspace, and a second, simple computation of every figure from them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::prelude::*;
use serde_json::{Map, Value, json};

/// One row of a plain CSV, with whom and where it belongs.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) client: &'static str,
    pub(crate) platform: &'static str,
    pub(crate) account: &'static str,
    pub(crate) campaign: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) date: NaiveDate,
    pub(crate) hour: Option<u8>,
    pub(crate) currency: &'static str,
    pub(crate) vat_included: bool,
    pub(crate) ad_group: &'static str,
    pub(crate) keyword: &'static str,
    pub(crate) creative: &'static str,
    pub(crate) impressions: u64,
    pub(crate) clicks: u64,
    pub(crate) cost: Decimal,
    pub(crate) conversions: Option<Decimal>,
    pub(crate) revenue: Option<Decimal>,
}

/// Sums of rows, with cost in one basis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sum {
    impressions: u64,
    clicks: u64,
    cost_included: Decimal,
    cost_excluded: Decimal,
    conversions: Decimal,
    revenue: Decimal,
    known: bool,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn days(from: &str, to: &str) -> Vec<NaiveDate> {
    day(from).iter_days().take_while(|date| *date <= day(to)).collect()
}

/// Everything the test workspace holds. Costs have fractions that only add up when nothing is rounded before the end.
pub(crate) fn ledger() -> Vec<Row> {
    let base = Row {
        client: "한빛 쇼핑",
        platform: "naver_ads",
        account: "한빛 네이버",
        campaign: "",
        channel: "",
        date: day("2026-11-01"),
        hour: None,
        currency: "KRW",
        vat_included: true,
        ad_group: "",
        keyword: "",
        creative: "",
        impressions: 0,
        clicks: 0,
        cost: Decimal::ZERO,
        conversions: Some(Decimal::ZERO),
        revenue: Some(Decimal::ZERO),
    };
    let mut rows = Vec::new();
    let varied = |date: NaiveDate, salt: u64, below: u64| (u64::try_from(date.num_days_from_ce()).unwrap() * 7919 + salt * 104_729) % below;
    let fill = |row: &mut Row, salt: u64| {
        row.impressions = 400 + varied(row.date, salt, 977);
        row.clicks = varied(row.date, salt + 1, 41);
        row.cost = Decimal::new(i64::try_from(varied(row.date, salt + 2, 9_999_991)).unwrap(), 2);
        row.conversions = Some(Decimal::new(i64::try_from(varied(row.date, salt + 3, 700)).unwrap(), 2));
        row.revenue = Some(Decimal::from(varied(row.date, salt + 4, 400_000)));
    };
    // Autumn of this year and of the last, so that weeks cross months and every comparison finds something; and around a leap day.
    let spans = [("2026-09-28", "2026-11-22"), ("2025-10-01", "2025-11-30"), ("2024-02-20", "2024-03-10"), ("2023-02-20", "2023-03-10")];
    let plans: [(&str, &str, &str, &str, bool, u64); 4] = [
        ("naver_ads", "한빛 네이버", "파워링크_브랜드", "naver_search", true, 1),
        ("google_ads", "한빛 구글", "검색_일반", "google_search", false, 11),
        ("google_ads", "한빛 구글", "동영상_런칭", "youtube", false, 21),
        ("naver_ads", "한빛 네이버", "쇼핑검색", "naver_shopping", true, 31),
    ];
    for (from, to) in spans {
        for date in days(from, to) {
            for (platform, account, campaign, channel, vat_included, salt) in plans {
                // A campaign that has stopped: it is only in the earlier period.
                if campaign == "쇼핑검색" && date >= day("2026-11-01") {
                    continue;
                }
                let mut row = Row { platform, account, campaign, channel, vat_included, date, ..base.clone() };
                fill(&mut row, salt);
                rows.push(row);
            }
        }
    }
    // Dollars, in an account of their own.
    for date in days("2026-10-20", "2026-11-22") {
        let mut row = Row {
            platform: "meta_ads",
            account: "한빛 메타 USD",
            campaign: "Global_Prospecting",
            channel: "instagram",
            currency: "USD",
            vat_included: false,
            date,
            ..base.clone()
        };
        fill(&mut row, 41);
        rows.push(row);
    }
    // Hours, of which some do not know their conversions.
    for date in days("2026-11-16", "2026-11-22") {
        for hour in [0, 9, 13, 23] {
            let mut row = Row {
                platform: "kakao",
                account: "한빛 카카오",
                campaign: "비즈보드",
                channel: "kakao_bizboard",
                vat_included: false,
                date,
                hour: Some(hour),
                ..base.clone()
            };
            fill(&mut row, 51 + u64::from(hour));
            if date == day("2026-11-18") {
                (row.conversions, row.revenue) = (None, None);
            }
            rows.push(row);
        }
    }
    // Finer than a campaign; one line is what the source itself did not break down.
    for date in days("2026-11-09", "2026-11-15") {
        for (ad_group, keyword, salt) in
            [("신발", "여성 운동화", 61), ("신발", "남성 운동화", 66), ("의류", "여성 운동화", 71), ("의류", "", 76)]
        {
            let mut row = Row { campaign: "키워드_상시", channel: "naver_search", ad_group, keyword, date, ..base.clone() };
            fill(&mut row, salt);
            rows.push(row);
        }
        for (creative, salt) in [("가을 세일 \"반값\"", 81), ("신상\u{1f45f}", 86)] {
            let mut row = Row {
                platform: "meta_ads",
                account: "한빛 메타",
                campaign: "소재_테스트",
                channel: "facebook",
                vat_included: false,
                creative,
                date,
                ..base.clone()
            };
            fill(&mut row, salt);
            rows.push(row);
        }
    }
    // Another client, for the agency's figures.
    for date in days("2026-10-01", "2026-11-22") {
        let mut row = Row {
            client: "O'Neill & \"Söhne\"",
            platform: "google_ads",
            account: "ONeill Google",
            campaign: "Brand, exact",
            channel: "google_search",
            vat_included: false,
            date,
            ..base.clone()
        };
        fill(&mut row, 91);
        rows.push(row);
    }
    rows
}

/// Rows as plain CSV files, one per client, platform, account and shape of row.
pub(crate) fn files(rows: &[Row]) -> Vec<(&'static str, &'static str, &'static str, String)> {
    let mut files: BTreeMap<(&str, &str, &str, bool, bool, bool), String> = BTreeMap::new();
    for row in rows {
        let key = (row.client, row.platform, row.account, row.hour.is_some(), !row.ad_group.is_empty(), !row.creative.is_empty());
        let file = files.entry(key).or_insert_with(|| {
            let extra = match key {
                (_, _, _, true, _, _) => "hour,",
                (_, _, _, _, true, _) => "ad_group,keyword,",
                (_, _, _, _, _, true) => "creative,",
                _ => "",
            };
            format!("campaign,date,channel,currency,vat,{extra}impressions,clicks,cost,conversions,revenue\n")
        });
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let extra = match key {
            (_, _, _, true, _, _) => format!("{},", row.hour.unwrap()),
            (_, _, _, _, true, _) => format!("{},{},", quoted(row.ad_group), quoted(row.keyword)),
            (_, _, _, _, _, true) => format!("{},", quoted(row.creative)),
            _ => String::new(),
        };
        let vat = if row.vat_included { "included" } else { "excluded" };
        let optional = |value: Option<Decimal>| value.map(|value| value.to_string()).unwrap_or_default();
        file.push_str(&format!(
            "{},{},{},{},{vat},{extra}{},{},{},{},{}\n",
            quoted(row.campaign),
            row.date,
            row.channel,
            row.currency,
            row.impressions,
            row.clicks,
            row.cost,
            optional(row.conversions),
            optional(row.revenue)
        ));
    }
    files.into_iter().map(|((client, platform, account, ..), content)| (client, platform, account, content)).collect()
}

impl Sum {
    pub(crate) fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Self {
        let mut sum = Self {
            impressions: 0,
            clicks: 0,
            cost_included: Decimal::ZERO,
            cost_excluded: Decimal::ZERO,
            conversions: Decimal::ZERO,
            revenue: Decimal::ZERO,
            known: true,
        };
        for row in rows {
            sum.impressions += row.impressions;
            sum.clicks += row.clicks;
            *(if row.vat_included { &mut sum.cost_included } else { &mut sum.cost_excluded }) += row.cost;
            sum.conversions += row.conversions.unwrap_or_default();
            sum.revenue += row.revenue.unwrap_or_default();
            sum.known &= row.conversions.is_some();
        }
        sum
    }

    /// Cost of a basis as a fraction of eleven or ten, so that it stays exact: (numerator, denominator).
    fn cost(&self, basis: &str) -> (Decimal, Decimal) {
        let (eleven, ten) = (Decimal::from(11), Decimal::TEN);
        match basis {
            "net" => (self.cost_included * ten + self.cost_excluded * eleven, eleven),
            _ => (self.cost_included * ten + self.cost_excluded * eleven, ten),
        }
    }

    /// With what hours that are not known in full leave over.
    fn with_rest_of(self, unknown: &Self) -> Self {
        Self { conversions: self.conversions + unknown.conversions, revenue: self.revenue + unknown.revenue, ..self }
    }

    /// Days are whole: only a table of hours says that an hour does not know its conversions.
    pub(crate) fn with_known_conversions(self) -> Self {
        Self { known: true, ..self }
    }

    /// The twelve figures of the contract.
    pub(crate) fn figures(&self, basis: &str) -> Map<String, Value> {
        let (cost, parts) = self.cost(basis);
        let (impressions, clicks) = (Decimal::from(self.impressions), Decimal::from(self.clicks));
        let hundred = Decimal::ONE_HUNDRED;
        let known = |value: Value| if self.known { value } else { Value::Null };
        let figures = json!({
            "impressions": self.impressions.to_string(),
            "clicks": self.clicks.to_string(),
            "cost": ratio(cost, parts),
            "conversions": known(ratio(self.conversions, Decimal::ONE)),
            "revenue": known(ratio(self.revenue, Decimal::ONE)),
            "ctr": ratio(clicks * hundred, impressions),
            "cpc": ratio(cost, parts * clicks),
            "cpm": ratio(cost * Decimal::ONE_THOUSAND, parts * impressions),
            "conversion_rate": known(ratio(self.conversions * hundred, clicks)),
            "cpa": known(ratio(cost, parts * self.conversions)),
            "roas": known(ratio(self.revenue * parts, cost)),
            "roi": known(ratio((self.revenue * parts - cost) * hundred, cost)),
        });
        match figures {
            Value::Object(map) => map,
            _ => unreachable!("an object was written"),
        }
    }

    /// Change of each figure in percent, from the unrounded values.
    pub(crate) fn change(&self, before: &Self, basis: &str) -> Map<String, Value> {
        let mut change = Map::new();
        for (name, now) in self.fractions(basis) {
            let earlier = before.fractions(basis).remove(name).flatten();
            let percent = match (now, earlier) {
                (Some((n, d)), Some((bn, bd))) => ratio((n * bd - bn * d) * Decimal::ONE_HUNDRED, (bn * d).abs()),
                _ => Value::Null,
            };
            change.insert(name.to_owned(), percent);
        }
        change
    }

    /// Numerator and denominator of every figure, scaled down so that products still fit.
    fn fractions(&self, basis: &str) -> BTreeMap<&'static str, Option<(Decimal, Decimal)>> {
        let (cost, parts) = self.cost(basis);
        let (impressions, clicks) = (Decimal::from(self.impressions), Decimal::from(self.clicks));
        let known = |fraction| if self.known { fraction } else { None };
        let of = |n: Decimal, d: Decimal| if d.is_zero() { None } else { Some((n, d)) };
        BTreeMap::from([
            ("impressions", of(impressions, Decimal::ONE)),
            ("clicks", of(clicks, Decimal::ONE)),
            ("cost", of(cost, parts)),
            ("conversions", known(of(self.conversions, Decimal::ONE))),
            ("revenue", known(of(self.revenue, Decimal::ONE))),
            ("ctr", of(clicks, impressions)),
            ("cpc", of(cost, parts * clicks)),
            ("cpm", of(cost, parts * impressions)),
            ("conversion_rate", known(of(self.conversions, clicks))),
            ("cpa", known(of(cost, parts * self.conversions))),
            ("roas", known(of(self.revenue * parts, cost))),
            ("roi", known(of(self.revenue * parts - cost, cost))),
        ])
    }
}

/// Six places, half away from zero, no trailing zeros; `null` without a denominator.
fn ratio(numerator: Decimal, denominator: Decimal) -> Value {
    if denominator.is_zero() {
        return Value::Null;
    }
    let rounded = (numerator / denominator).round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero).normalize();
    Value::String(if rounded.is_zero() { "0".to_owned() } else { rounded.to_string() })
}

/// The keys a row of a grouping has.
fn keys(by: &str, row: &Row) -> Map<String, Value> {
    let or_null = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let monday = row.date - Days::new(u64::from(row.date.weekday().num_days_from_monday()));
    let keys = match by {
        "total" => json!({}),
        "day" => json!({ "date": row.date.to_string() }),
        "week" => json!({ "week": monday.to_string() }),
        "month" => json!({ "month": row.date.format("%Y-%m").to_string() }),
        "hour" => json!({ "hour": row.hour }),
        "weekday" => json!({ "weekday": row.date.weekday().number_from_monday() }),
        "platform" => json!({ "platform": row.platform }),
        "channel" => json!({ "channel": row.channel }),
        "account" => json!({ "platform": row.platform, "account_name": row.account }),
        "campaign" => json!({ "platform": row.platform, "campaign_name": row.campaign }),
        "ad_group" => json!({ "name": or_null(row.ad_group) }),
        "keyword" => json!({ "name": or_null(row.keyword) }),
        "creative" => json!({ "name": or_null(row.creative) }),
        other => panic!("{other} is no grouping"),
    };
    match keys {
        Value::Object(map) => map,
        _ => unreachable!("an object was written"),
    }
}

/// Groups of rows by their keys (as JSON text) and currency.
fn grouped<'a>(by: &str, rows: &[&'a Row]) -> BTreeMap<(String, &'static str), Vec<&'a Row>> {
    let mut groups: BTreeMap<(String, &'static str), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        groups.entry((Value::Object(keys(by, row)).to_string(), row.currency)).or_default().push(row);
    }
    groups
}

/// The sums of groups. Only an hour can fail to know its conversions; what is known of such an hour stands in the line without an hour, so
/// that the lines add up to the total.
pub(crate) fn sums(by: &str, rows: &[&Row]) -> BTreeMap<(String, &'static str), Sum> {
    let groups = grouped(by, rows);
    if by != "hour" {
        return groups.into_iter().map(|(key, rows)| (key, Sum::of(rows).with_known_conversions())).collect();
    }
    let mut sums: BTreeMap<(String, &'static str), Sum> = groups.into_iter().map(|(key, rows)| (key, Sum::of(rows))).collect();
    for currency in ["KRW", "USD"] {
        let rest = (Value::Object(Map::from_iter([("hour".to_owned(), Value::Null)])).to_string(), currency);
        let unknown: Vec<Sum> = sums.iter().filter(|(key, sum)| key.1 == currency && !sum.known).map(|(_, sum)| *sum).collect();
        if let Some(sum) = sums.get_mut(&rest) {
            *sum = unknown.iter().fold(*sum, Sum::with_rest_of);
        }
    }
    sums
}

pub(crate) fn between<'a>(rows: &'a [Row], client: Option<&str>, from: NaiveDate, to: NaiveDate) -> Vec<&'a Row> {
    rows.iter().filter(|row| client.is_none_or(|client| row.client == client) && from <= row.date && row.date <= to).collect()
}

pub(crate) fn clients(rows: &[Row]) -> BTreeSet<&'static str> {
    rows.iter().map(|row| row.client).collect()
}
