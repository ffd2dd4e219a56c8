//! fastrace: the ids and the sampled flag. It keeps a tracestate as one text.

use fastrace::prelude::SpanContext;
use serde_json::{Value, json};
use std::collections::HashMap;

/// What the decoder reads.
pub fn read(carrier: &HashMap<String, String>) -> Value {
    let found = carrier.get("traceparent").and_then(|value| SpanContext::decode_w3c_traceparent(value));
    json!({"traceparent": found.map_or(json!({"verdict": "absent"}), |span| json!({
        "verdict": "accepted",
        "trace_id": format!("{:032x}", span.trace_id.0),
        "span_id": format!("{:016x}", span.span_id.0),
        "sampled": span.sampled,
    }))})
}
