//! emit: the ids and the flags. It keeps a tracestate as one text.

use emit_traceparent::Traceparent;
use serde_json::{Value, json};
use std::collections::HashMap;

/// What the parser reads.
pub fn read(carrier: &HashMap<String, String>) -> Value {
    let found = carrier.get("traceparent").and_then(|value| Traceparent::try_from_str(value).ok());
    let ids =
        found.as_ref().and_then(|found| Some((found.trace_id()?, found.span_id()?, found.trace_flags())));
    json!({"traceparent": ids.map_or(json!({"verdict": "absent"}), |(trace_id, span_id, flags)| json!({
        "verdict": "accepted",
        "trace_id": trace_id.to_string(),
        "span_id": span_id.to_string(),
        "flags": format!("{:02x}", flags.to_u8()),
        "sampled": flags.is_sampled(),
        "random": flags.to_u8() & 2 != 0,
    }))})
}
