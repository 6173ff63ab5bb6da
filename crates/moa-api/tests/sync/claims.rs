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
