use moa_api::dto::settings::{DatabaseTest, ResealedDto, Settings};

use super::{Answer, Opened, answer};
use crate::database;

#[tauri::command]
#[specta::specta]
pub(crate) async fn save_settings(opened: Opened<'_>, settings: Settings) -> Answer<()> {
    answer(opened.moa().await?.save_settings(&settings).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn test_database(url: String) -> Answer<DatabaseTest> {
    Ok(moa_api::Moa::test_database(&url).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn use_database(url: Option<String>) -> Answer<()> {
    answer(database::data_folder().and_then(|folder| moa_door::choose_server(&folder, url.as_deref())))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_backup(opened: Opened<'_>, path: String) -> Answer<String> {
    answer(opened.moa().await?.start_backup(path).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_sealing_key(opened: Opened<'_>) -> Answer<ResealedDto> {
    answer(opened.moa().await?.renew_sealing_key().await)
}
