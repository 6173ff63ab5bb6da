//! Delimited text (CSV, TSV), record by record in bounded memory, each with its physical line.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::container::Bytes;
use super::encoding::{Decoder, Encoding};
use super::error::{Cut, FileError};
use super::row::{Cells, Flow, Row, Visit};

/// A record longer than this is a quote that was never closed.
const RECORD_LIMIT: usize = 4 << 20;
/// As many columns as Excel has.
const CELL_LIMIT: usize = 16_384;

/// Put behind the last byte. The parser accepts an open quote at the end of a file silently; when this mark comes out inside another
/// record, the file was cut.
const END_MARK: &[u8] = b"\n\x01\x02end of file\x02\x01\n";
const END_CELL: &str = "\x01\x02end of file\x02\x01";

/// How the cells of a text file are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub delimiter: u8,
    /// Naver's large reports have no quotes; a name may begin with one.
    pub quoted: bool,
}

/// Visits every record. Lines without a character between records are reported as empty rows.
///
/// # Errors
/// Those of the decoder and the visitor; [`FileError::Truncated`] for a quote that is never closed.
pub(crate) fn scan<R: Bytes>(file: &mut R, encoding: Encoding, dialect: Dialect, visit: &mut Visit<'_>) -> Result<(), FileError> {
    let mut decoder = Decoder::new(file, encoding)?;
    let mut records = Records::new(dialect);
    loop {
        let piece = decoder.next_piece()?;
        if piece.is_empty() {
            break;
        }
        if records.feed(piece, false, visit)? == Flow::Stop {
            return Ok(());
        }
    }
    records.feed(END_MARK, true, visit)?;
    Ok(())
}

struct Records {
    parser: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    text_len: usize,
    ends_len: usize,
    /// Line of the next unread byte.
    line: u64,
    /// Line on which the record being read starts.
    start: u64,
    in_record: bool,
    /// The last byte ended a record with `\r`: a `\n` that follows belongs to it.
    after_return: bool,
    /// Blank lines since the last record, reported only when another record follows.
    blank_from: u64,
    any_record: bool,
}

impl Records {
    fn new(dialect: Dialect) -> Self {
        Self {
            parser: ReaderBuilder::new().delimiter(dialect.delimiter).quoting(dialect.quoted).build(),
            text: vec![0; 16 << 10],
            ends: vec![0; 256],
            text_len: 0,
            ends_len: 0,
            line: 1,
            start: 1,
            in_record: false,
            after_return: false,
            blank_from: 1,
            any_record: false,
        }
    }

    fn feed(&mut self, mut input: &[u8], is_end_mark: bool, visit: &mut Visit<'_>) -> Result<Flow, FileError> {
        let cut_by_mark = is_end_mark && self.in_record;
        loop {
            if !self.in_record {
                input = self.skip_line_ends(input);
                if input.is_empty() {
                    return Ok(Flow::Continue);
                }
                self.start = self.line;
                self.in_record = true;
            }
            if input.is_empty() {
                return Ok(Flow::Continue);
            }
            let (result, read, wrote, ended) =
                self.parser.read_record(input, &mut self.text[self.text_len..], &mut self.ends[self.ends_len..]);
            let consumed = &input[..read];
            self.line += u64::try_from(consumed.iter().filter(|b| **b == b'\n').count()).unwrap_or(0);
            self.text_len += wrote;
            self.ends_len += ended;
            let last_byte = consumed.last().copied();
            input = &input[read..];
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    if self.text.len() >= RECORD_LIMIT {
                        let why = if self.spans_lines() { Cut::OpenQuote } else { Cut::LongLine };
                        return Err(FileError::Truncated { line: self.start, why });
                    }
                    self.text.resize(self.text.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    if self.ends.len() >= CELL_LIMIT {
                        return Err(FileError::TooManyColumns { line: self.start, limit: CELL_LIMIT });
                    }
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::Record => {
                    if last_byte == Some(b'\r') {
                        self.line += 1;
                        self.after_return = true;
                    }
                    self.in_record = false;
                    // The record that the mark's own line end closes had none of its own.
                    let unterminated = cut_by_mark && self.start < self.line && !input.is_empty();
                    if self.emit(is_end_mark && input.is_empty(), unterminated, visit)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                    self.text_len = 0;
                    self.ends_len = 0;
                    self.blank_from = self.line;
                }
                ReadRecordResult::End => return Ok(Flow::Continue),
            }
            if is_end_mark && input.is_empty() && self.in_record {
                return Err(FileError::Truncated { line: self.start, why: Cut::OpenQuote });
            }
        }
    }

    /// Only a quoted cell goes over the end of a line.
    fn spans_lines(&self) -> bool {
        self.line > self.start
    }

    fn skip_line_ends<'i>(&mut self, mut input: &'i [u8]) -> &'i [u8] {
        loop {
            match input {
                [b'\n', rest @ ..] => {
                    if !self.after_return {
                        self.line += 1;
                    }
                    self.after_return = false;
                    input = rest;
                }
                [b'\r', rest @ ..] => {
                    self.line += 1;
                    self.after_return = true;
                    input = rest;
                }
                [] => return input,
                _ => {
                    self.after_return = false;
                    return input;
                }
            }
        }
    }

    fn emit(&mut self, at_end: bool, unterminated: bool, visit: &mut Visit<'_>) -> Result<Flow, FileError> {
        let text = std::str::from_utf8(&self.text[..self.text_len]).map_err(|_| FileError::Undecodable { line: self.start })?;
        let ends = &self.ends[..self.ends_len];
        if at_end {
            // Alone on its line: every quote before it was closed.
            return if text == END_CELL && ends.len() == 1 {
                Ok(Flow::Stop)
            } else {
                Err(FileError::Truncated { line: self.start, why: Cut::OpenQuote })
            };
        }
        for blank in self.blank_from..self.start {
            if self.any_record && visit(&Row { line: blank, cells: Cells::Texts(&[]), unterminated: false })? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        self.any_record = true;
        visit(&Row { line: self.start, cells: Cells::Delimited { text, ends }, unterminated })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quoted: true };

    fn rows(text: &str) -> Result<Vec<(u64, Vec<String>)>, FileError> {
        let mut rows = Vec::new();
        scan(&mut Cursor::new(text.as_bytes().to_vec()), Encoding::Utf8, COMMA, &mut |row| {
            rows.push((row.line, (0..row.len()).map(|i| row.text(i).into_owned()).collect()));
            Ok(Flow::Continue)
        })?;
        Ok(rows)
    }

    fn cells(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lines_are_physical_lines() {
        let found = rows("a,b\n\"x\ny\",\"1,234\"\n\n\nc,d\r\n\r\ne,f").expect("readable");
        assert_eq!(
            found,
            vec![
                (1, cells(&["a", "b"])),
                (2, cells(&["x\ny", "1,234"])),
                (4, vec![]),
                (5, vec![]),
                (6, cells(&["c", "d"])),
                (7, vec![]),
                (8, cells(&["e", "f"])),
            ]
        );
    }

    #[test]
    fn old_mac_line_ends_count_too() {
        let found = rows("a,b\rc,d\re,f\r").expect("readable");
        assert_eq!(found.iter().map(|(l, _)| *l).collect::<Vec<_>>(), vec![1, 2, 3]);
    }

    #[test]
    fn blank_lines_at_the_end_are_nothing() {
        assert_eq!(rows("\n\na\n\n\n").expect("readable"), vec![(3, cells(&["a"]))]);
        assert_eq!(rows("").expect("readable"), vec![]);
    }

    #[test]
    fn an_open_quote_is_found_with_its_line() {
        for text in ["a,b\nc,\"d\ne,f\n", "a\n\"", "a,b\nc,\"d", "a,b\nc,\"\"\""] {
            assert!(matches!(rows(text), Err(FileError::Truncated { line: 2, why: Cut::OpenQuote })), "{text:?}: {:?}", rows(text));
        }
        assert!(rows("a,\"b\"").is_ok());
    }

    #[test]
    fn only_a_last_line_without_end_is_unterminated() {
        let flags = |text: &str| {
            let mut flags = Vec::new();
            scan(&mut Cursor::new(text.as_bytes().to_vec()), Encoding::Utf8, COMMA, &mut |row| {
                flags.push(row.unterminated);
                Ok(Flow::Continue)
            })
            .expect("readable");
            flags
        };
        assert_eq!(flags("a\nb"), vec![false, true]);
        assert_eq!(flags("a\nb\n"), vec![false, false]);
        assert_eq!(flags("a\r\nb\r\n"), vec![false, false]);
        assert_eq!(flags("a"), vec![true]);
    }

    #[test]
    fn a_quote_that_swallows_the_file_stops_early() {
        let text = format!("a,b\n\"{}", "x,y\n".repeat(3 << 20));
        assert!(matches!(rows(&text), Err(FileError::Truncated { line: 2, .. })));
    }

    proptest! {
        #[test]
        fn agrees_with_the_csv_crate(records in prop::collection::vec(prop::collection::vec("[a-z가-힣 ,\"\n\r]{0,6}", 2..5), 1..20)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for record in &records {
                writer.write_record(record).expect("memory");
            }
            let text = String::from_utf8(writer.into_inner().expect("memory")).expect("text");
            let found: Vec<_> = rows(&text).expect("readable").into_iter().map(|(_, c)| c).collect();
            prop_assert_eq!(found, records);
        }
    }
}
