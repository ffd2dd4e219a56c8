//! Attributes and links for spans of `tracing`, through `tracing-opentelemetry`.

use opentelemetry::trace::SpanBuilder;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Copies attributes and links from a builder, such as [`Record::process`](crate::Record::process), to a span of
/// `tracing`.
///
/// The `tracing` span keeps its name and kind: set them with its fields `otel.name` and `otel.kind`. A disabled span
/// is not changed.
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
