//! The pipeline: open, find the header, recognise the export, plan the columns, read the rows, settle totals and notes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Cursor;
use std::path::Path;

use moa_domain::{Currency, Dimension, MoneyKind, Platform, VatBasis};

use super::container::Bytes;
use super::error::{FileError, Span, excerpt};
use super::field::Field;
use super::figures::{DaySource, Noticed, Plan, RowReader, summed_fields};
use super::header::{Header, is_invisible};
use super::mapping::{self, Columns};
use super::naver_brand::Contracts;
use super::naver_large::{self, Kind, LargeReport};
use super::preamble::{self, Preamble};
use super::report::{
    AccountHint, CampaignAttributes, ColumnNote, ColumnUse, DropReason, Grain, Layout, Measures, Note, ReadOptions, ReportFile,
};
use super::row::{Cells, Flow, Row};
use super::signature::{self, Score};
use super::sink::{Sink, sums_of_day};
use super::table::{HeadRow, Opened, open};
use super::values::date::{self, DateOrder, DayText};

/// Reads an exported report file of any known kind: CSV, TSV, XLSX, XLS or a table in HTML, in any encoding.
///
/// # Errors
/// One [`FileError`] for the first thing that is wrong or must be asked. Nothing of a refused file may be stored.
pub fn read_report(path: &Path, options: &ReadOptions) -> Result<ReportFile, FileError> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(FileError::Binary { what: "a folder" });
    }
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    read(file, &stem, options)
}

/// [`read_report`] of bytes in memory; the name is that of the file.
///
/// # Errors
/// As [`read_report`].
pub fn read_report_bytes(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<ReportFile, FileError> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    read(Cursor::new(bytes), stem, options)
}

fn read<R: Bytes>(file: R, stem: &str, options: &ReadOptions) -> Result<ReportFile, FileError> {
    let mut opened = open(file, options)?;
    let first = opened.head.first().map(|row| row.cells.as_slice()).unwrap_or_default();
    if opened.header.is_none()
        && let Some(kind) = naver_large::kind_of(first)
    {
        return match kind {
            Kind::Read(layout) => read_large(opened, layout, options),
            Kind::Refused(kind, why) => Err(FileError::PartialReport { kind, why }),
        };
    }
    let header = header_of(&opened, options)?;
    let columns = mapping::choose(header.headers, options)?;
    let preamble = preamble::read(opened.head[..header.preamble_rows].iter().map(|row| row.cells.as_slice()));
    let scores = signature::scores(&columns.headers, &preamble.text, stem);
    if columns.has(Field::ContractPeriod) && columns.has(Field::ContractCost) && columns.has(Field::ContractName) {
        return read_contracts(opened, columns, header.line, options);
    }
    let layout = layout_of(&columns, &scores, options);
    let mut plan = plan(options, layout, columns, &preamble, stem, header.line, &opened.head)?;
    ask_platform(&plan, &scores)?;
    let notes = settle_money(&mut plan)?;
    let reader = loop {
        let mut reader = RowReader::new(plan);
        let scanned = opened.table.scan(&mut |row| {
            if row.line > header.line {
                reader.visit(row)?;
            }
            Ok(Flow::Continue)
        });
        match scanned {
            Ok(()) => break reader,
            Err(error @ FileError::NeedsDateOrder { .. }) if reader.plan.date_order.is_none() => {
                let order = find_date_order(&mut opened, &reader.plan)?.ok_or(error)?;
                plan = Plan { date_order: Some(order), ..reader.plan };
            }
            Err(FileError::Duplicate { line, first_line }) => return Err(explain_duplicate(&mut opened, &reader.plan, line, first_line)),
            Err(error) => return Err(error),
        }
    };
    finish(opened, reader, &scores, preamble, notes)
}

struct HeaderRow {
    headers: Vec<Header>,
    line: u64,
    preamble_rows: usize,
}

fn header_of<R: Bytes>(opened: &Opened<R>, options: &ReadOptions) -> Result<HeaderRow, FileError> {
    let head = &opened.head;
    if let Some(index) = opened.header {
        let row = &head[index];
        return Ok(HeaderRow { headers: headers(&row.cells), line: row.line, preamble_rows: index });
    }
    let filled = |row: &&HeadRow| row.cells.iter().filter(|c| !c.trim().is_empty()).count() >= 2;
    // Columns named by letter or number: the header is the row above the first one with a day in the named place.
    if let Some((_, place)) = options.mapping.iter().find(|(field, column)| *field == Field::Date && mapping::is_position(column)) {
        let widest = head.iter().map(|r| r.cells.len()).max().unwrap_or(0);
        let blank: Vec<Header> = (0..widest).map(|c| Header::new(&mapping::letters(c))).collect();
        let mut only_date = ReadOptions::new(options.today);
        only_date.mapping.push((Field::Date, place.clone()));
        let column = mapping::choose(blank.clone(), &only_date)?.get(Field::Date).unwrap_or(0);
        if let Some(first) = head.iter().position(|r| r.cells.get(column).is_some_and(|c| date::parse(c).is_some())) {
            return Ok(match first.checked_sub(1).map(|above| &head[above]).filter(filled) {
                Some(row) => {
                    let mut headers = headers(&row.cells);
                    headers.resize_with(widest.max(headers.len()), || Header::new(""));
                    HeaderRow { headers, line: row.line, preamble_rows: first - 1 }
                }
                None => HeaderRow { headers: blank, line: head[first].line - 1, preamble_rows: first },
            });
        }
    }
    let known = |row: &&HeadRow| headers(&row.cells).iter().any(|h| !h.matches(&mapping::normal_aliases(options)).is_empty());
    let texts = |row: &HeadRow| row.cells.iter().map(|c| excerpt(c)).filter(|c| !c.is_empty()).take(60).collect::<Vec<_>>();
    if let Some(index) = head.iter().position(|row| filled(&row) && known(&row)) {
        let row = &head[index];
        if let Some((field, wanted)) = options.mapping.iter().find(|(_, c)| !mapping::is_position(c)) {
            return Err(FileError::UnknownColumn { field: *field, wanted: wanted.clone(), columns: texts(row) });
        }
        let headers = headers(&row.cells);
        let columns = mapping::choose(headers, options)?;
        return Err(FileError::NeedsMapping { missing: missing(&columns), columns: columns.names(), sample: sample(head, index) });
    }
    let first = head.iter().find(filled).or_else(|| head.iter().find(|r| r.cells.iter().any(|c| !c.trim().is_empty())));
    match first {
        Some(row) => Err(FileError::NotAReport { first_cells: texts(row).into_iter().take(8).collect() }),
        None => Err(FileError::Empty),
    }
}

fn headers(cells: &[String]) -> Vec<Header> {
    let last = cells.iter().rposition(|c| !c.trim_matches(|c: char| c.is_whitespace() || is_invisible(c)).is_empty());
    cells[..last.map_or(0, |l| l + 1)].iter().map(|c| Header::new(c)).collect()
}

fn sample(head: &[HeadRow], header: usize) -> Vec<Vec<String>> {
    head.iter().skip(header + 1).take(3).map(|row| row.cells.iter().map(|c| excerpt(c)).collect()).collect()
}

/// The fields without which rows cannot be stored.
fn missing(columns: &Columns) -> Vec<Field> {
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

fn layout_of(columns: &Columns, scores: &[Score], options: &ReadOptions) -> Layout {
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

fn plan<'o>(
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
    let figure = |field: Field| columns.figure(field);
    let mut conversions = figure(Field::Conversions);
    let mut revenue = figure(Field::Revenue);
    let (shared_count, shared_value) = (figure(Field::SharedConversions), figure(Field::SharedRevenue));
    let mut shared = (shared_count.is_some() || shared_value.is_some()).then_some((shared_count, shared_value));
    let result_kind = match (conversions.or(shared_count), figure(Field::Results), columns.get(Field::ResultKind)) {
        (None, Some(results), Some(kind)) => {
            conversions = Some(results);
            Some(kind)
        }
        _ => None,
    };
    if shared.is_some() && conversions.is_none() && revenue.is_none() {
        (conversions, revenue, shared) = (shared_count, shared_value, None);
    }
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
fn ask_platform(plan: &Plan<'_>, scores: &[Score]) -> Result<(), FileError> {
    let told = plan.layout.platform().is_some() || plan.options.platform.is_some();
    if told || plan.columns.has(Field::Channel) || plan.columns.has(Field::Medium) {
        return Ok(());
    }
    Err(FileError::NeedsPlatform { candidates: candidates(scores), columns: plan.columns.names() })
}

fn candidates(scores: &[Score]) -> Vec<Platform> {
    let mut platforms: Vec<Platform> = Vec::new();
    for platform in scores.iter().filter_map(|s| s.layout.platform()).chain(Platform::CONNECTED) {
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    platforms
}

/// Currency and VAT basis for rows that do not say their own: the file, the option, the platform; else they are asked for.
fn settle_money(plan: &mut Plan<'_>) -> Result<Vec<Note>, FileError> {
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
        return Err(FileError::NeedsVat { platform, line: None, columns: plan.columns.names() });
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

/// Whether days or months come first in this file: any number above 12 tells.
fn find_date_order<R: Bytes>(opened: &mut Opened<R>, plan: &Plan<'_>) -> Result<Option<DateOrder>, FileError> {
    let columns = match plan.day {
        DaySource::Column(column) => [column, column],
        DaySource::Pair(start, end) => [start, end],
        DaySource::Fixed(_) => return Ok(None),
    };
    let (mut day_first, mut month_first) = (false, false);
    opened.table.scan(&mut |row| {
        if row.line > plan.header_line {
            for column in columns {
                if let Some(DayText::Either { first, second, .. }) = date::parse(&row.text(column)) {
                    day_first |= first > 12;
                    month_first |= second > 12;
                }
            }
        }
        Ok(Flow::Continue)
    })?;
    Ok(match (day_first, month_first) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    })
}

/// A repeated row, or one that a column nobody reads tells apart.
fn explain_duplicate<R: Bytes>(opened: &mut Opened<R>, plan: &Plan<'_>, line: u64, first_line: u64) -> FileError {
    let lines = match opened.table.lines([first_line, line]) {
        Ok(lines) => lines,
        Err(error) => return error,
    };
    let [first, second] = lines.as_slice() else { return FileError::Duplicate { line, first_line } };
    let is_name = |text: &str| !text.trim().is_empty() && super::values::number::parse(text).is_err();
    let columns: Vec<String> = plan
        .columns
        .unread(plan.options)
        .into_iter()
        .filter(|c| {
            let (a, b) = (first.cells.get(*c).map_or("", String::as_str), second.cells.get(*c).map_or("", String::as_str));
            a != b && (is_name(a) || is_name(b))
        })
        .map(|c| plan.columns.name(c))
        .collect();
    if columns.is_empty() { FileError::Duplicate { line, first_line } } else { FileError::NeedsConfirmation { line, first_line, columns } }
}

fn finish<R: Bytes>(
    opened: Opened<R>,
    mut reader: RowReader<'_>,
    scores: &[Score],
    preamble: Preamble,
    mut notes: Vec<Note>,
) -> Result<ReportFile, FileError> {
    settle_totals(&mut reader, &mut notes)?;
    let RowReader { plan, mut sink, noticed, .. } = reader;
    if sink.rows.is_empty() {
        return Err(FileError::NoRows { header_line: plan.header_line, dropped: sink.dropped.len() });
    }
    sink.dropped.sort_by_key(|d| d.line);
    let platform = platform_of(&plan, &noticed, scores)?;
    let looks_like = signature::decide(scores).filter(|l| l.platform().is_some_and(|p| p != platform));
    notes.extend(looks_like.filter(|_| plan.options.platform.is_some()).map(|layout| Note::LooksLike { layout }));
    add_notes(&plan, &noticed, &mut notes);
    let account = account_of(&noticed, preamble.account, &mut notes);
    let measures = measures_of(&plan);
    Ok(ReportFile {
        platform: Some(platform),
        platform_scores: scores.iter().map(|s| (s.layout, s.total)).collect(),
        account,
        sheet: opened.sheet,
        sheets: opened.sheets,
        encoding: opened.encoding,
        layout: plan.layout,
        columns: plan.columns.uses(plan.options),
        rows_read: sink.rows.len(),
        grain: if noticed.any_hour { Grain::Hourly } else { Grain::Daily },
        dimensions: sink.dimensions.iter().copied().collect(),
        measures,
        notes,
        range: sink.range,
        period: plan.period,
        campaigns: campaigns_of(&mut sink),
        rows: sink.rows,
        dropped: sink.dropped,
    })
}

/// Decides the rows that may be totals now that all others are known, and checks the file against its own total.
fn settle_totals(reader: &mut RowReader<'_>, notes: &mut Vec<Note>) -> Result<(), FileError> {
    let candidates = std::mem::take(&mut reader.candidates);
    let mut day_sums = BTreeMap::new();
    let mut kept = Vec::new();
    let mut overall = Vec::new();
    let sums = reader.sink.sums;
    let one_day = reader.sink.range.is_some_and(|r| r.from == r.to);
    let summaries: Vec<u64> = reader.sink.dropped.iter().filter(|d| d.reason == DropReason::Summary).map(|d| d.line).collect();
    for candidate in candidates {
        let rows = &reader.sink.rows;
        let same_day = candidate.date.map(|day| *day_sums.entry(day).or_insert_with(|| sums_of_day(rows, day)));
        if summaries.contains(&candidate.line) {
            overall.push(candidate);
        } else if candidate.is_total(&sums, same_day.as_ref()) {
            reader.sink.drop_row(candidate.line, DropReason::Total);
            if candidate.is_overall(one_day) {
                overall.push(candidate);
            }
        } else {
            kept.push(candidate);
        }
    }
    if !kept.is_empty() {
        for candidate in &kept {
            reader.take(&Row { line: candidate.line, cells: Cells::Texts(&candidate.cells), unterminated: false })?;
        }
        reader.sink.rows.sort_by_key(|r| r.line);
    }
    let sums = reader.sink.sums;
    let fields: Vec<(usize, Field)> = summed_fields(&reader.plan).collect();
    let differences = |candidate: &super::drop::Candidate| -> Vec<Note> {
        fields
            .iter()
            .filter_map(|(index, field)| {
                let stated = candidate.stated[*index]?;
                let summed = i64::try_from(sums[*index]).ok().map(moa_domain::Millionths)?;
                Some(Note::Checksum { line: candidate.line, field: *field, stated, summed })
            })
            .collect()
    };
    // Google gives several totals: one that agrees is enough.
    let checks: Vec<Vec<Note>> = overall.iter().map(differences).filter(|d| !d.is_empty()).collect();
    let agrees = |check: &[Note]| check.iter().all(|n| n.code() == "checksum_equal");
    if let Some(check) = checks.iter().find(|c| agrees(c)) {
        notes.extend(check.iter().find(|n| matches!(n, Note::Checksum { field: Field::Cost, .. })).or(check.first()).cloned());
    } else if let Some(check) = checks.into_iter().next() {
        notes.extend(check.into_iter().filter(|n| n.code() != "checksum_equal"));
    }
    Ok(())
}

/// The platform: said, signed, or given away by the channels or media of the rows.
fn platform_of(plan: &Plan<'_>, noticed: &Noticed, scores: &[Score]) -> Result<Platform, FileError> {
    if let Some(platform) = plan.options.platform.clone().or_else(|| plan.layout.platform()) {
        return Ok(platform);
    }
    let mut told = noticed.platforms.iter();
    match (told.next(), told.next()) {
        (Some(platform), None) if !noticed.unknown_media => Ok(platform.clone()),
        (None, _) => Err(FileError::NeedsPlatform { candidates: candidates(scores), columns: plan.columns.names() }),
        _ => Err(FileError::NeedsPlatform { candidates: noticed.platforms.iter().cloned().collect(), columns: plan.columns.names() }),
    }
}

fn add_notes(plan: &Plan<'_>, noticed: &Noticed, notes: &mut Vec<Note>) {
    let mut counted = |count: usize, note: Note| {
        if count > 0 {
            notes.push(note);
        }
    };
    counted(noticed.capped, Note::CappedShares { cells: noticed.capped });
    counted(noticed.ids_lost, Note::IdsLost { cells: noticed.ids_lost });
    counted(noticed.from_opens, Note::ImpressionsFromOpens { rows: noticed.from_opens });
    counted(noticed.shared_used, Note::SharedItemsUsed { rows: noticed.shared_used });
    counted(noticed.results_left, Note::ResultsNotConversions { rows: noticed.results_left });
    let is_shared_column = |f: Option<super::mapping::Figure>, field| f.is_some() && f == plan.columns.figure(field);
    if is_shared_column(plan.conversions, Field::SharedConversions) {
        notes.push(Note::SharedItemsUsed { rows: 0 });
    }
    if plan.clicks.is_none() && plan.interactions.is_some() {
        notes.push(Note::InteractionsNotClicks);
    }
    if plan.conversion_kind.is_some() {
        notes.push(Note::ConversionsOnly);
    }
    let all_kinds =
        plan.conversions.is_some() && plan.conversions == plan.columns.figure(Field::ConversionsAll) && plan.conversion_kind.is_none();
    if all_kinds && matches!(plan.layout.platform(), Some(Platform::NaverAds | Platform::Kakao)) {
        notes.push(Note::OnlyAllConversions);
    }
    let summed: Vec<String> = plan.columns.breakdowns.iter().map(|c| plan.columns.name(*c)).collect();
    if !summed.is_empty() {
        notes.push(Note::SummedOver { columns: summed });
    }
}

fn account_of(noticed: &Noticed, title: Option<AccountHint>, notes: &mut Vec<Note>) -> Option<AccountHint> {
    let several = if noticed.account_ids.len() > 1 { &noticed.account_ids } else { &noticed.accounts };
    if several.len() > 1 {
        notes.push(Note::SeveralAccounts { accounts: several.iter().cloned().collect() });
        return None;
    }
    let hint = AccountHint { id: noticed.account_ids.first().cloned(), name: noticed.accounts.first().cloned() };
    if hint == AccountHint::default() { title } else { Some(hint) }
}

fn measures_of(plan: &Plan<'_>) -> Measures {
    let has = |fields: &[Field]| fields.iter().any(|f| plan.columns.has(*f));
    let shared = plan.shared.unwrap_or((None, None));
    Measures {
        impressions: plan.impressions.is_some() || plan.opens.is_some(),
        clicks: plan.clicks.is_some(),
        cost: plan.cost.is_some(),
        conversions: plan.conversions.is_some() || shared.0.is_some(),
        revenue: plan.revenue.is_some() || shared.1.is_some(),
        conversions_all: plan.conversions_all.is_some(),
        revenue_all: plan.revenue_all.is_some(),
        engagement: has(&[Field::Likes, Field::Shares, Field::Comments, Field::Saves]),
        reach: has(&[Field::Reach]),
    }
}

fn campaigns_of(sink: &mut Sink) -> Vec<CampaignAttributes> {
    std::mem::take(&mut sink.attributes)
        .into_iter()
        .map(|(key, known)| {
            let mut said = CampaignAttributes { key, ..known.said };
            let sum = known.ad_sets.values().try_fold(moa_domain::Millionths::ZERO, |a, b| a.checked_add(*b)).ok();
            if let Some(sum) = sum.filter(|_| !known.ad_sets.is_empty()) {
                let budget = if known.ad_sets_daily { &mut said.daily_budget } else { &mut said.total_budget };
                *budget = budget.or(Some(sum));
            }
            said
        })
        .collect()
}

fn read_large<R: Bytes>(mut opened: Opened<R>, layout: Layout, options: &ReadOptions) -> Result<ReportFile, FileError> {
    let mut report = LargeReport::new(layout, options);
    let scanned = opened.table.scan(&mut |row| report.visit(row));
    scanned?;
    let LargeReport { sink, customers, nameless, .. } = report;
    if sink.rows.is_empty() {
        return Err(FileError::NoRows { header_line: 0, dropped: sink.dropped.len() });
    }
    let traffic = matches!(layout, Layout::NaverLargeAd | Layout::NaverLargeAdDetail);
    let mut notes = vec![Note::VatBySwitchDate];
    if !traffic {
        notes.push(Note::ConversionsOnly);
    }
    if !nameless.is_empty() {
        notes.push(Note::CampaignNamesMissing { campaigns: nameless.len() });
    }
    let account = if customers.len() > 1 {
        notes.push(Note::SeveralAccounts { accounts: customers.into_iter().collect() });
        None
    } else {
        Some(AccountHint { id: customers.into_iter().next(), name: None })
    };
    let columns = naver_large::headers(layout)
        .into_iter()
        .map(|header| ColumnUse { header: header.to_owned(), field: None, note: ColumnNote::Used })
        .collect();
    Ok(ReportFile {
        platform: Some(Platform::NaverAds),
        platform_scores: vec![(layout, 10)],
        account,
        sheet: opened.sheet,
        sheets: opened.sheets,
        encoding: opened.encoding,
        layout,
        columns,
        rows_read: sink.rows.len(),
        grain: if matches!(layout, Layout::NaverLargeAdDetail | Layout::NaverLargeConversionDetail) { Grain::Hourly } else { Grain::Daily },
        dimensions: sink.dimensions.iter().copied().collect::<Vec<Dimension>>(),
        measures: Measures {
            impressions: traffic,
            clicks: traffic,
            cost: traffic,
            conversions: !traffic,
            revenue: !traffic,
            conversions_all: !traffic,
            revenue_all: !traffic,
            ..Measures::default()
        },
        notes,
        range: sink.range,
        period: None,
        campaigns: Vec::new(),
        rows: sink.rows,
        dropped: sink.dropped,
    })
}

fn read_contracts<R: Bytes>(
    mut opened: Opened<R>,
    columns: Columns,
    header_line: u64,
    options: &ReadOptions,
) -> Result<ReportFile, FileError> {
    let said = columns.get(Field::ContractCost).and_then(|c| columns.notes(c).vat);
    let platform = Some(Platform::NaverAds);
    let vat =
        said.or(options.vat).ok_or_else(|| FileError::NeedsVat { platform: platform.clone(), line: None, columns: columns.names() })?;
    let kind = MoneyKind { currency: Currency::KRW, vat, vat_rate: options.vat_rate };
    let mut contracts = Contracts { options, columns, kind, sink: Sink::default(), contracts: 0 };
    opened.table.scan(&mut |row| if row.line > header_line { contracts.visit(row) } else { Ok(Flow::Continue) })?;
    let Contracts { columns, sink, contracts, .. } = contracts;
    if sink.rows.is_empty() {
        return Err(FileError::NoRows { header_line, dropped: sink.dropped.len() });
    }
    Ok(ReportFile {
        platform,
        platform_scores: vec![(Layout::NaverBrandContracts, 10)],
        account: None,
        sheet: opened.sheet,
        sheets: opened.sheets,
        encoding: opened.encoding,
        layout: Layout::NaverBrandContracts,
        columns: columns.uses(options),
        rows_read: contracts,
        grain: Grain::Daily,
        dimensions: Vec::new(),
        measures: Measures { cost: true, ..Measures::default() },
        notes: vec![Note::CostSpreadOverContract { contracts }],
        range: sink.range,
        period: None,
        campaigns: Vec::new(),
        rows: sink.rows,
        dropped: sink.dropped,
    })
}
