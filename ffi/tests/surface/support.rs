//! What C programs have at hand: arrays of headers, empty structs, views of pointer and size.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::ptr::null;
use tracebaton_ffi::*;

pub const OK: StatusCode = Status::TRACEBATON_OK as StatusCode;
pub const INVALID: StatusCode = Status::TRACEBATON_INVALID_ARGUMENT as StatusCode;
pub const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
pub const TRACE_ID: [u8; 16] =
    [0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c];
pub const PARENT_ID: [u8; 8] = [0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31];

pub fn code(status: Status) -> StatusCode {
    status as StatusCode
}

pub fn header(name: &(impl AsRef<[u8]> + ?Sized), value: Option<&[u8]>) -> Header {
    let name = name.as_ref();
    Header {
        name: name.as_ptr().cast(),
        name_size: name.len(),
        value: value.map_or(null(), |value| value.as_ptr().cast()),
        value_size: value.map_or(0, <[u8]>::len),
    }
}

pub fn headers(rows: &[(&'static str, &'static str)]) -> Vec<Header> {
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
pub fn pairs(headers: &[Header]) -> Vec<(&str, &str)> {
    let pair = |header: &Header| (text(header.name, header.name_size), text(header.value, header.value_size));
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

pub fn extract(headers: &[Header]) -> (StatusCode, ExtractedContext) {
    let mut extracted = zeros();
    // SAFETY: a slice.
    let status = unsafe { tracebaton_extract(headers.as_ptr(), headers.len(), &mut extracted) };
    (status, extracted)
}

pub fn context(tracestate: &'static str, baggage: &'static str) -> Context {
    Context {
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

pub fn injection(context: &Context) -> (StatusCode, PreparedInjection) {
    let mut injection = zeros();
    // SAFETY: both are there.
    let status = unsafe { tracebaton_injection(context, &mut injection) };
    (status, injection)
}

/// The headers of an injection.
pub fn headers_of(injection: &PreparedInjection) -> Vec<Header> {
    let mut headers = [zeros::<Header>(); TRACEBATON_MAX_HEADERS];
    // SAFETY: there is room for three.
    let count = unsafe { tracebaton_injection_headers(injection, headers.as_mut_ptr()) };
    headers[..count].to_vec()
}
