//! Formats other than W3C's: their names, and how to remove their headers.

use crate::header::tracebaton_header_t;
use crate::memory::{Argument, FIRST, Place, SECOND, apart, bytes, cells, read, write};
use crate::status::{status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::cell::Cell;
use core::ffi::c_char;
use core::ptr::null;
use tracebaton::formats::{Format, FormatRule, Formats, Sampling};
use tracebaton::{Carrier, Header, HeaderName};

/// @brief A tracing format: one of enum tracebaton_format.
pub type tracebaton_format_t = i32;

/// @brief The tracing formats whose headers occur in Kafka records (FORMATS.md, F1).
///
/// If OpenTelemetry has a propagator for a format, tracebaton_format_name() returns its name in OTEL_PROPAGATORS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_format {
    /// No known format.
    TRACEBATON_FORMAT_NONE = 0,
    /// W3C Trace Context: traceparent, tracestate.
    TRACEBATON_FORMAT_TRACECONTEXT = 1,
    /// W3C Baggage: baggage.
    TRACEBATON_FORMAT_BAGGAGE = 2,
    /// B3 in one header: b3.
    TRACEBATON_FORMAT_B3 = 3,
    /// B3 in several headers: X-B3-TraceId and others.
    TRACEBATON_FORMAT_B3MULTI = 4,
    /// Jaeger: uber-trace-id.
    TRACEBATON_FORMAT_JAEGER = 5,
    /// Datadog: x-datadog-trace-id and others.
    TRACEBATON_FORMAT_DATADOG = 6,
    /// Elastic APM: elasticapmtraceparent, binary.
    TRACEBATON_FORMAT_ELASTIC = 7,
    /// Instana: X_INSTANA_T and others.
    TRACEBATON_FORMAT_INSTANA = 8,
    /// AWS X-Ray: X-Amzn-Trace-Id.
    TRACEBATON_FORMAT_XRAY = 9,
    /// CloudEvents: ce_traceparent. It names the origin of an event, never the parent.
    TRACEBATON_FORMAT_CLOUDEVENTS = 10,
    /// Datadog Data Streams: dd-pathway-ctx. This format and all below are recognised by name only.
    TRACEBATON_FORMAT_DATASTREAMS = 11,
    /// OpenTracing's basic tracer: ot-tracer-traceid and others.
    TRACEBATON_FORMAT_OTTRACE = 12,
    /// New Relic: newrelic.
    TRACEBATON_FORMAT_NEWRELIC = 13,
    /// Apache SkyWalking: sw8.
    TRACEBATON_FORMAT_SKYWALKING = 14,
    /// Dynatrace: dtdTraceTagInfo.
    TRACEBATON_FORMAT_DYNATRACE = 15,
    /// Debezium: tracingspancontext.
    TRACEBATON_FORMAT_DEBEZIUM = 16,
    /// ASP.NET before W3C: Request-Id, Correlation-Context.
    TRACEBATON_FORMAT_ASPNET = 17,
    /// OpenCensus: grpc-trace-bin.
    TRACEBATON_FORMAT_OPENCENSUS = 18,
}

macro_rules! formats {
    ($($name:ident => $format:ident $text:literal,)*) => {
        impl From<Format> for tracebaton_format {
            fn from(format: Format) -> Self {
                match format {
                    $(Format::$format => Self::$name,)*
                    _ => Self::TRACEBATON_FORMAT_NONE,
                }
            }
        }

        pub(crate) fn format_from(
            number: tracebaton_format_t,
            argument: Argument,
        ) -> Result<Format, tracebaton_status> {
            $(
                if number == tracebaton_format::$name as tracebaton_format_t {
                    return Ok(Format::$format);
                }
            )*
            Err(argument)
        }

        const NAMES: &str = concat!("none\0", $($text, "\0",)* "unknown\0");
    };
}

formats! {
    TRACEBATON_FORMAT_TRACECONTEXT => TraceContext "tracecontext",
    TRACEBATON_FORMAT_BAGGAGE => Baggage "baggage",
    TRACEBATON_FORMAT_B3 => B3 "b3",
    TRACEBATON_FORMAT_B3MULTI => B3Multi "b3multi",
    TRACEBATON_FORMAT_JAEGER => Jaeger "jaeger",
    TRACEBATON_FORMAT_DATADOG => Datadog "datadog",
    TRACEBATON_FORMAT_ELASTIC => Elastic "elastic",
    TRACEBATON_FORMAT_INSTANA => Instana "instana",
    TRACEBATON_FORMAT_XRAY => Xray "xray",
    TRACEBATON_FORMAT_CLOUDEVENTS => CloudEvents "cloudevents",
    TRACEBATON_FORMAT_DATASTREAMS => DataStreams "datastreams",
    TRACEBATON_FORMAT_OTTRACE => OpenTracing "ottrace",
    TRACEBATON_FORMAT_NEWRELIC => NewRelic "newrelic",
    TRACEBATON_FORMAT_SKYWALKING => SkyWalking "skywalking",
    TRACEBATON_FORMAT_DYNATRACE => Dynatrace "dynatrace",
    TRACEBATON_FORMAT_DEBEZIUM => Debezium "debezium",
    TRACEBATON_FORMAT_ASPNET => AspNet "aspnet",
    TRACEBATON_FORMAT_OPENCENSUS => OpenCensus "opencensus",
}

/// @brief A set of formats, such as TRACEBATON_FORMATS_ALL. Each format is the bit 1 << format: 1u <<
/// TRACEBATON_FORMAT_B3 | 1u << TRACEBATON_FORMAT_B3MULTI.
pub type tracebaton_formats_t = u32;

/// @brief The set of all formats of this version, including W3C Trace Context and Baggage.
pub const TRACEBATON_FORMATS_ALL: u32 = 0x7fffe;

const _: () = assert!(Formats::ALL.to_bits() << 1 == TRACEBATON_FORMATS_ALL);

/// Makes the core's set. Bits that stand for no format are dropped.
pub(crate) const fn formats_from(bits: tracebaton_formats_t) -> Formats {
    Formats::from_bits(bits >> 1)
}

/// @brief A sampling decision: one of enum tracebaton_sampling.
pub type tracebaton_sampling_t = i32;

/// @brief The sampling decisions of all formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_sampling {
    /// Of a received record: it has no decision. As an argument of tracebaton_format_injection_prepare(): the sampled
    /// flag is the decision.
    TRACEBATON_SAMPLING_NONE = 0,
    /// The trace is sampled.
    TRACEBATON_SAMPLING_ACCEPT = 1,
    /// The trace is not sampled.
    TRACEBATON_SAMPLING_DENY = 2,
    /// The producer has not decided; the consumer decides.
    TRACEBATON_SAMPLING_DEFER = 3,
    /// The trace is sampled, and marked for debugging.
    TRACEBATON_SAMPLING_DEBUG = 4,
}

pub(crate) const fn sampling_code(sampling: Sampling) -> tracebaton_sampling_t {
    match sampling {
        Sampling::Accept => 1,
        Sampling::Deny => 2,
        Sampling::Defer => 3,
        Sampling::Debug => 4,
    }
}

pub(crate) const fn sampling_from(
    number: tracebaton_sampling_t,
    argument: Argument,
) -> Result<Option<Sampling>, tracebaton_status> {
    match number {
        0 => Ok(None),
        1 => Ok(Some(Sampling::Accept)),
        2 => Ok(Some(Sampling::Deny)),
        3 => Ok(Some(Sampling::Defer)),
        4 => Ok(Some(Sampling::Debug)),
        _ => Err(argument),
    }
}

/// @brief A rule of a format that a header breaks, as a positive number; 0 is none. tracebaton_format_rule_name()
/// gives its name.
pub type tracebaton_format_rule_t = i32;

pub(crate) fn rule_code(rule: FormatRule) -> tracebaton_format_rule_t {
    FormatRule::ALL.iter().take_while(|other| **other != rule).count() as tracebaton_format_rule_t + 1
}

/// Names in one text without pointers: each ends with a NUL, and the last one is for an unknown number. A program
/// that does not look names up does not link the text.
const RULES: &str = concat!(
    "none\0",
    "too_short\0",
    "too_long\0",
    "version\0",
    "field\0",
    "separator\0",
    "trace_id\0",
    "trace_id_zero\0",
    "trace_id_missing\0",
    "span_id\0",
    "span_id_zero\0",
    "span_id_missing\0",
    "parent_id\0",
    "sampling\0",
    "tags\0",
    "trailing\0",
    "unknown\0"
);

/// Joins the names of a text; the last is the name for an unknown number.
fn split(names: &'static str) -> impl Iterator<Item = &'static [u8]> {
    names.as_bytes().split(|byte| *byte == 0).filter(|name| !name.is_empty())
}

/// The name with this number, without its NUL.
fn name_at(names: &'static str, number: i32) -> *const c_char {
    let name = usize::try_from(number).ok().and_then(|index| split(names).nth(index));
    name.or(split(names).last()).unwrap_or_default().as_ptr().cast()
}

/// @brief Finds the format that a header belongs to by the header's name.
///
/// Letter case does not matter. A dash may also be written as an underscore or as one of the escapes that JMS bridges
/// use.
///
/// @param name Name of a header. May be NULL if \p name_size is 0.
/// @param name_size Size of the name in bytes: strlen(name) for a string.
///
/// @returns one of enum tracebaton_format; TRACEBATON_FORMAT_NONE for any other name, and for an invalid pointer or
/// size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_header_format_of(
    name: *const c_char,
    name_size: usize,
) -> tracebaton_format_t {
    // SAFETY: the caller obeys the laws of the header.
    let name = unsafe { bytes(FIRST, name, SECOND, name_size) }.unwrap_or_default();
    let format = tracebaton::formats::format_of(name).map(tracebaton_format::from);
    format.map_or(0, |format| format as tracebaton_format_t)
}

/// @brief Name of a format, such as "b3multi".
///
/// @param format Any number.
///
/// @returns a string that ends with a NUL and is never NULL: "none" for TRACEBATON_FORMAT_NONE, "unknown" for a
/// number that is no format of this version. It lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_format_name(format: tracebaton_format_t) -> *const c_char {
    name_at(NAMES, format)
}

/// @brief Finds the format with a name that tracebaton_format_name() returns, in lower case.
///
/// @param name Name of a format. May be NULL if \p name_size is 0.
/// @param name_size Size of the name in bytes.
///
/// @returns one of enum tracebaton_format; TRACEBATON_FORMAT_NONE for any other name, and for an invalid pointer or
/// size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_format_of_name(
    name: *const c_char,
    name_size: usize,
) -> tracebaton_format_t {
    // SAFETY: the caller obeys the laws of the header.
    let name = unsafe { bytes(FIRST, name, SECOND, name_size) }.unwrap_or_default();
    let number = split(NAMES).take(Format::ALL.len() + 1).position(|known| known == name);
    number.unwrap_or_default() as tracebaton_format_t
}

/// @brief Name of a format's rule, such as "trace_id_zero".
///
/// @param rule Any number.
///
/// @returns a string that ends with a NUL and is never NULL: "none" for 0, "unknown" for a number that is no rule of
/// this version. It lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn tracebaton_format_rule_name(rule: tracebaton_format_rule_t) -> *const c_char {
    name_at(RULES, rule)
}

/// @brief Removes the headers of a set of formats from an array. tracebaton_headers_strip() removes those of W3C
/// alone.
///
/// Call it at a boundary that no trace may cross. If headers of B3, Datadog or others stay in a record, the next
/// consumer of that format continues the old trace.
///
/// @param headers (in, out) Headers of the record. May be NULL if \p header_count is 0.
/// @param header_count (in, out) Number of headers.
/// @param formats The formats, such as TRACEBATON_FORMATS_ALL.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT, which changes nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_headers_strip_formats(
    headers: *mut tracebaton_header_t,
    header_count: *mut usize,
    formats: tracebaton_formats_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let count = read(SECOND, header_count.cast_const())?;
        let mut array = Array { places: cells(FIRST, headers, SECOND, count)?, count };
        apart(Place::of(array.places).overlaps(Place::at(header_count)))?;
        tracebaton::formats::strip(&mut array, formats_from(formats))?;
        write(SECOND, header_count, array.count).map(|()| TRACEBATON_OK)
    })
}

/// Carrier over the caller's array. It uses cells, since an injection or a value may lie in the array.
pub(crate) struct Array<'a> {
    pub(crate) places: &'a [Cell<tracebaton_header_t>],
    pub(crate) count: usize,
}

impl Array<'_> {
    fn all(&self) -> impl Iterator<Item = tracebaton_header_t> {
        self.places.iter().take(self.count).map(Cell::get)
    }
}

/// Borrows a header. A name that cannot be borrowed counts as empty, and such a value as null (R1).
///
/// # Safety
///
/// Its pointers obey the laws of the header for `'a`.
pub(crate) unsafe fn borrowed<'a>(header: &tracebaton_header_t) -> Header<'a> {
    // SAFETY: the caller's promise.
    unsafe {
        Header {
            name: bytes(FIRST, header.name, FIRST, header.name_size).unwrap_or_default(),
            value: header.value(),
        }
    }
}

// Each header that is borrowed below belongs to the caller, who obeys the laws of the header while the array is in
// use.
impl Carrier<'_> for Array<'_> {
    type Error = tracebaton_status;

    fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        // SAFETY: see above.
        self.all().map(|header| unsafe { borrowed(&header) })
    }

    fn remove(&mut self, unwanted: impl Fn(&[u8]) -> bool) -> Result<(), tracebaton_status> {
        // SAFETY: see above.
        let kept = self.all().filter(|header| !unwanted(unsafe { borrowed(header) }.name));
        self.count = self.places.iter().zip(kept).map(|(place, header)| place.set(header)).count();
        Ok(())
    }

    fn add(&mut self, header: Header<'_>) -> Result<(), tracebaton_status> {
        let (value, value_size) =
            header.value.map_or((null(), 0), |value| (value.as_ptr().cast(), value.len()));
        let written = match HeaderName::of(header.name) {
            Some(name) => tracebaton_header_t::named(name, value, value_size),
            None => {
                let (name, name_size) = (header.name.as_ptr().cast(), header.name.len());
                tracebaton_header_t { name, name_size, value, value_size }
            }
        };
        self.places.get(self.count).ok_or(TRACEBATON_HEADERS_FULL)?.set(written);
        self.count += 1;
        Ok(())
    }
}
