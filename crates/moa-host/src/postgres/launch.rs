//! Starting a server on files that are there, and waiting until it answers.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::binaries::Binaries;
use super::initdb::speaks_of_full_disk;
use super::postmaster_pid::PostmasterPid;
use super::server::Server;
use super::{StopFlag, settings};
use crate::run_as::Location;
use crate::{HostError, private};

const POLL: Duration = Duration::from_millis(20);

/// How many ports are tried. Each is free at the moment it is chosen, so a second try is rare and a third almost never needed.
const PORT_TRIES: u32 = 10;

/// How long the remains of a killed server may keep a new one from starting.
const REMAINS_LIMIT: Duration = Duration::from_secs(20);

/// How long a server may replay its log. Checkpoints every gigabyte keep this far below a minute on any disk.
pub(crate) const START_LIMIT: Duration = Duration::from_secs(600);

/// What a start needs to know.
pub(crate) struct Launch<'a> {
    pub(crate) binaries: &'a Binaries,
    pub(crate) location: &'a Location,
    pub(crate) log: &'a Path,
    pub(crate) settings: &'a [(String, String)],
    pub(crate) stop: &'a StopFlag,
}

/// How one try ended, when it did not end in an error.
enum Try {
    Ready(Server),
    PortTaken,
    /// Processes of a killed server are still about.
    RemainsInTheWay(String),
}

impl Launch<'_> {
    /// Starts the server on `preferred` if that port is free, else on another, and waits until it is ready.
    pub(crate) fn run(&self, preferred: Option<u16>) -> Result<(Server, u16), HostError> {
        let null = null_file().map_err(|error| HostError::io("open", &self.location.data, &error))?;
        let has_lz4 = settings::has_lz4(self.binaries, self.location.run_as.as_ref(), &self.location.data, &null);
        let deadline_for_remains = Instant::now() + REMAINS_LIMIT;
        let mut preferred = preferred;
        let mut ports_tried = 0;
        loop {
            self.stop.check()?;
            let port = match preferred.take() {
                Some(port) => port,
                None => free_port()?,
            };
            match self.try_once(port, has_lz4)? {
                Try::Ready(server) => return Ok((server, port)),
                Try::PortTaken => {
                    tracing::info!(port, "the port is taken");
                    ports_tried += 1;
                    if ports_tried >= PORT_TRIES {
                        return Err(HostError::NoFreePort { tries: ports_tried });
                    }
                }
                Try::RemainsInTheWay(output) => {
                    if Instant::now() >= deadline_for_remains {
                        return Err(HostError::ServerStartFailed { log: self.log.to_path_buf(), output });
                    }
                    preferred = Some(port);
                    std::thread::sleep(POLL * 10);
                }
            }
        }
    }

    fn try_once(&self, port: u16, has_lz4: bool) -> Result<Try, HostError> {
        let mut log = ServerLog::open(self.log)?;
        let data = &self.location.data;
        let arguments = settings::arguments(data, port, has_lz4, self.settings);
        let broken = |error: std::io::Error| HostError::BinariesBroken { path: self.binaries.server(), output: error.to_string() };
        let mut command = self.binaries.command("postgres", self.location.run_as.as_ref(), data, log.file()).map_err(broken)?;
        let mut server = Server::Child(command.args(&arguments).spawn().map_err(broken)?);
        let deadline = Instant::now() + START_LIMIT;
        loop {
            if self.stop.is_raised() {
                server.stop(self.binaries, data)?;
                return Err(HostError::Stopped);
            }
            if !server.is_running() {
                let output = log.written_since_open();
                if cfg!(windows) && output.contains("administrative permissions") {
                    return self.try_without_administrator_rights(port, &arguments);
                }
                return self.explain_end(output);
            }
            if self.is_ready(server.pid(), port)? {
                return Ok(Try::Ready(server));
            }
            if Instant::now() >= deadline {
                server.stop(self.binaries, data)?;
                return Err(HostError::ServerStartFailed { log: self.log.to_path_buf(), output: log.written_since_open() });
            }
            std::thread::sleep(POLL);
        }
    }

    fn is_ready(&self, pid: u32, port: u16) -> Result<bool, HostError> {
        let data = &self.location.data;
        let read = match PostmasterPid::read(data) {
            Ok(read) => read,
            // Windows refuses to read the file at the moment the server writes it.
            Err(error) if cfg!(windows) && error.kind() == std::io::ErrorKind::PermissionDenied => None,
            Err(error) => return Err(HostError::io("read postmaster.pid in", data, &error)),
        };
        Ok(read.is_some_and(|file| file.pid == pid && file.port == Some(port) && file.is_ready()))
    }

    fn explain_end(&self, output: String) -> Result<Try, HostError> {
        let says = |words: &str| output.contains(words);
        if says("could not bind IPv4 address") || says("could not create any TCP/IP sockets") {
            Ok(Try::PortTaken)
        } else if says("pre-existing shared memory block") || says("lock file \"postmaster.pid\" already exists") {
            Ok(Try::RemainsInTheWay(output))
        } else if speaks_of_full_disk(&output) {
            Err(HostError::DiskFull { path: self.location.data.clone() })
        } else {
            Err(HostError::ServerStartFailed { log: self.log.to_path_buf(), output })
        }
    }

    /// Postgres refuses to run with administrator rights on Windows. Its own starter gives them up, but then the server is not our
    /// child and is watched by its number instead.
    fn try_without_administrator_rights(&self, port: u16, arguments: &[String]) -> Result<Try, HostError> {
        let mut log = ServerLog::open(self.log)?;
        let data = &self.location.data;
        let broken =
            |error: std::io::Error| HostError::BinariesBroken { path: self.binaries.folder().join("bin"), output: error.to_string() };
        let mut command = self.binaries.command("pg_ctl", None, data, log.file()).map_err(broken)?;
        // The first two arguments are the data folder, which the starter wants for itself.
        let options = arguments[2..].iter().map(|argument| format!("\"{argument}\"")).collect::<Vec<_>>().join(" ");
        command.arg("start").arg("-D").arg(data).arg("-o").arg(options).arg("-W");
        command.status().map_err(broken)?;
        let deadline = Instant::now() + REMAINS_LIMIT;
        while Instant::now() < deadline {
            self.stop.check()?;
            if let Ok(Some(file)) = PostmasterPid::read(data)
                && file.port == Some(port)
                && file.is_ready()
                && let Some(server) = Server::adopt(file.pid)
            {
                return Ok(Try::Ready(server));
            }
            std::thread::sleep(POLL);
        }
        self.explain_end(log.written_since_open())
    }
}

/// A log file that remembers where this start began to write.
pub(crate) struct ServerLog {
    path: PathBuf,
    file: File,
    start: u64,
}

impl ServerLog {
    /// What is kept of an explanation.
    const TAIL_BYTES: u64 = 4096;

    pub(crate) fn open(path: &Path) -> Result<Self, HostError> {
        let failed = |error: &std::io::Error| HostError::io("open", path, error);
        let file = private::open_log(path).map_err(|error| failed(&error))?;
        let start = file.metadata().map_err(|error| failed(&error))?.len();
        Ok(Self { path: path.to_path_buf(), file, start })
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// The last lines written since the log was opened.
    pub(crate) fn written_since_open(&mut self) -> String {
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = File::open(&self.path)?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(self.start.max(length.saturating_sub(Self::TAIL_BYTES))))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Ok(bytes) => String::from_utf8_lossy(&bytes).trim().to_owned(),
            Err(error) => format!("{} cannot be read: {error}", self.path.display()),
        }
    }
}

/// A port nobody listens on at this moment.
fn free_port() -> Result<u16, HostError> {
    let chosen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    chosen.map(|address| address.port()).map_err(|_| HostError::NoFreePort { tries: 1 })
}

pub(crate) fn null_file() -> std::io::Result<File> {
    File::options().write(true).open(if cfg!(windows) { "NUL" } else { "/dev/null" })
}
