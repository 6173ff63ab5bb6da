use std::time::Duration;

use moa_api::dto::connection::{
    AccountChoice, AccountDto, AppDto, ClaimDto, ClaimedDto, ConnectedDto, ConversionKindDto, FigureSource, PlatformSetup, SignedInDto,
    SyncAsk, SyncStoryRow,
};
use moa_api::{NewKeys, parse_range};
use moa_text::Lang;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use super::{Answer, Opened, answer};

/// How long a person has for the sign-in in the browser.
const PATIENCE: Duration = Duration::from_secs(600);

#[tauri::command]
#[specta::specta]
pub(crate) async fn platform_setups(opened: Opened<'_>) -> Answer<Vec<PlatformSetup>> {
    answer(opened.moa().await?.platform_setups().await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn set_app(opened: Opened<'_>, platform: String, client_id: String, secret: Option<String>) -> Answer<AppDto> {
    answer(opened.moa().await?.set_app(&platform, &client_id, secret.map(Into::into)).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(app: AppHandle, opened: Opened<'_>, platform: String, lang: String) -> Answer<SignedInDto> {
    let lang = if lang == "en" { Lang::En } else { Lang::Ko };
    let open = move |url: &str| {
        if let Err(error) = app.opener().open_url(url, None::<&str>) {
            tracing::warn!(%error, "the browser could not be opened");
        }
    };
    answer(opened.moa().await?.sign_in(&platform, lang, PATIENCE, &open).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sign_in(opened: Opened<'_>) -> Answer<()> {
    opened.moa().await?.cancel_sign_in();
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_with_keys(
    opened: Opened<'_>,
    platform: String,
    customers: Vec<String>,
    license: String,
    secret: String,
) -> Answer<SignedInDto> {
    let keys = NewKeys { customers, license, secret: secret.into() };
    answer(opened.moa().await?.sign_in_with_keys(&platform, keys).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_with_token(opened: Opened<'_>, platform: String, token: String) -> Answer<SignedInDto> {
    answer(opened.moa().await?.sign_in_with_token(&platform, token.into()).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn connect_accounts(
    opened: Opened<'_>,
    signed_in: String,
    choices: Vec<AccountChoice>,
    vat: Option<String>,
) -> Answer<ConnectedDto> {
    answer(opened.moa().await?.connect_accounts(&signed_in, &choices, vat.as_deref()).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn account_list(opened: Opened<'_>) -> Answer<Vec<AccountDto>> {
    answer(opened.moa().await?.account_list().await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn assign_account(opened: Opened<'_>, account: i32, client: String) -> Answer<AccountDto> {
    answer(opened.moa().await?.assign_account(&format!("#{account}"), &client).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_account_vat(opened: Opened<'_>, account: i32, vat: String) -> Answer<AccountDto> {
    answer(opened.moa().await?.confirm_account_vat(&format!("#{account}"), &vat).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn disconnect_account(opened: Opened<'_>, account: i32) -> Answer<AccountDto> {
    answer(opened.moa().await?.disconnect_account(&format!("#{account}")).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn claimable_accounts(opened: Opened<'_>) -> Answer<Vec<ClaimDto>> {
    answer(opened.moa().await?.claimable_accounts().await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn claim_account(opened: Opened<'_>, from: i32, into: i32) -> Answer<ClaimedDto> {
    answer(opened.moa().await?.claim_account(&format!("#{from}"), &format!("#{into}")).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_story(opened: Opened<'_>, account: i32) -> Answer<Vec<SyncStoryRow>> {
    answer(opened.moa().await?.sync_story(account).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn figure_sources(opened: Opened<'_>, client_id: i32, from: String, to: String) -> Answer<Vec<FigureSource>> {
    let range = answer(parse_range(&from, &to))?;
    answer(opened.moa().await?.figure_sources(client_id, range).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn conversion_kinds(opened: Opened<'_>, client_id: i32) -> Answer<Vec<ConversionKindDto>> {
    answer(opened.moa().await?.conversion_kinds(client_id).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_conversion_kinds(opened: Opened<'_>, client_id: i32, platform: String, kinds: Vec<String>) -> Answer<()> {
    answer(opened.moa().await?.choose_conversion_kinds(client_id, &platform, &kinds).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_sync(opened: Opened<'_>, ask: SyncAsk) -> Answer<String> {
    answer(opened.moa().await?.start_sync(ask).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_reconcile(opened: Opened<'_>, client: String, from: String, to: String) -> Answer<String> {
    let range = answer(parse_range(&from, &to))?;
    answer(opened.moa().await?.start_reconcile(client, range).await)
}
