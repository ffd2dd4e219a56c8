//! What one record is to carry, and the carriers that take it (W1 to W6).

use crate::context::Context;
use crate::headers::{Header, Name};
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;
use crate::{Verdict, extract};

/// The headers that one record is to carry: it owns the bytes of a `traceparent` and borrows the others.
///
/// ```
/// # use tracebaton::*;
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// let span_context = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
/// let injection = Context { span_context: Some(span_context), ..Context::default() }.injection();
///
/// let mut headers = vec![(b"key".to_vec(), b"value".to_vec()), (b"Traceparent".to_vec(), b"stale".to_vec())];
/// headers.retain(|(name, _)| !injection.replaces(name));
/// headers.extend(injection.headers().map(|header| (header.name.to_vec(), header.value.unwrap().to_vec())));
/// assert_eq!(headers[1].1, b"00-01010101010101010101010101010101-0202020202020202-01");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Injection<'a> {
    traceparent: Source<'a>,
    formatted: [u8; TraceParent::LENGTH],
    tracestate: &'a [u8],
    baggage: &'a [u8],
    /// Which headers are replaced; the others are not touched.
    carries_trace_context: bool,
    carries_baggage: bool,
}

/// Where the `traceparent` is.
#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Formatted,
    /// As it came; empty if there is none.
    Forwarded(&'a [u8]),
}

impl<'a> Context<'a> {
    /// What a record is to carry for its consumer to find this context (W2, W3).
    #[inline]
    pub fn injection(&self) -> Injection<'a> {
        match &self.span_context {
            Some(span_context) => Injection::of(self, Source::Formatted, span_context.traceparent().format()),
            None => Injection::forwarding(&[], self),
        }
    }
}

impl<'a> Injection<'a> {
    /// The bytes of a `traceparent` as they came, or none if there are none (W5).
    #[inline]
    pub(crate) fn forwarding(traceparent: &'a [u8], context: &Context<'a>) -> Self {
        Self::of(context, Source::Forwarded(traceparent), [0; TraceParent::LENGTH])
    }

    #[inline(always)]
    fn of(context: &Context<'a>, traceparent: Source<'a>, formatted: [u8; TraceParent::LENGTH]) -> Self {
        let state = context.span_context.map_or(TraceState::EMPTY, |context| context.trace_state);
        Self {
            traceparent,
            formatted,
            tracestate: if state.is_empty() { &[] } else { state.as_bytes() },
            baggage: if context.baggage.is_empty() { &[] } else { context.baggage.as_bytes() },
            carries_trace_context: true,
            carries_baggage: true,
        }
    }

    /// The same without baggage: a `baggage` header of the record is neither replaced nor removed.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let context = extract([Header::new("baggage", "tenant=7")]).context();
    /// let injection = context.injection().trace_context_only();
    /// assert!(injection.replaces(b"traceparent") && !injection.replaces(b"baggage"));
    /// ```
    #[must_use]
    pub const fn trace_context_only(self) -> Self {
        Self { baggage: &[], carries_baggage: false, ..self }
    }

    /// The same without `traceparent` and `tracestate`: those of the record are neither replaced nor removed. After
    /// [`trace_context_only`](Self::trace_context_only) it carries nothing, and changes nothing.
    ///
    /// ```
    /// # use tracebaton::*;
    /// # let context = extract([Header::new("baggage", "tenant=7")]).context();
    /// let injection = context.injection().baggage_only();
    /// assert!(injection.replaces(b"baggage") && !injection.replaces(b"traceparent"));
    /// ```
    #[must_use]
    pub const fn baggage_only(self) -> Self {
        Self { traceparent: Source::Forwarded(&[]), tracestate: &[], carries_trace_context: false, ..self }
    }

    /// Whether a header of this name has to go before the new ones are added, in any letter case (W1).
    #[inline]
    pub fn replaces(&self, name: &[u8]) -> bool {
        match Name::of(name) {
            None => false,
            Some(Name::Baggage) => self.carries_baggage,
            Some(Name::TraceParent | Name::TraceState) => self.carries_trace_context,
        }
    }

    /// The headers to add at the end: `traceparent`, `tracestate`, `baggage`, without those that are empty (W1, W2).
    #[inline]
    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> + Clone {
        let traceparent = match self.traceparent {
            Source::Formatted => &self.formatted,
            Source::Forwarded(value) => value,
        };
        Headers { traceparent, tracestate: self.tracestate, baggage: self.baggage }
    }
}

/// The headers that are still to come: those that are not empty.
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
            () if !self.traceparent.is_empty() => (Name::TraceParent, &mut self.traceparent),
            () if !self.tracestate.is_empty() => (Name::TraceState, &mut self.tracestate),
            () if !self.baggage.is_empty() => (Name::Baggage, &mut self.baggage),
            () => return None,
        };
        Some(Header { name: name.as_bytes(), value: Some(core::mem::take(value)) })
    }
}

/// Record headers that can be changed.
///
/// `'v` is how long the bytes live that are added: a carrier that copies takes any, one that borrows names its own.
///
/// ```
/// use std::convert::Infallible;
/// use tracebaton::{Carrier, Header, extract, inject};
///
/// struct Headers(Vec<(String, Vec<u8>)>);
///
/// impl Carrier<'_> for Headers {
///     type Error = Infallible;
///
///     fn headers(&self) -> impl Iterator<Item = Header<'_>> {
///         self.0.iter().map(|(name, value)| Header::new(name, value))
///     }
///
///     fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Infallible> {
///         Ok(self.0.retain(|(name, _)| !unwanted(name.as_bytes())))
///     }
///
///     fn add(&mut self, header: Header<'_>) -> Result<(), Infallible> {
///         let name = String::from_utf8_lossy(header.name).into_owned();
///         Ok(self.0.push((name, header.value.unwrap_or_default().to_vec())))
///     }
/// }
///
/// let mut headers = Headers(vec![("Baggage".into(), b"tenant=7".to_vec()), ("key".into(), b"1".to_vec())]);
/// let received = Headers(vec![("baggage".into(), b"tenant=8".to_vec())]);
/// inject(&extract(received.headers()).forward(), &mut headers)?;
/// assert_eq!(headers.0[1], ("baggage".into(), b"tenant=8".to_vec()));
/// # Ok::<(), Infallible>(())
/// ```
pub trait Carrier<'v> {
    /// Why a header could not be taken or removed.
    type Error;

    /// The headers in their order.
    fn headers(&self) -> impl Iterator<Item = Header<'_>>;

    /// Removes every header whose name is `unwanted`; the others keep their order and bytes. An error has removed none.
    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), Self::Error>;

    /// Adds a header at the end. An error has added none.
    fn add(&mut self, header: Header<'v>) -> Result<(), Self::Error>;
}

/// Puts a context into a record's headers: replaces what is there (W1), all or none (W6).
///
/// An error is the carrier's. The record is then without a context, or untouched, and can still be sent.
///
/// ```
/// # use tracebaton::*;
/// # let received = [Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
/// # let random = |bytes: &mut [u8]| bytes.fill(7);
/// let child = extract(received).context().child(SpanId::generate(random)).unwrap();
/// let injection = child.injection();
/// let mut headers = arrayvec::ArrayVec::<Header, 8>::from_iter(received); // the feature `arrayvec`
/// inject(&injection, &mut headers)?;
/// assert_eq!(headers.len(), 1);
/// assert_ne!(headers[0].value, received[0].value);
/// # Ok::<(), CarrierFull>(())
/// ```
pub fn inject<'v, C: Carrier<'v>>(injection: &'v Injection<'_>, carrier: &mut C) -> Result<(), C::Error> {
    carrier.remove(|name| injection.replaces(name))?;
    for header in injection.headers() {
        if let Err(error) = carrier.add(header) {
            carrier.remove(|name| injection.replaces(name))?;
            return Err(error);
        }
    }
    Ok(())
}

/// Like [`inject`], unless the record has a `traceparent` already that is accepted: its creator's context is kept (W4).
///
/// Says whether the context was put in.
///
/// ```
/// # use tracebaton::*;
/// # let (injection, parent) = (Context::default().injection(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
/// let mut headers = arrayvec::ArrayVec::<Header, 8>::from_iter([Header::new("traceparent", parent)]);
/// assert_eq!(inject_if_absent(&injection, &mut headers), Ok(false));
/// ```
pub fn inject_if_absent<'v, C: Carrier<'v>>(
    injection: &'v Injection<'_>,
    carrier: &mut C,
) -> Result<bool, C::Error> {
    if let Verdict::Accepted { .. } = extract(carrier.headers()).traceparent {
        return Ok(false);
    }
    inject(injection, carrier).map(|()| true)
}
