//! Joined reading, for records whose lists were split over several headers (R11).

use crate::error::{BaggageError, BaggageRule, TraceStateError, TraceStateRule};
use crate::header::{Header, HeaderName};
use crate::reader::Reader;
use crate::slice_writer::SliceWriter;
use crate::tracestate::TraceState;
use crate::verdict::{Extracted, Verdict};

/// [`extract`](crate::extract()) that joins `tracestate` headers and `baggage` headers with commas ([R11]).
///
/// Only for bridges that copy each HTTP field to a header. In other records a second header is from a producer
/// that appended, and joining would revive the old one.
///
/// A list that is in one header is borrowed from it. A list in several headers is written to `buffer`; an offset in its
/// verdict counts in the joined list, and the index is that of its last header. A joined list of more than 8192 bytes is
/// refused as too long, and so is one that `buffer` has no room for: [`JOINED_LENGTH`] is always enough.
///
/// ```
/// use tracebaton::{Header, JOINED_LENGTH, extract_joined};
///
/// let headers = [Header::new("baggage", "tenant=7"), Header::new("Baggage", "region=eu")];
/// let mut buffer = [0; JOINED_LENGTH];
/// let extracted = extract_joined(headers, &mut buffer);
/// assert_eq!(extracted.context().baggage.as_bytes(), b"tenant=7,region=eu");
/// ```
#[doc = include_str!("guides/rules.md")]
pub fn extract_joined<'a, I>(headers: I, buffer: &'a mut [u8]) -> Extracted<'a>
where
    I: IntoIterator<Item = Header<'a>, IntoIter: Clone>,
{
    let (headers, mut reader) = (headers.into_iter(), Reader::new());
    headers.clone().for_each(|header| reader.add(header));
    let [_, tracestate, baggage] = reader.last;
    let (is_state_short, buffer) = join(&headers, HeaderName::TraceState, &mut reader.last[1], buffer);
    let (is_baggage_short, _) = join(&headers, HeaderName::Baggage, &mut reader.last[2], buffer);
    let mut extracted = reader.finish_small();
    if !is_state_short
        && extracted.traceparent.is_accepted()
        && let Some((index, _)) = tracestate
    {
        let error = TraceStateError::new(TraceStateRule::TooLong, TraceState::MAX_LENGTH);
        extracted.tracestate = Verdict::Refused { index, error };
    }
    if !is_baggage_short && let Some((index, _)) = baggage {
        let error = BaggageError::new(BaggageRule::TooLong, TraceState::MAX_LENGTH);
        extracted.baggage = Verdict::Refused { index, error };
    }
    extracted
}

/// Length of a buffer that is enough for every joined list of a record, in bytes.
pub const JOINED_LENGTH: usize = 2 * TraceState::MAX_LENGTH;

/// Replaces the last value of this name by all of them, joined. Returns whether they fit, and the rest of the buffer;
/// if they do not fit, there is no value.
fn join<'a>(
    headers: &(impl Iterator<Item = Header<'a>> + Clone),
    name: HeaderName,
    last: &mut Option<(usize, &'a [u8])>,
    buffer: &'a mut [u8],
) -> (bool, &'a mut [u8]) {
    let values =
        headers.clone().filter(|header| is_named(header.name, name)).filter_map(|header| header.value);
    // Not `count`, whose sum is checked in a program that checks for overflow.
    let measure = |(count, length): (usize, usize), value: &[u8]| {
        (count.saturating_add(1), length.saturating_add(value.len()).saturating_add(1))
    };
    let (count, length) = values.clone().fold((0, 0), measure);
    if count < 2 {
        return (true, buffer);
    }
    // No comma follows the last.
    let length = length.saturating_sub(1);
    if length > TraceState::MAX_LENGTH.min(buffer.len()) {
        *last = None;
        return (false, buffer);
    }
    let (room, rest) = buffer.split_at_mut_checked(length).unwrap_or_default();
    let mut joined = SliceWriter::new(room);
    let mut separator: &[u8] = b"";
    for part in values {
        // There is room for all of them.
        let _ = joined.push(separator).and_then(|()| joined.push(part));
        separator = b",";
    }
    *last = last.map(|(index, _)| (index, joined.finish() as &[u8]));
    (true, rest)
}

/// In one copy for all loops over the headers.
#[inline(never)]
fn is_named(name: &[u8], expected: HeaderName) -> bool {
    HeaderName::of(name) == Some(expected)
}
