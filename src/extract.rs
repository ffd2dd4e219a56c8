//! Extracts the context from the headers of one record (R1 to R10).

use crate::baggage::Baggage;
use crate::context::{Context, SpanContext};
use crate::error::{BaggageError, TraceParentError, TraceStateError};
use crate::header::{Header, HeaderName};
use crate::inject::Injection;
use crate::text::Quoted;
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;
use core::fmt;

/// Verdict on one of the three headers: absent, accepted or refused ([R1]).
///
/// ```
/// use tracebaton::{Header, TraceParentRule, Verdict, extract};
///
/// let extracted = extract([Header::new("traceparent", "00-none"), Header::new("baggage", "tenant=7")]);
/// let Verdict::Refused { index, error, .. } = extracted.traceparent else { panic!("accepted") };
/// assert_eq!((index, error.rule, error.offset), (0, TraceParentRule::TraceId, 3));
/// assert_eq!(extracted.tracestate, Verdict::Absent);
/// assert_eq!(extracted.baggage.accepted().unwrap().as_bytes(), b"tenant=7");
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict<T, E> {
    /// The record has no such header with a value.
    ///
    /// A `tracestate` without an accepted `traceparent` is absent too ([R7]).
    ///
    #[doc = include_str!("guides/rules.md")]
    Absent,
    /// The header is valid.
    #[non_exhaustive]
    Accepted {
        /// Index of the header in the record, from 0 (R3).
        index: usize,
        /// The value that was read.
        value: T,
    },
    /// The header breaks a rule and is not used.
    #[non_exhaustive]
    Refused {
        /// Index of the header in the record, from 0 (R3).
        index: usize,
        /// The first rule that is broken, and its offset in the value.
        error: E,
    },
}

impl<T, E> Verdict<T, E> {
    /// Whether the header was accepted.
    #[inline]
    pub const fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted { .. })
    }

    /// The broken rule and its offset, if the header was refused.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let refused = extract([Header::new("baggage", "a=\n")]).baggage;
    /// assert_eq!(refused.error().map(|error| error.rule), Some(BaggageRule::ControlByte));
    /// ```
    #[inline]
    pub const fn error(&self) -> Option<&E> {
        match self {
            Self::Refused { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Converts the value of an accepted header and keeps every other verdict.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let baggage = extract([Header::new("baggage", "tenant=7, region=eu")]).baggage;
    /// assert_eq!(baggage.map(|baggage| baggage.len()).accepted(), Some(2));
    /// ```
    pub fn map<U>(self, value_of: impl FnOnce(T) -> U) -> Verdict<U, E> {
        match self {
            Self::Absent => Verdict::Absent,
            Self::Accepted { index, value } => Verdict::Accepted { index, value: value_of(value) },
            Self::Refused { index, error } => Verdict::Refused { index, error },
        }
    }
}

impl<T: Copy, E> Verdict<T, E> {
    /// The value of an accepted header.
    #[inline]
    pub const fn accepted(&self) -> Option<T> {
        match self {
            Self::Accepted { value, .. } => Some(*value),
            _ => None,
        }
    }
}

/// The result of [`extract`]: one verdict for each of the three headers ([R1]).
///
/// ```
/// # use tracebaton::*;
/// let extracted = extract([Header::new("traceparent", "00-none"), Header::new("baggage", "tenant=7")]);
/// assert!(matches!(extracted.traceparent, Verdict::Refused { .. }));
/// assert_eq!(extracted.context().span_context, None);
/// assert_eq!(extracted.context().baggage.as_bytes(), b"tenant=7");
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extracted<'a> {
    /// The `traceparent` header.
    pub traceparent: Verdict<TraceParent, TraceParentError>,
    /// The `tracestate` header.
    pub tracestate: Verdict<TraceState<'a>, TraceStateError>,
    /// The `baggage` header.
    pub baggage: Verdict<Baggage<'a>, BaggageError>,
    /// Value of an accepted `traceparent`, otherwise empty.
    traceparent_bytes: &'a [u8],
}

impl fmt::Debug for Extracted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extracted")
            .field("traceparent", &self.traceparent)
            .field("tracestate", &self.tracestate)
            .field("baggage", &self.baggage)
            .field("traceparent_bytes", &Quoted(self.traceparent_bytes))
            .finish()
    }
}

impl<'a> Extracted<'a> {
    #[inline(always)]
    pub(crate) const fn none() -> Self {
        let (traceparent, tracestate, baggage) = (Verdict::Absent, Verdict::Absent, Verdict::Absent);
        Self { traceparent, tracestate, baggage, traceparent_bytes: &[] }
    }

    /// The context of the record, made from the accepted headers.
    #[inline]
    pub fn context(&self) -> Context<'a> {
        let trace_state = self.tracestate.accepted().unwrap_or_default();
        let parent = self.traceparent.accepted();
        Context {
            span_context: parent.map(|parent| SpanContext::remote(&parent, trace_state)),
            baggage: self.baggage.accepted().unwrap_or_default(),
        }
    }

    /// The bytes of an accepted `traceparent`, with any fields that a version above 00 has at the end ([R5]).
    ///
    /// ```
    /// # use tracebaton::*;
    /// let value = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes-next";
    /// let extracted = extract([Header::new("traceparent", value)]);
    /// assert_eq!(extracted.traceparent_bytes(), Some(value.as_bytes()));
    /// assert_eq!(extract([Header::new("traceparent", "00-none")]).traceparent_bytes(), None);
    /// ```
    #[doc = include_str!("guides/rules.md")]
    #[inline]
    pub const fn traceparent_bytes(&self) -> Option<&'a [u8]> {
        match self.traceparent {
            Verdict::Accepted { .. } => Some(self.traceparent_bytes),
            _ => None,
        }
    }

    /// The injection for a relay, which has no span of its own: it forwards the accepted values byte for byte ([W5]).
    ///
    /// The injection always replaces all three headers, so a refused value is never forwarded. If no header was
    /// accepted, it removes all three, as [`strip`](crate::strip) does.
    ///
    /// ```
    /// # use tracebaton::*;
    /// let value = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes-next";
    /// let extracted = extract([Header::new("Traceparent", value), Header::new("tracestate", "?")]);
    /// let forwarded = extracted.forward();
    /// assert!(forwarded.headers().eq([Header::new("traceparent", value)]));
    /// ```
    #[doc = include_str!("guides/rules.md")]
    pub fn forward(&self) -> Injection<'a> {
        Injection::forwarding(self.traceparent_bytes, &self.context())
    }
}

/// Extracts the context from the headers of one record, in one pass ([R1] to [R10]).
///
/// Never fails: for any bytes, the result has the valid parts of the context and a verdict for each of the three
/// headers. The time grows with the number of headers and with the length of at most three values.
///
/// ```
/// use tracebaton::{Header, extract};
///
/// let headers = [
///     Header::new("schema-id", &[0, 0xff]),
///     Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
///     Header { name: b"baggage", value: None },
/// ];
/// let context = extract(headers).context();
/// assert_eq!(context.span_context.unwrap().span_id.to_string(), "b7ad6b7169203331");
/// ```
#[doc = include_str!("guides/rules.md")]
#[inline]
pub fn extract<'a>(headers: impl IntoIterator<Item = Header<'a>>) -> Extracted<'a> {
    let mut last = [None; 3];
    let headers = headers.into_iter().enumerate();
    headers.for_each(|(index, Header { name, value })| keep_last(&mut last, index, name, || value));
    verdicts(&last)
}

/// Incremental [`extract`], for headers that arrive one at a time.
///
/// The fields are public for language bindings, which copy them into a struct of their own between two calls. No
/// version adds a field, since an older binding would lose it.
///
/// ```
/// use tracebaton::{Header, Reader};
///
/// let mut reader = Reader::new();
/// reader.add(Header::new("baggage", "tenant=7"));
/// reader.add(Header::new("Baggage", "tenant=8"));
/// reader.add(Header { name: b"baggage", value: None });
/// assert_eq!(reader.finish().context().baggage.as_bytes(), b"tenant=8");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Reader<'a> {
    /// Index and value of the last non-null `traceparent`, `tracestate` and `baggage`, in this order.
    pub last: [Option<(usize, &'a [u8])>; 3],
    /// Number of headers added so far. It is the index of the next header.
    pub header_count: usize,
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.last.map(|last| last.map(|(index, value)| (index, Quoted(value))));
        f.debug_struct("Reader").field("last", &last).field("header_count", &self.header_count).finish()
    }
}

impl<'a> Reader<'a> {
    /// A reader that has seen no header.
    #[inline]
    pub const fn new() -> Self {
        Self { last: [None; 3], header_count: 0 }
    }

    /// Adds the next header.
    #[inline]
    pub fn add(&mut self, header: Header<'a>) {
        self.add_at(self.header_count, header.name, || header.value);
        self.header_count = self.header_count.wrapping_add(1);
    }

    /// Adds the header at `index`. Calls `value` only if `name` is one of the three names.
    ///
    /// Does not change [`header_count`](Self::header_count).
    ///
    /// ```
    /// # use tracebaton::Reader;
    /// let mut reader = Reader::new();
    /// reader.add_at(0, b"schema-id", || unreachable!());
    /// reader.add_at(1, b"baggage", || Some(b"tenant=7"));
    /// assert_eq!(reader.last[2], Some((1, &b"tenant=7"[..])));
    /// ```
    #[inline(always)]
    pub fn add_at(&mut self, index: usize, name: &[u8], value: impl FnOnce() -> Option<&'a [u8]>) {
        keep_last(&mut self.last, index, name, value);
    }

    /// Checks the values that were found and returns the verdicts.
    #[inline]
    pub fn finish(&self) -> Extracted<'a> {
        verdicts(&self.last)
    }
}

/// Index and value of a header.
type Found<'a> = Option<(usize, &'a [u8])>;

/// Keeps the last header with a value; a null value changes nothing (R3, R4).
#[inline(always)]
fn keep_last<'a>(
    last: &mut [Found<'a>; 3],
    index: usize,
    name: &[u8],
    value: impl FnOnce() -> Option<&'a [u8]>,
) {
    if let Some(last) = HeaderName::select(name, last.each_mut())
        && let Some(value) = value()
    {
        *last = Some((index, value));
    }
}

/// Fast path: the verdicts if every header passes its own fast path. Otherwise [`verdicts_slow`] starts over.
fn verdicts<'a>(last: &[Found<'a>; 3]) -> Extracted<'a> {
    let mut extracted = Extracted::none();
    let [traceparent, tracestate, baggage] = last;
    if let Some((index, bytes)) = *baggage {
        let Some(value) = Baggage::parse_fast(bytes) else { return verdicts_slow(last) };
        extracted.baggage = Verdict::Accepted { index, value };
    }
    let Some((index, bytes)) = *traceparent else { return extracted };
    let Some(value) = TraceParent::parse_fast(bytes) else { return verdicts_slow(last) };
    extracted.traceparent = Verdict::Accepted { index, value };
    extracted.traceparent_bytes = bytes;
    if let Some((index, bytes)) = *tracestate {
        let Some(value) = TraceState::parse_fast(bytes) else { return verdicts_slow(last) };
        extracted.tracestate = Verdict::Accepted { index, value };
    }
    extracted
}

#[cold]
fn verdicts_slow<'a>([traceparent, tracestate, baggage]: &[Found<'a>; 3]) -> Extracted<'a> {
    let mut extracted = Extracted {
        traceparent: verdict(*traceparent, TraceParent::parse),
        baggage: verdict(*baggage, Baggage::parse),
        ..Extracted::none()
    };
    if let Verdict::Accepted { .. } = extracted.traceparent {
        extracted.traceparent_bytes = traceparent.map_or(&[], |(_, value)| value);
        extracted.tracestate = verdict(*tracestate, TraceState::parse);
    }
    extracted
}

fn verdict<'a, T, E>(found: Found<'a>, parse: impl FnOnce(&'a [u8]) -> Result<T, E>) -> Verdict<T, E> {
    let Some((index, value)) = found else { return Verdict::Absent };
    match parse(value) {
        Ok(value) => Verdict::Accepted { index, value },
        Err(error) => Verdict::Refused { index, error },
    }
}
