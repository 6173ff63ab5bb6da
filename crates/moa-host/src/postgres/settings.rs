//! How the embedded server is set. Everything is given on the command line, so an update of Moa changes it without touching the data.

use std::path::Path;
use std::process::Stdio;

use super::binaries::Binaries;
use crate::run_as::RunAs;

/// A small office machine, one user, nothing but this program connecting. Durability stays at its safest.
const SETTINGS: [(&str, &str); 14] = [
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
    ("max_connections", "40"),
    ("shared_buffers", "32MB"),
    ("jit", "off"),
    ("fsync", "on"),
    // No standby will ever read this log.
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("max_wal_size", "1GB"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("password_encryption", "scram-sha-256"),
    // The log file is opened by whoever starts the server; no collector process is needed for it.
    ("logging_collector", "off"),
    ("log_destination", "stderr"),
];

/// The arguments of the server, in an order in which `extra` wins.
pub(crate) fn arguments(data: &Path, port: u16, has_lz4: bool, extra: &[(String, String)]) -> Vec<String> {
    let mut arguments = vec!["-D".to_owned(), data.to_string_lossy().into_owned(), "-p".to_owned(), port.to_string()];
    let mut set = |name: &str, value: &str| arguments.extend(["-c".to_owned(), format!("{name}={value}")]);
    for (name, value) in SETTINGS {
        set(name, value);
    }
    if has_lz4 {
        set("wal_compression", "lz4");
    }
    for (name, value) in extra {
        set(name, value);
    }
    arguments
}

/// Whether this build of Postgres knows lz4: the Windows and macOS builds do, the Linux one does not. The slower method that every
/// build has is not worth its time here, so without lz4 the log stays uncompressed.
pub(crate) fn has_lz4(binaries: &Binaries, run_as: Option<&RunAs>, data: &Path, null: &std::fs::File) -> bool {
    let Ok(mut command) = binaries.command("postgres", run_as, data, null) else { return false };
    command.arg("-C").arg("wal_compression").arg("-D").arg(data).args(["-c", "wal_compression=lz4"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_settings_come_last_because_the_last_one_wins() {
        let extra = [("fsync".to_owned(), "off".to_owned())];
        let arguments = arguments(Path::new("d"), 5000, false, &extra);
        let position = |wanted: &str| arguments.iter().position(|argument| argument == wanted).expect("given");
        assert!(position("fsync=on") < position("fsync=off"));
        assert!(!arguments.iter().any(|argument| argument.contains("lz4")));
    }
}
