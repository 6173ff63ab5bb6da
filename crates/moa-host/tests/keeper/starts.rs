use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use moa_host::postgres::Stage;
use moa_host::{Database, OpenOptions, StopOutcome};

use crate::Case;
use crate::office::{LONG_IDLE, Office, Program, is_alive, kill, sql, value};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("the_first_open_writes_a_database_and_the_second_shares_it", first_and_second_open),
        Case::new("a_second_start_finds_the_data_of_the_first", second_start),
        Case::new("programs_that_start_at_once_share_one_server", programs_at_once),
        Case::new("the_server_stops_some_time_after_the_last_program", idle_stop),
        Case::new("a_program_that_comes_while_the_server_stops_gets_a_server", opening_against_stopping),
        Case::new("a_port_taken_since_the_last_start_is_left_to_its_owner", taken_port),
        Case::new("status_tells_how_things_stand_and_starts_nothing", status),
        Case::new("the_files_are_private", private_files),
    ]
}

fn first_and_second_open() {
    let office = Office::new();
    let stages = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&stages);
    let options = OpenOptions { progress: Some(Arc::new(move |stage| heard.lock().expect("sound").push(stage))), ..Office::options() };
    let first = office.open_with(&options);
    assert!(value(&first, "SELECT '모아' || version()").starts_with("모아PostgreSQL 18."));
    let stages = stages.lock().expect("sound");
    assert!(stages.contains(&Stage::Initialising), "{stages:?}");
    assert_eq!(stages.last(), Some(&Stage::Ready));

    let second = office.open();
    assert_eq!(second.url(), first.url());
    assert_eq!(second.server().keeper_pid, first.server().keeper_pid);
}

fn second_start() {
    let office = Office::new();
    let first = office.open();
    sql(&first, "CREATE TABLE kept AS SELECT '광고주' AS name");
    let before = first.server();
    drop(first);
    assert_eq!(Database::stop(&office.dir, None).expect("stops"), StopOutcome::Stopped);
    assert!(!is_alive(before.postgres_pid));
    assert!(!before.data.join("postmaster.pid").exists());

    let second = office.open();
    assert_ne!(second.server().keeper_pid, before.keeper_pid);
    assert_eq!(value(&second, "SELECT name FROM kept"), "광고주");
}

fn programs_at_once() {
    let office = Office::new();
    let programs: Vec<Program> = (0..6).map(|_| Program::start(&office, LONG_IDLE)).collect();
    let urls: Vec<String> = programs.iter().map(Program::url).collect();
    assert!(urls[0].starts_with("postgres://"), "{urls:?}");
    assert!(urls.iter().all(|url| *url == urls[0]), "{urls:?}");
    let status = office.status();
    assert_eq!(status.open_programs, programs.len());
    let log = std::fs::read_to_string(office.dir.postgres_log()).expect("readable");
    assert_eq!(log.matches("database system is ready to accept connections").count(), 1, "{log}");
    programs.into_iter().for_each(Program::close);
}

fn idle_stop() {
    let office = Office::new();
    let handle = office.open_with(&OpenOptions { idle: Some(Duration::from_millis(200)), ..Office::options() });
    let server = handle.server();
    // Held open, it stays although the idle time is long over.
    let kept_until = std::time::Instant::now() + Duration::from_millis(600);
    office.until("the idle time passed", || std::time::Instant::now() > kept_until);
    assert_eq!(value(&handle, "SELECT 'here'"), "here");
    drop(handle);
    office.until("the keeper stopped", || !is_alive(server.keeper_pid));
    assert!(!is_alive(server.postgres_pid));
    assert!(!server.data.join("postmaster.pid").exists());
    assert_eq!(office.run_state(), None);
}

fn opening_against_stopping() {
    let office = Office::new();
    let options = OpenOptions { idle: Some(Duration::ZERO), ..Office::options() };
    for round in 0..8_u64 {
        let handle = office.open_with(&options);
        assert_eq!(value(&handle, "SELECT 'here'"), "here");
        drop(handle);
        // Every round comes at another moment of the stop.
        std::thread::sleep(Duration::from_millis(round * 15));
    }
}

fn taken_port() {
    let office = Office::new();
    let handle = office.open();
    let before = handle.server();
    office.kill_keeper(before.keeper_pid);
    kill(before.postgres_pid);
    let mut owner = None;
    office.until("the port is free for another", || {
        owner = TcpListener::bind(("127.0.0.1", before.port)).ok();
        owner.is_some()
    });
    assert!(office.refresh(&handle), "the URL must change");
    assert_ne!(handle.server().port, before.port);
    assert_eq!(value(&handle, "SELECT 'here'"), "here");
    assert_eq!(owner.expect("held").local_addr().expect("known").port(), before.port);
}

fn status() {
    let office = Office::new();
    let status = office.status();
    assert!(!status.keeper_is_running && !status.is_initialised && !status.answers);
    assert!(!office.dir.root().exists());

    let handle = office.open();
    let server = handle.server();
    let status = office.status();
    assert!(status.keeper_is_running && status.is_initialised && status.answers);
    assert_eq!((status.open_programs, status.orphan_pid), (1, None));
    assert_eq!(status.carried_version.as_deref(), Some(server.version.as_str()));
    assert_eq!(status.runs_as, server.runs_as);
    assert_eq!(status.runs_as.is_some(), crate::office::is_root());
    assert_eq!(status.cluster, Some(server.data));

    office.kill_keeper(server.keeper_pid);
    assert_eq!(office.status().orphan_pid, Some(server.postgres_pid));
    drop(handle);
    assert_eq!(Database::stop(&office.dir, None).expect("stops"), StopOutcome::OrphanStopped);
    assert_eq!(Database::stop(&office.dir, None).expect("nothing to do"), StopOutcome::NotRunning);
    assert!(!is_alive(server.postgres_pid));
}

fn private_files() {
    let office = Office::new();
    let handle = office.open();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        for name in ["password", "run.json", "keeper.lock", "keeper.log", "postgres.log"] {
            assert_eq!(mode(&office.database().join(name)), 0o600, "{name}");
        }
        assert_eq!(mode(&handle.server().data), 0o700);
        assert_eq!(mode(&office.database()) & 0o066, 0);
        assert_eq!(mode(office.dir.root()) & 0o066, 0);
    }
    assert!(!handle.url().is_empty());
}
