//! Carries OpenTelemetry's context across Kafka: [`tracebaton`] for services that use the `opentelemetry` crate.
//!
//! A producer calls [`inject_context`], a consumer [`extract`]: the two ends of one trace. The rules (R, W and C) are
//! those of the project's PROFILE.md.
//!
//! ```
//! # use opentelemetry_sdk::trace::SdkTracerProvider;
//! use opentelemetry::baggage::BaggageExt;
//! use opentelemetry::trace::{SpanKind, TraceContextExt, Tracer, TracerProvider};
//! use opentelemetry::{Context, KeyValue};
//!
//! # let tracer = SdkTracerProvider::default().tracer("doc");
//! // The producer: its span, and something for everyone on the way.
//! let span = tracer.span_builder("send orders").with_kind(SpanKind::Producer).start(&tracer);
//! let context = Context::current_with_span(span).with_baggage([KeyValue::new("tenant", "7")]);
//! let outgoing = tracebaton_opentelemetry::inject_context(&context);
//! # let injection = outgoing.injection();
//! let headers = injection.headers();
//!
//! // The consumer: its span is a child of the producer's.
//! let context = tracebaton_opentelemetry::extract(headers);
//! let builder = tracer.span_builder("process orders").with_kind(SpanKind::Consumer);
//! let context = context.with_span(builder.start_with_context(&tracer, &context));
//! assert_eq!(context.baggage().get("tenant").unwrap().as_str(), "7");
//! # let trace_id = outgoing.context().span_context.unwrap().trace_id;
//! # assert_eq!(context.span().span_context().trace_id().to_bytes(), trace_id.to_bytes());
//! ```
//!
//! `tracebaton-rdkafka` reads and writes the headers of rust-rdkafka's messages.
//!
//! # What OpenTelemetry's own types would lose
//!
//! - Its `TraceState` refuses keys that Level 2 allows (`a@b@c`, a long name after `@`), and one of them refuses the
//!   whole list. Here such a member is left out of the `TraceState`, and the others are in it. A context made from the
//!   extracted one remembers what came, and [`inject_context`] writes it back byte for byte (C1) unless the tracestate
//!   was changed meanwhile.
//! - It takes members that are outside the grammar, control bytes included; they are not written (W3).
//! - The SDK clears the random flag of a span that is not sampled; the context remembers that as well (C1).
//! - The SDK never sets the random flag, although its ids are random: [`Outgoing::with_random`] does (C2).
//! - Its `Baggage` has one value a name: the last wins. Members come out in the order of their names.
//! - Properties are its metadata, kept as they came, percent-encoding included (OpenTelemetry, Baggage API, "metadata").

mod baggage;
mod received;
mod trace_state;

pub use baggage::{from_baggage, to_baggage};
pub use trace_state::{from_trace_state, to_trace_state};

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::TraceContextExt;
use received::Received;
use tracebaton::{Baggage, Header, Injection, SpanContext, SpanId, TraceFlags, TraceId, TraceState};

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
    if !received.baggage.is_empty() {
        context = context.with_baggage(to_baggage(&received.baggage));
    }
    context
}

/// What a record is to carry for its consumer to find this context: its span and its baggage.
///
/// A context without a valid span gives its baggage alone, one without both gives nothing.
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
    let ids = from_ids(span_context);
    let received = context.get::<Received>().filter(|received| received.is_of(span_context));
    Outgoing {
        ids: ids.map(|ids| received.map_or(ids, |received| received.complete(ids))),
        trace_state: match received.and_then(|received| received.unchanged(span_context.trace_state())) {
            Some(bytes) => bytes.to_vec(),
            None => from_trace_state(span_context.trace_state()).into_bytes(),
        },
        baggage: from_baggage(context.baggage()),
    }
}

/// The context that a record is to carry, with its bytes.
///
/// ```
/// # let headers = [tracebaton::Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// let _attached = tracebaton_opentelemetry::extract(headers).attach();
/// let outgoing = tracebaton_opentelemetry::inject_context(&opentelemetry::Context::current());
/// assert!(outgoing.injection().headers().eq(headers));
/// assert!(outgoing.context().span_context.unwrap().trace_flags.is_sampled());
/// ```
#[derive(Clone, Debug)]
pub struct Outgoing {
    ids: Option<SpanContext<'static>>,
    trace_state: Vec<u8>,
    baggage: Vec<u8>,
}

impl Outgoing {
    /// The context, borrowed.
    pub fn context(&self) -> tracebaton::Context<'_> {
        let trace_state = TraceState::parse(&self.trace_state).unwrap_or_default();
        tracebaton::Context {
            span_context: self.ids.map(|ids| SpanContext { trace_state, ..ids }),
            baggage: Baggage::parse(&self.baggage).unwrap_or_default(),
        }
    }

    /// The headers to write, for [`tracebaton::inject`] and the carriers; they borrow from this.
    pub fn injection(&self) -> Injection<'_> {
        self.context().injection()
    }

    /// The same with the random flag set or cleared: for the service that begins a trace and knows whether its ids are
    /// random (C2; W3C Trace Context Level 2, 3.2.2.5.2).
    ///
    /// ```
    /// # use opentelemetry::{Context, trace::TraceContextExt};
    /// # let headers = [tracebaton::Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    /// # let context = tracebaton_opentelemetry::extract(headers);
    /// let outgoing = tracebaton_opentelemetry::inject_context(&context).with_random(true);
    /// assert!(outgoing.context().span_context.unwrap().trace_flags.is_random());
    /// ```
    #[must_use]
    pub fn with_random(mut self, random: bool) -> Self {
        if let Some(ids) = &mut self.ids {
            ids.trace_flags = ids.trace_flags.with_random(random);
        }
        self
    }
}

/// A span context as OpenTelemetry has it, marked as remote.
///
/// ```
/// # use tracebaton::*;
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// let link = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
/// let remote = tracebaton_opentelemetry::to_span_context(&link);
/// assert_eq!(tracebaton_opentelemetry::from_ids(&remote), Some(link));
/// ```
pub fn to_span_context(context: &SpanContext<'_>) -> opentelemetry::trace::SpanContext {
    opentelemetry::trace::SpanContext::new(
        opentelemetry::TraceId::from_bytes(context.trace_id.to_bytes()),
        opentelemetry::SpanId::from_bytes(context.span_id.to_bytes()),
        opentelemetry::TraceFlags::new(context.trace_flags.to_byte()),
        true,
        to_trace_state(&context.trace_state),
    )
}

/// The ids and flags of OpenTelemetry's span context, without its tracestate; none if one of the ids is zero.
///
/// [`from_trace_state`] gives the bytes of the tracestate.
///
/// ```
/// use opentelemetry::trace::SpanContext;
/// assert_eq!(tracebaton_opentelemetry::from_ids(&SpanContext::NONE), None);
/// ```
pub fn from_ids(context: &opentelemetry::trace::SpanContext) -> Option<SpanContext<'static>> {
    let trace_id = TraceId::from_bytes(context.trace_id().to_bytes())?;
    let span_id = SpanId::from_bytes(context.span_id().to_bytes())?;
    Some(SpanContext::root(trace_id, span_id, TraceFlags::from_byte(context.trace_flags().to_u8())))
}

/// The guides to moving here from what is there already.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../../src/guides/from_kafka_tracing_py.md")]
    struct FromKafkaTracingPy;

    #[doc = include_str!("../../../src/guides/from_carriers.md")]
    struct FromCarriers;
}
