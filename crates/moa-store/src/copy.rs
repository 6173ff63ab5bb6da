//! Postgres' binary COPY format, for rows of whole numbers: what the write path reads and sends.

use bytes::{BufMut, Bytes, BytesMut};

use crate::error::StoreError;

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// Stands for NULL in a row of whole numbers; no count is ever this small.
pub(crate) const NULL: i64 = i64::MIN;

/// Bytes of a column of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    /// `smallint`
    Two,
    /// `integer`, and `date` as days since 2000-01-01
    Four,
    /// `bigint`
    Eight,
}

impl Width {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Two => "smallint",
            Self::Four => "integer",
            Self::Eight => "bigint",
        }
    }
}

/// Takes the bytes of a binary COPY in any pieces and gives whole rows.
#[derive(Default)]
pub(crate) struct BinaryReader {
    /// The start of a row whose end has not come yet.
    rest: BytesMut,
    started: bool,
}

impl BinaryReader {
    /// Calls `each` for every row that is complete with `chunk`. `fields` is as long as a row.
    pub(crate) fn rows(&mut self, chunk: &Bytes, fields: &mut [i64], mut each: impl FnMut(&[i64])) -> Result<(), StoreError> {
        // The server sends a row per message, so there is nearly never a rest.
        if self.rest.is_empty() {
            let read = self.read(chunk, fields, &mut each)?;
            self.rest.extend_from_slice(&chunk[read..]);
        } else {
            let mut joined = std::mem::take(&mut self.rest);
            joined.extend_from_slice(chunk);
            let read = self.read(&joined, fields, &mut each)?;
            self.rest = joined.split_off(read);
        }
        Ok(())
    }

    /// How many bytes were read.
    fn read(&mut self, bytes: &[u8], fields: &mut [i64], each: &mut impl FnMut(&[i64])) -> Result<usize, StoreError> {
        let mut read = 0;
        if !self.started {
            if bytes.len() < 19 {
                return Ok(0);
            }
            if &bytes[..11] != SIGNATURE {
                return Err(broken("no COPY signature"));
            }
            self.started = true;
            read = 19;
        }
        while let Some(length) = row(&bytes[read..], fields)? {
            read += length;
            each(fields);
        }
        Ok(read)
    }
}

/// Reads one row and gives its length; `None` at the end, or where the row is not whole.
fn row(bytes: &[u8], fields: &mut [i64]) -> Result<Option<usize>, StoreError> {
    let Some((count, mut left)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
    let count = i16::from_be_bytes(*count);
    if count < 0 {
        return Ok(None);
    }
    if usize::try_from(count) != Ok(fields.len()) {
        return Err(broken("another number of fields"));
    }
    for field in fields {
        let Some((length, rest)) = left.split_first_chunk::<4>() else { return Ok(None) };
        (*field, left) = match i32::from_be_bytes(*length) {
            -1 => (NULL, rest),
            8 => match rest.split_first_chunk::<8>() {
                Some((value, rest)) => (i64::from_be_bytes(*value), rest),
                None => return Ok(None),
            },
            4 => match rest.split_first_chunk::<4>() {
                Some((value, rest)) => (i64::from(i32::from_be_bytes(*value)), rest),
                None => return Ok(None),
            },
            2 => match rest.split_first_chunk::<2>() {
                Some((value, rest)) => (i64::from(i16::from_be_bytes(*value)), rest),
                None => return Ok(None),
            },
            _ => return Err(broken("a field that is no whole number")),
        };
    }
    Ok(Some(bytes.len() - left.len()))
}

fn broken(what: &str) -> StoreError {
    StoreError::Refused { source: sqlx::Error::Protocol(format!("binary COPY: {what}")) }
}

/// Builds a binary COPY of rows of whole numbers and NULLs.
pub(crate) struct BinaryWriter {
    bytes: BytesMut,
}

impl BinaryWriter {
    pub(crate) fn new() -> Self {
        let mut bytes = BytesMut::with_capacity(1 << 17);
        bytes.put_slice(SIGNATURE);
        bytes.put_i32(0);
        bytes.put_i32(0);
        Self { bytes }
    }

    /// Starts a row of that many fields.
    pub(crate) fn start_row(&mut self, fields: usize) {
        self.bytes.put_i16(i16::try_from(fields).unwrap_or(i16::MAX));
    }

    /// # Errors
    /// [`StoreError::TooLarge`] for a number the column cannot hold.
    pub(crate) fn field(&mut self, value: i64, width: Width) -> Result<(), StoreError> {
        if value == NULL {
            self.bytes.put_i32(-1);
            return Ok(());
        }
        match width {
            Width::Eight => {
                self.bytes.put_i32(8);
                self.bytes.put_i64(value);
            }
            Width::Four => {
                self.bytes.put_i32(4);
                self.bytes.put_i32(i32::try_from(value).map_err(|_| StoreError::TooLarge)?);
            }
            Width::Two => {
                self.bytes.put_i32(2);
                self.bytes.put_i16(i16::try_from(value).map_err(|_| StoreError::TooLarge)?);
            }
        }
        Ok(())
    }

    /// What has been built so far, when it is worth sending.
    pub(crate) fn take_full(&mut self) -> Option<Bytes> {
        (self.bytes.len() >= 1 << 16).then(|| self.bytes.split().freeze())
    }

    pub(crate) fn finish(mut self) -> Bytes {
        self.bytes.put_i16(-1);
        self.bytes.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_in_any_pieces() {
        let rows = [[1, -5, NULL], [i64::from(i16::MAX), i64::from(i32::MIN), 7], [0, 0, i64::MAX]];
        let mut writer = BinaryWriter::new();
        for row in rows {
            writer.start_row(3);
            for (value, width) in row.into_iter().zip([Width::Two, Width::Four, Width::Eight]) {
                writer.field(value, width).expect("it fits");
            }
        }
        let bytes = writer.finish();
        for piece in [1, 7, 1000] {
            let mut reader = BinaryReader::default();
            let mut seen = Vec::new();
            for chunk in bytes.chunks(piece) {
                let mut fields = [0; 3];
                reader.rows(&Bytes::copy_from_slice(chunk), &mut fields, |row| seen.push([row[0], row[1], row[2]])).expect("well formed");
            }
            assert_eq!(seen, rows);
        }
    }

    #[test]
    fn a_number_too_large_for_its_column_is_refused() {
        let mut writer = BinaryWriter::new();
        assert!(matches!(writer.field(1 << 31, Width::Four), Err(StoreError::TooLarge)));
        assert!(matches!(writer.field(-40_000, Width::Two), Err(StoreError::TooLarge)));
    }
}
