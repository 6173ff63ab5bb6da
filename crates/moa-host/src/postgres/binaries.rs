use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::HostError;
use crate::run_as::RunAs;

/// The programs of one Postgres, in a folder with `bin`, `lib` and `share`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    version: String,
    major: u32,
}

impl Binaries {
    /// Looks at the folder and asks the server for its version, which also shows that it runs on this machine.
    ///
    /// # Errors
    /// `resource_missing` when a program is not there, `binaries_broken` when it does not run.
    pub fn find(folder: &Path) -> Result<Self, HostError> {
        for name in ["postgres", "initdb", "pg_ctl"] {
            if !program(folder, name).is_file() {
                return Err(HostError::ResourceMissing { resource: name.to_owned(), searched: vec![folder.join("bin")] });
            }
        }
        let server = program(folder, "postgres");
        let broken = |output: String| HostError::BinariesBroken { path: server.clone(), output };
        let mut command = Command::new(&server);
        clean(&mut command);
        let output = command.arg("--version").stdin(Stdio::null()).output().map_err(|error| broken(error.to_string()))?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let (version, major) = parse_version(&text).ok_or_else(|| broken(format!("{text}{}", String::from_utf8_lossy(&output.stderr))))?;
        Ok(Self { folder: folder.to_path_buf(), version, major })
    }

    /// As `18.4`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// As `18`: data folders of another major version cannot be opened.
    pub fn major(&self) -> u32 {
        self.major
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn server(&self) -> PathBuf {
        program(&self.folder, "postgres")
    }

    /// The same programs in another place.
    pub(crate) fn moved_to(self, folder: PathBuf) -> Self {
        Self { folder, ..self }
    }

    /// A command for one of the programs, without a window, with a clean environment, as the right user, its output going to `log`.
    pub(crate) fn command(&self, name: &str, run_as: Option<&RunAs>, folder: &Path, log: &File) -> std::io::Result<Command> {
        let mut command = Command::new(program(&self.folder, name));
        clean(&mut command);
        if let Some(user) = run_as {
            user.apply(&mut command);
        }
        command.current_dir(folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log.try_clone()?);
        Ok(command)
    }
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Variables of the person's own Postgres, of a packaged program's libraries, or of a language must not reach the server: they would
/// change which libraries it loads, where it looks for data, or the wording by which its log is read.
fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        if name.starts_with("PG") || name.starts_with("LC_") || name.starts_with("LD_") || name.starts_with("DYLD_") {
            command.env_remove(name);
        }
    }
    command.env_remove("LANGUAGE").env("LC_ALL", "C").env("LANG", "C");
    without_window(command);
}

#[cfg(windows)]
fn without_window(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    command.creation_flags(crate::keeper::CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn without_window(_command: &mut Command) {}

/// `postgres (PostgreSQL) 18.4` and the like; a packager may add more words.
fn parse_version(text: &str) -> Option<(String, u32)> {
    let version = text.split_once("(PostgreSQL) ")?.1.split_whitespace().next()?;
    let digits = version.chars().take_while(char::is_ascii_digit).collect::<String>();
    Some((version.to_owned(), digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        assert_eq!(parse_version("postgres (PostgreSQL) 18.4"), Some(("18.4".into(), 18)));
        assert_eq!(parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-1)"), Some(("15.18".into(), 15)));
        assert_eq!(parse_version("postgres (PostgreSQL) 19beta2"), Some(("19beta2".into(), 19)));
        assert_eq!(parse_version("not a server"), None);
    }

    #[test]
    fn an_empty_folder_has_no_programs() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Binaries::find(folder.path()).expect_err("empty").code(), "resource_missing");
    }

    #[test]
    fn a_program_that_is_no_program_is_broken() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("bin")).expect("writable");
        for name in ["postgres", "initdb", "pg_ctl"] {
            std::fs::write(program(folder.path(), name), "no program").expect("writable");
        }
        assert_eq!(Binaries::find(folder.path()).expect_err("text").code(), "binaries_broken");
    }
}
