//! What is settled before the first row: which export it is, which column gives which figure, where the day stands, currency and VAT.

use chrono::{Datelike, NaiveDate};
use moa_domain::{Currency, DateRange, Platform, VatBasis};

use super::error::{FileError, Span, excerpt};
use super::field::Field;
use super::mapping::{Columns, Figure};
use super::preamble::{self, Preamble};
use super::report::{Layout, Note, ReadOptions};
use super::row::Cell;
use super::signature::{self, Score};
use super::table::HeadRow;
use super::values::date::{self, DateOrder, DayText};

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
    pub(crate) fn plain_day(&self, cell: &Cell<'_>) -> Option<NaiveDate> {
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
    pub(crate) fn with_year(&self, month: u32, day: u32) -> Option<NaiveDate> {
        let period = self.period?;
        let of = |year: i32| NaiveDate::from_ymd_opt(year, month, day);
        of(period.from.year()).filter(|d| period.contains(*d)).or_else(|| of(period.to.year()).filter(|d| period.contains(*d)))
    }
}

/// The first rows under the header, for a person who names the columns.
pub(crate) fn sample(head: &[HeadRow], header: usize) -> Vec<Vec<String>> {
    head.iter().skip(header + 1).take(3).map(|row| row.cells.iter().map(|c| excerpt(c)).collect()).collect()
}

/// The fields without which rows cannot be stored.
pub(crate) fn missing(columns: &Columns) -> Vec<Field> {
    let mut missing = Vec::new();
    let has = |fields: &[Field]| fields.iter().any(|f| columns.has(*f));
    if !has(&[Field::Date, Field::Period, Field::PeriodStart, Field::Week, Field::Month]) {
        missing.push(Field::Date);
    }
    if !has(&[Field::CampaignName, Field::CampaignId]) {
        missing.push(Field::CampaignName);
    }
    if !has(&[Field::Impressions, Field::Clicks, Field::Cost, Field::Conversions, Field::Revenue, Field::ConversionsAll, Field::Opens]) {
        missing.push(Field::Cost);
    }
    missing
}

/// Which export the file is read as.
pub(crate) fn layout_of(columns: &Columns, scores: &[Score], options: &ReadOptions) -> Layout {
    let literal = |word: &str| columns.headers.iter().any(|h| h.text == word);
    if literal("campaign") && literal("date") {
        return Layout::PlainCsv;
    }
    if let Some(platform) = &options.platform {
        let fitting = scores.iter().find(|s| s.layout.platform().as_ref() == Some(platform) && s.header > 0);
        if let Some(score) = fitting {
            return score.layout;
        }
    } else if let Some(layout) = signature::decide(scores) {
        return layout;
    }
    if options.mapping.is_empty() { Layout::Generic } else { Layout::Mapped }
}

/// Chooses the source of every figure and of the day.
///
/// # Errors
/// [`FileError::AggregateOnly`] for a file without days, [`FileError::NeedsMapping`].
pub(crate) fn plan<'o>(
    options: &'o ReadOptions,
    layout: Layout,
    mut columns: Columns,
    preamble: &Preamble,
    stem: &str,
    header_line: u64,
    head: &[HeadRow],
) -> Result<Plan<'o>, FileError> {
    let period = preamble.period.or_else(|| preamble::period_of_name(stem));
    // Kakao calls the period of a row 시작일 and 종료일; elsewhere these are the campaign's dates.
    if layout == Layout::KakaoMoment && !columns.has(Field::Date) && !columns.has(Field::Period) {
        for (from, to) in [(Field::Start, Field::PeriodStart), (Field::End, Field::PeriodEnd)] {
            if let Some(column) = columns.get(from) {
                columns.forget(from);
                columns.set(to, column);
            }
        }
    }
    let aggregate = |span: Span| FileError::AggregateOnly { range: period, span, line: None };
    let day = if let Some(column) = columns.get(Field::Date).or_else(|| columns.get(Field::Period)) {
        DaySource::Column(column)
    } else if let (Some(start), Some(end)) = (columns.get(Field::PeriodStart), columns.get(Field::PeriodEnd)) {
        DaySource::Pair(start, end)
    } else if columns.has(Field::Week) {
        return Err(aggregate(Span::Week));
    } else if columns.has(Field::Month) {
        return Err(aggregate(Span::Month));
    } else if let Some(day) = period.filter(|p| p.from == p.to) {
        DaySource::Fixed(day.from)
    } else if period.is_some() || !matches!(layout, Layout::Generic | Layout::Mapped | Layout::PlainCsv) {
        return Err(aggregate(Span::Period));
    } else {
        let sample = sample(head, head.iter().position(|r| r.line == header_line).unwrap_or(0));
        return Err(FileError::NeedsMapping { missing: missing(&columns), columns: columns.names(), sample });
    };
    let lacking: Vec<Field> = missing(&columns).into_iter().filter(|f| *f != Field::Date).collect();
    if !lacking.is_empty() {
        let sample = sample(head, head.iter().position(|r| r.line == header_line).unwrap_or(0));
        return Err(FileError::NeedsMapping { missing: lacking, columns: columns.names(), sample });
    }
    let mut conversions = columns.figure(Field::Conversions);
    let mut revenue = columns.figure(Field::Revenue);
    let (shared_count, shared_value) = (columns.figure(Field::SharedConversions), columns.figure(Field::SharedRevenue));
    let mut shared = (shared_count.is_some() || shared_value.is_some()).then_some((shared_count, shared_value));
    let result_kind = match (conversions.or(shared_count), columns.figure(Field::Results), columns.get(Field::ResultKind)) {
        (None, Some(results), Some(kind)) => {
            conversions = Some(results);
            Some(kind)
        }
        _ => None,
    };
    if result_kind.is_none() {
        columns.forget(Field::Results);
        columns.forget(Field::ResultKind);
    }
    if shared.is_some() && conversions.is_none() && revenue.is_none() {
        (conversions, revenue, shared) = (shared_count, shared_value, None);
    }
    let figure = |field: Field| columns.figure(field);
    let conversion_kind = columns.get(Field::ConversionKind);
    let mut conversions_all = figure(Field::ConversionsAll);
    let mut revenue_all = figure(Field::RevenueAll);
    if conversion_kind.is_some() {
        // The split by type is made on the total columns.
        conversions = conversions_all.or(conversions);
        revenue = revenue_all.or(revenue);
        (conversions_all, revenue_all) = (conversions, revenue);
    } else {
        conversions = conversions.or(conversions_all);
        revenue = revenue.or(revenue_all);
        conversions_all = conversions_all.filter(|c| Some(*c) != conversions);
        revenue_all = revenue_all.filter(|r| Some(*r) != revenue);
    }
    let traffic = |figure| if conversion_kind.is_some() { None } else { figure };
    Ok(Plan {
        options,
        layout,
        day,
        period,
        date_order: options.date_order,
        currency: None,
        vat: None,
        impressions: traffic(figure(Field::Impressions)),
        opens: traffic(figure(Field::Opens)),
        clicks: traffic(figure(Field::Clicks)),
        interactions: traffic(figure(Field::Interactions)),
        cost: traffic(figure(Field::Cost)),
        conversions,
        revenue,
        conversions_all,
        revenue_all,
        shared,
        result_kind,
        conversion_kind,
        header_line,
        columns,
    })
}

/// Asks for the platform before anything else, unless a column of the rows may tell it.
pub(crate) fn ask_platform(plan: &Plan<'_>, scores: &[Score]) -> Result<(), FileError> {
    let told = plan.layout.platform().is_some() || plan.options.platform.is_some();
    if told || plan.columns.has(Field::Channel) || plan.columns.has(Field::Medium) {
        return Ok(());
    }
    Err(FileError::NeedsPlatform { candidates: candidates(scores), columns: plan.columns.names() })
}

/// Platforms that may be meant, likeliest first.
pub(crate) fn candidates(scores: &[Score]) -> Vec<Platform> {
    let mut platforms: Vec<Platform> = Vec::new();
    for platform in scores.iter().filter_map(|s| s.layout.platform()).chain(Platform::CONNECTED) {
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    platforms
}

/// Currency and VAT basis for rows that do not say their own: the file, the option, the platform; else they are asked for.
pub(crate) fn settle_money(plan: &mut Plan<'_>) -> Result<Vec<Note>, FileError> {
    let mut notes = Vec::new();
    let (file_currency, file_vat) = plan.columns.money()?;
    let options = plan.options;
    let platform = plan.layout.platform().or_else(|| options.platform.clone());
    // Naver and Kakao ad accounts exist in won only.
    let by_signature = matches!(
        plan.layout,
        Layout::NaverSearchAd | Layout::NaverGfa | Layout::NaverBrandContracts | Layout::KakaoMoment | Layout::KakaoKeyword
    )
    .then_some(Currency::KRW);
    let stated = file_currency.or(by_signature);
    if let (Some(file), Some(option)) = (stated, options.currency)
        && file != option
    {
        notes.push(Note::CurrencyFromFile { file, option });
    }
    plan.currency = stated.or(options.currency);
    if plan.currency.is_none() && !plan.columns.has(Field::Currency) {
        return Err(FileError::NeedsCurrency { platform, line: None, columns: plan.columns.names() });
    }
    if let (Some(file), Some(option)) = (file_vat, options.vat)
        && file != option
    {
        notes.push(Note::VatFromFile { file, option });
    }
    let usual = usual_vat(plan.layout, platform.as_ref());
    plan.vat = file_vat.or(options.vat);
    if plan.vat.is_none()
        && let Some(vat) = usual
    {
        notes.push(Note::VatFromPlatform { vat });
        plan.vat = Some(vat);
    }
    if plan.vat.is_none() && !plan.columns.has(Field::Vat) {
        let by_export = plan.layout.vat_by_export();
        return Err(FileError::NeedsVat { platform, line: None, columns: plan.columns.names(), by_export });
    }
    for figure in [plan.cost, plan.revenue, plan.revenue_all].into_iter().flatten().filter(|f| f.scale != 1) {
        notes.push(Note::Scaled { column: plan.columns.name(figure.column), factor: figure.scale });
    }
    Ok(notes)
}

/// The VAT basis a console always uses. GFA, Kakao and tables of people's own making are asked for.
fn usual_vat(layout: Layout, platform: Option<&Platform>) -> Option<VatBasis> {
    match layout {
        Layout::NaverSearchAd => Some(VatBasis::Included),
        Layout::GoogleAds | Layout::MetaAds => Some(VatBasis::Excluded),
        Layout::Generic if matches!(platform, Some(Platform::GoogleAds | Platform::MetaAds)) => Some(VatBasis::Excluded),
        _ => None,
    }
}
