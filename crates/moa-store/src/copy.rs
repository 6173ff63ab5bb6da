//! Postgres' binary COPY format, for rows of whole numbers: what the write path reads and sends.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::error::StoreError;

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// Stands for NULL in a row of whole numbers; no count is ever this small.
pub(crate) const NULL: i64 = i64::MIN;

/// Collects the bytes of a binary COPY and gives whole rows of `bigint` fields back.
#[derive(Default)]
pub(crate) struct BinaryReader {
    bytes: BytesMut,
    started: bool,
}

impl BinaryReader {
    pub(crate) fn push(&mut self, chunk: &Bytes) {
        self.bytes.extend_from_slice(chunk);
    }

    /// The next row into `fields`; `false` when more bytes are needed or all rows were read.
    pub(crate) fn next_row(&mut self, fields: &mut [i64]) -> Result<bool, StoreError> {
        if !self.started {
            if self.bytes.len() < 19 {
                return Ok(false);
            }
            if &self.bytes[..11] != SIGNATURE {
                return Err(broken("no COPY signature"));
            }
            self.bytes.advance(19);
            self.started = true;
        }
        if self.bytes.len() < 2 {
            return Ok(false);
        }
        let count = i16::from_be_bytes([self.bytes[0], self.bytes[1]]);
        if count < 0 {
            return Ok(false);
        }
        if usize::try_from(count) != Ok(fields.len()) {
            return Err(broken("another number of fields"));
        }
        let mut at = 2;
        for field in fields.iter_mut() {
            let Some(length) = self.bytes.get(at..at + 4) else { return Ok(false) };
            let length = i32::from_be_bytes([length[0], length[1], length[2], length[3]]);
            at += 4;
            if length == -1 {
                *field = NULL;
                continue;
            }
            if length != 8 {
                return Err(broken("a field that is no bigint"));
            }
            let Some(value) = self.bytes.get(at..at + 8) else { return Ok(false) };
            *field = i64::from_be_bytes([value[0], value[1], value[2], value[3], value[4], value[5], value[6], value[7]]);
            at += 8;
        }
        self.bytes.advance(at);
        Ok(true)
    }
}

fn broken(what: &str) -> StoreError {
    StoreError::Refused { source: sqlx::Error::Protocol(format!("binary COPY: {what}")) }
}

/// Builds a binary COPY of rows whose fields are all `bigint` or NULL.
pub(crate) struct BinaryWriter {
    bytes: BytesMut,
}

impl BinaryWriter {
    pub(crate) fn new() -> Self {
        let mut bytes = BytesMut::with_capacity(1 << 16);
        bytes.put_slice(SIGNATURE);
        bytes.put_i32(0);
        bytes.put_i32(0);
        Self { bytes }
    }

    pub(crate) fn row(&mut self, fields: impl ExactSizeIterator<Item = i64>) {
        self.bytes.put_i16(i16::try_from(fields.len()).unwrap_or(i16::MAX));
        for field in fields {
            if field == NULL {
                self.bytes.put_i32(-1);
            } else {
                self.bytes.put_i32(8);
                self.bytes.put_i64(field);
            }
        }
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
        let rows = [[1, -5, NULL], [i64::MAX, 0, 7]];
        let mut writer = BinaryWriter::new();
        for row in rows {
            writer.row(row.into_iter());
        }
        let bytes = writer.finish();
        for piece in [1, 7, 1000] {
            let mut reader = BinaryReader::default();
            let mut seen = Vec::new();
            for chunk in bytes.chunks(piece) {
                reader.push(&Bytes::copy_from_slice(chunk));
                let mut fields = [0; 3];
                while reader.next_row(&mut fields).expect("well formed") {
                    seen.push(fields);
                }
            }
            assert_eq!(seen, rows);
        }
    }
}
