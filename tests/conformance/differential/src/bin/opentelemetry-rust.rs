//! OpenTelemetry for Rust: its W3C propagators, as a program for `tests/conformance/run`.

use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::error::Error;
use std::io;

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let answer = match row["headers"].as_array() {
            None => json!({"skip": "no such function"}),
            Some(headers) => match carrier(headers) {
                None => json!({"skip": "about the carrier"}),
                Some(carrier) => read(&carrier),
            },
        };
        println!("{answer}");
    }
    Ok(())
}

/// The headers as a text map, or `None` if a carrier decides how to read them.
fn carrier(headers: &[Value]) -> Option<HashMap<String, String>> {
    let mut carrier = HashMap::new();
    for header in headers {
        let (name, value) = (header[0].as_str()?, header[1].as_str()?);
        let is_ours = |name: &str| ["traceparent", "tracestate", "baggage"].contains(&name);
        let is_other_case = !is_ours(name) && is_ours(&name.to_ascii_lowercase());
        if is_other_case || carrier.insert(name.to_owned(), value.to_owned()).is_some() {
            return None;
        }
    }
    Some(carrier)
}

fn read(carrier: &HashMap<String, String>) -> Value {
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
