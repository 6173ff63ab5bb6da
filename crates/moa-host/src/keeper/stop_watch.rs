use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::locks::FileLock;
use crate::postgres::StopFlag;
use crate::{DataDir, HostError, private};

const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Notices that the keeper is to stop: by a signal, by the stop file (the way that works on every system), or because its folder was
/// removed or replaced.
pub(crate) struct StopWatch {
    flag: StopFlag,
    bell: Arc<(Mutex<()>, Condvar)>,
}

impl StopWatch {
    /// Starts watching in a thread of its own.
    pub(crate) fn start(dir: &DataDir, lock: Arc<FileLock>) -> Result<Self, HostError> {
        let watch = Self { flag: StopFlag::default(), bell: Arc::default() };
        let failed = |error: &std::io::Error| HostError::io("watch", dir.root(), error);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| failed(&error))?;
        let (flag, bell, dir_to_watch) = (watch.flag.clone(), Arc::clone(&watch.bell), dir.clone());
        let run = move || {
            runtime.block_on(async {
                tokio::select! {
                    () = stop_signal() => tracing::info!("told to stop by a signal"),
                    () = stop_file_or_loss(&dir_to_watch, &lock) => {}
                }
            });
            flag.raise();
            bell.1.notify_all();
        };
        std::thread::Builder::new().name("stop watch".into()).spawn(run).map_err(|error| failed(&error))?;
        Ok(watch)
    }

    pub(crate) fn flag(&self) -> &StopFlag {
        &self.flag
    }

    /// Waits for a time or until told to stop, and says which.
    pub(crate) fn told_to_stop_within(&self, time: Duration) -> bool {
        let guard = self.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.flag.is_raised() {
            // Woken or not, the flag decides.
            drop(self.bell.1.wait_timeout(guard, time));
        }
        self.flag.is_raised()
    }
}

async fn stop_file_or_loss(dir: &DataDir, lock: &FileLock) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        if !lock.is_still_at(&dir.keeper_lock()) {
            tracing::info!("the data folder is gone");
            return;
        }
        let request = dir.stop_request();
        if request.exists() {
            tracing::info!("asked to stop");
            if let Err(error) = private::remove_file(&request) {
                tracing::warn!(%error, "the stop file could not be removed");
            }
            return;
        }
    }
}

#[cfg(unix)]
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hang_up)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
    else {
        tracing::warn!("signals cannot be received; the stop file remains");
        return std::future::pending().await;
    };
    loop {
        tokio::select! {
            _ = terminate.recv() => return,
            _ = interrupt.recv() => return,
            // The terminal that the first program was started from has closed, which is nothing to us.
            _ = hang_up.recv() => {}
        }
    }
}

#[cfg(windows)]
async fn stop_signal() {
    use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};
    let (Ok(mut interrupt), Ok(mut close), Ok(mut shutdown)) = (ctrl_c(), ctrl_close(), ctrl_shutdown()) else {
        tracing::warn!("signals cannot be received; the stop file remains");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = close.recv() => {}
        _ = shutdown.recv() => {}
    }
}
