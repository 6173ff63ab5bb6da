//! The import table of ARCHITECTURE.md as a check: which crate may use which, where a third party may enter, and that crates that only
//! compute neither read files nor clocks. Only what the shipped program is built from counts: tests may use anything.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::metadata::{self, Package};

/// What each crate may use of ours.
const MAY_USE: &[(&str, &[&str])] = &[
    ("moa-domain", &[]),
    ("moa-kpi", &["moa-domain"]),
    ("moa-connectors", &["moa-domain"]),
    ("moa-sample", &["moa-domain"]),
    ("moa-text", &["moa-domain", "moa-kpi"]),
    ("moa-host", &["moa-domain"]),
    ("moa-store", &["moa-domain"]),
    ("moa-reports", &["moa-domain", "moa-kpi", "moa-text"]),
    ("moa-sync", &["moa-connectors", "moa-domain", "moa-store"]),
    ("moa-api", &["moa-connectors", "moa-domain", "moa-kpi", "moa-reports", "moa-sample", "moa-store", "moa-sync", "moa-text"]),
    ("moa-door", &["moa-api", "moa-domain", "moa-host", "moa-text"]),
    ("moa-cli", &["moa-api", "moa-domain", "moa-door", "moa-host", "moa-text"]),
    ("moa-desktop", &["moa-api", "moa-domain", "moa-door", "moa-host", "moa-text"]),
    ("moa-sandbox", &[]),
    ("moa-testing", &["moa-domain", "moa-store"]),
    ("moa-bench", &["moa-api", "moa-domain", "moa-host", "moa-reports", "moa-sandbox", "moa-store", "moa-text"]),
    ("xtask", &["moa-host"]),
];

/// For tests and measurements only: no shipped crate may name them among its normal dependencies.
const TESTS_ONLY: &[&str] = &["moa-testing", "moa-sandbox", "moa-bench"];

/// Third parties that may enter at one place only. A trailing `*` stands for every name that begins so.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("sqlx*", &["moa-store", "moa-testing", "moa-bench"], "SQL is held in one crate"),
    ("tauri*", &["moa-desktop"], "the use cases run without a window"),
    ("specta*", &["moa-api", "moa-desktop"], "what crosses to the window is declared by the use cases"),
    ("reqwest", &["moa-connectors"], "the network is reached by connectors only"),
    ("hyper*", &[], "the network is reached through reqwest"),
    ("axum*", &["moa-sandbox"], "only the sandbox is a server"),
    ("chacha20poly1305", &["moa-host"], "secrets are sealed in one crate"),
    ("oauth2", &["moa-connectors"], "people sign in through connectors only"),
    ("calamine", &["moa-connectors"], "spreadsheets are read by connectors only"),
    ("printpdf", &["moa-reports"], "documents become bytes in one crate"),
    ("rust_xlsxwriter", &["moa-reports"], "documents become bytes in one crate"),
    ("keyring*", &["moa-host"], "the keychain belongs to the operating system's crate"),
    ("sysinfo", &["moa-host"], "processes belong to the operating system's crate"),
    ("directories", &["moa-host"], "folders belong to the operating system's crate"),
    ("clap", &["moa-cli", "xtask"], "arguments are read at the door"),
    ("anyhow", &["xtask"], "errors are typed in the product"),
];

/// These only compute. `moa-reports` reads the font files it is pointed at and nothing else.
const PURE: &[&str] = &["moa-domain", "moa-kpi", "moa-sample", "moa-text", "moa-reports"];
const NOT_IN_PURE: &[&str] =
    &["std::net", "std::env::", "std::process", "std::thread::sleep", "Utc::now", "Local::now", "SystemTime::now", "Instant::now"];
const READS_FILES: &[&str] = &["moa-reports"];
const NOT_USED_BY_PURE: &[&str] = &["tokio", "sqlx", "reqwest", "sysinfo", "directories"];

pub(crate) fn run() -> Result<ExitCode> {
    let packages = metadata::packages()?;
    let ours: Vec<&Package> = packages.iter().filter(|package| package.is_ours).collect();
    let names: BTreeSet<&str> = ours.iter().map(|package| package.name.as_str()).collect();
    let mut problems = Vec::new();
    for package in &ours {
        check_dependencies(package, &names, &mut problems);
        if PURE.contains(&package.name.as_str()) {
            check_sources(&package.folder.join("src"), &package.name, &mut problems)?;
        }
    }
    println!("layering: {} crates looked at", ours.len());
    Ok(super::verdict("layering", &problems))
}

fn check_dependencies(package: &Package, ours: &BTreeSet<&str>, problems: &mut Vec<String>) {
    let name = package.name.as_str();
    let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == name) else {
        problems.push(format!("{name} is not in the import table (xtask/src/layering.rs and ARCHITECTURE.md)"));
        return;
    };
    for dependency in package.dependencies.iter().map(String::as_str) {
        if ours.contains(dependency) {
            // What is for tests itself may use the others.
            if TESTS_ONLY.contains(&dependency) && !(TESTS_ONLY.contains(&name) && allowed.contains(&dependency)) {
                problems.push(format!("{name} must not use {dependency}: it is for tests, so it belongs under [dev-dependencies]"));
            } else if !allowed.contains(&dependency) {
                problems.push(format!("{name} must not use {dependency}; it may use: {}", list(allowed)));
            }
            continue;
        }
        if let Some((_, places, reason)) = ONLY_IN.iter().find(|(pattern, ..)| matches(pattern, dependency))
            && !places.contains(&name)
        {
            problems.push(format!("{name} must not use {dependency}: {reason} ({})", list(places)));
        }
        if PURE.contains(&name) && NOT_USED_BY_PURE.contains(&dependency) {
            problems.push(format!("{name} must not use {dependency}: it only computes"));
        }
    }
}

/// Looks through the sources up to each file's tests.
fn check_sources(folder: &Path, name: &str, problems: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            check_sources(&path, name, problems)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in product.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                let files = if READS_FILES.contains(&name) { &[][..] } else { &["std::fs"] };
                if let Some(word) = NOT_IN_PURE.iter().chain(files).find(|word| code.contains(*word)) {
                    let shown = path.strip_prefix(super::root()).unwrap_or(&path);
                    problems.push(format!("{}:{}: {name} only computes, so it must not use {word}", shown.display(), number + 1));
                }
            }
        }
    }
    Ok(())
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "nothing of ours".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            version: "0.0.0".to_owned(),
            licence: None,
            folder: std::path::PathBuf::new(),
            is_ours: true,
            dependencies: dependencies.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    fn problems_of(package: &Package) -> Vec<String> {
        let ours = BTreeSet::from(["moa-domain", "moa-kpi", "moa-store", "moa-testing"]);
        let mut problems = Vec::new();
        check_dependencies(package, &ours, &mut problems);
        problems
    }

    #[test]
    fn a_crate_that_keeps_to_the_table_passes() {
        assert!(problems_of(&package("moa-store", &["moa-domain", "sqlx", "tokio"])).is_empty());
    }

    #[test]
    fn the_wrong_neighbour_the_wrong_third_party_and_a_test_crate_are_named() {
        assert_eq!(problems_of(&package("moa-kpi", &["moa-store"])).len(), 1);
        assert_eq!(problems_of(&package("moa-store", &["moa-testing"])).len(), 1);
        assert_eq!(problems_of(&package("moa-cli", &["sqlx-core"])).len(), 1);
        assert_eq!(problems_of(&package("moa-kpi", &["tokio"])).len(), 1);
        assert_eq!(problems_of(&package("moa-new", &[])).len(), 1);
    }

    #[test]
    fn a_clock_in_a_pure_crate_is_found_and_one_in_its_tests_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.rs"), "fn f() { Utc::now(); }\n#[cfg(test)]\nmod tests { fn g() { Utc::now(); } }")
            .expect("writable");
        let mut problems = Vec::new();
        check_sources(folder.path(), "moa-kpi", &mut problems).expect("readable");
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("a.rs:1"));
    }
}
