//! Reads rows under a header: dates, names, money and counts of one line.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Timelike};
use moa_domain::{CampaignKey, ChannelCode, Counts, Currency, DateRange, Dimension, Engagement, Millionths, MoneyKind, Platform, VatBasis};

use super::attributes::{self, BudgetKind};
use super::channels;
use super::drop::{self, Candidate, SUMMED};
use super::error::{Bad, Cut, FileError, Span, excerpt};
use super::field::Field;
use super::mapping::{Columns, Figure};
use super::report::{DropReason, Extras, FileRow, Layout, ReadOptions};
use super::row::{Cell, Row};
use super::sink::{Attributed, RowKey, Sink, day_number};
use super::values::date::{self, DateOrder, DayText};
use super::values::hour;
use super::values::number::{self, Number};

/// Where the day of a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DaySource {
    Column(usize),
    /// Start and end of the row's period, a day when equal.
    Pair(usize, usize),
    /// The whole file is this day.
    Fixed(NaiveDate),
}

/// Everything that is settled before the first row.
pub(crate) struct Plan<'o> {
    pub options: &'o ReadOptions,
    pub layout: Layout,
    pub columns: Columns,
    pub day: DaySource,
    pub period: Option<DateRange>,
    pub date_order: Option<DateOrder>,
    /// What rows have that do not say their own.
    pub currency: Option<Currency>,
    pub vat: Option<VatBasis>,
    pub impressions: Option<Figure>,
    pub opens: Option<Figure>,
    pub clicks: Option<Figure>,
    pub interactions: Option<Figure>,
    pub cost: Option<Figure>,
    pub conversions: Option<Figure>,
    pub revenue: Option<Figure>,
    pub conversions_all: Option<Figure>,
    pub revenue_all: Option<Figure>,
    pub shared: Option<(Option<Figure>, Option<Figure>)>,
    /// Conversions are Meta results, where this column says purchase or lead.
    pub result_kind: Option<usize>,
    /// One row per conversion type (Naver): the column of the type.
    pub conversion_kind: Option<usize>,
    pub header_line: u64,
}

impl Plan<'_> {
    /// A day without asking anything, for rows that may be totals.
    fn plain_day(&self, cell: &Cell<'_>) -> Option<NaiveDate> {
        match cell {
            Cell::Moment(moment) => Some(moment.date()),
            Cell::Number(n) => date::from_serial(*n),
            Cell::Text(text) => match date::parse(text)? {
                DayText::Day(day) | DayText::Hour(day, _) => Some(day),
                DayText::Range(range) => (range.from == range.to).then_some(range.from),
                DayText::Either { first, second, year } => {
                    DayText::ordered(first, second, year, self.date_order.unwrap_or(DateOrder::MonthFirst))
                }
                DayText::MonthDay { month, day } => self.with_year(month, day),
            },
            Cell::Empty | Cell::Broken => None,
        }
    }

    /// The year of a month and day, from the period the file says.
    fn with_year(&self, month: u32, day: u32) -> Option<NaiveDate> {
        let period = self.period?;
        let of = |year: i32| NaiveDate::from_ymd_opt(year, month, day);
        of(period.from.year()).filter(|d| period.contains(*d)).or_else(|| of(period.to.year()).filter(|d| period.contains(*d)))
    }
}

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
    last_day: (String, Option<(NaiveDate, Option<u8>)>),
    last_currency: (String, Option<Currency>),
    extra: String,
    id_column: Option<usize>,
    name_column: Option<usize>,
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

    /// Takes, drops or refuses a row under the header.
    ///
    /// # Errors
    /// What is wrong with the row.
    pub(crate) fn visit(&mut self, row: &Row<'_>) -> Result<(), FileError> {
        self.sink.count()?;
        if row.is_blank() {
            self.sink.drop_row(row.line, DropReason::Blank);
            return Ok(());
        }
        if self.repeats_header(row) {
            self.sink.drop_row(row.line, DropReason::RepeatedHeader);
            return Ok(());
        }
        let first = row.text(0);
        let has_figures = self.metric_columns().any(|c| !is_null(&row.get(c)));
        if !has_figures && drop::is_footnote_mark(&first) {
            self.sink.drop_row(row.line, DropReason::Footnote);
            return Ok(());
        }
        if has_figures && let Some(candidate) = self.total_candidate(row) {
            self.candidates.push(candidate);
            return Ok(());
        }
        self.check_width(row)?;
        if !has_figures {
            let label = drop::total_label(&first).is_some();
            self.sink.drop_row(row.line, if label { DropReason::Total } else { DropReason::Blank });
            return Ok(());
        }
        if self.is_meta_summary(row) {
            if let Some(candidate) = self.summary(row) {
                self.candidates.push(candidate);
            }
            self.sink.drop_row(row.line, DropReason::Summary);
            return Ok(());
        }
        self.take(row)
    }

    fn metric_columns(&self) -> impl Iterator<Item = usize> + use<> {
        let plan = &self.plan;
        let shared = plan.shared.unwrap_or((None, None));
        [
            plan.impressions,
            plan.clicks,
            plan.cost,
            plan.conversions,
            plan.revenue,
            plan.conversions_all,
            plan.revenue_all,
            plan.opens,
            plan.interactions,
            shared.0,
            shared.1,
        ]
        .into_iter()
        .flatten()
        .map(|f| f.column)
    }

    fn repeats_header(&self, row: &Row<'_>) -> bool {
        let mut compared = 0;
        for (column, header) in self.plan.columns.headers.iter().enumerate() {
            match row.get(column) {
                Cell::Text(text) if text.trim() == header.text => compared += usize::from(!header.text.is_empty()),
                Cell::Empty if header.text.is_empty() => {}
                _ => return false,
            }
        }
        compared > 1
    }

    /// Text lines must fit the header: a thousands comma without quotes would shift every figure behind it.
    fn check_width(&self, row: &Row<'_>) -> Result<(), FileError> {
        if !row.is_delimited() {
            return Ok(());
        }
        let columns = self.plan.columns.headers.len();
        if row.len() > columns && (columns..row.len()).any(|c| !row.get(c).is_blank()) {
            return Err(FileError::TooManyCells { line: row.line, cells: row.len(), columns });
        }
        if row.unterminated && row.len() < columns {
            let filled = (0..row.len()).filter(|c| !row.get(*c).is_blank()).count();
            let starts_like_data = self.name_column == Some(0) || date::parse(&row.text(0)).is_some();
            if filled > 1 || starts_like_data {
                return Err(FileError::Truncated { line: row.line, why: Cut::MissingCells });
            }
        }
        Ok(())
    }

    /// A total's label stands in the campaign's cell or in the first cell that holds anything.
    fn total_candidate(&self, row: &Row<'_>) -> Option<Candidate> {
        let label_of = |column: usize| match row.get(column) {
            Cell::Text(text) => drop::total_label(text),
            Cell::Empty | Cell::Number(_) | Cell::Moment(_) | Cell::Broken => None,
        };
        if let Some(label) = self.name_column.and_then(label_of) {
            return Some(self.candidate(row, label, true));
        }
        let first = (0..row.len()).find(|c| !row.get(*c).is_blank())?;
        label_of(first).map(|label| self.candidate(row, label, false))
    }

    fn candidate(&self, row: &Row<'_>, label: drop::TotalLabel, in_campaign_cell: bool) -> Candidate {
        let filled = |column: Option<usize>| column.is_some_and(|c| !is_nameless(&row.get(c)));
        let plan = &self.plan;
        let figures = [plan.impressions, plan.clicks, plan.cost, plan.conversions, plan.revenue];
        let stated = figures.map(|figure| {
            let figure = figure?;
            match read_number(&row.get(figure.column)) {
                Ok(Number::Value(value)) => value.0.checked_mul(figure.scale).map(Millionths),
                Ok(Number::Null | Number::Capped) | Err(_) => None,
            }
        });
        Candidate {
            line: row.line,
            label,
            in_campaign_cell,
            has_id: filled(self.id_column),
            has_campaign: filled(self.name_column),
            date: match plan.day {
                DaySource::Column(column) | DaySource::Pair(column, _) => self.plan.plain_day(&row.get(column)),
                DaySource::Fixed(day) => Some(day),
            },
            stated,
            cells: (0..row.len()).map(|i| row.text(i).into_owned()).collect(),
        }
    }

    fn is_meta_summary(&self, row: &Row<'_>) -> bool {
        if self.plan.layout != Layout::MetaAds || self.id_column.is_some_and(|c| !is_nameless(&row.get(c))) {
            return false;
        }
        let names = [Field::CampaignName, Field::AdGroup, Field::Creative];
        let mut columns = names.iter().filter_map(|f| self.plan.columns.get(*f)).peekable();
        columns.peek().is_some() && columns.all(|c| row.get(c).is_blank())
    }

    /// The summary row as a total to check against; it is dropped whatever comes of that.
    fn summary(&self, row: &Row<'_>) -> Option<Candidate> {
        (self.plan.result_kind.is_none()).then(|| Candidate {
            date: None,
            has_id: false,
            has_campaign: false,
            ..self.candidate(row, drop::TotalLabel::Sure, false)
        })
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
        if let Some(column) = self.plan.conversion_kind {
            self.extra.push_str(&row.text(column));
        }
        let extra = self.sink.names.number(&self.extra);
        let channel = self.channel(row);
        let channel_number = channel.as_ref().map_or(0, |c| self.sink.names.number(c.as_str()));
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
        let key = RowKey { campaign: (id, name), day: day_number(date), hour, kind, channel: channel_number, dimensions, extra };
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
        let blame = || plan.cost.or(plan.impressions).map_or_else(String::new, |f| plan.columns.name(f.column));
        self.sink.push(file_row, key, &blame)
    }

    fn day(&mut self, row: &Row<'_>) -> Result<(NaiveDate, Option<u8>), FileError> {
        match self.plan.day {
            DaySource::Fixed(day) => Ok((day, None)),
            DaySource::Column(column) => {
                let cell = row.get(column);
                if let Cell::Text(text) = cell
                    && text == self.last_day.0
                    && let Some(day) = self.last_day.1
                {
                    return Ok(day);
                }
                let day = self.day_of(row.line, column, &cell)?;
                if let Cell::Text(text) = cell {
                    self.last_day.0.clear();
                    self.last_day.0.push_str(text);
                    self.last_day.1 = Some(day);
                }
                Ok(day)
            }
            DaySource::Pair(start, end) => {
                let from = self.day_of(row.line, start, &row.get(start))?;
                let to = self.day_of(row.line, end, &row.get(end))?;
                if from.0 == to.0 {
                    return Ok(from);
                }
                let range = self.plan.period.or(DateRange::new(from.0, to.0).ok());
                Err(FileError::AggregateOnly { range, span: Span::Period, line: Some(row.line) })
            }
        }
    }

    fn day_of(&self, line: u64, column: usize, cell: &Cell<'_>) -> Result<(NaiveDate, Option<u8>), FileError> {
        let bad = |why: Bad| FileError::bad(line, &self.plan.columns.name(column), &cell.text(), why);
        let (day, hour) = match cell {
            Cell::Moment(moment) => {
                let hour = u8::try_from(moment.hour()).ok().filter(|_| moment.num_seconds_from_midnight() != 0);
                (moment.date(), hour)
            }
            Cell::Number(n) if (*n - 20_000_000.0).abs() < 1_000_000.0 => match date::parse(&cell.text()) {
                Some(DayText::Day(day)) => (day, None),
                _ => return Err(bad(Bad::NotADate)),
            },
            Cell::Number(n) => (date::from_serial(*n).ok_or_else(|| bad(Bad::NotADate))?, None),
            Cell::Text(text) => match date::parse(text) {
                Some(DayText::Day(day)) => (day, None),
                Some(DayText::Hour(day, hour)) => (day, Some(hour)),
                Some(DayText::Range(range)) if range.from == range.to => (range.from, None),
                Some(DayText::Range(range)) => {
                    let range = self.plan.period.unwrap_or(range);
                    return Err(FileError::AggregateOnly { range: Some(range), span: span_of(range), line: Some(line) });
                }
                Some(DayText::Either { first, second, year }) if first == second => {
                    (NaiveDate::from_ymd_opt(year, first, second).ok_or_else(|| bad(Bad::NotADate))?, None)
                }
                Some(DayText::Either { first, second, year }) => match self.plan.date_order {
                    Some(order) => (DayText::ordered(first, second, year, order).ok_or_else(|| bad(Bad::NotADate))?, None),
                    None => {
                        let column = self.plan.columns.name(column);
                        return Err(FileError::NeedsDateOrder { line, column, value: excerpt(text) });
                    }
                },
                Some(DayText::MonthDay { month, day }) => (self.plan.with_year(month, day).ok_or_else(|| bad(Bad::NoYear))?, None),
                None if number::is_null(text.trim()) => return Err(bad(Bad::NoDate)),
                None => return Err(bad(Bad::NotADate)),
            },
            Cell::Empty => return Err(bad(Bad::NoDate)),
            Cell::Broken => return Err(bad(Bad::NotADate)),
        };
        let from = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or(NaiveDate::MIN);
        let to = self.plan.options.today.succ_opt().unwrap_or(self.plan.options.today);
        if day < from || day > to {
            return Err(FileError::DateOutOfRange { line, column: self.plan.columns.name(column), date: day, from, to });
        }
        Ok((day, hour))
    }

    fn hour(&self, row: &Row<'_>, column: usize) -> Result<Option<u8>, FileError> {
        let cell = row.get(column);
        if is_null(&cell) {
            return Ok(None);
        }
        let hour = match cell {
            Cell::Moment(moment) => u8::try_from(moment.hour()).ok(),
            Cell::Number(n) if n.fract() == 0.0 && (0.0..24.0).contains(&n) => Some(n as u8),
            // An Excel time is a fraction of a day.
            Cell::Number(n) if (0.0..1.0).contains(&n) => Some((n * 24.0 + 1e-6) as u8),
            Cell::Text(text) => hour::parse(text),
            Cell::Number(_) | Cell::Empty | Cell::Broken => None,
        };
        hour.map(Some).ok_or_else(|| FileError::bad(row.line, &self.plan.columns.name(column), &cell.text(), Bad::NotAnHour))
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
                if known.len() < 20 && !text.trim().is_empty() && !known.contains(text.trim()) {
                    known.insert(text.trim().to_owned());
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
            (_, None) => Err(FileError::NeedsVat { platform, line: Some(row.line), columns: columns() }),
        }
    }

    fn counts(&mut self, row: &Row<'_>, hour: Option<u8>) -> Result<(Counts, Extras, bool), FileError> {
        let plan = &self.plan;
        let mut capped = 0;
        let mut amount = |figure: Option<Figure>| -> Result<Option<Millionths>, FileError> {
            let Some(figure) = figure else { return Ok(None) };
            let cell = row.get(figure.column);
            let bad = |why: Bad| FileError::bad(row.line, &self.plan.columns.name(figure.column), &cell.text(), why);
            match read_number(&cell).map_err(bad)? {
                Number::Value(value) if figure.scale == 1 => Ok(Some(value)),
                Number::Value(value) => value.0.checked_mul(figure.scale).map(|v| Some(Millionths(v))).ok_or_else(|| bad(Bad::TooLarge)),
                Number::Null => Ok(None),
                Number::Capped => {
                    capped += 1;
                    Ok(None)
                }
            }
        };
        let (mut impressions, clicks) = (amount(plan.impressions)?, amount(plan.clicks)?);
        let (opens, interactions) = (amount(plan.opens)?, amount(plan.interactions)?);
        let cost = amount(plan.cost)?;
        let (mut conversions, mut revenue) = (amount(plan.conversions)?, amount(plan.revenue)?);
        let (conversions_all, revenue_all) = (amount(plan.conversions_all)?, amount(plan.revenue_all)?);
        let shared = match plan.shared {
            Some((count, value)) => (amount(count)?, amount(value)?),
            None => (None, None),
        };
        let whole = |figure: Option<Figure>, value: Option<Millionths>| -> Result<Option<i64>, FileError> {
            match (figure, value) {
                (Some(figure), Some(value)) => whole_count(row, figure.column, &plan.columns, value).map(Some),
                _ => Ok(None),
            }
        };
        let mut impression_source = plan.impressions;
        let mut from_opens = false;
        if impressions.is_none() && opens.is_some() {
            (impressions, impression_source, from_opens) = (opens, plan.opens, true);
        }
        let impressions = whole(impression_source, impressions)?;
        let clicks = whole(plan.clicks, clicks)?;
        let extras = Extras { interactions: whole(plan.interactions, interactions)?, opens: whole(plan.opens, opens)? };
        let nothing = |v: Option<Millionths>| v.is_none_or(Millionths::is_zero);
        let mut shared_used = false;
        if nothing(conversions) && nothing(revenue) && !(nothing(shared.0) && nothing(shared.1)) {
            (conversions, revenue, shared_used) = (shared.0, shared.1, true);
        }
        let mut left = false;
        if let Some(column) = plan.result_kind
            && !is_purchase_or_lead(&row.text(column))
        {
            left = !nothing(conversions);
            conversions = None;
        }
        let known = conversions.is_some() || revenue.is_some() || conversions_all.is_some();
        let mut counts = Counts {
            impressions: impressions.unwrap_or(0),
            clicks: clicks.unwrap_or(0),
            cost: cost.unwrap_or_default(),
            conversions: conversions.unwrap_or_default(),
            revenue: revenue.unwrap_or_default(),
            conversions_all: if plan.conversions_all.is_some() {
                conversions_all.unwrap_or_default()
            } else {
                conversions.unwrap_or_default()
            },
            revenue_all: if plan.revenue_all.is_some() { revenue_all.unwrap_or_default() } else { revenue.unwrap_or_default() },
        };
        if let Some(column) = plan.conversion_kind {
            counts = conversions_only(&row.text(column), counts);
        }
        let has_column = plan.conversions.is_some() || plan.shared.is_some();
        self.noticed.capped += capped;
        self.noticed.from_opens += usize::from(from_opens);
        self.noticed.shared_used += usize::from(shared_used);
        self.noticed.results_left += usize::from(left);
        Ok((counts, extras, if hour.is_some() { has_column && known } else { has_column }))
    }

    fn whole(&self, row: &Row<'_>, field: Field) -> Result<Option<i64>, FileError> {
        let Some(column) = self.plan.columns.get(field) else { return Ok(None) };
        let cell = row.get(column);
        match read_number(&cell) {
            Ok(Number::Value(value)) => whole_count(row, column, &self.plan.columns, value).map(Some),
            Ok(Number::Null | Number::Capped) => Ok(None),
            Err(why) => Err(FileError::bad(row.line, &self.plan.columns.name(column), &cell.text(), why)),
        }
    }

    fn attributes(&mut self, row: &Row<'_>, key: &CampaignKey, day: NaiveDate) {
        const SAID: [Field; 10] = [
            Field::Status,
            Field::Objective,
            Field::CampaignType,
            Field::DailyBudget,
            Field::TotalBudget,
            Field::Budget,
            Field::AdSetBudget,
            Field::Start,
            Field::End,
            Field::BudgetKind,
        ];
        if !SAID.iter().any(|f| self.plan.columns.has(*f)) {
            return;
        }
        if !self.sink.attributes.contains_key(key) {
            self.sink.attributes.insert(key.clone(), Attributed { day, ..Attributed::default() });
        }
        let Some(known) = self.sink.attributes.get_mut(key) else { return };
        if day < known.day {
            return;
        }
        known.day = day;
        let columns = &self.plan.columns;
        let text = |field: Field| columns.get(field).map(|c| row.text(c)).filter(|t| !number::is_null(t.trim()));
        // Budget cells may hold words such as `캠페인 예산 사용`.
        let money = |field: Field| {
            columns.get(field).and_then(|c| match read_number(&row.get(c)) {
                Ok(Number::Value(value)) if value.0 >= 0 => Some(value),
                _ => None,
            })
        };
        let date_of = |field: Field| columns.get(field).and_then(|c| self.plan.plain_day(&row.get(c)));
        let (start, end) = (date_of(Field::Start), date_of(Field::End));
        let said = &mut known.said;
        said.status = text(Field::Status).and_then(|t| attributes::status(&t)).or(said.status);
        said.objective = text(Field::Objective).and_then(|t| attributes::objective(&t)).or(said.objective);
        if let Some(kind) = text(Field::CampaignType) {
            said.campaign_type = Some(kind.trim().to_owned());
        }
        said.daily_budget = money(Field::DailyBudget).or(said.daily_budget);
        said.total_budget = money(Field::TotalBudget).or(said.total_budget);
        if let Some(budget) = money(Field::Budget) {
            // Google's budget is a day's unless its kind says otherwise.
            match text(Field::BudgetKind).and_then(|t| attributes::budget_kind(&t)) {
                Some(BudgetKind::Total) => said.total_budget = Some(budget),
                Some(BudgetKind::Daily) => said.daily_budget = Some(budget),
                None => {}
            }
        }
        if let (Some(budget), Some(kind)) =
            (money(Field::AdSetBudget), text(Field::AdSetBudgetKind).and_then(|t| attributes::budget_kind(&t)))
        {
            known.ad_sets_daily = kind == BudgetKind::Daily;
            let ad_set = text(Field::AdGroup).map(|t| t.trim().to_owned()).unwrap_or_default();
            known.ad_sets.insert(ad_set, budget);
        }
        known.said.start = start.or(known.said.start);
        known.said.end = end.or(known.said.end);
    }
}

/// Purchases of a conversion type row; every type counts as one of all.
fn conversions_only(kind: &str, counts: Counts) -> Counts {
    let lower = kind.to_lowercase();
    let purchase = lower.contains("구매") || lower.contains("purchase");
    let of = |v: Millionths| if purchase { v } else { Millionths::ZERO };
    Counts {
        impressions: 0,
        clicks: 0,
        cost: Millionths::ZERO,
        conversions: of(counts.conversions),
        revenue: of(counts.revenue),
        conversions_all: counts.conversions_all,
        revenue_all: counts.revenue_all,
    }
}

fn is_purchase_or_lead(kind: &str) -> bool {
    let lower = kind.to_lowercase();
    ["purchase", "lead", "구매", "잠재"].iter().any(|w| lower.contains(w)) && !lower.contains("leading")
}

pub(crate) fn whole_count(row: &Row<'_>, column: usize, columns: &Columns, value: Millionths) -> Result<i64, FileError> {
    let text = || row.text(column).trim().to_owned();
    if value.0 < 0 {
        return Err(FileError::NegativeCount { line: row.line, column: columns.name(column), value: excerpt(&text()) });
    }
    if value.0 % moa_domain::money::MILLION != 0 {
        return Err(FileError::bad(row.line, &columns.name(column), &text(), Bad::NotWhole));
    }
    Ok(value.0 / moa_domain::money::MILLION)
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
fn is_nameless(cell: &Cell<'_>) -> bool {
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

fn span_of(range: DateRange) -> Span {
    if range.days() == 7 {
        Span::Week
    } else if range.is_whole_months() && range.days() <= 31 {
        Span::Month
    } else {
        Span::Period
    }
}

/// The fields of [`SUMMED`] in this plan.
pub(crate) fn summed_fields(plan: &Plan<'_>) -> impl Iterator<Item = (usize, Field)> {
    let present = [
        plan.impressions.is_some(),
        plan.clicks.is_some(),
        plan.cost.is_some(),
        plan.conversions.is_some() && plan.result_kind.is_none() && plan.shared.is_none() && plan.conversion_kind.is_none(),
        plan.revenue.is_some() && plan.shared.is_none() && plan.conversion_kind.is_none(),
    ];
    SUMMED.into_iter().enumerate().filter(move |(i, _)| present[*i])
}
