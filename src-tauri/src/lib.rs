//! The desktop shell: window, command list, events. It holds no business rule; every command is one line into `moa-api`.

mod commands;
mod database;
mod events;
mod opening;
mod tray;

use tauri::Manager;
use tauri_specta::{Builder, collect_commands, collect_events};

use crate::opening::Workspace;

/// The command list and the events, as the window sees them.
fn bindings() -> Builder<tauri::Wry> {
    use commands::{accounts, clients, dashboard, files, imports, jobs, reports, settings, workspace};
    Builder::<tauri::Wry>::new()
        .commands(collect_commands![
            workspace::workspace,
            workspace::period_choices,
            workspace::load_sample,
            clients::client_list,
            clients::clients_overview,
            clients::add_client,
            clients::edit_client,
            clients::remove_client,
            dashboard::dashboard,
            dashboard::revisions,
            imports::preview_import,
            imports::start_import,
            reports::reports,
            reports::start_report,
            accounts::platform_setups,
            accounts::set_app,
            accounts::sign_in,
            accounts::cancel_sign_in,
            accounts::sign_in_with_keys,
            accounts::sign_in_with_token,
            accounts::connect_accounts,
            accounts::account_list,
            accounts::assign_account,
            accounts::confirm_account_vat,
            accounts::disconnect_account,
            accounts::claimable_accounts,
            accounts::claim_account,
            accounts::sync_story,
            accounts::figure_sources,
            accounts::conversion_kinds,
            accounts::choose_conversion_kinds,
            accounts::start_sync,
            accounts::start_reconcile,
            jobs::jobs,
            jobs::job,
            jobs::cancel_job,
            settings::save_settings,
            settings::test_database,
            settings::use_database,
            settings::start_backup,
            settings::renew_sealing_key,
            files::choose_files,
            files::choose_folder,
            files::choose_save_file,
            files::open_path,
            files::reveal_path,
        ])
        .events(collect_events![events::JobChanged, events::DataChanged])
        .constant("CACHE_TAGS", moa_api::tags::provided())
}

/// Opens the window and gives the program's exit code.
#[must_use]
pub fn run() -> i32 {
    let builder = bindings();
    let mut app = tauri::Builder::default();
    // End-to-end tests start one program after the other; a shared session bus would hand the second to the first.
    if std::env::var_os("MOA_SEVERAL_INSTANCES").is_none() {
        app = app.plugin(tauri_plugin_single_instance::init(|app, _, _| tray::bring_to_front(app)));
    }
    let built = app
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .invoke_handler(builder.invoke_handler())
        .setup(move |app| {
            builder.mount_events(app);
            app.manage(tray::Tray::default());
            app.manage(Workspace::open(app.handle().clone()));
            Ok(())
        })
        .on_window_event(tray::on_window_event)
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|_app, _event| {
                // A click on the dock's icon, after the window was closed into the tray.
                #[cfg(target_os = "macos")]
                if let tauri::RunEvent::Reopen { has_visible_windows: false, .. } = _event {
                    tray::bring_to_front(_app);
                }
            });
            0
        }
        // Another window that is just closing still holds the session bus: say it instead of panicking.
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use specta_typescript::Typescript;

    /// Writes `ui/src/ipc/bindings.ts`. With `MOA_CHECK_BINDINGS` it compares instead, and names the command that mends a difference.
    #[test]
    fn bindings_are_written() {
        let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/ipc/bindings.ts");
        let fresh = std::env::temp_dir().join(format!("moa-bindings-{}.ts", std::process::id()));
        super::bindings().export(Typescript::default(), &fresh).expect("every type can be exported");
        let text = std::fs::read_to_string(&fresh).expect("the bindings were written");
        std::fs::remove_file(&fresh).expect("the bindings can be removed");
        if std::env::var_os("MOA_CHECK_BINDINGS").is_some() {
            let known = std::fs::read_to_string(&committed).expect("the bindings are committed");
            assert!(known == text, "ui/src/ipc/bindings.ts is not what Rust says: run `npm run bindings`");
        } else {
            std::fs::write(&committed, text).expect("the bindings can be written");
        }
    }
}
