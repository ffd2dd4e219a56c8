//! The headers of one record, as bytes.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tracebaton::Header;

/// The headers of one record, all in one piece of memory that the next record uses again.
#[derive(Default)]
pub struct Record {
    bytes: Vec<u8>,
    headers: Vec<Span>,
}

/// Where a header is in the bytes of its record: its name, directly followed by its value.
struct Span {
    start: usize,
    name_end: usize,
    /// None is null.
    value_end: Option<usize>,
}

/// Where the name of a header ends in the bytes of its record.
pub struct NameEnd(usize);

impl Record {
    /// Its headers, in their order.
    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> + Clone {
        self.headers.iter().map(|header| Header {
            name: &self.bytes[header.start..header.name_end],
            value: header.value_end.map(|end| &self.bytes[header.name_end..end]),
        })
    }

    /// Forgets the headers, but not their memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.headers.clear();
    }

    /// Adds bytes to the name or value that is being read.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Ends a name: all that was added since the last header.
    pub fn end_name(&self) -> NameEnd {
        NameEnd(self.bytes.len())
    }

    /// Ends a header: its value is all that was added since its name, or it is null.
    pub fn end_header(&mut self, NameEnd(name_end): NameEnd, is_null: bool) {
        let start = self.headers.last().map_or(0, |last| last.value_end.unwrap_or(last.name_end));
        self.headers.push(Span { start, name_end, value_end: (!is_null).then_some(self.bytes.len()) });
    }
}

/// Where a record comes from, as far as its line says so in the members that `kcat -J` prints.
#[derive(Default, Deserialize, Serialize)]
pub struct Origin<'a> {
    /// Its topic.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Cow<'a, str>>,
    /// Its partition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<i64>,
    /// Its offset in the partition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i64>,
}

impl<'a> Origin<'a> {
    /// Reads what it can: these members may be missing, or anything.
    pub fn read(line: &'a [u8]) -> Self {
        serde_json::from_slice(line).unwrap_or_default()
    }
}
