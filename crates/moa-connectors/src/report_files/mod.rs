//! Hand-exported report files: recognise, map and read CSV, TSV, XLSX, XLS and HTML tables of the ad consoles.
//!
//! [`read_report`] takes a path and what is known beforehand and gives typed rows, or one [`FileError`] that says what is wrong and where.
//! **Invariants:** a file is read as a whole or not at all; nothing is guessed that changes money (platform, currency, VAT basis, day);
//! memory is bounded whatever the bytes are; no input makes it panic.

mod aliases;
mod attributes;
mod channels;
mod container;
mod counts;
mod days;
mod delimited;
mod drop;
mod encoding;
mod error;
mod field;
mod figures;
mod header;
mod html_table;
mod mapping;
mod naver_brand;
mod naver_large;
mod old_workbook;
mod plan;
mod preamble;
mod read;
mod report;
mod row;
mod screening;
mod settle;
mod signature;
mod sink;
mod table;
mod values;
mod workbook;

pub use error::{Bad, Cut, FileError, Foreign, Partial, Span};
pub use field::{Field, NotAField};
pub use read::{read_report, read_report_bytes};
pub use report::{
    AccountHint, CampaignAttributes, ColumnNote, ColumnUse, DropReason, DroppedRow, Extras, FileRow, Grain, Layout, Measures, Note,
    ReadOptions, ReportFile,
};
pub use values::date::DateOrder;
