//! What kind of file it is, by its bytes and never by its extension; size limits; the guard against zip bombs.

use std::io::{self, Read, Seek, SeekFrom};

use super::error::{FileError, Foreign};

/// Files above this are refused before anything is read.
pub(crate) const FILE_LIMIT: u64 = 1 << 30;
/// What a workbook may unpack to.
pub(crate) const INFLATED_LIMIT: u64 = 512 << 20;
/// What its texts may unpack to: they are held in memory while a sheet is read.
const SHARED_STRINGS_LIMIT: u64 = 128 << 20;
/// Sheets compress up to about 40 times; a bomb a thousand times.
const RATIO_LIMIT: u64 = 200;
/// Below this size the ratio does not matter.
const RATIO_FLOOR: u64 = 32 << 20;
/// Old workbooks are read into memory as a whole.
pub(crate) const OLD_WORKBOOK_LIMIT: u64 = 128 << 20;
/// As are tables in HTML.
pub(crate) const HTML_LIMIT: u64 = 64 << 20;

/// Anything a report can be read from.
pub(crate) trait Bytes: Read + Seek {}
impl<T: Read + Seek> Bytes for T {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Xlsx,
    Xls,
    Html,
    Text,
}

const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// # Errors
/// [`FileError::Empty`], [`FileError::TooLarge`] and [`FileError::Binary`].
pub(crate) fn detect<R: Bytes>(file: &mut R) -> Result<Container, FileError> {
    let size = file.seek(SeekFrom::End(0))?;
    if size == 0 {
        return Err(FileError::Empty);
    }
    if size > FILE_LIMIT {
        return Err(FileError::TooLarge { limit: FILE_LIMIT });
    }
    let head = head(file, 8192)?;
    if head.starts_with(b"PK\x03\x04") {
        return Ok(Container::Xlsx);
    }
    if head.starts_with(&OLE) {
        return if size > OLD_WORKBOOK_LIMIT { Err(FileError::TooLarge { limit: OLD_WORKBOOK_LIMIT }) } else { Ok(Container::Xls) };
    }
    for (magic, what) in MAGICS {
        if head.starts_with(magic) {
            return Err(FileError::Binary { what: *what });
        }
    }
    if is_html(&head) {
        return if size > HTML_LIMIT { Err(FileError::TooLarge { limit: HTML_LIMIT }) } else { Ok(Container::Html) };
    }
    Ok(Container::Text)
}

const MAGICS: &[(&[u8], Foreign)] = &[
    (b"%PDF", Foreign::Pdf),
    (b"\x89PNG", Foreign::Picture),
    (b"\xFF\xD8\xFF", Foreign::Picture),
    (b"GIF8", Foreign::Picture),
    (b"PK\x05\x06", Foreign::Archive),
    (b"\x1F\x8B", Foreign::Archive),
    (b"7z\xBC\xAF\x27\x1C", Foreign::Archive),
    (b"Rar!", Foreign::Archive),
    (b"\x7FELF", Foreign::Program),
    (b"MZ\x90\x00", Foreign::Program),
    (b"SQLite format 3", Foreign::Database),
    (b"{\\rtf", Foreign::Document),
];

/// Reads up to `count` bytes from the start and rewinds.
pub(crate) fn head<R: Bytes>(file: &mut R, count: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.by_ref().take(count).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(head)
}

fn is_html(head: &[u8]) -> bool {
    // UTF-16 has a zero beside every ASCII letter.
    let letters: Vec<u8> = head.iter().copied().filter(|b| *b != 0).map(|b| b.to_ascii_lowercase()).collect();
    let start = letters.iter().position(u8::is_ascii_graphic).unwrap_or(letters.len());
    letters[start..].starts_with(b"<") && [&b"<table"[..], b"<html", b"<!doctype html"].iter().any(|mark| contains(&letters, mark))
}

pub(crate) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

/// Refuses a workbook that would unpack to too much, by what it declares and by what really comes out of it.
///
/// # Errors
/// [`FileError::ZipBomb`], or [`FileError::BrokenWorkbook`] for an archive that cannot be unpacked.
pub(crate) fn guard_zip<R: Bytes>(file: &mut R) -> Result<(), FileError> {
    file.seek(SeekFrom::Start(0))?;
    let packed = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let broken = |e: &dyn std::fmt::Display| FileError::BrokenWorkbook { reason: format!("the archive is damaged or cut off ({e})") };
    let mut archive = zip::ZipArchive::new(&mut *file).map_err(|e| broken(&e))?;
    let bomb = FileError::ZipBomb { limit: INFLATED_LIMIT };
    if archive.len() > 10_000 || archive.decompressed_size().is_some_and(|n| n > u128::from(INFLATED_LIMIT)) {
        return Err(bomb);
    }
    let limit = INFLATED_LIMIT.min(RATIO_FLOOR.max(packed.saturating_mul(RATIO_LIMIT)));
    let mut inflated = 0u64;
    let mut is_workbook = false;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|e| match e {
            zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => FileError::Protected,
            other => broken(&other),
        })?;
        let name = entry.name().map(|n| n.to_ascii_lowercase()).unwrap_or_default();
        is_workbook |= name.starts_with("xl/") || name == "[content_types].xml";
        let is_strings = name.ends_with("sharedstrings.xml");
        let left = if is_strings { SHARED_STRINGS_LIMIT.min(limit - inflated) } else { limit - inflated };
        let mut entry = entry.take(left + 1);
        let mut start = Vec::new();
        let mut size = io::copy(&mut entry.by_ref().take(4096), &mut start).map_err(|e| broken(&e))?;
        size += io::copy(&mut entry, &mut io::sink()).map_err(|e| broken(&e))?;
        // Memory is reserved for as many texts as the workbook says it has.
        if size > left || (is_strings && declared_count(&start) > SHARED_STRINGS_LIMIT / 16) {
            return Err(bomb);
        }
        inflated += size;
    }
    if !is_workbook {
        return Err(FileError::Binary { what: Foreign::Archive });
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(())
}

/// The `uniqueCount` of a list of texts.
fn declared_count(xml: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(xml);
    let Some(at) = text.find("uniqueCount") else { return 0 };
    let value = text[at + "uniqueCount".len()..].trim_start_matches(['=', ' ', '"', '\'']);
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    if digits == 0 { 0 } else { value[..digits].parse().unwrap_or(u64::MAX) }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    #[test]
    fn bytes_decide_and_not_the_name() {
        let kind = |bytes: &[u8]| detect(&mut Cursor::new(bytes.to_vec()));
        assert!(matches!(kind(b"PK\x03\x04rest"), Ok(Container::Xlsx)));
        assert!(matches!(kind(b"\xEF\xBB\xBF <html><body><table>"), Ok(Container::Html)));
        assert!(matches!(kind(b"date,campaign"), Ok(Container::Text)));
        assert!(matches!(kind(b""), Err(FileError::Empty)));
        assert!(matches!(kind(b"%PDF-1.7"), Err(FileError::Binary { .. })));
    }

    fn archive(entries: &[(&str, usize)]) -> Cursor<Vec<u8>> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let zeros = vec![b' '; 1 << 20];
        for (name, mebibytes) in entries {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
            for _ in 0..*mebibytes {
                writer.write_all(&zeros).expect("bytes");
            }
        }
        writer.finish().expect("an archive")
    }

    /// Writes a size into every header of the archive: at offset 24 of the central one and 22 of the local one.
    fn declare(bytes: &mut [u8], size: u32) {
        for (magic, offset) in [(b"PK\x01\x02", 24), (b"PK\x03\x04", 22)] {
            let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, w)| w == magic).map(|(i, _)| i).collect();
            for place in places {
                bytes[place + offset..place + offset + 4].copy_from_slice(&size.to_le_bytes());
            }
        }
    }

    #[test]
    fn a_bomb_is_refused_by_its_ratio() {
        let mut dense = archive(&[("[Content_Types].xml", 0), ("xl/worksheets/sheet1.xml", 40)]);
        assert!(matches!(guard_zip(&mut dense), Err(FileError::ZipBomb { .. })));
        let mut small = archive(&[("[Content_Types].xml", 0), ("xl/worksheets/sheet1.xml", 4)]);
        assert!(guard_zip(&mut small).is_ok());
    }

    #[test]
    fn a_declared_size_is_enough_to_refuse_and_a_lie_does_not_help() {
        let mut bytes = archive(&[("[Content_Types].xml", 0), ("xl/worksheets/sheet1.xml", 1)]).into_inner();
        declare(&mut bytes, 0x4000_0000);
        assert!(matches!(guard_zip(&mut Cursor::new(bytes)), Err(FileError::ZipBomb { .. })));
        let mut bytes = archive(&[("[Content_Types].xml", 0), ("xl/worksheets/sheet1.xml", 40)]).into_inner();
        declare(&mut bytes, 1000);
        assert!(guard_zip(&mut Cursor::new(bytes)).is_err());
    }

    #[test]
    fn memory_is_not_reserved_for_texts_that_are_not_there() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [("[Content_Types].xml", ""), ("xl/sharedStrings.xml", "<sst count=\"1\" uniqueCount=\"99999999999\"></sst>")] {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
            writer.write_all(text.as_bytes()).expect("bytes");
        }
        assert!(matches!(guard_zip(&mut writer.finish().expect("an archive")), Err(FileError::ZipBomb { .. })));
    }

    #[test]
    fn other_archives_are_named() {
        assert!(matches!(guard_zip(&mut archive(&[("report.csv", 1)])), Err(FileError::Binary { .. })));
        let mut cut = archive(&[("xl/workbook.xml", 1)]).into_inner();
        cut.truncate(cut.len() / 2);
        assert!(matches!(guard_zip(&mut Cursor::new(cut)), Err(FileError::BrokenWorkbook { .. })));
    }
}
