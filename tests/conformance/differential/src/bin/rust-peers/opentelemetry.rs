//! OpenTelemetry for Rust: its W3C propagators.

use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What the propagators read.
pub fn read(carrier: &HashMap<String, String>) -> Value {
    let context = TraceContextPropagator::new().extract(carrier);
    let span = context.span().span_context().clone();
    let (mut traceparent, mut tracestate) = (json!({"verdict": "absent"}), json!({"verdict": "absent"}));
    if span.is_valid() {
        let flags = span.trace_flags().to_u8();
        traceparent = json!({
            "verdict": "accepted",
            "trace_id": span.trace_id().to_string(),
            "span_id": span.span_id().to_string(),
            "flags": format!("{flags:02x}"),
            "sampled": flags & 1 != 0,
            "random": flags & 2 != 0,
        });
        let member = |(key, value): (&str, &str)| json!({"key": key, "value": value});
        let members: Vec<_> = span.trace_state().into_iter().map(member).collect();
        tracestate = json!({"verdict": "accepted", "members": members});
    }
    let context = BaggagePropagator::new().extract(carrier);
    let entry = |(key, (value, metadata)): (&opentelemetry::Key, &(opentelemetry::StringValue, _))| json!({"key": key.as_str(), "value": value.as_str(), "properties": properties(metadata)});
    let members: Vec<_> = context.baggage().iter().map(entry).collect();
    let baggage = json!({"verdict": "accepted", "members": members});
    json!({"traceparent": traceparent, "tracestate": tracestate, "baggage": baggage})
}

/// OpenTelemetry keeps properties as one text.
fn properties(metadata: &opentelemetry::baggage::BaggageMetadata) -> Vec<Value> {
    let properties = metadata.as_str().split(';').filter(|property| !property.is_empty());
    let property = |property: &str| match property.split_once('=') {
        Some((key, value)) => json!({"key": key.trim(), "value": value.trim()}),
        None => json!({"key": property.trim()}),
    };
    properties.map(property).collect()
}
