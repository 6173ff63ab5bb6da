//! Why a report could not be made.

use std::path::PathBuf;

use crate::fonts::Face;

/// A report that could not become bytes. None of these depends on a figure: a document with any values can be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("the font file {path} could not be read")]
    FontFile {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the font for {face:?} is not a TrueType font")]
    FontBroken { face: Face },
    #[error("the glyphs used of the font for {face:?} could not be cut out: {reason}")]
    FontSubset { face: Face, reason: String },
    #[error("the PDF could not be written: {reason}")]
    Pdf { reason: String },
    #[error("the workbook could not be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}
