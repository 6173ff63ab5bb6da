use moa_api::dto::period::PeriodChoice;
use moa_api::dto::settings::Workspace;

use super::{Answer, Opened, answer};

#[tauri::command]
#[specta::specta]
pub(crate) async fn workspace(opened: Opened<'_>) -> Answer<Workspace> {
    answer(opened.moa().await?.workspace().await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn period_choices(opened: Opened<'_>) -> Answer<Vec<PeriodChoice>> {
    Ok(moa_api::period_choices(opened.moa().await?.today()))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn load_sample(opened: Opened<'_>) -> Answer<String> {
    answer(opened.moa().await?.start_sample().await)
}
