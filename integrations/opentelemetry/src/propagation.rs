//! The two calls for each record: inject in the producer, extract in the consumer.

use crate::{Propagators, ReadHeaders, WriteHeaders};
use opentelemetry::{Context, otel_warn};
use tracebaton::Injected;
use tracebaton::formats::{Format, FormatInjection, Formats};

/// Writes the span and baggage of a context into the headers of a record ([W1], [W2]).
///
/// - A context with a span context replaces `traceparent`, `tracestate` and `baggage`.
/// - A context without one replaces `baggage` if it has baggage, and leaves `traceparent` and `tracestate` unchanged.
/// - A context with neither changes nothing. [`strip_trace_context`] removes W3C's three headers.
///
/// The formats are those of [`Propagators::configured`]: W3C, or the formats in `OTEL_PROPAGATORS`. See
/// [`WriteHeaders`] for the types of `headers`.
///
/// Returns [`Injected::Parent`] if the record now names the span as its parent. Returns another value if there is no
/// span, or if the carrier refused the headers. A refusal is logged as a warning; [`Propagators::inject`] returns the
/// carrier's error.
///
/// ```
/// use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
/// use tracebaton_opentelemetry::{Injected, inject_trace_context};
///
/// let context = Context::current().with_baggage([KeyValue::new("tenant", "7")]);
/// let mut headers = vec![("Baggage".to_owned(), b"tenant=6".to_vec())];
/// assert_eq!(inject_trace_context(&context, &mut headers), Injected::NoParent);
/// assert_eq!(headers, [("baggage".to_owned(), b"tenant=7".to_vec())]);
/// ```
#[doc = include_str!("rules.md")]
pub fn inject_trace_context<K>(context: &Context, headers: &mut impl WriteHeaders<K>) -> Injected {
    Propagators::configured().inject(context, headers).unwrap_or_else(|_| {
        otel_warn!(name: "Propagators.HeadersRefused");
        Injected::NoParent
    })
}

/// Makes the headers of a new record from the span and baggage of a context, as [`inject_trace_context`] writes them.
///
/// ```
/// use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
///
/// let context = Context::current().with_baggage([KeyValue::new("tenant", "7")]);
/// let headers = tracebaton_opentelemetry::trace_context_headers(&context);
/// assert_eq!(headers, [("baggage".to_owned(), b"tenant=7".to_vec())]);
/// ```
pub fn trace_context_headers(context: &Context) -> Vec<(String, Vec<u8>)> {
    let mut headers = Vec::new();
    inject_trace_context(context, &mut headers);
    headers
}

/// Extends the current context with the parent and baggage of a record ([R1] to [R10]).
///
/// Attach the result before you start the consumer's span. Then the records that the consumer sends continue the
/// trace even if spans are disabled. A header that is refused or absent leaves the current context unchanged. Nothing
/// fails.
///
/// The formats are those of [`Propagators::configured`]; the first one that names a parent wins. See [`ReadHeaders`]
/// for the types of `headers`.
///
/// ```
/// # use opentelemetry::trace::TraceContextExt;
/// let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let headers = [("traceparent", Some(traceparent)), ("key", None)];
/// let received = tracebaton_opentelemetry::extract_trace_context(headers);
/// assert!(received.span().span_context().is_remote());
/// let _received = received.attach();
/// ```
#[doc = include_str!("rules.md")]
pub fn extract_trace_context<'a, K>(headers: impl ReadHeaders<'a, K>) -> Context {
    Context::map_current(|current| Propagators::configured().extract(current, headers))
}

/// Removes W3C's `traceparent`, `tracestate` and `baggage` from the headers of a record, in any letter case.
///
/// Ignores `OTEL_PROPAGATORS`. Headers of other formats stay; [`strip_formats`] removes them. Returns the carrier's
/// error; then the headers are unchanged.
///
/// ```
/// let mut headers = vec![("Traceparent".to_owned(), b"1".to_vec()), ("key".to_owned(), b"2".to_vec())];
/// let Ok(()) = tracebaton_opentelemetry::strip_trace_context(&mut headers);
/// assert_eq!(headers, [("key".to_owned(), b"2".to_vec())]);
/// ```
pub fn strip_trace_context<K, H: WriteHeaders<K>>(headers: &mut H) -> Result<(), H::Error> {
    strip_formats(headers, Format::TraceContext | Format::Baggage)
}

/// Removes the headers of these formats from the headers of a record ([F14]), at a boundary that no trace may cross.
///
/// [`Formats::ALL`] includes W3C's three headers. Returns the carrier's error, for rdkafka's `OwnedHeaders` an
/// `RDKafkaErrorCode`; then the headers are unchanged. Do not send such a record across the boundary.
///
/// ```
/// use tracebaton_opentelemetry::{strip_formats, tracebaton::formats::Formats};
///
/// let mut headers = vec![("X-B3-TraceId".to_owned(), b"1".to_vec()), ("key".to_owned(), b"2".to_vec())];
/// let Ok(()) = strip_formats(&mut headers, Formats::ALL);
/// assert_eq!(headers, [("key".to_owned(), b"2".to_vec())]);
/// ```
#[doc = include_str!("rules.md")]
pub fn strip_formats<K, H: WriteHeaders<K>>(headers: &mut H, formats: Formats) -> Result<(), H::Error> {
    let nothing = FormatInjection::new(&tracebaton::Context::EMPTY, Formats::NONE);
    headers.write_headers(&nothing.replacing(formats)).map(drop)
}
