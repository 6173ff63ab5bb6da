//! Ad accounts: to which client they belong, their VAT basis, claiming and disconnecting.

use moa_domain::VatBasis;
use moa_store::Connection;

use crate::dto::connection::{AccountDto, ClaimedDto};
use crate::error::ApiError;
use crate::read::accounts::connectable;
use crate::tags::ACCOUNTS_WRITTEN;
use crate::{Moa, MoaEvent};

impl Moa {
    /// Gives an account to another client, with its figures.
    ///
    /// # Errors
    /// An unknown account or client (usage), or the database's.
    pub async fn assign_account(&self, account: &str, client: &str) -> Result<AccountDto, ApiError> {
        let (account, client) = (self.account_named(account).await?, self.client_by_name(client).await?);
        self.awake().await?.assign_account(account.id, client.id).await?;
        self.told_of_accounts();
        self.account_of_id(account.id).await
    }

    /// Somebody confirms whether an account's cost includes VAT. Figures read from now on are of it; a full sync brings the earlier ones anew.
    ///
    /// # Errors
    /// An unknown account, a basis that is none (usage), or the database's.
    pub async fn confirm_account_vat(&self, account: &str, vat: &str) -> Result<AccountDto, ApiError> {
        let (account, vat) = (self.account_named(account).await?, vat_of(vat)?);
        self.awake().await?.confirm_vat(account.id, vat, None).await?;
        self.told_of_accounts();
        self.account_of_id(account.id).await
    }

    /// Takes an account's login away. Its figures stay.
    ///
    /// # Errors
    /// An unknown account (usage), or the database's.
    pub async fn disconnect_account(&self, account: &str) -> Result<AccountDto, ApiError> {
        let account = self.account_named(account).await?;
        self.awake().await?.disconnect_account(account.id).await?;
        self.told_of_accounts();
        self.account_of_id(account.id).await
    }

    /// Brings an account known by file and its connected twin together.
    ///
    /// # Errors
    /// Accounts of different clients or platforms, two that are connected (usage), or the database's.
    pub async fn claim_account(&self, by_file: &str, connected: &str) -> Result<ClaimedDto, ApiError> {
        let (from, into) = (self.account_named(by_file).await?, self.account_named(connected).await?);
        let fits = from.id != into.id
            && from.client_id == into.client_id
            && from.platform == into.platform
            && from.is_file_only
            && into.is_connected;
        if !fits {
            return Err(ApiError::usage("claim.not_a_pair", [("from", name_of(&from)), ("into", name_of(&into))]));
        }
        let claimed = self.awake().await?.claim_account(from.id, into.id).await?;
        self.told_of_accounts();
        Ok(ClaimedDto {
            into: self.account_of_id(into.id).await?,
            merged: u32::try_from(claimed.merged).unwrap_or(0),
            moved: u32::try_from(claimed.moved).unwrap_or(0),
        })
    }

    /// Chooses which kinds of conversions a client counts at a platform, also in what is stored. None gives the choice back to the platform.
    ///
    /// # Errors
    /// A client, platform or kind that is not known (usage), or the database's.
    pub async fn choose_conversion_kinds(&self, client: i32, platform: &str, kinds: &[String]) -> Result<(), ApiError> {
        let known = self.conversion_kinds(client).await?;
        let platform_kinds: Vec<&str> = known.iter().filter(|kind| kind.platform == platform).map(|kind| kind.kind.as_str()).collect();
        if let Some(unknown) = kinds.iter().find(|kind| !platform_kinds.contains(&kind.as_str())) {
            return Err(ApiError::usage("conversions.unknown_kind", [("kind", unknown.clone()), ("known", platform_kinds.join(", "))]));
        }
        let platform = connectable(platform)?;
        self.awake().await?.choose_conversion_kinds(client, &platform, kinds).await?;
        self.told_of_accounts();
        Ok(())
    }

    pub(crate) fn told_of_accounts(&self) {
        self.tell(MoaEvent::DataChanged(ACCOUNTS_WRITTEN.to_vec()));
    }

    /// The account of a platform's id, the workspace's number (`#3`), or a name only one account has.
    pub(crate) async fn account_named(&self, name: &str) -> Result<Connection, ApiError> {
        let all = self.connections(None).await?;
        let wanted = account_id_form(name);
        let ways: [&dyn Fn(&Connection) -> bool; 5] = [
            &|account| name.strip_prefix('#') == Some(&account.id.to_string()),
            &|account| account_id_form(&account.account_id) == wanted,
            &|account| account.public_id.to_string() == name,
            &|account| account.id.to_string() == name,
            &|account| account.account_name.as_deref() == Some(name),
        ];
        for way in ways {
            let found: Vec<&Connection> = all.iter().filter(|account| way(account)).collect();
            match found[..] {
                [one] => return Ok(one.clone()),
                [] => {}
                _ => return Err(ApiError::usage("account.several", [("account", name.to_owned())])),
            }
        }
        let known = all.iter().map(name_of).collect::<Vec<_>>().join(", ");
        Err(ApiError::usage("account.unknown", [("account", name.to_owned()), ("known", known)]))
    }

    async fn account_of_id(&self, id: i32) -> Result<AccountDto, ApiError> {
        let found = self.account_list().await?.into_iter().find(|account| account.id == id);
        found.ok_or_else(|| ApiError::usage("account.unknown", [("account", id.to_string()), ("known", String::new())]))
    }
}

fn name_of(account: &Connection) -> String {
    match &account.account_name {
        Some(name) if *name != account.account_id => format!("{name} ({})", account.account_id),
        _ => account.account_id.clone(),
    }
}

/// An id as people copy it: without blanks, dashes between digits, or Meta's `act_`.
pub(crate) fn account_id_form(id: &str) -> String {
    let id = id.trim();
    let id = id.strip_prefix("act_").unwrap_or(id);
    let plain: String = id.chars().filter(|letter| *letter != '-').collect();
    if !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit()) { plain } else { id.to_owned() }
}

pub(crate) fn vat_of(text: &str) -> Result<VatBasis, ApiError> {
    match text {
        "included" => Ok(VatBasis::Included),
        "excluded" => Ok(VatBasis::Excluded),
        _ => Err(ApiError::usage("invalid_vat", [("value", text.to_owned())])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_as_people_copy_them() {
        assert_eq!(account_id_form(" 612-003-4477 "), "6120034477");
        assert_eq!(account_id_form("act_410022003300"), "410022003300");
        assert_eq!(account_id_form("한빛-침구"), "한빛-침구");
    }
}
