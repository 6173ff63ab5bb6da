use std::path::Path;

use moa_host::{DataDir, Database, OpenOptions};

use crate::Case;
use crate::office::{Office, is_root, open_for_passage, postgres_18, value};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("missing_programs_are_named", missing_programs),
        Case::new("data_of_a_newer_postgres_is_left_alone", newer_data),
        Case::new("a_folder_that_cannot_be_written_is_named", unwritable_folder),
        Case::new("a_program_that_is_no_keeper_is_noticed", no_keeper),
        Case::new("a_full_disk_is_named", full_disk).only_if(cfg!(target_os = "linux") && is_root()),
        Case::new("what_the_server_cannot_reach_is_put_where_it_can", unreachable_for_server).only_if(cfg!(unix) && is_root()),
    ]
}

fn code_of(office: &Office, options: &OpenOptions) -> &'static str {
    office.try_open(options).map(|handle| handle.url()).expect_err("cannot be opened").code()
}

fn missing_programs() {
    let office = Office::new();
    let options = OpenOptions { binaries: Some(office.folder.path().join("nowhere")), ..Office::options() };
    assert_eq!(code_of(&office, &options), "resource_missing");
    // Once they are there, nothing of the failure remains.
    assert_eq!(value(&office.open(), "SELECT 'here'"), "here");
}

fn newer_data() {
    let office = Office::new();
    let cluster = office.database().join("pgdata-18");
    std::fs::create_dir_all(&cluster).expect("writable");
    open_for_passage(office.dir.root());
    open_for_passage(&office.database());
    std::fs::write(cluster.join("PG_VERSION"), "19\n").expect("writable");
    if is_root() {
        // As the files would be if a server had written them.
        give_to_nobody(&cluster);
    }
    assert_eq!(code_of(&office, &Office::options()), "data_from_newer_postgres");

    std::fs::rename(&cluster, office.database().join("pgdata-19")).expect("ours");
    assert_eq!(code_of(&office, &Office::options()), "data_from_newer_postgres");
    assert!(!cluster.exists(), "an empty database was put beside");
}

fn give_to_nobody(folder: &Path) {
    #[cfg(unix)]
    for path in [folder.to_path_buf(), folder.join("PG_VERSION")] {
        std::os::unix::fs::chown(&path, Some(65534), Some(65534)).expect("root");
    }
    #[cfg(not(unix))]
    let _ = folder;
}

fn unwritable_folder() {
    let office = Office::new();
    let file = office.folder.path().join("a file");
    std::fs::write(&file, "text").expect("writable");
    let dir = DataDir::resolve(Some(&file.join("data"))).expect("a plain path");
    let error = office.runtime.block_on(Database::open(&dir, &Office::options())).map(|_| ()).expect_err("a file is no folder");
    assert_eq!(error.code(), "folder_unwritable");
}

fn no_keeper() {
    let office = Office::new();
    let missing = OpenOptions { keeper_program: Some(office.folder.path().join("nowhere")), ..Office::options() };
    assert_eq!(code_of(&office, &missing), "keeper_start_failed");
    // A program that ends at once with an error.
    let other = OpenOptions {
        keeper_program: Some(postgres_18().join("bin").join(format!("initdb{}", std::env::consts::EXE_SUFFIX))),
        ..Office::options()
    };
    assert_eq!(code_of(&office, &other), "keeper_ended");
}

/// On a file system of a few megabytes, which only root can make.
fn full_disk() {
    let office = Office::new();
    std::fs::create_dir_all(office.dir.root()).expect("writable");
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=12m,mode=0711", "tmpfs"])
        .arg(office.dir.root())
        .status()
        .expect("mount is there");
    assert!(mounted.success(), "this root may not mount");
    let code = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| code_of(&office, &Office::options())));
    let stopped = Database::stop(&office.dir, None);
    let unmounted = std::process::Command::new("umount").arg(office.dir.root()).status().expect("umount is there");
    assert_eq!(code.expect("an error, not a panic"), "disk_full");
    assert!(stopped.is_ok() && unmounted.success());
}

fn unreachable_for_server() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        use moa_host::postgres::{Cluster, ClusterOptions};

        let office = Office::new();
        let closed = office.folder.path().join("closed");
        std::fs::create_dir(&closed).expect("writable");
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).expect("ours");

        // The data folder: only the cluster moves.
        let dir = DataDir::resolve(Some(&closed.join("데이터"))).expect("a plain path");
        let open = || office.runtime.block_on(Database::open(&dir, &Office::options())).expect("opens");
        let handle = open();
        let server = handle.server();
        assert!(!server.data.starts_with(&closed), "{server:?}");
        assert_eq!(server.moved_because_of.as_deref(), Some(closed.as_path()));
        assert_eq!(value(&handle, "CREATE TABLE kept AS SELECT 1 AS n; SELECT n FROM kept"), "1");
        let status = Database::status(&dir, None).expect("readable");
        assert_eq!(status.moved_because_of.as_deref(), Some(closed.as_path()));
        assert_eq!(status.cluster.as_deref(), Some(server.data.as_path()));
        drop(handle);
        Database::stop(&dir, None).expect("stops");

        // Reachable later, it is still the same database.
        open_for_passage(&closed);
        let handle = open();
        assert_eq!(value(&handle, "SELECT n FROM kept"), "1");
        drop(handle);
        Database::stop(&dir, None).expect("stops");
        std::fs::remove_dir_all(server.data.parent().expect("a folder of its own")).expect("ours");

        // A data folder made anew has nothing to do with the old one.
        std::fs::remove_dir_all(dir.root()).expect("ours");
        let handle = open();
        assert_eq!(value(&handle, "SELECT to_regclass('kept') IS NULL"), "t");
        drop(handle);
        Database::stop(&dir, None).expect("stops");

        // The programs: a copy is made.
        let binaries = closed.join("postgres");
        let copied = std::process::Command::new("cp").arg("-r").arg(postgres_18()).arg(&binaries).status().expect("cp is there");
        assert!(copied.success());
        std::fs::write(binaries.join("stage.json"), office.folder.path().to_string_lossy().as_bytes()).expect("writable");
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).expect("ours");
        let cluster = Cluster::start(&ClusterOptions::new(&binaries, office.folder.path().join("pgdata"))).expect("starts");
        let copy = cluster.binaries().to_path_buf();
        assert!(!copy.starts_with(&closed));
        cluster.stop().expect("stops");
        std::fs::remove_dir_all(copy).expect("ours");
    }
}
