//! What must hold for every input: one function a fuzz target, each of which panics where a property does not hold.
//!
//! The fuzzers in `fuzz/` call them with what they invent, and the tests of this crate with all seeds, past findings and
//! conformance vectors, so that plain `cargo test` needs no fuzzer. The tests of the oracle call them with values that are
//! enumerated, and generated near the grammars. `fuzz/README.md` lists the properties.

mod baggage;
mod c_api;
mod carrier;
mod formats;
mod headers;
mod hop;
mod lines;
mod round_trip;
mod traceparent;
mod tracestate;

pub use baggage::{baggage, baggage_changes};
pub use c_api::c_api;
pub use formats::{format_headers, format_input, format_name, formats, raw_headers};
pub use headers::{headers, headers_forwarded};
pub use hop::{Hop, Record};
pub use round_trip::round_trip;
pub use traceparent::traceparent;
pub use tracestate::{tracestate, tracestate_changes};

/// What a target does to the bytes that a fuzzer gives it; it panics where a property does not hold.
pub type Check = fn(&[u8]);

/// The targets by name.
pub const TARGETS: [(&str, Check); 8] = [
    ("traceparent", traceparent),
    ("tracestate", tracestate),
    ("baggage", baggage),
    ("headers", |bytes| headers(&Hop::from_bytes(bytes))),
    ("round_trip", |bytes| round_trip(&Hop::from_bytes(bytes))),
    ("c_api", |bytes| c_api(&Hop::from_bytes(bytes))),
    ("formats", |bytes| formats(&format_headers(bytes))),
    ("raw_headers", raw_headers),
];
