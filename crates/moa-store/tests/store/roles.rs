//! What the program may do, and what only the owner may.

use crate::agency::{account, day, days, number, on_each, range, refusal, run, texts};

#[tokio::test]
async fn the_program_owns_nothing_and_may_change_no_table() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", moa_domain::Platform::Kakao, 1).await;
        a.write(&days(vec![day(a.campaigns[0], "kakao", "2026-11-02", [1, 0, 0, 0, 0])])).await;
        let mut sql = database.superuser().await;
        let roles = "select concat_ws(' ', rolname, rolsuper, rolcanlogin, rolcreaterole, rolbypassrls) from pg_roles where rolname in ('moa_owner', 'moa_app') order by 1";
        assert_eq!(texts(&mut sql, roles).await, ["moa_app f f f f", "moa_owner f f f f"]);
        let owned = "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relowner <> 'moa_owner'::regrole";
        assert_eq!(number(&mut sql, owned).await, 0, "everything is the owner's");
        run(&mut sql, "set role moa_app").await;
        for statement in [
            "create table mine (a int)",
            "create table public.mine (a int)",
            "drop table metric_daily",
            "alter table clients add column mine int",
            "truncate metric_daily",
            "create function mine() returns int language sql as 'select 1'",
            "drop view campaign_metrics",
            "alter table clients disable trigger all",
            "update workspace set compatible_from = 99",
            "delete from workspace",
            "delete from _sqlx_migrations",
            "select * from sql_writes",
            "insert into sql_writes values (1, 1, '2026-11-02', false)",
            "set session_replication_role = replica",
            "create role mine",
            "grant moa_owner to moa_app",
        ] {
            let message = refusal(&mut sql, statement).await;
            assert!(message.contains("permission denied") || message.contains("must be owner") || message.contains("must have"), "{statement}: {message}");
        }
        assert_eq!(number(&mut sql, "select schema_version::bigint from workspace").await, 3, "but it may read what the database is");
    })
    .await;
}

#[tokio::test]
async fn functions_with_the_owners_rights_are_for_the_program_alone() {
    on_each(async |database| {
        let mut sql = database.superuser().await;
        let open = "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
                    and p.prorettype <> 'trigger'::regtype and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)";
        assert!(texts(&mut sql, open).await.is_empty());
        let unfixed = "select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
                       and not exists (select from unnest(proconfig) c where c like 'search_path=%')";
        assert!(texts(&mut sql, unfixed).await.is_empty(), "each has a fixed search path");
        let invoker = "select c.relname::text from pg_class c where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace
                       and not coalesce('security_invoker=true' = any (c.reloptions), false)";
        assert!(texts(&mut sql, invoker).await.is_empty(), "views ask with the reader's rights");
    })
    .await;
}

/// A table of the program's own in front of ours would be read by functions with the owner's rights.
#[tokio::test]
async fn temporary_tables_shadow_nothing_of_the_owners() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", moa_domain::Platform::Kakao, 1).await;
        a.write(&days(vec![day(a.campaigns[0], "kakao", "2026-11-02", [7, 0, 0, 0, 0])])).await;
        let mut sql = database.superuser().await;
        run(&mut sql, "set role moa_app; create temp table metric_daily (like public.metric_daily); select rebuild_rollups()").await;
        assert_eq!(number(&mut sql, "select sum(impressions)::bigint from roll_client_day").await, 7);
    })
    .await;
}

#[tokio::test]
async fn months_made_later_can_be_written_by_the_program() {
    on_each(async |database| {
        let store = &database.store;
        store.ensure_partitions(range("2031-05-01", "2031-05-31")).await.expect("a month");
        let mut sql = database.superuser().await;
        run(&mut sql, "set role moa_app; insert into metric_daily (date, campaign_id, channel_id, money_kind_id, run_id) values ('2031-05-03', 1, 1, 1, 1)").await;
        assert_eq!(number(&mut sql, "select count(*) from metric_daily_2031_05").await, 1);
    })
    .await;
}
