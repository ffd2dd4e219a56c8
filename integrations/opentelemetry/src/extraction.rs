//! From the headers of a received record to OpenTelemetry's context.

use crate::received::Received;
use crate::{to_baggage, to_span_context};
use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::TraceContextExt;
use tracebaton::Header;

/// The context of a received record on top of the current one: total, whatever the headers hold (R1).
///
/// A span that is started with it is a child of the producer's. Without a context in the headers it is the current
/// context (OpenTelemetry, Propagators API, "Extract").
///
/// ```
/// use opentelemetry::trace::TraceContextExt;
/// use tracebaton::Header;
///
/// let headers = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// let context = tracebaton_opentelemetry::extract(headers);
/// assert!(context.span().span_context().is_remote());
/// ```
pub fn extract<'a>(headers: impl IntoIterator<Item = Header<'a>>) -> Context {
    Context::map_current(|current| extract_with_context(current, headers))
}

/// The context of a received record on top of another one.
///
/// ```
/// # use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
/// # use tracebaton::Header;
/// let own = Context::new().with_baggage([KeyValue::new("tenant", "7")]);
/// let context = tracebaton_opentelemetry::extract_with_context(&own, [Header::new("tenant", "8")]);
/// assert_eq!(context.baggage().get("tenant").unwrap().as_str(), "7"); // no header of ours
/// ```
pub fn extract_with_context<'a>(context: &Context, headers: impl IntoIterator<Item = Header<'a>>) -> Context {
    with_received(context, &tracebaton::extract(headers).context())
}

/// What [`tracebaton::extract`] found, on top of another context; what it did not find stays as it was.
///
/// ```
/// # use opentelemetry::{Context, trace::TraceContextExt};
/// # let headers = [tracebaton::Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// // A consumer that looks at the verdicts, or at whom it trusts, before it goes on.
/// let extracted = tracebaton::extract(headers);
/// let context = tracebaton_opentelemetry::with_received(&Context::current(), &extracted.context());
/// assert!(context.span().span_context().is_sampled());
/// ```
pub fn with_received(context: &Context, received: &tracebaton::Context<'_>) -> Context {
    let mut context = context.clone();
    if let Some(parent) = &received.span_context {
        let remote = to_span_context(parent);
        context = Received::remember(&context, parent, remote.trace_state());
        context = context.with_remote_span_context(remote);
    }
    let baggage = to_baggage(&received.baggage);
    if !baggage.is_empty() {
        context = context.with_baggage(baggage);
    }
    context
}
