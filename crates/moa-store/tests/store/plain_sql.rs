//! SQL as a reader of the original document would write it, with the rights of the program.

use moa_domain::{Dimension, Platform};
use moa_testing::TestDatabase;
use sqlx::PgConnection;

use crate::agency::{CONVERSIONS, account, assert_rollups, breakdown, daily_rows, day, days, finer, number, on_each, refusal, run, texts};

/// The columns of the original document, in its order. The tokens of `marketing_accounts` moved to `platform_logins`.
const ORIGINAL: [(&str, &str); 10] = [
    ("users", "id email password_hash name company_name role created_at updated_at last_login is_active"),
    ("marketing_accounts", "id user_id platform account_id account_name is_connected created_at updated_at"),
    (
        "campaigns",
        "id marketing_account_id campaign_id campaign_name platform status objective daily_budget total_budget start_date end_date created_at updated_at",
    ),
    (
        "campaign_metrics",
        "id campaign_id date hour impressions clicks ctr cost cpc cpm conversions conversion_rate cpa revenue roas roi likes shares comments saves \
         created_at updated_at channel_id currency vat_included vat_rate",
    ),
    ("channels", "id name platform display_name icon_url is_active"),
    (
        "channel_performance",
        "id user_id channel_id date total_spend total_impressions total_clicks total_conversions total_revenue avg_cpc avg_ctr avg_roas created_at updated_at",
    ),
    (
        "insights",
        "id user_id campaign_id type category title description priority potential_impact suggested_action is_read is_applied created_at expires_at",
    ),
    ("reports", "id user_id title report_type date_from date_to file_url status config created_at completed_at"),
    ("data_sync_logs", "id marketing_account_id sync_type status records_synced error_message started_at completed_at created_at"),
    (
        "budgets",
        "id user_id name total_amount spent_amount remaining_amount period_type start_date end_date alert_threshold created_at updated_at",
    ),
];

/// A connection with the rights of the program.
async fn program(database: &TestDatabase) -> PgConnection {
    let mut sql = database.superuser().await;
    run(&mut sql, "set role moa_app; set time zone 'UTC'").await;
    sql
}

/// An account and a campaign made as the original makes them; campaign 1.
async fn naver(sql: &mut PgConnection) {
    run(
        sql,
        "insert into marketing_accounts (user_id, platform, account_id, account_name) values (1, 'naver_ads', 'n-1', '네이버');
         insert into campaigns (marketing_account_id, campaign_id, campaign_name, platform, status, objective, daily_budget)
           values (1, 'cmp-1', '파워링크', 'naver_ads', 'active', 'conversion', 50000)",
    )
    .await;
}

/// Figures of the view, one row a line.
async fn shown(sql: &mut PgConnection) -> Vec<String> {
    texts(
        sql,
        "select concat_ws(' ', date, coalesce(hour::text, 'day'), impressions, clicks, trim_scale(cost), coalesce(trim_scale(conversions)::text, 'unknown'),
                trim_scale(revenue), 'ctr', trim_scale(ctr), 'roas', trim_scale(roas))
         from campaign_metrics order by date, hour nulls first, channel_id, currency",
    )
    .await
}

#[tokio::test]
async fn all_ten_relations_have_the_columns_of_the_original_in_order() {
    on_each(async |database| {
        let mut sql = database.superuser().await;
        for (relation, columns) in ORIGINAL {
            let found = texts(
                &mut sql,
                &format!("select attname::text from pg_attribute where attrelid = '{relation}'::regclass and attnum > 0 and not attisdropped order by attnum"),
            )
            .await;
            let wanted: Vec<&str> = columns.split_whitespace().collect();
            assert_eq!(found[..wanted.len()], wanted, "{relation}");
        }
        let moved = "select attname::text from pg_attribute where attrelid = 'platform_logins'::regclass and attname like '%token%' order by attnum";
        assert_eq!(texts(&mut sql, moved).await, ["access_token", "refresh_token", "token_expires_at"]);
        let first = "select name || ' ' || platform || ' ' || display_name from channels where not is_unspecified or name = 'kakao' order by id limit 8";
        assert_eq!(
            texts(&mut sql, first).await,
            [
                "google_search google Google 검색광고",
                "google_display google Google 디스플레이",
                "youtube google YouTube 광고",
                "facebook meta Facebook 광고",
                "instagram meta Instagram 광고",
                "naver_search naver 네이버 검색광고",
                "naver_display naver 네이버 디스플레이",
                "kakao kakao 카카오 광고",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_day_is_inserted_replaced_updated_and_deleted() {
    on_each(async |database| {
        let mut sql = program(database).await;
        naver(&mut sql).await;
        let insert = |clicks| {
            format!(
                "insert into campaign_metrics (campaign_id, date, impressions, clicks, ctr, cost, conversions, revenue, roas)
                 values (1, '2026-11-02', 1000, {clicks}, 99, 5000.5, 2.5, 20002, 77)"
            )
        };
        run(&mut sql, &insert(50)).await;
        assert_eq!(shown(&mut sql).await, ["2026-11-02 day 1000 50 5000.5 2.5 20002 ctr 5 roas 4"], "written ratios are ignored");
        let defaults = "select c.name || ' ' || currency || ' ' || vat_included || ' ' || trim_scale(vat_rate) from campaign_metrics m join channels c on c.id = m.channel_id";
        assert_eq!(texts(&mut sql, defaults).await, ["naver_all KRW false 10"]);
        run(&mut sql, &insert(100)).await;
        assert_eq!(shown(&mut sql).await, ["2026-11-02 day 1000 100 5000.5 2.5 20002 ctr 10 roas 4"], "the row of a key is replaced");
        run(&mut sql, "update campaign_metrics set cost = 10001, ctr = 1 where campaign_id = 1 and date = '2026-11-02'").await;
        assert_eq!(shown(&mut sql).await, ["2026-11-02 day 1000 100 10001 2.5 20002 ctr 10 roas 2"]);
        run(&mut sql, "update campaign_metrics set date = '2026-12-03', channel_id = (select id from channels where name = 'naver_search')").await;
        assert_eq!(shown(&mut sql).await, ["2026-12-03 day 1000 100 10001 2.5 20002 ctr 10 roas 2"], "another key, in a month of its own");
        let returned = "insert into campaign_metrics (campaign_id, date, impressions, clicks, currency, vat_included, vat_rate)
                        values (1, '2026-12-04', 3, 1, 'USD', true, 0) returning concat_ws(' ', campaign_id, trim_scale(ctr), currency, id > 0)";
        assert_eq!(texts(&mut sql, returned).await, ["1 33.333333 USD t"]);
        assert_rollups(&mut database.superuser().await, "after the statements").await;
        run(&mut sql, "delete from campaign_metrics where campaign_id = 1").await;
        assert!(shown(&mut sql).await.is_empty());
        assert_rollups(&mut database.superuser().await, "after the deletion").await;
        // Every change of a finished day is told: three of the first, one of each deletion.
        assert!(number(&mut sql, "select count(*) from metric_revisions where date = '2026-11-02'").await >= 3);
    })
    .await;
}

#[tokio::test]
async fn hours_and_days_stand_side_by_side() {
    on_each(async |database| {
        let mut sql = program(database).await;
        naver(&mut sql).await;
        run(
            &mut sql,
            "insert into campaign_metrics (campaign_id, date, hour, impressions, clicks, cost, conversions, revenue) values
               (1, '2026-11-02', 9, 100, 10, 1000, 1, 3000), (1, '2026-11-02', 10, 50, 5, 500, null, null)",
        )
        .await;
        let hours = ["2026-11-02 9 100 10 1000 1 3000 ctr 10 roas 3", "2026-11-02 10 50 5 500 unknown ctr 10 roas"];
        let of = |day: &'static str| [day, hours[0], hours[1]];
        assert_eq!(shown(&mut sql).await, of("2026-11-02 day 150 15 1500 1 3000 ctr 10 roas 2"), "the day is the sum of its hours");
        run(
            &mut sql,
            "insert into campaign_metrics (campaign_id, date, impressions, clicks, cost) values (1, '2026-11-02', 160, 16, 1600)",
        )
        .await;
        assert_eq!(shown(&mut sql).await, of("2026-11-02 day 160 16 1600 0 0 ctr 10 roas 0"), "a stated day wins");
        run(&mut sql, "update campaign_metrics set impressions = 120 where hour = 9").await;
        assert_eq!(shown(&mut sql).await[0], "2026-11-02 day 160 16 1600 0 0 ctr 10 roas 0");
        run(&mut sql, "delete from campaign_metrics where hour is null").await;
        assert_eq!(shown(&mut sql).await[0], "2026-11-02 day 170 15 1500 1 3000 ctr 8.823529 roas 2", "its hours have the word again");
        let ids = number(&mut sql, "select count(distinct id) from campaign_metrics").await;
        assert_eq!(ids, 3, "every row has an id of its own");
        assert_rollups(&mut database.superuser().await, "after the statements").await;
        run(&mut sql, "delete from campaign_metrics where hour is not null").await;
        assert!(shown(&mut sql).await.is_empty(), "without hours there is no day");
        assert_rollups(&mut database.superuser().await, "without hours").await;
    })
    .await;
}

/// A statement touches what the files left: each measure keeps its source.
#[tokio::test]
async fn statements_and_files_meet_on_one_day() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let campaign = a.campaigns[0];
        let mut sql = program(database).await;
        let conversions = breakdown(vec![finer(campaign, "naver_all", "2026-11-02", Dimension::Keyword, "이불", [0, 0, 0, 2, 900])]);
        a.write(&moa_store::SliceWrite { measures: CONVERSIONS, ..conversions }).await;
        run(
            &mut sql,
            &format!("insert into campaign_metrics (campaign_id, date, hour, impressions, clicks, cost) values ({campaign}, '2026-11-02', 9, 100, 10, 1000)"),
        )
        .await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_all KRW 100 10 1000 2 900"], "traffic by hour, conversions by keyword");
        assert_rollups(&mut database.superuser().await, "after the hour").await;
        let statement = format!("insert into campaign_metrics (campaign_id, date, channel_id, impressions, clicks, cost, conversions, revenue)
                                 values ({campaign}, '2026-11-02', (select id from channels where name = 'naver_search'), 70, 7, 700, 1, 100)");
        run(&mut sql, &statement).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_search KRW 70 7 700 1 100"], "the statement says the whole day");
        a.write(&days(vec![day(campaign, "naver_search", "2026-11-02", [80, 8, 800, 1, 100])])).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_search KRW 80 8 800 1 100"]);
        assert_rollups(&mut database.superuser().await, "at the end").await;
        let checks = database.store.check().await.expect("checked");
        assert!(checks.iter().all(|check| check.ok), "{checks:?}");
    })
    .await;
}

#[tokio::test]
async fn rows_know_the_run_that_wrote_them() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        a.write(&days(vec![day(a.campaigns[0], "naver_all", "2026-11-02", [1, 0, 0, 0, 0])])).await;
        let mut sql = program(database).await;
        let same =
            "select count(*) from campaign_metrics m join data_sync_logs l on l.started_at = m.created_at and l.completed_at = m.updated_at
                    where l.source = 'a.csv' and l.status = 'success' and l.records_synced = 1";
        assert_eq!(number(&mut sql, same).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_the_view_cannot_do_it_says() {
    on_each(async |database| {
        let mut sql = program(database).await;
        naver(&mut sql).await;
        let comment = texts(&mut sql, "select obj_description('campaign_metrics'::regclass)").await;
        assert!(comment[0].contains("ON CONFLICT") && comment[0].contains("never both"), "{comment:?}");
        let refused = refusal(&mut sql, "insert into campaign_metrics (campaign_id, date, impressions) values (77, '2026-11-02', 1)").await;
        assert_eq!(refused, "there is no campaign 77");
        let refused =
            refusal(&mut sql, "insert into campaign_metrics (campaign_id, date, channel_id) values (1, '2026-11-02', 4711)").await;
        assert_eq!(refused, "there is no channel 4711");
        refusal(
            &mut sql,
            "insert into campaign_metrics (campaign_id, date) values (1, '2026-11-02') on conflict (campaign_id, date) do nothing",
        )
        .await;
        refusal(&mut sql, "insert into campaign_metrics (campaign_id, date, hour) values (1, '2026-11-02', 24)").await;
        refusal(&mut sql, "insert into campaign_metrics (campaign_id, date, cost) values (1, '2026-11-02', 10000000000000)").await;
        assert!(shown(&mut sql).await.is_empty());
        assert_eq!(number(&mut database.superuser().await, "select count(*) from sql_writes").await, 0, "a statement leaves no notes");
    })
    .await;
}

#[tokio::test]
async fn channels_are_summed_for_every_user_who_may_see_the_client() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::MetaAds, 2).await;
        let mut sql = program(database).await;
        let rows = a.campaigns.iter().map(|campaign| day(*campaign, "facebook", "2026-11-02", [100, 10, 1000, 1, 3000]));
        a.write(&days(rows.collect())).await;
        run(&mut sql, "insert into users (email, password_hash, name) values ('member@example.com', '!', '구성원'), ('other@example.com', '!', '다른 사람')").await;
        run(&mut sql, &format!("insert into client_members values ({}, (select id from users where name = '구성원'))", a.client)).await;
        let seen = "select concat_ws(' ', u.name, c.name, p.date, trim_scale(total_spend), total_impressions, total_clicks, trim_scale(total_conversions),
                      trim_scale(total_revenue), trim_scale(avg_cpc), trim_scale(avg_ctr), trim_scale(avg_roas), currency)
                    from channel_performance p join users u on u.id = p.user_id join channels c on c.id = p.channel_id order by 1";
        let of = |user| format!("{user} facebook 2026-11-02 2000 200 20 2 6000 100 10 3 KRW");
        assert_eq!(texts(&mut sql, seen).await, [of("구성원"), of("소유자")]);
        run(&mut sql, "update users set is_active = false where name = '구성원'").await;
        assert_eq!(texts(&mut sql, seen).await, [of("소유자")]);
        database.store.remove_client(a.client).await.expect("removed");
        assert!(texts(&mut sql, seen).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn budgets_know_what_was_spent() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::MetaAds, 1).await;
        let b = account(&database.store, "다온", Platform::GoogleAds, 1).await;
        let mut sql = program(database).await;
        let mut gross = day(a.campaigns[0], "facebook", "2026-11-02", [1, 1, 1100, 0, 0]);
        gross.kind = crate::agency::WITH_VAT;
        a.write(&days(vec![gross, day(a.campaigns[0], "facebook", "2026-11-03", [1, 1, 2000, 0, 0])])).await;
        b.write(&days(vec![
            day(b.campaigns[0], "youtube", "2026-11-30", [1, 1, 500, 0, 0]),
            day(b.campaigns[0], "youtube", "2026-12-01", [1, 1, 9000, 0, 0]),
        ]))
        .await;
        run(
            &mut sql,
            &format!(
                "insert into budgets (user_id, name, total_amount, spent_amount, remaining_amount, period_type, start_date, end_date)
                   values (1, '전체', 10000.5, 1, 2, 'monthly', '2026-11-01', '2026-11-30');
                 insert into budgets (name, client_id, basis, total_amount, period_type, start_date, end_date)
                   values ('한빛 총액', {}, 'gross', 3000, 'monthly', '2026-11-01', '2026-11-30')",
                a.client
            ),
        )
        .await;
        let shown =
            "select concat_ws(' ', name, trim_scale(total_amount), trim_scale(spent_amount), trim_scale(remaining_amount), period_type,
                       trim_scale(alert_threshold), currency, basis) from budgets order by name desc";
        assert_eq!(
            texts(&mut sql, shown).await,
            ["한빛 총액 3000 3300 -300 monthly 80 KRW gross", "전체 10000.5 3500 6500.5 monthly 80 KRW net"]
        );
        run(&mut sql, "update budgets set total_amount = 4000, spent_amount = 0, remaining_amount = 0 where name = '전체'").await;
        assert_eq!(texts(&mut sql, shown).await[1], "전체 4000 3500 500 monthly 80 KRW net");
        run(&mut sql, "delete from budgets where name = '전체'").await;
        assert_eq!(texts(&mut sql, shown).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_other_relations_take_the_rows_of_the_original() {
    on_each(async |database| {
        let mut sql = program(database).await;
        naver(&mut sql).await;
        run(
            &mut sql,
            "insert into insights (user_id, campaign_id, type, category, title, priority, potential_impact) values (1, 1, 'opportunity', 'budget', '예산 증액', 'high', 12.5);
             insert into reports (user_id, title, report_type, date_from, date_to, config) values (1, '11월', 'monthly', '2026-11-01', '2026-11-30', '{\"channels\": []}');
             insert into data_sync_logs (marketing_account_id, sync_type, status, started_at) values (1, 'full', 'in_progress', now());
             insert into channels (name, platform, display_name) values ('naver_live', 'naver', '네이버 라이브');
             update users set last_login = now() where id = 1",
        )
        .await;
        let defaults = "select concat_ws(' ', i.is_read, i.is_applied, r.status, a.is_connected, k.budget_shared)
                        from insights i, reports r, marketing_accounts a, campaigns k";
        assert_eq!(texts(&mut sql, defaults).await, ["f f pending t f"]);
        assert_eq!(number(&mut sql, "select count(*) from campaigns k join marketing_accounts a on a.id = k.marketing_account_id join clients c on c.id = a.client_id where c.is_unassigned").await, 1);
        run(&mut sql, "delete from users where id = 1").await;
        assert_eq!(number(&mut sql, "select count(*) from marketing_accounts where user_id is null").await, 1, "a leaver's accounts stay");
    })
    .await;
}
