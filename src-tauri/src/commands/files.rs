//! Asking for files, and opening what was made. The window itself never touches the disk.

use std::path::{Path, PathBuf};

use moa_api::ErrorDto;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

use super::Answer;

/// What can be opened from the window: reports and backups.
const OPENED: [&str; 3] = ["pdf", "xlsx", "moabackup"];
const REPORT_FILES: [&str; 6] = ["csv", "tsv", "txt", "xlsx", "xls", "xlsm"];

#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_files(app: AppHandle) -> Answer<Vec<String>> {
    let (sender, chosen) = oneshot::channel();
    app.dialog().file().add_filter("CSV · TSV · Excel", &REPORT_FILES).pick_files(move |files| drop(sender.send(files)));
    Ok(chosen.await.ok().flatten().unwrap_or_default().into_iter().filter_map(path_text).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(app: AppHandle) -> Answer<Option<String>> {
    let (sender, chosen) = oneshot::channel();
    app.dialog().file().pick_folder(move |folder| drop(sender.send(folder)));
    Ok(chosen.await.ok().flatten().and_then(path_text))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_save_file(app: AppHandle, suggested_name: String) -> Answer<Option<String>> {
    let (sender, chosen) = oneshot::channel();
    app.dialog().file().set_file_name(suggested_name).save_file(move |file| drop(sender.send(file)));
    Ok(chosen.await.ok().flatten().and_then(path_text))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn open_path(app: AppHandle, path: String) -> Answer<()> {
    let known = Path::new(&path).extension().and_then(|ending| ending.to_str()).is_some_and(|ending| OPENED.contains(&ending));
    if !known {
        return Err(refused(&path, "not a report"));
    }
    app.opener().open_path(path.clone(), None::<&str>).map_err(|error| refused(&path, &error.to_string()))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn reveal_path(app: AppHandle, path: String) -> Answer<()> {
    app.opener().reveal_item_in_dir(PathBuf::from(&path)).map_err(|error| refused(&path, &error.to_string()))
}

fn path_text(path: FilePath) -> Option<String> {
    path.into_path().ok().map(|path| path.display().to_string())
}

fn refused(path: &str, reason: &str) -> ErrorDto {
    let values = [("path".to_owned(), path.to_owned()), ("reason".to_owned(), reason.to_owned())];
    ErrorDto { code: "write_failed".to_owned(), values: values.into() }
}
