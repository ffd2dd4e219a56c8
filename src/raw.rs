//! Reads and writes record headers as the bytes of a batch, where there is no client (F15).

use crate::carrier::CarrierFull;
use crate::error::Violation;
use crate::header::Header;
use crate::slice_writer::{Full, SliceWriter};

/// Cursor over the header block of one record in a batch of version 2 (Kafka's message format, KIP-82).
///
/// It is for proxies, brokers and firmware that have the bytes of a batch and no client. The block of a record begins
/// directly after the record's value, with the number of headers, and ends with the record. Iterating cannot fail: if
/// the block breaks a rule, [`new`](Self::new) refuses the whole block.
///
/// ```
/// use tracebaton::{RawHeaders, extract};
///
/// let block = b"\x04\x12schema-id\x01\x0ebaggage\x10tenant=7"; // a count of 2; lengths are doubled, and 1 is null
/// let headers = RawHeaders::new(block)?;
/// assert_eq!(headers.len(), 2);
/// assert_eq!(extract(headers).context().baggage.as_bytes(), b"tenant=7");
/// # Ok::<(), tracebaton::RawHeadersError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RawHeaders<'a> {
    /// Bytes of the headers that are not yet yielded.
    rest: &'a [u8],
    count: usize,
}

/// Why a block of headers was refused: the broken rule, and its offset in the block.
pub type RawHeadersError = Violation<RawHeadersRule>;

/// Rule that a block of headers can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RawHeadersRule {
    /// `too_short`: the block ends inside a number, a name or a value.
    TooShort,
    /// `number`: a number has more than five bytes or more than 32 bits.
    Number,
    /// `count`: the number of headers is negative, or greater than the block can contain.
    Count,
    /// `name_length`: the length of a name is negative.
    NameLength,
    /// `value_length`: the length of a value is negative and not -1, which means null.
    ValueLength,
    /// `trailing`: there are bytes after the last header.
    Trailing,
}

impl RawHeadersRule {
    /// Every rule.
    ///
    /// ```
    /// for rule in tracebaton::RawHeadersRule::ALL {
    ///     println!("{}: {rule}", rule.name());
    /// }
    /// ```
    pub const ALL: &'static [Self] =
        &[Self::TooShort, Self::Number, Self::Count, Self::NameLength, Self::ValueLength, Self::Trailing];

    /// Name of the rule, the same in every language and tool: lower-case words joined by `_`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::Number => "number",
            Self::Count => "count",
            Self::NameLength => "name_length",
            Self::ValueLength => "value_length",
            Self::Trailing => "trailing",
        }
    }

    /// English sentence that says what is wrong; [`Display`](core::fmt::Display) writes the same.
    pub const fn message(self) -> &'static str {
        match self {
            Self::TooShort => "the header block ends inside a number, a name or a value",
            Self::Number => "a number in the header block has more than five bytes or than 32 bits",
            Self::Count => "the count of the header block is negative or more than its bytes can hold",
            Self::NameLength => "the length of a name in the header block is negative",
            Self::ValueLength => "the length of a value in the header block is negative and not -1",
            Self::Trailing => "the header block continues after its last header",
        }
    }
}

impl core::fmt::Display for RawHeadersRule {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.message())
    }
}

/// Smallest length of a header: one byte each for the length of its name and of its value.
const SHORTEST_HEADER: usize = 2;

impl<'a> RawHeaders<'a> {
    /// Checks the whole block and returns a cursor over its headers.
    ///
    /// The time grows with the number of headers, which the length of the block limits.
    pub fn new(block: &'a [u8]) -> Result<Self, RawHeadersError> {
        let fault = |(rule, left): Fault| Violation::new(rule, block.len().saturating_sub(left));
        let (count, rest) = number(block).map_err(fault)?;
        let most = rest.len() / SHORTEST_HEADER;
        let count = usize::try_from(count).ok().filter(|count| *count <= most);
        let count = count.ok_or(Violation::new(RawHeadersRule::Count, 0))?;
        let mut left = rest;
        for _ in 0..count {
            let (_, after) = header(left).map_err(fault)?;
            left = after;
        }
        if left.is_empty() {
            Ok(Self { rest, count })
        } else {
            Err(fault((RawHeadersRule::Trailing, left.len())))
        }
    }

    /// Returns a cursor that continues another one, from its [`rest`](Self::rest) and its length.
    ///
    /// For a caller that cannot keep the cursor itself, such as one in C. The cursor ends at the first invalid header.
    pub const fn resume(rest: &'a [u8], count: usize) -> Self {
        Self { rest, count }
    }

    /// Writes headers as a block: their number, then the length and the bytes of each name and value.
    ///
    /// Returns the block, which is the beginning of the buffer. A buffer of five bytes, and for each header ten more than
    /// its name and its value have, is always large enough. Lengths of up to 63 bytes take one byte each instead of five.
    /// Returns [`CarrierFull`] if the buffer is too small.
    ///
    /// ```
    /// use tracebaton::{Header, RawHeaders};
    ///
    /// let mut buffer = [0; 64];
    /// let headers = [Header { name: b"schema-id", value: None }, Header::new("baggage", "tenant=7")];
    /// let block = RawHeaders::write(headers, &mut buffer)?;
    /// assert_eq!(block, b"\x04\x12schema-id\x01\x0ebaggage\x10tenant=7");
    /// # Ok::<(), tracebaton::CarrierFull>(())
    /// ```
    pub fn write<'b, 'h>(
        headers: impl IntoIterator<Item = Header<'h>, IntoIter: Clone>,
        buffer: &'b mut [u8],
    ) -> Result<&'b [u8], CarrierFull> {
        let headers = headers.into_iter();
        let mut writer = SliceWriter::new(buffer);
        let count = headers.clone().fold(0_usize, |count, _| count.saturating_add(1));
        write_number(count, &mut writer)
            .and_then(|()| {
                headers.into_iter().try_for_each(|Header { name, value }| {
                    write_number(name.len(), &mut writer)?;
                    writer.push(name)?;
                    let Some(value) = value else { return writer.push(NULL) };
                    write_number(value.len(), &mut writer)?;
                    writer.push(value)
                })
            })
            .map_err(|Full| CarrierFull)?;
        Ok(writer.finish())
    }

    /// Bytes of the headers that are not read yet.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for RawHeaders<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Header<'a>> {
        self.count = self.count.checked_sub(1)?;
        header(self.rest).ok().map(|(header, rest)| {
            self.rest = rest;
            header
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.count, Some(self.count))
    }
}

impl ExactSizeIterator for RawHeaders<'_> {}

/// The length -1 of a null value.
const NULL: &[u8] = &[1];

/// Writes a number of 31 bits as a zigzag varint; a greater one does not fit.
fn write_number(number: usize, writer: &mut SliceWriter<'_>) -> Result<(), Full> {
    let mut rest = u32::try_from(number).ok().filter(|number| *number >> 31 == 0).ok_or(Full)? << 1;
    while rest >= 0x80 {
        writer.push(&[rest as u8 | 0x80])?;
        rest >>= 7;
    }
    writer.push(&[rest as u8])
}

/// A broken rule, and its distance from the end of the block in bytes. The distance is 0 if the block ends too early.
type Fault = (RawHeadersRule, usize);

/// Reads the first header. Returns it and the bytes after it.
fn header(bytes: &[u8]) -> Result<(Header<'_>, &[u8]), Fault> {
    let at = |bytes: &[u8], rule| (rule, bytes.len());
    let (length, rest) = number(bytes)?;
    let length = usize::try_from(length).map_err(|_| at(bytes, RawHeadersRule::NameLength))?;
    let (name, bytes) = rest.split_at_checked(length).ok_or((RawHeadersRule::TooShort, 0))?;
    let (length, rest) = number(bytes)?;
    if length == -1 {
        return Ok((Header { name, value: None }, rest));
    }
    let length = usize::try_from(length).map_err(|_| at(bytes, RawHeadersRule::ValueLength))?;
    let (value, rest) = rest.split_at_checked(length).ok_or((RawHeadersRule::TooShort, 0))?;
    Ok((Header { name, value: Some(value) }, rest))
}

/// Reads a zigzag varint of 32 bits: seven bits a byte, lowest first, the sign in the lowest bit. Returns it and the
/// bytes after it.
fn number(bytes: &[u8]) -> Result<(i32, &[u8]), Fault> {
    let (mut bits, mut rest) = (0_u64, bytes);
    for shift in [0, 7, 14, 21, 28] {
        let Some((byte, after)) = rest.split_first() else { return Err((RawHeadersRule::TooShort, 0)) };
        bits |= u64::from(byte & 0x7f) << shift;
        rest = after;
        if *byte < 0x80 {
            let bits = u32::try_from(bits).map_err(|_| (RawHeadersRule::Number, bytes.len()))?;
            return Ok(((bits >> 1) as i32 ^ -((bits & 1) as i32), rest));
        }
    }
    Err((RawHeadersRule::Number, bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 63, 64, 8191, 8192] {
            let bytes = Vec::from_iter((0..length).map(|place| place as u8));
            for count in [0, 1, 2, 63, 64] {
                let header = |place| Header { name: &bytes, value: (place != 1).then_some(&*bytes) };
                let headers = Vec::from_iter((0..count).map(header));
                let mut buffer = std::vec![0; 3 + count * (2 * length + 6)];
                let block = RawHeaders::write(headers.iter().copied(), &mut buffer).unwrap().to_vec();
                assert!(RawHeaders::new(&block).unwrap().eq(headers.iter().copied()));
                // Every shorter buffer, or the longest of many.
                let first = if block.len() < 300 { 0 } else { block.len() - 1 };
                for size in first..block.len() {
                    let written = RawHeaders::write(headers.iter().copied(), &mut buffer[..size]);
                    assert_eq!(written, Err(CarrierFull));
                }
            }
        }
    }
}
