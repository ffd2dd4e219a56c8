//! OpenTelemetry: contexts in its types, and its SDK's own propagator as a second reader.

use crate::Hop;
use crate::carrier::{borrowed, extract};
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::collections::HashMap;
use tracebaton::{Baggage, SpanContext, TraceState};
use tracebaton_opentelemetry::{Propagators, to_baggage};
use tracebaton_oracle::Header;

/// Extracts a context into OpenTelemetry's types and injects it into the other record.
///
/// # Panics
///
/// If a property does not hold.
pub fn opentelemetry(hop: &Hop) {
    let (source, target) = (&hop.source.headers, &hop.target.headers);
    let context = Propagators::W3C.extract(&Context::new(), borrowed(source));
    let before = extract(source).context();
    let span = context.span().span_context().clone();
    let ids = before.span_context.map(|span| (span.trace_id.to_bytes(), span.span_id.to_bytes()));
    let seen = span.is_valid().then(|| (span.trace_id().to_bytes(), span.span_id().to_bytes()));
    assert_eq!(seen, ids, "R5, R6");
    read_by_the_sdk(source, ids);
    let mut sent = target.clone();
    let Ok(_) = Propagators::W3C.inject(&context, &mut sent);
    let others = |headers: &[Header]| -> Vec<Header> {
        let is_other = |header: &&Header| tracebaton::HeaderName::of(&header.0).is_none();
        headers.iter().filter(is_other).cloned().collect()
    };
    assert_eq!(others(&sent), others(target), "R10");
    if before.span_context.is_none() {
        return;
    }
    let after = extract(&sent).context();
    assert_eq!(after.span_context, before.span_context.map(without_empty_list), "C1");
    let is_held = !to_baggage(&before.baggage).is_empty();
    assert_eq!(after.baggage, if is_held { before.baggage } else { Baggage::EMPTY }, "C1");
    let again = Propagators::W3C.extract(&Context::new(), borrowed(&sent));
    let mut twice = sent.clone();
    let Ok(_) = Propagators::W3C.inject(&again, &mut twice);
    assert_eq!(twice, sent, "W1: a second hop changes nothing");
}

/// A tracestate without members is not written (W2).
fn without_empty_list(context: SpanContext<'_>) -> SpanContext<'_> {
    let is_empty = context.trace_state.is_empty();
    context.with_trace_state(if is_empty { TraceState::EMPTY } else { context.trace_state })
}

/// The SDK accepts every `traceparent` of version 00 that the codec accepts, with the same ids. It accepts others, too.
fn read_by_the_sdk(source: &[Header], ids: Option<([u8; 16], [u8; 8])>) {
    let Some(ids) = ids else { return };
    let extracted = extract(source);
    let Some(value) = extracted.traceparent_bytes().filter(|value| value.starts_with(b"00")) else { return };
    let value = str::from_utf8(value).expect("R5: ASCII").to_owned();
    let carrier = HashMap::from([("traceparent".to_owned(), value)]);
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    let span = context.span().span_context().clone();
    assert_eq!((span.trace_id().to_bytes(), span.span_id().to_bytes()), ids, "the SDK reads the same ids");
}
