//! The context of one record: which span sent it, and what the application sends along.

use crate::baggage::Baggage;
use crate::id::{SpanId, TraceFlags, TraceId};
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;

/// What names a span to other services (OpenTelemetry Trace API, SpanContext).
///
/// ```
/// # use tracebaton::*;
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let [first, second] = [2, 3].map(|byte| SpanId::generate(|bytes| bytes.fill(byte)));
/// let root = SpanContext::root(trace_id, first, TraceFlags::SAMPLED.with_random(true));
/// let child = root.child(second).with_sampled(false);
/// assert_eq!((child.trace_id, child.span_id), (trace_id, second));
/// assert_eq!(child.trace_flags, TraceFlags::RANDOM);
/// assert_eq!(SpanContext::remote(&child.traceparent(), TraceState::EMPTY), child);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpanContext<'a> {
    /// The trace that the span belongs to.
    pub trace_id: TraceId,
    /// The span.
    pub span_id: SpanId,
    /// What is said of the trace.
    pub trace_flags: TraceFlags,
    /// What the tracing systems on the way have to say.
    pub trace_state: TraceState<'a>,
}

impl<'a> SpanContext<'a> {
    /// The first span of a new trace: no tracestate, and the random flag only if the caller sets it, because the ids are
    /// random (C2; W3C Trace Context Level 2, 3.2.2.5.2).
    pub const fn root(trace_id: TraceId, span_id: SpanId, trace_flags: TraceFlags) -> Self {
        Self { trace_id, span_id, trace_flags, trace_state: TraceState::EMPTY }
    }

    /// The span context that a record carries.
    #[inline]
    pub const fn remote(parent: &TraceParent, trace_state: TraceState<'a>) -> Self {
        Self {
            trace_id: parent.trace_id,
            span_id: parent.parent_id,
            trace_flags: parent.trace_flags,
            trace_state,
        }
    }

    /// A span below this one: the same trace, flags and tracestate, another span id (C1).
    #[inline]
    pub const fn child(&self, span_id: SpanId) -> Self {
        Self { span_id, ..*self }
    }

    /// The same with the sampled flag set or cleared; W3C allows it only together with a new span id (3.4).
    #[inline]
    pub const fn with_sampled(&self, sampled: bool) -> Self {
        Self { trace_flags: self.trace_flags.with_sampled(sampled), ..*self }
    }

    /// The `traceparent` that names this span as the parent.
    #[inline]
    pub const fn traceparent(&self) -> TraceParent {
        TraceParent::new(self.trace_id, self.span_id, self.trace_flags)
    }
}

/// The context of one record (OpenTelemetry Context): a span context, baggage, both or neither.
///
/// ```
/// # use tracebaton::*;
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// // The first service of a trace has both from its tracer.
/// let root = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
/// let context = Context { span_context: Some(root), baggage: Baggage::parse(b"tenant=7")? };
/// assert_eq!(context.injection().headers().count(), 2);
/// # Ok::<(), BaggageError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Context<'a> {
    /// The span that sent the record, if it is known.
    pub span_context: Option<SpanContext<'a>>,
    /// What the application sends along, with a trace or without.
    pub baggage: Baggage<'a>,
}

impl<'a> Context<'a> {
    /// The context with another span below the one it has (C1); none if it has none.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let headers = [Header::new(b"traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03")];
    /// let received = extract(headers).context();
    /// let sent = received.child(SpanId::generate(|bytes| bytes.fill(9))).unwrap();
    /// assert_eq!(sent.span_context.unwrap().trace_id, received.span_context.unwrap().trace_id);
    /// ```
    #[inline]
    pub fn child(&self, span_id: SpanId) -> Option<Self> {
        let span_context = self.span_context?.child(span_id);
        Some(Self { span_context: Some(span_context), ..*self })
    }

    /// The context with the first span of a new trace instead (C2); the baggage is kept, since it does not depend on the
    /// trace (W3C Baggage 2).
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let received = extract([Header::new("baggage", "tenant=7")]).context();
    /// # let random = |bytes: &mut [u8]| bytes.fill(7);
    /// let (trace_id, span_id) = (TraceId::generate(random), SpanId::generate(random));
    /// let sent = received.child(span_id).unwrap_or(received.restart(trace_id, span_id, TraceFlags::RANDOM));
    /// assert_eq!(sent.span_context.unwrap().trace_id, trace_id);
    /// assert_eq!(sent.baggage, received.baggage);
    /// ```
    pub const fn restart(&self, trace_id: TraceId, span_id: SpanId, trace_flags: TraceFlags) -> Self {
        Self { span_context: Some(SpanContext::root(trace_id, span_id, trace_flags)), ..*self }
    }

    /// What a consumer makes of the context of a record from a topic that it does not trust (C6).
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let headers = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03")];
    /// let received = extract(headers).context();
    /// let trusted = received.trust(Trust::RestartWithLink);
    /// assert_eq!((trusted.parent, trusted.link), (None, received.span_context));
    ///
    /// let parent = received.trust(Trust::ContinueIds { sampled: false }).parent.unwrap();
    /// assert_eq!(parent.trace_flags, TraceFlags::RANDOM);
    /// ```
    pub fn trust(&self, trust: Trust) -> Trusted<'a> {
        let parent = self.span_context;
        match trust {
            Trust::Continue => Trusted { parent, link: None, baggage: self.baggage },
            Trust::ContinueIds { sampled } => Trusted {
                parent: parent.map(|parent| parent.with_sampled(sampled)),
                link: None,
                baggage: self.baggage,
            },
            Trust::RestartWithLink => Trusted { link: parent, ..Trusted::default() },
            Trust::Ignore => Trusted::default(),
        }
    }
}

/// How far a consumer trusts who produced a record (C6; W3C Trace Context Level 2, 6 and 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trust {
    /// The record's context is the parent, as it came.
    Continue,
    /// The record's context is the parent, but whether to sample is decided anew, here.
    ContinueIds {
        /// The consumer's own decision.
        sampled: bool,
    },
    /// A new trace is begun, with a link to the record's span; baggage is dropped.
    RestartWithLink,
    /// Nothing of the record's context is used.
    Ignore,
}

/// What a consumer's span takes from a record: at most one of parent and link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Trusted<'a> {
    /// The parent of the consumer's span.
    pub parent: Option<SpanContext<'a>>,
    /// What the consumer's span, the first of a new trace, links to.
    pub link: Option<SpanContext<'a>>,
    /// The baggage to go on with.
    pub baggage: Baggage<'a>,
}
