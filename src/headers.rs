//! Record headers: finding the context in them (R1 to R10), and putting it there (W1 to W6).

use crate::baggage::Baggage;
use crate::context::{Context, SpanContext};
use crate::error::{BaggageError, TraceParentError, TraceStateError};
use crate::injection::Injection;
use crate::traceparent::TraceParent;
use crate::tracestate::TraceState;

/// One header of a Kafka record: both parts are bytes, and a null value is not an empty one.
///
/// ```
/// use tracebaton::Header;
///
/// let (null, empty) = (Header { name: b"note", value: None }, Header::new("note", ""));
/// assert_ne!(null, empty);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Header<'a> {
    /// Its name, which need not be UTF-8.
    pub name: &'a [u8],
    /// Its value; none is Kafka's null.
    pub value: Option<&'a [u8]>,
}

impl<'a> Header<'a> {
    /// A header with a value.
    pub fn new(name: &'a (impl AsRef<[u8]> + ?Sized), value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { name: name.as_ref(), value: Some(value.as_ref()) }
    }
}

/// The names of the three headers, in the order in which they are written (W1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// `traceparent`
    TraceParent,
    /// `tracestate`
    TraceState,
    /// `baggage`
    Baggage,
}

impl Name {
    /// Which of the three names this is, in any letter case and whole (R2).
    ///
    /// ```
    /// use tracebaton::Name;
    /// assert_eq!(Name::of(b"TraceParent"), Some(Name::TraceParent));
    /// assert_eq!(Name::of(b"traceparent\0"), None);
    /// ```
    #[inline]
    pub fn of(name: &[u8]) -> Option<Self> {
        Self::one_of(name, [Self::TraceParent, Self::TraceState, Self::Baggage])
    }

    /// What stands for this name, in the order in which they are written.
    #[inline(always)]
    fn one_of<T>(name: &[u8], [traceparent, tracestate, baggage]: [T; 3]) -> Option<T> {
        // Most names end here: one test for three lengths, and for those that are 64 more.
        if (1_u64 << 11 | 1 << 10 | 1 << 7) >> (name.len() % 64) & 1 == 0 {
            return None;
        }
        match name.len() {
            11 if is_name(name, b"tracepar", b"ceparent") => Some(traceparent),
            10 if is_name(name, b"tracesta", b"acestate") => Some(tracestate),
            7 if is_name(name, b"bagg", b"gage") => Some(baggage),
            _ => None,
        }
    }

    /// The name as it is written: in lower case (W3C Trace Context Level 2, 3.2.1).
    ///
    /// ```
    /// assert_eq!(tracebaton::Name::Baggage.as_bytes(), b"baggage");
    /// ```
    #[inline]
    pub const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::TraceParent => b"traceparent",
            Self::TraceState => b"tracestate",
            Self::Baggage => b"baggage",
        }
    }
}

/// What became of one of the three headers.
///
/// ```
/// use tracebaton::{Header, TraceParentRule, Verdict, extract};
///
/// let extracted = extract([Header::new("traceparent", "00-none"), Header::new("baggage", "tenant=7")]);
/// let Verdict::Refused { index, error } = extracted.traceparent else { panic!("accepted") };
/// assert_eq!((index, error.rule, error.offset), (0, TraceParentRule::TraceId, 3));
/// assert_eq!(extracted.tracestate, Verdict::Absent);
/// assert_eq!(extracted.baggage.accepted().unwrap().as_bytes(), b"tenant=7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict<T, E> {
    /// The record has none with a value; or, for `tracestate`, no `traceparent` that was accepted (R7).
    Absent,
    /// It is in order.
    Accepted {
        /// Which header of the record it is, counted from 0 (R3).
        index: usize,
        /// What it says.
        value: T,
    },
    /// It breaks a rule, and is not used.
    Refused {
        /// Which header of the record it is, counted from 0 (R3).
        index: usize,
        /// The first rule it breaks, and where.
        error: E,
    },
}

impl<T: Copy, E> Verdict<T, E> {
    /// What the header says, if it was accepted.
    #[inline]
    pub const fn accepted(&self) -> Option<T> {
        match self {
            Self::Accepted { value, .. } => Some(*value),
            _ => None,
        }
    }
}

/// What the headers of one record say, and for each of the three why it could not be used (R1).
///
/// ```
/// # use tracebaton::*;
/// let extracted = extract([Header::new("traceparent", "00-none"), Header::new("baggage", "tenant=7")]);
/// assert!(matches!(extracted.traceparent, Verdict::Refused { .. }));
/// assert_eq!(extracted.context().span_context, None);
/// assert_eq!(extracted.context().baggage.as_bytes(), b"tenant=7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Extracted<'a> {
    /// The `traceparent` header.
    pub traceparent: Verdict<TraceParent, TraceParentError>,
    /// The `tracestate` header.
    pub tracestate: Verdict<TraceState<'a>, TraceStateError>,
    /// The `baggage` header.
    pub baggage: Verdict<Baggage<'a>, BaggageError>,
    /// The bytes of an accepted `traceparent`.
    traceparent_value: &'a [u8],
}

impl<'a> Extracted<'a> {
    #[inline(always)]
    const fn none() -> Self {
        let (traceparent, tracestate, baggage) = (Verdict::Absent, Verdict::Absent, Verdict::Absent);
        Self { traceparent, tracestate, baggage, traceparent_value: &[] }
    }

    /// The record's context: what was accepted.
    #[inline]
    pub fn context(&self) -> Context<'a> {
        let trace_state = self.tracestate.accepted().unwrap_or_default();
        let parent = self.traceparent.accepted();
        Context {
            span_context: parent.map(|parent| SpanContext::remote(&parent, trace_state)),
            baggage: self.baggage.accepted().unwrap_or_default(),
        }
    }

    /// What a pass-through sends on: the accepted values byte for byte, nothing of what was refused (W5).
    ///
    /// ```
    /// # use tracebaton::*;
    /// let value = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes-next";
    /// let extracted = extract([Header::new("Traceparent", value), Header::new("tracestate", "?")]);
    /// let forwarded = extracted.forward();
    /// assert!(forwarded.headers().eq([Header::new("traceparent", value)]));
    /// ```
    pub fn forward(&self) -> Injection<'a> {
        Injection::forwarding(self.traceparent_value, &self.context())
    }
}

/// Finds the context of a record in its headers, in one pass (R1 to R10).
///
/// It is total: whatever the headers hold, it gives what it could use, and for each of the three why it could not. The
/// time it takes grows with the number of headers and the bytes of at most three values.
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
#[inline]
pub fn extract<'a>(headers: impl IntoIterator<Item = Header<'a>>) -> Extracted<'a> {
    let mut found = [(0, None); 3];
    headers.into_iter().enumerate().for_each(|(index, Header { name, value })| {
        if let Some(found) = Name::one_of(name, found.each_mut())
            && value.is_some()
        {
            *found = (index, value);
        }
    });
    verdicts(&found)
}

/// Reads the values of `traceparent`, `tracestate` and `baggage` where their headers are found already: of each the last
/// that is not null (R3, R4), after its index. Otherwise as [`extract`].
///
/// ```
/// let extracted = tracebaton::extract_values(&[(0, None), (0, None), (4, Some(b"tenant=7"))]);
/// assert_eq!(extracted.context().baggage.get("tenant").unwrap().value().to_string(), "7");
/// ```
#[inline]
pub fn extract_values<'a>(values: &[(usize, Option<&'a [u8]>); 3]) -> Extracted<'a> {
    verdicts(values)
}

/// Which header of the record it is, and its value.
type Found<'a> = (usize, Option<&'a [u8]>);

/// What the headers say, where all that are there are in order; otherwise [`verdicts_one_by_one`].
#[inline(never)]
fn verdicts<'a>(found: &[Found<'a>; 3]) -> Extracted<'a> {
    let mut extracted = Extracted::none();
    let [traceparent, tracestate, baggage] = found;
    if let (index, Some(bytes)) = *baggage {
        let Some(value) = Baggage::parse_in_order(bytes) else { return verdicts_one_by_one(found) };
        extracted.baggage = Verdict::Accepted { index, value };
    }
    let (index, Some(bytes)) = *traceparent else { return extracted };
    let Some(value) = TraceParent::parse_in_order(bytes) else { return verdicts_one_by_one(found) };
    extracted.traceparent = Verdict::Accepted { index, value };
    extracted.traceparent_value = bytes;
    if let (index, Some(bytes)) = *tracestate {
        let Some(value) = TraceState::parse_in_order(bytes) else { return verdicts_one_by_one(found) };
        extracted.tracestate = Verdict::Accepted { index, value };
    }
    extracted
}

#[cold]
#[inline(never)]
fn verdicts_one_by_one<'a>([traceparent, tracestate, baggage]: &[Found<'a>; 3]) -> Extracted<'a> {
    let mut extracted = Extracted {
        traceparent: verdict(*traceparent, TraceParent::parse),
        baggage: verdict(*baggage, Baggage::parse),
        ..Extracted::none()
    };
    if let Verdict::Accepted { .. } = extracted.traceparent {
        extracted.traceparent_value = traceparent.1.unwrap_or_default();
        extracted.tracestate = verdict(*tracestate, TraceState::parse);
    }
    extracted
}

fn verdict<'a, T, E>(
    (index, value): Found<'a>,
    parse: impl FnOnce(&'a [u8]) -> Result<T, E>,
) -> Verdict<T, E> {
    match value.map(parse) {
        None => Verdict::Absent,
        Some(Ok(value)) => Verdict::Accepted { index, value },
        Some(Err(error)) => Verdict::Refused { index, error },
    }
}

/// Whether a name begins and ends with these lower-case letters, in any case; together they must cover it.
#[inline(always)]
fn is_name<const LETTERS: usize>(name: &[u8], first: &[u8; LETTERS], last: &[u8; LETTERS]) -> bool {
    // Of all bytes only a letter's two cases give that letter with this bit set.
    let lower = |letters: &[u8; LETTERS]| letters.map(|letter| letter | 0x20);
    name.first_chunk().map(lower) == Some(*first) && name.last_chunk().map(lower) == Some(*last)
}
