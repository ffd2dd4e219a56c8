//! Converts span contexts to and from OpenTelemetry's type.

use crate::to_trace_state;
use opentelemetry::trace::SpanContext as OtelSpanContext;
use tracebaton::{SpanContext, SpanId, TraceFlags, TraceId};

/// Converts a span context to OpenTelemetry's type, marked as remote.
///
/// ```
/// # use tracebaton::*;
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// let link = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
/// let remote = tracebaton_opentelemetry::to_span_context(&link);
/// assert_eq!(tracebaton_opentelemetry::from_ids(&remote), Some(link));
/// ```
pub fn to_span_context(context: &SpanContext<'_>) -> OtelSpanContext {
    OtelSpanContext::new(
        opentelemetry::TraceId::from_bytes(context.trace_id.to_bytes()),
        opentelemetry::SpanId::from_bytes(context.span_id.to_bytes()),
        opentelemetry::TraceFlags::new(context.trace_flags.to_byte()),
        true,
        to_trace_state(&context.trace_state),
    )
}

/// Converts the ids and the sampled flag of OpenTelemetry's span context. Returns `None` if one of the ids is zero.
///
/// The tracestate is not converted, and the random flag is not set. OpenTelemetry's propagators for B3 and X-Ray use
/// its bit for a mark of their own, so a span context alone does not show whether its trace id is random.
/// [`inject_context`](crate::inject_context) knows the flag of a context that this crate extracted, and
/// [`Outgoing::with_random`](crate::Outgoing::with_random) sets it.
///
/// ```
/// use opentelemetry::trace::SpanContext;
/// assert_eq!(tracebaton_opentelemetry::from_ids(&SpanContext::NONE), None);
/// ```
pub fn from_ids(context: &OtelSpanContext) -> Option<SpanContext<'static>> {
    let trace_id = TraceId::from_bytes(context.trace_id().to_bytes())?;
    let span_id = SpanId::from_bytes(context.span_id().to_bytes())?;
    let sampled = context.trace_flags().is_sampled();
    Some(SpanContext::root(trace_id, span_id, TraceFlags::default().with_sampled(sampled)))
}
