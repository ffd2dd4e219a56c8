//! Spans of `tracing`, by way of `tracing-opentelemetry`.

use opentelemetry::trace::SpanBuilder;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Gives a span of `tracing` the attributes and links of a builder, such as [`Record::process`](crate::Record::process).
///
/// Name and kind are those of the `tracing` span: set them by its fields `otel.name` and `otel.kind`. A span that is
/// disabled is left alone.
///
/// ```
/// use tracebaton_opentelemetry::{Record, describe, extract_trace_context};
/// use tracing_opentelemetry::OpenTelemetrySpanExt;
///
/// # let headers: Vec<(String, Vec<u8>)> = Vec::new();
/// let received = extract_trace_context(&headers);
/// let _received = received.clone().attach(); // forwards the trace where the span is disabled
/// let span = tracing::info_span!("process orders", otel.kind = "consumer");
/// let _ = span.set_parent(received.clone()); // before the span is entered
/// describe(&span, Record::new("orders").process(&received));
/// ```
pub fn describe(span: &tracing::Span, builder: SpanBuilder) {
    for attribute in builder.attributes.unwrap_or_default() {
        span.set_attribute(attribute.key, attribute.value);
    }
    for link in builder.links.unwrap_or_default() {
        span.add_link_with_attributes(link.span_context, link.attributes);
    }
}
