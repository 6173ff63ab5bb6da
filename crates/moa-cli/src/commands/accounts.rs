use moa_api::Moa;
use moa_api::dto::connection::{AccountDto, AccountHealth, ClaimedDto};
use moa_api::words::worded;
use moa_text::platform_name;
use serde_json::{Value, json};

use crate::args::AccountsCommand;
use crate::console::Console;
use crate::failure::Failure;

pub(crate) async fn run(moa: &Moa, command: AccountsCommand, console: &Console) -> Result<i32, Failure> {
    match command {
        AccountsCommand::List => {
            let accounts = moa.account_list().await?;
            if console.json {
                let entries: Vec<Value> = accounts.iter().map(|account| entry(account, console)).collect();
                console.document(&json!({ "accounts": entries }))?;
            } else if accounts.is_empty() {
                console.line(&console.word("accounts.none", &[]));
            } else {
                table(&accounts, console);
            }
        }
        AccountsCommand::Assign { account, client } => {
            one("accounts.assigned", &moa.assign_account(&account, &client).await?, console)?;
        }
        AccountsCommand::Vat { account, vat } => one("accounts.vat_kept", &moa.confirm_account_vat(&account, vat.word()).await?, console)?,
        AccountsCommand::Disconnect { account } => one("accounts.disconnected", &moa.disconnect_account(&account).await?, console)?,
        AccountsCommand::Claim { account, into } => {
            let mut claimed = Vec::new();
            match (account, into) {
                (Some(from), Some(into)) => claimed.push(moa.claim_account(&from, &into).await?),
                _ => {
                    for pair in moa.claimable_accounts().await? {
                        claimed.push(moa.claim_account(&format!("#{}", pair.from_id), &format!("#{}", pair.into_id)).await?);
                    }
                }
            }
            say_claimed(&claimed, console)?;
        }
    }
    Ok(0)
}

/// An account as `accounts list` gives it.
pub(crate) fn entry(account: &AccountDto, console: &Console) -> Value {
    json!({
        "id": account.id,
        "platform": account.platform,
        "account_id": account.account_id,
        "account_name": account.account_name,
        "client": account.client,
        "currency": account.currency,
        "time_zone": account.time_zone,
        "health": account.health,
        "last_sync": account.last_sync,
        "last_day": account.last_day,
        "expires_at": account.expires_at,
        "cure": cure(account, console),
        "vat": account.vat,
        "vat_is_assumed": account.vat_is_assumed,
        "balance": account.balance,
        "balance_at": account.balance_at,
    })
}

/// What to do about an account, or nothing where all is well.
fn cure(account: &AccountDto, console: &Console) -> Option<String> {
    if account.health == AccountHealth::Fresh {
        return None;
    }
    let words = account.trouble.as_ref().map(|trouble| worded(console.lang(), trouble));
    let said = words.map(|words| if words.hint.is_empty() { words.message } else { words.hint });
    said.or_else(|| Some(console.word(&format!("accounts.cure.{}", account.health.as_str()), &[("account", &account.account_id)])))
}

pub(crate) fn table(accounts: &[AccountDto], console: &Console) {
    let headers = console.columns(&["id", "platform", "account", "client", "health", "last_day", "cure"]);
    let rows = accounts.iter().map(|account| {
        let name = match &account.account_name {
            Some(name) if *name != account.account_id => format!("{name} ({})", account.account_id),
            _ => account.account_id.clone(),
        };
        vec![
            account.id.to_string(),
            platform_name(console.lang(), &account.platform),
            name,
            account.client.clone(),
            console.word(&format!("accounts.health.{}", account.health.as_str()), &[]),
            account.last_day.clone().unwrap_or_default(),
            cure(account, console).unwrap_or_default(),
        ]
    });
    console.table(&headers, 7, rows.collect());
}

fn one(done: &str, account: &AccountDto, console: &Console) -> Result<(), Failure> {
    if console.json {
        return console.document(&json!({ "account": entry(account, console) }));
    }
    let name = account.account_name.as_deref().unwrap_or(&account.account_id);
    console.line(&console.word(done, &[("account", name), ("client", &account.client)]));
    Ok(())
}

fn say_claimed(claimed: &[ClaimedDto], console: &Console) -> Result<(), Failure> {
    if console.json {
        let entries: Vec<Value> = claimed
            .iter()
            .map(|claimed| json!({ "into": entry(&claimed.into, console), "merged_campaigns": claimed.merged, "moved_campaigns": claimed.moved }))
            .collect();
        return console.document(&json!({ "claimed": entries }));
    }
    if claimed.is_empty() {
        console.line(&console.word("accounts.nothing_to_claim", &[]));
    }
    for one in claimed {
        let name = one.into.account_name.as_deref().unwrap_or(&one.into.account_id);
        let (merged, moved) = (one.merged.to_string(), one.moved.to_string());
        console.line(&console.word("accounts.claimed", &[("account", name), ("merged", &merged), ("moved", &moved)]));
    }
    Ok(())
}
