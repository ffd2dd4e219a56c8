//! The two calls for each record: inject in the producer, extract in the consumer.

use crate::{Propagators, ReadHeaders, WriteHeaders};
use opentelemetry::Context;
use tracebaton::Injection;

/// Writes the span and baggage of a context into the headers of a record (W1, W2).
///
/// - A context with a span context replaces `traceparent`, `tracestate` and `baggage`.
/// - A context without one replaces `baggage` if it has baggage, and leaves `traceparent` and `tracestate` unchanged.
/// - A context with neither changes nothing. [`strip_trace_context`] removes the three headers.
///
/// [`Propagators::configured`] decides which headers are written. See [`WriteHeaders`] for the types of `headers`.
///
/// ```
/// use opentelemetry::{Context, KeyValue, baggage::BaggageExt};
/// use tracebaton_opentelemetry::{Injected, inject_trace_context};
///
/// let context = Context::current().with_baggage([KeyValue::new("tenant", "7")]);
/// let mut headers = vec![("Baggage".to_owned(), b"tenant=6".to_vec())];
/// assert_eq!(inject_trace_context(&context, &mut headers), Injected::Baggage);
/// assert_eq!(headers, [("baggage".to_owned(), b"tenant=7".to_vec())]);
/// ```
pub fn inject_trace_context<K>(context: &Context, headers: &mut impl WriteHeaders<K>) -> Injected {
    Propagators::configured().inject(context, headers).unwrap_or(Injected::Refused)
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

/// Extends the current context with the parent and baggage of a record (R1 to R10).
///
/// Attach the result before you start the consumer's span. Then the records that the consumer sends continue the
/// trace even if spans are disabled. A header that is refused or absent leaves the current context unchanged. Nothing
/// fails.
///
/// [`Propagators::configured`] decides which headers are read. See [`ReadHeaders`] for the types of `headers`.
///
/// ```
/// # use opentelemetry::trace::TraceContextExt;
/// let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let headers = [("traceparent", Some(traceparent)), ("key", None)];
/// let received = tracebaton_opentelemetry::extract_trace_context(headers);
/// assert!(received.span().span_context().is_remote());
/// let _received = received.attach();
/// ```
pub fn extract_trace_context<'a, K>(headers: impl ReadHeaders<'a, K>) -> Context {
    Context::map_current(|current| Propagators::configured().extract(current, headers))
}

/// Removes `traceparent`, `tracestate` and `baggage` from the headers of a record, in any letter case.
///
/// Ignores `OTEL_PROPAGATORS`. Returns the carrier's error; then the headers are unchanged.
///
/// ```
/// let mut headers = vec![("Traceparent".to_owned(), b"1".to_vec()), ("key".to_owned(), b"2".to_vec())];
/// let Ok(()) = tracebaton_opentelemetry::strip_trace_context(&mut headers);
/// assert_eq!(headers, [("key".to_owned(), b"2".to_vec())]);
/// ```
pub fn strip_trace_context<K, H: WriteHeaders<K>>(headers: &mut H) -> Result<(), H::Error> {
    headers.write_headers(&tracebaton::extract([]).forward())
}

/// Result of writing a context into the headers of a record.
///
/// ```
/// use opentelemetry::Context;
/// use tracebaton_opentelemetry::{Injected, inject_trace_context};
///
/// let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
/// if inject_trace_context(&Context::new(), &mut headers) != Injected::Parent {
///     println!("the consumer of this record has no parent in this service");
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Injected {
    /// The record has the `traceparent` of the context. Its `baggage` was replaced too, unless the propagators
    /// exclude it.
    Parent,
    /// The context has no span context, or the propagators exclude it: only `baggage` was replaced.
    Baggage,
    /// There was nothing to write; the record is unchanged.
    Nothing,
    /// The carrier refused the headers: the record has none of the three headers, or is unchanged (W6).
    Refused,
}

impl Injected {
    pub(crate) fn of(injection: &Injection<'_>) -> Self {
        match (injection.replaces(b"traceparent"), injection.replaces(b"baggage")) {
            (true, _) => Self::Parent,
            (false, true) => Self::Baggage,
            (false, false) => Self::Nothing,
        }
    }
}
