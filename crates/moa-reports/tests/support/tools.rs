//! Other programs that read what was written. A test that needs one says so and passes where it is missing.
#![expect(clippy::print_stderr, reason = "a test that looked at nothing must say so")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Standard output of a program, or `None` where it is not installed.
///
/// # Panics
/// When the program fails.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{program} {arguments:?}: {said}");
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("not checked: {program} is not installed");
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// Pages of a PDF as pictures, `page-1.png` …; `None` where there is no renderer.
pub(crate) fn pictures(pdf: &Path, folder: &Path, dots_per_inch: u32) -> Option<Vec<PathBuf>> {
    let (source, target) = (pdf.display().to_string(), folder.join("page").display().to_string());
    run("pdftoppm", &["-png", "-r", &dots_per_inch.to_string(), &source, &target])?;
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut pictures: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    pictures.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    Some(pictures)
}

/// The workbook as LibreOffice saves it after it has calculated every formula anew; `None` where it is not installed.
pub(crate) fn recalculated(workbook: &Path, folder: &Path) -> Option<PathBuf> {
    let profile = folder.join("profile");
    std::fs::create_dir_all(profile.join("user")).expect("a folder");
    let always = |name: &str| {
        format!(
            r#"<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="{name}" oor:op="fuse"><value>0</value></prop></item>"#
        )
    };
    let settings = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}{}</oor:items>"#,
        always("OOXMLRecalcMode"),
        always("ODFRecalcMode")
    );
    std::fs::write(profile.join("user/registrymodifications.xcu"), settings).expect("the settings");
    let out = folder.join("recalculated");
    std::fs::create_dir_all(&out).expect("a folder");
    let arguments = [
        format!("-env:UserInstallation=file://{}", profile.display()),
        "--headless".to_owned(),
        "--convert-to".to_owned(),
        "xlsx:Calc MS Excel 2007 XML".to_owned(),
        "--outdir".to_owned(),
        out.display().to_string(),
        workbook.display().to_string(),
    ];
    run("soffice", &arguments.iter().map(String::as_str).collect::<Vec<_>>())?;
    Some(out.join(workbook.file_name().expect("a file")))
}
