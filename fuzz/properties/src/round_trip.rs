//! From record to record: injected contexts are extracted unchanged, hop after hop.

use crate::Hop;
use crate::carrier::{extract, injected};
use tracebaton::{
    Baggage, Context, Links, OwnedContext, QueueTime, SpanContext, SpanId, TimestampKind, TraceFlags,
    TraceId, TraceState, TrustPolicy,
};
use tracebaton_oracle::Header;

/// Extracts a context, writes it in every way, and extracts it again.
///
/// # Panics
///
/// If a property does not hold.
pub fn round_trip(hop: &Hop) {
    hop.run(&[
        |hop| drop(arrives(&context(hop), &hop.target.headers)),
        |hop| forwarded(&hop.source.headers),
        |hop| trusted(&context(hop)),
        |hop| copied(&context(hop)),
        below,
        restarted,
        queue_time,
    ]);
}

/// The context of the incoming record.
fn context(hop: &Hop) -> Context<'_> {
    extract(&hop.source.headers).context()
}

/// An injected context is extracted again, for any previous headers. A list without members is absent (W2).
fn arrives(context: &Context<'_>, target: &[Header]) -> Vec<Header> {
    let sent = injected(&context.injection(), target);
    let received = extract(&sent).context();
    let mut expected = written(context);
    if expected.span_context.is_none() {
        let kept = written(&extract(target).context());
        expected.span_context = kept.span_context;
        if expected.baggage.is_empty() {
            expected.baggage = kept.baggage;
        }
    }
    assert_eq!(written(&received), expected, "W1, W2");
    let others = |headers: &[Header]| -> Vec<Header> {
        let is_other = |header: &&Header| tracebaton::HeaderName::of(&header.0).is_none();
        headers.iter().filter(is_other).cloned().collect()
    };
    assert_eq!(others(&sent), others(target), "R10");
    assert_eq!(injected(&context.injection(), &sent), sent, "W1: a second injection changes nothing");
    sent
}

/// The part of a context that is written.
fn written<'a>(context: &Context<'a>) -> Context<'a> {
    let mut written = *context;
    if written.baggage.is_empty() {
        written.baggage = Baggage::EMPTY;
    }
    if let Some(span_context) = &mut written.span_context
        && span_context.trace_state.is_empty()
    {
        span_context.trace_state = TraceState::EMPTY;
    }
    written
}

/// Forwarding changes no accepted value: the first record has the context of its source. A second relay changes
/// nothing.
fn forwarded(source: &[Header]) {
    let first = injected(&extract(source).forward(), source);
    assert_eq!(injected(&extract(&first).forward(), &first), first, "W5: forwarding again changes nothing");
    assert_eq!(extract(&first).context(), written(&extract(source).context()), "W5");
    let parent = |headers| extract(headers).traceparent.accepted();
    assert_eq!(parent(&first), parent(source), "W5: its version, too");
}

/// A child belongs to the trace of its parent and keeps its baggage.
fn below(hop: &Hop) {
    let (context, Some(span_id)) = (context(hop), SpanId::from_bytes(hop.span_id)) else { return };
    let Some(parent) = context.span_context else {
        assert_eq!(context.child(span_id), None, "C1");
        return;
    };
    let child = context.child(span_id).expect("C1: there is a parent");
    let sampled = hop.chose(0);
    let below = child.span_context.expect("C1").with_sampled(sampled);
    let flags = parent.trace_flags.with_sampled(sampled);
    let expected = parent.child(span_id).with_trace_flags(flags);
    assert_eq!(below, expected, "C1: only the span id and the sampled flag change");
    arrives(&Context::new(Some(below), child.baggage), &hop.target.headers);
}

/// A new trace has nothing of the old one.
fn restarted(hop: &Hop) {
    let (context, Some(span_id)) = (context(hop), SpanId::from_bytes(hop.span_id)) else { return };
    let trace_id = TraceId::generate(|bytes| bytes.fill(hop.room));
    let flags = TraceFlags::from_byte(hop.choice);
    let root = context.restart(trace_id, span_id, flags);
    assert_eq!(root.span_context, Some(SpanContext::root(trace_id, span_id, flags)), "C2");
    assert_eq!(root.baggage, context.baggage, "C2");
    let sent = arrives(&root, &hop.source.headers);
    let is_stale = sent.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"tracestate"));
    assert!(!is_stale, "W2: the tracestate of another trace was kept");
}

/// The result has at most one of parent and link. It has baggage only if its producer is trusted with the trace.
fn trusted(context: &Context<'_>) {
    let none = Baggage::EMPTY;
    for (trust, parent, link, baggage) in [
        (TrustPolicy::Continue, context.span_context, None, context.baggage),
        (TrustPolicy::RestartWithLink, None, context.span_context, none),
        (TrustPolicy::RestartWithoutLink, None, None, none),
    ] {
        let trusted = context.admit(trust);
        assert_eq!((trusted.parent, trusted.link, trusted.baggage), (parent, link, baggage), "C6");
    }
    for sampled in [false, true] {
        let trusted = context.admit(TrustPolicy::ContinueResampled { sampled });
        let expected = context.span_context.map(|parent| parent.with_sampled(sampled));
        assert_eq!((trusted.parent, trusted.link, trusted.baggage), (expected, None, context.baggage), "C6");
    }
}

/// A copy has the same context as the original, or the call reports that it does not fit.
fn copied(context: &Context<'_>) {
    const TRACESTATE: usize = 40;
    const BAGGAGE: usize = 60;
    let state = context.span_context.map_or(0, |context| context.trace_state.as_bytes().len());
    let fits = state <= TRACESTATE && context.baggage.as_bytes().len() <= BAGGAGE;
    let copy = OwnedContext::<TRACESTATE, BAGGAGE>::copy(context);
    assert_eq!(copy.ok().map(|copy| copy.as_borrowed() == *context), fits.then_some(true));

    let mut links = Links::<2, TRACESTATE>::default();
    links.insert(context.span_context);
    links.insert(context.span_context);
    let kept: Vec<_> = links.iter().collect();
    let ids = |context: &SpanContext<'_>| (context.trace_id, context.span_id, context.trace_flags);
    assert!(kept.iter().map(ids).eq(context.span_context.iter().map(ids)), "a span is linked once");
    assert_eq!(links.dropped(), 0);
    let Some(parent) = context.span_context else { return };
    let spans = [1, 2, 3].map(|number| SpanId::from_bytes([number; 8]).expect("not zero"));
    spans.iter().for_each(|span_id| links.insert(Some(parent.child(*span_id))));
    let others = spans.iter().filter(|span_id| **span_id != parent.span_id).count();
    assert_eq!((links.len(), links.dropped()), (2, others - 1), "each span of a trace has its own link");
}

/// Signed, and never clamped to zero (C7).
fn queue_time(hop: &Hop) {
    let [timestamp, consumed] =
        [hop.span_id, [hop.room; 8]].map(|bytes| i64::from_le_bytes(bytes).rotate_left(hop.choice.into()));
    let exact = i128::from(consumed) - i128::from(timestamp);
    let within = exact.clamp(i64::MIN.into(), i64::MAX.into());
    for kind in [TimestampKind::CreateTime, TimestampKind::LogAppendTime] {
        let waited = QueueTime::between(timestamp, kind, consumed).expect("C7: there is a timestamp");
        assert_eq!((i128::from(waited.milliseconds), waited.kind), (within, kind), "C7");
    }
    assert_eq!(QueueTime::between(timestamp, TimestampKind::NotAvailable, consumed), None, "C7");
}
