//! Conversions by kind, beside the counted ones.

use std::collections::HashMap;

use chrono::NaiveDate;
use moa_domain::{ChannelCode, DateRange, Millionths, MoneyKind};
use sqlx::PgConnection;

use crate::error::StoreError;

/// A conversion kind of a campaign day.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversionRow {
    pub campaign: i32,
    pub channel: ChannelCode,
    pub kind: MoneyKind,
    pub date: NaiveDate,
    pub conversion_kind: String,
    pub conversions: Millionths,
    pub revenue: Millionths,
}

/// Puts the rows in the place of what stands for these campaigns and days. Equal rows are left alone.
pub(crate) async fn replace(
    connection: &mut PgConnection,
    run: i32,
    (campaigns, range): (&[i32], DateRange),
    rows: &[ConversionRow],
    (channels, kinds): (&HashMap<ChannelCode, i32>, &HashMap<MoneyKind, i32>),
) -> Result<(), StoreError> {
    let known = |row: &ConversionRow| Some((*channels.get(&row.channel)?, *kinds.get(&row.kind)?));
    let placed: Vec<(&ConversionRow, (i32, i32))> = rows.iter().filter_map(|row| Some((row, known(row)?))).collect();
    sqlx::query(
        "with came as (
           select * from unnest($4::date[], $5::int[], $6::int[], $7::int[], $8::text[], $9::bigint[], $10::bigint[])
             as t (date, campaign_id, channel_id, money_kind_id, conversion_kind, conversions, revenue)),
         gone as (
           delete from conversion_daily s where s.campaign_id = any ($1) and s.date between $2 and $3 and not exists (
             select from came c where c.date = s.date and c.campaign_id = s.campaign_id and c.channel_id = s.channel_id
               and c.money_kind_id = s.money_kind_id and c.conversion_kind = s.conversion_kind))
         insert into conversion_daily as s (date, campaign_id, channel_id, money_kind_id, conversion_kind, conversions, revenue, run_id)
           select date, campaign_id, channel_id, money_kind_id, conversion_kind, conversions, revenue, $11 from came
         on conflict (campaign_id, date, channel_id, money_kind_id, conversion_kind)
           do update set conversions = excluded.conversions, revenue = excluded.revenue, run_id = excluded.run_id
           where (s.conversions, s.revenue) is distinct from (excluded.conversions, excluded.revenue)",
    )
    .bind(campaigns)
    .bind(range.from)
    .bind(range.to)
    .bind(placed.iter().map(|(row, _)| row.date).collect::<Vec<_>>())
    .bind(placed.iter().map(|(row, _)| row.campaign).collect::<Vec<_>>())
    .bind(placed.iter().map(|(_, (channel, _))| *channel).collect::<Vec<_>>())
    .bind(placed.iter().map(|(_, (_, kind))| *kind).collect::<Vec<_>>())
    .bind(placed.iter().map(|(row, _)| row.conversion_kind.clone()).collect::<Vec<_>>())
    .bind(placed.iter().map(|(row, _)| row.conversions.0).collect::<Vec<_>>())
    .bind(placed.iter().map(|(row, _)| row.revenue.0).collect::<Vec<_>>())
    .bind(run)
    .execute(connection)
    .await?;
    Ok(())
}
