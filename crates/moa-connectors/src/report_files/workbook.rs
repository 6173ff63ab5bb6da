//! Workbooks: XLSX row by row, old XLS as a whole. The library that parses them is asked nothing before [`super::container::guard_zip`] or
//! [`super::old_workbook::guard`] has looked at the sizes, and a panic of it is an error like any other.

use std::cell::Cell;
use std::io::{BufReader, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use calamine::{Data, DataRef, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};

use super::container::{Bytes, guard_zip};
use super::error::FileError;
use super::old_workbook;
use super::row::{Cells, Flow, Row, Visit};

/// As many columns as Excel has.
const COLUMN_LIMIT: usize = 16_384;

pub(crate) enum Workbook<R: Bytes> {
    New(Box<Xlsx<BufReader<R>>>),
    Old(Vec<(Sheet, Range<Data>)>),
}

impl<R: Bytes> Workbook<R> {
    /// # Errors
    /// [`FileError::ZipBomb`], [`FileError::Protected`], [`FileError::BrokenWorkbook`].
    pub(crate) fn open_xlsx(mut file: R) -> Result<Self, FileError> {
        guard_zip(&mut file)?;
        let open = || Xlsx::new(BufReader::new(file)).map_err(|e| xlsx_error(&e));
        Ok(Self::New(Box::new(catching(open)??)))
    }

    /// # Errors
    /// [`FileError::ZipBomb`], [`FileError::Protected`], [`FileError::BrokenWorkbook`].
    pub(crate) fn open_xls(mut file: R) -> Result<Self, FileError> {
        old_workbook::guard(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        let mut book: Xls<_> = catching(|| Xls::new(BufReader::new(file)).map_err(|e| xls_error(&e)))??;
        let sheets = book.sheets_metadata().to_vec();
        let read = || {
            sheets
                .into_iter()
                .map(|sheet| book.worksheet_range(&sheet.name).map(|range| (sheet, range)).map_err(|e| xls_error(&e)))
                .collect::<Result<Vec<_>, FileError>>()
        };
        Ok(Self::Old(catching(read)??))
    }

    /// The sheets that can hold a table, with whether a person sees them.
    pub(crate) fn sheets(&self) -> Vec<(String, bool)> {
        let of = |sheet: &Sheet| (sheet.typ == SheetType::WorkSheet).then(|| (sheet.name.clone(), sheet.visible == SheetVisible::Visible));
        match self {
            Self::New(book) => book.sheets_metadata().iter().filter_map(of).collect(),
            Self::Old(sheets) => sheets.iter().filter_map(|(sheet, _)| of(sheet)).collect(),
        }
    }

    /// Visits every row that holds something.
    ///
    /// # Errors
    /// Those of the visitor, and [`FileError::BrokenWorkbook`].
    pub(crate) fn scan(&mut self, sheet: &str, visit: &mut Visit<'_>) -> Result<(), FileError> {
        match self {
            Self::New(book) => scan_new(book, sheet, visit),
            Self::Old(sheets) => match sheets.iter().find(|(s, _)| s.name == sheet) {
                Some((_, range)) => scan_old(range, visit),
                None => Ok(()),
            },
        }
    }
}

fn scan_new<R: Bytes>(book: &mut Xlsx<BufReader<R>>, sheet: &str, visit: &mut Visit<'_>) -> Result<(), FileError> {
    let mut reader = catching(|| book.worksheet_cells_reader(sheet).map_err(|e| xlsx_error(&e)))??;
    let mut cells: Vec<DataRef<'_>> = Vec::new();
    let mut current = 0;
    loop {
        let next = catching(|| reader.next_cell().map_err(|e| xlsx_error(&e)))??;
        let Some(cell) = next else { break };
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMN_LIMIT || (row < current && !cells.is_empty()) {
            return Err(FileError::BrokenWorkbook { reason: format!("its cells are out of order (row {})", u64::from(row) + 1) });
        }
        if row != current {
            if !cells.is_empty() && visit(&sheet_row(current, &cells))? == Flow::Stop {
                return Ok(());
            }
            cells.clear();
            current = row;
        }
        let value = cell.get_value();
        if *value == DataRef::Empty {
            continue;
        }
        if cells.len() <= column {
            cells.resize(column + 1, DataRef::Empty);
        }
        cells[column] = value.clone();
    }
    if !cells.is_empty() {
        visit(&sheet_row(current, &cells))?;
    }
    Ok(())
}

fn scan_old(range: &Range<Data>, visit: &mut Visit<'_>) -> Result<(), FileError> {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let first_column = usize::try_from(first_column).unwrap_or(0);
    let mut cells: Vec<DataRef<'_>> = Vec::new();
    for (row, data) in (first_row..).zip(range.rows()) {
        cells.clear();
        cells.resize(first_column, DataRef::Empty);
        cells.extend(data.iter().map(borrowed));
        if cells.iter().all(|c| *c == DataRef::Empty) {
            continue;
        }
        if visit(&sheet_row(row, &cells))? == Flow::Stop {
            return Ok(());
        }
    }
    Ok(())
}

fn sheet_row<'a>(row: u32, cells: &'a [DataRef<'a>]) -> Row<'a> {
    Row { line: u64::from(row) + 1, cells: Cells::Sheet(cells), unterminated: false }
}

fn borrowed(data: &Data) -> DataRef<'_> {
    match data {
        Data::Int(n) => DataRef::Int(*n),
        Data::Float(n) => DataRef::Float(*n),
        Data::String(t) | Data::DateTimeIso(t) | Data::DurationIso(t) => DataRef::SharedString(t),
        Data::Bool(b) => DataRef::Bool(*b),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::Error(e) => DataRef::Error(e.clone()),
        Data::Empty => DataRef::Empty,
    }
}

thread_local! {
    /// True while the workbook library works on this thread: its panics are reported as an error and not written to standard error.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

fn catching<T>(work: impl FnOnce() -> T) -> Result<T, FileError> {
    static SILENCE: Once = Once::new();
    SILENCE.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            if !CATCHING.get() {
                others(panic);
            }
        }));
    });
    let before = CATCHING.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(before);
    result.map_err(|_| FileError::BrokenWorkbook { reason: "its inner structure is damaged".to_owned() })
}

fn xlsx_error(error: &XlsxError) -> FileError {
    match error {
        XlsxError::Password => FileError::Protected,
        other => FileError::BrokenWorkbook { reason: other.to_string() },
    }
}

fn xls_error(error: &XlsError) -> FileError {
    match error {
        XlsError::Password => FileError::Protected,
        other => FileError::BrokenWorkbook { reason: other.to_string() },
    }
}
