//! Copies of fixed capacity, for what must outlive its record: the links of a batch, a retry.

use crate::baggage::Baggage;
use crate::context::{Context, SpanContext};
use crate::tracestate::TraceState;
use arrayvec::{ArrayVec, CapacityError};

/// A [`SpanContext`] that owns its tracestate, of at most `TRACESTATE` bytes.
#[derive(Clone, Debug)]
pub struct OwnedSpanContext<const TRACESTATE: usize> {
    ids: SpanContext<'static>,
    trace_state: ArrayVec<u8, TRACESTATE>,
}

impl<const TRACESTATE: usize> OwnedSpanContext<TRACESTATE> {
    /// Copies a span context; an error says that its tracestate has more bytes than fit.
    ///
    /// [`TraceState::truncate`] makes a tracestate of at most 512 bytes or more (C4).
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
    /// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
    /// # let received = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
    /// let kept: OwnedSpanContext<512> = OwnedSpanContext::copy(&received)?;
    /// assert_eq!(kept.as_borrowed(), received);
    /// # Ok::<(), arrayvec::CapacityError>(())
    /// ```
    pub fn copy(context: &SpanContext<'_>) -> Result<Self, CapacityError> {
        let root = SpanContext::root(context.trace_id, context.span_id, context.trace_flags);
        Ok(Self { ids: root, trace_state: copy(context.trace_state.as_bytes())? })
    }

    /// The span context, borrowed.
    pub fn as_borrowed(&self) -> SpanContext<'_> {
        SpanContext { trace_state: TraceState::from_validated(&self.trace_state), ..self.ids }
    }
}

/// A [`Context`] that owns its bytes: at most `TRACESTATE` of tracestate and `BAGGAGE` of baggage.
///
/// ```
/// # use tracebaton::*;
/// # let headers = [Header::new("baggage", "tenant=7")];
/// let retry: OwnedContext<512, 1024> = OwnedContext::copy(&extract(headers).context())?;
/// assert_eq!(retry.as_borrowed().baggage.as_bytes(), b"tenant=7");
/// # Ok::<(), arrayvec::CapacityError>(())
/// ```
#[derive(Clone, Debug)]
pub struct OwnedContext<const TRACESTATE: usize, const BAGGAGE: usize> {
    span_context: Option<OwnedSpanContext<TRACESTATE>>,
    baggage: ArrayVec<u8, BAGGAGE>,
}

impl<const TRACESTATE: usize, const BAGGAGE: usize> OwnedContext<TRACESTATE, BAGGAGE> {
    /// Copies a context; an error says that its tracestate or baggage has more bytes than fit.
    pub fn copy(context: &Context<'_>) -> Result<Self, CapacityError> {
        Ok(Self {
            span_context: context.span_context.as_ref().map(OwnedSpanContext::copy).transpose()?,
            baggage: copy(context.baggage.as_bytes())?,
        })
    }

    /// The context, borrowed.
    pub fn as_borrowed(&self) -> Context<'_> {
        Context {
            span_context: self.span_context.as_ref().map(OwnedSpanContext::as_borrowed),
            baggage: Baggage::from_validated(&self.baggage),
        }
    }
}

/// The distinct span contexts of a batch, for the links of the span that processes it: at most `LINKS`, each with at most
/// `TRACESTATE` bytes of tracestate.
///
/// A tracestate that does not fit is left out of its link; the ids are what a link is for.
///
/// ```
/// # use tracebaton::*;
/// # let record = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// # let batch = [record, record];
/// let mut links: Links<128, 0> = Links::default();
/// for headers in batch {
///     links.insert(extract(headers).context().span_context);
/// }
/// assert_eq!((links.iter().count(), links.dropped()), (1, 0));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Links<const LINKS: usize, const TRACESTATE: usize> {
    links: ArrayVec<OwnedSpanContext<TRACESTATE>, LINKS>,
    dropped: usize,
}

impl<const LINKS: usize, const TRACESTATE: usize> Links<LINKS, TRACESTATE> {
    /// Takes the span context of a record, unless its span is here already; counts it if there is no room.
    pub fn insert(&mut self, context: Option<SpanContext<'_>>) {
        let Some(context) = context else { return };
        let known = |link: &OwnedSpanContext<TRACESTATE>| {
            (link.ids.trace_id, link.ids.span_id) == (context.trace_id, context.span_id)
        };
        if self.links.iter().any(known) {
            return;
        }
        let bare = SpanContext { trace_state: TraceState::EMPTY, ..context };
        let link = OwnedSpanContext::copy(&context).or_else(|_| OwnedSpanContext::copy(&bare));
        match link.map(|link| self.links.try_push(link)) {
            Ok(Ok(())) => {}
            _ => self.dropped += 1,
        }
    }

    /// The span contexts in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = SpanContext<'_>> {
        self.links.iter().map(OwnedSpanContext::as_borrowed)
    }

    /// How many span contexts found no room.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }
}

fn copy<const CAPACITY: usize>(bytes: &[u8]) -> Result<ArrayVec<u8, CAPACITY>, CapacityError> {
    let mut copy = ArrayVec::new();
    copy.try_extend_from_slice(bytes)?;
    Ok(copy)
}
