use moa_api::Moa;
use moa_api::dto::client::{ClientDto, ClientInput};
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
