//! Reports: one click, a PDF and a workbook.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::period::ShownBasis;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReportPeriod {
    Daily,
    Weekly,
    Monthly,
    Custom,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
pub struct ReportRequest {
    pub client_id: i32,
    pub period: ReportPeriod,
    pub from: String,
    pub to: String,
    pub basis: ShownBasis,
    /// Folder the files go to; `None` = the user's reports folder.
    pub folder: Option<String>,
    pub pdf: bool,
    pub xlsx: bool,
    /// Two lines of comment for the report, optional.
    pub comment: Option<String>,
    /// `ko` or `en`.
    pub lang: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ReportDto {
    pub id: String,
    pub client: String,
    pub period: ReportPeriod,
    pub from: String,
    pub to: String,
    /// `completed`, `held` or `failed`.
    pub status: String,
    /// Why it should be looked at before it is sent.
    pub held_for: Vec<HeldReason>,
    pub pdf: Option<String>,
    pub xlsx: Option<String>,
    pub created_at: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct HeldReason {
    pub code: String,
    pub message: String,
    pub cure: String,
}
