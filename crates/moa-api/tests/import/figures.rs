//! Files of one campaign's days that say the same in different ways.

use crate::{Desk, code};

const WHOLE: &str = "일별,캠페인,키워드,노출수,클릭수,\"총비용(VAT포함,원)\"\n2026.09.29.,여름이불,이불,1000,50,11000\n2026.09.30.,여름이불,이불,2000,80,22000\n";
const SPLIT: &str = "일별,캠페인유형,캠페인,키워드,노출수,클릭수,\"총비용(VAT포함,원)\"\n2026.09.29.,파워링크,여름이불,이불,1000,50,11000\n2026.09.30.,파워링크,여름이불,이불,2000,80,22000\n";

#[tokio::test]
async fn keywords_without_and_with_their_channel_are_the_same_keywords() {
    for (first, second) in [(WHOLE, SPLIT), (SPLIT, WHOLE)] {
        let desk = Desk::open().await;
        for content in [first, second, first, second] {
            let outcome = desk.import("naver.csv", content, |_| ()).await;
            assert_eq!(code(&outcome), "done");
            assert_eq!(desk.cost().await, "30000");
        }
        desk.close().await;
    }
}

#[tokio::test]
async fn a_file_of_ad_groups_keeps_its_engagement() {
    let desk = Desk::open().await;
    let content = "campaign,date,currency,vat,ad_group,cost,likes,saves\n가을,2026-09-30,KRW,excluded,A,100,3,1\n가을,2026-09-30,KRW,excluded,B,200,4,0\n";
    for written in [2, 0] {
        let outcome = desk.import("plain.csv", content, |answers| answers.platform = Some("meta_ads".to_owned())).await;
        assert_eq!(outcome.done.expect("imported").rows_written, written);
        assert_eq!(desk.cost().await, "300");
        assert_eq!(desk.likes_and_saves().await, [7, 1]);
    }
    desk.close().await;
}
