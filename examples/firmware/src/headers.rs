//! The headers of a record, as in a batch of Kafka.

use crate::hop::Answer;
use core::fmt;
use tracebaton::{CarrierFull, Header, RawHeaders, RawHeadersError};

/// Maximum count of headers in a record, with the added ones.
pub const MOST_HEADERS: usize = 16;

/// The headers of one record.
pub(crate) type Record<'a> = heapless::Vec<Header<'a>, MOST_HEADERS>;

/// Why a record cannot be continued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// The bytes are no header block.
    Malformed(RawHeadersError),
    /// There are more than [`MOST_HEADERS`].
    TooMany,
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "record {} at {}", error.rule.name(), error.offset),
            Self::TooMany => f.write_str("record with too many headers"),
        }
    }
}

/// Reads the headers of a record, which borrow the bytes.
pub(crate) fn read(block: &[u8]) -> Result<Record<'_>, RecordError> {
    let mut record = Record::new();
    for header in RawHeaders::new(block).map_err(RecordError::Malformed)? {
        record.push(header).map_err(|_| RecordError::TooMany)?;
    }
    Ok(record)
}

/// Appends the headers of a record.
pub(crate) fn write(record: &Record<'_>, answer: &mut Answer) -> Result<(), CarrierFull> {
    let start = answer.len();
    answer.resize_default(answer.capacity()).map_err(|_| CarrierFull)?;
    let room = answer.get_mut(start..).unwrap_or_default();
    let length = RawHeaders::write(record.iter().copied(), room)?.len();
    answer.truncate(start + length);
    Ok(())
}
