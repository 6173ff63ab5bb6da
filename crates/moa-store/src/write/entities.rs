//! Ad groups, keywords, creatives, search terms and devices by their ids.

use std::collections::HashMap;

use moa_domain::{BreakdownFact, Dimension};
use sqlx::PgConnection;

use crate::error::StoreError;

/// What a breakdown row is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Entity {
    pub(crate) campaign: i32,
    pub(crate) dimension: Dimension,
    pub(crate) parent: String,
    /// Empty: what the source itself did not break down.
    pub(crate) name: String,
}

impl Entity {
    pub(crate) fn of(fact: &BreakdownFact<i32>) -> Self {
        Self {
            campaign: fact.campaign,
            dimension: fact.dimension,
            parent: fact.parent.clone().unwrap_or_default(),
            name: fact.name.clone(),
        }
    }
}

pub(crate) const fn dimension_id(dimension: Dimension) -> i16 {
    match dimension {
        Dimension::AdGroup => 1,
        Dimension::Keyword => 2,
        Dimension::Creative => 3,
        Dimension::SearchTerm => 4,
        Dimension::Device => 5,
    }
}

pub(crate) fn dimension_of(id: i16) -> Option<Dimension> {
    Dimension::ALL.into_iter().find(|dimension| dimension_id(*dimension) == id)
}

/// All entities of the campaigns, with those that are new made first.
pub(crate) async fn ensure_entities(
    connection: &mut PgConnection,
    campaigns: &[i32],
    wanted: &[Entity],
) -> Result<HashMap<Entity, i32>, StoreError> {
    let mut known = load(&mut *connection, campaigns).await?;
    let missing: Vec<&Entity> = wanted.iter().filter(|entity| !known.contains_key(*entity)).collect();
    if !missing.is_empty() {
        sqlx::query(
            "insert into breakdown_entities (campaign_id, dimension, parent, name)
             select * from unnest($1::int[], $2::smallint[], $3::text[], $4::text[])
             on conflict on constraint breakdown_entities_key do nothing",
        )
        .bind(missing.iter().map(|entity| entity.campaign).collect::<Vec<_>>())
        .bind(missing.iter().map(|entity| dimension_id(entity.dimension)).collect::<Vec<_>>())
        .bind(missing.iter().map(|entity| entity.parent.clone()).collect::<Vec<_>>())
        .bind(missing.iter().map(|entity| entity.name.clone()).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
        known = load(connection, campaigns).await?;
    }
    Ok(known)
}

async fn load(connection: &mut PgConnection, campaigns: &[i32]) -> Result<HashMap<Entity, i32>, StoreError> {
    let rows: Vec<(i32, i32, i16, String, String)> =
        sqlx::query_as("select id, campaign_id, dimension, parent, name from breakdown_entities where campaign_id = any ($1)")
            .bind(campaigns)
            .fetch_all(connection)
            .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, campaign, dimension, parent, name)| {
            Some((Entity { campaign, dimension: dimension_of(dimension)?, parent, name }, id))
        })
        .collect())
}
