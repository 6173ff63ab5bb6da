use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::binaries::Binaries;
use super::initdb::initialise;
use super::launch::{Launch, START_LIMIT, ServerLog};
use super::postmaster_pid::{self, Identity, PostmasterPid};
use super::server::Server;
use super::session::{Session, SessionError};
use super::{DATABASE, Stage, StopFlag, USER};
use crate::run_as::{self, Location};
use crate::{HostError, private};

const POLL: Duration = Duration::from_millis(50);

/// How long a server that was found running may take to answer before it is replaced.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

pub(crate) const SESSION_TIMEOUT: Duration = Duration::from_secs(5);

/// What a server is started from.
#[derive(Clone)]
pub struct ClusterOptions {
    /// A folder with `bin`, `lib` and `share` of one Postgres.
    pub binaries: PathBuf,
    /// The cluster's folder; a new cluster is written when it is not there.
    pub data: PathBuf,
    /// Of the user [`USER`].
    pub password: String,
    /// Taken when it is free; else, and by default, any free port.
    pub port: Option<u16>,
    /// Server settings that win over the built-in ones, as `("fsync", "off")` for a test server.
    pub settings: Vec<(String, String)>,
    /// The server's log; by default beside the cluster's folder, named after it.
    pub log: Option<PathBuf>,
    /// Hears how far the start has come.
    pub progress: Option<Arc<dyn Fn(Stage) + Send + Sync>>,
    /// Lets another thread end the start early.
    pub stop: StopFlag,
}

impl ClusterOptions {
    pub fn new(binaries: impl Into<PathBuf>, data: impl Into<PathBuf>) -> Self {
        Self {
            binaries: binaries.into(),
            data: data.into(),
            password: "moa".to_owned(),
            port: None,
            settings: Vec::new(),
            log: None,
            progress: None,
            stop: StopFlag::default(),
        }
    }

    fn report(&self, stage: Stage) {
        if let Some(progress) = &self.progress {
            progress(stage);
        }
    }
}

/// A running server, stopped when this is dropped.
///
/// A server that already runs on the same files with the same programs is taken over rather than started twice.
pub struct Cluster {
    binaries: Binaries,
    location: Location,
    server: Server,
    port: u16,
    password: String,
}

impl Cluster {
    /// Starts the server, writing a new cluster first when there is none, and makes sure that the database [`DATABASE`] exists.
    /// Blocks until the server answers.
    ///
    /// # Errors
    /// Any of [`HostError`] but the keeper's.
    pub fn start(options: &ClusterOptions) -> Result<Self, HostError> {
        options.report(Stage::Starting);
        let wanted = std::path::absolute(&options.data).map_err(|error| HostError::io("resolve", &options.data, &error))?;
        let log = options.log.clone().unwrap_or_else(|| log_beside(&wanted));
        if let Some(parent) = wanted.parent() {
            std::fs::create_dir_all(parent).map_err(|error| HostError::io("create", parent, &error))?;
        }
        let found = Binaries::find(&options.binaries)?;
        let location = run_as::locate(&wanted)?;
        run_as::prepare(&location, &wanted)?;
        let folder = run_as::reachable_binaries(found.folder(), location.run_as.as_ref(), found.version())?;
        let binaries = found.moved_to(folder);

        if !check_version(&location.data, binaries.major())? {
            options.report(Stage::Initialising);
            initialise(&binaries, &location, &options.password, &log, &options.stop)?;
            options.report(Stage::Starting);
        }
        let launch = Launch { binaries: &binaries, location: &location, log: &log, settings: &options.settings, stop: &options.stop };
        let (server, port) = match find_running(&binaries, &location, &options.password, &options.stop)? {
            Some(running) => running,
            None => {
                if location.data.join(postmaster_pid::FILE).exists() {
                    options.report(Stage::Recovering);
                }
                launch.run(options.port)?
            }
        };
        let mut cluster = Self { binaries, location, server, port, password: options.password.clone() };
        cluster.ensure_database(options, &log)?;
        options.report(Stage::Ready);
        Ok(cluster)
    }

    /// The URL of the database [`DATABASE`], with the password.
    pub fn url(&self) -> String {
        url(self.port, &self.password)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's first process.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// The version of the programs, as `18.4`.
    pub fn version(&self) -> &str {
        self.binaries.version()
    }

    /// The programs in use; a copy of those given when the user that runs Postgres could not reach them.
    pub fn binaries(&self) -> &Path {
        self.binaries.folder()
    }

    /// Where the files really lie.
    pub fn data(&self) -> &Path {
        &self.location.data
    }

    /// The system user that runs Postgres, when it is another than the program's.
    pub fn runs_as(&self) -> Option<&str> {
        self.location.run_as.as_ref().map(|user| user.name.as_str())
    }

    /// The folder that user could not pass, when the files lie elsewhere for that reason.
    pub fn moved_because_of(&self) -> Option<&Path> {
        self.location.moved_because_of.as_deref()
    }

    /// Whether the server's first process lives.
    pub fn is_running(&mut self) -> bool {
        self.server.is_running()
    }

    /// Connects to a database of this server.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn session(&self, database: &str) -> Result<Session, SessionError> {
        Session::connect(self.port, USER, &self.password, database, SESSION_TIMEOUT)
    }

    /// Stops the server and waits for its end. Everything committed is on disk.
    ///
    /// # Errors
    /// `stop_timed_out`.
    pub fn stop(mut self) -> Result<(), HostError> {
        self.server.stop(&self.binaries, &self.location.data)
    }

    /// Creates the database at the first start, and heals a password file that was lost or replaced.
    fn ensure_database(&mut self, options: &ClusterOptions, log: &Path) -> Result<(), HostError> {
        let failed = |error: &SessionError| HostError::ServerStartFailed { log: log.to_path_buf(), output: error.to_string() };
        match self.session(DATABASE) {
            Ok(_) => return Ok(()),
            Err(error) if error.state() == Some(INVALID_PASSWORD) => {
                self.server.stop(&self.binaries, &self.location.data)?;
                self.set_password(log)?;
                let launch =
                    Launch { binaries: &self.binaries, location: &self.location, log, settings: &options.settings, stop: &options.stop };
                (self.server, self.port) = launch.run(Some(self.port))?;
            }
            Err(error) if error.state() == Some(UNKNOWN_DATABASE) => {}
            Err(error) => return Err(failed(&error)),
        }
        let mut session = self.session("postgres").map_err(|error| failed(&error))?;
        match session.query(&format!("CREATE DATABASE {DATABASE}")) {
            Ok(_) => Ok(()),
            Err(error) if error.state() == Some(DATABASE_EXISTS) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Sets the password without knowing the old one, which whoever owns the files may do. The server must not be running.
    fn set_password(&self, log: &Path) -> Result<(), HostError> {
        tracing::warn!("the password on file is not the one the database knows; it is set anew");
        let mut server_log = ServerLog::open(log)?;
        let data = &self.location.data;
        let failed = |output: String| HostError::ServerStartFailed { log: log.to_path_buf(), output };
        let run = || -> std::io::Result<bool> {
            let mut command = self.binaries.command("postgres", self.location.run_as.as_ref(), data, server_log.file())?;
            command.arg("--single").arg("-D").arg(data).args(["-c", "password_encryption=scram-sha-256", "postgres"]);
            let mut child = command.stdin(Stdio::piped()).spawn()?;
            if let Some(mut stdin) = child.stdin.take() {
                writeln!(stdin, "ALTER ROLE {USER} PASSWORD '{}'", self.password.replace('\'', "''"))?;
            }
            Ok(child.wait()?.success())
        };
        match run() {
            Ok(true) => Ok(()),
            Ok(false) => Err(failed(server_log.written_since_open())),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.server.stop(&self.binaries, &self.location.data) {
            tracing::error!(%error, "Postgres could not be stopped");
        }
    }
}

const INVALID_PASSWORD: &str = "28P01";
const UNKNOWN_DATABASE: &str = "3D000";
const DATABASE_EXISTS: &str = "42P04";
const TOO_MANY_CONNECTIONS: &str = "53300";

/// What came back from a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A server that knows our password and proved it.
    Ours,
    /// A server that takes no more connections at this moment, so it could not prove anything.
    Full,
    Nothing,
}

/// Knocks at a port.
pub(crate) fn ask(port: u16, password: &str) -> Answer {
    match Session::connect(port, USER, password, DATABASE, SESSION_TIMEOUT) {
        Ok(_) => Answer::Ours,
        Err(error) => match error.state() {
            Some(UNKNOWN_DATABASE) => Answer::Ours,
            Some(TOO_MANY_CONNECTIONS) => Answer::Full,
            _ => Answer::Nothing,
        },
    }
}

/// The URL of the embedded database.
pub(crate) fn url(port: u16, password: &str) -> String {
    format!("postgres://{USER}:{password}@127.0.0.1:{port}/{DATABASE}")
}

/// Looks for a server that already runs on these files: one of ours that answers is taken over; one that must not stay is stopped; a
/// file left behind by a dead one, whose number belongs to somebody else by now, is removed.
fn find_running(binaries: &Binaries, location: &Location, password: &str, stop: &StopFlag) -> Result<Option<(Server, u16)>, HostError> {
    let data = &location.data;
    let begun = Instant::now();
    loop {
        stop.check()?;
        let read = PostmasterPid::read(data).map_err(|error| HostError::io("read postmaster.pid in", data, &error))?;
        let Some(file) = read else { return Ok(None) };
        let answer = || file.port.filter(|_| file.is_ready()).map_or(Answer::Nothing, |port| ask(port, password));
        let is_overdue = begun.elapsed() >= if file.is_starting() { START_LIMIT } else { ANSWER_LIMIT };
        match postmaster_pid::identify(file.pid, data, &binaries.server()) {
            // Postgres clears the file of a dead process itself, after a look at what is left of it.
            Identity::Gone => return Ok(None),
            Identity::Foreign | Identity::Unreaped => {
                tracing::info!(pid = file.pid, "postmaster.pid names a process that is no server; the file is removed");
                let path = data.join(postmaster_pid::FILE);
                private::remove_file(&path).map_err(|error| HostError::io("remove", &path, &error))?;
                return Ok(None);
            }
            Identity::OtherServer => stop_found(file.pid, binaries, data)?,
            identity @ (Identity::OurServer | Identity::Unknown) => {
                let is_usable = match answer() {
                    Answer::Ours => true,
                    Answer::Full => identity == Identity::OurServer,
                    Answer::Nothing => false,
                };
                if is_usable
                    && let Some(port) = file.port
                    && let Some(server) = Server::adopt(file.pid)
                {
                    tracing::info!(pid = file.pid, port, "a running server is taken over");
                    return Ok(Some((server, port)));
                }
                if is_overdue && identity == Identity::OurServer {
                    stop_found(file.pid, binaries, data)?;
                } else if is_overdue {
                    return Err(HostError::ServerInTheWay { pid: file.pid, path: data.clone() });
                }
            }
        }
        std::thread::sleep(POLL);
    }
}

fn stop_found(pid: u32, binaries: &Binaries, data: &Path) -> Result<(), HostError> {
    tracing::info!(pid, "a server that cannot be used is stopped");
    match Server::adopt(pid) {
        Some(mut server) => server.stop(binaries, data),
        None => Ok(()),
    }
}

/// The process of a server that runs on these files.
pub(crate) fn running_on(binaries: &Binaries, location: &Location) -> Result<Option<u32>, HostError> {
    let data = &location.data;
    let read = PostmasterPid::read(data).map_err(|error| HostError::io("read postmaster.pid in", data, &error))?;
    let is_server = |pid: &u32| {
        let identity = postmaster_pid::identify(*pid, data, &binaries.server());
        matches!(identity, Identity::OurServer | Identity::OtherServer)
    };
    Ok(read.map(|file| file.pid).filter(is_server))
}

/// Stops a server that runs on these files without anybody watching it. `false` when there is none.
pub(crate) fn stop_orphan(binaries: &Binaries, location: &Location) -> Result<bool, HostError> {
    match running_on(binaries, location)? {
        Some(pid) => stop_found(pid, binaries, &location.data).map(|()| true),
        None => Ok(false),
    }
}

/// `true` when there is a cluster that this Postgres can open, `false` when there is none.
fn check_version(data: &Path, carried: u32) -> Result<bool, HostError> {
    let path = data.join("PG_VERSION");
    let found = match std::fs::read_to_string(&path) {
        Ok(text) => text.trim().parse::<u32>().unwrap_or(0),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(HostError::io("read", &path, &error)),
    };
    match found.cmp(&carried) {
        std::cmp::Ordering::Equal => Ok(true),
        std::cmp::Ordering::Greater => Err(HostError::DataFromNewerPostgres { path: data.to_path_buf(), found, carried }),
        std::cmp::Ordering::Less => Err(HostError::DataFromOlderPostgres { path: data.to_path_buf(), found, carried }),
    }
}

fn log_beside(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or_default().to_owned();
    name.push(".log");
    data.with_file_name(name)
}
