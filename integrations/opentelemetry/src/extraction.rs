//! From the headers of a received record to OpenTelemetry's context.

use crate::received::{Received, ReceivedBaggage, ReceivedSampling};
use crate::{to_baggage, to_span_context};
use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::TraceContextExt;
use tracebaton::formats::Sampling;

/// Adds the parent and baggage that [`tracebaton::extract`] found to a context.
///
/// For a consumer that checks the verdicts before it continues the trace. [`Propagators::choose`](crate::Propagators)
/// has the verdicts of all formats, [`admit_trace_context`](crate::admit_trace_context) applies a trust policy.
///
/// ```
/// # use opentelemetry::{Context, trace::TraceContextExt};
/// # let headers = [tracebaton::Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// let extracted = tracebaton::extract(headers);
/// let context = tracebaton_opentelemetry::with_received(&Context::current(), &extracted.context());
/// assert!(context.span().span_context().is_sampled());
/// ```
pub fn with_received(context: &Context, received: &tracebaton::Context<'_>) -> Context {
    with_parent(context, received, None)
}

/// The sampling decision that a record brought without a parent, such as `b3: 0`. It applies to the trace that the
/// consumer starts ([F12]); the SDK's samplers do not know it.
///
/// Takes the context that [`extract_trace_context`](crate::extract_trace_context) returned, or `parent` of
/// [`AdmittedContext`](crate::AdmittedContext). Returns `None` if the context has a span. The guide to
/// [verdicts](crate::guides::verdicts) has a sampler that follows the decision.
///
/// ```
/// use opentelemetry::Context;
/// use tracebaton::formats::Sampling;
/// use tracebaton_opentelemetry::{Propagators, received_sampling};
///
/// let received = Propagators::parse("b3").0.extract(&Context::new(), [("b3", "0")]);
/// assert_eq!(received_sampling(&received), Some(Sampling::Deny));
/// ```
#[doc = include_str!("rules.md")]
pub fn received_sampling(context: &Context) -> Option<Sampling> {
    context.get::<ReceivedSampling>().filter(|_| !context.has_active_span()).map(|received| received.0)
}

/// [`with_received`] with a sampling decision, of a format that has more of them than W3C's flag.
pub(crate) fn with_parent(
    context: &Context,
    received: &tracebaton::Context<'_>,
    sampling: Option<Sampling>,
) -> Context {
    let mut context = context.clone();
    if let Some(parent) = &received.span_context {
        let remote = to_span_context(parent);
        context = Received::remember(&context, parent, remote.trace_state(), sampling);
        context = context.with_remote_span_context(remote);
    } else if let Some(sampling) = sampling {
        context = context.with_value(ReceivedSampling(sampling));
    }
    let baggage = to_baggage(&received.baggage);
    if !baggage.is_empty() {
        let bytes = received.baggage.as_bytes().to_vec();
        context = context.with_value(ReceivedBaggage(bytes)).with_baggage(baggage);
    }
    context
}
