use moa_api::dto::job::JobDto;

use super::{Answer, Opened, answer};

#[tauri::command]
#[specta::specta]
pub(crate) async fn jobs(opened: Opened<'_>) -> Answer<Vec<JobDto>> {
    answer(opened.moa().await?.jobs().await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn job(opened: Opened<'_>, id: String) -> Answer<JobDto> {
    answer(opened.moa().await?.job(&id).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_job(opened: Opened<'_>, id: String) -> Answer<()> {
    answer(opened.moa().await?.cancel_job(&id))
}
