use moa_api::dto::dashboard::{Dashboard, DashboardQuestion, RevisionDto};
use moa_api::parse_range;

use super::{Answer, Opened, answer};

#[tauri::command]
#[specta::specta]
pub(crate) async fn dashboard(opened: Opened<'_>, question: DashboardQuestion) -> Answer<Dashboard> {
    answer(opened.moa().await?.dashboard(&question).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn revisions(opened: Opened<'_>, client_id: i32, from: String, to: String) -> Answer<Vec<RevisionDto>> {
    let range = answer(parse_range(&from, &to))?;
    answer(opened.moa().await?.revisions(client_id, range).await)
}
