//! Clients (광고주).

use serde::{Deserialize, Serialize};
use specta::Type;

use super::DecimalText;
use super::figures::{Compared, PlatformAsOf};

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ClientDto {
    pub id: i32,
    pub public_id: String,
    pub name: String,
    pub currency: String,
    /// Percent, `"10"`.
    pub vat_rate: DecimalText,
    /// Part of the sample agency.
    pub is_sample: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
pub struct ClientInput {
    pub name: String,
    pub currency: String,
    pub vat_rate: DecimalText,
}

/// The clients screen: every client with its figures of the period, one entry per currency.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ClientsOverview {
    pub from: String,
    pub to: String,
    pub clients: Vec<ClientRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ClientRow {
    pub client: ClientDto,
    pub figures: Vec<CurrencyFigures>,
    pub platforms: Vec<String>,
    pub as_of: Vec<PlatformAsOf>,
    /// First and last day that have figures, over all time.
    pub first_day: Option<String>,
    pub last_day: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CurrencyFigures {
    pub currency: String,
    pub compared: Compared,
    /// Cost of each day of the period, for the small trend line; `None` for a day without figures.
    pub daily_cost: Vec<Option<DecimalText>>,
}
