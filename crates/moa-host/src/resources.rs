//! The files shipped with the program: Postgres and the typeface of reports.

use std::path::{Path, PathBuf};

use crate::HostError;

/// Names a folder that holds `postgres/` and `fonts/`, for tests and unusual installations.
pub const VARIABLE: &str = "MOA_RESOURCES";

/// The folder with `bin`, `lib` and `share` of the Postgres that Moa carries.
///
/// # Errors
/// `resource_missing` with the places that were looked at.
pub fn postgres_dir() -> Result<PathBuf, HostError> {
    find("postgres")
}

/// The folder with the Pretendard TrueType files of reports.
///
/// # Errors
/// `resource_missing` with the places that were looked at.
pub fn fonts_dir() -> Result<PathBuf, HostError> {
    find("fonts")
}

fn find(name: &str) -> Result<PathBuf, HostError> {
    let named = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
    let program = std::env::current_exe().ok();
    let candidates = candidates(named.as_deref(), program.as_deref());
    match candidates.iter().map(|folder| folder.join(name)).find(|folder| folder.is_dir()) {
        Some(found) => Ok(found),
        None => Err(HostError::ResourceMissing { resource: name.to_owned(), searched: candidates }),
    }
}

/// Where the folders may lie, best first. A folder named by the environment is the only one looked at, so that a mistake in it shows.
fn candidates(named: Option<&Path>, program: Option<&Path>) -> Vec<PathBuf> {
    if let Some(named) = named {
        return vec![named.to_path_buf()];
    }
    let Some(folder) = program.and_then(Path::parent) else { return Vec::new() };
    let mut candidates = vec![folder.to_path_buf()];
    if let Some(above) = folder.parent() {
        // An installed package: Linux keeps resources in lib/<product name>, a macOS bundle in Resources.
        candidates.push(above.join("lib").join("Moa"));
        candidates.push(above.join("Resources"));
    }
    // A development build: target/debug/deps/x, target/debug/x and target/release/x all lie below target/moa-resources' parent.
    candidates.extend(folder.ancestors().skip(1).map(|ancestor| ancestor.join("moa-resources")).filter(|path| path.is_dir()));
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_folder_is_the_only_one() {
        assert_eq!(candidates(Some(Path::new("/named")), Some(Path::new("/opt/moa/bin/moa"))), [PathBuf::from("/named")]);
    }

    #[test]
    fn an_installed_program_looks_beside_itself_and_where_packages_put_resources() {
        let found = candidates(None, Some(Path::new("/no-such-folder/bin/moa")));
        let expected = ["/no-such-folder/bin", "/no-such-folder/lib/Moa", "/no-such-folder/Resources"].map(PathBuf::from);
        assert_eq!(found[..3], expected);
    }

    #[test]
    fn a_development_build_finds_the_staged_resources_from_any_depth() {
        let target = tempfile::tempdir().expect("a folder");
        let staged = target.path().join("moa-resources");
        std::fs::create_dir(&staged).expect("writable");
        assert!(candidates(None, Some(&target.path().join("debug/deps/some-test"))).contains(&staged));
    }
}
