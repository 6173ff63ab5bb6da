//! Bad days: a forbidden account, an ended login, a platform that is down, a program that is killed.

use std::time::Duration;

use moa_api::dto::connection::{AccountHealth, SyncAsk, SyncWhat};
use moa_api::words::worded;
use moa_sandbox::{Fault, Trouble};
use moa_text::Lang;
use tokio_util::sync::CancellationToken;

use crate::office::{NAVER, Office, last_days, morning, range_of};

#[tokio::test]
async fn an_account_that_is_refused_stops_no_other_and_says_its_name_and_cure() {
    let office = Office::with_naver().await;
    office.sandbox.faults.set(Fault::always(Trouble::Forbidden("3100001".to_owned()), ""));
    let runs = office.try_sync(&morning()).await;
    let of = |id: &str| runs.iter().find(|run| run.account_id == id).expect("a run for every account");
    assert_eq!((of("3100001").status.as_str(), of("3100002").status.as_str()), ("failed", "success"));
    let error = of("3100001").error.as_ref().expect("an error");
    let words = worded(Lang::Ko, error);
    assert!(words.message.contains("3100001") && !words.hint.is_empty(), "{words:?}");
    let accounts = office.moa.account_list().await.expect("accounts");
    let health = |id: &str| accounts.iter().find(|account| account.account_id == id).expect("there").health;
    assert_eq!((health("3100001"), health("3100002")), (AccountHealth::Failing, AccountHealth::Fresh));

    office.sandbox.faults.clear();
    office.sync(&morning()).await;
    let accounts = office.moa.account_list().await.expect("accounts");
    assert!(accounts.iter().all(|account| account.health == AccountHealth::Fresh), "{accounts:#?}");
}

#[tokio::test]
async fn one_sign_in_repairs_every_account_of_an_ended_login() {
    let office = Office::with_naver().await;
    office.sync(&range_of(last_days(7))).await;
    office.sandbox.faults.set(Fault::always(Trouble::RevokedLogin, ""));
    office.sandbox.faults.forget_requests();
    let runs = office.try_sync(&morning()).await;
    assert!(runs.iter().all(|run| run.status == "failed"), "{runs:#?}");
    assert!(office.sandbox.faults.requests().len() <= 6, "an ended login is not asked again and again");
    let health = office.moa.account_list().await.expect("accounts").into_iter().map(|account| account.health);
    assert!(health.into_iter().all(|health| health == AccountHealth::NeedsLogin));
    office.assert_equal(&NAVER, last_days(7)).await;

    office.sandbox.faults.clear();
    let signed_in = office.moa.sign_in_with_keys("naver_ads", office.keys(&["3100001"])).await.expect("signed in");
    assert_eq!(signed_in.repaired, 2);
    office.sync(&morning()).await;
    office.assert_equal(&NAVER, last_days(7)).await;
}

#[tokio::test]
async fn a_platform_that_is_down_loses_nothing_and_is_not_hammered() {
    let office = Office::with_naver().await;
    office.sync(&range_of(last_days(7))).await;
    office.sandbox.faults.set(Fault::always(Trouble::Status { status: 503, body: String::new(), headers: vec![] }, ""));
    office.sandbox.faults.forget_requests();
    let runs = office.try_sync(&morning()).await;
    assert!(runs.iter().all(|run| run.error.as_ref().is_some_and(|error| error.code == "platform.unavailable")), "{runs:#?}");
    assert!(office.sandbox.faults.requests().len() <= 14, "{}", office.sandbox.faults.requests().len());
    office.assert_equal(&NAVER, last_days(7)).await;
}

#[tokio::test]
async fn stopped_anywhere_it_goes_on_and_nothing_is_doubled() {
    let office = Office::with_naver().await;
    let range = last_days(45);
    // A program that is dropped is a killed one: nothing of it runs any more. The pauses differ, so it is cut at many places.
    for cut in 0..30_u64 {
        let moa = office.another_program().await;
        let ask = range_of(range);
        let never = CancellationToken::new();
        let _ = tokio::time::timeout(Duration::from_millis(3 + cut * 7), moa.sync(&ask, &never, &|_| ())).await;
    }
    office.sync(&range_of(range)).await;
    office.assert_equal(&NAVER, range).await;
    let revisions = office.moa.revisions_of(crate::office::CLIENT, range).await.expect("revisions");
    assert_eq!(revisions, []);
}

/// What a restart of the server is to a program: every connection ends at once.
#[tokio::test]
async fn a_database_that_restarts_in_the_midst_is_gone_on_with() {
    let office = Office::with_naver().await;
    let range = last_days(45);
    let (told, mut windows) = tokio::sync::mpsc::unbounded_channel();
    let tell = move |progress: moa_sync::SyncProgress<'_>| {
        // Whoever listened has had enough.
        let _ = told.send(progress.windows_done);
    };
    let restart = async {
        while let Some(done) = windows.recv().await {
            if done == 1 {
                break;
            }
        }
        office.database.numbers("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()").await
    };
    let (ask, never) = (range_of(range), CancellationToken::new());
    let (runs, ended) = tokio::join!(office.moa.sync(&ask, &never, &tell), restart);
    assert!(ended[0] > 0);
    let runs = runs.expect("the database is back");
    assert!(runs.iter().all(|run| run.status == "success"), "{runs:#?}");
    office.assert_equal(&NAVER, range).await;
    assert_eq!(office.moa.revisions_of(crate::office::CLIENT, range).await.expect("revisions"), []);
}

#[tokio::test]
async fn a_second_sign_in_repairs_and_a_refused_app_is_said() {
    let office = Office::with_google().await;
    office.sync(&range_of(last_days(7))).await;
    office.sandbox.faults.set(Fault::always(Trouble::RevokedLogin, ""));
    let runs = office.try_sync(&morning()).await;
    assert!(runs.iter().all(|run| run.error.as_ref().is_some_and(|error| error.code == "platform.needs_login")), "{runs:#?}");
    office.sandbox.faults.clear();
    assert_eq!(office.sign_in("google_ads").await.expect("signed in").repaired, 1);
    office.sync(&morning()).await;

    office.moa.set_app("google_ads", moa_sandbox::google::CLIENT_ID, Some("another".into())).await.expect("an app");
    let refused = office.sign_in("google_ads").await.expect_err("a wrong secret");
    assert_eq!(refused.to_dto().code, "platform.app_refused");
}

#[tokio::test]
async fn the_schedule_syncs_what_is_late_and_leaves_an_ended_login_to_a_person() {
    let office = Office::with_naver().await;
    let job = office.moa.sync_what_is_due().await.expect("a look").expect("new accounts are late");
    let done = || async { office.moa.job(&job).await.expect("the job").state != moa_api::dto::job::JobState::Running };
    while !done().await {
        tokio::task::yield_now().await;
    }
    let accounts = office.moa.account_list().await.expect("accounts");
    assert!(accounts.iter().all(|account| account.health == AccountHealth::Fresh), "{accounts:#?}");
    assert_eq!(office.moa.sync_what_is_due().await.expect("a look"), None, "nothing is due twice");

    let other = Office::with_naver().await;
    other.sandbox.faults.set(Fault::always(Trouble::RevokedLogin, ""));
    other.try_sync(&morning()).await;
    assert_eq!(other.moa.sync_what_is_due().await.expect("a look"), None);
}

#[tokio::test]
async fn a_login_that_works_again_needs_nobody() {
    let office = Office::with_naver().await;
    office.sandbox.faults.set(Fault::always(Trouble::RevokedLogin, ""));
    office.try_sync(&morning()).await;
    let health = async || office.moa.account_list().await.expect("accounts").into_iter().map(|account| account.health).collect::<Vec<_>>();
    assert!(health().await.iter().all(|health| *health == AccountHealth::NeedsLogin));
    office.sandbox.faults.clear();
    office.sync(&morning()).await;
    assert!(health().await.iter().all(|health| *health == AccountHealth::Fresh));
}

#[tokio::test]
async fn a_login_that_lost_its_secrets_is_repaired_by_the_next() {
    let office = Office::with_google().await;
    office.sync(&range_of(last_days(7))).await;
    // As after a restore: a backup holds no secrets.
    office
        .database
        .numbers(
            "with lost as (update platform_logins set access_token = null, refresh_token = null returning 1) select count(*) from lost",
        )
        .await;
    let accounts = office.moa.account_list().await.expect("accounts");
    assert!(accounts.iter().all(|account| account.health == AccountHealth::NeedsLogin), "{accounts:#?}");
    assert_eq!(office.sign_in("google_ads").await.expect("signed in").repaired, 1);
    office.sync(&morning()).await;
}

#[tokio::test]
async fn a_long_sync_that_was_killed_is_not_fresh_and_goes_on_by_itself() {
    let office = Office::with_naver().await;
    let full = SyncAsk { what: SyncWhat::Full, ..morning() };
    let (told, mut windows) = tokio::sync::mpsc::unbounded_channel();
    let tell = move |progress: moa_sync::SyncProgress<'_>| {
        let _ = told.send(progress.windows_done);
    };
    let first_window = async { while windows.recv().await.is_some_and(|done| done == 0) {} };
    let (program, never) = (office.another_program().await, CancellationToken::new());
    tokio::select! {
        _ = program.sync(&full, &never, &tell) => panic!("a long sync has more than one window"),
        () = first_window => {}
    }
    drop(program);
    let accounts = office.moa.account_list().await.expect("accounts");
    assert!(accounts.iter().all(|account| account.health == AccountHealth::Late), "{accounts:#?}");
    let unfinished = "select count(*) from sync_plans";
    assert!(office.database.numbers(unfinished).await[0] > 0);

    let job = office.moa.sync_what_is_due().await.expect("a look").expect("what was left is due");
    while office.moa.job(&job).await.expect("the job").state == moa_api::dto::job::JobState::Running {
        tokio::task::yield_now().await;
    }
    assert_eq!(office.database.numbers(unfinished).await, [0]);
    office.assert_equal(&NAVER, last_days(45)).await;
}

#[tokio::test]
async fn days_to_come_are_refused_and_trouble_no_account() {
    let office = Office::with_naver().await;
    office.sync(&morning()).await;
    let to_come = crate::office::days("2027-01-01", "2027-01-31");
    let never = CancellationToken::new();
    let refused = office.moa.sync(&range_of(to_come), &never, &|_| ()).await.expect_err("not yet");
    assert_eq!(refused.to_dto().code, "sync.in_the_future");
    let old = crate::office::days("2010-01-01", "2010-01-31");
    let runs = office.moa.sync(&range_of(old), &never, &|_| ()).await.expect("runs");
    assert!(runs.iter().all(|run| run.error.as_ref().is_some_and(|error| error.code == "platform.out_of_range")), "{runs:#?}");
    let accounts = office.moa.account_list().await.expect("accounts");
    assert!(accounts.iter().all(|account| account.health == AccountHealth::Fresh), "nothing is wrong with them: {accounts:#?}");
}
