use moa_api::dto::client::{ClientDto, ClientInput, ClientsOverview};
use moa_api::dto::period::{Comparison, ShownBasis};
use moa_api::parse_range;

use super::{Answer, Opened, answer};

#[tauri::command]
#[specta::specta]
pub(crate) async fn client_list(opened: Opened<'_>) -> Answer<Vec<ClientDto>> {
    answer(opened.moa().await?.client_list().await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn clients_overview(
    opened: Opened<'_>,
    from: String,
    to: String,
    comparison: Comparison,
    basis: ShownBasis,
) -> Answer<ClientsOverview> {
    let range = answer(parse_range(&from, &to))?;
    answer(opened.moa().await?.clients_overview(range, comparison, basis).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn add_client(opened: Opened<'_>, input: ClientInput) -> Answer<ClientDto> {
    answer(opened.moa().await?.add_client(&input).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn edit_client(opened: Opened<'_>, id: i32, input: ClientInput) -> Answer<ClientDto> {
    answer(opened.moa().await?.edit_client(id, &input).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_client(opened: Opened<'_>, id: i32) -> Answer<()> {
    answer(opened.moa().await?.remove_client(id).await)
}
