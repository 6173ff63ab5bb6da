//! Questions about figures: sums of counts by a grouping, per money kind. Ratios are made elsewhere, from these sums.
//!
//! Read from the smallest table that knows the answer: roll-ups per client or agency and day for totals, trends and channels; roll-ups per
//! hour for the heat map; month-to-date totals for campaign tables over any range; base rows only for one campaign or what is finer.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use moa_domain::{Counts, DateRange, Dimension, Millionths, MoneyKind, Platform};
use rust_decimal::Decimal;
use sqlx::{FromRow, QueryBuilder};

use crate::Store;
use crate::error::StoreError;
use crate::kinds::kind_of;
use crate::write::dimension_id;

/// Whose figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Client(i32),
    /// Every client that was not removed.
    Agency,
}

/// By what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    Total,
    Day,
    /// The week's Monday.
    Week,
    /// The month's first day.
    Month,
    /// 0 to 23 over the whole range, and what has no hour.
    Hour,
    /// 1 = Monday.
    Weekday,
    /// Weekday × hour, of days that have hours.
    HourOfWeek,
    Platform,
    Channel,
    Account,
    Campaign,
    /// Every client that was not removed, whatever the scope's own clients are.
    Client,
    /// The same by day.
    ClientDay,
    /// Day, account, campaign and channel: the raw rows of a workbook.
    CampaignChannelDay,
    /// Finer than a campaign, by name alone, and what was not broken down.
    Named(Dimension),
    /// The same by name, the ad group it stands in, and campaign.
    Finer(Dimension),
}

/// A question.
#[derive(Debug, Clone)]
pub struct Question {
    pub scope: Scope,
    pub range: DateRange,
    pub by: GroupBy,
    /// Empty: all.
    pub platforms: Vec<Platform>,
    /// Channel codes; empty: all.
    pub channels: Vec<String>,
    /// One campaign, by our id.
    pub campaign: Option<i32>,
}

/// What a row is about: only the parts its grouping names are present.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupKey {
    /// Our id of the client.
    pub client: Option<i32>,
    pub date: Option<NaiveDate>,
    pub weekday: Option<u8>,
    pub hour: Option<u8>,
    /// Platform code.
    pub platform: Option<String>,
    /// Channel code.
    pub channel: Option<String>,
    pub account: Option<AccountKey>,
    pub campaign: Option<CampaignInfo>,
    /// Name of a channel for people, or of an ad group, keyword, creative …; `None` is what was not broken down.
    pub name: Option<String>,
    /// The ad group a keyword or creative stands in.
    pub parent: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountKey {
    pub account_id: String,
    pub account_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CampaignInfo {
    pub campaign_name: String,
    /// The platform's id.
    pub campaign_id: String,
    /// Ours.
    pub id: i32,
    pub status: Option<String>,
}

/// Sums of one group in one money kind.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupRow {
    pub key: GroupKey,
    pub kind: MoneyKind,
    pub counts: Counts,
    /// False where a part does not know its conversions: unknown is not zero.
    pub conversions_known: bool,
}

#[derive(FromRow)]
struct Sums {
    #[sqlx(default)]
    client: Option<i32>,
    #[sqlx(default)]
    date: Option<NaiveDate>,
    #[sqlx(default)]
    weekday: Option<i32>,
    #[sqlx(default)]
    hour: Option<i32>,
    #[sqlx(default)]
    platform: Option<String>,
    #[sqlx(default)]
    channel: Option<String>,
    #[sqlx(default)]
    account_id: Option<String>,
    #[sqlx(default)]
    account_name: Option<String>,
    #[sqlx(default)]
    own_campaign_id: Option<i32>,
    #[sqlx(default)]
    campaign_id: Option<String>,
    #[sqlx(default)]
    campaign_name: Option<String>,
    #[sqlx(default)]
    status: Option<String>,
    #[sqlx(default)]
    name: Option<String>,
    #[sqlx(default)]
    parent: Option<String>,
    currency: String,
    vat_included: bool,
    vat_rate: Decimal,
    impressions: i64,
    clicks: i64,
    cost: i64,
    conversions: Option<i64>,
    revenue: Option<i64>,
    conversions_all: Option<i64>,
    revenue_all: Option<i64>,
}

impl From<Sums> for GroupRow {
    fn from(sums: Sums) -> Self {
        let small = |value: Option<i32>| value.and_then(|value| u8::try_from(value).ok());
        let campaign = match (sums.own_campaign_id, sums.campaign_id, sums.campaign_name) {
            (Some(id), Some(campaign_id), Some(campaign_name)) => {
                Some(CampaignInfo { campaign_name, campaign_id, id, status: sums.status })
            }
            _ => None,
        };
        Self {
            key: GroupKey {
                client: sums.client,
                date: sums.date,
                weekday: small(sums.weekday),
                hour: small(sums.hour),
                platform: sums.platform,
                channel: sums.channel,
                account: sums.account_id.map(|account_id| AccountKey { account_id, account_name: sums.account_name }),
                campaign,
                name: sums.name,
                parent: sums.parent.filter(|parent| !parent.is_empty()),
            },
            kind: kind_of(&sums.currency, sums.vat_included, sums.vat_rate),
            counts: Counts {
                impressions: sums.impressions,
                clicks: sums.clicks,
                cost: Millionths(sums.cost),
                conversions: Millionths(sums.conversions.unwrap_or(0)),
                revenue: Millionths(sums.revenue.unwrap_or(0)),
                conversions_all: Millionths(sums.conversions_all.unwrap_or(0)),
                revenue_all: Millionths(sums.revenue_all.unwrap_or(0)),
            },
            conversions_known: sums.conversions.is_some(),
        }
    }
}

/// The sums themselves; `bigint`, so that an overflow is an error and not a wrong number.
const SUMS: &str = "sum(r.impressions)::bigint as impressions, sum(r.clicks)::bigint as clicks, sum(r.cost)::bigint as cost,
  sum(r.conversions)::bigint as conversions, sum(r.revenue)::bigint as revenue,
  sum(r.conversions_all)::bigint as conversions_all, sum(r.revenue_all)::bigint as revenue_all";
/// NULL as soon as one part is unknown.
const HOUR_SUMS: &str = "sum(r.impressions)::bigint as impressions, sum(r.clicks)::bigint as clicks, sum(r.cost)::bigint as cost,
  case when count(r.conversions) = count(*) then sum(r.conversions)::bigint end as conversions,
  case when count(r.revenue) = count(*) then sum(r.revenue)::bigint end as revenue,
  case when count(r.conversions_all) = count(*) then sum(r.conversions_all)::bigint end as conversions_all,
  case when count(r.revenue_all) = count(*) then sum(r.revenue_all)::bigint end as revenue_all";
const CAMPAIGN_COLUMNS: &str =
    "k.id as own_campaign_id, k.campaign_id::text as campaign_id, k.campaign_name::text as campaign_name, k.status::text as status";
/// Up to this many days base rows are read as quickly as month-to-date totals.
const SHORT_RANGE_DAYS: i64 = 7;

impl Store {
    /// Sums per group and money kind, in key order. For hours and finer groupings the last rows, without a name, are what was not broken
    /// down: the rows of an answer always add up to the total. ([`GroupBy::HourOfWeek`] has only what is known by hour.)
    ///
    /// # Errors
    /// The database's.
    pub async fn figures(&self, question: &Question) -> Result<Vec<GroupRow>, StoreError> {
        if question.range.from > question.range.to {
            return Ok(Vec::new());
        }
        match question.by {
            GroupBy::Total
            | GroupBy::Day
            | GroupBy::Week
            | GroupBy::Month
            | GroupBy::Weekday
            | GroupBy::Platform
            | GroupBy::Channel
            | GroupBy::Client
            | GroupBy::ClientDay => self.by_day_rollup(question).await,
            GroupBy::Hour => self.with_rest(question, self.by_hour(question).await?).await,
            GroupBy::HourOfWeek => self.by_hour(question).await,
            GroupBy::Account | GroupBy::Campaign if question.channels.is_empty() && question.range.days() > SHORT_RANGE_DAYS => {
                self.by_running_totals(question).await
            }
            GroupBy::Account | GroupBy::Campaign | GroupBy::CampaignChannelDay => self.by_base_rows(question).await,
            GroupBy::Named(dimension) => self.with_rest(question, self.finer(question, dimension, false).await?).await,
            GroupBy::Finer(dimension) => self.with_rest(question, self.finer(question, dimension, true).await?).await,
        }
    }

    async fn by_day_rollup(&self, question: &Question) -> Result<Vec<GroupRow>, StoreError> {
        let group = match question.by {
            GroupBy::Day => "r.date as date",
            GroupBy::Week => "date_trunc('week', r.date)::date as date",
            GroupBy::Month => "date_trunc('month', r.date)::date as date",
            GroupBy::Weekday => "extract(isodow from r.date)::int as weekday",
            GroupBy::Platform => "p.code::text as platform",
            GroupBy::Channel => "p.code::text as platform, c.name::text as channel, c.display_name::text as name",
            GroupBy::Client => "r.client_id as client",
            GroupBy::ClientDay => "r.client_id as client, r.date as date",
            _ => "",
        };
        let groups = match question.by {
            GroupBy::Total => "",
            GroupBy::ClientDay => "1, 2, ",
            GroupBy::Platform => "p.code, ",
            GroupBy::Channel => "p.code, c.id, ",
            _ => "1, ",
        };
        let names_places = matches!(question.by, GroupBy::Platform | GroupBy::Channel);
        let places = if names_places || !question.platforms.is_empty() || !question.channels.is_empty() {
            "join channels c on c.id = r.channel_id join platforms p on p.family = c.platform"
        } else {
            ""
        };
        let from = match (question.campaign, question.scope) {
            (Some(_), _) => {
                "(select d.*, a.client_id from metric_daily d join campaigns own on own.id = d.campaign_id
                  join marketing_accounts a on a.id = own.marketing_account_id) r"
            }
            (None, Scope::Client(_)) => "roll_client_day r",
            (None, Scope::Agency) if matches!(question.by, GroupBy::Client | GroupBy::ClientDay) => {
                "roll_client_day r join clients owner on owner.id = r.client_id and owner.removed_at is null"
            }
            (None, Scope::Agency) => "roll_agency_day r",
        };
        let comma = if group.is_empty() { "" } else { ", " };
        let mut sql = QueryBuilder::new(format!(
            "select {group}{comma}m.currency::text as currency, m.vat_included, m.vat_rate, {SUMS}
             from {from} join money_kinds m on m.id = r.money_kind_id {places} where r.date between "
        ));
        sql.push_bind(question.range.from).push(" and ").push_bind(question.range.to);
        match (question.campaign, question.scope) {
            (Some(campaign), scope) => {
                sql.push(" and r.campaign_id = ").push_bind(campaign);
                if let Scope::Client(client) = scope {
                    sql.push(" and r.client_id = ").push_bind(client);
                }
            }
            (None, Scope::Client(client)) => {
                sql.push(" and r.client_id = ").push_bind(client);
            }
            (None, Scope::Agency) => {}
        }
        filter(&mut sql, question, "p.code", Some("c.name"));
        sql.push(format!(" group by {groups}m.id"));
        self.answer(sql).await
    }

    async fn by_hour(&self, question: &Question) -> Result<Vec<GroupRow>, StoreError> {
        let (group, groups) = match question.by {
            GroupBy::HourOfWeek => ("extract(isodow from r.date)::int as weekday, r.hour::int as hour", "1, 2, "),
            _ => ("r.hour::int as hour", "1, "),
        };
        // Roll-ups per hour know no platform and no campaign; those few questions read base rows.
        let from_base = question.campaign.is_some() || !question.platforms.is_empty() || !question.channels.is_empty();
        let from = match (from_base, question.scope) {
            (true, _) => {
                "metric_hourly r join campaigns k on k.id = r.campaign_id join marketing_accounts a on a.id = k.marketing_account_id
                 join clients owner on owner.id = a.client_id and owner.removed_at is null join channels c on c.id = r.channel_id"
            }
            (false, Scope::Client(_)) => "roll_client_hour r",
            (false, Scope::Agency) => "roll_agency_hour r",
        };
        let mut sql = QueryBuilder::new(format!(
            "select {group}, m.currency::text as currency, m.vat_included, m.vat_rate, {HOUR_SUMS}
             from {from} join money_kinds m on m.id = r.money_kind_id where r.date between "
        ));
        sql.push_bind(question.range.from).push(" and ").push_bind(question.range.to);
        if from_base {
            of_scope(&mut sql, question);
            filter(&mut sql, question, "k.platform", Some("c.name"));
        } else if let Scope::Client(client) = question.scope {
            sql.push(" and r.client_id = ").push_bind(client);
        }
        sql.push(format!(" group by {groups}m.id"));
        self.answer(sql).await
    }

    /// Any range as a few slices: month ends, plus the last day, minus the day before the first.
    async fn by_running_totals(&self, question: &Question) -> Result<Vec<GroupRow>, StoreError> {
        let (group, groups) = account_or_campaign(question.by);
        let Slices { ends, before } = slices(question.range);
        let quoted = |day: &NaiveDate| format!("'{day}'");
        let days = ends.iter().chain(&before).map(quoted).collect::<Vec<_>>().join(", ");
        let signed = |column: &str| match &before {
            Some(before) => format!("sum(case when t.date = '{before}' then -t.{column} else t.{column} end)::bigint"),
            None => format!("sum(t.{column})::bigint"),
        };
        let columns = ["impressions", "clicks", "cost", "conversions", "revenue", "conversions_all", "revenue_all"]
            .map(|column| format!("{} as {column}", signed(column)))
            .join(", ");
        // The days stand in the text, so that the server looks at their months alone, by their index.
        let mut sql = QueryBuilder::new(format!(
            "select {group}, m.currency::text as currency, m.vat_included, m.vat_rate, {SUMS}
             from (select t.campaign_id, t.money_kind_id, {columns} from roll_campaign_mtd t where t.date in ({days})"
        ));
        // A client's campaigns are looked up first; the agency takes whole slices.
        if question.campaign.is_some() || question.scope != Scope::Agency {
            sql.push(
                " and t.campaign_id in (select k.id from marketing_accounts a join campaigns k on k.marketing_account_id = a.id where true",
            );
            of_scope(&mut sql, question);
            sql.push(")");
        }
        sql.push(format!(
            " group by 1, 2 having {} > 0) r
             join campaigns k on k.id = r.campaign_id join marketing_accounts a on a.id = k.marketing_account_id
             join clients owner on owner.id = a.client_id and owner.removed_at is null
             join money_kinds m on m.id = r.money_kind_id where true",
            signed("days")
        ));
        of_scope(&mut sql, question);
        filter(&mut sql, question, "k.platform", None);
        sql.push(format!(" group by {groups}, m.id"));
        self.answer(sql).await
    }

    async fn by_base_rows(&self, question: &Question) -> Result<Vec<GroupRow>, StoreError> {
        let (group, groups) = account_or_campaign(question.by);
        let mut sql = QueryBuilder::new(format!(
            "select {group}, m.currency::text as currency, m.vat_included, m.vat_rate, {SUMS}
             from metric_daily r join campaigns k on k.id = r.campaign_id join marketing_accounts a on a.id = k.marketing_account_id
             join clients owner on owner.id = a.client_id and owner.removed_at is null
             join channels c on c.id = r.channel_id join money_kinds m on m.id = r.money_kind_id where r.date between "
        ));
        sql.push_bind(question.range.from).push(" and ").push_bind(question.range.to);
        of_scope(&mut sql, question);
        filter(&mut sql, question, "k.platform", Some("c.name"));
        sql.push(format!(" group by {groups}, m.id"));
        self.answer(sql).await
    }

    async fn finer(&self, question: &Question, dimension: Dimension, with_place: bool) -> Result<Vec<GroupRow>, StoreError> {
        let (place, groups) = if with_place {
            (format!(", e.parent, k.platform::text as platform, {CAMPAIGN_COLUMNS}"), "1, 2, k.id")
        } else {
            (String::new(), "1")
        };
        let mut sql = QueryBuilder::new(format!(
            "select e.name{place}, m.currency::text as currency, m.vat_included, m.vat_rate, {SUMS}
             from marketing_accounts a join clients owner on owner.id = a.client_id and owner.removed_at is null
             join campaigns k on k.marketing_account_id = a.id join breakdown_entities e on e.campaign_id = k.id
             join breakdown_daily r on r.entity_id = e.id join channels c on c.id = r.channel_id join money_kinds m on m.id = r.money_kind_id
             where e.name <> '' and e.dimension = "
        ));
        sql.push_bind(dimension_id(dimension));
        sql.push(" and r.date between ").push_bind(question.range.from).push(" and ").push_bind(question.range.to);
        of_scope(&mut sql, question);
        filter(&mut sql, question, "k.platform", Some("c.name"));
        sql.push(format!(" group by {groups}, m.id"));
        self.answer(sql).await
    }

    /// Adds, per money kind, what the parts leave of the total.
    async fn with_rest(&self, question: &Question, mut parts: Vec<GroupRow>) -> Result<Vec<GroupRow>, StoreError> {
        let totals = self.by_day_rollup(&Question { by: GroupBy::Total, ..question.clone() }).await?;
        let mut sums: BTreeMap<MoneyKind, Counts> = BTreeMap::new();
        for part in &parts {
            *sums.entry(part.kind).or_default() += part.counts;
        }
        let mut rest: BTreeMap<MoneyKind, Counts> = totals.into_iter().map(|total| (total.kind, total.counts)).collect();
        for (kind, sum) in sums {
            let left = rest.entry(kind).or_default();
            *left = difference(*left, sum);
        }
        parts.extend(rest.into_iter().filter(|(_, counts)| *counts != Counts::default()).map(|(kind, counts)| GroupRow {
            key: GroupKey::default(),
            kind,
            counts,
            conversions_known: true,
        }));
        Ok(parts)
    }

    async fn answer(&self, mut sql: QueryBuilder<sqlx::Postgres>) -> Result<Vec<GroupRow>, StoreError> {
        let rows: Vec<Sums> = sql.build_query_as().fetch_all(&self.pool).await?;
        let mut rows: Vec<GroupRow> = rows.into_iter().map(GroupRow::from).collect();
        rows.sort_by(|a, b| (&a.key, a.kind).cmp(&(&b.key, b.kind)));
        Ok(rows)
    }
}

/// What is selected, and what it is grouped by: keys, on which the names depend.
fn account_or_campaign(by: GroupBy) -> (String, &'static str) {
    let account = "k.platform::text as platform, a.account_id::text as account_id, a.account_name::text as account_name";
    match by {
        GroupBy::Account => (account.to_owned(), "k.platform, a.id"),
        GroupBy::CampaignChannelDay => (
            format!("r.date as date, c.name::text as channel, c.display_name::text as name, {account}, {CAMPAIGN_COLUMNS}"),
            "r.date, c.id, k.id, a.id",
        ),
        _ => (format!("{account}, {CAMPAIGN_COLUMNS}"), "k.id, a.id"),
    }
}

fn of_scope(sql: &mut QueryBuilder<sqlx::Postgres>, question: &Question) {
    if let Scope::Client(client) = question.scope {
        sql.push(" and a.client_id = ").push_bind(client);
    }
    if let Some(campaign) = question.campaign {
        sql.push(" and k.id = ").push_bind(campaign);
    }
}

fn filter(sql: &mut QueryBuilder<sqlx::Postgres>, question: &Question, platform: &str, channel: Option<&str>) {
    if !question.platforms.is_empty() {
        let codes: Vec<String> = question.platforms.iter().map(|platform| platform.code().to_owned()).collect();
        sql.push(format!(" and {platform} = any (")).push_bind(codes).push(")");
    }
    if let (Some(channel), false) = (channel, question.channels.is_empty()) {
        sql.push(format!(" and {channel} = any (")).push_bind(question.channels.clone()).push(")");
    }
}

/// The days of `roll_campaign_mtd` whose totals make a range.
#[derive(Debug, PartialEq)]
struct Slices {
    /// Month ends, and the last day: added.
    ends: Vec<NaiveDate>,
    /// The day before the first, where that is in the first one's month: taken away.
    before: Option<NaiveDate>,
}

fn slices(range: DateRange) -> Slices {
    let mut ends = Vec::new();
    let mut month = moa_domain::Month::of(range.from);
    loop {
        ends.push(month.last_day().min(range.to));
        if month.last_day() >= range.to {
            break;
        }
        month = moa_domain::Month::of(month.last_day() + chrono::Days::new(1));
    }
    let first = moa_domain::Month::of(range.from).first_day();
    Slices { ends, before: (first < range.from).then(|| range.from - chrono::Days::new(1)) }
}

fn difference(whole: Counts, part: Counts) -> Counts {
    Counts {
        impressions: whole.impressions - part.impressions,
        clicks: whole.clicks - part.clicks,
        cost: whole.cost - part.cost,
        conversions: whole.conversions - part.conversions,
        revenue: whole.revenue - part.revenue,
        conversions_all: whole.conversions_all - part.conversions_all,
        revenue_all: whole.revenue_all - part.revenue_all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_month_ends_plus_the_last_day_minus_the_day_before() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let spring = Slices { ends: vec![d("2026-01-31"), d("2026-02-28"), d("2026-03-05")], before: Some(d("2026-01-09")) };
        assert_eq!(slices(DateRange { from: d("2026-01-10"), to: d("2026-03-05") }), spring);
        let february = Slices { ends: vec![d("2026-02-28")], before: None };
        assert_eq!(slices(DateRange { from: d("2026-02-01"), to: d("2026-02-28") }), february);
    }
}
