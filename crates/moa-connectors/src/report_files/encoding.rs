//! Text encodings: BOM, strict UTF-8, UTF-16 without BOM, CP949, in this order; decoded piece by piece.

use std::io::{Read, SeekFrom};

use super::container::Bytes;
use super::error::{Cut, FileError, Foreign};
use super::sink::ROW_LIMIT;

/// How a text file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    /// Superset of EUC-KR: what a Korean Excel writes as CSV.
    Cp949,
}

impl Encoding {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 with BOM",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Cp949 => "CP949",
        }
    }
}

const CHUNK: usize = 256 << 10;

/// Reads the whole file once, because one CP949 letter may stand on the last line.
///
/// # Errors
/// [`FileError::Binary`] for bytes that are no text, [`FileError::Undecodable`] or [`FileError::Truncated`] for damaged UTF-8.
pub(crate) fn detect<R: Bytes>(file: &mut R) -> Result<Encoding, FileError> {
    let head = super::container::head(file, 64 << 10)?;
    let encoding = match head.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8Bom),
        [0xFF, 0xFE, ..] => return Ok(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => return Ok(Encoding::Utf16Be),
        _ => None,
    };
    // A few zeros in a text are damage, told with its line where a cell holds them.
    if head.contains(&0)
        && let Some(utf16) = utf16_without_bom(&head)
    {
        return Ok(utf16);
    }
    let controls = head.iter().filter(|b| matches!(b, 0x00..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F)).count();
    if controls * 50 > head.len() {
        return Err(FileError::Binary { what: Foreign::Bytes });
    }
    match scan_utf8(file)? {
        Utf8::Valid => Ok(encoding.unwrap_or(Encoding::Utf8)),
        Utf8::Cut { line } => Err(FileError::Truncated { line, why: Cut::HalfCharacter }),
        // Hangul in UTF-8 is three bytes of a kind that CP949 Hangul never shows: this was UTF-8 until the bad byte.
        Utf8::Invalid { line, hangul_before } if hangul_before || encoding.is_some() => Err(FileError::Undecodable { line }),
        Utf8::Invalid { .. } => Ok(Encoding::Cp949),
    }
}

fn utf16_without_bom(head: &[u8]) -> Option<Encoding> {
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = head.len() / 2;
    // Digits, commas and line ends have a zero byte; Hangul has none.
    match (even, odd) {
        (0, odd) if odd * 5 >= pairs => Some(Encoding::Utf16Le),
        (even, 0) if even * 5 >= pairs => Some(Encoding::Utf16Be),
        _ => None,
    }
}

enum Utf8 {
    Valid,
    Cut { line: u64 },
    Invalid { line: u64, hangul_before: bool },
}

fn scan_utf8<R: Bytes>(file: &mut R) -> Result<Utf8, FileError> {
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; CHUNK];
    let (mut kept, mut newlines, mut hangul) = (0, 0, false);
    loop {
        // More lines than rows may be: refused before anything is held. A header and a preamble stand above the rows.
        if newlines > ROW_LIMIT as u64 + 100 {
            return Err(FileError::TooManyRows { limit: ROW_LIMIT });
        }
        let read = file.read(&mut buffer[kept..])?;
        let filled = kept + read;
        let bytes = &buffer[..filled];
        match std::str::from_utf8(bytes) {
            Ok(_) if read == 0 => return Ok(Utf8::Valid),
            Ok(_) => {
                newlines += count_newlines(bytes);
                hangul |= has_hangul(bytes);
                kept = 0;
            }
            Err(error) => {
                let valid = error.valid_up_to();
                newlines += count_newlines(&bytes[..valid]);
                hangul |= has_hangul(&bytes[..valid]);
                if error.error_len().is_some() {
                    return Ok(Utf8::Invalid { line: newlines + 1, hangul_before: hangul });
                }
                if read == 0 {
                    // A CP949 letter may look like the start of a UTF-8 one.
                    let cut = hangul || filled - valid > 1;
                    let line = newlines + 1;
                    return Ok(if cut { Utf8::Cut { line } } else { Utf8::Invalid { line, hangul_before: false } });
                }
                buffer.copy_within(valid..filled, 0);
                kept = filled - valid;
            }
        }
    }
}

fn count_newlines(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.iter().filter(|b| **b == b'\n').count()).unwrap_or(u64::MAX)
}

fn has_hangul(bytes: &[u8]) -> bool {
    bytes.iter().any(|b| matches!(b, 0xEA..=0xED))
}

/// Gives a file's text as UTF-8 bytes, piece by piece.
pub(crate) struct Decoder<'f, R> {
    file: &'f mut R,
    decoder: Option<encoding_rs::Decoder>,
    raw: Vec<u8>,
    text: Vec<u8>,
    newlines: u64,
    finished: bool,
}

impl<'f, R: Bytes> Decoder<'f, R> {
    /// # Errors
    /// [`FileError::Io`] when the file cannot be rewound.
    pub(crate) fn new(file: &'f mut R, encoding: Encoding) -> Result<Self, FileError> {
        let (start, decoder) = match encoding {
            Encoding::Utf8 => (0, None),
            Encoding::Utf8Bom => (3, None),
            Encoding::Utf16Le => (0, Some(encoding_rs::UTF_16LE.new_decoder_with_bom_removal())),
            Encoding::Utf16Be => (0, Some(encoding_rs::UTF_16BE.new_decoder_with_bom_removal())),
            Encoding::Cp949 => (0, Some(encoding_rs::EUC_KR.new_decoder_without_bom_handling())),
        };
        file.seek(SeekFrom::Start(start))?;
        Ok(Self { file, decoder, raw: vec![0; CHUNK], text: Vec::new(), newlines: 0, finished: false })
    }

    /// Puts the next piece into the inner buffer and returns it; empty at the end.
    ///
    /// # Errors
    /// [`FileError::Undecodable`] with its line, [`FileError::Truncated`] when the last character is incomplete.
    pub(crate) fn next_piece(&mut self) -> Result<&[u8], FileError> {
        if self.finished {
            return Ok(&[]);
        }
        let read = read_full(self.file, &mut self.raw)?;
        let Some(decoder) = &mut self.decoder else {
            self.finished = read == 0;
            return Ok(&self.raw[..read]);
        };
        let last = read < self.raw.len();
        self.finished = last;
        let room = decoder.max_utf8_buffer_length_without_replacement(read).unwrap_or(read * 3 + 16);
        if self.text.len() < room {
            self.text.resize(room, 0);
        }
        let (result, _, written) = decoder.decode_to_utf8_without_replacement(&self.raw[..read], &mut self.text, last);
        self.newlines += count_newlines(&self.text[..written]);
        match result {
            encoding_rs::DecoderResult::InputEmpty => Ok(&self.text[..written]),
            encoding_rs::DecoderResult::Malformed(_, after) => {
                let line = self.newlines + 1;
                let at_end = last && after == 0 && written_all(&self.raw[..read], written, decoder.encoding());
                Err(if at_end { FileError::Truncated { line, why: Cut::HalfCharacter } } else { FileError::Undecodable { line } })
            }
            encoding_rs::DecoderResult::OutputFull => Err(FileError::Undecodable { line: self.newlines + 1 }),
        }
    }
}

/// True when only an incomplete character at the very end is left: decoding all but the last one to three bytes works.
fn written_all(raw: &[u8], written: usize, encoding: &'static encoding_rs::Encoding) -> bool {
    (1..=3.min(raw.len())).any(|cut| {
        encoding.decode_without_bom_handling_and_without_replacement(&raw[..raw.len() - cut]).is_some_and(|text| text.len() >= written)
    })
}

fn read_full<R: Read>(file: &mut R, buffer: &mut [u8]) -> Result<usize, FileError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(filled)
}

/// The whole text of a small file.
///
/// # Errors
/// As [`detect`] and [`Decoder::next_piece`].
pub(crate) fn read_all<R: Bytes>(file: &mut R) -> Result<(String, Encoding), FileError> {
    let encoding = detect(file)?;
    let mut decoder = Decoder::new(file, encoding)?;
    let mut bytes = Vec::new();
    loop {
        let piece = decoder.next_piece()?;
        if piece.is_empty() {
            break;
        }
        bytes.extend_from_slice(piece);
    }
    Ok((String::from_utf8(bytes).map_err(|_| FileError::Undecodable { line: 1 })?, encoding))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn read(bytes: &[u8]) -> Result<(String, Encoding), FileError> {
        read_all(&mut Cursor::new(bytes.to_vec()))
    }

    const TEXT: &str = "일,캠페인,노출수\n2026-09-30,여름이불_파워링크,18342\n";

    #[test]
    fn each_encoding_gives_the_same_text() {
        let cp949 = encoding_rs::EUC_KR.encode(TEXT).0.into_owned();
        let with_bom = |bom: &[u8], bytes: &[u8]| [bom, bytes].concat();
        let be: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, encoding) in [
            (TEXT.as_bytes().to_vec(), Encoding::Utf8),
            (with_bom(b"\xEF\xBB\xBF", TEXT.as_bytes()), Encoding::Utf8Bom),
            (with_bom(b"\xFF\xFE", &utf16le(TEXT)), Encoding::Utf16Le),
            (utf16le(TEXT), Encoding::Utf16Le),
            (with_bom(b"\xFE\xFF", &be), Encoding::Utf16Be),
            (be, Encoding::Utf16Be),
            (cp949, Encoding::Cp949),
        ] {
            let (text, found) = read(&bytes).expect("it is text");
            assert_eq!((text.as_str(), found), (TEXT, encoding));
        }
    }

    #[test]
    fn a_late_cp949_letter_decides() {
        let mut bytes = b"a,b,c\n".repeat(100_000);
        bytes.extend(encoding_rs::EUC_KR.encode("가,나,다\n").0.iter());
        let (text, encoding) = read(&bytes).expect("it is text");
        assert_eq!(encoding, Encoding::Cp949);
        assert!(text.ends_with("가,나,다\n"));
    }

    #[test]
    fn damage_is_told_with_its_line() {
        let mut odd = [b"\xFF\xFE".to_vec(), utf16le(TEXT)].concat();
        odd.pop();
        assert!(matches!(read(&odd), Err(FileError::Truncated { line: 2, why: Cut::HalfCharacter })));
        let mut broken = TEXT.as_bytes().to_vec();
        broken.extend(b"2026-09-30,\xFF\xFE,1\n");
        assert!(matches!(read(&broken), Err(FileError::Undecodable { line: 3 })));
        assert!(matches!(read(&TEXT.as_bytes()[..TEXT.find('불').expect("a letter") + 1]), Err(FileError::Truncated { line: 2, .. })));
        let noise: Vec<u8> = (0..4096u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap_or(0)).collect();
        assert!(matches!(read(&noise), Err(FileError::Binary { .. })));
    }
}
