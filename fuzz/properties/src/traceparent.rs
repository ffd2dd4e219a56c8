//! `traceparent`: reading any value (R5, R6, R9), and writing it (W3).

use tracebaton::{SpanId, TraceId, TraceParent};
use tracebaton_oracle as oracle;

/// The reader looks at no byte after these.
const LOOKED_AT: usize = 56;

/// Reads a value, writes the result, and reads ids.
///
/// # Panics
///
/// If a property does not hold.
pub fn traceparent(value: &[u8]) {
    let seen = TraceParent::parse(value);
    let plain = seen.map(plain).map_err(|error| (error.rule.name(), error.offset));
    assert_eq!(plain, oracle::traceparent(value), "R5: {}", value.escape_ascii());
    if let Some(start) = value.get(..LOOKED_AT) {
        assert_eq!(TraceParent::parse(start), seen, "R9: {}", value.escape_ascii());
    }
    if let (Ok(seen), Ok(plain)) = (seen, plain) {
        let written = seen.format();
        assert_eq!(written, plain.to_version_00()[..], "W3: {}", value.escape_ascii());
        let again = TraceParent::new(seen.trace_id, seen.parent_id, seen.trace_flags);
        assert_eq!(TraceParent::parse(&written), Ok(again), "a written traceparent is read back");
    }
    ids(value);
}

/// The codec's result in the oracle's form.
pub(crate) fn plain(read: TraceParent) -> oracle::TraceParent {
    oracle::TraceParent {
        version: read.version(),
        trace_id: read.trace_id.to_bytes(),
        parent_id: read.parent_id.to_bytes(),
        flags: read.trace_flags.to_byte(),
    }
}

/// An id consists of its digits and nothing else, at every position of the value.
fn ids(value: &[u8]) {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_id = |digits: &[u8], count| {
        digits.len() == count && digits.iter().all(is_digit) && digits.iter().any(|digit| *digit != b'0')
    };
    for digits in [value, value.get(3..35).unwrap_or_default(), value.get(36..52).unwrap_or_default()] {
        let trace_id = TraceId::from_hex(digits);
        assert_eq!(trace_id.is_some(), is_id(digits, 32), "{}", digits.escape_ascii());
        assert!(
            trace_id.is_none_or(|id| id.to_hex() == digits && TraceId::from_bytes(id.to_bytes()) == Some(id))
        );
        let span_id = SpanId::from_hex(digits);
        assert_eq!(span_id.is_some(), is_id(digits, 16), "{}", digits.escape_ascii());
        assert!(
            span_id.is_none_or(|id| id.to_hex() == digits && SpanId::from_bytes(id.to_bytes()) == Some(id))
        );
    }
}
