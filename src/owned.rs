//! Copies of fixed capacity, for contexts that outlive their record: a retry, the links of a batch.

use crate::baggage::Baggage;
use crate::context::{Context, SpanContext};
use crate::id::{SpanId, TraceFlags, TraceId};
use crate::slice_writer::SliceWriter;
use crate::text::Quoted;
use crate::tracestate::TraceState;
use core::fmt;

/// Error of a copy of fixed capacity: names the parts of the context that do not fit.
///
/// ```
/// # use tracebaton::*;
/// let context = extract([Header::new("baggage", "tenant=7")]).context();
/// assert_eq!(OwnedContext::<0, 4>::copy(&context), Err(DoesNotFit::Baggage));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DoesNotFit {
    /// The tracestate is longer than the capacity.
    TraceState,
    /// The baggage is longer than the capacity.
    Baggage,
    /// The tracestate and the baggage are longer than their capacities.
    Both,
}

impl fmt::Display for DoesNotFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TraceState => "the tracestate is longer than the capacity of the copy",
            Self::Baggage => "the baggage is longer than the capacity of the copy",
            Self::Both => "the tracestate and the baggage are longer than the capacities of the copy",
        })
    }
}

impl core::error::Error for DoesNotFit {}

/// Bytes of variable length in a buffer of fixed capacity.
#[derive(Clone)]
struct Bytes<const CAPACITY: usize> {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl<const CAPACITY: usize> Bytes<CAPACITY> {
    const EMPTY: Self = Self { bytes: [0; CAPACITY], length: 0 };

    /// Copies these bytes. If they do not fit, clears the buffer and returns `false`.
    fn assign(&mut self, bytes: &[u8]) -> bool {
        let fits = SliceWriter::new(&mut self.bytes).push(bytes).is_ok();
        self.length = if fits { bytes.len() } else { 0 };
        fits
    }

    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl<const CAPACITY: usize> fmt::Debug for Bytes<CAPACITY> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Quoted(self.as_slice()).fmt(f)
    }
}

impl<const CAPACITY: usize> PartialEq for Bytes<CAPACITY> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<const CAPACITY: usize> Eq for Bytes<CAPACITY> {}

/// A span context without its tracestate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ids {
    trace_id: TraceId,
    span_id: SpanId,
    trace_flags: TraceFlags,
}

impl Ids {
    pub(crate) const fn of(context: &SpanContext<'_>) -> Self {
        let SpanContext { trace_id, span_id, trace_flags, .. } = *context;
        Self { trace_id, span_id, trace_flags }
    }

    pub(crate) const fn with(self, trace_state: &[u8]) -> SpanContext<'_> {
        let Self { trace_id, span_id, trace_flags } = self;
        SpanContext { trace_id, span_id, trace_flags, trace_state: TraceState::from_validated(trace_state) }
    }
}

/// A [`SpanContext`] that owns its bytes: a tracestate of at most `TRACESTATE` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedSpanContext<const TRACESTATE: usize> {
    ids: Ids,
    trace_state: Bytes<TRACESTATE>,
}

impl<const TRACESTATE: usize> OwnedSpanContext<TRACESTATE> {
    /// Copies a span context. Returns [`DoesNotFit`] if its tracestate is longer than `TRACESTATE` bytes.
    ///
    /// [`TraceState::truncate`] shortens a tracestate to a limit of at least 512 bytes ([C4]).
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
    /// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
    /// # let received = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
    /// let kept: OwnedSpanContext<512> = OwnedSpanContext::copy(&received)?;
    /// assert_eq!(kept.as_borrowed(), received);
    /// # Ok::<(), DoesNotFit>(())
    /// ```
    #[doc = include_str!("guides/rules.md")]
    pub fn copy(context: &SpanContext<'_>) -> Result<Self, DoesNotFit> {
        let mut copy = Self::without_state(context);
        copy.assign(context).map(|()| copy)
    }

    pub(crate) const fn without_state(context: &SpanContext<'_>) -> Self {
        Self { ids: Ids::of(context), trace_state: Bytes::EMPTY }
    }

    /// Overwrites the copy in place.
    ///
    /// Returns [`DoesNotFit`] if the tracestate is too long. Then the copy has the ids and an empty tracestate.
    pub fn assign(&mut self, context: &SpanContext<'_>) -> Result<(), DoesNotFit> {
        self.ids = Ids::of(context);
        let fits = self.trace_state.assign(context.trace_state.as_bytes());
        if fits { Ok(()) } else { Err(DoesNotFit::TraceState) }
    }

    /// The span context, borrowed from this copy.
    pub fn as_borrowed(&self) -> SpanContext<'_> {
        self.ids.with(self.trace_state.as_slice())
    }
}

/// A [`Context`] that owns its bytes: at most `TRACESTATE` bytes of tracestate and `BAGGAGE` bytes of baggage.
///
/// Its size is the sum of the two capacities and less than 64 bytes more. A capacity of 0 leaves that part out.
///
/// ```
/// # use tracebaton::*;
/// # let headers = [Header::new("baggage", "tenant=7")];
/// let retry: OwnedContext<512, 1024> = OwnedContext::copy(&extract(headers).context())?;
/// assert_eq!(retry.as_borrowed().baggage.as_bytes(), b"tenant=7");
/// assert!(size_of::<OwnedContext<0, 0>>() <= 64);
/// # Ok::<(), DoesNotFit>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedContext<const TRACESTATE: usize, const BAGGAGE: usize> {
    ids: Option<Ids>,
    trace_state: Bytes<TRACESTATE>,
    baggage: Bytes<BAGGAGE>,
}

impl<const TRACESTATE: usize, const BAGGAGE: usize> OwnedContext<TRACESTATE, BAGGAGE> {
    /// The empty context, as initial value of a `static` or of a slot that [`assign`](Self::assign) fills later.
    pub const EMPTY: Self = Self { ids: None, trace_state: Bytes::EMPTY, baggage: Bytes::EMPTY };

    /// Copies a context. Returns [`DoesNotFit`], with the parts that are too long, if it does not fit.
    pub fn copy(context: &Context<'_>) -> Result<Self, DoesNotFit> {
        let mut copy = Self::EMPTY;
        copy.assign(context).map(|()| copy)
    }

    /// Overwrites the copy in place, without a second copy on the stack.
    ///
    /// Returns [`DoesNotFit`] with the parts that are too long. Those parts are then empty in the copy; all others,
    /// and the ids, are copied.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let parent = Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    /// let received = extract([parent, Header::new("baggage", "tenant=7")]).context();
    /// let mut slot: OwnedContext<512, 4> = OwnedContext::EMPTY;
    /// assert_eq!(slot.assign(&received), Err(DoesNotFit::Baggage));
    /// assert_eq!(slot.as_borrowed(), Context::new(received.span_context, Baggage::EMPTY));
    /// ```
    pub fn assign(&mut self, context: &Context<'_>) -> Result<(), DoesNotFit> {
        self.ids = context.span_context.as_ref().map(Ids::of);
        let state = context.span_context.map_or(&[][..], |context| context.trace_state.as_bytes());
        match (self.trace_state.assign(state), self.baggage.assign(context.baggage.as_bytes())) {
            (true, true) => Ok(()),
            (false, true) => Err(DoesNotFit::TraceState),
            (true, false) => Err(DoesNotFit::Baggage),
            (false, false) => Err(DoesNotFit::Both),
        }
    }

    /// The context, borrowed from this copy.
    pub fn as_borrowed(&self) -> Context<'_> {
        Context {
            span_context: self.ids.map(|ids| ids.with(self.trace_state.as_slice())),
            baggage: Baggage::from_validated(self.baggage.as_slice()),
        }
    }
}

impl<const TRACESTATE: usize, const BAGGAGE: usize> Default for OwnedContext<TRACESTATE, BAGGAGE> {
    fn default() -> Self {
        Self::EMPTY
    }
}
