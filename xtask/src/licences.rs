//! Every dependency's licence against the list that deny.toml allows, so that one list serves cargo-deny and this check.

use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::metadata;

pub(crate) fn run() -> Result<ExitCode> {
    let allowed = allowed()?;
    let mut problems = Vec::new();
    let mut counted = 0;
    for package in metadata::packages()?.iter().filter(|package| !package.is_ours) {
        counted += 1;
        let name = format!("{} {}", package.name, package.version);
        problems.extend(problem(&name, package.licence.as_deref(), &allowed));
    }
    let lock = std::fs::read_to_string(super::root().join("package-lock.json")).context("package-lock.json")?;
    let lock: Value = serde_json::from_str(&lock).context("package-lock.json")?;
    let packages = lock["packages"].as_object().context("package-lock.json lists no packages")?;
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        counted += 1;
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        problems.extend(problem(name, package["license"].as_str(), &allowed));
    }
    println!("licences: {counted} packages looked at");
    Ok(super::verdict("licences", &problems))
}

fn problem(name: &str, licence: Option<&str>, allowed: &Allowed) -> Option<String> {
    let Some(licence) = licence else {
        return (!allowed.without_expression.iter().any(|known| known == name.split(' ').next().unwrap_or(name)))
            .then(|| format!("{name}: names no licence; read its licence file, then add it to [[licenses.clarify]] of deny.toml"));
    };
    // Older manifests write "MIT/Apache-2.0".
    let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
        return Some(format!("{name}: “{licence}” is no licence expression"));
    };
    let is_allowed = expression.evaluate(|requirement| allowed.names.contains(&requirement.to_string()));
    (!is_allowed).then(|| format!("{name}: {licence} is not on the list in deny.toml"))
}

struct Allowed {
    names: Vec<String>,
    /// Packages whose licence file was read because their manifest names none.
    without_expression: Vec<String>,
}

fn allowed() -> Result<Allowed> {
    let text = std::fs::read_to_string(super::root().join("deny.toml")).context("deny.toml")?;
    let document: toml::Table = text.parse().context("deny.toml")?;
    let licences = document.get("licenses").and_then(toml::Value::as_table).context("deny.toml has no [licenses]")?;
    let list = |key: &str| licences.get(key).and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let strings = list("allow").iter().filter_map(toml::Value::as_str);
    let clarified = list("clarify").iter().filter_map(|entry| entry.get("crate")?.as_str());
    Ok(Allowed { names: strings.map(str::to_owned).collect(), without_expression: clarified.map(str::to_owned).collect() })
}
