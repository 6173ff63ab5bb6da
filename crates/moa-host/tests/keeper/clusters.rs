use std::net::TcpListener;
use std::path::Path;

use moa_host::postgres::{Cluster, ClusterOptions, DATABASE};

use crate::Case;
use crate::office::{Office, is_alive, postgres_15, postgres_18};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("a_cluster_of_postgres_18_starts_and_stops", || start_and_stop(&postgres_18(), "18")),
        Case::new("a_cluster_of_postgres_15_starts_and_stops", || start_and_stop(&postgres_15(), "15")),
        Case::new("a_taken_port_is_passed_over", taken_port),
        Case::new("a_server_left_running_is_taken_over", left_running),
        Case::new("hangul_is_letters_and_sorts_the_same_everywhere", hangul),
    ]
}

fn one(cluster: &Cluster, sql: &str) -> String {
    cluster.session(DATABASE).expect("answers").query(sql).expect("runs").remove(0).remove(0).expect("not NULL")
}

fn start_and_stop(binaries: &Path, major: &str) {
    let office = Office::new();
    let mut options = ClusterOptions::new(binaries, office.folder.path().join("pgdata"));
    options.settings = vec![("fsync".into(), "off".into()), ("max_connections".into(), "21".into())];
    let mut cluster = Cluster::start(&options).expect("starts");
    assert!(cluster.version().starts_with(major));
    assert!(cluster.is_running());
    assert_eq!(cluster.url(), format!("postgres://moa_admin:moa@127.0.0.1:{}/moa", cluster.port()));
    let shown = ["fsync", "max_connections", "listen_addresses", "jit", "wal_level", "server_encoding", "TimeZone"]
        .map(|name| one(&cluster, &format!("SHOW {name}")));
    assert_eq!(shown, ["off", "21", "127.0.0.1", "off", "minimal", "UTF8", "UTC"]);
    let pid = cluster.pid();
    cluster.stop().expect("stops");
    assert!(!is_alive(pid));

    let again = Cluster::start(&options).expect("starts again");
    let pid = again.pid();
    drop(again);
    assert!(!is_alive(pid), "dropping stops too");
}

fn taken_port() {
    let office = Office::new();
    let owner = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let taken = owner.local_addr().expect("known").port();
    let mut options = ClusterOptions::new(postgres_18(), office.folder.path().join("pgdata"));
    options.port = Some(taken);
    let cluster = Cluster::start(&options).expect("starts on another");
    assert_ne!(cluster.port(), taken);
    cluster.stop().expect("stops");
}

fn left_running() {
    let office = Office::new();
    let options = ClusterOptions::new(postgres_18(), office.folder.path().join("pgdata"));
    let first = Cluster::start(&options).expect("starts");
    let (pid, port) = (first.pid(), first.port());
    std::mem::forget(first);
    let second = Cluster::start(&options).expect("found");
    assert_eq!((second.pid(), second.port()), (pid, port));
    second.stop().expect("stops what is not its child");
    assert!(!is_alive(pid));
}

fn hangul() {
    let office = Office::new();
    let cluster = Cluster::start(&ClusterOptions::new(postgres_18(), office.folder.path().join("pgdata"))).expect("starts");
    let sorted = "SELECT string_agg(n, ',' ORDER BY n) FROM unnest(ARRAY['나', 'b', '가', 'A', '강남']) n";
    assert_eq!(one(&cluster, sorted), "A,b,가,강남,나");
    assert_eq!(one(&cluster, r"SELECT '검색_브랜드' ~ '^\w+$'"), "t");
    assert_eq!(one(&cluster, "SELECT lower('CAFÉ')"), "café");
    cluster.stop().expect("stops");
}
