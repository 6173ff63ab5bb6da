//! Why a report file is refused. The variants carry what a person needs to find the place; the Korean wording is composed elsewhere
//! from the same fields, so every field is public and every variant has a stable [`FileError::code`].
//!
//! The file's name is not repeated here: whoever called [`super::read_report`] knows it and puts it in front.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use moa_domain::{Currency, DateRange, Platform};

use super::field::Field;

/// A report file was refused as a whole: nothing of it may be stored.
///
/// `line` is the physical line of a text file or the row of a sheet, counted from 1; `column` the header as the file writes it.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No bytes, or nothing but blanks.
    #[error("the file is empty")]
    Empty,
    /// A header without a single row of figures under it.
    #[error("the file has a header (line {header_line}) but no rows of figures under it ({dropped} total or blank rows were left out)")]
    NoRows { header_line: u64, dropped: usize },
    #[error("the file is larger than {} MiB; export a shorter period", limit / (1 << 20))]
    TooLarge { limit: u64 },
    #[error("the file has more than {limit} rows; export it month by month")]
    TooManyRows { limit: usize },
    /// A workbook that unpacks to far more than its own size.
    #[error("the workbook unpacks to more than {} MiB and was not opened; save the one sheet as a file of its own", limit / (1 << 20))]
    ZipBomb { limit: u64 },
    #[error("the workbook is protected by a password; save it without one")]
    Protected,
    #[error("this is not a report: no row of its beginning looks like a header ({})", shown(first_cells))]
    NotAReport { first_cells: Vec<String> },
    #[error("the file ends in the middle of line {line} ({why}); export or copy it again")]
    Truncated { line: u64, why: Cut },
    #[error("line {line} is not readable text in any of UTF-8, UTF-16 and CP949; save the file as CSV UTF-8 or XLSX")]
    Undecodable { line: u64 },
    #[error("the file is not a table but {what}")]
    Binary { what: Foreign },
    #[error("the workbook cannot be read: {reason}")]
    BrokenWorkbook { reason: String },
    /// The wanted sheet is not there, or several could be meant.
    #[error("{} the workbook has {}; name one with --sheet", no_sheet(wanted.as_deref()), shown(sheets))]
    UnknownSheet { wanted: Option<String>, sheets: Vec<String> },
    #[error("which platform the file comes from cannot be told ({}); name it with --platform", codes(candidates))]
    NeedsPlatform { candidates: Vec<Platform>, columns: Vec<String> },
    #[error("the file does not say its currency; name it with --currency")]
    NeedsCurrency { platform: Option<Platform>, line: Option<u64>, columns: Vec<String> },
    #[error("the file does not say whether its amounts hold VAT; say so with --vat included or --vat excluded")]
    NeedsVat {
        platform: Option<Platform>,
        line: Option<u64>,
        columns: Vec<String>,
        /// The console this export comes from says nothing of VAT, and another console of the same platform may count otherwise: the
        /// basis known of an ad account is no answer.
        by_export: bool,
    },
    #[error("{value:?} in column {column:?} (line {line}) can be two days; say whether the day or the month comes first")]
    NeedsDateOrder { line: u64, column: String, value: String },
    /// `sample` holds the first rows under the header, for a person who names the columns.
    #[error("columns are missing: {}; name them with --map FIELD=COLUMN (the file has {})", fields(missing), shown(columns))]
    NeedsMapping { missing: Vec<Field>, columns: Vec<String>, sample: Vec<Vec<String>> },
    #[error("--map {field}={wanted}: there is no such column (the file has {})", shown(columns))]
    UnknownColumn { field: Field, wanted: String, columns: Vec<String> },
    /// Two rows of one campaign and day differ only in columns that are not read.
    #[error(
        "lines {first_line} and {line} are the same campaign and day and differ in {}; to add them up, say so with --map breakdown={}",
        shown(columns), columns.first().map_or("", String::as_str)
    )]
    NeedsConfirmation { line: u64, first_line: u64, columns: Vec<String> },
    /// Figures of several days in one row. They are never spread over the days.
    #[error("the file has one row per {span} and not per day{}; export it again with the day segment (일별)", over(range.as_ref()))]
    AggregateOnly { range: Option<DateRange>, span: Span, line: Option<u64> },
    /// A Naver large report that cannot give campaign figures by itself.
    #[error("a Naver {kind} report cannot be imported: {why}")]
    PartialReport { kind: &'static str, why: Partial },
    #[error("line {line}, column {column:?}: {value:?} {why}")]
    BadValue { line: u64, column: String, value: String, why: Bad },
    #[error("line {line}, column {column:?}: {value} is negative; impressions and clicks cannot be")]
    NegativeCount { line: u64, column: String, value: String },
    #[error("line {line}, column {column:?}: {date} lies outside {from} to {to}")]
    DateOutOfRange { line: u64, column: String, date: NaiveDate, from: NaiveDate, to: NaiveDate },
    #[error("line {line} has {cells} cells, the header {columns}; a separator inside a value is probably not quoted")]
    TooManyCells { line: u64, cells: usize, columns: usize },
    /// More columns than any spreadsheet has.
    #[error("line {line} has more than {limit} columns; this is not a report")]
    TooManyColumns { line: u64, limit: usize },
    #[error("line {line} repeats line {first_line}: same campaign, day and breakdown")]
    Duplicate { line: u64, first_line: u64 },
    #[error("the cost column is in {cost} and the revenue column in {revenue}; one row cannot hold two currencies")]
    CurrenciesDiffer { cost: Currency, revenue: Currency },
    #[error("the file cannot be read: {source}")]
    Io {
        #[from]
        source: std::io::Error,
    },
}

/// What a file is that is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    Pdf,
    Picture,
    /// An archive that must be unpacked first.
    Archive,
    Program,
    Database,
    Document,
    Folder,
    Bytes,
}

impl Foreign {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pdf => "is_pdf",
            Self::Picture => "is_picture",
            Self::Archive => "is_archive",
            Self::Program => "is_program",
            Self::Database => "is_database",
            Self::Document => "is_document",
            Self::Folder => "is_folder",
            Self::Bytes => "is_binary",
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pdf => "a PDF document",
            Self::Picture => "a picture",
            Self::Archive => "an archive; unpack it and import what is inside",
            Self::Program => "a program",
            Self::Database => "a database",
            Self::Document => "a text document",
            Self::Folder => "a folder",
            Self::Bytes => "binary data",
        })
    }
}

/// Why a Naver large report cannot give campaign figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partial {
    /// Search-term reports leave out placements.
    SearchTerms,
    NoCampaigns,
    Products,
    /// Extensions' figures are part of the ads' own.
    Extensions,
}

impl Partial {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SearchTerms => "partial_search_terms",
            Self::NoCampaigns => "partial_no_campaigns",
            Self::Products => "partial_products",
            Self::Extensions => "partial_extensions",
        }
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SearchTerms => "it leaves out placements, so campaign totals would be too small; use the AD or AD_DETAIL report",
            Self::NoCampaigns => "it has no campaign ids; use the AD or AD_DETAIL report",
            Self::Products => "it holds single products; use the AD or AD_DETAIL report",
            Self::Extensions => "its figures are part of the ads' own and would be counted twice; use the AD or AD_DETAIL report",
        })
    }
}

/// What was cut off at the end of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// A quoted cell that begins on this line is never closed.
    OpenQuote,
    /// The last line has fewer cells than the header and no line end.
    MissingCells,
    /// The last character is incomplete.
    HalfCharacter,
    /// The line goes on for megabytes.
    LongLine,
}

impl Cut {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OpenQuote => "open_quote",
            Self::MissingCells => "missing_cells",
            Self::HalfCharacter => "half_character",
            Self::LongLine => "long_line",
        }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OpenQuote => "a quoted cell is never closed",
            Self::MissingCells => "cells are missing",
            Self::HalfCharacter => "the last character is incomplete",
            Self::LongLine => "the line does not end for megabytes",
        })
    }
}

/// What one row of an aggregate file covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Week,
    Month,
    Period,
}

impl Span {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Week => "span_week",
            Self::Month => "span_month",
            Self::Period => "span_period",
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Period => "period",
        })
    }
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    NotANumber,
    /// Impressions, clicks and the like are whole.
    NotWhole,
    TooLarge,
    /// Fits alone and not together with the rows before.
    SumTooLarge,
    /// A percentage where a count or an amount belongs.
    Percent,
    /// `1.23E+07`: a spreadsheet has thrown digits away.
    LostDigits,
    NotADate,
    /// A month and a day, and nothing in the file says the year.
    NoYear,
    NoDate,
    NotAnHour,
    NoCampaign,
    NotACurrency,
    NotAVatBasis,
    /// Characters that no text holds, such as NUL.
    NotText,
}

impl Bad {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::NotWhole => "not_whole",
            Self::TooLarge => "too_large",
            Self::SumTooLarge => "sum_too_large",
            Self::Percent => "percent",
            Self::LostDigits => "lost_digits",
            Self::NotADate => "not_a_date",
            Self::NoYear => "no_year",
            Self::NoDate => "no_date",
            Self::NotAnHour => "not_an_hour",
            Self::NoCampaign => "no_campaign",
            Self::NotACurrency => "not_a_currency",
            Self::NotAVatBasis => "not_a_vat_basis",
            Self::NotText => "not_text",
        }
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "is not a number",
            Self::NotWhole => "is not a whole number",
            Self::TooLarge => "is too large to be true",
            Self::SumTooLarge => "makes the sum of the file too large to be true",
            Self::Percent => "is a percentage, not a count or an amount",
            Self::LostDigits => "has lost digits in a spreadsheet; format the column as a number and save again",
            Self::NotADate => "is not a date",
            Self::NoYear => "does not say the year",
            Self::NoDate => "should be a date",
            Self::NotAnHour => "is not an hour of the day",
            Self::NoCampaign => "should name a campaign",
            Self::NotACurrency => "is not a currency code",
            Self::NotAVatBasis => "does not say whether VAT is included or excluded",
            Self::NotText => "holds characters that are no text",
        })
    }
}

impl FileError {
    /// The stable code of the error, for choosing its sentence.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoRows { .. } => "no_rows",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::ZipBomb { .. } => "zip_bomb",
            Self::Protected => "protected",
            Self::NotAReport { .. } => "not_a_report",
            Self::Truncated { .. } => "truncated",
            Self::Undecodable { .. } => "undecodable",
            Self::Binary { .. } => "binary",
            Self::BrokenWorkbook { .. } => "broken_workbook",
            Self::UnknownSheet { .. } => "unknown_sheet",
            Self::NeedsPlatform { .. } => "needs_platform",
            Self::NeedsCurrency { .. } => "needs_currency",
            Self::NeedsVat { .. } => "needs_vat",
            Self::NeedsDateOrder { .. } => "needs_date_order",
            Self::NeedsMapping { .. } => "needs_mapping",
            Self::UnknownColumn { .. } => "unknown_column",
            Self::NeedsConfirmation { .. } => "needs_confirmation",
            Self::AggregateOnly { .. } => "aggregate_only",
            Self::PartialReport { .. } => "partial_report",
            Self::BadValue { .. } => "bad_value",
            Self::NegativeCount { .. } => "negative_count",
            Self::DateOutOfRange { .. } => "date_out_of_range",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::Duplicate { .. } => "duplicate",
            Self::CurrenciesDiffer { .. } => "currencies_differ",
            Self::Io { .. } => "io",
        }
    }

    /// The line or sheet row, where the error has one.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Truncated { line, .. }
            | Self::Undecodable { line }
            | Self::NeedsDateOrder { line, .. }
            | Self::NeedsConfirmation { line, .. }
            | Self::BadValue { line, .. }
            | Self::NegativeCount { line, .. }
            | Self::DateOutOfRange { line, .. }
            | Self::TooManyCells { line, .. }
            | Self::TooManyColumns { line, .. }
            | Self::Duplicate { line, .. }
            | Self::NoRows { header_line: line, .. } => Some(*line),
            Self::NeedsCurrency { line, .. } | Self::NeedsVat { line, .. } | Self::AggregateOnly { line, .. } => *line,
            Self::Empty
            | Self::TooLarge { .. }
            | Self::TooManyRows { .. }
            | Self::ZipBomb { .. }
            | Self::Protected
            | Self::NotAReport { .. }
            | Self::Binary { .. }
            | Self::BrokenWorkbook { .. }
            | Self::UnknownSheet { .. }
            | Self::NeedsPlatform { .. }
            | Self::NeedsMapping { .. }
            | Self::UnknownColumn { .. }
            | Self::PartialReport { .. }
            | Self::CurrenciesDiffer { .. }
            | Self::Io { .. } => None,
        }
    }

    /// True when an option (`--platform`, `--currency`, `--vat`, `--map`, `--sheet` …) would let the file in.
    #[must_use]
    pub const fn is_question(&self) -> bool {
        matches!(
            self,
            Self::NeedsPlatform { .. }
                | Self::NeedsCurrency { .. }
                | Self::NeedsVat { .. }
                | Self::NeedsDateOrder { .. }
                | Self::NeedsMapping { .. }
                | Self::NeedsConfirmation { .. }
                | Self::UnknownSheet { .. }
                | Self::UnknownColumn { .. }
        )
    }

    /// The header of the column the error is about.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::NeedsDateOrder { column, .. }
            | Self::BadValue { column, .. }
            | Self::NegativeCount { column, .. }
            | Self::DateOutOfRange { column, .. } => Some(column),
            _ => None,
        }
    }

    /// What the sentence of [`Self::code`] needs, by name. Lists are joined with `, `; `why` is a code with words of its own.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        let mut put = |name: &str, value: String| {
            values.insert(name.to_owned(), value);
        };
        if let Some(line) = self.line() {
            put("line", line.to_string());
        }
        if let Some(column) = self.column() {
            put("column", column.to_owned());
        }
        match self {
            Self::NoRows { dropped, .. } => put("dropped", dropped.to_string()),
            Self::TooLarge { limit } | Self::ZipBomb { limit } => put("limit_mib", (limit >> 20).to_string()),
            Self::TooManyRows { limit } => put("limit", limit.to_string()),
            Self::NotAReport { first_cells } => put("first_cells", shown(first_cells)),
            Self::Truncated { why, .. } => put("why", why.code().to_owned()),
            Self::Binary { what } => put("why", what.code().to_owned()),
            Self::BrokenWorkbook { reason } => put("reason", reason.clone()),
            Self::UnknownSheet { wanted, sheets } => {
                put("wanted", wanted.clone().unwrap_or_default());
                put("sheets", shown(sheets));
            }
            Self::NeedsPlatform { candidates, columns } => {
                put("candidates", codes(candidates));
                put("columns", shown(columns));
            }
            Self::NeedsCurrency { platform, .. } | Self::NeedsVat { platform, .. } => {
                put("platform", platform.as_ref().map(|p| p.code().to_owned()).unwrap_or_default());
            }
            Self::NeedsDateOrder { value, .. } | Self::NegativeCount { value, .. } => put("value", value.clone()),
            Self::NeedsMapping { missing, columns, .. } => {
                put("missing", fields(missing));
                put("columns", shown(columns));
            }
            Self::UnknownColumn { field, wanted, columns } => {
                put("field", field.to_string());
                put("wanted", wanted.clone());
                put("columns", shown(columns));
            }
            Self::NeedsConfirmation { first_line, columns, .. } => {
                put("first_line", first_line.to_string());
                put("columns", shown(columns));
            }
            Self::AggregateOnly { range, span, .. } => {
                put("why", span.code().to_owned());
                if let Some(range) = range {
                    put("from", range.from.to_string());
                    put("to", range.to.to_string());
                }
            }
            Self::PartialReport { kind, why } => {
                put("kind", (*kind).to_owned());
                put("why", why.code().to_owned());
            }
            Self::BadValue { value, why, .. } => {
                put("value", value.clone());
                put("why", why.code().to_owned());
            }
            Self::DateOutOfRange { date, from, to, .. } => {
                put("value", date.to_string());
                put("from", from.to_string());
                put("to", to.to_string());
            }
            Self::TooManyCells { cells, columns, .. } => {
                put("cells", cells.to_string());
                put("columns", columns.to_string());
            }
            Self::Duplicate { first_line, .. } => put("first_line", first_line.to_string()),
            Self::CurrenciesDiffer { cost, revenue } => {
                put("cost", cost.to_string());
                put("revenue", revenue.to_string());
            }
            Self::TooManyColumns { limit, .. } => put("limit", limit.to_string()),
            Self::Io { source } => {
                put("reason", source.to_string());
                put("why", io_code(source).to_owned());
            }
            Self::Empty | Self::Protected | Self::Undecodable { .. } => {}
        }
        values
    }

    pub(crate) fn bad(line: u64, column: &str, value: &str, why: Bad) -> Self {
        Self::BadValue { line, column: column.to_owned(), value: excerpt(value), why }
    }
}

/// What kept the file from being read, where it is one of the usual things.
fn io_code(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "io_not_found",
        ErrorKind::PermissionDenied => "io_no_permission",
        // A file that another program keeps to itself: a workbook that is open in Excel.
        _ if error.raw_os_error() == Some(32) && cfg!(windows) => "io_in_use",
        ErrorKind::ResourceBusy => "io_in_use",
        ErrorKind::NotADirectory | ErrorKind::InvalidFilename | ErrorKind::InvalidInput => "io_not_found",
        _ => "io_other",
    }
}

/// At most 60 characters of a value from a file, without control characters.
pub(crate) fn excerpt(value: &str) -> String {
    let mut text: String = value.trim().chars().filter(|c| !c.is_control()).take(60).collect();
    if value.trim().chars().count() > 60 {
        text.push('…');
    }
    text
}

fn shown(texts: &[String]) -> String {
    if texts.is_empty() {
        return "nothing".to_owned();
    }
    let mut line = texts.iter().take(12).map(|t| excerpt(t)).collect::<Vec<_>>().join(", ");
    if texts.len() > 12 {
        line.push_str(", …");
    }
    line
}

fn codes(platforms: &[Platform]) -> String {
    platforms.iter().map(Platform::code).collect::<Vec<_>>().join(", ")
}

fn fields(missing: &[Field]) -> String {
    missing.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ")
}

fn over(range: Option<&DateRange>) -> String {
    range.map_or_else(String::new, |r| format!(" ({} to {})", r.from, r.to))
}

fn no_sheet(wanted: Option<&str>) -> String {
    wanted.map_or_else(|| "which sheet is meant cannot be told:".to_owned(), |name| format!("there is no sheet {name:?}:"))
}
