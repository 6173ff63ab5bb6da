//! What stands where: numbers for campaigns, channels and money kinds, and the raw sheets with their rows.
//!
//! Sums select rows by number, not by name: names may hold wildcards (`*`, `?`), look like numbers or operators, or differ in case only.

use std::collections::HashMap;

use moa_domain::{Basis, Currency, MoneyKind, Month, Platform, VatBasis};
use moa_text::text;
use rust_decimal::Decimal;

use crate::document::{RawRow, ReportDocument};

/// Rows of a sheet below its header.
const MOST_ROWS: usize = 1_048_575;

/// A campaign as the raw rows name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct CampaignName {
    pub(super) platform: Platform,
    pub(super) account: String,
    pub(super) id: String,
    pub(super) name: String,
}

/// Exact sums in millionths; cost per money kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    pub(super) rows: u64,
    pub(super) impressions: i64,
    pub(super) clicks: i64,
    pub(super) cost: Vec<i128>,
    pub(super) conversions: i128,
    pub(super) revenue: i128,
    /// Some row does not know its conversions.
    pub(super) unknown: bool,
}

/// A stretch of rows on a sheet of its own.
#[derive(Debug, Clone)]
pub(super) struct RawSheet {
    pub(super) name: String,
    /// Indexes into the document's rows.
    pub(super) rows: Vec<usize>,
}

pub(super) struct Plan {
    pub(super) kinds: Vec<MoneyKind>,
    pub(super) basis: Basis,
    pub(super) sheets: Vec<RawSheet>,
    pub(super) compared_sheets: Vec<RawSheet>,
    /// The numbers of each row of the document: campaign, channel, kind, all from 1.
    pub(super) numbers: Vec<[u32; 3]>,
    pub(super) compared_numbers: Vec<[u32; 3]>,
    /// By campaign number and currency.
    pub(super) campaigns: Vec<CampaignSums>,
    pub(super) channels: Vec<ChannelSums>,
    pub(super) days: HashMap<(chrono::NaiveDate, Currency), Sums>,
    pub(super) totals: HashMap<Currency, Sums>,
    pub(super) compared_totals: HashMap<Currency, Sums>,
    /// Some row of the document does not know its conversions: the formulas must tell unknown from zero.
    pub(super) some_unknown: bool,
}

pub(super) struct CampaignSums {
    pub(super) number: u32,
    pub(super) campaign: CampaignName,
    pub(super) currency: Currency,
    /// Channel codes, in the order they appear.
    pub(super) channels: Vec<String>,
    pub(super) sums: Sums,
}

pub(super) struct ChannelSums {
    pub(super) number: u32,
    pub(super) platform: Platform,
    pub(super) channel: String,
    pub(super) currency: Currency,
    pub(super) sums: Sums,
}

fn millionths(value: Decimal) -> i128 {
    let mut value = value;
    value.rescale(6);
    value.mantissa()
}

impl Sums {
    fn add(&mut self, row: &RawRow, kind: usize) {
        if self.cost.len() <= kind {
            self.cost.resize(kind + 1, 0);
        }
        self.rows += 1;
        self.impressions += row.impressions;
        self.clicks += row.clicks;
        self.cost[kind] += millionths(row.cost);
        self.conversions += millionths(row.conversions.unwrap_or_default());
        self.revenue += millionths(row.revenue.unwrap_or_default());
        self.unknown |= !row.conversions_known();
    }
}

/// Numbers things in the order they come.
struct Numbers<K> {
    known: HashMap<K, u32>,
}

impl<K: std::hash::Hash + Eq> Numbers<K> {
    fn new() -> Self {
        Self { known: HashMap::new() }
    }

    fn of(&mut self, key: K) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX - 1) + 1;
        *self.known.entry(key).or_insert(next)
    }
}

fn campaign_name(row: &RawRow) -> CampaignName {
    CampaignName { platform: row.platform.clone(), account: row.account.clone(), id: row.campaign_id.clone(), name: row.campaign.clone() }
}

impl Plan {
    pub(super) fn of(document: &ReportDocument) -> Self {
        let (mut campaigns, mut channels, mut kinds) = (Numbers::new(), Numbers::new(), Numbers::new());
        let mut kind_list: Vec<MoneyKind> = Vec::new();
        let mut number = |row: &RawRow| {
            let kind = row.kind();
            if !kind_list.contains(&kind) {
                kind_list.push(kind);
            }
            [campaigns.of(campaign_name(row)), channels.of((row.platform.clone(), row.channel.clone())), kinds.of(kind)]
        };
        let numbers: Vec<[u32; 3]> = document.rows.iter().map(&mut number).collect();
        let compared_numbers: Vec<[u32; 3]> = document.compared_rows.iter().map(&mut number).collect();

        let mut plan = Self {
            kinds: kind_list,
            basis: document.basis,
            sheets: sheets(document, &document.rows, "report.sheet.raw", "report.sheet.raw_month"),
            compared_sheets: if document.compared_rows.is_empty() {
                Vec::new()
            } else {
                sheets(document, &document.compared_rows, "report.sheet.compared", "report.sheet.compared_month")
            },
            numbers,
            compared_numbers,
            campaigns: Vec::new(),
            channels: Vec::new(),
            days: HashMap::new(),
            totals: HashMap::new(),
            compared_totals: HashMap::new(),
            some_unknown: document.rows.iter().chain(&document.compared_rows).any(|row| !row.conversions_known()),
        };
        plan.add_up(document);
        plan.number_as_listed();
        plan
    }

    /// Campaigns and channels are numbered as their sheets list them; those of the compared rows alone come after.
    fn number_as_listed(&mut self) {
        let renumbered = |listed: &[u32], all: &[[u32; 3]], compared: &[[u32; 3]], at: usize| {
            let every = listed.iter().copied().chain(all.iter().chain(compared).map(|numbers| numbers[at]));
            let mut new = Numbers::new();
            every.map(|old| (old, new.of(old))).collect::<HashMap<u32, u32>>()
        };
        let listed: Vec<u32> = self.campaigns.iter().map(|entry| entry.number).collect();
        let campaigns = renumbered(&listed, &self.numbers, &self.compared_numbers, 0);
        let listed: Vec<u32> = self.channels.iter().map(|entry| entry.number).collect();
        let channels = renumbered(&listed, &self.numbers, &self.compared_numbers, 1);
        self.campaigns.iter_mut().for_each(|entry| entry.number = campaigns[&entry.number]);
        self.channels.iter_mut().for_each(|entry| entry.number = channels[&entry.number]);
        for numbers in self.numbers.iter_mut().chain(&mut self.compared_numbers) {
            (numbers[0], numbers[1]) = (campaigns[&numbers[0]], channels[&numbers[1]]);
        }
    }

    fn add_up(&mut self, document: &ReportDocument) {
        let mut by_campaign: HashMap<(u32, Currency), usize> = HashMap::new();
        let mut by_channel: HashMap<(u32, Currency), usize> = HashMap::new();
        for (row, [campaign, channel, kind]) in document.rows.iter().zip(&self.numbers) {
            let kind = *kind as usize - 1;
            let at = *by_campaign.entry((*campaign, row.currency)).or_insert_with(|| {
                self.campaigns.push(CampaignSums {
                    number: *campaign,
                    campaign: campaign_name(row),
                    currency: row.currency,
                    channels: Vec::new(),
                    sums: Sums::default(),
                });
                self.campaigns.len() - 1
            });
            let entry = &mut self.campaigns[at];
            entry.sums.add(row, kind);
            if !entry.channels.contains(&row.channel) {
                entry.channels.push(row.channel.clone());
            }
            let at = *by_channel.entry((*channel, row.currency)).or_insert_with(|| {
                self.channels.push(ChannelSums {
                    number: *channel,
                    platform: row.platform.clone(),
                    channel: row.channel.clone(),
                    currency: row.currency,
                    sums: Sums::default(),
                });
                self.channels.len() - 1
            });
            self.channels[at].sums.add(row, kind);
            self.days.entry((row.date, row.currency)).or_default().add(row, kind);
            self.totals.entry(row.currency).or_default().add(row, kind);
        }
        for (row, [_, _, kind]) in document.compared_rows.iter().zip(&self.compared_numbers) {
            self.compared_totals.entry(row.currency).or_default().add(row, *kind as usize - 1);
        }
        // In the order of the sections, then the largest cost first, then as numbered.
        let place = |currency: Currency| document.sections.iter().position(|section| section.currency == currency).unwrap_or(usize::MAX);
        let mut campaigns = std::mem::take(&mut self.campaigns);
        campaigns
            .sort_by_cached_key(|entry| (place(entry.currency), entry.currency, std::cmp::Reverse(self.cost(&entry.sums)), entry.number));
        self.campaigns = campaigns;
        let mut channels = std::mem::take(&mut self.channels);
        channels
            .sort_by_cached_key(|entry| (place(entry.currency), entry.currency, std::cmp::Reverse(self.cost(&entry.sums)), entry.number));
        self.channels = channels;
    }

    /// The kinds of a currency with their numbers.
    pub(super) fn kinds_of(&self, currency: Currency) -> impl Iterator<Item = (usize, &MoneyKind)> {
        self.kinds.iter().enumerate().filter(move |(_, kind)| kind.currency == currency).map(|(index, kind)| (index + 1, kind))
    }

    /// What a stored amount of a kind is multiplied with and divided by for the basis, in percent; `None` when it stays as it is.
    pub(super) fn factor(&self, kind: &MoneyKind) -> Option<(Decimal, Decimal)> {
        let with_vat = Decimal::ONE_HUNDRED + kind.vat_rate.to_decimal();
        match (kind.vat, self.basis) {
            _ if kind.vat_rate.is_zero() => None,
            (VatBasis::Included, Basis::Net) => Some((Decimal::ONE_HUNDRED, with_vat)),
            (VatBasis::Excluded, Basis::Gross | Basis::Billed) => Some((with_vat, Decimal::ONE_HUNDRED)),
            (VatBasis::Included, Basis::Gross | Basis::Billed) | (VatBasis::Excluded, Basis::Net) => None,
        }
    }

    /// The cost of sums in the basis, to 28 digits.
    pub(super) fn cost(&self, sums: &Sums) -> Decimal {
        sums.cost
            .iter()
            .zip(&self.kinds)
            .map(|(stored, kind)| {
                let stored = decimal(*stored);
                match self.factor(kind) {
                    Some((times, by)) => stored.checked_mul(times).and_then(|product| product.checked_div(by)).unwrap_or(stored),
                    None => stored,
                }
            })
            .sum()
    }
}

/// Millionths as a decimal.
pub(super) fn decimal(millionths: i128) -> Decimal {
    Decimal::try_from_i128_with_scale(millionths, 6).unwrap_or_default().normalize()
}

/// One sheet, or one per month when the rows are more than a sheet holds (and several per month when even that is too much).
fn sheets(document: &ReportDocument, rows: &[RawRow], name: &str, name_of_month: &str) -> Vec<RawSheet> {
    split(rows, MOST_ROWS, &text(document.lang, name, &[]), |month| {
        text(document.lang, name_of_month, &[("month", &format!("{}-{:02}", month.year, month.month))])
    })
}

fn split(rows: &[RawRow], most: usize, name: &str, name_of_month: impl Fn(Month) -> String) -> Vec<RawSheet> {
    if rows.len() <= most {
        return vec![RawSheet { name: name.to_owned(), rows: (0..rows.len()).collect() }];
    }
    let mut months: std::collections::BTreeMap<Month, Vec<usize>> = std::collections::BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        months.entry(Month::of(row.date)).or_default().push(index);
    }
    let mut sheets = Vec::new();
    for (month, indexes) in months {
        for (part, chunk) in indexes.chunks(most).enumerate() {
            let name = name_of_month(month);
            let name = if part == 0 { name } else { format!("{name} ({})", part + 1) };
            sheets.push(RawSheet { name, rows: chunk.to_vec() });
        }
    }
    sheets
}

#[cfg(test)]
mod tests {
    use moa_domain::Currency;

    use super::*;

    fn row(date: &str) -> RawRow {
        RawRow {
            date: date.parse().expect("a date"),
            platform: Platform::Kakao,
            account: String::new(),
            campaign_id: String::new(),
            campaign: String::new(),
            channel: String::new(),
            currency: Currency::KRW,
            vat: VatBasis::Excluded,
            vat_rate: Decimal::TEN,
            impressions: 1,
            clicks: 0,
            cost: Decimal::ZERO,
            conversions: None,
            revenue: None,
            conversions_all: None,
            revenue_all: None,
        }
    }

    #[test]
    fn rows_beyond_a_sheet_are_split_by_month() {
        let rows: Vec<RawRow> = ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03"].map(row).to_vec();
        let named = |most| -> Vec<(String, usize)> {
            split(&rows, most, "원본", |month| format!("원본 {}-{:02}", month.year, month.month))
                .into_iter()
                .map(|sheet| (sheet.name, sheet.rows.len()))
                .collect()
        };
        let sheet = |name: &str, rows| (name.to_owned(), rows);
        assert_eq!(named(5), [sheet("원본", 5)]);
        assert_eq!(named(3), [sheet("원본 2026-10", 2), sheet("원본 2026-11", 3)]);
        assert_eq!(named(2), [sheet("원본 2026-10", 2), sheet("원본 2026-11", 2), sheet("원본 2026-11 (2)", 1)]);
    }
}
