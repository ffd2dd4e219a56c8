//! Valid headers.

use crate::pattern::{SPAN_ID, TRACE_ID};
use tracebaton_oracle::Header;

/// Headers with a context, and a name for each list.
pub fn headers() -> Vec<(String, Vec<Header>)> {
    let mut all = Vec::new();
    for flags in ["00", "01", "03"] {
        for (lists, tracestate, baggage) in LISTS {
            for others in [false, true] {
                let mut headers = Vec::new();
                if others {
                    headers.extend(own());
                }
                headers.push(header("traceparent", &format!("00-{TRACE_ID}-{SPAN_ID}-{flags}")));
                headers.extend(tracestate.map(|value| header("tracestate", value)));
                headers.extend(baggage.map(|value| header("baggage", value)));
                all.push((format!("well-formed-{flags}-{lists}-{others}"), headers));
            }
        }
    }
    all
}

const STATE: &str = "vendor=opaque-00f067aa0ba902b7,rojo=1";
const BAGGAGE: &str = "tenant=acme,user.id=42;region=eu,note=caf%C3%A9";
const LISTS: [(&str, Option<&str>, Option<&str>); 4] = [
    ("ids", None, None),
    ("state", Some(STATE), None),
    ("baggage", None, Some(BAGGAGE)),
    ("all", Some(STATE), Some(BAGGAGE)),
];

/// Headers of the application.
fn own() -> [Header; 3] {
    [
        header("content-type", "application/json"),
        (b"signature".to_vec(), Some(vec![0, 0xff, 0x80, b'\n'])),
        (b"tombstone".to_vec(), None),
    ]
}

/// A header of text.
pub fn header(name: &str, value: &str) -> Header {
    (name.as_bytes().to_vec(), Some(value.as_bytes().to_vec()))
}
