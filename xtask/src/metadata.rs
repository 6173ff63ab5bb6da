//! What cargo knows of the workspace and its dependencies.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) licence: Option<String>,
    pub(crate) folder: PathBuf,
    /// Whether it belongs to this workspace.
    pub(crate) is_ours: bool,
    /// What the shipped program is built from: names of normal dependencies on any platform, tests and build scripts left out.
    pub(crate) dependencies: Vec<String>,
}

/// Every package of the lock file.
///
/// # Errors
/// When cargo fails or answers in another form.
pub(crate) fn packages() -> Result<Vec<Package>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(super::root())
        .output()
        .context("cargo metadata could not be started")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")?;
    let packages = document["packages"].as_array().context("cargo metadata lists no packages")?;
    packages.iter().map(package).collect()
}

fn package(value: &Value) -> Result<Package> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let dependencies = value["dependencies"].as_array().context("a package without a list of dependencies")?;
    let normal = dependencies.iter().filter(|dependency| dependency["kind"].is_null());
    Ok(Package {
        name: text("name").context("a package without a name")?,
        version: text("version").context("a package without a version")?,
        licence: text("license"),
        folder: PathBuf::from(text("manifest_path").context("a package without a manifest")?)
            .parent()
            .map(PathBuf::from)
            .unwrap_or_default(),
        is_ours: value["source"].is_null(),
        dependencies: normal.filter_map(|dependency| dependency["name"].as_str().map(str::to_owned)).collect(),
    })
}
