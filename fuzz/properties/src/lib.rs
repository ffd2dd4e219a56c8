//! The properties that must hold for every input: one function for each fuzz target, which panics if a property does
//! not hold.
//!
//! The fuzzers in `fuzz/` call them with generated inputs. The tests of this crate call them with all seeds, past
//! findings and conformance vectors, so that plain `cargo test` needs no fuzzer. The tests of the oracle call them with
//! enumerated values, and with values generated near the grammars. `fuzz/README.md` lists the properties.

mod baggage;
mod c_api;
mod carrier;
#[cfg(feature = "explain")]
mod explain;
mod formats;
mod headers;
mod hop;
mod lines;
mod mutate;
#[cfg(feature = "opentelemetry")]
mod opentelemetry;
mod round_trip;
mod traceparent;
mod tracestate;

pub use baggage::{baggage, baggage_changes};
pub use c_api::c_api;
#[cfg(feature = "explain")]
pub use explain::explain;
pub use formats::{format_headers, format_input, format_name, formats, raw_headers};
pub use headers::{headers, headers_forwarded};
pub use hop::{Hop, Record};
pub use mutate::{Mutator, mutate, mutate_hop, mutate_list, mutate_part};
#[cfg(feature = "opentelemetry")]
pub use opentelemetry::opentelemetry;
pub use round_trip::round_trip;
pub use traceparent::traceparent;
pub use tracestate::{tracestate, tracestate_changes};

/// Checks the bytes from a fuzzer; panics if a property does not hold.
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
