//! What a person said about a file's columns, kept for the next file with the same headers.

use moa_connectors::report_files::{FileError, ReadOptions, ReportFile};
use moa_domain::{Currency, Platform, VatBasis};
use moa_store::{Client, Store};
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// One remembered answer: for a client's file with these headers, in this sheet.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answer {
    platform: Option<Platform>,
    currency: Option<Currency>,
    vat: Option<VatBasis>,
    sheet: Option<String>,
    /// Canonical field and column.
    mapping: Vec<(String, String)>,
    /// Headers of the file the answer was given for.
    headers: Vec<String>,
}

/// All a client's remembered answers.
pub(crate) struct Remembered(Vec<Answer>);

impl Remembered {
    pub(crate) async fn load(store: &Store, client: &Client) -> Result<Self, ApiError> {
        let answers = store.import_mappings(client.id).await?;
        // A mapping an older version wrote in another form is not an answer any more; the person is asked again.
        Ok(Self(answers.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect()))
    }

    /// Fills what the reader asked for from an earlier answer about a file with the same columns or sheet.
    pub(crate) fn answer(&self, question: &FileError, options: &mut ReadOptions) -> bool {
        let found = self.0.iter().rev().find(|answer| match question {
            FileError::NeedsMapping { columns, .. } => same_columns(columns, &answer.headers),
            FileError::NeedsPlatform { columns, .. } | FileError::NeedsVat { columns, .. } | FileError::NeedsCurrency { columns, .. } => {
                same_columns(columns, &answer.headers)
            }
            FileError::UnknownSheet { sheets, .. } => answer.sheet.as_ref().is_some_and(|sheet| sheets.contains(sheet)),
            _ => false,
        });
        let Some(answer) = found else { return false };
        if options.mapping.is_empty() {
            options.mapping = answer.mapping.iter().filter_map(|(field, column)| Some((field.parse().ok()?, column.clone()))).collect();
        }
        options.platform = options.platform.take().or_else(|| answer.platform.clone());
        options.currency = options.currency.or(answer.currency);
        options.vat = options.vat.or(answer.vat);
        options.sheet = options.sheet.take().or_else(|| answer.sheet.clone());
        true
    }
}

fn same_columns(asked: &[String], known: &[String]) -> bool {
    !asked.is_empty() && asked == known
}

/// Keeps what was said about this file, if anything was.
pub(crate) async fn remember(store: &Store, client: &Client, report: &ReportFile, options: &ReadOptions) -> Result<(), ApiError> {
    let of_money = options.currency.is_some() || options.vat.is_some();
    let said = !options.mapping.is_empty() || options.platform.is_some() || of_money || options.sheet.is_some();
    if !said {
        return Ok(());
    }
    let headers: Vec<String> = report.columns.iter().map(|column| column.header.clone()).collect();
    let answer = Answer {
        platform: options.platform.clone(),
        currency: options.currency,
        vat: options.vat,
        sheet: options.sheet.clone(),
        mapping: options.mapping.iter().map(|(field, column)| (field.as_str().to_owned(), column.clone())).collect(),
        headers: headers.clone(),
    };
    let value = serde_json::to_value(&answer).map_err(|error| ApiError::failure("internal", [("reason", error.to_string())]))?;
    store.remember_import_mapping(client.id, &headers.join("\u{1f}"), value).await?;
    Ok(())
}
