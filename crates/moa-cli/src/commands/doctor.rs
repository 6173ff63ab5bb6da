use moa_api::{DatabaseHealth, DoctorCheck, DoctorState};
use moa_host::keeper::RunState;
use moa_host::keychain::{self, KeptIn};
use moa_host::{DataDir, Database, DatabaseStatus, HostError, StopOutcome, resources};
use moa_text::data_size;
use serde_json::json;

use crate::args::{DoctorArgs, Global};
use crate::console::Console;
use crate::database::open;
use crate::failure::Failure;

pub(crate) async fn run(global: &Global, args: &DoctorArgs, console: &Console) -> Result<i32, Failure> {
    let folder = DataDir::resolve(global.data_dir.as_deref())?;
    if args.stop_server {
        let done = match Database::stop(&folder, None)? {
            StopOutcome::Stopped => "doctor.stopped",
            StopOutcome::NotRunning => "doctor.not_running",
            StopOutcome::OrphanStopped => "doctor.orphan_stopped",
        };
        return answer(&[ok("server", console.word(done, &[]))], console);
    }
    // Opened first, so that everything is said in the workspace's language.
    let opened = open(global, console).await;
    let mut checks = Vec::new();
    let embedded = global.database_url.is_none();
    if embedded {
        checks.push(ok("data_folder", folder.root().display().to_string()));
    }
    checks.push(secrets(&folder, console));
    checks.push(fonts(console));
    if embedded {
        checks.push(server(Database::status(&folder, None), console));
    }
    match opened {
        Ok(moa) => match moa.database_health().await {
            Ok(health) => checks.extend(database(&health, console)),
            Err(error) => checks.push(database_failed(&error.into(), console)),
        },
        Err(failure) => checks.push(database_failed(&failure, console)),
    }
    answer(&checks, console)
}

fn secrets(folder: &DataDir, console: &Console) -> DoctorCheck {
    match keychain::check(folder) {
        Ok(KeptIn::Keychain) => ok("keychain", console.word("doctor.keychain_os", &[])),
        Ok(KeptIn::Files) => {
            let cure = console.word("doctor.keychain_file_cure", &[]);
            check("keychain", DoctorState::Warning, console.word("doctor.keychain_file", &[]), cure)
        }
        Err(error) => {
            let reason = match error {
                HostError::Keychain { reason } => reason,
                other => other.to_string(),
            };
            let detail = console.word("doctor.keychain_missing", &[("reason", &reason)]);
            check("keychain", DoctorState::Warning, detail, console.word("doctor.keychain_missing_cure", &[]))
        }
    }
}

fn fonts(console: &Console) -> DoctorCheck {
    match resources::fonts_dir() {
        Ok(fonts) => ok("fonts", fonts.display().to_string()),
        Err(error) => check("fonts", DoctorState::Failed, error.to_string(), console.word("doctor.reinstall", &[])),
    }
}

/// The embedded server as it is after the workspace was opened, or failed to be.
fn server(status: Result<DatabaseStatus, HostError>, console: &Console) -> DoctorCheck {
    let status = match status {
        Ok(status) => status,
        Err(error) => return failed("server", &error.into(), console),
    };
    if let Some(pid) = status.orphan_pid {
        let detail = console.word("doctor.server_not_watched", &[("pid", &pid.to_string())]);
        return check("server", DoctorState::Warning, detail, console.word("doctor.server_not_watched_cure", &[]));
    }
    match status.state {
        Some(RunState::Ready(server)) if status.keeper_is_running => {
            let (port, data) = (server.port.to_string(), server.data.display().to_string());
            let mut detail = console.word("doctor.server_running", &[("version", &server.version), ("port", &port), ("data", &data)]);
            if let (Some(folder), Some(user)) = (status.moved_because_of, status.runs_as) {
                let folder = folder.display().to_string();
                detail.push_str(" · ");
                detail.push_str(&console.word("doctor.server_moved", &[("user", &user), ("folder", &folder), ("data", &data)]));
            }
            ok("server", detail)
        }
        Some(RunState::Failed { error, .. }) => failed("server", &error.into(), console),
        _ => check("server", DoctorState::Warning, console.word("doctor.server_stopped", &[]), String::new()),
    }
}

fn database(health: &DatabaseHealth, console: &Console) -> Vec<DoctorCheck> {
    let (bytes, schema) = (data_size(health.size_bytes.unsigned_abs()), health.schema_version.to_string());
    let size = console.word("doctor.size", &[("version", &health.version), ("size", &bytes), ("schema", &schema)]);
    let derived = health.derived.iter().map(|(name, is_equal, detail)| {
        if *is_equal {
            return ok(name, console.word("doctor.equal", &[]));
        }
        let detail = console.word("doctor.differs", &[("detail", detail)]);
        check(name, DoctorState::Failed, detail, console.word("doctor.differs_cure", &[]))
    });
    [ok("database", size)].into_iter().chain(derived).collect()
}

fn database_failed(failure: &Failure, console: &Console) -> DoctorCheck {
    failed("database", failure, console)
}

fn failed(name: &str, failure: &Failure, console: &Console) -> DoctorCheck {
    let words = moa_api::words::worded(console.lang(), &failure.error);
    check(name, DoctorState::Failed, words.message, words.hint)
}

fn ok(name: &str, detail: String) -> DoctorCheck {
    check(name, DoctorState::Ok, detail, String::new())
}

fn check(name: &str, state: DoctorState, detail: String, cure: String) -> DoctorCheck {
    DoctorCheck { name: name.to_owned(), state, detail, cure }
}

/// Exit 1 when a check failed.
fn answer(checks: &[DoctorCheck], console: &Console) -> Result<i32, Failure> {
    if console.json {
        console.document(&json!({ "checks": checks }))?;
    } else {
        for check in checks {
            let state = match check.state {
                DoctorState::Ok => "doctor.ok",
                DoctorState::Warning => "doctor.warning",
                DoctorState::Failed => "doctor.failed",
            };
            let name = console.word(&format!("doctor.check.{}", check.name), &[]);
            console.line(&format!("[{}] {name}: {}", console.word(state, &[]), check.detail));
            if !check.cure.is_empty() {
                console.line(&format!("    {}", check.cure));
            }
        }
    }
    Ok(i32::from(checks.iter().any(|check| check.state == DoctorState::Failed)))
}
