//! From OpenTelemetry's context to the headers of a record to send.

use crate::baggage::from_changed_baggage;
use crate::received::{Received, ReceivedBaggage};
use crate::{from_baggage, from_ids, from_trace_state};
use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanContext as OtelSpanContext, TraceContextExt};
use tracebaton::formats::Sampling;
use tracebaton::{Baggage, Injection, SpanContext, TraceState};

/// Converts the span and baggage of a context to the types of [`tracebaton`], to inspect or change them before
/// writing.
///
/// ```
/// # use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
/// # use tracebaton::Header;
/// let outgoing = tracebaton_opentelemetry::inject_context(&Context::new().with_baggage([KeyValue::new("k", "a b")]));
/// assert!(outgoing.injection().headers().eq([Header::new("baggage", "k=a%20b")]));
/// ```
pub fn inject_context(context: &Context) -> Outgoing {
    let span = context.span();
    let span_context = span.span_context();
    let mut outgoing = from_span_context(span_context);
    if let Some(received) = context.get::<Received>().filter(|received| received.is_of(span_context)) {
        outgoing.ids = outgoing.ids.map(|ids| received.complete(ids));
        outgoing.sampling = received.sampling(span_context);
        if let Some(bytes) = received.unchanged(span_context.trace_state()) {
            outgoing.trace_state = bytes.to_vec();
        }
    }
    let baggage = context.baggage();
    let baggage = match context.get::<ReceivedBaggage>() {
        Some(ReceivedBaggage(bytes)) if !baggage.is_empty() => from_changed_baggage(bytes, baggage),
        _ => from_baggage(baggage),
    };
    Outgoing { baggage, ..outgoing }
}

/// Converts OpenTelemetry's span context with its ids, sampled flag and tracestate. Invalid members are left out
/// ([W3]).
///
/// The result is empty if one of the ids is zero. The random flag is not set; see [`from_ids`].
///
/// ```
/// # let headers = [
/// #     tracebaton::Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
/// #     tracebaton::Header::new("tracestate", "rojo=1,congo=2"),
/// # ];
/// let received = tracebaton::extract(headers).context().span_context.unwrap();
/// let held = tracebaton_opentelemetry::to_span_context(&received);
/// let owned = tracebaton_opentelemetry::from_span_context(&held);
/// assert_eq!(owned.context().span_context, Some(received));
/// ```
#[doc = include_str!("rules.md")]
pub fn from_span_context(context: &OtelSpanContext) -> Outgoing {
    let trace_state = from_trace_state(context.trace_state()).into_bytes();
    Outgoing { ids: from_ids(context), sampling: None, trace_state, baggage: Vec::new() }
}

/// A context to write into a record, with its bytes.
///
/// ```
/// # let headers = [tracebaton::Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// let received = tracebaton_opentelemetry::extract_trace_context(headers);
/// let outgoing = tracebaton_opentelemetry::inject_context(&received);
/// assert!(outgoing.injection().headers().eq(headers));
/// assert!(outgoing.context().span_context.unwrap().trace_flags.is_sampled());
/// ```
#[derive(Clone, Debug)]
pub struct Outgoing {
    ids: Option<SpanContext<'static>>,
    /// The decision received in another format: deferred or debug.
    sampling: Option<Sampling>,
    trace_state: Vec<u8>,
    baggage: Vec<u8>,
}

impl Outgoing {
    /// The context, borrowed.
    pub fn context(&self) -> tracebaton::Context<'_> {
        let trace_state = TraceState::parse(&self.trace_state).unwrap_or_default();
        let baggage = Baggage::parse(&self.baggage).unwrap_or_default();
        tracebaton::Context::new(self.ids.map(|ids| ids.with_trace_state(trace_state)), baggage)
    }

    pub(crate) const fn sampling(&self) -> Option<Sampling> {
        self.sampling
    }

    /// The W3C headers to write, for [`tracebaton::inject`] and the carriers. They borrow from this value.
    /// [`Propagators::injection`](crate::Propagators::injection) has the headers of other formats.
    ///
    /// Without a span context they replace `baggage` only, and without baggage either they replace nothing ([W2]).
    ///
    #[doc = include_str!("rules.md")]
    pub fn injection(&self) -> Injection<'_> {
        self.context().injection()
    }

    /// Sets or clears the random flag. Call it in the service that starts a trace, if that service knows whether the
    /// last seven bytes of its trace id are random ([C2]; W3C Trace Context Level 2, 3.2.2.5.2).
    ///
    /// ```
    /// # use opentelemetry::{Context, trace::TraceContextExt};
    /// # let headers = [tracebaton::Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    /// # let context = tracebaton_opentelemetry::extract_trace_context(headers);
    /// let outgoing = tracebaton_opentelemetry::inject_context(&context).with_random(true);
    /// assert!(outgoing.context().span_context.unwrap().trace_flags.is_random());
    /// ```
    #[doc = include_str!("rules.md")]
    #[must_use]
    pub fn with_random(mut self, random: bool) -> Self {
        if let Some(ids) = &mut self.ids {
            ids.trace_flags = ids.trace_flags.with_random(random);
        }
        self
    }
}
