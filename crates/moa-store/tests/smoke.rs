use moa_domain::{ChannelCode, Counts, Currency, DailyFact, DateRange, Engagement, Measures, Millionths, MoneyKind, Platform, VatBasis};
use moa_store::{CampaignSpec, GroupBy, NewAccount, NewClient, Question, Scope, SliceWrite, WriteMode};

#[tokio::test]
async fn writes_and_reads() {
    for database in moa_testing::databases().await {
        let store = &database.store;
        let client = store
            .add_client(NewClient {
                name: "한빛".to_owned(),
                currency: Currency::KRW,
                vat_rate: Millionths::from_whole(10),
                is_sample: false,
            })
            .await
            .expect("a client");
        let day: chrono::NaiveDate = "2026-11-02".parse().expect("a day");
        store.ensure_partitions(DateRange::single(day)).await.expect("a month");
        let mut tx = store.begin_write().await.expect("a transaction");
        let account = tx
            .ensure_account(&NewAccount {
                client_id: client.id,
                platform: Platform::NaverAds,
                account_id: "1".to_owned(),
                account_name: None,
                currency: None,
                vat: None,
                vat_rate: None,
                time_zone: None,
                file_only: true,
            })
            .await
            .expect("an account");
        let ids = tx
            .ensure_campaigns(
                account.id,
                &Platform::NaverAds,
                &[CampaignSpec {
                    key: moa_domain::CampaignKey { id: None, name: Some("파워링크".to_owned()) }, ..CampaignSpec::default()
                }],
            )
            .await
            .expect("a campaign");
        let run = tx.start_run(account.id, "file", "a.csv").await.expect("a run");
        let slice = SliceWrite {
            daily: vec![DailyFact {
                campaign: ids[0],
                channel: ChannelCode::new("naver_search"),
                kind: MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10),
                date: day,
                counts: Counts { impressions: 10, clicks: 2, cost: Millionths::from_whole(1000), ..Counts::default() },
                engagement: Engagement::default(),
                reach: None,
            }],
            hourly: Vec::new(),
            breakdown: Vec::new(),
            measures: Measures::ALL,
            mode: WriteMode::File,
            today: "2026-11-24".parse().expect("a day"),
        };
        let outcome = tx.write(&run, &slice).await.expect("written");
        tx.finish_run(&run, &outcome).await.expect("finished");
        tx.commit().await.expect("committed");
        let rows = store
            .figures(&Question {
                scope: Scope::Client(client.id),
                range: DateRange::single(day),
                by: GroupBy::Total,
                platforms: Vec::new(),
                channels: Vec::new(),
                campaign: None,
            })
            .await
            .expect("figures");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].counts.cost, Millionths::from_whole(1000));
    }
}
