use moa_api::dto::report::{ReportDto, ReportRequest};

use super::{Answer, Opened, answer};

#[tauri::command]
#[specta::specta]
pub(crate) async fn reports(opened: Opened<'_>, client_id: i32) -> Answer<Vec<ReportDto>> {
    answer(opened.moa().await?.reports(client_id).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_report(opened: Opened<'_>, request: ReportRequest) -> Answer<String> {
    answer(opened.moa().await?.start_report(request).await)
}
