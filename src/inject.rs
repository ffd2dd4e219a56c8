//! Injections: the headers to write into a record, and the headers that they replace (W1 to W5).

use crate::baggage::Baggage;
use crate::context::Context;
use crate::header::{Header, HeaderName};
use crate::text::Quoted;
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;
use core::fmt;

/// The headers to write into one record, and the names that they replace ([W1], [W2]).
///
/// It owns the bytes of a `traceparent` that it formats. It borrows `tracestate` and `baggage` from the context.
///
/// ```
/// # use tracebaton::*;
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// let span_context = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
/// let injection = Context::from(span_context).injection();
///
/// let mut headers = vec![(b"key".to_vec(), b"value".to_vec()), (b"Traceparent".to_vec(), b"stale".to_vec())];
/// headers.retain(|(name, _)| !injection.replaces(name));
/// headers.extend(injection.headers().map(|header| (header.name.to_vec(), header.value.unwrap().to_vec())));
/// assert_eq!(headers[1].1, b"00-01010101010101010101010101010101-0202020202020202-01");
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy)]
pub struct Injection<'a> {
    traceparent: TraceParentSource<'a>,
    formatted: [u8; TraceParent::LENGTH],
    tracestate: &'a [u8],
    baggage: &'a [u8],
    replaces_trace_context: bool,
    replaces_baggage: bool,
}

/// Where the bytes of the `traceparent` are stored.
#[derive(Clone, Copy)]
enum TraceParentSource<'a> {
    Formatted,
    /// Received bytes, forwarded unchanged; empty if there are none.
    Forwarded(&'a [u8]),
}

impl fmt::Debug for Injection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Injection").field(&self.parts()).finish()
    }
}

impl<'a> Context<'a> {
    /// The injection that makes this context the parent of the record's consumer ([W2], [W3]).
    ///
    /// With a span context it replaces all three headers. Without one it leaves the record's `traceparent` and
    /// `tracestate` unchanged, and replaces `baggage` only if the context has baggage. To remove stale headers, call
    /// [`strip`](crate::strip).
    ///
    /// ```
    /// # use tracebaton::*;
    /// let baggage = extract([Header::new("baggage", "tenant=7")]).context().injection();
    /// assert!(baggage.replaces(b"baggage") && !baggage.replaces(b"traceparent"));
    /// assert!(!Context::default().injection().replaces(b"baggage"));
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub fn injection(&self) -> Injection<'a> {
        match &self.span_context {
            Some(span_context) => {
                let formatted = span_context.traceparent().format();
                let state = span_context.trace_state;
                Injection::of(TraceParentSource::Formatted, formatted, state, self.baggage)
            }
            None => Injection {
                replaces_trace_context: false,
                replaces_baggage: !self.baggage.is_empty(),
                ..Injection::forward_validated(&[], TraceState::EMPTY, self.baggage)
            },
        }
    }

    /// The parts of [`injection`](Self::injection), whose `traceparent` is written to `value`, for language bindings.
    ///
    /// Without a span context, `value` is not changed.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let context = extract([Header::new("baggage", "tenant=7")]).context();
    /// let mut value = [0; TraceParent::LENGTH];
    /// assert!(context.injection_parts(&mut value) == context.injection().parts());
    /// ```
    #[inline(always)]
    pub fn injection_parts<'b>(&self, value: &'b mut [u8; TraceParent::LENGTH]) -> InjectionParts<'b>
    where
        'a: 'b,
    {
        let baggage: &[u8] = if self.baggage.is_empty() { &[] } else { self.baggage.as_bytes() };
        let Some(span_context) = &self.span_context else {
            return InjectionParts {
                traceparent: &[],
                tracestate: &[],
                baggage,
                replaces_trace_context: false,
                replaces_baggage: !baggage.is_empty(),
            };
        };
        *value = span_context.traceparent().format();
        let state = span_context.trace_state;
        InjectionParts {
            traceparent: value,
            tracestate: if state.is_empty() { &[] } else { state.as_bytes() },
            baggage,
            replaces_trace_context: true,
            replaces_baggage: true,
        }
    }
}

impl<'a> Injection<'a> {
    /// Forwards accepted values unchanged, without those that are empty. Replaces all three headers ([W5]).
    ///
    /// [`Extracted::forward`](crate::Extracted::forward) for a binding that keeps the values in a struct of its own:
    /// `traceparent` must be the value of an accepted header, or empty, and is written as it is.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let extracted = extract([Header::new("baggage", "tenant=7")]);
    /// let forwarded = Injection::forward_validated(b"", TraceState::EMPTY, extracted.context().baggage);
    /// assert!(forwarded.headers().eq(extracted.forward().headers()));
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub fn forward_validated(traceparent: &'a [u8], state: TraceState<'a>, baggage: Baggage<'a>) -> Self {
        Self::of(TraceParentSource::Forwarded(traceparent), [0; TraceParent::LENGTH], state, baggage)
    }

    #[inline(always)]
    fn of(
        traceparent: TraceParentSource<'a>,
        formatted: [u8; TraceParent::LENGTH],
        state: TraceState<'a>,
        baggage: Baggage<'a>,
    ) -> Self {
        Self {
            traceparent,
            formatted,
            tracestate: if state.is_empty() { &[] } else { state.as_bytes() },
            baggage: if baggage.is_empty() { &[] } else { baggage.as_bytes() },
            replaces_trace_context: true,
            replaces_baggage: true,
        }
    }

    /// Builds an injection from parts that [`parts`](Self::parts) returned. The parts are not checked.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let context = extract([Header::new("baggage", "tenant=7")]).context();
    /// let injection = context.injection();
    /// let same = Injection::from_validated_parts(injection.parts());
    /// assert!(same.headers().eq(injection.headers()));
    /// ```
    #[inline]
    pub const fn from_validated_parts(parts: InjectionParts<'a>) -> Self {
        let InjectionParts { traceparent, tracestate, baggage, replaces_trace_context, replaces_baggage } =
            parts;
        Self {
            traceparent: TraceParentSource::Forwarded(traceparent),
            formatted: [0; TraceParent::LENGTH],
            tracestate,
            baggage,
            replaces_trace_context,
            replaces_baggage,
        }
    }

    /// The parts of this injection, for a language binding that keeps them in a struct of its own.
    #[inline]
    pub const fn parts(&self) -> InjectionParts<'_> {
        InjectionParts {
            traceparent: match self.traceparent {
                TraceParentSource::Formatted => &self.formatted,
                TraceParentSource::Forwarded(value) => value,
            },
            tracestate: self.tracestate,
            baggage: self.baggage,
            replaces_trace_context: self.replaces_trace_context,
            replaces_baggage: self.replaces_baggage,
        }
    }

    /// The same injection without baggage: it leaves the record's `baggage` header unchanged.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let parent = Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    /// # let context = extract([parent, Header::new("baggage", "tenant=7")]).context();
    /// let injection = context.injection().trace_context_only();
    /// assert!(injection.replaces(b"traceparent") && !injection.replaces(b"baggage"));
    /// ```
    #[must_use]
    pub const fn trace_context_only(self) -> Self {
        Self { baggage: &[], replaces_baggage: false, ..self }
    }

    /// The same injection without trace context: it leaves the record's `traceparent` and `tracestate` unchanged.
    ///
    /// Called after [`trace_context_only`](Self::trace_context_only), it leaves an injection that changes nothing.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let context = extract([Header::new("baggage", "tenant=7")]).context();
    /// let injection = context.injection().baggage_only();
    /// assert!(injection.replaces(b"baggage") && !injection.replaces(b"traceparent"));
    /// ```
    #[must_use]
    pub const fn baggage_only(self) -> Self {
        Self {
            traceparent: TraceParentSource::Forwarded(&[]),
            tracestate: &[],
            replaces_trace_context: false,
            ..self
        }
    }

    /// Whether the injection replaces any header.
    #[inline]
    pub(crate) const fn replaces_any(&self) -> bool {
        self.replaces_trace_context | self.replaces_baggage
    }

    /// Whether the injection writes a `traceparent`.
    #[inline]
    pub(crate) const fn has_parent(&self) -> bool {
        match self.traceparent {
            TraceParentSource::Formatted => true,
            TraceParentSource::Forwarded(value) => !value.is_empty(),
        }
    }

    /// Whether the injection replaces headers of this name, compared in any letter case ([W1]).
    ///
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub fn replaces(&self, name: &[u8]) -> bool {
        HeaderName::of(name).is_some_and(|name| self.replaces_name(name))
    }

    /// Whether the injection replaces headers of this name ([W1]).
    ///
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub const fn replaces_name(&self, name: HeaderName) -> bool {
        match name {
            HeaderName::Baggage => self.replaces_baggage,
            HeaderName::TraceParent | HeaderName::TraceState => self.replaces_trace_context,
        }
    }

    /// The headers to add at the end of the record, in the order `traceparent`, `tracestate`, `baggage` ([W1], [W2]).
    ///
    /// A header without a value to write is left out.
    ///
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> + Clone {
        let InjectionParts { traceparent, tracestate, baggage, .. } = self.parts();
        Headers { traceparent, tracestate, baggage }
    }
}

/// The parts of an [`Injection`]. An empty value is not written.
///
/// Only a new major version may add a part, since an older language binding would lose it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InjectionParts<'a> {
    /// The value of `traceparent`.
    pub traceparent: &'a [u8],
    /// The value of `tracestate`.
    pub tracestate: &'a [u8],
    /// The value of `baggage`.
    pub baggage: &'a [u8],
    /// Whether the record's `traceparent` and `tracestate` are replaced.
    pub replaces_trace_context: bool,
    /// Whether the record's `baggage` is replaced.
    pub replaces_baggage: bool,
}

impl fmt::Debug for InjectionParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InjectionParts")
            .field("traceparent", &Quoted(self.traceparent))
            .field("tracestate", &Quoted(self.tracestate))
            .field("baggage", &Quoted(self.baggage))
            .field("replaces_trace_context", &self.replaces_trace_context)
            .field("replaces_baggage", &self.replaces_baggage)
            .finish()
    }
}

/// Iterator over the headers that are not yet yielded; it skips empty values.
#[derive(Clone)]
struct Headers<'a> {
    traceparent: &'a [u8],
    tracestate: &'a [u8],
    baggage: &'a [u8],
}

impl<'a> Iterator for Headers<'a> {
    type Item = Header<'a>;

    #[inline]
    fn next(&mut self) -> Option<Header<'a>> {
        let (name, value) = match () {
            () if !self.traceparent.is_empty() => (HeaderName::TraceParent, &mut self.traceparent),
            () if !self.tracestate.is_empty() => (HeaderName::TraceState, &mut self.tracestate),
            () if !self.baggage.is_empty() => (HeaderName::Baggage, &mut self.baggage),
            () => return None,
        };
        Some(Header { name: name.as_bytes(), value: Some(core::mem::take(value)) })
    }
}
