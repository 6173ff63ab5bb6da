use std::time::Duration;

use moa_host::keeper::RunState;
use moa_host::postgres::{Cluster, ClusterOptions};
use moa_host::{Database, OpenOptions};

use crate::Case;
use crate::office::{LONG_IDLE, Office, Program, is_alive, kill, postgres_18, sql, value};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("a_killed_program_holds_nothing", killed_program),
        Case::new("a_killed_keeper_is_replaced_and_the_server_lives_on", killed_keeper),
        Case::new("an_open_program_notices_a_killed_keeper_by_itself", watched_keeper),
        Case::new("a_killed_server_is_started_again_on_its_port", killed_server),
        Case::new("after_everything_was_killed_the_next_start_recovers", everything_killed),
        Case::new("a_reused_process_number_does_not_stop_the_start", reused_number).only_if(cfg!(unix)),
        Case::new("a_killed_server_nobody_took_note_of_does_not_stop_the_start", unreaped_server).only_if(cfg!(unix)),
        Case::new("a_program_killed_during_the_first_start_harms_no_other", killed_during_first_start),
        Case::new("stopped_during_the_first_start_nothing_half_is_left", stopped_during_first_start),
        Case::new("a_signal_stops_keeper_and_server_in_order", signalled_keeper).only_if(cfg!(unix)),
        Case::new("a_lost_or_wrong_password_file_is_healed", lost_password),
        Case::new("a_lost_or_damaged_run_file_is_written_anew", lost_run_file),
        Case::new("without_its_folder_the_keeper_ends", removed_folder).only_if(cfg!(unix)),
    ]
}

fn killed_program() {
    let office = Office::new();
    let program = Program::start(&office, Duration::ZERO);
    program.url();
    let server = office.ready().expect("running");
    program.kill();
    office.until("the keeper stopped", || !is_alive(server.keeper_pid));
    assert!(!is_alive(server.postgres_pid));
    assert_eq!(std::fs::read_dir(office.database().join("leases")).expect("listed").count(), 0);
}

fn killed_keeper() {
    let office = Office::new();
    let handle = office.open();
    let before = handle.server();
    office.kill_keeper(before.keeper_pid);
    assert!(!office.refresh(&handle), "the URL stays");
    let after = handle.server();
    assert_ne!(after.keeper_pid, before.keeper_pid);
    assert_eq!((after.postgres_pid, after.port), (before.postgres_pid, before.port));
    assert_eq!(value(&handle, "SELECT 'here'"), "here");

    // The new keeper can stop a server that is not its child, and notices its death too.
    kill(after.postgres_pid);
    office.until("the server was started again", || office.ready().is_some_and(|server| server.postgres_pid != after.postgres_pid));
    office.refresh(&handle);
    assert_eq!(value(&handle, "SELECT 'here'"), "here");
}

fn watched_keeper() {
    let office = Office::new();
    let handle = office.open_with(&OpenOptions { look_every: Duration::from_millis(50), ..Office::options() });
    let before = handle.server();
    // The program may be quicker than we to see it gone.
    kill(before.keeper_pid);
    office.until("another keeper is at work", || office.ready().is_some_and(|server| server.keeper_pid != before.keeper_pid));
    assert_eq!(office.ready().expect("running").postgres_pid, before.postgres_pid);
    assert_eq!(value(&handle, "SELECT 'here'"), "here");
}

fn killed_server() {
    let office = Office::new();
    let handle = office.open();
    sql(&handle, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    let before = handle.server();
    kill(before.postgres_pid);
    office.until("the server was started again", || office.ready().is_some_and(|server| server.postgres_pid != before.postgres_pid));
    assert!(!office.refresh(&handle), "the port was free, so it is the same");
    assert_eq!(handle.server().keeper_pid, before.keeper_pid);
    assert_eq!(value(&handle, "SELECT count(*) FROM kept"), "1000");
}

fn everything_killed() {
    let office = Office::new();
    let program = Program::start(&office, LONG_IDLE);
    program.url();
    let other = office.open();
    sql(&other, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    drop(other);
    let before = office.ready().expect("running");
    office.kill_keeper(before.keeper_pid);
    kill(before.postgres_pid);
    program.kill();

    let handle = office.open();
    assert_ne!(handle.server().postgres_pid, before.postgres_pid);
    assert_eq!(value(&handle, "SELECT count(*) FROM kept"), "1000");
}

/// Postgres takes any live process of its own user for itself.
fn reused_number() {
    let office = Office::new();
    let handle = office.open();
    sql(&handle, "CREATE TABLE kept AS SELECT 1 AS n");
    let server = handle.server();
    office.kill_keeper(server.keeper_pid);
    kill(server.postgres_pid);
    drop(handle);

    let mut stranger = stranger_of_the_same_user(&server.data);
    let file = server.data.join("postmaster.pid");
    let text = std::fs::read_to_string(&file).expect("left behind");
    let rest = text.split_once('\n').expect("many lines").1;
    std::fs::write(&file, format!("{}\n{rest}", stranger.id())).expect("ours");

    let handle = office.open();
    assert_eq!(value(&handle, "SELECT n FROM kept"), "1");
    assert!(is_alive(stranger.id()), "a stranger was harmed");
    stranger.kill().expect("ours");
    stranger.wait().expect("ended");
}

#[cfg(unix)]
fn stranger_of_the_same_user(data: &std::path::Path) -> std::process::Child {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    let owner = std::fs::metadata(data).expect("there");
    let mut command = std::process::Command::new("sleep");
    command.arg("600");
    if crate::office::is_root() {
        command.uid(owner.uid()).gid(owner.gid());
    }
    command.spawn().expect("starts")
}

#[cfg(not(unix))]
fn stranger_of_the_same_user(_data: &std::path::Path) -> std::process::Child {
    unreachable!("listed as ignored")
}

fn unreaped_server() {
    let office = Office::new();
    let options = ClusterOptions::new(postgres_18(), office.folder.path().join("pgdata"));
    let first = Cluster::start(&options).expect("starts");
    let pid = first.pid();
    kill(pid);
    // Our own child, and we do not wait for it.
    std::mem::forget(first);
    let second = Cluster::start(&options).expect("starts all the same");
    assert_ne!(second.pid(), pid);
    second.stop().expect("stops");
}

fn killed_during_first_start() {
    let office = Office::new();
    let first = Program::start(&office, LONG_IDLE);
    office.until("the first start is under way", || matches!(office.run_state(), Some(RunState::Initialising { .. })));
    first.kill();
    let handle = office.open();
    assert_eq!(value(&handle, "SELECT 'here'"), "here");
}

fn stopped_during_first_start() {
    let office = Office::new();
    let mut first = Program::start(&office, LONG_IDLE);
    office.until("the first start is under way", || matches!(office.run_state(), Some(RunState::Initialising { .. })));
    // The program would start another keeper at once, as it should.
    first.child.kill().expect("killed");
    first.child.wait().expect("ended");
    Database::stop(&office.dir, None).expect("stops");
    let left: Vec<String> = std::fs::read_dir(office.database())
        .expect("listed")
        .map(|entry| entry.expect("listed").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("pgdata"))
        .collect();
    assert!(left.is_empty() || left == ["pgdata-18"], "{left:?}");
    let handle = office.open();
    assert_eq!(value(&handle, "SELECT 'here'"), "here");
}

fn signalled_keeper() {
    #[cfg(unix)]
    {
        let office = Office::new();
        let handle = office.open();
        let server = handle.server();
        let keeper = nix::unistd::Pid::from_raw(i32::try_from(server.keeper_pid).expect("a process number"));
        nix::sys::signal::kill(keeper, nix::sys::signal::Signal::SIGTERM).expect("ours");
        office.until("the keeper stopped", || !is_alive(server.keeper_pid));
        assert!(!is_alive(server.postgres_pid));
        assert!(!server.data.join("postmaster.pid").exists(), "Postgres was not stopped in order");
        assert_eq!(office.run_state(), None);
    }
}

fn lost_password() {
    let office = Office::new();
    let handle = office.open();
    sql(&handle, "CREATE TABLE kept AS SELECT 1 AS n");
    let before = handle.url();
    drop(handle);
    Database::stop(&office.dir, None).expect("stops");

    let file = office.database().join("password");
    for content in [None, Some("a".repeat(48))] {
        match content {
            None => std::fs::remove_file(&file).expect("there"),
            Some(text) => std::fs::write(&file, text).expect("ours"),
        }
        let handle = office.open();
        assert_ne!(handle.url(), before);
        assert_eq!(value(&handle, "SELECT n FROM kept"), "1");
        drop(handle);
        Database::stop(&office.dir, None).expect("stops");
    }
}

fn lost_run_file() {
    let office = Office::new();
    let handle = office.open();
    let server = handle.server();
    let file = office.database().join("run.json");
    for content in [None, Some("{\"state\": \"rea"), Some("")] {
        match content {
            None => std::fs::remove_file(&file).expect("there"),
            Some(text) => std::fs::write(&file, text).expect("ours"),
        }
        // Another program finds the same server, without the minutes of patience it would have for one that hangs.
        let second = office.open_with(&OpenOptions { patience: Duration::from_secs(20), ..Office::options() });
        assert_eq!((second.server().postgres_pid, second.server().port), (server.postgres_pid, server.port));
        assert_eq!(office.status().state, Some(RunState::Ready(second.server())));
    }
    assert_eq!(value(&handle, "SELECT 'here'"), "here");
}

fn removed_folder() {
    let office = Office::new();
    let handle = office.open();
    let server = handle.server();
    drop(handle);
    office.until("the folder is removed", || match std::fs::remove_dir_all(office.dir.root()) {
        Ok(()) => true,
        Err(_) => !office.dir.root().exists(),
    });
    office.until("the keeper ended", || !is_alive(server.keeper_pid));
    office.until("the server ended", || !is_alive(server.postgres_pid));
}
