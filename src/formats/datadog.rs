//! Datadog (F7).

use super::context::{FormatContext, FormatError, FormatRule as Rule, Sampling};
use super::number::{at, decimal, exact_hex, nothing_after, span_id};
use super::slot::{Fault, Read, Slot};
use crate::comma_list::split_once;
use crate::id::TraceId;

/// Maximum length of an `x-datadog-tags` value that is read, in bytes.
const LONGEST_TAGS: usize = 512;

/// Values of the headers of this format, `None` for each absent header.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub trace_id: Option<&'a [u8]>,
    pub parent_id: Option<&'a [u8]>,
    pub priority: Option<&'a [u8]>,
    pub tags: Option<&'a [u8]>,
}

/// Parses the values of `x-datadog-trace-id` and the other Datadog headers.
pub(super) fn parse(values: &Values<'_>) -> Read {
    let (trace, parent) = (Slot::DatadogTraceId, Slot::DatadogParentId);
    let low = match (values.trace_id, values.parent_id) {
        (Some(value), _) => low_half(value).map_err(|error| (trace, error))?,
        (None, Some(_)) => return Err((parent, FormatError::new(Rule::TraceIdMissing, 0))),
        (None, None) => {
            let sampling = sampling(values.priority)?;
            return Ok((Slot::DatadogPriority, FormatContext::decision(sampling)));
        }
    };
    let missing = (trace, FormatError::new(Rule::SpanIdMissing, 0));
    let span = values.parent_id.ok_or(missing)?;
    let span = decimal(span, 0, u64::MAX, Rule::SpanId).and_then(|span| span_id(span.to_be_bytes(), 0));
    let span_id = span.map_err(|error| (parent, error))?;
    let sampling = sampling(values.priority)?;
    let (high, ignored) = match values.tags.map(high_half) {
        None => (0, None),
        Some(Ok(high)) => (high, None),
        Some(Err(error)) => (0, Some(error)),
    };
    let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    let zero = (trace, FormatError::new(Rule::TraceIdZero, 0));
    let context = |trace_id| FormatContext { ignored, ..FormatContext::of(trace_id, span_id, sampling) };
    TraceId::from_bytes(bytes).map(|trace_id| (trace, context(trace_id))).ok_or(zero)
}

/// The lower half of the trace id. It must not be 0, whatever the upper half is.
fn low_half(value: &[u8]) -> Result<u64, FormatError> {
    match decimal(value, 0, u64::MAX, Rule::TraceId)? {
        0 => Err(FormatError::new(Rule::TraceIdZero, 0)),
        id => Ok(id),
    }
}

/// The sampling decision of a priority, which is any integer of 32 bits. A priority above 0 keeps the trace.
fn sampling(priority: Option<&[u8]>) -> Result<Sampling, Fault> {
    let Some(value) = priority else { return Ok(Sampling::Defer) };
    let (start, most) = match value.first() {
        Some(b'-') => (1, i32::MIN.unsigned_abs()),
        _ => (0, i32::MAX.unsigned_abs()),
    };
    let number = decimal(value, start, most.into(), Rule::Sampling);
    let number = number.map_err(|error| (Slot::DatadogPriority, error))?;
    Ok(Sampling::decided(start == 0 && number > 0))
}

/// The upper half of the trace id, from the tag `_dd.p.tid`; 0 if the tag is absent.
fn high_half(tags: &[u8]) -> Result<u64, FormatError> {
    if tags.len() > LONGEST_TAGS {
        return Err(FormatError::new(Rule::TooLong, LONGEST_TAGS));
    }
    let (mut high, mut start, mut rest) = (0, 0, Some(tags));
    if tags.is_empty() {
        rest = None;
    }
    while let Some(list) = rest {
        let (tag, after) = split_once(list, b',');
        let (key, value) = split_once(tag, b'=');
        let value = match value {
            Some(value) if !key.is_empty() => value,
            _ => return Err(FormatError::new(Rule::Tags, start)),
        };
        if key == b"_dd.p.tid" {
            high = at(start + key.len() + 1, tid(value))?;
        }
        (start, rest) = (start + tag.len() + 1, after);
    }
    Ok(high)
}

fn tid(value: &[u8]) -> Result<u64, FormatError> {
    let high = exact_hex(value, 16, Rule::TraceId)?;
    nothing_after(value, 16).map(|()| high as u64)
}
