//! Headers of a record in Kafka's record format: their number, and for each one the length and bytes of its name and
//! of its value. The length -1 means null. Numbers are zig-zag varints.

use crate::hop::Answer;
use core::fmt;
use tracebaton::Header;

/// Maximum count of headers in a record, with the added ones.
pub const MOST_HEADERS: usize = 16;

/// The headers of one record.
pub(crate) type Record<'a> = heapless::Vec<Header<'a>, MOST_HEADERS>;

/// Why bytes are not headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// The bytes end too early.
    Truncated,
    /// There are bytes after the headers.
    Trailing,
    /// A length is negative, or a number is too large.
    Number,
    /// There are more than [`MOST_HEADERS`].
    TooMany,
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "record truncated",
            Self::Trailing => "record too long",
            Self::Number => "record with a bad number",
            Self::TooMany => "record with too many headers",
        })
    }
}

/// Reads the headers of a record, which borrow the bytes.
pub(crate) fn read(mut bytes: &[u8]) -> Result<Record<'_>, RecordError> {
    let mut record = Record::new();
    let count = length(&mut bytes)?.ok_or(RecordError::Number)?;
    for _ in 0..count {
        let name = part(&mut bytes)?.ok_or(RecordError::Number)?;
        let value = part(&mut bytes)?;
        record.push(Header { name, value }).map_err(|_| RecordError::TooMany)?;
    }
    match bytes {
        [] => Ok(record),
        _ => Err(RecordError::Trailing),
    }
}

/// Reads a length and as many bytes; `None` is null.
fn part<'a>(bytes: &mut &'a [u8]) -> Result<Option<&'a [u8]>, RecordError> {
    let Some(length) = length(bytes)? else { return Ok(None) };
    let (part, rest) = bytes.split_at_checked(length).ok_or(RecordError::Truncated)?;
    *bytes = rest;
    Ok(Some(part))
}

/// Reads a length of at most 32 bits; `None` for -1.
fn length(bytes: &mut &[u8]) -> Result<Option<usize>, RecordError> {
    let mut zigzag = 0_u64;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, rest) = bytes.split_first().ok_or(RecordError::Truncated)?;
        *bytes = rest;
        zigzag |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return match zigzag {
                1 => Ok(None),
                even if even % 2 == 0 => usize::try_from(even / 2).map(Some).map_err(|_| RecordError::Number),
                _ => Err(RecordError::Number),
            };
        }
    }
    Err(RecordError::Number)
}

/// Writes the headers of a record. Returns `None` if they do not fit.
pub(crate) fn write(record: &Record<'_>, answer: &mut Answer) -> Option<()> {
    write_length(Some(record.len()), answer)?;
    record.iter().try_for_each(|header| {
        write_part(Some(header.name), answer)?;
        write_part(header.value, answer)
    })
}

/// Writes a length and the bytes.
pub(crate) fn write_part(part: Option<&[u8]>, answer: &mut Answer) -> Option<()> {
    write_length(part.map(<[u8]>::len), answer)?;
    answer.extend_from_slice(part.unwrap_or_default()).ok()
}

fn write_length(length: Option<usize>, answer: &mut Answer) -> Option<()> {
    let mut zigzag = length.map_or(1, |length| length << 1);
    while zigzag > 0x7f {
        answer.push(zigzag as u8 | 0x80).ok()?;
        zigzag >>= 7;
    }
    answer.push(zigzag as u8).ok()
}
