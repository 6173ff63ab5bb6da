//! THIRD_PARTY.md: what the shipped program is made of that others wrote, with each part's licence. Written from the lock files, so that it
//! cannot drift: `--check` compares.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::metadata::{self, Package};

const FILE: &str = "THIRD_PARTY.md";
/// The programs that are shipped.
const PROGRAMS: [&str; 2] = ["moa-desktop", "moa-cli"];
const HEAD: &str = "\
# What others wrote

Moa is MIT licensed (LICENSE). It carries the parts below under their own licences; their texts are in each part's source package. This
file is written by `cargo xtask notices`.

## Bundled as files

| part | licence | text in the program's resources |
| --- | --- | --- |
| [Pretendard](https://github.com/orioncactus/pretendard) 1.3.9, Reserved Font Name “Pretendard” | OFL-1.1 | `fonts/LICENSE.txt` |
| [PostgreSQL](https://www.postgresql.org) 18 | PostgreSQL | `postgres/COPYRIGHT-postgresql.txt` |
| OpenSSL, ICU, zlib, LZ4, Zstandard, libxml2, libxslt, as that package of PostgreSQL holds them | OpenSSL, Unicode-3.0, Zlib, BSD-2-Clause, BSD-3-Clause, MIT | |
";

pub(crate) fn run(check: bool) -> Result<ExitCode> {
    let wanted = notices()?;
    let path = super::root().join(FILE);
    if !check {
        std::fs::write(&path, wanted).context(FILE)?;
        println!("{FILE} written");
        return Ok(ExitCode::SUCCESS);
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let problems =
        if found == wanted { Vec::new() } else { vec![format!("{FILE} is not what the lock files say. Run: cargo xtask notices")] };
    Ok(super::verdict("notices", &problems))
}

fn notices() -> Result<String> {
    let mut text = HEAD.to_owned();
    section(&mut text, "Rust crates", &crates(&metadata::packages()?));
    section(&mut text, "JavaScript packages of the window", &scripts()?);
    Ok(text)
}

/// Licence → the names under it.
type ByLicence = BTreeMap<String, BTreeSet<String>>;

fn section(text: &mut String, title: &str, parts: &ByLicence) {
    let _ = write!(text, "\n## {title}\n");
    for (licence, names) in parts {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let _ = write!(text, "\n**{licence}:** {}\n", names.join(", "));
    }
}

/// Everything the programs are linked from, on any platform.
fn crates(packages: &[Package]) -> ByLicence {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = PROGRAMS.to_vec();
    while let Some(name) = waiting.pop() {
        if reached.insert(name) {
            let of_name = packages.iter().filter(|package| package.name == name);
            waiting.extend(of_name.flat_map(|package| &package.dependencies).map(String::as_str));
        }
    }
    let mut parts = ByLicence::new();
    for package in packages.iter().filter(|package| !package.is_ours && reached.contains(package.name.as_str())) {
        // Older manifests write "MIT/Apache-2.0".
        let alternatives = package.licence.as_deref().unwrap_or("as its source says").split('/').map(str::trim);
        let licence = alternatives.collect::<Vec<_>>().join(" OR ");
        parts.entry(licence).or_default().insert(package.name.clone());
    }
    parts
}

/// What the window imports, and what that needs.
fn scripts() -> Result<ByLicence> {
    let lock = std::fs::read_to_string(super::root().join("package-lock.json")).context("package-lock.json")?;
    let lock: Value = serde_json::from_str(&lock).context("package-lock.json")?;
    let packages = lock["packages"].as_object().context("package-lock.json lists no packages")?;
    let mut waiting = imports(&super::root().join("ui").join("src"))?;
    let mut reached = BTreeSet::new();
    let mut parts = ByLicence::new();
    while let Some(name) = waiting.pop_first() {
        let Some(package) = packages.get(&format!("node_modules/{name}")) else { continue };
        if !reached.insert(name.clone()) {
            continue;
        }
        let needs = package["dependencies"].as_object().into_iter().flat_map(|needs| needs.keys().cloned());
        waiting.extend(needs.filter(|need| !reached.contains(need)));
        // Only types: nothing of them is in the program.
        if !name.starts_with("@types/") && name != "csstype" {
            parts.entry(package["license"].as_str().unwrap_or("as its source says").to_owned()).or_default().insert(name);
        }
    }
    Ok(parts)
}

/// Names of the packages that files below `folder` import, their tests left out.
fn imports(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            names.extend(imports(&path)?);
        } else if [".ts", ".tsx", ".css"].iter().any(|ending| file.ends_with(ending)) && !file.contains(".test.") {
            let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            names.extend(text.lines().filter_map(imported));
        }
    }
    Ok(names)
}

/// The package an import line names: `@scope/name` or `name`, without a path inside it.
fn imported(line: &str) -> Option<String> {
    let after = line.split_once(" from \"").map(|(_, after)| after);
    let after = after.or_else(|| line.strip_prefix("import \"")).or_else(|| line.strip_prefix("@import \""))?;
    let specifier = after.split_once('"')?.0;
    if specifier.starts_with(['.', '/']) {
        return None;
    }
    let parts = if specifier.starts_with('@') { 2 } else { 1 };
    Some(specifier.split('/').take(parts).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_names_its_package() {
        assert_eq!(imported("import { x } from \"@tanstack/react-query\";").as_deref(), Some("@tanstack/react-query"));
        assert_eq!(imported("import \"pretendard/dist/web/variable/pretendardvariable.css\";").as_deref(), Some("pretendard"));
        assert_eq!(imported("import { x } from \"./near\";"), None);
        assert_eq!(imported("const from = 1;"), None);
    }
}
