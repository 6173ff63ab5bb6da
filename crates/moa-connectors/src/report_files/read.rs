//! The pipeline: open, find the header, recognise the export, plan the columns, read the rows, settle totals and notes.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;

use moa_domain::{Currency, Dimension, MoneyKind, Platform};

use super::container::Bytes;
use super::error::{FileError, Foreign, excerpt};
use super::field::Field;
use super::figures::RowReader;
use super::header::{Header, is_invisible};
use super::mapping::{self, Columns};
use super::naver_brand::Contracts;
use super::naver_large::{self, Kind, LargeReport};
use super::plan::{DaySource, Plan, ask_platform, layout_of, missing, plan, sample, settle_money};
use super::preamble;
use super::report::{AccountHint, ColumnNote, ColumnUse, Grain, Layout, Measures, Note, ReadOptions, ReportFile};
use super::row::Flow;
use super::settle::finish;
use super::signature;
use super::sink::Sink;
use super::table::{HeadRow, Opened, open};
use super::values::date::{self, DateOrder, DayText};

/// Reads an exported report file of any known kind: CSV, TSV, XLSX, XLS or a table in HTML, in any encoding.
///
/// # Errors
/// One [`FileError`] for the first thing that is wrong or must be asked. Nothing of a refused file may be stored.
pub fn read_report(path: &Path, options: &ReadOptions) -> Result<ReportFile, FileError> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(FileError::Binary { what: Foreign::Folder });
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
        former_names: Vec::new(),
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
    let by_export = Layout::NaverBrandContracts.vat_by_export();
    let asked = || FileError::NeedsVat { platform: platform.clone(), line: None, columns: columns.names(), by_export };
    let vat = said.or(options.vat).ok_or_else(asked)?;
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
        former_names: Vec::new(),
        rows: sink.rows,
        dropped: sink.dropped,
    })
}
