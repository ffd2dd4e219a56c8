//! A context on the heap (feature `alloc`).

use crate::baggage::Baggage;
use crate::context::Context;
use crate::owned::Ids;
use crate::text::Quoted;
use alloc::boxed::Box;
use core::fmt;

/// A [`Context`] that owns its bytes on the heap, for a queue, another thread or a retry.
///
/// ```
/// # use tracebaton::*;
/// # let headers = [Header::new("baggage", "tenant=7")];
/// let kept: ContextBuf = extract(headers).context().into_owned();
/// assert_eq!(kept.as_borrowed().baggage.as_bytes(), b"tenant=7");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ContextBuf {
    ids: Option<Ids>,
    trace_state: Box<[u8]>,
    baggage: Box<[u8]>,
}

impl ContextBuf {
    /// The context, borrowed from this copy.
    pub fn as_borrowed(&self) -> Context<'_> {
        Context {
            span_context: self.ids.map(|ids| ids.with(&self.trace_state)),
            baggage: Baggage::from_validated(&self.baggage),
        }
    }
}

impl Context<'_> {
    /// Copies a context to the heap. [`OwnedContext`](crate::OwnedContext) is a copy without a heap.
    pub fn into_owned(self) -> ContextBuf {
        ContextBuf {
            ids: self.span_context.as_ref().map(Ids::of),
            trace_state: self.span_context.map_or(&[][..], |context| context.trace_state.as_bytes()).into(),
            baggage: self.baggage.as_bytes().into(),
        }
    }
}

impl From<Context<'_>> for ContextBuf {
    fn from(context: Context<'_>) -> Self {
        context.into_owned()
    }
}

impl fmt::Debug for ContextBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextBuf")
            .field("ids", &self.ids)
            .field("trace_state", &Quoted(&self.trace_state))
            .field("baggage", &Quoted(&self.baggage))
            .finish()
    }
}
