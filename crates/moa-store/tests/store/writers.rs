//! Several programs write at once.

use moa_domain::Platform;
use sqlx::Connection;
use tokio::task::JoinSet;

use crate::agency::{account, account_of, assert_rollups, client, date, day, days, number, on_each, range, run, second_account};

#[tokio::test]
async fn two_accounts_of_one_client_are_written_at_once() {
    on_each(async |database| {
        let first = account(&database.store, "한빛", Platform::GoogleAds, 3).await;
        let other = account(&database.store, "다온", Platform::Kakao, 2).await;
        let mut accounts = vec![first];
        for (position, platform) in [Platform::MetaAds, Platform::NaverAds].into_iter().enumerate() {
            accounts.push(second_account(&database.second_store().await, accounts[0].client, platform, &format!("2{position}"), 3).await);
        }
        accounts.push(other);
        database.store.ensure_partitions(range("2026-10-01", "2026-11-30")).await.expect("months");
        let mut writing = JoinSet::new();
        for (number, account) in accounts.into_iter().enumerate() {
            writing.spawn(async move {
                for round in 0..8_i64 {
                    let channel = ["google_search", "facebook", "naver_search", "kakao"][number];
                    let rows = account.campaigns.iter().enumerate().map(|(position, campaign)| {
                        let on = date("2026-10-30") + chrono::Days::new((position as u64) + (round as u64 % 3));
                        day(*campaign, channel, &on.to_string(), [round * 10, round, round * 100, 1, 0])
                    });
                    account.write(&days(rows.collect())).await;
                }
            });
        }
        while let Some(written) = writing.join_next().await {
            written.expect("no deadlock");
        }
        assert_rollups(&mut database.superuser().await, "after all writers").await;
    })
    .await;
}

/// Waits until a backend waits for an advisory lock; the server says so, no clock does.
async fn until_somebody_waits(sql: &mut sqlx::PgConnection) {
    while number(sql, "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())").await == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_writer_per_account_at_a_time() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let b = second_account(&database.store, a.client, Platform::MetaAds, "200", 1).await;
        let mut sql = database.superuser().await;
        let mut holder = database.store.begin_write().await.expect("a transaction");
        holder.lock_account(a.id).await.expect("locked");
        let mut other = database.second_store().await.begin_write().await.expect("a transaction");
        other.lock_account(b.id).await.expect("another account is free");
        let (store, id) = (database.second_store().await, a.id);
        let waiting = tokio::spawn(async move {
            let mut tx = store.begin_write().await.expect("a transaction");
            tx.lock_account(id).await.expect("locked in the end");
        });
        until_somebody_waits(&mut sql).await;
        assert!(!waiting.is_finished());
        holder.rollback().await.expect("given back");
        waiting.await.expect("it had its turn");
    })
    .await;
}

#[tokio::test]
async fn two_programs_that_know_a_new_account_make_one() {
    on_each(async |database| {
        let client = client(&database.store, "한빛").await;
        let mut making = JoinSet::new();
        for _ in 0..4 {
            let store = database.second_store().await;
            making.spawn(async move {
                let mut tx = store.begin_write().await.expect("a transaction");
                let new = account_of(client, Platform::Other("tiktok".to_owned()), "7");
                let account = tx.ensure_account(&new).await.expect("an account");
                tx.commit().await.expect("committed");
                account.id
            });
        }
        let ids: Vec<i32> = making.join_all().await;
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    })
    .await;
}

/// The account moves to another client while somebody writes to it: the roll-ups follow all the same.
#[tokio::test]
async fn an_account_that_moves_during_a_write_takes_its_figures_along() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let target = client(&database.store, "다온").await;
        database.store.ensure_partitions(range("2026-11-01", "2026-11-30")).await.expect("a month");
        let mut tx = database.store.begin_write().await.expect("a transaction");
        tx.lock_account(a.id).await.expect("locked");
        let writing = tx.start_run(a.id, "file", "a.csv").await.expect("a run");
        let (mut mover, id) = (database.superuser().await, a.id);
        let mut sql = database.superuser().await;
        let moving = tokio::spawn(async move {
            run(&mut mover, &format!("update marketing_accounts set client_id = {target} where id = {id}")).await;
            mover.close().await.expect("closed");
        });
        until_somebody_waits(&mut sql).await;
        tx.write(&writing, &days(vec![day(a.campaigns[0], "google_search", "2026-11-02", [10, 1, 100, 0, 0])])).await.expect("written");
        tx.commit().await.expect("committed");
        moving.await.expect("moved");
        assert_rollups(&mut sql, "after the move").await;
        assert_eq!(number(&mut sql, &format!("select count(*) from roll_client_day where client_id = {target}")).await, 1);
    })
    .await;
}

/// Plain SQL takes its turn like any other writer: a day is settled from all its hours.
#[tokio::test]
async fn two_statements_on_one_day_make_one_sum() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let insert = |at| {
            format!(
                "insert into campaign_metrics (campaign_id, date, hour, impressions, clicks) values ({}, '2026-11-02', {at}, 10, 1)",
                a.campaigns[0]
            )
        };
        let (mut first, mut second, mut sql) = (database.superuser().await, database.superuser().await, database.superuser().await);
        run(&mut first, "begin").await;
        run(&mut first, &insert(9)).await;
        let statement = insert(10);
        let waiting = tokio::spawn(async move {
            run(&mut second, &statement).await;
            second.close().await.expect("closed");
        });
        until_somebody_waits(&mut sql).await;
        run(&mut first, "commit").await;
        waiting.await.expect("it had its turn");
        assert_eq!(number(&mut sql, "select impressions from metric_daily").await, 20);
        assert_rollups(&mut sql, "after both").await;
    })
    .await;
}
