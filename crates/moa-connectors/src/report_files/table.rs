//! A file opened as rows of cells: which encoding, which separator, which sheet, which row is the header.

use super::container::{self, Bytes, Container};
use super::delimited::{self, Dialect};
use super::encoding::{self, Encoding};
use super::error::FileError;
use super::header::Header;
use super::html_table;
use super::mapping;
use super::naver_large;
use super::report::ReadOptions;
use super::row::{Cells, Flow, Row, Visit};
use super::workbook::Workbook;

/// Rows from the start among which the header is looked for: a preamble may have 25.
const HEAD_ROWS: usize = 40;
const HEADER_ROWS: usize = 30;

pub(crate) enum Table<R: Bytes> {
    Text { file: R, encoding: Encoding, dialect: Dialect },
    Html { rows: Vec<Vec<String>> },
    Book { book: Workbook<R>, sheet: String },
}

/// One of the first rows, copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeadRow {
    pub line: u64,
    pub cells: Vec<String>,
}

/// A file ready to be read.
pub(crate) struct Opened<R: Bytes> {
    pub table: Table<R>,
    pub encoding: &'static str,
    pub sheet: Option<String>,
    pub sheets: Vec<String>,
    pub head: Vec<HeadRow>,
    /// Position of the header in `head`, where one was recognised.
    pub header: Option<usize>,
}

impl<R: Bytes> Table<R> {
    /// Visits every row from the start.
    ///
    /// # Errors
    /// Those of the source and of the visitor.
    pub(crate) fn scan(&mut self, visit: &mut Visit<'_>) -> Result<(), FileError> {
        match self {
            Self::Text { file, encoding, dialect } => delimited::scan(file, *encoding, *dialect, visit),
            Self::Html { rows } => {
                for (line, cells) in (1u64..).zip(rows.iter()) {
                    if visit(&Row { line, cells: Cells::Texts(cells), unterminated: false })? == Flow::Stop {
                        break;
                    }
                }
                Ok(())
            }
            Self::Book { book, sheet } => book.scan(sheet, visit),
        }
    }

    /// The first rows. An error behind them comes up again when everything is read.
    fn head(&mut self) -> Result<Vec<HeadRow>, FileError> {
        match self.head_and_problem() {
            (head, Some(problem)) if head.is_empty() => Err(problem),
            (head, _) => Ok(head),
        }
    }

    fn head_and_problem(&mut self) -> (Vec<HeadRow>, Option<FileError>) {
        let mut head = Vec::new();
        let scanned = self.scan(&mut |row| {
            head.push(HeadRow { line: row.line, cells: (0..row.len()).map(|i| row.text(i).into_owned()).collect() });
            Ok(if head.len() >= HEAD_ROWS { Flow::Stop } else { Flow::Continue })
        });
        (head, scanned.err())
    }

    /// The cells of the named lines, for a message.
    ///
    /// # Errors
    /// Those of the source.
    pub(crate) fn lines(&mut self, wanted: [u64; 2]) -> Result<Vec<HeadRow>, FileError> {
        let mut found = Vec::new();
        self.scan(&mut |row| {
            if wanted.contains(&row.line) && row.len() > 0 {
                found.push(HeadRow { line: row.line, cells: (0..row.len()).map(|i| row.text(i).into_owned()).collect() });
            }
            Ok(if found.len() == 2 { Flow::Stop } else { Flow::Continue })
        })?;
        Ok(found)
    }
}

/// # Errors
/// What makes the file unreadable, and [`FileError::UnknownSheet`].
pub(crate) fn open<R: Bytes>(mut file: R, options: &ReadOptions) -> Result<Opened<R>, FileError> {
    match container::detect(&mut file)? {
        Container::Text => open_text(file, options),
        Container::Html => {
            let (page, encoding) = encoding::read_all(&mut file)?;
            let mut table = Table::Html { rows: html_table::rows(&page) };
            let head = table.head()?;
            let header = find_header(&head, options).map(|f| f.index);
            Ok(Opened { table, encoding: encoding.name(), sheet: None, sheets: Vec::new(), head, header })
        }
        Container::Xlsx => open_book(Workbook::open_xlsx(file)?, "XLSX", options),
        Container::Xls => open_book(Workbook::open_xls(file)?, "XLS", options),
    }
}

fn open_text<R: Bytes>(mut file: R, options: &ReadOptions) -> Result<Opened<R>, FileError> {
    let encoding = encoding::detect(&mut file)?;
    let mut table = Table::Text { file, encoding, dialect: Dialect { delimiter: b'\t', quoted: false } };
    let opened = |table, head, header| Opened { table, encoding: encoding.name(), sheet: None, sheets: Vec::new(), head, header };
    let unquoted = table.head()?;
    if unquoted.iter().all(|row| row.cells.iter().all(|c| c.trim().is_empty())) {
        return Err(FileError::Empty);
    }
    if unquoted.first().is_some_and(|row| naver_large::kind_of(&row.cells).is_some()) {
        return Ok(opened(table, unquoted, None));
    }
    // The separator that shows a header; without one, that of the most cells.
    let mut best: Option<(Dialect, Vec<HeadRow>, Option<Found>, usize)> = None;
    let mut problem = None;
    for delimiter in [b',', b'\t', b';'] {
        let dialect = Dialect { delimiter, quoted: true };
        if let Table::Text { dialect: current, .. } = &mut table {
            *current = dialect;
        }
        let (head, trouble) = table.head_and_problem();
        if problem.is_none() {
            problem = trouble;
        }
        let found = find_header(&head, options);
        let width = head.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let better = best.as_ref().is_none_or(|(_, _, other, other_width)| {
            let points = |f: &Option<Found>| f.as_ref().map_or(0, |f| f.points);
            (points(&found), width) > (points(other), *other_width)
        });
        if better {
            best = Some((dialect, head, found, width));
        }
    }
    let Some((dialect, head, found, _)) = best else {
        return Err(FileError::Empty);
    };
    if let (None, Some(problem)) = (&found, problem) {
        return Err(problem);
    }
    if let Table::Text { dialect: current, .. } = &mut table {
        *current = dialect;
    }
    Ok(opened(table, head, found.map(|f| f.index)))
}

fn open_book<R: Bytes>(book: Workbook<R>, encoding: &'static str, options: &ReadOptions) -> Result<Opened<R>, FileError> {
    let all = book.sheets();
    let sheets: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    let mut table = Table::Book { book, sheet: String::new() };
    let mut look = |name: &str| -> Result<(Vec<HeadRow>, Option<Found>), FileError> {
        if let Table::Book { sheet, .. } = &mut table {
            name.clone_into(sheet);
        }
        let head = table.head()?;
        let found = find_header(&head, options);
        Ok((head, found))
    };
    let (name, head, header) = if let Some(wanted) = &options.sheet {
        let unknown = || FileError::UnknownSheet { wanted: Some(wanted.clone()), sheets: sheets.clone() };
        let name = named_sheet(&sheets, wanted).ok_or_else(unknown)?.clone();
        let (head, found) = look(&name)?;
        (name, head, found.map(|f| f.index))
    } else {
        let mut candidates = Vec::new();
        let mut others = Vec::new();
        for (name, _) in all.iter().filter(|(_, visible)| *visible || all.len() == 1) {
            let (head, found) = look(name)?;
            match found {
                Some(found) => candidates.push((name.clone(), head, found)),
                None if !head.is_empty() => others.push((name.clone(), head)),
                None => {}
            }
        }
        let most = candidates.iter().map(|(_, _, f)| f.points).max();
        candidates.retain(|(_, _, f)| Some(f.points) == most);
        // Meta writes the same table twice, formatted and raw.
        if candidates.len() > 1 && candidates.iter().any(|(name, ..)| is_raw(name)) {
            candidates.retain(|(name, ..)| is_raw(name));
        }
        match (candidates.len(), others.len()) {
            (1, _) => {
                let (name, head, found) = candidates.remove(0);
                (name, head, Some(found.index))
            }
            (0, 0) => return Err(FileError::Empty),
            (0, 1) => {
                let (name, head) = others.remove(0);
                (name, head, None)
            }
            _ => return Err(FileError::UnknownSheet { wanted: None, sheets }),
        }
    };
    if let Table::Book { sheet, .. } = &mut table {
        sheet.clone_from(&name);
    }
    if head.is_empty() {
        return Err(FileError::Empty);
    }
    Ok(Opened { table, encoding, sheet: Some(name), sheets, head, header })
}

fn is_raw(sheet: &str) -> bool {
    sheet.to_lowercase().contains("raw")
}

fn named_sheet<'s>(sheets: &'s [String], wanted: &str) -> Option<&'s String> {
    let wanted = wanted.trim();
    sheets
        .iter()
        .find(|s| s.trim() == wanted)
        .or_else(|| sheets.iter().find(|s| super::header::normalise(s) == super::header::normalise(wanted)))
        .or_else(|| wanted.parse::<usize>().ok().and_then(|n| sheets.get(n.checked_sub(1)?)))
}

/// A header among the first rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub index: usize,
    pub points: usize,
}

/// The row with the most known headers: at least three, one of them a day or a campaign, one a figure. With a mapping, the row that has
/// every named column.
pub(crate) fn find_header(head: &[HeadRow], options: &ReadOptions) -> Option<Found> {
    let names: Vec<String> =
        options.mapping.iter().filter(|(_, c)| !mapping::is_position(c)).map(|(_, c)| super::header::normalise(c)).collect();
    let mut best: Option<Found> = None;
    for (index, row) in head.iter().take(HEADER_ROWS).enumerate() {
        let headers: Vec<Header> = row.cells.iter().map(|c| Header::new(c)).collect();
        let (mut hits, mut dimension, mut metric) = (0, false, false);
        for header in &headers {
            let matches = header.matches(&mapping::normal_aliases(options));
            hits += usize::from(!matches.is_empty());
            dimension |= matches.iter().any(|m| m.field.is_dimension());
            metric |= matches.iter().any(|m| m.field.is_metric());
        }
        let mapped = !names.is_empty() && names.iter().all(|n| headers.iter().any(|h| h.full == *n || h.bare == *n));
        let points = if mapped {
            1000 + hits
        } else if hits >= 3 && dimension && metric {
            hits
        } else {
            continue;
        };
        if best.is_none_or(|b| points > b.points) {
            best = Some(Found { index, points });
        }
    }
    best
}
