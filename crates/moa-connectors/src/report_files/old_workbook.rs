//! A look at an old workbook (BIFF in an OLE container) before it is parsed: the parser reserves what the file declares, and a sheet is held
//! as a full rectangle, so two cells in opposite corners would cost gigabytes.

use std::io::{Read, SeekFrom};

use super::container::{Bytes, OLD_WORKBOOK_LIMIT};
use super::error::{FileError, Foreign};

/// Cells of all sheets together, counted as rectangles: 65,536 rows of 100 columns.
const CELL_LIMIT: u64 = 65_536 * 100;
const CELL_BYTES: u64 = 32;

const DIMENSIONS: u16 = 0x0200;
const BOF: u16 = 0x0809;
const END: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const SHEET_LIMIT: usize = 256;
const MULTIPLE_NUMBERS: u16 = 0x00BD;
/// Number, label, rich label, boolean, RK number, shared text, formula: each starts with row and column.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];

/// # Errors
/// [`FileError::Protected`], [`FileError::ZipBomb`] for a sheet too large to hold, [`FileError::BrokenWorkbook`].
pub(crate) fn guard<R: Bytes>(file: &mut R) -> Result<(), FileError> {
    let broken = |e: std::io::Error| FileError::BrokenWorkbook { reason: format!("the container is damaged or cut off ({e})") };
    file.seek(SeekFrom::Start(0))?;
    let mut container = cfb::CompoundFile::open(&mut *file).map_err(broken)?;
    if container.exists("/EncryptedPackage") {
        return Err(FileError::Protected);
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.exists(name));
    let Some(name) = name else {
        return Err(FileError::Binary { what: Foreign::Document });
    };
    let mut bytes = Vec::new();
    container.open_stream(name).map_err(broken)?.take(OLD_WORKBOOK_LIMIT).read_to_end(&mut bytes).map_err(broken)?;
    drop(container);
    if rectangles(&bytes) > CELL_LIMIT {
        return Err(FileError::ZipBomb { limit: CELL_LIMIT * CELL_BYTES });
    }
    Ok(())
}

/// Cells the sheets would take, by what they declare and by what stands in them; each sheet is read from where the workbook says it
/// starts, as the parser does.
fn rectangles(stream: &[u8]) -> u64 {
    let mut starts = Vec::new();
    for (kind, data) in records(stream) {
        match kind {
            BOUND_SHEET => starts.push(usize::try_from(u32_at(data, 0)).unwrap_or(usize::MAX)),
            END => break,
            _ => {}
        }
    }
    if starts.len() > SHEET_LIMIT {
        return u64::MAX;
    }
    let mut total = 0u64;
    for start in starts {
        total = total.saturating_add(stream.get(start..).map_or(0, sheet_cells));
        if total > CELL_LIMIT {
            break;
        }
    }
    total
}

fn sheet_cells(sheet: &[u8]) -> u64 {
    let mut extent = Extent::default();
    let (mut depth, mut seen_start) = (0u64, false);
    for (kind, data) in records(sheet) {
        match kind {
            BOF if seen_start => depth += 1,
            BOF => seen_start = true,
            END if depth == 0 => break,
            END => depth -= 1,
            _ if depth > 0 => {}
            DIMENSIONS => extent.declare(data),
            MULTIPLE_NUMBERS if data.len() >= 6 => extent.cover(u64::from(u16_at(data, 0)), u64::from(u16_at(data, data.len() - 2))),
            kind if CELLS.contains(&kind) && data.len() >= 4 => extent.cover(u64::from(u16_at(data, 0)), u64::from(u16_at(data, 2))),
            _ => {}
        }
    }
    extent.cells()
}

fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(4)?;
        let length = usize::from(u16_at(head, 2));
        let (data, next) = after.split_at_checked(length)?;
        rest = next;
        Some((u16_at(head, 0), data))
    })
}

#[derive(Default)]
struct Extent {
    rows: u64,
    columns: u64,
    declared: u64,
}

impl Extent {
    fn cover(&mut self, row: u64, column: u64) {
        self.rows = self.rows.max(row + 1);
        self.columns = self.columns.max(column + 1);
    }

    fn declare(&mut self, data: &[u8]) {
        let (rows, columns) = match data.len() {
            10.. if data.len() < 14 => {
                (span(u64::from(u16_at(data, 0)), u64::from(u16_at(data, 2))), span(u64::from(u16_at(data, 4)), u64::from(u16_at(data, 6))))
            }
            14.. => (
                span(u64::from(u32_at(data, 0)), u64::from(u32_at(data, 4))),
                span(u64::from(u16_at(data, 8)), u64::from(u16_at(data, 10))),
            ),
            _ => (0, 0),
        };
        self.declared = self.declared.saturating_add(rows.saturating_mul(columns));
    }

    fn cells(&self) -> u64 {
        self.rows.saturating_mul(self.columns).max(self.declared)
    }
}

/// A range that runs backwards would wrap around in the parser.
fn span(first: u64, after: u64) -> u64 {
    if first > after { u64::from(u32::MAX) } else { after - first }
}

fn u16_at(data: &[u8], at: usize) -> u16 {
    match data.get(at..at + 2) {
        Some(&[low, high]) => u16::from_le_bytes([low, high]),
        _ => 0,
    }
}

fn u32_at(data: &[u8], at: usize) -> u32 {
    u32::from(u16_at(data, at)) | (u32::from(u16_at(data, at + 2)) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).expect("a short record");
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    #[test]
    fn two_corners_are_a_whole_rectangle() {
        let cell = |row: u16, column: u16| record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat());
        let sheet = [record(BOF, &[0; 16]), cell(0, 0), cell(999, 9), record(END, &[])].concat();
        assert_eq!(sheet_cells(&sheet), 10_000);
        // Two sheets that share one place in the stream are held twice.
        let bound = |start: u32| record(BOUND_SHEET, &[&start.to_le_bytes()[..], &[0; 6]].concat());
        let start = 20 + 14 + 14 + 4;
        let stream = [record(BOF, &[0; 16]), bound(start), bound(start), record(END, &[]), sheet].concat();
        assert_eq!(rectangles(&stream), 20_000);
    }

    #[test]
    fn a_declared_size_counts_as_well() {
        let mut data = [0u8; 14];
        data[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        data[10..12].copy_from_slice(&255u16.to_le_bytes());
        assert_eq!(sheet_cells(&record(DIMENSIONS, &data)), u64::from(u32::MAX) * 255);
    }
}
