use moa_api::ImportFile;
use moa_api::dto::import::{FileOutcome, ImportAnswers};
use serde::Deserialize;
use specta::Type;

use super::{Answer, Opened, answer};

/// A file with what was said about it.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct FileToImport {
    path: String,
    answers: ImportAnswers,
}

impl From<FileToImport> for ImportFile {
    fn from(file: FileToImport) -> Self {
        Self { path: file.path.into(), answers: file.answers }
    }
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_import(opened: Opened<'_>, files: Vec<FileToImport>) -> Answer<Vec<FileOutcome>> {
    answer(opened.moa().await?.preview_import(files.into_iter().map(ImportFile::from).collect()).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_import(opened: Opened<'_>, files: Vec<FileToImport>) -> Answer<String> {
    answer(opened.moa().await?.start_import(files.into_iter().map(ImportFile::from).collect()).await)
}
