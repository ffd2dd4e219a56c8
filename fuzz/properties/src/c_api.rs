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
    TRACEBATON_NO_CONTEXT, TRACEBATON_OK, tracebaton_context_t, tracebaton_extracted_t, tracebaton_header_t,
    tracebaton_headers_extract, tracebaton_status_name, tracebaton_status_t,
};
use tracebaton_oracle as oracle;

const OK: tracebaton_status_t = TRACEBATON_OK as tracebaton_status_t;
const NO_CONTEXT: tracebaton_status_t = TRACEBATON_NO_CONTEXT as tracebaton_status_t;
/// The status for an invalid argument with this number, counted from 1.
const fn invalid(argument: tracebaton_status_t) -> tracebaton_status_t {
    -10 - argument
}

/// Checks some functions of `tracebaton.h` with the values of a hop.
type Part = fn(&Memory, &Hop);

/// The parts of the target, each with the functions that it checks.
const PARTS: [(&[&str], Part); 21] = [
    (&["headers_extract", "reader_add", "reader_finish", "status_name"], extraction::extract),
    (&["headers_extract_traceparent", "reader_finish_traceparent"], extraction::traceparent_alone),
    (&["headers_extract_joined"], extraction::joined),
    (&["header_name_of", "traceparent_parse", "traceparent_format"], extraction::single_values),
    (
        &["trace_id_from_hex", "trace_id_to_hex", "span_id_from_hex", "span_id_to_hex"],
        extraction::hexadecimal_values,
    ),
    (&["trace_id_generate", "span_id_generate", "version", "version_number"], extraction::generated_ids),
    (&["raw_headers_start", "raw_headers_next", "raw_headers_write"], raw_headers::raw_headers),
    (&["headers_choose", "choice_reader_add", "choice_reader_finish"], raw_headers::choices),
    (&["context_copy", "context_copy_size", "links_start", "links_add"], injection::copies),
    (
        &[
            "injection_prepare",
            "injection_trace_context_only",
            "injection_baggage_only",
            "injection_headers",
            "injection_replaces",
            "headers_inject",
            "headers_inject_if_absent",
        ],
        injection::inject,
    ),
    (&["injection_forward"], injection::forward),
    (&["context_child", "context_restart"], injection::child_or_restart),
    (&["context_child_or_root", "context_admit"], injection::derived),
    (&["header_format_of", "format_of_name", "format_name", "format_rule_name"], formats::names),
    (&["headers_strip", "headers_strip_formats"], formats::stripped),
    (&["format_injection_prepare", "format_injection_replaces", "headers_inject_formats"], formats::injected),
    (&["tracestate_next", "tracestate_get"], lists::tracestate),
    (
        &["tracestate_insert", "tracestate_insert_within", "tracestate_delete", "tracestate_truncate"],
        lists::tracestate_changes,
    ),
    (
        &["baggage_next", "baggage_get", "baggage_value", "baggage_property_next", "baggage_property_value"],
        lists::baggage,
    ),
    (&["baggage_set", "baggage_remove", "baggage_build"], lists::baggage_changes),
    (&["queue_time_between", "status_message"], misuse::misuse),
];

/// Calls the functions of the part that the hop selects, or every function of `tracebaton.h`.
///
/// # Panics
///
/// If a property does not hold. Reading or writing a byte outside an object ends the process.
pub fn c_api(hop: &Hop) {
    let side = if hop.chose(0) { Side::Before } else { Side::After };
    for (_, check) in hop.select(&PARTS) {
        Memory::lend(side, |memory| check(memory, hop));
    }
}

/// The headers of the incoming record.
fn source(memory: &Memory, hop: &Hop) -> *mut tracebaton_header_t {
    array(memory, hop, &hop.source.headers, hop.source.headers.len())
}

/// The result of extracting the incoming record, which `extraction` checks.
fn extracted(memory: &Memory, hop: &Hop) -> *mut tracebaton_extracted_t {
    let place: *mut tracebaton_extracted_t = memory.room(size_of::<tracebaton_extracted_t>()).cast();
    // SAFETY: an array of that many headers, and room for the result.
    let status = unsafe { tracebaton_headers_extract(source(memory, hop), hop.source.headers.len(), place) };
    assert!(status >= 0, "an extraction always has a result");
    place
}

/// The context of the incoming record.
fn received(memory: &Memory, hop: &Hop) -> *mut tracebaton_context_t {
    // SAFETY: written by an extraction.
    memory.place(unsafe { extracted(memory, hop).read() }.context)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The code of the checks, without the calls that pass NULL.
    fn sources() -> String {
        let (misuse, rest) = include_str!("c_api/misuse.rs").split_once("fn null_pointers").unwrap();
        let (_, other_misuse) = rest.split_once("\n}\n").unwrap();
        [
            include_str!("c_api/extraction.rs"),
            include_str!("c_api/raw_headers.rs"),
            include_str!("c_api/injection.rs"),
            include_str!("c_api/formats.rs"),
            include_str!("c_api/lists.rs"),
            include_str!("c_api.rs"),
            misuse,
            other_misuse,
        ]
        .concat()
    }

    fn declared() -> Vec<&'static str> {
        let header = include_str!("../../../include/tracebaton.h");
        let code = header.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, code)| code));
        let lines = code.flat_map(str::lines).filter(|line| !line.starts_with([' ', '#', '}']));
        let names = lines.filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next());
        let mut names: Vec<_> = names.filter_map(|name| name.strip_prefix("tracebaton_")).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_function_of_the_header_is_in_one_part() {
        let mut checked: Vec<_> = PARTS.iter().flat_map(|(functions, _)| *functions).copied().collect();
        checked.sort_unstable();
        assert_eq!(checked, declared());
    }

    #[test]
    fn every_function_of_a_part_is_called() {
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let sources = sources();
        let words: Vec<_> = sources.split(|letter| !is_word(letter)).collect();
        for name in declared() {
            assert!(words.contains(&&*format!("tracebaton_{name}")), "{name}");
        }
    }
}
