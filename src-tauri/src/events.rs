//! What the window is told without asking.

use moa_api::dto::job::JobDto;
use moa_api::tags::CacheTag;
use moa_api::{Moa, MoaEvent};
use serde::Serialize;
use specta::Type;
use tauri::AppHandle;
use tauri_specta::Event;
use tokio::sync::broadcast::error::RecvError;

/// A job's progress, or its end.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub(crate) struct JobChanged {
    job: JobDto,
}

/// Answers with these tags have grown old.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub(crate) struct DataChanged {
    tags: Vec<CacheTag>,
}

/// Passes the use cases' events on for as long as the program runs.
pub(crate) async fn forward(app: AppHandle, moa: Moa) {
    let mut events = moa.events();
    loop {
        let told = match events.recv().await {
            Ok(MoaEvent::JobChanged(job)) => JobChanged { job: *job }.emit(&app),
            Ok(MoaEvent::DataChanged(tags)) => DataChanged { tags }.emit(&app),
            // Too many at once: what was missed is asked again.
            Err(RecvError::Lagged(_)) => DataChanged { tags: moa_api::tags::ALL.to_vec() }.emit(&app),
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = told {
            tracing::warn!(%error, "the window could not be told of a change");
        }
    }
}
