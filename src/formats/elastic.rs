//! Elastic APM, which uses the binary draft of W3C (F8).

use super::context::{FormatContext, FormatError, FormatRule as Rule, Sampling};
use super::number::{span_id, trace_id};

/// Parses the value of `elasticapmtraceparent`: 29 bytes, and padding that is ignored.
pub(super) fn parse(value: &[u8]) -> Result<FormatContext, FormatError> {
    expect(value, 0, 0, Rule::Version)?;
    expect(value, 1, 0, Rule::Field)?;
    let trace_id = trace_id(bytes(value, 2)?, 2)?;
    expect(value, 18, 1, Rule::Field)?;
    let span_id = span_id(bytes(value, 19)?, 19)?;
    expect(value, 27, 2, Rule::Field)?;
    let [flags] = bytes(value, 28)?;
    Ok(FormatContext::of(trace_id, span_id, Sampling::decided(flags & 1 != 0)))
}

fn expect(value: &[u8], offset: usize, byte: u8, rule: Rule) -> Result<(), FormatError> {
    let [found] = bytes(value, offset)?;
    if found == byte { Ok(()) } else { Err(FormatError::new(rule, offset)) }
}

fn bytes<const SIZE: usize>(value: &[u8], start: usize) -> Result<[u8; SIZE], FormatError> {
    let rest = value.get(start..).unwrap_or_default();
    rest.first_chunk().copied().ok_or(FormatError::new(Rule::TooShort, value.len()))
}
