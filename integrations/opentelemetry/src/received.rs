//! The parts of a received context that OpenTelemetry's own types cannot represent.

use opentelemetry::Context;
use opentelemetry::trace::SpanContext as OtelSpanContext;
use tracebaton::formats::Sampling;
use tracebaton::{SpanContext, SpanId, TraceId};

/// The parts, stored in the extracted context and in every context that is made from it.
#[derive(Debug)]
pub(crate) struct Received {
    trace_id: TraceId,
    span_id: SpanId,
    random: bool,
    /// A decision that the sampled flag cannot express: deferred or debug.
    sampling: Option<Sampling>,
    /// The tracestate as OpenTelemetry represents it, and its received bytes.
    trace_state: Option<(opentelemetry::trace::TraceState, Vec<u8>)>,
}

impl Received {
    /// Stores the parts that would be lost in a context. Returns the same context if nothing would be lost.
    pub(crate) fn remember(
        context: &Context,
        parent: &SpanContext<'_>,
        held: &opentelemetry::trace::TraceState,
        sampling: Option<Sampling>,
    ) -> Context {
        let random = parent.trace_flags.is_random();
        let sampling = sampling.filter(|it| matches!(it, Sampling::Defer | Sampling::Debug));
        let is_whole = held.header().as_bytes() == parent.trace_state.as_bytes();
        if is_whole && !random && sampling.is_none() && context.get::<Self>().is_none() {
            return context.clone();
        }
        let bytes = || (held.clone(), parent.trace_state.as_bytes().to_vec());
        let SpanContext { trace_id, span_id, .. } = *parent;
        let trace_state = (!is_whole).then(bytes);
        context.with_value(Self { trace_id, span_id, random, sampling, trace_state })
    }

    /// Whether the stored parts belong to the trace of this span.
    pub(crate) fn is_of(&self, span_context: &OtelSpanContext) -> bool {
        self.trace_id.to_bytes() == span_context.trace_id().to_bytes()
    }

    /// The received random flag (C1).
    pub(crate) fn complete(&self, ids: SpanContext<'static>) -> SpanContext<'static> {
        ids.with_trace_flags(ids.trace_flags.with_random(self.random))
    }

    /// The received decision (F3). Debug is valid for the whole trace while it is sampled. A deferred decision ends
    /// with the first span of this service.
    pub(crate) fn sampling(&self, now: &OtelSpanContext) -> Option<Sampling> {
        let is_its_own = now.span_id().to_bytes() == self.span_id.to_bytes();
        self.sampling.filter(|sampling| match sampling {
            Sampling::Debug => now.is_sampled(),
            _ => is_its_own,
        })
    }

    /// The received tracestate, if OpenTelemetry would write a different one and nobody has changed it since.
    pub(crate) fn unchanged(&self, now: &opentelemetry::trace::TraceState) -> Option<&[u8]> {
        let (held, bytes) = self.trace_state.as_ref()?;
        (held == now).then_some(bytes)
    }
}

/// The received decision for the trace that the consumer starts, since there is no parent (F12).
#[derive(Debug)]
pub(crate) struct ReceivedSampling(pub(crate) Sampling);

/// The received bytes of a `baggage` header.
#[derive(Debug)]
pub(crate) struct ReceivedBaggage(pub(crate) Vec<u8>);
