//! Calls every public function of [`tracebaton`] with untrusted bytes.
//!
//! Other tests use these calls to show what holds for every function: no panic is linked (`tests/guarantees/linked`),
//! nothing is allocated (`tests/allocation.rs`), and no byte beside a value is accessed (`tests/guarantees/memory`).
//!
//! Results are only kept from being optimised away, not checked. A test of this crate finds functions that are missing
//! here.
#![no_std]

mod baggage;
mod context;
mod formats;
mod record;
mod text;
mod traceparent;
mod tracestate;

pub use baggage::{baggage, baggage_build, baggage_change};
pub use context::{context, owned, queue_time};
pub use formats::{format_injection, format_name, format_value, formats, raw_headers, text_of_formats};
pub use record::{arrayvec, heapless, inject_into, record, refilled};
pub use text::{text_of_errors, text_of_ids, text_of_values};
pub use traceparent::{ids, traceparent};
pub use tracestate::{tracestate, tracestate_change};

use core::hint::black_box;
use tracebaton::Header;

/// Calls every function with one value, as a header of each name, as a list and as digits. Changes write into `buffer`.
pub fn every_function(value: &[u8], key: &[u8], buffer: &mut [u8]) {
    let headers = [
        Header { name: b"traceparent", value: Some(value) },
        Header { name: b"tracestate", value: Some(value) },
        Header { name: key, value: Some(value) },
        Header { name: value, value: None },
    ];
    every_reading(value);
    every_change(value, key, value, 512, buffer);
    every_use(&headers);
    queue_time(i64::MIN, value.len() as i64);
}

/// Reads a value in every way there is.
pub fn every_reading(value: &[u8]) {
    traceparent(value);
    ids(value);
    tracestate(value);
    baggage(value);
    text_of_errors(value);
    text_of_ids(value);
    text_of_values(value);
    format_name(value);
    format_value(value);
    raw_headers(value);
    text_of_formats(value);
}

/// Reads a value once as each header; for values too long for [`every_reading`].
pub fn each_reading(value: &[u8]) {
    traceparent(value);
    let parent = Header::new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let headers = [parent, Header::new("tracestate", value), Header::new("baggage", value)];
    let context = tracebaton::extract(headers).context();
    context.span_context.into_iter().flat_map(|span| span.trace_state.members()).for_each(keep);
    context.baggage.members().for_each(|member| member.properties().for_each(keep));
    format_name(value);
    format_value(value);
    raw_headers(value);
}

/// Changes a list in every way there is.
pub fn every_change(list: &[u8], key: &[u8], value: &[u8], limit: usize, buffer: &mut [u8]) {
    tracestate_change(list, key, value, limit, buffer);
    baggage_change(list, key, value, buffer);
    baggage_build(list, key, value, buffer);
}

/// Calls every function that works on a record.
pub fn every_use(headers: &[Header<'_>]) {
    record(headers);
    arrayvec(headers);
    heapless(headers);
    refilled(headers);
    context(headers);
    owned(headers);
    formats(headers);
    format_injection(headers);
}

/// Keeps a result, so that the code that made it is not optimised away.
fn keep<T>(result: T) {
    let _ = black_box(result);
}
