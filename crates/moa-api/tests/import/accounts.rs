//! Which ad account the rows of a file belong to.

use moa_api::dto::import::ImportQuestion;

use super::{Desk, code};

const ROWS: &str =
    "일별,캠페인,노출수,클릭수,\"총비용(VAT포함,원)\"\n2026.09.29.,가을,100,10,\"1,100\"\n2026.09.30.,겨울,200,20,\"2,200\"\n";

fn titled(account: &str) -> String {
    format!("\"캠페인보고서(2026.09.29.~2026.09.30.),{account}\"\n{ROWS}")
}

/// Naver's XLS carries no title; its CSV does. Both hold the same days.
#[tokio::test]
async fn a_file_that_names_its_account_does_not_double_one_that_did_not() {
    let desk = Desk::open().await;
    let first = desk.import("a.csv", ROWS, |say| say.platform = Some("naver_ads".to_owned())).await;
    assert_eq!(code(&first), "done");
    let second = desk.import("b.csv", &titled("hanbit_ad"), |_| ()).await.done.expect("it is imported");
    assert_eq!((second.rows_written, second.rows_unchanged), (0, 2));
    assert_eq!(desk.cost().await, "3000");
    let third = desk.import("a.csv", ROWS, |say| say.platform = Some("naver_ads".to_owned())).await;
    assert_eq!(third.done.map(|done| done.rows_unchanged), Some(2), "there is one account to choose from");
    desk.close().await;
}

#[tokio::test]
async fn a_file_of_other_campaigns_is_another_account() {
    let desk = Desk::open().await;
    desk.import("a.csv", ROWS, |say| say.platform = Some("naver_ads".to_owned())).await;
    let other = titled("hanbit_2").replace("가을", "봄").replace("겨울", "여름");
    let second = desk.import("b.csv", &other, |_| ()).await.done.expect("it is imported");
    assert_eq!((second.account.as_str(), second.rows_written), ("hanbit_2", 2));
    // Now there are two, and a file that names none must be asked about; people read the names, not the separator.
    let asked = desk.import("a.csv", ROWS, |say| say.platform = Some("naver_ads".to_owned())).await;
    assert_eq!(code(&asked), "import.needs_account");
    assert!(matches!(&asked.question, Some(ImportQuestion::Account { candidates }) if candidates.len() == 2), "{:?}", asked.question);
    let told = asked.error.map(|error| error.values["candidates"].clone()).unwrap_or_default();
    assert!(told.contains(", ") && !told.contains('\u{1f}'), "{told:?}");
    desk.close().await;
}

/// A console that exports ids gives the same days again to a file that has names only.
#[tokio::test]
async fn a_campaign_is_found_by_every_name_it_had() {
    let desk = Desk::open().await;
    let header = "Campaign,Campaign ID,Day,Currency code,Impr.,Clicks,Cost\n";
    let with_ids = format!("{header}Old,7,2026-09-29,KRW,1,1,10\nNew,7,2026-09-30,KRW,1,1,20\n");
    assert_eq!(code(&desk.import("ids.csv", &with_ids, |_| ()).await), "done");
    let of_name = |name: &str, day: &str, cost: u32| format!("Campaign,Day,Currency code,Impr.,Clicks,Cost\n{name},{day},KRW,1,1,{cost}\n");
    for (name, day, cost) in [("Old", "2026-09-29", 10), ("New", "2026-09-30", 20), ("Old", "2026-09-30", 20)] {
        let again = desk.import("names.csv", &of_name(name, day, cost), |say| say.platform = Some("google_ads".to_owned())).await;
        assert_eq!(again.done.map(|done| done.rows_unchanged), Some(1), "{name} {day}");
    }
    assert_eq!(desk.cost().await, "30");
    desk.close().await;
}

#[tokio::test]
async fn an_account_known_by_its_id_is_called_by_it() {
    let desk = Desk::open().await;
    let large = "20260930\t3100001\tcmp-a001-01-1\tgrp-a\tnkw-a\tnad-a\tbsn-a\t8753\tM\t36\t2\t1540\t72\t0\n";
    let done = desk.import("AD-20260930.tsv", large, |_| ()).await.done.expect("it is imported");
    assert_eq!(done.account, "3100001");
    desk.close().await;
}
