//! AWS X-Ray (F10).

use super::context::{FormatContext, FormatError, FormatRule as Rule, Sampling};
use super::number::{at, lower_hex, nothing_after, span_id, trace_id};
use crate::comma_list::{is_ows, split_once, trim};
use crate::hex;
use crate::id::{SpanId, TraceId};

/// Maximum length of a value that is read, in bytes: no tracer writes a longer one.
const LONGEST: usize = 256;

/// Parses the value of `X-Amzn-Trace-Id`: parts between semicolons. If a key repeats, its last part counts.
pub(super) fn parse(value: &[u8]) -> Result<FormatContext, FormatError> {
    if value.len() > LONGEST {
        return Err(FormatError::new(Rule::TooLong, LONGEST));
    }
    let (mut trace_id, mut span_id, mut sampling) = (None, None, Sampling::Defer);
    let (mut start, mut rest) = (0, Some(value));
    while let Some(parts) = rest {
        let (part, after) = split_once(parts, b';');
        let indent = part.iter().take_while(|byte| is_ows(**byte)).count();
        let (key, field) = split_once(trim(part), b'=');
        let offset = start + indent + key.len() + 1;
        match (key, field) {
            (b"Root", Some(field)) => trace_id = Some(at(offset, root(field))?),
            (b"Parent", Some(field)) => span_id = Some(at(offset, parent(field))?),
            (b"Sampled", Some(field)) => sampling = at(offset, sampled(field))?,
            _ => {}
        }
        (start, rest) = (start + part.len() + 1, after);
    }
    let missing = |rule| FormatError::new(rule, value.len());
    let trace_id = trace_id.ok_or(missing(Rule::TraceIdMissing))?;
    let span_id = span_id.ok_or(missing(Rule::SpanIdMissing))?;
    Ok(FormatContext::of(trace_id, span_id, sampling))
}

/// Parses a trace id: `1-`, 8 digits, `-`, 24 digits.
fn root(field: &[u8]) -> Result<TraceId, FormatError> {
    byte(field, 0, b'1', Rule::Version)?;
    byte(field, 1, b'-', Rule::Separator)?;
    let seconds = digits(field, 2, 8)?;
    byte(field, 10, b'-', Rule::Separator)?;
    let unique = digits(field, 11, 24)?;
    let mut whole = [b'0'; 32];
    whole.iter_mut().zip(seconds.iter().chain(unique)).for_each(|(to, from)| *to = *from);
    let id = lower_hex::<32, 16>(&whole, 0, Rule::TraceId).and_then(|bytes| trace_id(bytes, 2))?;
    nothing_after(field, 35).map(|()| id)
}

/// Parses exactly this many lower-case digits.
fn digits(field: &[u8], start: usize, count: usize) -> Result<&[u8], FormatError> {
    let rest = field.get(start..).unwrap_or_default();
    let digits = rest.get(..count).unwrap_or(rest);
    match start + hex::count_digits(digits) {
        end if end == start + count => Ok(digits),
        end if end == field.len() => Err(FormatError::new(Rule::TooShort, end)),
        bad => Err(FormatError::new(Rule::TraceId, bad)),
    }
}

fn parent(field: &[u8]) -> Result<SpanId, FormatError> {
    let id = span_id(lower_hex::<16, 8>(field, 0, Rule::SpanId)?, 0)?;
    nothing_after(field, 16).map(|()| id)
}

fn sampled(field: &[u8]) -> Result<Sampling, FormatError> {
    match field {
        b"1" => Ok(Sampling::Accept),
        b"0" => Ok(Sampling::Deny),
        b"?" => Ok(Sampling::Defer),
        _ => Err(FormatError::new(Rule::Sampling, 0)),
    }
}

fn byte(field: &[u8], offset: usize, expected: u8, rule: Rule) -> Result<(), FormatError> {
    match field.get(offset) {
        Some(byte) if *byte == expected => Ok(()),
        Some(_) => Err(FormatError::new(rule, offset)),
        None => Err(FormatError::new(Rule::TooShort, field.len())),
    }
}
