//! Writes other formats beside W3C or instead of it (F13).

use super::context::Sampling;
use super::format::{Format, Formats};
use crate::carrier::replace;
use crate::{Carrier, Context, Header, Injected, Injection, SpanId, TraceId, hex};

/// The headers to write into one record in several formats, and the headers that they replace.
///
/// It owns the bytes of all values but `tracestate` and `baggage`.
///
#[cfg_attr(feature = "arrayvec", doc = "```")]
#[cfg_attr(not(feature = "arrayvec"), doc = "```ignore")]
/// # use tracebaton::*;
/// use tracebaton::formats::{Format, FormatInjection, Formats, inject};
///
/// # let trace_id = TraceId::generate(|bytes| bytes.fill(1));
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// # let span_context = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED);
/// let context = Context::from(span_context);
/// let written = Format::TraceContext | Format::B3;
/// let injection = FormatInjection::new(&context, written).replacing(Formats::ALL);
///
/// let mut headers = arrayvec::ArrayVec::<Header, 8>::from_iter([Header::new("X-B3-TraceId", "stale")]);
/// inject(&injection, &mut headers)?;
/// assert_eq!(headers.len(), 2);
/// assert_eq!(headers[1], Header::new("b3", "01010101010101010101010101010101-0202020202020202-1"));
/// # Ok::<(), CarrierFull>(())
/// ```
#[derive(Clone, Debug)]
pub struct FormatInjection<'a> {
    w3c: Injection<'a>,
    written: Formats,
    replaced: Formats,
    ids: Option<(TraceId, SpanId)>,
    sampling: Sampling,
    /// None without ids, or if only W3C's headers are written.
    texts: Option<Texts>,
}

impl<'a> FormatInjection<'a> {
    /// The injection of this context in these formats. Formats that cannot be written are ignored: see
    /// [`Format::WRITABLE`].
    ///
    /// Each format replaces its own headers, in any letter case. Without a span context only baggage is written and
    /// replaced; without baggage either, nothing is ([W2]).
    ///
    #[doc = include_str!("../guides/rules.md")]
    pub fn new(context: &Context<'a>, written: impl Into<Formats>) -> Self {
        let written = Format::WRITABLE & written;
        let mut w3c = context.injection();
        if !written.contains(Format::TraceContext) {
            w3c = w3c.baggage_only();
        }
        if !written.contains(Format::Baggage) {
            w3c = w3c.trace_context_only();
        }
        let sampled = context.span_context.is_some_and(|span| span.trace_flags.is_sampled());
        let ids = context.span_context.map(|span| (span.trace_id, span.span_id));
        let sampling = Sampling::decided(sampled);
        let replaced = match ids {
            Some(_) => written,
            None if context.baggage.is_empty() => Formats::NONE,
            None => written & Format::Baggage,
        };
        Self { w3c, written, replaced, ids, sampling, texts: None }.sampling(sampling)
    }

    /// The same injection with another sampling decision: deferred or debug, for the formats that support it.
    ///
    /// The flag in `traceparent` does not change.
    #[must_use]
    pub fn sampling(self, sampling: Sampling) -> Self {
        let ids = self.ids.filter(|_| !self.written.is_w3c());
        let texts = ids.map(|(trace_id, span_id)| Texts::of(trace_id, span_id, sampling));
        Self { sampling, texts, ..self }
    }

    /// The same injection, which also removes the headers of these formats.
    #[must_use]
    pub fn replacing(self, formats: impl Into<Formats>) -> Self {
        Self { replaced: self.replaced | formats.into(), ..self }
    }

    /// Whether a header of this name is removed before the new headers are added.
    pub fn replaces(&self, name: &[u8]) -> bool {
        self.replaced.contains_name(name)
    }

    /// The headers to add at the end: first those of W3C, then those of each format in the order of [`Format::ALL`].
    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> + Clone {
        let others = self.texts.as_ref().into_iter().flat_map(|texts| self.others(texts));
        let written = self.named();
        let others = others.filter(move |(format, _, value)| written.contains(*format) && !value.is_empty());
        let others = others.map(|(_, name, value)| Header { name: name.as_bytes(), value: Some(value) });
        self.w3c.headers().chain(others)
    }

    /// The formats to write that can name the trace.
    fn named(&self) -> Formats {
        match &self.texts {
            Some(texts) if texts.has_datadog_id() => self.written,
            _ => self.written.without(Format::Datadog),
        }
    }

    /// Whether a header with the ids of the span is written.
    fn has_parent(&self) -> bool {
        let formats = self.named().without(Format::Baggage);
        let formats = match self.sampling {
            Sampling::Deny => formats.without(Format::Instana),
            _ => formats,
        };
        self.ids.is_some() && formats != Formats::NONE
    }

    /// All headers; those that have no value to write are empty.
    fn others<'s>(&self, texts: &'s Texts) -> [Other<'s>; 13] {
        let b3 = &texts.b3;
        let [trace_id, span_id] = [b3.get(..32), b3.get(33..49)].map(Option::unwrap_or_default);
        let (b3_length, sampled, debug, priority, level): (_, &[u8], &[u8], &[u8], &[u8]) =
            match self.sampling {
                Sampling::Accept => (51, b"1", b"", b"1", b"1"),
                Sampling::Deny => (51, b"0", b"", b"0", b"0"),
                Sampling::Debug => (51, b"", b"1", b"2", b"1"),
                Sampling::Defer => (49, b"", b"", b"", b""),
            };
        let tags = texts.datadog_tags.as_ref().map_or(&[][..], |tags| tags);
        // A suppressed trace has no ids in Instana's format.
        let traced = |id: &'s [u8]| if let Sampling::Deny = self.sampling { &[][..] } else { id };
        let (multi, datadog, instana) = (Format::B3Multi, Format::Datadog, Format::Instana);
        [
            (Format::B3, "b3", b3.get(..b3_length).unwrap_or_default()),
            (multi, "x-b3-traceid", trace_id),
            (multi, "x-b3-spanid", span_id),
            (multi, "x-b3-sampled", sampled),
            (multi, "x-b3-flags", debug),
            (Format::Jaeger, "uber-trace-id", &texts.jaeger),
            (datadog, "x-datadog-trace-id", texts.datadog_trace.as_bytes()),
            (datadog, "x-datadog-parent-id", texts.datadog_parent.as_bytes()),
            (datadog, "x-datadog-sampling-priority", priority),
            (datadog, "x-datadog-tags", tags),
            (instana, "X_INSTANA_T", traced(trace_id)),
            (instana, "X_INSTANA_S", traced(span_id)),
            (instana, "X_INSTANA_L_S", level),
        ]
    }
}

/// One header in its format: name and value.
type Other<'s> = (Format, &'static str, &'s [u8]);

/// The ids in the spellings of the formats.
#[derive(Clone, Debug)]
struct Texts {
    /// The headers of B3 and of Instana borrow their digits of the ids from this value as well.
    b3: [u8; 51],
    jaeger: [u8; 53],
    datadog_trace: Decimal,
    datadog_parent: Decimal,
    /// The upper half of the trace id; empty if it is zero.
    datadog_tags: Option<[u8; 26]>,
}

impl Texts {
    fn of(trace_id: TraceId, span_id: SpanId, sampling: Sampling) -> Self {
        let (trace, span) = (trace_id.to_hex(), span_id.to_hex());
        let (b3_state, jaeger_flags) = match sampling {
            Sampling::Accept => (b"1", b"1"),
            Sampling::Deny | Sampling::Defer => (b"0", b"0"),
            Sampling::Debug => (b"d", b"3"),
        };
        let [high, low] = halves(trace_id);
        let tags = || joined([b"_dd.p.tid=", &hex::encode::<8, 16>(&high.to_be_bytes())]);
        Self {
            b3: joined([&trace, b"-", &span, b"-", b3_state]),
            jaeger: joined([&trace, b":", &span, b":0:", jaeger_flags]),
            datadog_trace: Decimal::of(low),
            datadog_parent: Decimal::of(u64::from_be_bytes(span_id.to_bytes())),
            datadog_tags: (high != 0).then(tags),
        }
    }

    /// Whether Datadog can name the trace: its readers refuse a trace id whose lower half is zero.
    fn has_datadog_id(&self) -> bool {
        !self.datadog_trace.as_bytes().is_empty()
    }
}

fn halves(trace_id: TraceId) -> [u64; 2] {
    let id = u128::from_be_bytes(trace_id.to_bytes());
    [(id >> 64) as u64, id as u64]
}

/// Joins the parts as far as they fit.
fn joined<const SIZE: usize, const PARTS: usize>(parts: [&[u8]; PARTS]) -> [u8; SIZE] {
    let mut whole = [0; SIZE];
    whole.iter_mut().zip(parts.into_iter().flatten()).for_each(|(to, from)| *to = *from);
    whole
}

/// A number in decimal digits.
#[derive(Clone, Copy, Debug)]
struct Decimal {
    /// The digits, right-aligned; none for 0.
    digits: [u8; 20],
    start: usize,
}

impl Decimal {
    fn of(mut number: u64) -> Self {
        let mut digits = [b'0'; 20];
        for digit in digits.iter_mut().rev() {
            *digit += (number % 10) as u8;
            number /= 10;
        }
        let start = digits.iter().take_while(|digit| **digit == b'0').count();
        Self { digits, start }
    }

    fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
}

/// Writes a context into a record's headers in several formats ([F13]).
///
/// All headers are written, or none. Returns [`Injected::Parent`] if one of them has the ids of the span, or the
/// carrier's error. The record can still be sent: it is unchanged, or
/// has no header of the formats that are written or replaced ([W6]).
///
#[cfg_attr(feature = "arrayvec", doc = "```")]
#[cfg_attr(not(feature = "arrayvec"), doc = "```ignore")]
/// # use tracebaton::*;
/// use tracebaton::formats::{Format, FormatInjection, inject};
///
/// let received = [Header::new("b3", "64fe8b2a57d3eff7-e457b5a2e4d86bd1-1")];
/// let context = formats::choose(received, &[Format::B3]).context(false);
/// let child = context.child(SpanId::generate(|bytes| bytes.fill(7))).unwrap();
/// let injection = FormatInjection::new(&child, Format::TraceContext | Format::B3);
/// let mut headers = arrayvec::ArrayVec::<Header, 4>::from_iter(received);
/// inject(&injection, &mut headers)?;
/// assert_eq!(headers[1], Header::new("b3", "000000000000000064fe8b2a57d3eff7-0707070707070707-1"));
/// # Ok::<(), CarrierFull>(())
/// ```
#[doc = include_str!("../guides/rules.md")]
pub fn inject<'v, C: Carrier<'v> + ?Sized>(
    injection: &'v FormatInjection<'_>,
    carrier: &mut C,
) -> Result<Injected, C::Error> {
    let replaces_any = injection.replaced != Formats::NONE;
    replace(carrier, replaces_any, |name| injection.replaces(name), injection.headers())?;
    Ok(if injection.has_parent() { Injected::Parent } else { Injected::NoParent })
}
