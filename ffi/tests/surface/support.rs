//! What C programs have at hand: arrays of headers, empty structs, views of pointer and size.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::ptr::null;
use tracebaton_ffi::*;

pub const OK: tracebaton_status_t = TRACEBATON_OK as tracebaton_status_t;
pub const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
pub const TRACE_ID: tracebaton_trace_id_t = tracebaton_trace_id_t {
    bytes: [0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c],
};
pub const PARENT_ID: tracebaton_span_id_t =
    tracebaton_span_id_t { bytes: [0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31] };

/// An id of one byte, again and again.
pub const fn trace(byte: u8) -> tracebaton_trace_id_t {
    tracebaton_trace_id_t { bytes: [byte; 16] }
}

pub const fn span(byte: u8) -> tracebaton_span_id_t {
    tracebaton_span_id_t { bytes: [byte; 8] }
}

/// The status of an invalid argument, of which the first has number 1.
pub const fn invalid(argument: tracebaton_status_t) -> tracebaton_status_t {
    -10 - argument
}

pub fn code(status: tracebaton_status) -> tracebaton_status_t {
    status as tracebaton_status_t
}

pub fn header(name: &(impl AsRef<[u8]> + ?Sized), value: Option<&[u8]>) -> tracebaton_header_t {
    let name = name.as_ref();
    tracebaton_header_t {
        name: name.as_ptr().cast(),
        name_size: name.len(),
        value: value.map_or(null(), |value| value.as_ptr().cast()),
        value_size: value.map_or(0, <[u8]>::len),
    }
}

pub fn headers(rows: &[(&'static str, &'static str)]) -> Vec<tracebaton_header_t> {
    rows.iter().map(|(name, value)| header(name, Some(value.as_bytes()))).collect()
}

/// The bytes at a pointer.
pub fn view<'a, T>(pointer: *const T, size: usize) -> &'a [u8] {
    if size == 0 {
        return &[];
    }
    // SAFETY: the tests only look at what the library gave, while its source is alive.
    unsafe { std::slice::from_raw_parts(pointer.cast(), size) }
}

pub fn text<'a, T>(pointer: *const T, size: usize) -> &'a str {
    std::str::from_utf8(view(pointer, size)).unwrap()
}

/// Names and values.
pub fn pairs(headers: &[tracebaton_header_t]) -> Vec<(&str, &str)> {
    let pair = |header: &tracebaton_header_t| {
        (text(header.name, header.name_size), text(header.value, header.value_size))
    };
    headers.iter().map(pair).collect()
}

/// A struct of zeros, as C's `= {0}` makes it.
pub fn zeros<T>() -> T {
    // SAFETY: every struct of the library is made of integers and pointers.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

pub fn chars(text: &str) -> *const c_char {
    text.as_ptr().cast()
}

pub fn extract(headers: &[tracebaton_header_t]) -> (tracebaton_status_t, tracebaton_extracted_t) {
    let mut extracted = zeros();
    // SAFETY: a slice.
    let status = unsafe { tracebaton_headers_extract(headers.as_ptr(), headers.len(), &mut extracted) };
    (status, extracted)
}

pub fn context(tracestate: &'static str, baggage: &'static str) -> tracebaton_context_t {
    tracebaton_context_t {
        trace_id: TRACE_ID,
        span_id: PARENT_ID,
        trace_flags: 1,
        tracestate: chars(tracestate),
        tracestate_size: tracestate.len(),
        baggage: chars(baggage),
        baggage_size: baggage.len(),
        ..zeros()
    }
}

pub fn injection(context: &tracebaton_context_t) -> (tracebaton_status_t, tracebaton_injection_t) {
    let mut injection = zeros();
    // SAFETY: both are there.
    let status = unsafe { tracebaton_injection_prepare(context, &mut injection) };
    (status, injection)
}

/// The headers of an injection.
pub fn headers_of(injection: &tracebaton_injection_t) -> Vec<tracebaton_header_t> {
    let mut headers = [zeros::<tracebaton_header_t>(); TRACEBATON_MAX_HEADERS];
    // SAFETY: there is room for three.
    let count = unsafe { tracebaton_injection_headers(injection, headers.as_mut_ptr()) };
    headers[..count].to_vec()
}
