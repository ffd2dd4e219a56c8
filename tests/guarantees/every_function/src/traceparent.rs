//! `traceparent`, ids and flags.

use crate::keep;
use tracebaton::{SpanContext, SpanId, TraceFlags, TraceId, TraceParent, TraceState};

/// Reads a value and writes the result.
pub fn traceparent(value: &[u8]) {
    let read = TraceParent::parse(value);
    keep(read.map_err(|error| (error.rule.name(), error.rule.message(), error.offset)));
    let Ok(parent) = read else { return };
    keep((parent.version(), parent.format()));
    keep(core::str::from_utf8(value).map(str::parse::<TraceParent>));
    keep(TraceParent::new(parent.trace_id, parent.parent_id, parent.trace_flags));
    keep(SpanContext::remote(&parent, TraceState::EMPTY).traceparent());
}

/// Reads ids from digits and from bytes, generates them, and tests flags.
pub fn ids(digits: &[u8]) {
    let trace_id = TraceId::from_hex(digits).unwrap_or(TraceId::generate(|bytes| fill(bytes, digits)));
    keep((trace_id.to_hex(), TraceId::from_bytes(trace_id.to_bytes())));
    let span_id = SpanId::from_hex(digits).unwrap_or(SpanId::generate(|bytes| fill(bytes, digits)));
    keep((span_id.to_hex(), SpanId::from_bytes(span_id.to_bytes())));
    keep((TraceId::try_from(u128::from(trace_id)), SpanId::try_from(u64::from(span_id))));
    keep((TraceId::try_from(<[u8; 16]>::from(trace_id)), SpanId::try_from(<[u8; 8]>::from(span_id))));
    keep((
        trace_id.cmp(&TraceId::generate(|bytes| bytes.fill(7))),
        span_id < SpanId::generate(|bytes| bytes.fill(7)),
    ));
    if let Ok(digits) = core::str::from_utf8(digits) {
        keep((digits.parse::<TraceId>(), digits.parse::<SpanId>()));
    }
    let flags = TraceFlags::from_byte(digits.first().copied().unwrap_or_default());
    keep((flags.to_byte(), flags.is_sampled(), flags.is_random()));
    keep((flags.with_sampled(!flags.is_sampled()), flags.with_random(!flags.is_random())));
}

/// A source of randomness that returns these bytes.
fn fill(bytes: &mut [u8], source: &[u8]) {
    bytes.iter_mut().zip(source).for_each(|(byte, source)| *byte = *source);
}
