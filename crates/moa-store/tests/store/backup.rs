//! Backups of one Postgres restored on another.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use moa_domain::{Dimension, Platform};
use moa_store::StoreError;
use moa_testing::TestDatabase;
use sqlx::PgConnection;

use crate::agency::{account, assert_rollups, day, days, finer, hour, number, on_each, run, texts, versions};

const TOKEN: &str = "토큰 암호문";
const HASH: &str = "$argon2id$v=19$geheim";

/// A workspace in which every table holds something awkward.
async fn fill(database: &TestDatabase) {
    let a = account(&database.store, "한빛\t\\N \"탭\"", Platform::NaverAds, 2).await;
    let mut slice = days(vec![
        day(a.campaigns[0], "naver_search", "2026-09-30", [100, 10, 5000, 1, 900]),
        day(a.campaigns[1], "naver_search", "2026-11-02", [7, 0, -50, 0, -3]),
    ]);
    slice.daily[0].reach = Some(77);
    slice.daily[0].engagement.likes = 3;
    slice.hourly = vec![hour(a.campaigns[0], "naver_search", "2026-11-03", 23, [5, 1, 10, 0, 0])];
    slice.hourly[0].conversions_known = false;
    slice.breakdown = vec![finer(a.campaigns[1], "naver_all", "2026-11-04", Dimension::Keyword, "<script>\n'이불'", [9, 1, 1, 1, 1])];
    a.write(&slice).await;
    a.write(&days(vec![day(a.campaigns[0], "naver_search", "2026-09-30", [100, 11, 5500, 1, 900])])).await;
    let b = account(&database.store, "떠난 광고주", Platform::Other("tiktok".to_owned()), 1).await;
    b.write(&days(vec![day(b.campaigns[0], "tiktok", "2026-11-02", [1, 1, 1, 1, 1])])).await;
    database.store.remove_client(b.client).await.expect("removed");
    let mut sql = database.superuser().await;
    run(
        &mut sql,
        &format!(
            "insert into users (email, password_hash, name, last_login) values ('member@example.com', '{HASH}', '구성원', '2026-11-01 09:00+09');
             insert into client_members values ({client}, 2);
             insert into platform_logins (platform, label, access_token, refresh_token, key_id) values ('naver_ads', '대표', '{TOKEN}', '{TOKEN}', 'k1');
             update marketing_accounts set login_id = 1 where id = {account};
             insert into platform_apps (platform, client_id, client_secret, key_id) values ('google_ads', '481516', '{TOKEN}', 'k1');
             insert into platform_totals values ({account}, '2026-11-02', 1, 10, 1, 5500, '2026-11-03 08:00+09');
             insert into client_conversion_kinds values ({client}, 'naver_ads', 'purchase');
             insert into sync_plans (marketing_account_id, sync_type, left_from, left_to) values ({account}, 'full', '2025-01-01', '2026-10-01');
             insert into campaign_aliases (campaign_id, alias) values ({campaign}, '옛 이름');
             insert into conversion_daily values ('2026-11-02', {campaign}, 1, 1, '구매완료', 1000000, 900000000, 1);
             insert into budgets (user_id, name, total_amount, period_type, start_date, end_date) values (1, '11월', 10.5, 'monthly', '2026-11-01', '2026-11-30');
             insert into insights (user_id, campaign_id, type, title) values (1, {campaign}, 'warning', '주의');
             insert into insight_reads values (1, 2);
             insert into reports (client_id, title, report_type, date_from, date_to, document) values ({client}, '월간', 'monthly', '2026-11-01', '2026-11-30', '{{\"a\": [1, null]}}');
             insert into report_files values (1, 'pdf', '한빛.pdf', '\\x00ff', '\\x255044460a00ff');
             insert into import_mappings values ({client}, 'abc', '{{\"mapping\": []}}');
             insert into settings values ('language', '\"ko\"');
             insert into fees (client_id, platform, kind, rate, valid_from) values ({client}, 'naver_ads', 'markup', 0.15, '2026-01-01');
             insert into exchange_rates values ('USD', 'KRW', '2026-11-02', 1391.55, '고시');",
            client = a.client,
            account = a.id,
            campaign = a.campaigns[0],
        ),
    )
    .await;
}

/// Every row of every table that is the workspace's own, but what stays behind on purpose.
async fn contents(sql: &mut PgConnection) -> Vec<String> {
    run(sql, "set time zone 'UTC'").await;
    let tables = texts(
        sql,
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
         and relname not in ('workspace', '_sqlx_migrations', 'jobs', 'sql_writes', 'sync_plans') order by 1",
    )
    .await;
    let mut all = Vec::new();
    for table in tables {
        let rows = texts(
            sql,
            &format!(
                "select '{table} ' || (to_jsonb(t) - array['password_hash', 'access_token', 'refresh_token', 'secret', 'client_secret', 'key_id', 'token_expires_at', 'login_ends_at', 'needs_login'])::text
                 from {table} t order by 1"
            ),
        )
        .await;
        assert!(!rows.is_empty(), "{table} is empty, so nothing is tested");
        all.extend(rows);
    }
    all
}

fn file(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

#[tokio::test]
async fn a_backup_of_one_postgres_is_restored_on_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let sources = moa_testing::databases().await;
    for (position, source) in sources.iter().enumerate() {
        fill(source).await;
        let path = file(&folder, &format!("{position}.moabackup"));
        let made = source.store.backup(&path).await.expect("a backup");
        let before = contents(&mut source.superuser().await).await;
        for target in moa_testing::databases().await {
            let restored = target.store.restore(&path).await.expect("restored");
            assert_eq!((restored.tables, restored.rows), (made.tables, made.rows));
            let mut sql = target.superuser().await;
            assert_eq!(contents(&mut sql).await, before, "{} on {}", source.server_major, target.server_major);
            assert_rollups(&mut sql, "after the restore").await;
            assert!(target.store.check().await.expect("checked").iter().all(|check| check.ok));
            assert_eq!(
                number(&mut sql, "select count(*) from platform_logins where access_token is not null or key_id is not null").await,
                0
            );
            assert_eq!(number(&mut sql, "select count(*) from users where password_hash <> '!'").await, 0);
            // Numbers go on where they were.
            let next = account(&target.store, "새 광고주", Platform::Kakao, 1).await;
            next.write(&days(vec![day(next.campaigns[0], "kakao", "2026-11-02", [1, 0, 0, 0, 0])])).await;
            let highest = "select count(*) from clients where change_seq > all (select change_seq from marketing_accounts where client_id <> clients.id)";
            assert!(number(&mut sql, highest).await >= 1);
            // And nothing is restored over it.
            let before = versions(&mut sql).await;
            assert!(matches!(target.store.restore(&path).await, Err(StoreError::NotEmpty)));
            assert_eq!(versions(&mut sql).await, before);
            target.finish().await;
        }
    }
}

#[tokio::test]
async fn anything_in_a_workspace_keeps_a_restore_away() {
    let folder = tempfile::tempdir().expect("a folder");
    on_each(async |database| {
        let path = file(&folder, &format!("empty-{}", database.server_major));
        database.store.backup(&path).await.expect("a backup of nothing");
        database.store.restore(&path).await.expect("nothing over nothing");
        let mut sql = database.superuser().await;
        for (table, row) in [
            ("budget_plans", "insert into budgets (name, total_amount, period_type, start_date, end_date) values ('a', 1, 'daily', '2026-11-01', '2026-11-01')"),
            ("exchange_rates", "insert into exchange_rates values ('USD', 'KRW', '2026-11-02', 1391.55, '')"),
            ("insights", "insert into insights (type, title) values ('warning', 'a')"),
            ("clients", "insert into clients (name) values ('한빛')"),
        ] {
            run(&mut sql, row).await;
            assert!(matches!(database.store.restore(&path).await, Err(StoreError::NotEmpty)), "{table}");
            run(&mut sql, &format!("delete from {table}; delete from tombstones")).await;
        }
    })
    .await;
}

/// Names and bytes of a ZIP file.
type Entries = Vec<(String, Vec<u8>)>;

fn entries(path: &Path) -> Entries {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).expect("the backup")).expect("a ZIP file");
    (0..zip.len())
        .map(|index| {
            let mut entry = zip.by_index(index).expect("an entry");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("its bytes");
            let name = entry.name().expect("a name").into_owned();
            (name, bytes)
        })
        .collect()
}

fn write_zip(path: &Path, entries: &[(String, Vec<u8>)]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("the end");
}

#[tokio::test]
async fn a_backup_holds_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    on_each(async |database| {
        fill(database).await;
        let path = file(&folder, &format!("secrets-{}", database.server_major));
        database.store.backup(&path).await.expect("a backup");
        let entries = entries(&path);
        assert!(entries.len() > 20);
        for (name, bytes) in &entries {
            let text = String::from_utf8_lossy(bytes);
            for secret in [TOKEN, HASH, "argon2", "geheim", "password_hash", "access_token", "\\\\xed86a0ed81b0"] {
                assert!(!text.contains(secret), "{name} holds {secret}");
            }
        }
        assert!(
            std::fs::read_dir(folder.path()).expect("the folder").all(|entry| entry
                .expect("an entry")
                .path()
                .extension()
                .is_none_or(|end| end != "partial"))
        );
    })
    .await;
}

/// The file with a byte of an entry's data turned: data follow the entry's header, its name and the extra field that long as is said before.
fn turned(bytes: &[u8], entry: &str) -> Vec<u8> {
    let name = bytes.windows(entry.len()).position(|window| window == entry.as_bytes()).expect("the entry");
    let extra = usize::from(u16::from_le_bytes([bytes[name - 2], bytes[name - 1]]));
    let mut turned = bytes.to_vec();
    turned[name + entry.len() + extra + 5] ^= 0x55;
    turned
}

#[tokio::test]
async fn a_broken_or_foreign_file_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = moa_testing::database().await;
    fill(&source).await;
    let good = file(&folder, "good");
    source.store.backup(&good).await.expect("a backup");
    let bytes = std::fs::read(&good).expect("its bytes");
    let entries = entries(&good);
    let edited = |edit: &dyn Fn(&mut Entries)| {
        let mut edited = entries.clone();
        edit(&mut edited);
        let path = file(&folder, "edited");
        write_zip(&path, &edited);
        std::fs::read(path).expect("its bytes")
    };
    let manifest = |from: &'static str, to: &'static str| {
        edited(&move |entries| {
            let (_, bytes) = entries.iter_mut().find(|(name, _)| name == "manifest.json").expect("a manifest");
            let text = String::from_utf8(bytes.clone()).expect("text");
            assert!(text.contains(from), "{text}");
            *bytes = text.replacen(from, to, 1).into_bytes();
        })
    };
    let middle = bytes.len() / 2;
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("text", "캠페인,날짜\n".as_bytes().to_vec()),
        ("half of it", bytes[..middle].to_vec()),
        ("the last bytes missing", bytes[..bytes.len() - 10].to_vec()),
        ("a byte turned", turned(&bytes, "tables/channels.tsv")),
        ("a foreign ZIP", edited(&|entries| entries.retain(|(name, _)| name != "manifest.json"))),
        ("a table missing", edited(&|entries| entries.retain(|(name, _)| name != "tables/metric_daily.tsv"))),
        (
            "a row missing",
            edited(&|entries| {
                let (_, bytes) = entries.iter_mut().find(|(name, _)| name == "tables/metric_daily.tsv").expect("a table");
                let end = bytes.iter().position(|byte| *byte == b'\n').expect("a row");
                bytes.drain(..=end);
            }),
        ),
        (
            "a figure changed",
            edited(&|entries| {
                let (_, bytes) = entries.iter_mut().find(|(name, _)| name == "tables/clients.tsv").expect("a table");
                let at = bytes.windows(3).position(|window| window == b"KRW").expect("a currency");
                bytes[at] = b'X';
            }),
        ),
        ("a table the manifest does not know", manifest("\"name\": \"metric_daily\"", "\"name\": \"metric_weekly\"")),
        ("a table of ours that is none of the backup's", manifest("\"name\": \"exchange_rates\"", "\"name\": \"workspace\"")),
        ("SQL for a column", manifest("\"email\"", "\"email) from program 'true' --\"")),
        ("a column of a later time", manifest("\"email\"", "\"email_of_later\"")),
        ("no JSON", manifest("{", "")),
    ];
    for target in moa_testing::databases().await {
        let mut sql = target.superuser().await;
        let all = "select 'users ' || t::text from users t union all select 'channels ' || t::text from channels t union all
                   select 'runs ' || t::text from data_sync_logs t union all select 'clients ' || t::text from clients t order by 1";
        let before = texts(&mut sql, all).await;
        let path = file(&folder, "tried");
        for (name, bytes) in &files {
            std::fs::write(&path, bytes).expect("a file");
            let refused = target.store.restore(&path).await;
            assert!(matches!(refused, Err(StoreError::BadBackup { .. })), "{name}: {refused:?}");
            assert_eq!(texts(&mut sql, all).await, before, "{name}");
        }
        std::fs::write(&path, manifest("\"form\": 1", "\"form\": 7")).expect("a file");
        assert!(matches!(target.store.restore(&path).await, Err(StoreError::BackupNewer { found: 7, supported: 1 })));
        std::fs::write(&path, manifest("\"schema_version\": 3", "\"schema_version\": 8")).expect("a file");
        assert!(matches!(target.store.restore(&path).await, Err(StoreError::BackupNewer { found: 8, supported: 3 })));
        assert!(matches!(target.store.restore(&file(&folder, "not there")).await, Err(StoreError::File { .. })));
        assert_eq!(texts(&mut sql, all).await, before);
        target.store.restore(&good).await.expect("the good one is good");
        target.finish().await;
    }
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = moa_testing::database().await;
    let refused = database.store.backup(&folder.path().join("no such folder").join("a")).await;
    assert!(matches!(&refused, Err(StoreError::File { .. })), "{refused:?}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

#[tokio::test]
async fn only_a_backup_is_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = moa_testing::database().await;
    let file = folder.path().join("월간리포트.xlsx");
    std::fs::write(&file, "somebody's work").expect("written");
    let refused = database.store.backup(&file).await;
    assert!(matches!(&refused, Err(StoreError::NotABackup { .. })), "{refused:?}");
    assert_eq!(std::fs::read(&file).expect("still there"), b"somebody's work");
    let file = folder.path().join("moa.backup");
    for _ in 0..2 {
        database.store.backup(&file).await.expect("written, and written again");
    }
    database.finish().await;
}
