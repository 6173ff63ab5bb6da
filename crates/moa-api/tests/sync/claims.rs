//! A campaign imported by name and later synced by id is one campaign.

use std::sync::Arc;

use moa_api::dto::import::ImportAnswers;
use moa_api::{ImportFile, KpiBy, Progress};
use tokio_util::sync::CancellationToken;

use crate::office::{NAVER, Office, days, last_days, range_of};

const FILE: &str = "campaign,date,impressions,clicks,cost,conversions,revenue\n\
    여름이불_파워링크,2026-09-01,1000,10,11000,1,50000\n\
    여름이불_파워링크,2026-11-20,999999,9,9900,1,10000\n\
    지난해 캠페인,2026-09-02,500,5,5500,0,0\n";

#[tokio::test]
async fn the_platform_takes_over_from_the_day_it_knows() {
    let office = Office::open().await;
    let path = office.folder.path().join("naver.csv");
    std::fs::write(&path, FILE).expect("a file");
    let answers = ImportAnswers {
        client_id: office.client_id,
        platform: Some("naver_ads".to_owned()),
        account: Some("한빛 파일".to_owned()),
        currency: Some("KRW".to_owned()),
        vat: Some("included".to_owned()),
        ..ImportAnswers::default()
    };
    let quiet: Progress = Arc::new(|_, _, _: &str| ());
    let outcomes = office.moa.import(vec![ImportFile { path, answers }], &CancellationToken::new(), &quiet).await.expect("imported");
    assert!(outcomes[0].error.is_none(), "{outcomes:#?}");

    let signed_in = office.moa.sign_in_with_keys("naver_ads", office.keys(&["3100001"])).await.expect("signed in");
    office.connect(&signed_in).await;
    office.sync(&range_of(last_days(7))).await;
    let pairs = office.moa.claimable_accounts().await.expect("pairs");
    assert_eq!(pairs.len(), 1, "{pairs:#?}");
    let (from, into) = (format!("#{}", pairs[0].from_id), format!("#{}", pairs[0].into_id));
    let claimed = office.moa.claim_account(&from, &into).await.expect("claimed");
    assert_eq!((claimed.merged, claimed.moved), (1, 1));

    // The platform's week is the platform's, the file's September stays, and nothing counts twice.
    let week = last_days(7);
    let by_campaign = office.kpi(&NAVER, week, KpiBy::Campaign, "campaign_name").await;
    let account = office.accounts(&NAVER)[0];
    let mut told = moa_sandbox::world::Counts::default();
    week.iter().for_each(|date| told += office.told(&NAVER, account, &account.campaigns[0], date));
    assert_eq!(by_campaign["여름이불_파워링크"].figures.impressions, told.impressions.to_string());
    let september = office.kpi(&NAVER, days("2026-09-01", "2026-09-30"), KpiBy::Campaign, "campaign_name").await;
    assert_eq!(september["여름이불_파워링크"].figures.impressions, "1000");
    assert_eq!(september["지난해 캠페인"].figures.cost, "5500");
    assert_eq!(office.moa.claimable_accounts().await.expect("pairs"), []);
}

async fn import(office: &Office, account: &str, text: &str) -> moa_api::dto::import::FileOutcome {
    let path = office.folder.path().join("naver.csv");
    std::fs::write(&path, text).expect("a file");
    let answers = ImportAnswers {
        client_id: office.client_id,
        platform: Some("naver_ads".to_owned()),
        account: Some(account.to_owned()),
        currency: Some("KRW".to_owned()),
        vat: Some("included".to_owned()),
        ..ImportAnswers::default()
    };
    let quiet: Progress = Arc::new(|_, _, _: &str| ());
    let mut outcomes = office.moa.import(vec![ImportFile { path, answers }], &CancellationToken::new(), &quiet).await.expect("imported");
    outcomes.remove(0)
}

#[tokio::test]
async fn a_file_does_not_overwrite_what_the_platform_told() {
    let office = Office::with_naver().await;
    let week = last_days(7);
    office.sync(&range_of(week)).await;
    let account = office.accounts(&NAVER)[0];
    let name = &account.campaigns[0].name;
    let outcome = import(
        &office,
        &account.id,
        &format!(
            "campaign,date,impressions,clicks,cost,conversions,revenue\n{name},2026-09-01,1000,10,11000,1,50000\n{name},{},7,7,7,7,7\n",
            week.from
        ),
    )
    .await;
    let done = outcome.done.expect("imported");
    assert_eq!((done.rows_read, done.rows_written, done.rows_restated), (2, 1, 0));
    assert_eq!(done.notes.last().map(|note| (note.code.as_str(), note.values["rows"].as_str())), Some(("days_of_the_platform", "1")));
    office.assert_equal(&NAVER, week).await;
    assert_eq!(impressions(&office, days("2026-09-01", "2026-09-30")).await, 1000);
}

async fn impressions(office: &Office, range: moa_domain::DateRange) -> i64 {
    let rows = office.kpi(&NAVER, range, KpiBy::Campaign, "campaign_id").await;
    rows.values().map(|row| row.figures.impressions.parse::<i64>().expect("a count")).sum()
}

#[tokio::test]
async fn a_name_that_means_two_campaigns_counts_no_day_twice() {
    let office = Office::open().await;
    let outcome = import(&office, "한빛 파일", FILE).await;
    assert!(outcome.error.is_none(), "{outcome:#?}");
    let signed_in = office.moa.sign_in_with_keys("naver_ads", office.keys(&["3100001"])).await.expect("signed in");
    office.connect(&signed_in).await;
    let week = last_days(7);
    office.sync(&range_of(week)).await;
    let of_platform = {
        let mut told = moa_sandbox::world::Counts::default();
        for account in office.accounts(&NAVER) {
            week.iter().for_each(|date| account.campaigns.iter().for_each(|campaign| told += office.told(&NAVER, account, campaign, date)));
        }
        told.impressions
    };
    // Somebody gave a second campaign the name of the first.
    office
        .database
        .numbers(
            "with named as (update campaigns set campaign_name = '여름이불_파워링크' where id = (
               select k.id from campaigns k join marketing_accounts a on a.id = k.marketing_account_id
               where a.is_connected and not a.is_file_only and k.campaign_name <> '여름이불_파워링크' order by k.campaign_id limit 1)
             returning 1) select count(*) from named",
        )
        .await;
    let accounts = office.moa.account_list().await.expect("accounts");
    let of = |name: &str| {
        let is_it =
            |account: &&moa_api::dto::connection::AccountDto| account.account_id == name || account.account_name.as_deref() == Some(name);
        format!("#{}", accounts.iter().find(is_it).expect("there").id)
    };
    let claimed = office.moa.claim_account(&of("한빛 파일"), &of("3100001")).await.expect("claimed");
    assert_eq!((claimed.merged, claimed.moved), (0, 2));
    let checks = office.database.store.check().await.expect("checked");
    assert!(checks.iter().all(|check| check.ok), "{checks:#?}");
    assert_eq!(impressions(&office, week).await, of_platform);
    assert_eq!(impressions(&office, days("2026-09-01", "2026-09-30")).await, 1500);
}

#[tokio::test]
async fn the_basis_of_a_file_is_not_the_platform_s() {
    let office = Office::open().await;
    let path = office.folder.path().join("google.csv");
    std::fs::write(&path, "campaign,date,impressions,clicks,cost,conversions,revenue\nA,2026-09-01,1,1,11000,0,0\n").expect("a file");
    let answers = ImportAnswers {
        client_id: office.client_id,
        platform: Some("google_ads".to_owned()),
        account: Some("6120034477".to_owned()),
        currency: Some("KRW".to_owned()),
        vat: Some("included".to_owned()),
        ..ImportAnswers::default()
    };
    let quiet: Progress = Arc::new(|_, _, _: &str| ());
    office.moa.import(vec![ImportFile { path, answers }], &CancellationToken::new(), &quiet).await.expect("imported");
    office
        .moa
        .set_app("google_ads", moa_sandbox::google::CLIENT_ID, Some(moa_sandbox::google::CLIENT_SECRET.into()))
        .await
        .expect("an app");
    let signed_in = office.sign_in("google_ads").await.expect("signed in");
    office.connect_only(&signed_in, &["6120034477"]).await;
    let account = office
        .moa
        .account_list()
        .await
        .expect("accounts")
        .into_iter()
        .find(|account| account.account_id == "6120034477")
        .expect("connected");
    assert_eq!(account.vat.as_deref(), Some("excluded"));
}
