//! The C functions, with pointers and sizes as C passes them. Each object lies beside an inaccessible page.

mod extraction;
mod formats;
mod injection;
mod lists;
mod memory;
mod misuse;
mod raw_headers;

use crate::Hop;
use memory::{Memory, Side};
use std::collections::HashMap;
use std::ffi::CStr;
use std::sync::LazyLock;
use tracebaton_ffi::{
    TRACEBATON_NO_CONTEXT, TRACEBATON_OK, tracebaton_context_t, tracebaton_header_t, tracebaton_status_name,
    tracebaton_status_t,
};
use tracebaton_oracle as oracle;

const OK: tracebaton_status_t = TRACEBATON_OK as tracebaton_status_t;
const NO_CONTEXT: tracebaton_status_t = TRACEBATON_NO_CONTEXT as tracebaton_status_t;
/// The status for an invalid argument with this number, counted from 1.
const fn invalid(argument: tracebaton_status_t) -> tracebaton_status_t {
    -10 - argument
}

/// Calls every function of `tracebaton.h` with the values of a hop, and some functions with invalid arguments.
///
/// # Panics
///
/// If a property does not hold. Reading or writing a byte outside an object ends the process.
pub fn c_api(hop: &Hop) {
    let side = if hop.chose(0) { Side::Before } else { Side::After };
    Memory::lend(side, |memory| {
        let source = array(memory, hop, &hop.source.headers, hop.source.headers.len());
        let extracted = extraction::extract(memory, source, &hop.source.headers);
        extraction::generated_ids(memory, hop.span_id);
        extraction::version();
        raw_headers::raw_headers(memory, hop, source);
        injection::inject(memory, hop, extracted);
        formats::formats(memory, hop, extracted);
        lists::tracestate(memory, hop);
        lists::baggage(memory, hop);
        misuse::misuse(memory, hop, extracted);
    });
}

/// The headers as an array with this capacity.
fn array(
    memory: &Memory,
    hop: &Hop,
    headers: &[oracle::Header],
    capacity: usize,
) -> *mut tracebaton_header_t {
    let array: *mut tracebaton_header_t = memory.room(capacity * size_of::<tracebaton_header_t>()).cast();
    for (place, (name, value)) in headers.iter().enumerate() {
        // Empty texts may be NULL, but not values. The size of a null value is ignored.
        let is_null = name.is_empty() && hop.chose(1);
        let header = tracebaton_header_t {
            name: if is_null { std::ptr::null() } else { memory.copy(name).cast() },
            name_size: name.len(),
            value: value.as_ref().map_or(std::ptr::null(), |value| memory.copy(value).cast()),
            value_size: value.as_ref().map_or(usize::MAX, Vec::len),
        };
        // SAFETY: there is room for more headers than that.
        unsafe { array.add(place).write(header) };
    }
    array
}

/// The headers of an array that the library has changed.
fn headers(array: *const tracebaton_header_t, count: usize) -> Vec<oracle::Header> {
    let header = |place| {
        // SAFETY: the library returned this count.
        let header = unsafe { array.add(place).read() };
        let value = (!header.value.is_null()).then(|| view(header.value, header.value_size).to_vec());
        (view(header.name, header.name_size).to_vec(), value)
    };
    (0..count).map(header).collect()
}

/// The bytes at a pointer that the library returned.
fn view<'a, T>(pointer: *const T, size: usize) -> &'a [u8] {
    if size == 0 {
        return &[];
    }
    // SAFETY: the library returned this pointer and size; reading the bytes is the check.
    unsafe { std::slice::from_raw_parts(pointer.cast(), size) }
}

/// The name of a status. Rules have the same names as in the oracle.
fn status_name(status: tracebaton_status_t) -> &'static str {
    // Cached, since it is compared many times.
    static NAMES: LazyLock<HashMap<tracebaton_status_t, &str>> =
        LazyLock::new(|| (-510..10).map(|status| (status, name_of(status))).collect());
    NAMES.get(&status).copied().unwrap_or_else(|| name_of(status))
}

fn name_of(status: tracebaton_status_t) -> &'static str {
    // SAFETY: a string that ends with a NUL and lives as long as the program.
    unsafe { CStr::from_ptr(tracebaton_status_name(status)) }.to_str().expect("ASCII")
}

/// The tracestate and the baggage of a context.
fn lists_of(context: &tracebaton_context_t) -> [&[u8]; 2] {
    [view(context.tracestate, context.tracestate_size), view(context.baggage, context.baggage_size)]
}

/// A struct of zeros, as C's `= {0}` makes it.
fn zeros<T>() -> T {
    // SAFETY: every struct of the library is made of integers and pointers.
    unsafe { std::mem::MaybeUninit::zeroed().assume_init() }
}
