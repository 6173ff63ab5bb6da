//! A data folder of its own for each case, programs that open it, and ways to hurt them.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use moa_host::keeper::{RunState, RunningServer};
use moa_host::postgres::{DATABASE, Session, USER};
use moa_host::{DataDir, Database, DatabaseHandle, DatabaseStatus, HostError, OpenOptions, resources};
use sysinfo::{Pid, ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Far beyond what anything here takes; reached only when something hangs.
const LIMIT: Duration = Duration::from_secs(120);

const PROGRAM: &str = "--program-that-opens";

/// Long enough that no keeper stops by itself during a case.
pub(crate) const LONG_IDLE: Duration = Duration::from_secs(600);

/// A data folder with Hangul and spaces in its path, and a runtime to open it with.
pub(crate) struct Office {
    pub(crate) folder: TempDir,
    pub(crate) dir: DataDir,
    pub(crate) runtime: Runtime,
}

impl Office {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("모아 시험 ").tempdir().expect("a folder");
        open_for_passage(folder.path());
        let dir = DataDir::resolve(Some(&folder.path().join("광고 대행사 data"))).expect("a plain path");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        Self { folder, dir, runtime }
    }

    pub(crate) fn options() -> OpenOptions {
        OpenOptions { idle: Some(LONG_IDLE), look_every: Duration::from_secs(600), ..OpenOptions::default() }
    }

    pub(crate) fn open(&self) -> DatabaseHandle {
        self.open_with(&Self::options())
    }

    pub(crate) fn open_with(&self, options: &OpenOptions) -> DatabaseHandle {
        self.try_open(options).unwrap_or_else(|error| panic!("{error}\n{}", self.logs()))
    }

    pub(crate) fn try_open(&self, options: &OpenOptions) -> Result<DatabaseHandle, HostError> {
        self.runtime.block_on(Database::open(&self.dir, options))
    }

    pub(crate) fn refresh(&self, handle: &DatabaseHandle) -> bool {
        self.runtime.block_on(handle.refresh()).unwrap_or_else(|error| panic!("{error}\n{}", self.logs()))
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir.database()
    }

    pub(crate) fn run_state(&self) -> Option<RunState> {
        serde_json::from_slice(&std::fs::read(self.database().join("run.json")).ok()?).ok()
    }

    pub(crate) fn ready(&self) -> Option<RunningServer> {
        match self.run_state() {
            Some(RunState::Ready(server)) => Some(server),
            _ => None,
        }
    }

    /// Kills the keeper. Its lock goes a moment later than its first thread.
    pub(crate) fn kill_keeper(&self, pid: u32) {
        kill(pid);
        self.until("the keeper is seen to be gone", || !self.status().keeper_is_running);
    }

    pub(crate) fn status(&self) -> DatabaseStatus {
        Database::status(&self.dir, None).expect("readable")
    }

    /// Waits until a condition holds, looking often.
    pub(crate) fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + LIMIT;
        while !holds() {
            assert!(Instant::now() < deadline, "never came: {what}\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn logs(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.database().join(name)).unwrap_or_default();
        format!("--- keeper.log\n{}--- postgres.log\n{}--- run.json\n{}", read("keeper.log"), read("postgres.log"), read("run.json"))
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Err(error) = Database::stop(&self.dir, None)
            && !std::thread::panicking()
        {
            panic!("the server of {} could not be stopped: {error}", self.dir.root().display());
        }
    }
}

/// Temporary folders are closed to all others; as root, the user that runs Postgres must pass.
pub(crate) fn open_for_passage(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o711)).expect("ours");
    }
    #[cfg(not(unix))]
    let _ = folder;
}

pub(crate) fn is_root() -> bool {
    #[cfg(unix)]
    return nix::unistd::geteuid().is_root();
    #[cfg(not(unix))]
    return false;
}

pub(crate) fn postgres_18() -> PathBuf {
    resources::postgres_dir().expect("staged by: node scripts/stage-postgres.mjs")
}

pub(crate) fn postgres_15() -> PathBuf {
    let target = postgres_18().ancestors().nth(2).expect("target/moa-resources/postgres").to_path_buf();
    let folder = target.join("test-postgres-15");
    assert!(folder.is_dir(), "staged by: node scripts/stage-postgres.mjs");
    folder
}

/// Runs SQL in the embedded database and gives the rows.
pub(crate) fn sql(handle: &DatabaseHandle, text: &str) -> Vec<Vec<Option<String>>> {
    let url = handle.url();
    let rest = url.strip_prefix(&format!("postgres://{USER}:")).expect("our user");
    let (password, address) = rest.split_once("@127.0.0.1:").expect("on this machine");
    let port = address.strip_suffix(&format!("/{DATABASE}")).expect("our database").parse().expect("a port");
    let mut session = Session::connect(port, USER, password, DATABASE, LIMIT).expect("answers");
    session.query(text).expect("runs")
}

/// One value, as text.
pub(crate) fn value(handle: &DatabaseHandle, text: &str) -> String {
    sql(handle, text).remove(0).remove(0).expect("not NULL")
}

/// Another program that opens the same data folder: this test started again.
pub(crate) struct Program {
    pub(crate) child: Child,
    stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<String>,
}

impl Program {
    pub(crate) fn start(office: &Office, idle: Duration) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("known"))
            .arg(PROGRAM)
            .arg(office.dir.root())
            .env(OpenOptions::IDLE_VARIABLE, idle.as_secs().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, stdin, lines }
    }

    /// The URL, when the program has opened the database.
    pub(crate) fn url(&self) -> String {
        self.lines.recv_timeout(LIMIT).expect("the program opens the database")
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    pub(crate) fn close(mut self) {
        self.stdin.take();
        assert!(self.child.wait().expect("ended").success());
    }
}

/// The other side of [`Program`].
pub(crate) fn run_program_if_asked() -> Option<i32> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != PROGRAM {
        return None;
    }
    let dir = DataDir::resolve(Some(Path::new(&arguments.next()?))).expect("a plain path");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let opened = runtime.block_on(Database::open(&dir, &OpenOptions::default()));
    match opened {
        Ok(handle) => {
            writeln!(std::io::stdout(), "{}", handle.url()).expect("somebody listens");
            // Until the test closes our standard input.
            std::io::stdin().lines().for_each(drop);
            Some(0)
        }
        Err(error) => {
            writeln!(std::io::stdout(), "{}", error.code()).expect("somebody listens");
            Some(3)
        }
    }
}

/// Kills as `kill -9`, and waits for the end.
pub(crate) fn kill(pid: u32) {
    let mut system = System::new().expect("processes are told");
    let pid = Pid::from_u32(pid);
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, ProcessRefreshKind::nothing());
    assert!(system.process(pid).expect("alive").kill());
    let deadline = Instant::now() + LIMIT;
    while is_alive(pid.as_u32()) {
        assert!(Instant::now() < deadline, "{pid} cannot be killed");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn is_alive(pid: u32) -> bool {
    let mut system = System::new().expect("processes are told");
    let pid = Pid::from_u32(pid);
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, ProcessRefreshKind::nothing());
    system.process(pid).is_some_and(|process| !matches!(process.status(), ProcessStatus::Zombie | ProcessStatus::Dead))
}
