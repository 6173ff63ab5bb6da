//! Opening the workspace beside the window: the window is there at once, its first question waits for the database.

use std::sync::Arc;

use moa_api::{ErrorDto, Moa};
use tauri::AppHandle;
use tokio::sync::watch;

use crate::{database, events, tray};

/// The opened workspace, or why it could not be opened.
pub(crate) struct Workspace {
    opened: watch::Receiver<Option<Result<Moa, ErrorDto>>>,
    retry: Arc<tokio::sync::Notify>,
}

impl Workspace {
    /// Starts opening. A failure stays until somebody asks again, which tries again.
    pub(crate) fn open(app: AppHandle) -> Self {
        let (sender, opened) = watch::channel(None);
        let retry = Arc::new(tokio::sync::Notify::new());
        let again = Arc::clone(&retry);
        tauri::async_runtime::spawn(async move {
            loop {
                match database::open().await {
                    Ok(moa) => {
                        let _ = sender.send(Some(Ok(moa.clone())));
                        let kept = moa.clone();
                        tauri::async_runtime::spawn(async move { kept.keep_fresh().await });
                        tauri::async_runtime::spawn(tray::keep(app.clone(), moa.clone()));
                        events::forward(app, moa).await;
                        return;
                    }
                    Err(error) => {
                        let _ = sender.send(Some(Err(error.to_dto())));
                        again.notified().await;
                        let _ = sender.send(None);
                    }
                }
            }
        });
        Self { opened, retry }
    }

    /// Waits for the workspace.
    pub(crate) async fn moa(&self) -> Result<Moa, ErrorDto> {
        let mut opened = self.opened.clone();
        let answer = match opened.wait_for(Option::is_some).await {
            Ok(answer) => answer.clone(),
            Err(_) => None,
        };
        match answer {
            Some(Ok(moa)) => Ok(moa),
            Some(Err(error)) => {
                // This question is answered with the failure; the next one finds a new try under way.
                self.retry.notify_one();
                Err(error)
            }
            None => Err(ErrorDto { code: "internal".to_owned(), values: std::collections::BTreeMap::new() }),
        }
    }
}
