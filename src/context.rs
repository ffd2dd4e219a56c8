//! Contexts: the span context and the baggage of one record.

use crate::baggage::Baggage;
use crate::id::{SpanId, TraceFlags, TraceId};
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;

/// Identity of a span as other services see it (OpenTelemetry Trace API, SpanContext).
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
#[non_exhaustive]
pub struct SpanContext<'a> {
    /// Id of the trace that the span belongs to.
    pub trace_id: TraceId,
    /// Id of the span.
    pub span_id: SpanId,
    /// Flags of the trace.
    pub trace_flags: TraceFlags,
    /// Tracestate of the trace: one member for each vendor.
    pub trace_state: TraceState<'a>,
}

impl<'a> SpanContext<'a> {
    /// The span context of a root: the first span of a new trace, without tracestate ([C2]).
    ///
    /// Set the random flag if the right-most 7 bytes of the trace id are random (W3C Trace Context Level 2,
    /// 3.2.2.5.2).
    ///
    #[doc = include_str!("guides/rules.md")]
    pub const fn root(trace_id: TraceId, span_id: SpanId, trace_flags: TraceFlags) -> Self {
        Self { trace_id, span_id, trace_flags, trace_state: TraceState::EMPTY }
    }

    /// The span context that a record carries in these two headers.
    #[inline]
    pub const fn remote(parent: &TraceParent, trace_state: TraceState<'a>) -> Self {
        Self {
            trace_id: parent.trace_id,
            span_id: parent.parent_id,
            trace_flags: parent.trace_flags,
            trace_state,
        }
    }

    /// The span context of a child: the same trace, flags and tracestate, with another span id ([C1]).
    ///
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub const fn child(&self, span_id: SpanId) -> Self {
        Self { span_id, ..*self }
    }

    /// The same span context with the sampled flag set or cleared.
    ///
    /// W3C allows another sampled flag only together with a new span id (W3C Trace Context Level 2, 3.4).
    #[inline]
    pub const fn with_sampled(&self, sampled: bool) -> Self {
        Self { trace_flags: self.trace_flags.with_sampled(sampled), ..*self }
    }

    /// The same span context with other flags, after a new sampling decision or to correct the random flag.
    #[inline]
    pub const fn with_trace_flags(&self, trace_flags: TraceFlags) -> Self {
        Self { trace_flags, ..*self }
    }

    /// The same span context with another tracestate.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
    /// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
    /// let state = TraceState::parse(b"rojo=1")?;
    /// let root = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED).with_trace_state(state);
    /// assert_eq!(root.trace_state.as_str(), "rojo=1");
    /// # Ok::<(), TraceStateError>(())
    /// ```
    #[inline]
    pub const fn with_trace_state<'b>(&self, trace_state: TraceState<'b>) -> SpanContext<'b> {
        let Self { trace_id, span_id, trace_flags, .. } = *self;
        SpanContext { trace_id, span_id, trace_flags, trace_state }
    }

    /// The `traceparent` that makes this span the parent.
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
/// let context = Context::new(Some(root), Baggage::parse(b"tenant=7")?);
/// assert_eq!(context.injection().headers().count(), 2);
/// # Ok::<(), BaggageError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Context<'a> {
    /// Span context of the producer: the parent of the consumer's span.
    pub span_context: Option<SpanContext<'a>>,
    /// Key-value pairs of the application; they do not depend on a trace.
    pub baggage: Baggage<'a>,
}

/// Makes a context of this span, without baggage.
impl<'a> From<SpanContext<'a>> for Context<'a> {
    #[inline]
    fn from(span_context: SpanContext<'a>) -> Self {
        Self::new(Some(span_context), Baggage::EMPTY)
    }
}

impl<'a> Context<'a> {
    /// The empty context: no span context and no baggage.
    pub const EMPTY: Context<'static> = Context::new(None, Baggage::EMPTY);

    /// Makes a context of a span context and baggage.
    #[inline]
    pub const fn new(span_context: Option<SpanContext<'a>>, baggage: Baggage<'a>) -> Self {
        Self { span_context, baggage }
    }

    /// The context of a child span ([C1]). Returns `None` if there is no span context.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let headers = [Header::new(b"traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03")];
    /// let received = extract(headers).context();
    /// let sent = received.child(SpanId::generate(|bytes| bytes.fill(9))).unwrap();
    /// assert_eq!(sent.span_context.unwrap().trace_id, received.span_context.unwrap().trace_id);
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub const fn child(&self, span_id: SpanId) -> Option<Self> {
        match self.span_context {
            Some(parent) => Some(Self { span_context: Some(parent.child(span_id)), ..*self }),
            None => None,
        }
    }

    /// The context of a root in a new trace ([C2]).
    ///
    /// The baggage is kept, since it does not depend on the trace (W3C Baggage 2).
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let received = extract([Header::new("baggage", "tenant=7")]).context();
    /// # let random = |bytes: &mut [u8]| bytes.fill(7);
    /// let (trace_id, span_id) = (TraceId::generate(random), SpanId::generate(random));
    /// let sent = received.restart(trace_id, span_id, TraceFlags::SAMPLED | TraceFlags::RANDOM);
    /// assert_eq!(sent.span_context.unwrap().trace_id, trace_id);
    /// assert_eq!(sent.baggage, received.baggage);
    /// ```
    #[doc = include_str!("guides/rules.md")]
    pub const fn restart(&self, trace_id: TraceId, span_id: SpanId, trace_flags: TraceFlags) -> Self {
        Self { span_context: Some(SpanContext::root(trace_id, span_id, trace_flags)), ..*self }
    }

    /// The context of this service's own span: a child, or a root if the record has no valid `traceparent`.
    ///
    /// Only a root uses `trace_id` and `trace_flags`. The baggage is kept in both cases.
    ///
    /// A service without a sampler passes `TraceFlags::SAMPLED | TraceFlags::RANDOM`. Later samplers follow the
    /// sampled flag of their parent, so an unsampled root would drop the whole trace. Rules: [C1], [C2].
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let random = |bytes: &mut [u8]| bytes.fill(7);
    /// let (trace_id, span_id) = (TraceId::generate(random), SpanId::generate(random));
    /// let flags = TraceFlags::SAMPLED | TraceFlags::RANDOM;
    ///
    /// let parent = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")];
    /// let child = extract(parent).context().child_or_root(trace_id, span_id, flags).span_context.unwrap();
    /// assert_eq!(child.trace_id.to_string(), "0af7651916cd43dd8448eb211c80319c");
    /// assert_eq!((child.span_id, child.trace_flags), (span_id, TraceFlags::default()));
    ///
    /// let root = extract([]).context().child_or_root(trace_id, span_id, flags).span_context.unwrap();
    /// assert_eq!(root, SpanContext::root(trace_id, span_id, flags));
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub const fn child_or_root(&self, trace_id: TraceId, span_id: SpanId, trace_flags: TraceFlags) -> Self {
        match self.child(span_id) {
            Some(child) => child,
            None => self.restart(trace_id, span_id, trace_flags),
        }
    }

    /// The part of a received context that a consumer may use under a trust policy ([C6]).
    ///
    /// The record keeps its tracing headers. Before you send it again after any policy but [`TrustPolicy::Continue`], remove
    /// them with [`formats::strip`](crate::formats::strip).
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let headers = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03")];
    /// let received = extract(headers).context();
    /// let admitted = received.admit(TrustPolicy::RestartWithLink);
    /// assert_eq!((admitted.parent, admitted.link), (None, received.span_context));
    ///
    /// let parent = received.admit(TrustPolicy::ContinueResampled { sampled: false }).parent.unwrap();
    /// assert_eq!(parent.trace_flags, TraceFlags::RANDOM);
    /// ```
    #[doc = include_str!("guides/rules.md")]
    pub const fn admit(&self, policy: TrustPolicy) -> Admitted<'a> {
        let Self { span_context: parent, baggage } = *self;
        match (policy, parent) {
            (TrustPolicy::ContinueResampled { sampled }, Some(parent)) => {
                Admitted { parent: Some(parent.with_sampled(sampled)), link: None, baggage }
            }
            (TrustPolicy::Continue | TrustPolicy::ContinueResampled { .. }, parent) => {
                Admitted { parent, link: None, baggage }
            }
            (TrustPolicy::RestartWithLink, link) => Admitted { parent: None, link, baggage: Baggage::EMPTY },
            (TrustPolicy::RestartWithoutLink, _) => {
                Admitted { parent: None, link: None, baggage: Baggage::EMPTY }
            }
        }
    }
}

/// How far a consumer trusts the producer of a record ([C6]; W3C Trace Context Level 2, 6 and 7).
///
/// | policy | parent, with its tracestate | link | baggage |
/// | --- | --- | --- | --- |
/// | `Continue` | the received span | none | kept |
/// | `ContinueResampled` | the received span, with your own sampled flag | none | kept |
/// | `RestartWithLink` | none | the received span, with its tracestate | dropped |
/// | `RestartWithoutLink` | none | none | dropped |
///
/// `Continue`, `RestartWithLink` and `RestartWithoutLink` have the names of OpenTelemetry's open proposal of
/// [trace continuation strategies], which leaves tracestate and baggage open.
///
/// Both `RestartWith…` policies drop the baggage, since they do not trust it. [`Context::restart`] alone starts a new
/// trace and keeps the baggage ([C2]).
///
/// A policy decides about the context and changes no record. If you send a record again, headers of other formats (B3,
/// Datadog, ...) are still in it. A consumer that reads them continues the old trace after
/// [`RestartWithLink`](Self::RestartWithLink) and [`RestartWithoutLink`](Self::RestartWithoutLink), and follows the
/// producer's sampling decision after [`ContinueResampled`](Self::ContinueResampled).
/// [`formats::strip`](crate::formats::strip) removes them.
///
/// [trace continuation strategies]: https://github.com/open-telemetry/opentelemetry-specification/pull/5055
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TrustPolicy {
    /// The received context is the parent, with its sampled flag, tracestate and baggage.
    Continue,
    /// The received context is the parent, with its tracestate and baggage; the consumer makes a new sampling
    /// decision. This policy is not in OpenTelemetry's proposal.
    ///
    /// Vendor headers keep the producer's sampling decision in a record that is sent again, unless they are stripped.
    ContinueResampled {
        /// The consumer's sampling decision.
        sampled: bool,
    },
    /// The consumer starts a new trace with a link to the received span. The new trace has an empty tracestate; the link
    /// has the received one. The baggage is dropped.
    ///
    /// Vendor headers survive in a record that is forwarded, unless they are stripped.
    RestartWithLink,
    /// The consumer starts a new trace. It uses no part of the received context: tracestate and baggage are dropped.
    ///
    /// Vendor headers survive in a record that is forwarded, unless they are stripped.
    RestartWithoutLink,
}

/// The part of a received context that a [`TrustPolicy`] admits: a parent or a link, never both, and baggage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Admitted<'a> {
    /// Parent of the consumer's span.
    pub parent: Option<SpanContext<'a>>,
    /// Span that the consumer's root links to.
    pub link: Option<SpanContext<'a>>,
    /// Baggage that the consumer propagates.
    pub baggage: Baggage<'a>,
}
