//! B3, in one header (F4) and in several (F5).

use super::context::{FormatContext, FormatError, FormatRule as Rule, Sampling};
use super::number::{lower_hex, padded, span_id, trace_id};
use super::slot::{Fault, Slot};
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
pub(super) fn parse_multi(values: &Multi<'_>) -> Result<FormatContext, Fault> {
    let ids = match (values.trace_id, values.span_id) {
        (None, None) => None,
        (Some(trace_id), span_id) => {
            let trace_id = multi_trace_id(trace_id).map_err(|error| (Slot::B3TraceId, error))?;
            let missing = || (Slot::B3TraceId, FormatError::new(Rule::SpanIdMissing, 0));
            let span_id = span_id.ok_or_else(missing)?;
            Some((trace_id, multi_span_id(span_id).map_err(|error| (Slot::B3SpanId, error))?))
        }
        (None, Some(_)) => return Err((Slot::B3SpanId, FormatError::new(Rule::TraceIdMissing, 0))),
    };
    let sampling = multi_sampling(values).map_err(|error| (Slot::B3Sampled, error))?;
    Ok(FormatContext { ids, sampling, ignored: None })
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

fn nothing_after(value: &[u8], end: usize) -> Result<(), FormatError> {
    if value.len() > end { Err(FormatError::new(Rule::Trailing, end)) } else { Ok(()) }
}

/// The debug header overrides the sampled header. A debug value other than `1` counts as absent.
fn multi_sampling(values: &Multi<'_>) -> Result<Sampling, FormatError> {
    match (values.flags, values.sampled) {
        (Some(b"1"), _) => Ok(Sampling::Debug),
        (_, None) => Ok(Sampling::Defer),
        (_, Some(b"1" | b"true")) => Ok(Sampling::Accept),
        (_, Some(b"0" | b"false")) => Ok(Sampling::Deny),
        (_, Some(_)) => Err(FormatError::new(Rule::Sampling, 0)),
    }
}
