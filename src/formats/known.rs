//! Names of the tracing headers that occur in Kafka records (F1), and how to remove those headers (F14).

use super::format::{Format, Formats};
use super::slot::Slot;
use crate::Carrier;

/// The name of a tracing header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownName {
    /// The name, in the spelling of its format.
    pub name: &'static str,
    /// The format that the name belongs to.
    pub format: Format,
    /// Whether this is a prefix of names instead of a whole name.
    pub is_prefix: bool,
    /// The slot in which a reader keeps the value; `None` if the value is never read.
    slot: Option<Slot>,
}

const fn read(name: &'static str, format: Format, slot: Slot) -> KnownName {
    KnownName { name, format, is_prefix: false, slot: Some(slot) }
}

const fn known(name: &'static str, format: Format) -> KnownName {
    KnownName { name, format, is_prefix: false, slot: None }
}

const fn prefix(name: &'static str, format: Format) -> KnownName {
    KnownName { name, format, is_prefix: true, slot: None }
}

/// Every known name, shortest first. Among names of one length, those that are read come first. Prefixes come last.
///
/// ```
/// use tracebaton::formats::{Format, KNOWN_NAMES};
///
/// let names = KNOWN_NAMES.iter().filter(|known| known.format == Format::B3);
/// assert!(names.map(|known| known.name).eq(["b3"]));
/// ```
pub const KNOWN_NAMES: &[KnownName] = &[
    read("b3", Format::B3, Slot::B3),
    known("sw8", Format::SkyWalking),
    known("sw8-x", Format::SkyWalking),
    read("baggage", Format::Baggage, Slot::Baggage),
    known("newrelic", Format::NewRelic),
    read("tracestate", Format::TraceContext, Slot::TraceState),
    read("X-B3-Flags", Format::B3Multi, Slot::B3Flags),
    known("Request-Id", Format::AspNet),
    read("traceparent", Format::TraceContext, Slot::TraceParent),
    read("X-B3-SpanId", Format::B3Multi, Slot::B3SpanId),
    read("X_INSTANA_T", Format::Instana, Slot::InstanaTraceId),
    read("X_INSTANA_S", Format::Instana, Slot::InstanaSpanId),
    read("X_INSTANA_C", Format::Instana, Slot::InstanaContext),
    read("X_INSTANA_L", Format::Instana, Slot::InstanaBinaryLevel),
    known("x-dynatrace", Format::Dynatrace),
    read("X-B3-TraceId", Format::B3Multi, Slot::B3TraceId),
    read("X-B3-Sampled", Format::B3Multi, Slot::B3Sampled),
    read("uber-trace-id", Format::Jaeger, Slot::Jaeger),
    read("X_INSTANA_L_S", Format::Instana, Slot::InstanaLevel),
    read("ce_tracestate", Format::CloudEvents, Slot::CeTraceState),
    read("x-datadog-tags", Format::Datadog, Slot::DatadogTags),
    read("ce_traceparent", Format::CloudEvents, Slot::CeTraceParent),
    known("jaeger-baggage", Format::Jaeger),
    known("dd-pathway-ctx", Format::DataStreams),
    known("AWSTraceHeader", Format::Xray),
    known("grpc-trace-bin", Format::OpenCensus),
    read("X-Amzn-Trace-Id", Format::Xray, Slot::Xray),
    known("jaeger-debug-id", Format::Jaeger),
    known("sw8-correlation", Format::SkyWalking),
    known("dtdTraceTagInfo", Format::Dynatrace),
    known("x-datadog-origin", Format::Datadog),
    known("ot-tracer-spanid", Format::OpenTracing),
    known("X-B3-ParentSpanId", Format::B3Multi),
    known("ot-tracer-traceid", Format::OpenTracing),
    known("ot-tracer-sampled", Format::OpenTracing),
    read("x-datadog-trace-id", Format::Datadog, Slot::DatadogTraceId),
    known("tracingspancontext", Format::Debezium),
    read("x-datadog-parent-id", Format::Datadog, Slot::DatadogParentId),
    known("x-instana-synthetic", Format::Instana),
    known("Correlation-Context", Format::AspNet),
    read("elasticapmtraceparent", Format::Elastic, Slot::Elastic),
    known("dd-pathway-ctx-base64", Format::DataStreams),
    known("elastic-apm-traceparent", Format::Elastic),
    known("x_datadog_kafka_produced", Format::Datadog),
    read("x-datadog-sampling-priority", Format::Datadog, Slot::DatadogPriority),
    known("x-datadog-delegate-trace-sampling", Format::Datadog),
    prefix("uberctx-", Format::Jaeger),
    prefix("ot-baggage-", Format::OpenTracing),
    prefix("x-instana-b-", Format::Instana),
    prefix("second_span_", Format::OpenTracing),
];

/// Greater than the length of every name that is read.
const LENGTHS: usize = 32;

/// For each length, the first and last letters of the names of that length that are read, as bit sets: bit 1 is `a`.
const LETTERS: [[u32; 2]; LENGTHS] = {
    let mut letters = [[0; 2]; LENGTHS];
    let mut names = KNOWN_NAMES;
    while let [known, rest @ ..] = names {
        if known.slot.is_some() {
            let name = known.name.as_bytes();
            letters[name.len()][0] |= 1 << (name[0] & 0x1f);
            letters[name.len()][1] |= 1 << (name[name.len() - 1] & 0x1f);
        }
        names = rest;
    }
    letters
};

/// For each length, the range of the table with the names of that length that are read.
const RANGES: [(u8, u8); LENGTHS] = {
    let (mut ranges, mut index) = ([(0, 0); LENGTHS], 0);
    while index < KNOWN_NAMES.len() {
        let known = &KNOWN_NAMES[index];
        if known.slot.is_some() {
            let range = &mut ranges[known.name.len()];
            if range.1 == 0 {
                range.0 = index as u8;
            } else {
                assert!(range.1 as usize == index, "names that are read come first");
            }
            range.1 = index as u8 + 1;
        }
        index += 1;
    }
    ranges
};

/// The slot and the format of a header with exactly this name, in any letter case ([F2]).
///
#[doc = include_str!("../guides/rules.md")]
#[inline]
pub(super) fn slot_of(name: &[u8]) -> Option<(Slot, Format)> {
    let [starts, ends] = LETTERS.get(name.len())?;
    let ([first, ..], [.., last]) = (name, name) else { return None };
    if starts >> (first & 0x1f) & 1 == 0 || ends >> (last & 0x1f) & 1 == 0 {
        return None;
    }
    slot_in_table(name)
}

#[inline(never)]
fn slot_in_table(name: &[u8]) -> Option<(Slot, Format)> {
    let (start, end) = RANGES.get(name.len()).copied().unwrap_or_default();
    let names = KNOWN_NAMES.get(usize::from(start)..usize::from(end)).unwrap_or_default();
    let first = |name: &[u8]| name.first().map(|byte| byte | 0x20);
    let known = names.iter().find(|known| {
        let spelled = known.name.as_bytes();
        first(spelled) == first(name) && spelled.eq_ignore_ascii_case(name)
    });
    known.and_then(|known| known.slot.map(|slot| (slot, known.format)))
}

/// The format that a header of this name belongs to ([F1]).
///
/// The letter case of the name does not matter. A dash may also be written as bridges do that cannot send one: `_`,
/// `__dash__`, `_hyphen_` or `_$dash$_`. `Request-Id` and `Correlation-Context`, which applications use too, are
/// recognised with dashes only.
///
/// ```
/// use tracebaton::formats::{Format, format_of};
///
/// assert_eq!(format_of(b"X-B3-TraceId"), Some(Format::B3Multi));
/// assert_eq!(format_of(b"x__dash__datadog__dash__trace__dash__id"), Some(Format::Datadog));
/// assert_eq!(format_of(b"uberctx-tenant"), Some(Format::Jaeger));
/// assert_eq!(format_of(b"request_id"), None);
/// ```
#[doc = include_str!("../guides/rules.md")]
pub fn format_of(name: &[u8]) -> Option<Format> {
    let is_named = |known: &&KnownName| {
        let spelled = known.name.as_bytes();
        if known.format as u32 == Format::AspNet as u32 {
            return spelled.eq_ignore_ascii_case(name);
        }
        is_spelled(name, spelled, known.is_prefix)
    };
    KNOWN_NAMES.iter().find(is_named).map(|known| known.format)
}

/// Whether two names are equal, or the first begins with the second, ignoring letter case and spelling of dashes.
fn is_spelled(name: &[u8], known: &[u8], is_prefix: bool) -> bool {
    let mut name = Plain { rest: name };
    let is_start = (Plain { rest: known }).all(|byte| name.next() == Some(byte));
    is_start && (is_prefix || name.rest.is_empty())
}

/// The rest of a dash that is written as an underscore and something else.
const ESCAPES: [[u8; 7]; 3] = [*b"_dash__", *b"hyphen_", *b"$dash$_"];

/// Iterator over the bytes of a name in lower case, with a dash for each of its other spellings.
struct Plain<'a> {
    rest: &'a [u8],
}

impl Iterator for Plain<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        if *first != b'_' {
            return Some(first.to_ascii_lowercase());
        }
        if let Some((escape, rest)) = rest.split_first_chunk::<7>()
            && ESCAPES.iter().any(|known| known.eq_ignore_ascii_case(escape))
        {
            self.rest = rest;
        }
        Some(b'-')
    }
}

/// Removes every header of these formats from a record, whatever its value ([F14]).
///
/// All of them are removed, or none. Returns the carrier's error; then nothing was removed.
///
/// Call it if a [`TrustPolicy`](crate::TrustPolicy) starts a new trace and the record is forwarded. Otherwise the
/// headers of other formats are still in the record, and the next consumer of such a format continues the old trace.
///
#[cfg_attr(feature = "arrayvec", doc = "```")]
#[cfg_attr(not(feature = "arrayvec"), doc = "```ignore")]
/// use tracebaton::Header;
/// use tracebaton::formats::{Formats, strip};
///
/// let mut headers = arrayvec::ArrayVec::<Header, 4>::from_iter([
///     Header::new("x-datadog-trace-id", "7277407061855694839"),
///     Header::new("schema-id", "7"),
///     Header::new("B3", "0"),
/// ]);
/// strip(&mut headers, Formats::ALL)?;
/// assert_eq!(headers[..], [Header::new("schema-id", "7")]);
/// # Ok::<(), tracebaton::CarrierFull>(())
/// ```
#[doc = include_str!("../guides/rules.md")]
pub fn strip<'v, C: Carrier<'v> + ?Sized>(carrier: &mut C, formats: Formats) -> Result<(), C::Error> {
    carrier.remove(|name| formats.contains_name(name))
}
