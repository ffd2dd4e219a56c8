//! One record: its headers as bytes, its position, and the place of its payload.

use std::ops::Range;
use tracebaton::Header;

/// One record. Its headers share one buffer, which the next record uses again.
#[derive(Default)]
pub struct Record {
    bytes: Vec<u8>,
    headers: Vec<Span>,
    /// Topic, partition and offset.
    pub origin: Origin,
    /// Place of the payload in the text of the input, if the input has one.
    pub payload: Option<Range<usize>>,
    /// Names of the members of an input without a member for headers, unless the tool is known to omit it.
    pub members: Option<String>,
}

/// Place of a header in the bytes of its record: its name, directly followed by its value.
struct Span {
    start: usize,
    name_end: usize,
    /// `None` is null.
    value_end: Option<usize>,
}

/// Position of a record, as far as the input has it.
#[derive(Default)]
pub struct Origin {
    /// Topic of the record.
    pub topic: Option<String>,
    /// Partition of the record.
    pub partition: Option<i64>,
    /// Offset in the partition.
    pub offset: Option<i64>,
}

impl Record {
    /// The headers, in their order.
    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> + Clone {
        self.headers.iter().map(|header| self.of(header))
    }

    /// The header with this index.
    pub fn header(&self, index: usize) -> Option<Header<'_>> {
        self.headers.get(index).map(|header| self.of(header))
    }

    fn of(&self, header: &Span) -> Header<'_> {
        Header {
            name: &self.bytes[header.start..header.name_end],
            value: header.value_end.map(|end| &self.bytes[header.name_end..end]),
        }
    }

    /// Number of headers.
    pub fn count(&self) -> usize {
        self.headers.len()
    }

    /// Clears the record but keeps its buffer.
    pub fn clear(&mut self) {
        self.clear_headers();
        self.origin = Origin::default();
        (self.payload, self.members) = (None, None);
    }

    /// Removes the headers.
    pub fn clear_headers(&mut self) {
        self.bytes.clear();
        self.headers.clear();
    }

    /// Adds a header.
    pub fn add(&mut self, name: &[u8], value: Option<&[u8]>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(name);
        let name_end = self.bytes.len();
        self.bytes.extend_from_slice(value.unwrap_or_default());
        self.headers.push(Span { start, name_end, value_end: value.map(|_| self.bytes.len()) });
    }

    /// Replaces every header by the result of `change`.
    pub fn replace_headers(&mut self, change: impl Fn(Header<'_>) -> (Vec<u8>, Option<Vec<u8>>)) {
        let changed: Vec<_> = self.headers().map(change).collect();
        self.clear_headers();
        changed.iter().for_each(|(name, value)| self.add(name, value.as_deref()));
    }
}
