//! A client's dashboard: everything the screen draws, from one question.

use std::collections::{BTreeMap, BTreeSet};

use moa_domain::calendar::DateRange;
use moa_domain::{Currency, Dimension, MoneyKind, VatBasis};
use moa_store::{GroupBy, Scope, Store, StoreError};

use super::clients::{client_by_id, client_dto, platform_as_of};
use super::figures::{Ask, Group, compared, figures, position_in};
use super::period::{compared_range, parse_range};
use crate::Moa;
use crate::dto::dashboard::{
    CampaignRef, CampaignRow, ChannelRow, CurrencySection, Dashboard, DashboardQuestion, DayPoint, FinerRow, HourCell, PlatformRow,
    StoredKind,
};
use crate::error::ApiError;

/// The groups of every part of the screen, before they are dealt out to currencies.
struct Parts {
    total: Vec<Group>,
    days: Vec<Group>,
    channels: Vec<Group>,
    platforms: Vec<Group>,
    campaigns: Vec<Group>,
    ad_groups: Vec<Group>,
    keywords: Vec<Group>,
    creatives: Vec<Group>,
    hours: Vec<Group>,
}

impl Moa {
    /// # Errors
    /// Bad dates, an unknown client or campaign (usage), or the database's.
    pub async fn dashboard(&self, question: &DashboardQuestion) -> Result<Dashboard, ApiError> {
        let range = parse_range(&question.from, &question.to)?;
        let platforms = question
            .platforms
            .iter()
            .map(|code| code.parse().map_err(|_| ApiError::usage("unknown_platform", [("platform", code.clone())])))
            .collect::<Result<Vec<_>, _>>()?;
        let ask = Ask {
            scope: Scope::Client(question.client_id),
            range,
            compared: compared_range(range, question.comparison),
            basis: question.basis.into(),
            platforms,
            campaign: question.campaign_id,
        };
        let (client, campaign, parts, as_of, span) = {
            let (asked, client_id) = (ask.clone(), question.client_id);
            self.retried(move |store| {
                let asked = asked.clone();
                async move {
                    let client = client_by_id(&store, client_id).await?;
                    let campaign = match asked.campaign {
                        Some(id) => Some(campaign_ref(&store, client_id, id).await?),
                        None => None,
                    };
                    let parts = parts(&store, &asked).await?;
                    let as_of = platform_as_of(&store, asked.scope).await?;
                    Ok::<_, ApiError>((client, campaign, parts, as_of, store.first_and_last_day(asked.scope).await?))
                }
            })
            .await?
        };
        Ok(Dashboard {
            client: client_dto(&client),
            from: question.from.clone(),
            to: question.to.clone(),
            compared_from: ask.compared.map(|range| range.from.to_string()),
            compared_to: ask.compared.map(|range| range.to.to_string()),
            basis: question.basis,
            as_of,
            campaign,
            currencies: sections(&parts, &ask, client.currency),
            first_day: span.map(|span| span.from.to_string()),
            last_day: span.map(|span| span.to.to_string()),
        })
    }
}

async fn campaign_ref(store: &Store, client: i32, id: i32) -> Result<CampaignRef, ApiError> {
    let campaigns = store.campaigns(client).await?;
    campaigns
        .into_iter()
        .find(|campaign| campaign.id == id)
        .map(|campaign| CampaignRef {
            id: campaign.id,
            campaign_id: campaign.campaign_id,
            campaign_name: campaign.campaign_name,
            platform: campaign.platform,
            account_name: campaign.account_name.unwrap_or_default(),
            status: campaign.status,
        })
        .ok_or_else(|| ApiError::usage("unknown_campaign", [("campaign", id.to_string())]))
}

/// Nine questions, side by side on the pool's connections.
async fn parts(store: &Store, ask: &Ask) -> Result<Parts, StoreError> {
    let now_only = Ask { compared: None, ..ask.clone() };
    let (total, days, channels, platforms, campaigns) = tokio::try_join!(
        ask.groups(store, GroupBy::Total),
        ask.all_groups(store, GroupBy::Day),
        ask.all_groups(store, GroupBy::Channel),
        ask.all_groups(store, GroupBy::Platform),
        ask.all_groups(store, GroupBy::Campaign),
    )?;
    let (ad_groups, keywords, creatives, hours) = tokio::try_join!(
        now_only.groups(store, GroupBy::Finer(Dimension::AdGroup)),
        now_only.groups(store, GroupBy::Finer(Dimension::Keyword)),
        now_only.groups(store, GroupBy::Finer(Dimension::Creative)),
        now_only.groups(store, GroupBy::HourOfWeek),
    )?;
    Ok(Parts { total, days, channels, platforms, campaigns, ad_groups, keywords, creatives, hours })
}

fn sections(parts: &Parts, ask: &Ask, own: Currency) -> Vec<CurrencySection> {
    let mut currencies: Vec<Currency> = parts.total.iter().map(|group| group.currency).collect();
    currencies.sort_by_key(|currency| (*currency != own, *currency));
    currencies
        .into_iter()
        .filter_map(|currency| parts.total.iter().find(|group| group.currency == currency))
        .map(|total| section(parts, ask, total))
        .collect()
}

fn section(parts: &Parts, ask: &Ask, total: &Group) -> CurrencySection {
    let currency = total.currency;
    let of = |groups: &[Group]| -> Vec<Group> { groups.iter().filter(|group| group.currency == currency).cloned().collect() };
    CurrencySection {
        currency: currency.to_string(),
        stored_kinds: stored_kinds(&total.kinds),
        total: compared(total),
        days: day_points(&of(&parts.days), ask.range, ask.compared),
        channels: of(&parts.channels)
            .iter()
            .map(|group| ChannelRow {
                channel: group.key.channel.clone().unwrap_or_default(),
                display_name: group.key.name.clone().or_else(|| group.key.channel.clone()).unwrap_or_default(),
                platform: group.key.platform.clone().unwrap_or_default(),
                compared: compared(group),
            })
            .collect(),
        platforms: of(&parts.platforms)
            .iter()
            .map(|group| PlatformRow { platform: group.key.platform.clone().unwrap_or_default(), compared: compared(group) })
            .collect(),
        campaigns: of(&parts.campaigns).iter().filter_map(campaign_row).collect(),
        ad_groups: finer_rows(&of(&parts.ad_groups)),
        keywords: finer_rows(&of(&parts.keywords)),
        creatives: finer_rows(&of(&parts.creatives)),
        hours: of(&parts.hours)
            .iter()
            .filter_map(|group| Some(HourCell { weekday: group.key.weekday?, hour: group.key.hour?, figures: figures(&group.totals) }))
            .collect(),
    }
}

fn stored_kinds(kinds: &BTreeSet<MoneyKind>) -> Vec<StoredKind> {
    kinds.iter().map(|kind| StoredKind { vat: vat_text(kind.vat).to_owned(), vat_rate: kind.vat_rate.to_string() }).collect()
}

pub(crate) const fn vat_text(vat: VatBasis) -> &'static str {
    match vat {
        VatBasis::Included => "included",
        VatBasis::Excluded => "excluded",
    }
}

/// One point a day of the period; a day without any row has no figures, which is not zero.
fn day_points(days: &[Group], range: DateRange, before: Option<DateRange>) -> Vec<DayPoint> {
    let by_date: BTreeMap<_, _> = days.iter().filter_map(|group| Some((group.key.date?, group))).collect();
    range
        .iter()
        .map(|date| {
            let group = by_date.get(&date);
            DayPoint {
                date: date.to_string(),
                figures: group.filter(|group| group.is_present).map(|group| figures(&group.totals)),
                previous_date: before.and_then(|before| position_in(date, range, before)).map(|date| date.to_string()),
                previous: group.and_then(|group| group.previous.as_ref()).map(figures),
            }
        })
        .collect()
}

fn campaign_row(group: &Group) -> Option<CampaignRow> {
    let campaign = group.key.campaign.as_ref()?;
    Some(CampaignRow {
        campaign: CampaignRef {
            id: campaign.id,
            campaign_id: campaign.campaign_id.clone(),
            campaign_name: campaign.campaign_name.clone(),
            platform: group.key.platform.clone().unwrap_or_default(),
            account_name: group.key.account.as_ref().and_then(|account| account.account_name.clone()).unwrap_or_default(),
            status: campaign.status.clone(),
        },
        compared: compared(group),
    })
}

/// Finer rows with the unassigned line; nothing at all when the period has no breakdown.
fn finer_rows(groups: &[Group]) -> Vec<FinerRow> {
    if groups.iter().all(|group| group.key.name.is_none()) {
        return Vec::new();
    }
    groups
        .iter()
        .map(|group| FinerRow {
            name: group.key.name.clone(),
            parent: group.key.parent.clone(),
            campaign_name: group.key.campaign.as_ref().map(|campaign| campaign.campaign_name.clone()),
            platform: group.key.platform.clone(),
            figures: figures(&group.totals),
        })
        .collect()
}
