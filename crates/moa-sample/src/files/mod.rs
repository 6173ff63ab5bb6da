//! Report files in the consoles' own forms.

mod gfa;
mod google;
mod kakao;
mod meta;
mod naver_search;
mod plain_hours;
mod sheet;

use moa_domain::DateRange;

use crate::agency::{Account, SampleFile};
use crate::plan::Console;

/// Every file in the order of import.
pub(crate) fn all(accounts: &[Account], span: DateRange) -> Vec<SampleFile> {
    let clients = accounts.iter().map(|account| account.client).max().map_or(0, |last| last + 1);
    let mut files = Vec::new();
    for client in 0..clients {
        let of_client = || accounts.iter().filter(move |account| account.client == client);
        for account in of_client() {
            let bytes = match account.plan.console {
                Console::Google => google::days(account, span),
                Console::Meta => meta::days(account),
                Console::NaverSearch => naver_search::days(account, span),
                Console::NaverDisplay => gfa::days(account),
                Console::Kakao => kakao::days(account, span),
            };
            files.push(file(account, "캠페인_일별", bytes));
        }
        for account in of_client() {
            match account.plan.console {
                Console::Meta => files.push(file(account, "광고_일별", meta::creatives(account))),
                Console::NaverSearch => files.push(file(account, "키워드_일별", naver_search::keywords(account, span))),
                Console::Google | Console::NaverDisplay | Console::Kakao => {}
            }
        }
        for account in of_client() {
            let bytes = match account.plan.console {
                Console::Google => google::hours(account, span),
                Console::Meta | Console::NaverSearch | Console::NaverDisplay | Console::Kakao => plain_hours::hours(account),
            };
            files.push(file(account, "시간대별", bytes));
        }
    }
    files
}

fn file(account: &Account, what: &str, bytes: Vec<u8>) -> SampleFile {
    SampleFile {
        client: account.client,
        file_name: format!("{}_{what}.csv", account.name),
        bytes,
        platform: account.plan.console.platform(),
        account: account.name.clone(),
        currency: Some(account.plan.currency),
        vat: Some(account.plan.console.vat()),
    }
}
