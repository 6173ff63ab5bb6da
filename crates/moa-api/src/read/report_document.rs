//! The document of a report: every figure it shows, from the same engine as the window.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, NaiveDate};
use moa_domain::calendar::DateRange;
use moa_domain::{Basis, Currency, Dimension, Platform};
use moa_reports::{
    Cadence, CampaignFigures, Change, ChannelFigures, CurrencySection, DayFigures, Figures, ItemFigures, Party, Period, PlatformAsOf,
    RawRow, ReportDocument, Restated,
};
use moa_store::{Client, GroupBy, GroupRow, Question, Revision, Scope, Store};
use moa_text::Lang;

use super::figures::{Ask, Group};
use crate::error::ApiError;

/// Keywords, creatives and ad groups shown at most; the workbook has every row.
const TOP_ITEMS: usize = 20;

/// What a report is about.
#[derive(Debug, Clone)]
pub(crate) struct ReportAsk {
    pub(crate) client: Client,
    pub(crate) cadence: Cadence,
    pub(crate) range: DateRange,
    pub(crate) basis: Basis,
    pub(crate) lang: Lang,
    pub(crate) agency: Party,
    /// PNG bytes of the client's logo.
    pub(crate) client_logo: Option<Vec<u8>>,
    pub(crate) comment: Option<String>,
    pub(crate) created_at: DateTime<FixedOffset>,
    /// Why it should be looked at, worded.
    pub(crate) held: Vec<String>,
}

/// Asks everything the report shows.
pub(crate) async fn report_document(store: &Store, report: &ReportAsk) -> Result<ReportDocument, ApiError> {
    let scope = Scope::Client(report.client.id);
    let compared = report.range.previous();
    let ask = Ask { scope, range: report.range, compared: Some(compared), basis: report.basis, platforms: Vec::new(), campaign: None };
    let now_only = Ask { compared: None, ..ask.clone() };
    let raw =
        |range| Question { scope, range, by: GroupBy::CampaignChannelDay, platforms: Vec::new(), channels: Vec::new(), campaign: None };
    let (total, days, channels, campaigns) = tokio::try_join!(
        ask.groups(store, GroupBy::Total),
        now_only.groups(store, GroupBy::Day),
        ask.groups(store, GroupBy::Channel),
        ask.groups(store, GroupBy::Campaign),
    )?;
    let (ad_groups, keywords, creatives) = tokio::try_join!(
        now_only.groups(store, GroupBy::Finer(Dimension::AdGroup)),
        now_only.groups(store, GroupBy::Finer(Dimension::Keyword)),
        now_only.groups(store, GroupBy::Finer(Dimension::Creative)),
    )?;
    let rows = raw_rows(store.figures(&raw(report.range)).await?);
    let compared_rows = raw_rows(store.figures(&raw(compared)).await?);
    let as_of = store.as_of(scope).await?;
    let revisions = store.revisions(report.client.id, report.range).await?;
    let offset = *report.created_at.offset();

    let mut totals = total;
    totals.sort_by_key(|group| (group.currency != report.client.currency, group.currency));
    let sections = totals
        .iter()
        .map(|total| {
            let currency = total.currency;
            let previous = total.previous.filter(|previous| *previous != moa_kpi::Totals::default());
            CurrencySection {
                currency,
                totals: Figures::from_totals(&total.totals),
                previous: previous.as_ref().map(Figures::from_totals),
                change: previous.as_ref().map(|before| Change::between(&total.totals, before)),
                daily: daily(&days, currency, report.range),
                channels: channel_figures(&channels, currency),
                campaigns: campaign_figures(&campaigns, currency, &rows),
                keywords: items(&keywords, currency),
                creatives: items(&creatives, currency),
                ad_groups: items(&ad_groups, currency),
            }
        })
        .collect();
    Ok(ReportDocument {
        lang: report.lang,
        cadence: report.cadence,
        title: None,
        agency: report.agency.clone(),
        client: Party { name: report.client.name.clone(), logo: report.client_logo.clone() },
        period: report.range.into(),
        compared: Some(Period::from(compared)),
        compared_days: Some(distinct(compared_rows.iter().map(|row| row.date).collect::<BTreeSet<_>>().len())),
        basis: report.basis,
        as_of: as_of
            .into_iter()
            .map(|as_of| PlatformAsOf {
                platform: platform(Some(as_of.platform.as_str())),
                read_at: as_of.read_at.with_timezone(&offset),
                last_day: as_of.last_day,
            })
            .collect(),
        created_at: report.created_at,
        held: report.held.clone(),
        restated: restated(&revisions, offset),
        comment: report.comment.clone(),
        sections,
        rows,
        compared_rows,
    })
}

fn distinct(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Per platform: how many days and campaigns changed after they had first been read, and when that was last seen.
fn restated(revisions: &[Revision], offset: FixedOffset) -> Vec<Restated> {
    let mut platforms: BTreeMap<&str, Vec<&Revision>> = BTreeMap::new();
    for revision in revisions {
        platforms.entry(&revision.platform).or_default().push(revision);
    }
    platforms
        .into_iter()
        .filter_map(|(code, revisions)| {
            Some(Restated {
                platform: platform(Some(code)),
                days: distinct(revisions.iter().map(|revision| revision.date).collect::<BTreeSet<_>>().len()),
                campaigns: distinct(revisions.iter().map(|revision| &revision.campaign_id).collect::<BTreeSet<_>>().len()),
                seen_at: revisions.iter().map(|revision| revision.seen_at).max()?.with_timezone(&offset),
            })
        })
        .collect()
}

fn platform(code: Option<&str>) -> Platform {
    let code = code.unwrap_or_default();
    code.parse().unwrap_or_else(|_| Platform::Other(code.to_owned()))
}

fn of(groups: &[Group], currency: Currency) -> impl Iterator<Item = &Group> {
    groups.iter().filter(move |group| group.currency == currency)
}

fn previous(group: &Group) -> Option<Figures> {
    group.previous.as_ref().map(Figures::from_totals)
}

/// One entry a day of the period: a day nothing is stored for is a gap, not zero.
fn daily(days: &[Group], currency: Currency, range: DateRange) -> Vec<DayFigures> {
    let known: BTreeMap<NaiveDate, Figures> =
        of(days, currency).filter_map(|group| Some((group.key.date?, Figures::from_totals(&group.totals)))).collect();
    range.iter().map(|date| DayFigures { date, figures: known.get(&date).copied() }).collect()
}

fn channel_figures(channels: &[Group], currency: Currency) -> Vec<ChannelFigures> {
    let mut figures: Vec<ChannelFigures> = of(channels, currency)
        .map(|group| ChannelFigures {
            platform: platform(group.key.platform.as_deref()),
            channel: group.key.channel.clone().unwrap_or_default(),
            figures: Figures::from_totals(&group.totals),
            previous: previous(group),
        })
        .collect();
    figures.sort_by(|a, b| b.figures.cost.cmp(&a.figures.cost).then_with(|| a.channel.cmp(&b.channel)));
    figures
}

fn campaign_figures(campaigns: &[Group], currency: Currency, rows: &[RawRow]) -> Vec<CampaignFigures> {
    let mut channels: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.currency == currency) {
        channels.entry((row.account.as_str(), row.campaign_id.as_str())).or_default().insert(row.channel.as_str());
    }
    let mut figures: Vec<CampaignFigures> = of(campaigns, currency)
        .filter_map(|group| {
            let campaign = group.key.campaign.as_ref()?;
            let account = account_name(group.key.account.as_ref());
            let on = channels.get(&(account.as_str(), campaign.campaign_id.as_str()));
            Some(CampaignFigures {
                platform: platform(group.key.platform.as_deref()),
                campaign_id: campaign.campaign_id.clone(),
                name: campaign.campaign_name.clone(),
                channels: on.map(|codes| codes.iter().map(|code| (*code).to_owned()).collect()).unwrap_or_default(),
                account,
                figures: Figures::from_totals(&group.totals),
            })
        })
        .collect();
    figures.sort_by(|a, b| {
        let place = |c: &CampaignFigures| (c.platform.clone(), c.account.clone());
        place(a).cmp(&place(b)).then_with(|| b.figures.cost.cmp(&a.figures.cost)).then_with(|| a.name.cmp(&b.name))
    });
    figures
}

fn account_name(account: Option<&moa_store::AccountKey>) -> String {
    account.map(|account| account.account_name.clone().unwrap_or_else(|| account.account_id.clone())).unwrap_or_default()
}

/// The largest, by cost. The line of what was not broken down is left to the workbook's total.
fn items(groups: &[Group], currency: Currency) -> Vec<ItemFigures> {
    let mut items: Vec<ItemFigures> = of(groups, currency)
        .filter(|group| group.key.name.is_some())
        .map(|group| ItemFigures {
            name: group.key.name.clone(),
            platform: platform(group.key.platform.as_deref()),
            campaign: group.key.campaign.as_ref().map(|campaign| campaign.campaign_name.clone()).unwrap_or_default(),
            parent: group.key.parent.clone(),
            figures: Figures::from_totals(&group.totals),
        })
        .collect();
    items.sort_by(|a, b| b.figures.cost.cmp(&a.figures.cost).then_with(|| a.name.cmp(&b.name)));
    items.truncate(TOP_ITEMS);
    items
}

fn raw_rows(rows: Vec<GroupRow>) -> Vec<RawRow> {
    let mut raw: Vec<RawRow> = rows
        .into_iter()
        .filter_map(|row| {
            let campaign = row.key.campaign?;
            let known = |value: moa_domain::Millionths| row.conversions_known.then(|| value.to_decimal());
            Some(RawRow {
                date: row.key.date?,
                platform: platform(row.key.platform.as_deref()),
                account: account_name(row.key.account.as_ref()),
                campaign_id: campaign.campaign_id,
                campaign: campaign.campaign_name,
                channel: row.key.channel.unwrap_or_default(),
                currency: row.kind.currency,
                vat: row.kind.vat,
                vat_rate: row.kind.vat_rate.to_decimal(),
                impressions: row.counts.impressions,
                clicks: row.counts.clicks,
                cost: row.counts.cost.to_decimal(),
                conversions: known(row.counts.conversions),
                revenue: known(row.counts.revenue),
                conversions_all: known(row.counts.conversions_all),
                revenue_all: known(row.counts.revenue_all),
            })
        })
        .collect();
    raw.sort_by(|a, b| {
        let place = |row: &RawRow| {
            (row.date, row.platform.clone(), row.account.clone(), row.campaign.clone(), row.campaign_id.clone(), row.channel.clone())
        };
        place(a).cmp(&place(b))
    });
    raw
}
