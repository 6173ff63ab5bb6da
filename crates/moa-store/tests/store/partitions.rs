use moa_store::StoreError;
use tokio::task::JoinSet;

use crate::agency::{number, on_each, range};

#[tokio::test]
async fn months_are_made_once_by_programs_that_want_them_at_once() {
    on_each(async |database| {
        let mut making = JoinSet::new();
        // Overlapping ranges in both directions: each wants months another one is making.
        for round in 0..6 {
            for (from, to) in [("2024-01-01", "2024-06-30"), ("2024-04-01", "2024-12-31"), ("2023-11-15", "2024-05-02")] {
                let store = if round % 2 == 0 { database.store.clone() } else { database.second_store().await };
                making.spawn(async move { store.ensure_partitions(range(from, to)).await });
            }
        }
        while let Some(made) = making.join_next().await {
            made.expect("no panic").expect("made");
        }
        let mut sql = database.superuser().await;
        assert_eq!(number(&mut sql, "select count(*) from pg_inherits where inhparent = 'metric_daily'::regclass").await, 14);
        assert_eq!(number(&mut sql, "select count(*) from pg_inherits where inhparent = 'roll_campaign_mtd'::regclass").await, 14);
        let owners = "select count(*) from pg_class where relname like 'metric_daily_2024%' and relowner <> 'moa_owner'::regrole";
        assert_eq!(number(&mut sql, owners).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_range_too_wide_to_be_meant_is_refused() {
    on_each(async |database| {
        let made = database.store.ensure_partitions(range("1900-01-01", "2026-01-01")).await;
        assert!(matches!(made, Err(StoreError::TooLarge)), "{made:?}");
    })
    .await;
}
