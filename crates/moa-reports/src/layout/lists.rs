//! The tables: channels, campaigns by account, keywords and creatives, days.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use moa_domain::{DateRange, Dimension};
use moa_text::{Measure, channel_name, dimension_name, platform_name, short_date};
use rust_decimal::Decimal;

use super::compared_caption;
use super::flow::Flow;
use super::table::{Column, Emphasis, Names, Row, Table, share_of};
use crate::document::{CampaignFigures, CurrencySection, ItemFigures};
use crate::figures::Figures;

/// A period longer than this has its days in the workbook only.
const MOST_DAYS: i64 = 62;

const fn measure(measure: Measure) -> Column {
    Column::Measure(measure)
}

const CHANNEL_COLUMNS: [Column; 11] = [
    Column::Share,
    measure(Measure::Cost),
    measure(Measure::Impressions),
    measure(Measure::Clicks),
    measure(Measure::Ctr),
    measure(Measure::Cpc),
    measure(Measure::Conversions),
    measure(Measure::ConversionRate),
    measure(Measure::Cpa),
    measure(Measure::Revenue),
    measure(Measure::Roas),
];
const DAY_COLUMNS: [Column; 9] = [
    measure(Measure::Cost),
    measure(Measure::Impressions),
    measure(Measure::Clicks),
    measure(Measure::Ctr),
    measure(Measure::Cpc),
    measure(Measure::Conversions),
    measure(Measure::Cpa),
    measure(Measure::Revenue),
    measure(Measure::Roas),
];
const ITEM_COLUMNS: [Column; 8] = [
    measure(Measure::Cost),
    measure(Measure::Impressions),
    measure(Measure::Clicks),
    measure(Measure::Ctr),
    measure(Measure::Cpc),
    measure(Measure::Conversions),
    measure(Measure::Cpa),
    measure(Measure::Roas),
];

fn total_row(flow: &Flow<'_, '_>, section: &CurrencySection) -> Row {
    Row {
        name: flow.say("report.table.total", &[]),
        detail: String::new(),
        figures: Some(section.totals),
        share: share_of(section.totals.cost, section.totals.cost),
        previous: None,
        emphasis: Emphasis::Total,
    }
}

/// `under_ring`: the ring above has drawn the section's heading.
pub(super) fn draw_channels(flow: &mut Flow<'_, '_>, section: &CurrencySection, under_ring: bool) {
    if section.channels.is_empty() {
        return;
    }
    let mut rows: Vec<Row> = section
        .channels
        .iter()
        .map(|channel| Row {
            name: channel_name(flow.lang(), &channel.channel),
            detail: platform_name(flow.lang(), channel.platform.code()),
            figures: Some(channel.figures),
            share: share_of(channel.figures.cost, section.totals.cost),
            previous: channel.previous,
            emphasis: Emphasis::Plain,
        })
        .collect();
    rows.push(Row { previous: section.previous, ..total_row(flow, section) });
    let name_title = flow.say("report.table.channel", &[]);
    let table = Table { name_title: &name_title, names: Names::Above, columns: &CHANNEL_COLUMNS, rows: &rows, currency: section.currency };
    let first = table.first_height(flow);
    if under_ring {
        flow.ensure(first);
    } else {
        let title = flow.section_title("report.section.channels", section.currency);
        let caption = compared_caption(flow);
        flow.heading(&title, &caption, first);
    }
    table.draw(flow);
}

/// The sums of a group, for its title. Ratios come from the sums.
fn sum(campaigns: &[&CampaignFigures]) -> Figures {
    let per = |part: Option<Decimal>, whole: Option<Decimal>, scale: i64| {
        part?.checked_mul(Decimal::from(scale))?.checked_div(whole?).map(|ratio| ratio.round_dp(6))
    };
    let add = |get: fn(&Figures) -> Option<Decimal>| campaigns.iter().map(|campaign| get(&campaign.figures)).sum::<Option<Decimal>>();
    let impressions: i64 = campaigns.iter().map(|campaign| campaign.figures.impressions).sum();
    let clicks: i64 = campaigns.iter().map(|campaign| campaign.figures.clicks).sum();
    let cost: Decimal = campaigns.iter().map(|campaign| campaign.figures.cost).sum();
    let conversions = add(|figures| figures.conversions);
    let revenue = add(|figures| figures.revenue);
    let (shown, clicked) = (Some(Decimal::from(impressions)), Some(Decimal::from(clicks)));
    Figures {
        impressions,
        clicks,
        cost,
        conversions,
        revenue,
        ctr: per(clicked, shown, 100),
        cpc: per(Some(cost), clicked, 1),
        cpm: per(Some(cost), shown, 1000),
        conversion_rate: per(conversions, clicked, 100),
        cpa: per(Some(cost), conversions, 1),
        roas: per(revenue, Some(cost), 1),
        roi: per(revenue.map(|revenue| revenue - cost), Some(cost), 100),
    }
}

pub(super) fn draw_campaigns(flow: &mut Flow<'_, '_>, section: &CurrencySection) {
    if section.campaigns.is_empty() {
        return;
    }
    let mut groups: Vec<(String, Vec<&CampaignFigures>)> = Vec::new();
    for campaign in &section.campaigns {
        let platform = platform_name(flow.lang(), campaign.platform.code());
        let name = if campaign.account.is_empty() { platform } else { format!("{platform} · {}", campaign.account) };
        match groups.last_mut().filter(|(last, _)| *last == name) {
            Some((_, campaigns)) => campaigns.push(campaign),
            None => groups.push((name, vec![campaign])),
        }
    }
    let mut rows = Vec::with_capacity(section.campaigns.len() + groups.len() + 1);
    for (name, campaigns) in &groups {
        let figures = sum(campaigns);
        rows.push(Row {
            name: name.clone(),
            detail: flow.say("report.table.count", &[("count", &campaigns.len().to_string())]),
            share: share_of(figures.cost, section.totals.cost),
            figures: Some(figures),
            previous: None,
            emphasis: Emphasis::Group,
        });
        rows.extend(campaigns.iter().map(|campaign| Row {
            name: campaign.name.clone(),
            detail: campaign.channels.iter().map(|channel| channel_name(flow.lang(), channel)).collect::<Vec<_>>().join(", "),
            figures: Some(campaign.figures),
            share: share_of(campaign.figures.cost, section.totals.cost),
            previous: None,
            emphasis: Emphasis::Plain,
        }));
    }
    rows.push(total_row(flow, section));
    let name_title = flow.say("report.table.campaign", &[]);
    let table = Table { name_title: &name_title, names: Names::Above, columns: &CHANNEL_COLUMNS, rows: &rows, currency: section.currency };
    let title = flow.section_title("report.section.campaigns", section.currency);
    let caption = flow.say("report.table.count", &[("count", &section.campaigns.len().to_string())]);
    let first = table.first_height(flow);
    flow.heading(&title, &caption, first);
    table.draw(flow);
}

pub(super) fn draw_items(flow: &mut Flow<'_, '_>, section: &CurrencySection) {
    draw_top(flow, section, "report.section.keywords", Dimension::Keyword, &section.keywords);
    draw_top(flow, section, "report.section.creatives", Dimension::Creative, &section.creatives);
    draw_top(flow, section, "report.section.ad_groups", Dimension::AdGroup, &section.ad_groups);
}

fn draw_top(flow: &mut Flow<'_, '_>, section: &CurrencySection, title: &str, dimension: Dimension, items: &[ItemFigures]) {
    if items.is_empty() {
        return;
    }
    let unassigned = flow.say("shared.unassigned", &[]);
    let rows: Vec<Row> = items
        .iter()
        .map(|item| Row {
            name: item.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| unassigned.clone()),
            detail: [Some(&item.campaign), item.parent.as_ref()]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(" · "),
            figures: Some(item.figures),
            share: None,
            previous: None,
            emphasis: Emphasis::Plain,
        })
        .collect();
    let name_title = dimension_name(flow.lang(), dimension);
    let table = Table {
        name_title: &name_title,
        names: Names::Beside { at_least: 120.0 },
        columns: &ITEM_COLUMNS,
        rows: &rows,
        currency: section.currency,
    };
    let title = flow.section_title(title, section.currency);
    let caption = flow.say("report.table.top", &[("count", &items.len().to_string())]);
    let first = table.first_height(flow);
    flow.heading(&title, &caption, first);
    table.draw(flow);
}

pub(super) fn draw_daily(flow: &mut Flow<'_, '_>, section: &CurrencySection) {
    let period = DateRange::from(flow.document.period);
    if period.days() < 2 || period.days() > MOST_DAYS {
        return;
    }
    let by_day: BTreeMap<NaiveDate, Option<Figures>> = section.daily.iter().map(|day| (day.date, day.figures)).collect();
    let nothing = flow.say("report.table.no_figures_day", &[]);
    let mut rows: Vec<Row> = period
        .iter()
        .map(|day| {
            let figures = by_day.get(&day).copied().flatten();
            let name = short_date(flow.lang(), day);
            Row {
                name: if figures.is_some() { name } else { format!("{name} {nothing}") },
                detail: String::new(),
                figures,
                share: None,
                previous: None,
                emphasis: Emphasis::Plain,
            }
        })
        .collect();
    rows.push(total_row(flow, section));
    let name_title = flow.say("report.table.date", &[]);
    let table = Table {
        name_title: &name_title,
        names: Names::Beside { at_least: 84.0 },
        columns: &DAY_COLUMNS,
        rows: &rows,
        currency: section.currency,
    };
    let title = flow.section_title("report.section.daily", section.currency);
    let first = table.first_height(flow);
    flow.heading(&title, "", first);
    table.draw(flow);
}
