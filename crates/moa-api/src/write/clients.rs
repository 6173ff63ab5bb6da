//! Adding, editing and removing clients.

use moa_domain::{Currency, Millionths};
use moa_store::{ClientEdit, NewClient};
use rust_decimal::Decimal;

use crate::dto::client::{ClientDto, ClientInput};
use crate::error::ApiError;
use crate::read::clients::{client_by_name, client_dto};
use crate::tags::CLIENTS_WRITTEN;
use crate::{Moa, MoaEvent};

impl Moa {
    /// # Errors
    /// A name that is taken or empty, a currency or VAT rate that is none (usage), or the database's.
    pub async fn add_client(&self, input: &ClientInput) -> Result<ClientDto, ApiError> {
        let client = self
            .awake()
            .await?
            .add_client(NewClient {
                name: checked_name(&input.name)?,
                currency: currency(&input.currency)?,
                vat_rate: vat_rate(&input.vat_rate)?,
                is_sample: false,
            })
            .await?;
        self.tell(MoaEvent::DataChanged(CLIENTS_WRITTEN.to_vec()));
        Ok(client_dto(&client))
    }

    /// # Errors
    /// As [`Self::add_client`], or an unknown client.
    pub async fn edit_client(&self, id: i32, input: &ClientInput) -> Result<ClientDto, ApiError> {
        let edit = ClientEdit {
            name: Some(checked_name(&input.name)?),
            currency: Some(currency(&input.currency)?),
            vat_rate: Some(vat_rate(&input.vat_rate)?),
        };
        let client = self.awake().await?.edit_client(id, edit).await?;
        self.tell(MoaEvent::DataChanged(CLIENTS_WRITTEN.to_vec()));
        Ok(client_dto(&client))
    }

    /// The same for the command line: only what is given changes.
    ///
    /// # Errors
    /// As [`Self::edit_client`].
    pub async fn edit_client_by_name(
        &self,
        name: &str,
        new_name: Option<String>,
        new_currency: Option<String>,
        new_vat_rate: Option<String>,
    ) -> Result<ClientDto, ApiError> {
        let client = client_by_name(&self.awake().await?, name).await?;
        let now = client_dto(&client);
        let input = ClientInput {
            name: new_name.unwrap_or(now.name),
            currency: new_currency.unwrap_or(now.currency),
            vat_rate: new_vat_rate.unwrap_or(now.vat_rate),
        };
        self.edit_client(client.id, &input).await
    }

    /// Takes a client out of every screen and total. Its figures stay stored.
    ///
    /// # Errors
    /// An unknown client (usage), or the database's.
    pub async fn remove_client(&self, id: i32) -> Result<(), ApiError> {
        self.awake().await?.remove_client(id).await?;
        self.tell(MoaEvent::DataChanged(CLIENTS_WRITTEN.to_vec()));
        Ok(())
    }

    /// # Errors
    /// As [`Self::remove_client`].
    pub async fn remove_client_by_name(&self, name: &str) -> Result<ClientDto, ApiError> {
        let client = client_by_name(&self.awake().await?, name).await?;
        self.remove_client(client.id).await?;
        Ok(client_dto(&client))
    }
}

fn checked_name(name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(ApiError::usage("invalid_client_name", [("name", name.to_owned())]));
    }
    Ok(name.to_owned())
}

pub(crate) fn currency(text: &str) -> Result<Currency, ApiError> {
    text.parse().map_err(|_| ApiError::usage("invalid_currency", [("value", text.to_owned())]))
}

/// A rate from 0 to 100 percent with at most two places.
pub(crate) fn vat_rate(text: &str) -> Result<Millionths, ApiError> {
    let refused = || ApiError::usage("invalid_vat_rate", [("value", text.to_owned())]);
    let rate: Decimal = text.trim().trim_end_matches('%').trim().parse().map_err(|_| refused())?;
    if rate < Decimal::ZERO || rate > Decimal::ONE_HUNDRED || rate.normalize().scale() > 2 {
        return Err(refused());
    }
    Millionths::from_decimal(rate).map_err(|_| refused())
}
