//! From a stored account to what a connector has to know of it.

use chrono::NaiveTime;
use chrono_tz::Tz;
use moa_connectors::{Account, limits};
use moa_domain::{Currency, MoneyKind, Platform, VatBasis};
use moa_store::Connection;

/// The basis platforms tell cost in, and whether that is known. Google and Meta invoice Korean accounts without VAT, Naver's statistics
/// include it; of Kakao nobody has confirmed it, so an account is marked until somebody does.
#[must_use]
pub fn default_vat(platform: &Platform) -> (VatBasis, bool) {
    match platform {
        Platform::NaverAds => (VatBasis::Included, true),
        Platform::GoogleAds | Platform::MetaAds => (VatBasis::Excluded, true),
        Platform::Kakao | Platform::Other(_) => (VatBasis::Excluded, false),
    }
}

/// From when yesterday is worth reading, in the account's zone.
#[must_use]
pub fn ready_at(platform: &Platform) -> NaiveTime {
    limits(platform).map_or(NaiveTime::MIN, |limits| limits.ready_at)
}

/// The zone of an account; platforms that do not say are Korean.
#[must_use]
pub fn zone(connection: &Connection) -> Tz {
    connection.time_zone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(chrono_tz::Asia::Seoul)
}

pub(crate) fn remote(connection: &Connection) -> Account {
    let currency = connection.currency.unwrap_or(if connection.platform == Platform::NaverAds || connection.platform == Platform::Kakao {
        Currency::KRW
    } else {
        connection.client_currency
    });
    Account {
        id: connection.account_id.clone(),
        via: connection.via.clone(),
        time_zone: zone(connection),
        kind: MoneyKind {
            currency,
            vat: connection.vat.unwrap_or(default_vat(&connection.platform).0),
            vat_rate: connection.vat_rate.unwrap_or(connection.client_vat_rate),
        },
    }
}
