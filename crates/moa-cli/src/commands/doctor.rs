use moa_api::{DoctorCheck, DoctorState};
use moa_host::{DataDir, Database, resources};
use serde_json::json;

use crate::args::{DoctorArgs, Global};
use crate::console::Console;
use crate::database::open;
use crate::failure::Failure;

pub(crate) async fn run(global: &Global, args: &DoctorArgs, console: &Console) -> Result<i32, Failure> {
    let folder = DataDir::resolve(global.data_dir.as_deref())?;
    if args.stop_server {
        let stopped = Database::stop(&folder, None)?;
        let detail = format!("{stopped:?}");
        return answer(&[check("server", DoctorState::Ok, &detail, "")], console);
    }
    let mut checks = vec![check("data_folder", DoctorState::Ok, &folder.root().display().to_string(), "")];
    checks.push(match resources::fonts_dir() {
        Ok(fonts) => check("fonts", DoctorState::Ok, &fonts.display().to_string(), ""),
        Err(error) => check("fonts", DoctorState::Failed, &error.to_string(), "npm start"),
    });
    match open(global, console).await {
        Ok(moa) => checks.extend(moa.doctor().await?),
        Err(failure) => {
            let words = moa_api::words::worded(console.lang(), &failure.error);
            checks.push(check("database", DoctorState::Failed, &words.message, &words.hint));
        }
    }
    answer(&checks, console)
}

fn check(name: &str, state: DoctorState, detail: &str, cure: &str) -> DoctorCheck {
    DoctorCheck { name: name.to_owned(), state, detail: detail.to_owned(), cure: cure.to_owned() }
}

/// Exit 1 when a check failed.
fn answer(checks: &[DoctorCheck], console: &Console) -> Result<i32, Failure> {
    if console.json {
        console.document(&json!({ "checks": checks }))?;
    } else {
        for check in checks {
            let mark = match check.state {
                DoctorState::Ok => "ok",
                DoctorState::Warning => "!",
                DoctorState::Failed => "FAILED",
            };
            console.line(&format!("{mark:7} {}: {} {}", check.name, check.detail, check.cure));
        }
    }
    Ok(i32::from(checks.iter().any(|check| check.state == DoctorState::Failed)))
}
