//! B3, in one header (F4) and in several (F5).

use super::context::{FormatContext, FormatError, FormatRule as Rule, Sampling};
use super::number::{lower_hex, nothing_after, padded, span_id, trace_id};
use super::slot::{Fault, Read, Slot};
use crate::id::{SpanId, TraceId};

/// Parses the value of `b3`.
pub(super) fn parse(value: &[u8]) -> Result<FormatContext, FormatError> {
    if let [state] = value
        && let Some(sampling) = sampling(*state)
    {
        return Ok(FormatContext::decision(sampling));
    }
    let (trace_id, end) = match (value.get(16), value.get(32)) {
        (Some(b'-'), _) => (short_trace_id(value)?, 16),
        _ => (long_trace_id(value)?, 32),
    };
    separator(value, end)?;
    let start = end + 1;
    let span_id = span_id(lower_hex::<16, 8>(value, start, Rule::SpanId)?, start)?;
    let sampling = state(value, start + 16)?;
    Ok(FormatContext::of(trace_id, span_id, sampling))
}

/// Parses the bytes after the ids: nothing, the sampling state, the id of the span's own parent, or both.
fn state(value: &[u8], end: usize) -> Result<Sampling, FormatError> {
    if value.len() == end {
        return Ok(Sampling::Defer);
    }
    separator(value, end)?;
    let parent = end + 1;
    if value.len() == parent + 16 {
        lower_hex::<16, 8>(value, parent, Rule::ParentId)?;
        return Ok(Sampling::Defer);
    }
    let Some(state) = value.get(parent) else { return Err(FormatError::new(Rule::TooShort, parent)) };
    let sampling = sampling(*state).ok_or(FormatError::new(Rule::Sampling, parent))?;
    if value.len() > parent + 1 {
        separator(value, parent + 1)?;
        lower_hex::<16, 8>(value, parent + 2, Rule::ParentId)?;
    }
    if value.len() > parent + 18 {
        return Err(FormatError::new(Rule::Trailing, parent + 18));
    }
    Ok(sampling)
}

fn separator(value: &[u8], offset: usize) -> Result<(), FormatError> {
    match value.get(offset) {
        Some(b'-') => Ok(()),
        Some(_) => Err(FormatError::new(Rule::Separator, offset)),
        None => Err(FormatError::new(Rule::TooShort, value.len())),
    }
}

const fn sampling(state: u8) -> Option<Sampling> {
    match state {
        b'0' => Some(Sampling::Deny),
        b'1' => Some(Sampling::Accept),
        b'd' => Some(Sampling::Debug),
        _ => None,
    }
}

fn short_trace_id(value: &[u8]) -> Result<TraceId, FormatError> {
    trace_id(padded(lower_hex::<16, 8>(value, 0, Rule::TraceId)?), 0)
}

fn long_trace_id(value: &[u8]) -> Result<TraceId, FormatError> {
    trace_id(lower_hex::<32, 16>(value, 0, Rule::TraceId)?, 0)
}

/// Values of the headers of this format, `None` for each absent header.
#[derive(Clone, Copy)]
pub(super) struct Multi<'a> {
    pub trace_id: Option<&'a [u8]>,
    pub span_id: Option<&'a [u8]>,
    pub sampled: Option<&'a [u8]>,
    pub flags: Option<&'a [u8]>,
}

/// Parses the values of `X-B3-TraceId` and the other B3 headers.
pub(super) fn parse_multi(values: &Multi<'_>) -> Read {
    let (trace, span) = (Slot::B3TraceId, Slot::B3SpanId);
    match (values.trace_id, values.span_id) {
        (None, None) => multi_sampling(values).map(|(slot, state)| (slot, FormatContext::decision(state))),
        (None, Some(_)) => Err((span, FormatError::new(Rule::TraceIdMissing, 0))),
        (Some(trace_id), span_id) => {
            let trace_id = multi_trace_id(trace_id).map_err(|error| (trace, error))?;
            let span_id = span_id.ok_or((trace, FormatError::new(Rule::SpanIdMissing, 0)))?;
            let span_id = multi_span_id(span_id).map_err(|error| (span, error))?;
            let (_, sampling) = multi_sampling(values)?;
            Ok((trace, FormatContext::of(trace_id, span_id, sampling)))
        }
    }
}

fn multi_trace_id(value: &[u8]) -> Result<TraceId, FormatError> {
    if value.len() == 16 {
        return short_trace_id(value);
    }
    let trace_id = long_trace_id(value)?;
    nothing_after(value, 32).map(|()| trace_id)
}

fn multi_span_id(value: &[u8]) -> Result<SpanId, FormatError> {
    let span_id = span_id(lower_hex::<16, 8>(value, 0, Rule::SpanId)?, 0)?;
    nothing_after(value, 16).map(|()| span_id)
}

/// The decision, and the slot of its header. The debug header overrides the sampled header. A debug value other than
/// `1` counts as absent.
fn multi_sampling(values: &Multi<'_>) -> Result<(Slot, Sampling), Fault> {
    let sampling = match (values.flags, values.sampled) {
        (Some(b"1"), _) => return Ok((Slot::B3Flags, Sampling::Debug)),
        (_, None) => Sampling::Defer,
        (_, Some(b"1" | b"true")) => Sampling::Accept,
        (_, Some(b"0" | b"false")) => Sampling::Deny,
        (_, Some(_)) => return Err((Slot::B3Sampled, FormatError::new(Rule::Sampling, 0))),
    };
    Ok((Slot::B3Sampled, sampling))
}
