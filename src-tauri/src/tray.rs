//! The tray: closing the window leaves Moa syncing where somebody wants that and there is something to sync.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use moa_api::dto::connection::{AccountHealth, SyncAsk};
use moa_api::tags::CacheTag;
use moa_api::{ApiError, Moa, MoaEvent};
use moa_text::{Lang, text};
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, WindowEvent};
use tokio::sync::broadcast::error::RecvError;

const ID: &str = "moa";
const OPEN: &str = "open";
const SYNC: &str = "sync";
const QUIT: &str = "quit";

/// What the tray says. `None` while there is no tray, and closing the window ends the program.
#[derive(Default)]
pub(crate) struct Tray(Mutex<Option<Said>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    lang: Lang,
    accounts: usize,
    /// Accounts somebody has to look after.
    troubled: usize,
}

impl Tray {
    fn said(&self) -> Option<Said> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// Keeps the tray as settings and accounts want it, for as long as the program runs.
pub(crate) async fn keep(app: AppHandle, moa: Moa) {
    let mut events = moa.events();
    loop {
        match wanted(&moa).await {
            Ok(wanted) => {
                let handle = app.clone();
                if let Err(error) = app.run_on_main_thread(move || show(&handle, wanted)) {
                    tracing::warn!(%error, "the tray could not be changed");
                }
            }
            Err(error) => tracing::warn!(%error, "the tray does not know what to say"),
        }
        loop {
            match events.recv().await {
                Ok(MoaEvent::DataChanged(tags)) if tags.iter().any(|tag| matches!(tag, CacheTag::Workspace | CacheTag::Accounts)) => break,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            }
        }
    }
}

async fn wanted(moa: &Moa) -> Result<Option<Said>, ApiError> {
    let settings = moa.settings().await?;
    let accounts = moa.account_list().await?;
    let synced = accounts.iter().filter(|account| account.connected && account.health != AccountHealth::FileOnly);
    let healths: Vec<AccountHealth> = synced.map(|account| account.health).collect();
    if !settings.stays_in_tray || healths.is_empty() {
        return Ok(None);
    }
    let troubled = healths.iter().filter(|health| matches!(health, AccountHealth::NeedsLogin | AccountHealth::Failing)).count();
    Ok(Some(Said { lang: settings.lang.parse().unwrap_or_default(), accounts: healths.len(), troubled }))
}

fn show(app: &AppHandle, wanted: Option<Said>) {
    let tray = app.state::<Tray>();
    if tray.said() == wanted {
        return;
    }
    let shown = match &wanted {
        None => {
            app.remove_tray_by_id(ID);
            Ok(())
        }
        Some(said) => menu(app, said).and_then(|menu| match app.tray_by_id(ID) {
            Some(icon) => icon.set_menu(Some(menu)),
            None => icon(app, &menu).map(drop),
        }),
    };
    let kept = match shown {
        Ok(()) => wanted,
        Err(error) => {
            tracing::warn!(%error, "there is no tray here; closing the window ends the program");
            None
        }
    };
    let is_gone = kept.is_none();
    *tray.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = kept;
    // A hidden window has no other way back.
    if is_gone && app.get_webview_window("main").is_some_and(|window| window.is_visible().is_ok_and(|visible| !visible)) {
        bring_to_front(app);
    }
}

fn menu(app: &AppHandle, said: &Said) -> tauri::Result<Menu<tauri::Wry>> {
    let (count, troubled) = (said.accounts.to_string(), said.troubled.to_string());
    let values = [("count", count.as_str()), ("troubled", troubled.as_str())];
    let state = if said.troubled == 0 { "shared.tray.well" } else { "shared.tray.troubled" };
    MenuBuilder::new(app)
        .item(&MenuItemBuilder::new(text(said.lang, state, &values)).enabled(false).build(app)?)
        .separator()
        .text(OPEN, text(said.lang, "shared.tray.open", &[]))
        .text(SYNC, text(said.lang, "shared.tray.sync", &[]))
        .separator()
        .text(QUIT, text(said.lang, "shared.tray.quit", &[]))
        .build()
}

/// On Linux the tray's library may be missing, which its binding answers with a panic.
fn icon(app: &AppHandle, menu: &Menu<tauri::Wry>) -> tauri::Result<TrayIcon> {
    let mut builder = TrayIconBuilder::with_id(ID)
        .tooltip("Moa")
        .menu(menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => bring_to_front(app),
            SYNC => sync_all(app),
            QUIT => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
                bring_to_front(icon.app_handle());
            }
        });
    if let Some(image) = app.default_window_icon() {
        builder = builder.icon(image.clone());
    }
    // Linux shows a picture from a folder, by default one that all users of the machine share.
    if let Ok(folder) = app.path().app_cache_dir() {
        builder = builder.temp_dir_path(folder);
    }
    catch_unwind(AssertUnwindSafe(|| builder.build(app)))
        .unwrap_or_else(|_| Err(tauri::Error::Io(std::io::Error::new(std::io::ErrorKind::NotFound, "the tray's library"))))
}

fn sync_all(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let workspace = app.state::<crate::opening::Workspace>();
        let Ok(moa) = workspace.moa().await else { return bring_to_front(&app) };
        // What keeps it from starting, the window says better.
        if let Err(error) = moa.start_sync(SyncAsk::default()).await {
            tracing::warn!(%error, "the tray could not start a sync");
            bring_to_front(&app);
        }
    });
}

/// Shows the window, from wherever it was.
pub(crate) fn bring_to_front(app: &AppHandle) {
    let Some(window) = app.get_webview_window("main") else { return };
    if let Err(error) = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus()) {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}

/// A window that is closed goes into the tray, where there is one.
pub(crate) fn on_window_event(window: &tauri::Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    if window.state::<Tray>().said().is_none() {
        return;
    }
    match window.hide() {
        Ok(()) => api.prevent_close(),
        Err(error) => tracing::warn!(%error, "the window could not be hidden"),
    }
}
