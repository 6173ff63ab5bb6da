//! Import of report files: a preview that asks and explains, then the write.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::DecimalText;
use crate::error::ErrorDto;

/// What a person may say about the files; everything the files state themselves may stay `None`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Type)]
pub struct ImportAnswers {
    pub client_id: i32,
    /// Platform code.
    pub platform: Option<String>,
    pub account: Option<String>,
    pub currency: Option<String>,
    /// `included` or `excluded`.
    pub vat: Option<String>,
    pub sheet: Option<String>,
    /// `day_first` or `month_first`.
    pub date_order: Option<String>,
    /// Canonical field → column header, letter or number.
    pub mapping: Vec<FieldColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldColumn {
    pub field: String,
    pub column: String,
}

/// What an import of one file would do, or did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct FileOutcome {
    /// File name without its folder.
    pub file: String,
    /// Full path, to run the same file again with answers.
    pub path: String,
    /// `None` while a question is open or the file was refused.
    pub done: Option<ImportedFile>,
    /// What must be answered before the file can be read.
    pub question: Option<ImportQuestion>,
    pub error: Option<ErrorDto>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ImportedFile {
    pub platform: String,
    pub account: String,
    pub from: Option<String>,
    pub to: Option<String>,
    /// `daily` or `hourly`.
    pub grain: String,
    /// `ad_group`, `keyword` … kept in the breakdown.
    pub dimensions: Vec<String>,
    pub rows_read: u32,
    pub rows_written: u32,
    pub rows_unchanged: u32,
    pub rows_restated: u32,
    pub dropped: Vec<DroppedLine>,
    /// One entry per money kind, in the file's own basis.
    pub totals: Vec<KindTotals>,
    pub campaigns: u32,
    pub columns: Vec<ColumnUsed>,
    /// Stable note codes with values, worded by locale: see `locales/*/ui.json` `import.note.*`.
    pub notes: Vec<NoteDto>,
    pub encoding: String,
    pub sheet: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct NoteDto {
    pub code: String,
    pub values: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ColumnUsed {
    pub header: String,
    /// Canonical field; `None` for a column that is not read.
    pub field: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct DroppedLine {
    pub line: u32,
    /// `total`, `blank`, `repeated_header`, `footnote`, `summary`.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct KindTotals {
    pub currency: String,
    pub vat: String,
    pub impressions: DecimalText,
    pub clicks: DecimalText,
    pub cost: DecimalText,
    pub conversions: DecimalText,
    pub revenue: DecimalText,
}

/// A question the file cannot answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ImportQuestion {
    /// Which platform is this of? The likely ones first.
    Platform {
        candidates: Vec<String>,
    },
    Currency,
    /// Does cost include VAT?
    Vat,
    /// Which ad account of the client?
    Account {
        candidates: Vec<String>,
    },
    /// Day before month, or month before day?
    DateOrder,
    /// Which sheet of the workbook?
    Sheet {
        sheets: Vec<String>,
    },
    /// Which columns hold what?
    Mapping {
        missing: Vec<String>,
        columns: Vec<String>,
        sample: Vec<Vec<String>>,
    },
    /// The same campaign and day stand twice: is there a dimension we did not read?
    Duplicate {
        line: u32,
        first_line: u32,
        columns: Vec<String>,
    },
}
