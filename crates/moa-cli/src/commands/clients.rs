use moa_api::Moa;
use moa_api::dto::client::{ClientDto, ClientInput};
use moa_text::platform_name;
use serde_json::{Value, json};

use crate::args::ClientsCommand;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, command: ClientsCommand, console: &Console) -> Result<i32, Failure> {
    match command {
        ClientsCommand::List => list(&moa.client_list().await?, console)?,
        ClientsCommand::Add { name, currency, vat_rate } => {
            one("clients.added", &moa.add_client(&ClientInput { name, currency, vat_rate }).await?, console)?;
        }
        ClientsCommand::Edit { name, rename, currency, vat_rate } => {
            one("clients.edited", &moa.edit_client_by_name(&name, rename, currency, vat_rate).await?, console)?;
        }
        ClientsCommand::Conversions { name, platform, count } => conversions(moa, &name, platform, count, console).await?,
        ClientsCommand::Remove { name } => one("clients.removed", &moa.remove_client_by_name(&name).await?, console)?,
    }
    Ok(0)
}

fn entry(client: &ClientDto) -> Value {
    json!({ "id": client.id, "public_id": client.public_id, "name": client.name, "currency": client.currency, "vat_rate": client.vat_rate })
}

fn list(clients: &[ClientDto], console: &Console) -> Result<(), Failure> {
    if console.json {
        return console.document(&json!({ "clients": clients.iter().map(entry).collect::<Vec<_>>() }));
    }
    if clients.is_empty() {
        console.line(&console.word("clients.none", &[]));
        return Ok(());
    }
    let headers = console.columns(&["id", "name", "currency", "vat_rate"]);
    let rows =
        clients.iter().map(|client| vec![client.id.to_string(), client.name.clone(), client.currency.clone(), client.vat_rate.clone()]);
    console.table(&headers, 3, rows.collect());
    Ok(())
}

fn one(done: &str, client: &ClientDto, console: &Console) -> Result<(), Failure> {
    if console.json {
        return console.document(&json!({ "client": entry(client) }));
    }
    let values = [("name", client.name.as_str()), ("currency", &client.currency), ("vat_rate", &client.vat_rate)];
    console.line(&console.word(done, &values));
    Ok(())
}

async fn conversions(moa: &Moa, name: &str, platform: Option<String>, count: Vec<String>, console: &Console) -> Result<(), Failure> {
    let client = moa.client_by_name(name).await?;
    if let Some(platform) = platform {
        let kinds = if count == ["own"] { Vec::new() } else { count };
        moa.choose_conversion_kinds(client.id, &platform, &kinds).await?;
    }
    let kinds = moa.conversion_kinds(client.id).await?;
    if console.json {
        return console.document(&json!({ "conversion_kinds": kinds }));
    }
    if kinds.is_empty() {
        console.line(&console.word("clients.no_conversion_kinds", &[]));
        return Ok(());
    }
    let rows = kinds.into_iter().map(|kind| {
        let counted = if kind.chosen { console.word("clients.counted", &[]) } else { String::new() };
        vec![platform_name(console.lang(), &kind.platform), kind.kind, counted, kind.conversions]
    });
    console.table(&console.columns(&["platform", "conversion_kind", "counted", "conversions"]), 3, rows.collect());
    Ok(())
}
