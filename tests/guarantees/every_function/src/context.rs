//! Contexts: those derived from one, copies of it, and the queue time of a record.

use crate::keep;
use tracebaton::{
    Context, Header, Links, OwnedContext, OwnedSpanContext, QueueTime, SpanContext, SpanId, TimestampKind,
    TraceFlags, TraceId, TraceState, TrustPolicy, extract,
};

const POLICIES: [TrustPolicy; 4] = [
    TrustPolicy::Continue,
    TrustPolicy::ContinueResampled { sampled: false },
    TrustPolicy::RestartWithLink,
    TrustPolicy::Ignore,
];

/// Makes a child and a new trace, and applies each trust choice to the context of a record.
pub fn context(headers: &[Header<'_>]) {
    let context = extract(headers.iter().copied()).context();
    let trace_id = TraceId::generate(|bytes| bytes.fill(7));
    let span_id = SpanId::generate(|bytes| bytes.fill(9));
    keep(context.child(span_id));
    keep(context.restart(trace_id, span_id, TraceFlags::SAMPLED));
    keep(context.child_or_root(trace_id, span_id, TraceFlags::SAMPLED | TraceFlags::RANDOM));
    POLICIES.into_iter().for_each(|policy| keep(context.admit(policy)));
    let root = SpanContext::root(trace_id, span_id, TraceFlags::RANDOM);
    let span = context.span_context.unwrap_or(root);
    keep((
        span.child(span_id).traceparent(),
        span.with_sampled(true),
        span.with_trace_flags(root.trace_flags),
    ));
    keep((span.with_trace_state(TraceState::EMPTY), Context::from(span), Context::EMPTY));
    keep(Context::new(Some(span), context.baggage).injection());
}

/// Copies the context of a record, and collects its links.
pub fn owned(headers: &[Header<'_>]) {
    let context = extract(headers.iter().copied()).context();
    if let Ok(copy) = OwnedContext::<64, 64>::copy(&context) {
        keep(copy.as_borrowed());
    }
    let mut slot = OwnedContext::<8, 8>::EMPTY;
    keep((slot.assign(&context), slot == OwnedContext::default(), slot.clone().as_borrowed()));
    if let Some(Ok(copy)) = context.span_context.as_ref().map(OwnedSpanContext::<8>::copy) {
        keep(copy.as_borrowed());
    }
    let mut links = Links::<2, 64>::default();
    for header in headers {
        links.insert(extract([*header]).context().span_context);
        links.insert(context.span_context);
    }
    links.iter().chain(&links).for_each(keep);
    keep((links.len(), links.is_empty(), links.dropped(), links == Links::EMPTY));
}

/// Computes the queue time of a record for each kind of timestamp.
pub fn queue_time(timestamp: i64, consumed: i64) {
    for kind in [TimestampKind::CreateTime, TimestampKind::LogAppendTime, TimestampKind::NotAvailable] {
        keep((QueueTime::between(timestamp, kind, consumed), kind.name()));
    }
}
