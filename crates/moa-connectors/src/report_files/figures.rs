//! Reads rows under a header: dates, names, money and counts of one line.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use moa_domain::{CampaignKey, ChannelCode, Currency, Dimension, Engagement, MoneyKind, Platform, VatBasis};

use super::channels;
use super::drop::{self, Candidate};
use super::error::{Bad, FileError};
use super::field::Field;
use super::plan::Plan;
use super::report::{DropReason, FileRow, Layout};
use super::row::{Cell, Row};
use super::sink::{NAME_LIMIT, RowKey, Sink, day_number};
use super::values::number::{self, Number};

/// What was noticed while reading.
#[derive(Debug, Default)]
pub(crate) struct Noticed {
    pub capped: usize,
    pub ids_lost: usize,
    pub from_opens: usize,
    pub shared_used: usize,
    pub results_left: usize,
    pub accounts: BTreeSet<String>,
    pub account_ids: BTreeSet<String>,
    pub platforms: BTreeSet<Platform>,
    /// Channel or medium names that belong to no platform in particular.
    pub unknown_media: bool,
    pub any_hour: bool,
}

pub(crate) struct RowReader<'o> {
    pub plan: Plan<'o>,
    pub sink: Sink,
    pub noticed: Noticed,
    pub candidates: Vec<Candidate>,
    pub(super) last_day: (String, Option<(NaiveDate, Option<u8>)>),
    pub(super) last_currency: (String, Option<Currency>),
    pub(super) extra: String,
    pub(super) id_column: Option<usize>,
    pub(super) name_column: Option<usize>,
}

impl<'o> RowReader<'o> {
    pub(crate) fn new(plan: Plan<'o>) -> Self {
        let (id_column, name_column) = (plan.columns.get(Field::CampaignId), plan.columns.get(Field::CampaignName));
        Self {
            plan,
            sink: Sink::default(),
            noticed: Noticed::default(),
            candidates: Vec::new(),
            last_day: (String::new(), None),
            last_currency: (String::new(), None),
            extra: String::new(),
            id_column,
            name_column,
        }
    }

    /// Reads a row of figures.
    ///
    /// # Errors
    /// [`FileError::BadValue`] and its kin.
    pub(crate) fn take(&mut self, row: &Row<'_>) -> Result<(), FileError> {
        if let Some(kind) = self.plan.conversion_kind
            && drop::total_label(&row.text(kind)).is_some()
        {
            self.sink.drop_row(row.line, DropReason::Total);
            return Ok(());
        }
        let (date, time) = self.day(row)?;
        let hour = match self.plan.columns.get(Field::Hour) {
            Some(column) => self.hour(row, column)?,
            None => time,
        };
        self.noticed.any_hour |= hour.is_some();
        let (id, name, campaign) = self.campaign(row)?;
        self.account(row);
        let dimensions = self.dimensions(row);
        self.extra.clear();
        for column in &self.plan.columns.breakdowns {
            self.extra.push_str(&row.text(*column));
            self.extra.push('\u{1f}');
        }
        for field in [Field::CampaignType, Field::AccountId, Field::AccountName] {
            if let Some(column) = self.plan.columns.get(field) {
                self.extra.push_str(&row.text(column));
                self.extra.push('\u{1f}');
            }
        }
        // Rows of two media are two rows: Meta's audience network and messenger share a channel. A medium of another platform than the one
        // named is none of this file.
        if let Some(column) = self.plan.columns.get(Field::Medium) {
            let medium = row.text(column);
            let of_other = |named: &Platform| channels::platform_of_medium(&medium).is_some_and(|platform| platform != *named);
            if !self.plan.options.platform.as_ref().is_some_and(of_other) {
                self.extra.push_str(&medium);
                self.extra.push('\u{1f}');
            }
        }
        if let Some(column) = self.plan.conversion_kind {
            self.extra.push_str(&row.text(column));
        }
        let extra = self.sink.names.number(&self.extra);
        let channel = self.channel(row);
        let channel_number = channel.as_ref().map_or(0, |c| self.sink.names.number(c.as_str()));
        self.sink.names.check(row, |column| self.plan.columns.name(column))?;
        let kind = self.kind(row)?;
        let (counts, extras, conversions_known) = self.counts(row, hour)?;
        let engagement = Engagement {
            likes: self.whole(row, Field::Likes)?.unwrap_or(0),
            shares: self.whole(row, Field::Shares)?.unwrap_or(0),
            comments: self.whole(row, Field::Comments)?.unwrap_or(0),
            saves: self.whole(row, Field::Saves)?.unwrap_or(0),
        };
        let reach = self.whole(row, Field::Reach)?;
        self.attributes(row, &campaign, date);
        let names = &self.sink.names;
        let [ad_group, keyword, creative, search_term, device] = dimensions.map(|n| names.named(n));
        for (dimension, named) in Dimension::ALL.into_iter().zip([&ad_group, &keyword, &creative, &search_term, &device]) {
            if named.is_some() {
                self.sink.dimensions.insert(dimension);
            }
        }
        // An id is the campaign whatever it is called.
        let campaign_key = if id == 0 { (0, name) } else { (id, 0) };
        let key = RowKey { campaign: campaign_key, day: day_number(date), hour, kind, channel: channel_number, dimensions, extra };
        let file_row = FileRow {
            line: row.line,
            campaign,
            date,
            hour,
            channel,
            kind,
            ad_group,
            keyword,
            creative,
            search_term,
            device,
            counts,
            conversions_known,
            engagement,
            reach,
            extras,
        };
        let plan = &self.plan;
        let figure = plan.cost.or(plan.impressions).map(|figure| figure.column);
        let blame = || figure.map_or_else(Default::default, |column| (plan.columns.name(column), row.text(column).into_owned()));
        self.sink.push(file_row, key, &blame)
    }

    fn campaign(&mut self, row: &Row<'_>) -> Result<(u32, u32, CampaignKey), FileError> {
        let mut id = match self.id_column {
            Some(column) => {
                let cell = row.get(column);
                match id_text(&cell) {
                    IdText::None => 0,
                    IdText::Lost => {
                        self.noticed.ids_lost += 1;
                        0
                    }
                    IdText::Id => self.sink.names.number(&cell.text()),
                }
            }
            None => 0,
        };
        let mut name = match self.name_column {
            Some(column) => match row.get(column) {
                cell if is_nameless(&cell) => 0,
                cell => self.sink.names.number(&cell.text()),
            },
            None => 0,
        };
        if id != 0
            && name == 0
            && let Some(known) = self.plan.options.campaign_names.get(self.sink.names.text(id)).cloned()
        {
            name = self.sink.names.number(&known);
        }
        if id == 0 && name == 0 {
            let column = self.name_column.or(self.id_column).unwrap_or(0);
            return Err(FileError::bad(row.line, &self.plan.columns.name(column), &row.text(column), Bad::NoCampaign));
        }
        // Naver writes its ids as names where a report has no names.
        if id == 0 && self.sink.names.text(name).starts_with("cmp-") {
            (id, name) = (name, 0);
            if let Some(known) = self.plan.options.campaign_names.get(self.sink.names.text(id)).cloned() {
                name = self.sink.names.number(&known);
            }
        }
        let key = CampaignKey { id: self.sink.names.named(id), name: self.sink.names.named(name) };
        Ok((id, name, key))
    }

    fn account(&mut self, row: &Row<'_>) {
        for (field, known) in [(Field::AccountName, &mut self.noticed.accounts), (Field::AccountId, &mut self.noticed.account_ids)] {
            if let Some(column) = self.plan.columns.get(field) {
                let text = row.text(column);
                if known.len() < 20 && !is_nameless(&row.get(column)) && !known.contains(text.trim()) {
                    known.insert(text.trim().chars().take(NAME_LIMIT).collect());
                }
            }
        }
    }

    fn dimensions(&mut self, row: &Row<'_>) -> [u32; 5] {
        [Field::AdGroup, Field::Keyword, Field::Creative, Field::SearchTerm, Field::Device].map(|field| {
            match self.plan.columns.get(field).map(|c| row.get(c)) {
                Some(cell) if !is_nameless(&cell) => self.sink.names.number(&cell.text()),
                _ => 0,
            }
        })
    }

    fn channel(&mut self, row: &Row<'_>) -> Option<ChannelCode> {
        let columns = &self.plan.columns;
        let text = |column: usize| row.text(column);
        if let Some(column) = columns.get(Field::Channel) {
            let text = text(column);
            if !text.trim().is_empty() {
                let code = ChannelCode::new(&text);
                match channels::platform_of_channel(code.as_str()) {
                    Some(platform) => {
                        self.noticed.platforms.insert(platform);
                    }
                    None => self.noticed.unknown_media = true,
                }
                return Some(code);
            }
            self.noticed.unknown_media = true;
        }
        let medium = columns.get(Field::Medium).map(text);
        match self.plan.layout {
            Layout::MetaAds => {
                medium.and_then(|m| channels::meta(&m)).or_else(|| columns.breakdowns.iter().find_map(|c| channels::meta(&row.text(*c))))
            }
            Layout::GoogleAds => columns
                .breakdowns
                .iter()
                .filter(|c| matches!(columns.headers[**c].bare.as_str(), "network" | "네트워크"))
                .find_map(|c| channels::google(&row.text(*c)))
                .or_else(|| columns.get(Field::CampaignType).and_then(|c| channels::google(&row.text(c)))),
            Layout::NaverSearchAd => columns
                .get(Field::CampaignType)
                .and_then(|c| channels::naver(&row.text(c)))
                .or_else(|| columns.breakdowns.iter().find_map(|c| channels::naver(&row.text(*c)))),
            Layout::NaverGfa => Some(ChannelCode::new("naver_display")),
            _ => {
                if let Some(medium) = medium {
                    match channels::platform_of_medium(&medium) {
                        Some(platform) => {
                            self.noticed.platforms.insert(platform);
                        }
                        None => self.noticed.unknown_media = true,
                    }
                }
                None
            }
        }
    }

    fn kind(&mut self, row: &Row<'_>) -> Result<MoneyKind, FileError> {
        let mut currency = None;
        if let Some(column) = self.plan.columns.get(Field::Currency) {
            let text = row.text(column);
            if text == self.last_currency.0 {
                currency = self.last_currency.1;
            } else if !number::is_null(text.trim()) {
                let parsed = match text.trim() {
                    "원" | "₩" => Currency::KRW,
                    code => {
                        code.parse().map_err(|_| FileError::bad(row.line, &self.plan.columns.name(column), &text, Bad::NotACurrency))?
                    }
                };
                currency = Some(parsed);
                self.last_currency = (text.into_owned(), currency);
            }
        }
        let mut vat = None;
        if let Some(column) = self.plan.columns.get(Field::Vat) {
            let text = row.text(column);
            if !number::is_null(text.trim()) {
                let basis =
                    vat_basis(&text).ok_or_else(|| FileError::bad(row.line, &self.plan.columns.name(column), &text, Bad::NotAVatBasis))?;
                vat = Some(basis);
            }
        }
        let (platform, columns) =
            (self.plan.layout.platform().or_else(|| self.plan.options.platform.clone()), || self.plan.columns.names());
        let currency = currency.or(self.plan.currency);
        let vat = vat.or(self.plan.vat);
        match (currency, vat) {
            (Some(currency), Some(vat)) => Ok(MoneyKind { currency, vat, vat_rate: self.plan.options.vat_rate }),
            (None, _) => Err(FileError::NeedsCurrency { platform, line: Some(row.line), columns: columns() }),
            (_, None) => {
                let by_export = self.plan.layout.vat_by_export();
                Err(FileError::NeedsVat { platform, line: Some(row.line), columns: columns(), by_export })
            }
        }
    }
}

pub(crate) fn read_number(cell: &Cell<'_>) -> Result<Number, Bad> {
    match cell {
        Cell::Empty => Ok(Number::Null),
        Cell::Text(text) => number::parse(text),
        Cell::Number(n) => number::from_float(*n),
        Cell::Moment(_) | Cell::Broken => Err(Bad::NotANumber),
    }
}

pub(crate) fn is_null(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => {
            let text = text.trim_matches(|c: char| c.is_whitespace() || super::header::is_invisible(c));
            number::is_null(text)
        }
        Cell::Number(_) | Cell::Moment(_) | Cell::Broken => false,
    }
}

/// Empty or dashes. A campaign may be called `NA`.
pub(crate) fn is_nameless(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Text(text) => text.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '—' | '–' | '−') || super::header::is_invisible(c)),
        Cell::Empty | Cell::Number(_) | Cell::Moment(_) | Cell::Broken => is_null(cell),
    }
}

enum IdText {
    None,
    /// A spreadsheet has made a number of it: digits are gone.
    Lost,
    Id,
}

fn id_text(cell: &Cell<'_>) -> IdText {
    match cell {
        cell if is_nameless(cell) => IdText::None,
        Cell::Number(n) if n.abs() >= 1e15 => IdText::Lost,
        Cell::Text(text) => {
            let text = text.trim();
            let mantissa_and_power = text.split_once(['E', 'e']);
            let is_number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'+');
            match mantissa_and_power {
                Some((mantissa, power)) if is_number(mantissa) && is_number(power) => IdText::Lost,
                _ => IdText::Id,
            }
        }
        _ => IdText::Id,
    }
}

fn vat_basis(text: &str) -> Option<VatBasis> {
    match super::header::normalise(text).as_str() {
        "included" | "포함" | "vat포함" | "부가세포함" | "gross" | "y" | "yes" | "true" => Some(VatBasis::Included),
        "excluded" | "별도" | "제외" | "미포함" | "vat별도" | "vat제외" | "vat미포함" | "부가세별도" | "net" | "n" | "no" | "false" => {
            Some(VatBasis::Excluded)
        }
        _ => None,
    }
}
