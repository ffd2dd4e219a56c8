//! Collects the headers of all formats in one pass (F2), and reads the headers of one format.

use super::context::{FormatContext, FormatError, Sampling};
use super::format::{Format, Formats};
use super::known::slot_of;
use super::slot::{SLOTS, Slot};
use super::{b3, datadog, elastic, instana, jaeger, xray};
use crate::{Header, Reader, Verdict};

/// Index and value of a header.
type Found<'a> = Option<(usize, &'a [u8])>;

/// Incremental [`choose`](super::choose), for headers that arrive one at a time.
///
/// ```
/// # use tracebaton::*;
/// use tracebaton::formats::{ChoiceReader, Format};
///
/// let mut reader = ChoiceReader::new(&[Format::Jaeger]);
/// reader.add(Header::new("uber-trace-id", "80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0:1"));
/// assert_eq!(reader.finish().arrived_as(), Some(Format::Jaeger));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChoiceReader<'a> {
    pub(super) order: &'a [Format],
    wanted: Formats,
    /// The formats that have at least one value.
    pub(super) seen: Formats,
    /// Number of headers added so far. It is the index of the next header.
    header_count: usize,
    found: [Found<'a>; SLOTS],
}

impl<'a> ChoiceReader<'a> {
    /// A reader that has seen no header.
    #[inline]
    pub fn new(order: &'a [Format]) -> Self {
        let always = Formats::of(&[Format::TraceContext, Format::Baggage]);
        let wanted = Formats::of(order) | always;
        Self { order, wanted, seen: Formats::NONE, header_count: 0, found: [None; SLOTS] }
    }

    /// Maximum number of headers of a record that are kept: the last one with a value for each place.
    pub const PLACES: usize = SLOTS;

    /// Place of a header with this name, below [`PLACES`](Self::PLACES). `None` if no format is read from it.
    ///
    /// For a caller that keeps the headers itself and adds them later, such as one in C.
    pub fn place_of(name: &[u8]) -> Option<usize> {
        slot_of(name).map(|(slot, _)| slot as usize)
    }

    /// Adds the next header of the record.
    #[inline]
    pub fn add(&mut self, header: Header<'a>) {
        if let Some((slot, format)) = slot_of(header.name)
            && let Some(value) = header.value
        {
            self.keep(slot, format, value);
        }
        self.header_count = self.header_count.wrapping_add(1);
    }

    /// Keeps the last header with a value; a null value changes nothing (F2).
    fn keep(&mut self, slot: Slot, format: Format, value: &'a [u8]) {
        let found = self.found.get_mut(slot as usize).filter(|_| self.wanted.contains(format));
        if let Some(found) = found {
            *found = Some((self.header_count, value));
            self.seen = self.seen.with(format);
        }
    }

    /// The reader of the three W3C headers, if one of them has a value.
    pub(super) fn w3c(&self) -> Option<Reader<'a>> {
        let is_seen = self.seen.contains(Format::TraceContext) || self.seen.contains(Format::Baggage);
        let last = [Slot::TraceParent, Slot::TraceState, Slot::Baggage].map(|slot| self.found(slot));
        is_seen.then_some(Reader { last, header_count: self.header_count })
    }

    fn found(&self, slot: Slot) -> Found<'a> {
        self.found.get(slot as usize).copied().flatten()
    }

    pub(super) fn value(&self, slot: Slot) -> Option<&'a [u8]> {
        self.found(slot).map(|(_, value)| value)
    }

    fn index(&self, slot: Slot) -> usize {
        self.found(slot).map_or(0, |(index, _)| index)
    }

    /// Reads the headers of a format other than W3C.
    pub(super) fn verdict(&self, format: Format) -> Verdict<FormatContext, FormatError> {
        if !self.seen.contains(format) {
            return Verdict::Absent;
        }
        let single = |slot, parse: fn(&[u8]) -> Result<FormatContext, FormatError>| {
            let read = parse(self.value(slot).unwrap_or_default());
            read.map(|value| (slot, value)).map_err(|error| (slot, error))
        };
        let read = match format {
            Format::B3 => single(Slot::B3, b3::parse),
            Format::Jaeger => single(Slot::Jaeger, jaeger::parse),
            Format::Elastic => single(Slot::Elastic, elastic::parse),
            Format::Xray => single(Slot::Xray, xray::parse),
            Format::B3Multi => b3::parse_multi(&self.b3_multi()),
            Format::Datadog => datadog::parse(&self.datadog()),
            Format::Instana => instana::parse(&self.instana()),
            _ => return Verdict::Absent,
        };
        match read {
            // Headers with neither ids nor a decision, such as Datadog's tags alone.
            Ok((_, FormatContext { ids: None, sampling: Sampling::Defer, .. })) => Verdict::Absent,
            Ok((slot, value)) => Verdict::Accepted { index: self.index(slot), value },
            Err((slot, error)) => Verdict::Refused { index: self.index(slot), error },
        }
    }

    fn b3_multi(&self) -> b3::Multi<'a> {
        b3::Multi {
            trace_id: self.value(Slot::B3TraceId),
            span_id: self.value(Slot::B3SpanId),
            sampled: self.value(Slot::B3Sampled),
            flags: self.value(Slot::B3Flags),
        }
    }

    fn datadog(&self) -> datadog::Values<'a> {
        datadog::Values {
            trace_id: self.value(Slot::DatadogTraceId),
            parent_id: self.value(Slot::DatadogParentId),
            priority: self.value(Slot::DatadogPriority),
            tags: self.value(Slot::DatadogTags),
        }
    }

    fn instana(&self) -> instana::Values<'a> {
        instana::Values {
            trace_id: self.value(Slot::InstanaTraceId),
            span_id: self.value(Slot::InstanaSpanId),
            level: self.value(Slot::InstanaLevel),
            context: self.value(Slot::InstanaContext),
            binary_level: self.value(Slot::InstanaBinaryLevel),
        }
    }
}
