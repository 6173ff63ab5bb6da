use moa_api::Moa;
use moa_text::platform_name;
use serde_json::json;

use super::secret;
use crate::args::AppsCommand;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, command: AppsCommand, console: &Console) -> Result<i32, Failure> {
    match command {
        AppsCommand::List => list(moa, console).await?,
        AppsCommand::Set { to_platform, client_id, secret_stdin } => {
            let secret = if secret_stdin { Some(secret::from_standard_input(console)?) } else { None };
            let app = moa.set_app(&to_platform, &client_id, secret).await?;
            if console.json {
                console.document(&json!({ "app": app }))?;
            } else {
                let platform = platform_name(console.lang(), &app.platform);
                console.line(&console.word("apps.kept", &[("platform", &platform), ("client_id", &app.client_id)]));
            }
        }
    }
    Ok(0)
}

async fn list(moa: &Moa, console: &Console) -> Result<(), Failure> {
    let setups = moa.platform_setups().await?;
    if console.json {
        let apps: Vec<_> = setups
            .iter()
            .map(|setup| json!({ "platform": setup.platform, "sign_in": setup.sign_in, "app": setup.app, "redirect_uris": setup.redirect_uris }))
            .collect();
        return console.document(&json!({ "apps": apps }));
    }
    let rows = setups.into_iter().map(|setup| {
        let app = match (&setup.app, setup.sign_in) {
            (Some(app), _) => app.client_id.clone(),
            (None, moa_api::dto::connection::SignInWay::Keys) => console.word("apps.by_keys", &[]),
            (None, moa_api::dto::connection::SignInWay::Browser) => console.word("apps.none", &[]),
        };
        vec![platform_name(console.lang(), &setup.platform), app, setup.redirect_uris.join(" ")]
    });
    console.table(&console.columns(&["platform", "client_id", "redirect_uri"]), 3, rows.collect());
    Ok(())
}
