//! A secret that was entered is found nowhere in clear: not in the database, a backup, an error, or what crosses to the window.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use moa_api::NewKeys;
use moa_sandbox::{Fault, Trouble, naver};
use tokio_util::sync::CancellationToken;

use crate::office::{CLIENT, Office, last_days, morning, range_of};

fn holds(text: &[u8], secret: &str) -> bool {
    text.windows(secret.len()).any(|part| part == secret.as_bytes())
}

/// A binary column as text.
fn hexadecimal(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// All parts of a backup one after the other.
fn unpacked(backup: &Path) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(File::open(backup).expect("a file")).expect("an archive");
    let mut all = Vec::new();
    for position in 0..archive.len() {
        archive.by_index(position).expect("a part").read_to_end(&mut all).expect("readable");
    }
    all
}

#[tokio::test]
async fn a_secret_is_found_nowhere_in_clear() {
    let office = Office::with_naver().await;
    office.sync(&range_of(last_days(7))).await;
    let canary = "canary-7f3a9c-비밀-0123456789abcdef";
    let keys = NewKeys { secret: canary.into(), ..office.keys(&["3100001"]) };
    let refused = office.moa.sign_in_with_keys("naver_ads", keys).await.expect_err("a wrong secret");
    assert!(!holds(format!("{refused} {refused:?} {:?}", refused.to_dto()).as_bytes(), canary));

    office.sandbox.faults.set(Fault::always(Trouble::RevokedLogin, ""));
    let runs = office.try_sync(&morning()).await;
    let compared = office.moa.reconcile(CLIENT, last_days(3), &CancellationToken::new()).await.expect("compared");
    let told = serde_json::to_vec(&(
        runs,
        compared,
        office.moa.account_list().await.expect("accounts"),
        office.moa.platform_setups().await.expect("setups"),
        office.moa.jobs().await.expect("jobs"),
    ))
    .expect("JSON");
    assert!(!holds(&told, naver::SECRET));

    let backup = office.folder.path().join("all.moabackup");
    office.moa.backup(&backup).await.expect("a backup");
    let unpacked = unpacked(&backup);
    assert!(holds(&unpacked, CLIENT), "the search can find what is there");
    assert!(!holds(&unpacked, naver::SECRET) && !holds(&unpacked, &hexadecimal(naver::SECRET)));
    let rows = office.database.everything().await;
    assert!(holds(rows.as_bytes(), naver::LICENSE), "the search can find what is there");
    assert!(!holds(rows.as_bytes(), naver::SECRET) && !holds(rows.as_bytes(), &hexadecimal(naver::SECRET)));
}

#[tokio::test]
async fn another_sealing_key_seals_what_this_computer_sealed_and_every_program_goes_on() {
    let office = Office::with_google().await;
    let of_naver = office.moa.sign_in_with_keys("naver_ads", office.keys(&["3100001"])).await.expect("signed in");
    office.connect(&of_naver).await;
    let other_program = office.another_program().await;
    let renewed = office.moa.renew_sealing_key().await.expect("sealed anew");
    assert_eq!((renewed.resealed, renewed.elsewhere), (3, 0), "two logins and the app of one");
    let rows = office.database.everything().await;
    assert!(holds(rows.as_bytes(), "test 1") && !holds(rows.as_bytes(), "test 0"));
    office.sync(&morning()).await;
    let runs = other_program.sync(&morning(), &CancellationToken::new(), &|_| ()).await.expect("the database answers");
    assert!(runs.iter().all(|run| run.status == "success"), "{runs:#?}");
}
