//! Money kinds and channels by their ids.

use std::collections::HashMap;

use moa_domain::{ChannelCode, Currency, Millionths, MoneyKind, Platform, VatBasis};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::error::StoreError;

pub(crate) fn kind_of(currency: &str, included: bool, rate: Decimal) -> MoneyKind {
    MoneyKind {
        // The column only ever held a parsed currency; anything else would be shown as XXX rather than added to won.
        currency: currency.parse().unwrap_or_else(|_| "XXX".parse().unwrap_or(Currency::KRW)),
        vat: if included { VatBasis::Included } else { VatBasis::Excluded },
        vat_rate: Millionths::from_decimal(rate).unwrap_or(Millionths::ZERO),
    }
}

pub(crate) async fn load_money_kinds(connection: &mut PgConnection) -> Result<HashMap<i32, MoneyKind>, StoreError> {
    let rows: Vec<(i32, String, bool, Decimal)> =
        sqlx::query_as("select id, currency, vat_included, vat_rate from money_kinds").fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(id, currency, included, rate)| (id, kind_of(&currency, included, rate))).collect())
}

pub(crate) async fn ensure_money_kind(connection: &mut PgConnection, kind: MoneyKind) -> Result<i32, StoreError> {
    let (id,): (i32,) = sqlx::query_as(
        "with known as (select id from money_kinds where currency = $1 and vat_included = $2 and vat_rate = $3),
              made as (insert into money_kinds (currency, vat_included, vat_rate) select $1, $2, $3 where not exists (select from known)
                       on conflict on constraint money_kinds_key do update set currency = excluded.currency returning id)
         select id from known union all select id from made",
    )
    .bind(kind.currency.code())
    .bind(kind.vat == VatBasis::Included)
    .bind(kind.vat_rate.to_decimal())
    .fetch_one(connection)
    .await?;
    Ok(id)
}

/// Makes sure the platform of a file-only medium has its rows.
pub(crate) async fn ensure_platform(connection: &mut PgConnection, platform: &Platform) -> Result<(), StoreError> {
    let code = platform.code();
    sqlx::query("insert into platforms (code, family, display_name) values ($1, $1, $1) on conflict do nothing")
        .bind(code)
        .execute(&mut *connection)
        .await?;
    // A medium may be named like a channel of another platform (`instagram`).
    sqlx::query(
        "insert into channels (name, platform, display_name, is_unspecified)
         select case when exists (select from channels where name = $1) then $1 || '_all' else $1 end, family, $1, true
         from platforms p where code = $2 and not exists (select from channels c where c.platform = p.family and c.is_unspecified)
         on conflict do nothing",
    )
    .bind(platform.unspecified_channel())
    .bind(code)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Ids of channels of one platform, made where a file brings its own. A name another platform has already is prefixed, so that a channel
/// always belongs to one platform.
pub(crate) async fn ensure_channels(
    connection: &mut PgConnection,
    platform: &Platform,
    codes: &[ChannelCode],
) -> Result<HashMap<ChannelCode, i32>, StoreError> {
    let (family,): (String,) =
        sqlx::query_as("select family from platforms where code = $1").bind(platform.code()).fetch_one(&mut *connection).await?;
    let mut ids = HashMap::new();
    for code in codes {
        if code.as_str() == platform.unspecified_channel() {
            ids.insert(code.clone(), unspecified_channel(&mut *connection, platform).await?);
            continue;
        }
        let own: Option<(i32, String)> = sqlx::query_as("select id, platform from channels where name = $1")
            .bind(code.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        let name = match own {
            Some((id, of)) if of == family => {
                ids.insert(code.clone(), id);
                continue;
            }
            Some(_) => format!("{family}_{code}"),
            None => code.as_str().to_owned(),
        };
        let (id,): (i32,) = sqlx::query_as(
            "insert into channels (name, platform, display_name) values ($1, $2, $3)
             on conflict on constraint channels_name_key do update set name = excluded.name returning id",
        )
        .bind(&name)
        .bind(&family)
        .bind(code.as_str())
        .fetch_one(&mut *connection)
        .await?;
        ids.insert(code.clone(), id);
    }
    Ok(ids)
}

pub(crate) async fn unspecified_channel(connection: &mut PgConnection, platform: &Platform) -> Result<i32, StoreError> {
    let (id,): (i32,) =
        sqlx::query_as("select c.id from channels c join platforms p on p.family = c.platform where p.code = $1 and c.is_unspecified")
            .bind(platform.code())
            .fetch_one(connection)
            .await?;
    Ok(id)
}
