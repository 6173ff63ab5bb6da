//! What is asked, and whose answer counts.

use super::{Desk, code};

const GFA: &str = "캠페인 이름,기간,총비용,노출수,클릭수,구매완료 수,장바구니 담기 수,구매완료 전환매출액\nGFA_가을,2026.09.30.,\"1,100\",100,10,1,1,1000\n";
const SEARCH: &str = "일별,캠페인,노출수,클릭수,\"총비용(VAT포함,원)\"\n2026.09.30.,가을,100,10,\"1,100\"\n";

#[tokio::test]
async fn the_basis_of_the_search_console_is_no_answer_for_the_display_console() {
    let desk = Desk::open().await;
    assert_eq!(code(&desk.import("sa.csv", SEARCH, |say| say.platform = Some("naver_ads".to_owned())).await), "done");
    assert_eq!(code(&desk.import("gfa.csv", GFA, |_| ()).await), "file_needs_vat");
    assert_eq!(desk.cost().await, "1000", "nothing of a file that asks is kept");
    desk.close().await;
}

#[tokio::test]
async fn the_last_thing_said_of_a_file_like_this_counts() {
    let desk = Desk::open().await;
    desk.import("gfa.csv", GFA, |say| say.vat = Some("included".to_owned())).await;
    assert_eq!(desk.cost().await, "1000");
    desk.import("gfa.csv", GFA, |say| say.vat = Some("excluded".to_owned())).await;
    assert_eq!(desk.cost().await, "1100", "the same figures on another basis");
    let again = desk.import("gfa.csv", GFA, |_| ()).await.done.expect("it is remembered");
    assert_eq!((again.totals[0].vat.as_str(), again.rows_unchanged), ("excluded", 1));
    desk.close().await;
}

#[tokio::test]
async fn what_one_account_knows_says_nothing_of_another() {
    let desk = Desk::open().await;
    let of = |account: &str, rest: &str| {
        format!(
            "보고서명,일별\n일,광고계정 이름,캠페인 이름,캠페인 유형,캠페인 목표,비용,노출수,클릭수{rest}\n2026.09.30,{account},A,비즈보드,전환,1000,10,1,1\n"
        )
    };
    let first = desk.import("a.csv", &of("첫 계정", ",구매 (7일)"), |say| say.vat = Some("excluded".to_owned())).await;
    assert_eq!(code(&first), "done");
    // Other columns: nothing was said of a file like this, and the account is another.
    assert_eq!(code(&desk.import("b.csv", &of("둘째 계정", ",도달수"), |_| ()).await), "file_needs_vat");
    let same = desk.import("c.csv", &of("첫 계정", ",도달수"), |_| ()).await;
    assert_eq!(same.done.map(|done| done.totals[0].vat.clone()).as_deref(), Some("excluded"), "asked once per account");
    desk.close().await;
}

/// What was said of one workbook's sheet may not fit another's of the same name: then the question is asked, not the old answer complained of.
#[tokio::test]
async fn an_old_answer_that_does_not_fit_is_not_held_against_the_file() {
    let desk = Desk::open().await;
    let own = "구분,집행일,노출,광고비\nA,2026-09-30,10,1000\n";
    let first = desk
        .import("own.csv", own, |say| {
            (say.platform, say.vat) = (Some("kakao".to_owned()), Some("excluded".to_owned()));
            say.mapping = vec![moa_api::dto::import::FieldColumn { field: "campaign".to_owned(), column: "구분".to_owned() }];
        })
        .await;
    assert_eq!(code(&first), "done");
    let again = desk.import("own.csv", own, |_| ()).await;
    assert_eq!(again.done.map(|done| done.rows_unchanged), Some(1), "platform, basis and column are remembered");
    let other = own.replace("구분", "항목");
    assert_eq!(code(&desk.import("other.csv", &other, |_| ()).await), "file_needs_mapping");
    desk.close().await;
}

#[tokio::test]
async fn a_wrong_option_is_the_caller_s_to_mend() {
    let desk = Desk::open().await;
    let say_platform = desk.import("gfa.csv", GFA, |say| say.platform = Some("네이버!".to_owned())).await;
    let say_currency = desk.import("gfa.csv", GFA, |say| say.currency = Some("W".to_owned())).await;
    let say_field = desk
        .import("gfa.csv", GFA, |say| {
            say.mapping = vec![moa_api::dto::import::FieldColumn { field: "nonsense".to_owned(), column: "총비용".to_owned() }];
        })
        .await;
    for (outcome, expected) in [(say_platform, "unknown_platform"), (say_currency, "invalid_currency"), (say_field, "unknown_field")] {
        assert_eq!(code(&outcome), expected);
        assert!(moa_api::is_question(expected));
    }
    desk.close().await;
}
