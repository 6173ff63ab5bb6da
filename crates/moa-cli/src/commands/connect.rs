use std::time::Duration;

use moa_api::dto::connection::{AccountChoice, SignedInDto};
use moa_api::{Moa, NewKeys};
use serde_json::json;

use super::{accounts, secret};
use crate::args::ConnectArgs;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, args: ConnectArgs, console: &Console) -> Result<i32, Failure> {
    // Known before anybody signs in.
    let client = moa.client_by_name(&args.client).await?;
    let signed_in = signed_in(moa, &args, console).await?;
    // Accounts that are closed are connected by their number only.
    let open: Vec<_> = signed_in.accounts.iter().filter(|account| !account.closed).collect();
    let wanted: Vec<String> = match &open[..] {
        _ if !args.accounts.is_empty() => args.accounts,
        // A licence may hold more; those that were named are meant.
        _ if !args.customer_ids.is_empty() && !args.all_accounts => args.customer_ids,
        all if args.all_accounts => all.iter().map(|account| account.account_id.clone()).collect(),
        [one] if one.client.as_ref().is_none_or(|of| *of == client.name) => vec![one.account_id.clone()],
        [_] if signed_in.repaired > 0 => Vec::new(),
        [one] => vec![one.account_id.clone()],
        [] => Vec::new(),
        // A sign-in that repaired accounts has done what it was for.
        _ if signed_in.repaired > 0 => Vec::new(),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|account| match &account.account_name {
                    Some(name) => format!("{} ({name})", account.account_id),
                    None => account.account_id.clone(),
                })
                .collect();
            return Err(Failure::usage(console.word("usage.choose_accounts", &[("accounts", &names.join(", "))])));
        }
    };
    let choices: Vec<AccountChoice> = wanted.into_iter().map(|account_id| AccountChoice { account_id, client_id: client.id }).collect();
    let vat = args.vat.map(crate::args::VatArg::word);
    let connected = moa.connect_accounts(&signed_in.id, &choices, vat).await?;
    let code = if connected.refused.is_empty() { 0 } else { 3 };
    if console.json {
        let refused: Vec<_> = connected
            .refused
            .iter()
            .map(|problem| json!({ "account_id": problem.account_id, "platform": problem.platform, "error": console.error_value(&problem.error) }))
            .collect();
        let entries: Vec<_> = connected.accounts.iter().map(|account| accounts::entry(account, console)).collect();
        console.document(&json!({ "accounts": entries, "refused": refused, "repaired": signed_in.repaired }))?;
        return Ok(code);
    }
    for problem in &connected.refused {
        console.fail_about(&problem.account_id, &Failure { error: problem.error.clone(), exit: 3 });
    }
    if connected.accounts.is_empty() && signed_in.repaired == 0 {
        console.line(&console.word("connect.no_accounts", &[]));
        return Ok(1);
    }
    let count = connected.accounts.len().to_string();
    console.line(&console.word("connect.done", &[("count", &count), ("client", &client.name)]));
    if signed_in.repaired > 0 {
        console.line(&console.word("connect.repaired", &[("count", &signed_in.repaired.to_string())]));
    }
    accounts::table(&connected.accounts, console);
    Ok(code)
}

async fn signed_in(moa: &Moa, args: &ConnectArgs, console: &Console) -> Result<SignedInDto, Failure> {
    if let Some(license) = &args.api_key {
        let secret = secret::from_standard_input(console)?;
        let keys = NewKeys { customers: args.customer_ids.clone(), license: license.clone(), secret };
        return Ok(moa.sign_in_with_keys(&args.to_platform, keys).await?);
    }
    if args.token_stdin {
        let token = secret::from_standard_input(console)?;
        return Ok(moa.sign_in_with_token(&args.to_platform, token).await?);
    }
    let by_hand = args.no_browser;
    let told = |url: &str| {
        // The contract's own line, for whoever drives a browser.
        if by_hand {
            console.aside(&format!("authorize: {url}"));
        } else if open::that_detached(url).is_err() {
            console.aside(&console.word("connect.open_yourself", &[("url", url)]));
        } else {
            console.aside(&console.word("connect.in_browser", &[]));
        }
    };
    let signing_in = moa.sign_in(&args.to_platform, console.lang(), Duration::from_secs(args.timeout), &told);
    tokio::select! {
        signed_in = signing_in => Ok(signed_in?),
        _ = tokio::signal::ctrl_c() => Err(Failure::from(moa_api::ApiError::Cancelled)),
    }
}
