//! A workbook's cells as a person can review them, read from the file's own XML: value, formula, number format; and what else a sheet
//! says (frozen rows, filter, merged cells, charts).

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cell {
    /// `A1`.
    pub(crate) at: String,
    /// As shown without its format; a formula's is the stored result.
    pub(crate) value: String,
    pub(crate) is_text: bool,
    pub(crate) formula: Option<String>,
    /// `General` or a number format.
    pub(crate) format: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) cells: Vec<Cell>,
    /// The first cell below and right of what is frozen.
    pub(crate) frozen: Option<String>,
    pub(crate) filter: Option<String>,
    pub(crate) merged: usize,
    pub(crate) charts: usize,
}

type Parts = BTreeMap<String, String>;

fn unzip(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip");
    let mut parts = Parts::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("an entry");
        let mut text = String::new();
        if file.read_to_string(&mut text).is_ok() {
            parts.insert(file.name().expect("a name").into_owned(), text);
        }
    }
    parts
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).expect("attributes")?;
    Some(attribute.normalized_value(XmlVersion::Implicit1_0).expect("a value").into_owned())
}

/// Calls back with every event; text comes whole, with its entities resolved.
fn walk(xml: &str, mut each: impl FnMut(Step<'_>)) {
    let mut reader = Reader::from_str(xml);
    let mut text = String::new();
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(element) => {
                text.clear();
                each(Step::Open(&element));
            }
            Event::Empty(element) => {
                each(Step::Open(&element));
                each(Step::Close(element.name().as_ref(), ""));
            }
            Event::Text(more) => text.push_str(&more),
            Event::GeneralRef(entity) => match entity.resolve_char_ref().expect("an entity") {
                Some(character) => text.push(character),
                None => text.push_str(match &*entity {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("the entity {other}"),
                }),
            },
            Event::End(element) => {
                each(Step::Close(element.name().as_ref(), &text));
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
}

enum Step<'s> {
    Open(&'s BytesStart<'s>),
    Close(&'s str, &'s str),
}

fn shared_strings(parts: &Parts) -> Vec<String> {
    let mut strings = Vec::new();
    let mut current = String::new();
    walk(parts.get("xl/sharedStrings.xml").map_or("<sst/>", String::as_str), |step| match step {
        Step::Open(element) if element.name().as_ref() == "si" => current.clear(),
        Step::Close("t", text) => current.push_str(text),
        Step::Close("si", _) => strings.push(current.clone()),
        _ => {}
    });
    strings
}

/// The number format of each cell style.
fn formats(parts: &Parts) -> Vec<String> {
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    let mut formats = Vec::new();
    let mut in_cells = false;
    walk(&parts["xl/styles.xml"], |step| match step {
        Step::Open(element) => match element.name().as_ref() {
            "numFmt" => {
                named.insert(attribute(element, "numFmtId").unwrap_or_default(), attribute(element, "formatCode").unwrap_or_default());
            }
            "cellXfs" => in_cells = true,
            "xf" if in_cells => {
                let id = attribute(element, "numFmtId").unwrap_or_default();
                let builtin = match id.as_str() {
                    "0" => "General",
                    "1" => "0",
                    "2" => "0.00",
                    "3" => "#,##0",
                    "4" => "#,##0.00",
                    "9" => "0%",
                    "10" => "0.00%",
                    "49" => "@",
                    other => other,
                };
                formats.push(named.get(&id).cloned().unwrap_or_else(|| builtin.to_owned()));
            }
            _ => {}
        },
        Step::Close("cellXfs", _) => in_cells = false,
        Step::Close(..) => {}
    });
    formats
}

/// Every sheet in its order.
pub(crate) fn read(workbook: &[u8]) -> Vec<Sheet> {
    let parts = unzip(workbook);
    let (strings, formats) = (shared_strings(&parts), formats(&parts));
    let mut names = Vec::new();
    walk(&parts["xl/workbook.xml"], |step| {
        if let Step::Open(element) = step
            && element.name().as_ref() == "sheet"
        {
            names.push(attribute(element, "name").unwrap_or_default());
        }
    });
    names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let number = index + 1;
            let mut sheet = read_sheet(&parts[&format!("xl/worksheets/sheet{number}.xml")], &strings, &formats);
            sheet.name = name;
            if let Some(relations) = parts.get(&format!("xl/worksheets/_rels/sheet{number}.xml.rels")) {
                let drawing = relations.split("drawings/").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
                sheet.charts = parts.get(&format!("xl/drawings/{drawing}")).map_or(0, |xml| xml.matches("<c:chart ").count());
            }
            sheet
        })
        .collect()
}

fn read_sheet(xml: &str, strings: &[String], formats: &[String]) -> Sheet {
    let mut sheet = Sheet::default();
    let mut cell = Cell::default();
    let mut kind = String::new();
    walk(xml, |step| match step {
        Step::Open(element) => match element.name().as_ref() {
            "c" => {
                kind = attribute(element, "t").unwrap_or_default();
                let style: usize = attribute(element, "s").and_then(|style| style.parse().ok()).unwrap_or(0);
                let at = attribute(element, "r").unwrap_or_default();
                cell = Cell {
                    at,
                    format: formats[style].clone(),
                    is_text: matches!(kind.as_str(), "s" | "str" | "inlineStr"),
                    ..Cell::default()
                };
            }
            "pane" => sheet.frozen = attribute(element, "topLeftCell"),
            "autoFilter" => sheet.filter = attribute(element, "ref"),
            "mergeCell" => sheet.merged += 1,
            _ => {}
        },
        Step::Close("f", text) => cell.formula = Some(text.to_owned()),
        Step::Close("v", text) if kind == "s" => cell.value = strings[text.parse::<usize>().expect("an index")].clone(),
        Step::Close("v" | "t", text) => cell.value = text.to_owned(),
        Step::Close("c", _) => sheet.cells.push(std::mem::take(&mut cell)),
        Step::Close(..) => {}
    });
    sheet
}

/// One line per cell: place, value, formula, format.
pub(crate) fn dump(sheets: &[Sheet]) -> String {
    use std::fmt::Write as _;

    let mut out = String::new();
    for sheet in sheets {
        let _ = writeln!(
            out,
            "== {} | frozen above {} | filter {} | {} merged cells | {} charts",
            sheet.name,
            sheet.frozen.as_deref().unwrap_or("-"),
            sheet.filter.as_deref().unwrap_or("-"),
            sheet.merged,
            sheet.charts
        );
        for cell in &sheet.cells {
            let value = if cell.is_text { format!("{:?}", cell.value) } else { cell.value.clone() };
            let formula = cell.formula.as_ref().map(|formula| format!("  ={formula}")).unwrap_or_default();
            let format = if cell.format == "General" { String::new() } else { format!("  [{}]", cell.format) };
            let _ = writeln!(out, "{:<5} {value}{format}{formula}", cell.at);
        }
        out.push('\n');
    }
    out
}

/// The workbook with a wrong value stored beside every formula: a program that shows the right one has calculated it.
pub(crate) fn spoiled(workbook: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook is a zip");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("an entry");
        let name = file.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("the entry");
        if name.starts_with("xl/worksheets/sheet") {
            let xml = String::from_utf8(bytes).expect("XML");
            let mut parts = xml.split("</f><v>");
            let mut spoiled = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let (_, rest) = part.split_once("</v>").expect("a value's end");
                spoiled.push_str("</f><v>-777</v>");
                spoiled.push_str(rest);
            }
            bytes = spoiled.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        out.write_all(&bytes).expect("written");
    }
    out.finish().expect("a workbook").into_inner()
}
