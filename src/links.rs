//! Links to the span contexts of a batch.

use crate::context::SpanContext;
use crate::owned::OwnedSpanContext;
use core::{fmt, iter, slice};

/// The distinct span contexts of a batch, for the links of the span that processes the batch.
///
/// It keeps at most `LINKS` span contexts with at most `TRACESTATE` bytes of tracestate each. A longer tracestate is
/// left out of its link, which still has the ids.
///
/// ```
/// # use tracebaton::*;
/// # let record = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// # let batch = [record, record];
/// let mut links: Links<128, 0> = Links::default();
/// for headers in batch {
///     links.insert(extract(headers).context().span_context);
/// }
/// assert_eq!((links.len(), links.dropped()), (1, 0));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Links<const LINKS: usize, const TRACESTATE: usize> {
    /// The slots in use come first.
    links: [Option<OwnedSpanContext<TRACESTATE>>; LINKS],
    dropped: usize,
}

impl<const LINKS: usize, const TRACESTATE: usize> Links<LINKS, TRACESTATE> {
    /// No links.
    pub const EMPTY: Self = Self { links: [const { None }; LINKS], dropped: 0 };

    /// Adds the span context of a record, unless its span is already here. Counts it as dropped if there is no room.
    pub fn insert(&mut self, context: Option<SpanContext<'_>>) {
        let Some(context) = context else { return };
        let bare = |context: SpanContext<'_>| (context.trace_id, context.span_id);
        if self.iter().any(|link| bare(link) == bare(context)) {
            return;
        }
        match self.links.iter_mut().find(|link| link.is_none()) {
            Some(free) => {
                let _ = free.insert(OwnedSpanContext::without_state(&context)).assign(&context);
            }
            None => self.dropped = self.dropped.saturating_add(1),
        }
    }

    /// The span contexts, in the order in which they were added.
    pub fn iter(&self) -> LinksIter<'_, TRACESTATE> {
        LinksIter(self.links.iter().flatten())
    }

    /// Number of span contexts that are kept.
    pub fn len(&self) -> usize {
        self.iter().fold(0, |count, _| count.saturating_add(1))
    }

    /// Whether no span context is kept.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Number of span contexts that were dropped because there was no room.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }
}

impl<const LINKS: usize, const TRACESTATE: usize> Default for Links<LINKS, TRACESTATE> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const LINKS: usize, const TRACESTATE: usize> fmt::Debug for Links<LINKS, TRACESTATE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<'l, const LINKS: usize, const TRACESTATE: usize> IntoIterator for &'l Links<LINKS, TRACESTATE> {
    type Item = SpanContext<'l>;
    type IntoIter = LinksIter<'l, TRACESTATE>;

    fn into_iter(self) -> LinksIter<'l, TRACESTATE> {
        self.iter()
    }
}

/// Iterator over the span contexts of [`Links`], in the order in which they were added.
#[derive(Clone, Debug)]
pub struct LinksIter<'l, const TRACESTATE: usize>(
    iter::Flatten<slice::Iter<'l, Option<OwnedSpanContext<TRACESTATE>>>>,
);

impl<'l, const TRACESTATE: usize> Iterator for LinksIter<'l, TRACESTATE> {
    type Item = SpanContext<'l>;

    fn next(&mut self) -> Option<SpanContext<'l>> {
        self.0.next().map(OwnedSpanContext::as_borrowed)
    }
}
