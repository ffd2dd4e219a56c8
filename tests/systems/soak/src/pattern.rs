//! Headers with placeholders for the ids of a record.

use crate::payload::Payload;
use std::fmt;
use tracebaton_oracle::{Extracted, Header, Verdict};

/// The trace id that stands for the record's own one, in cases and in the vectors.
pub const TRACE_ID: &str = "0af7651916cd43dd8448eb211c80319c";
/// The span id that stands for the one of the service that sent the record.
pub const SPAN_ID: &str = "b7ad6b7169203331";
/// [`SPAN_ID`] as bytes.
pub const SPAN_ID_BYTES: [u8; 8] = 0xb7ad_6b71_6920_3331_u64.to_be_bytes();

/// The headers of a record, and the expected result of reading them.
#[derive(Debug)]
pub struct Pattern {
    /// The headers in sequence.
    pub headers: Vec<PatternHeader>,
    /// The oracle's result.
    pub reading: Reading,
}

/// One header.
#[derive(Debug)]
pub struct PatternHeader {
    /// Its name.
    pub name: Vec<u8>,
    value: Option<Vec<u8>>,
    trace_id_at: Option<usize>,
    span_id_at: Option<usize>,
}

/// The verdict on one of the three headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is no such header.
    Absent,
    /// The header at this index is valid.
    Accepted(usize),
    /// The header at this index breaks this rule at this offset.
    Refused(usize, &'static str, usize),
}

/// The expected result of reading the headers of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The verdicts on `traceparent`, `tracestate` and `baggage`.
    pub outcomes: [Outcome; 3],
    /// The parent, if there is one.
    pub parent: Option<Parent>,
    /// The accepted tracestate, byte for byte.
    pub tracestate: Vec<u8>,
    /// The accepted baggage, byte for byte.
    pub baggage: Vec<u8>,
}

/// The span that produced a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// Its trace.
    pub trace_id: [u8; 16],
    /// Its id.
    pub span_id: [u8; 8],
    /// Its flags.
    pub flags: u8,
}

impl fmt::Debug for Parent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (trace_id, span_id) = (u128::from_be_bytes(self.trace_id), u64::from_be_bytes(self.span_id));
        write!(f, "{trace_id:032x}-{span_id:016x}-{:02x}", self.flags)
    }
}

impl Pattern {
    /// The pattern of these headers.
    pub fn of(headers: &[Header]) -> Self {
        let reading = Reading::of(&tracebaton_oracle::extract(headers));
        Self { headers: headers.iter().map(PatternHeader::of).collect(), reading }
    }

    /// The expected parent in this record after the service number `stage` has sent it.
    pub fn parent(&self, payload: &Payload, stage: usize) -> Option<Parent> {
        let parent = self.reading.parent?;
        let Outcome::Accepted(index) = self.reading.outcomes[0] else { return None };
        let header = &self.headers[index];
        Some(Parent {
            trace_id: header.trace_id_at.map_or(parent.trace_id, |_| payload.trace_id),
            span_id: header.span_id_at.map_or(parent.span_id, |_| payload.span_ids[stage]),
            ..parent
        })
    }

    /// The size of names and values.
    pub fn size(&self) -> usize {
        self.headers.iter().map(|of| of.name.len() + of.value.as_ref().map_or(0, Vec::len)).sum()
    }
}

impl PatternHeader {
    fn of((name, value): &Header) -> Self {
        let is_traceparent = name.eq_ignore_ascii_case(b"traceparent");
        let place = |id: &str| {
            let value = value.as_deref().filter(|_| is_traceparent)?;
            value.windows(id.len()).position(|window| window == id.as_bytes())
        };
        Self {
            name: name.clone(),
            value: value.clone(),
            trace_id_at: place(TRACE_ID),
            span_id_at: place(SPAN_ID),
        }
    }

    /// Its value in the record that this service sent, assembled in `buffer` if it contains ids.
    pub fn value<'a>(&'a self, payload: &Payload, stage: usize, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        let value = self.value.as_deref()?;
        if self.trace_id_at.is_none() && self.span_id_at.is_none() {
            return Some(value);
        }
        buffer.clear();
        buffer.extend_from_slice(value);
        if let Some(at) = self.trace_id_at {
            write_hex(&payload.trace_id, &mut buffer[at..]);
        }
        if let Some(at) = self.span_id_at {
            write_hex(&payload.span_ids[stage], &mut buffer[at..]);
        }
        Some(buffer)
    }
}

impl Reading {
    fn of(extracted: &Extracted) -> Self {
        let Extracted { traceparent, tracestate, baggage } = extracted;
        let parent = match traceparent {
            Verdict::Accepted { content, .. } => Some(Parent {
                trace_id: content.trace_id,
                span_id: content.parent_id,
                flags: content.flags & 0b11,
            }),
            _ => None,
        };
        Self {
            outcomes: [Outcome::of(traceparent), Outcome::of(tracestate), Outcome::of(baggage)],
            parent,
            tracestate: tracestate.accepted_value().unwrap_or_default().to_vec(),
            baggage: baggage.accepted_value().unwrap_or_default().to_vec(),
        }
    }
}

impl Outcome {
    fn of<T>(verdict: &Verdict<T>) -> Self {
        match verdict {
            Verdict::Absent => Self::Absent,
            Verdict::Accepted { index, .. } => Self::Accepted(*index),
            Verdict::Refused { index, rule, offset } => Self::Refused(*index, rule, *offset),
        }
    }

    /// The same without the index of the header.
    pub fn without_index(self) -> Self {
        match self {
            Self::Absent => Self::Absent,
            Self::Accepted(_) => Self::Accepted(0),
            Self::Refused(_, rule, offset) => Self::Refused(0, rule, offset),
        }
    }
}

fn write_hex(bytes: &[u8], place: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (byte, pair) in bytes.iter().zip(place.chunks_exact_mut(2)) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
}
