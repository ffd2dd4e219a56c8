//! Reading headers through C: `tracebaton_headers_extract`, the same header by header, and single values.

use super::{NO_CONTEXT, OK, lists_of, memory::Memory, name_of, source, status_name, view, zeros};
use crate::Hop;
use oracle::Verdict;
use std::ffi::{CStr, c_char};
use tracebaton_ffi::*;
use tracebaton_oracle as oracle;

/// Extracts from an array and header by header. Both results equal the oracle's.
pub fn extract(memory: &Memory, hop: &Hop) {
    let (array, headers) = (source(memory, hop), &hop.source.headers[..]);
    let place = room_for_result(memory);
    // SAFETY: an array of that many headers, and room for the result.
    let status = unsafe { tracebaton_headers_extract(array, headers.len(), place) };
    result(status, place, &oracle::extract(headers));
    by_hand(memory, array, headers, status, place);
}

fn room_for_result(memory: &Memory) -> *mut tracebaton_extracted_t {
    memory.room(size_of::<tracebaton_extracted_t>()).cast()
}

/// The status and the result of an extraction are the oracle's.
fn result(status: tracebaton_status_t, place: *const tracebaton_extracted_t, expected: &oracle::Extracted) {
    // SAFETY: written by the extraction.
    let extracted = unsafe { place.read() };
    assert_eq!(status, parent_status(expected));
    verdict(extracted.traceparent, &expected.traceparent);
    verdict(extracted.tracestate, &expected.tracestate);
    verdict(extracted.baggage, &expected.baggage);
    context(&extracted, expected);
}

fn parent_status(expected: &oracle::Extracted) -> tracebaton_status_t {
    if matches!(expected.traceparent, Verdict::Accepted { .. }) { OK } else { NO_CONTEXT }
}

fn verdict<T>(seen: tracebaton_verdict_t, expected: &Verdict<T>) {
    let expected = match expected {
        Verdict::Absent => ("absent", 0, 0),
        Verdict::Accepted { index, .. } => ("ok", 0, *index),
        Verdict::Refused { index, rule, offset } => (*rule, *offset, *index),
    };
    assert_eq!((status_name(seen.status), seen.offset as usize, seen.index), expected);
}

/// Extracts the `traceparent` alone, from an array and header by header: the oracle's verdict, and no lists.
pub fn traceparent_alone(memory: &Memory, hop: &Hop) {
    let (array, headers) = (source(memory, hop), &hop.source.headers[..]);
    let room = || {
        let context: *mut tracebaton_context_t = memory.room(size_of::<tracebaton_context_t>()).cast();
        (context, memory.room(size_of::<tracebaton_verdict_t>()).cast::<tracebaton_verdict_t>())
    };
    let (whole, one_by_one) = (room(), room());
    let reader = added(memory, array, headers.len());
    // SAFETY: an array of that many headers, a reader, and room for the results.
    let statuses = unsafe {
        [
            tracebaton_headers_extract_traceparent(array, headers.len(), whole.0, whole.1),
            tracebaton_reader_finish_traceparent(reader, one_by_one.0, one_by_one.1),
        ]
    };
    let expected = oracle::extract(headers);
    assert_eq!(statuses, [parent_status(&expected); 2]);
    for (place, parent) in [whole, one_by_one] {
        // SAFETY: written by the calls.
        let (seen, parent) = unsafe { (place.read(), parent.read()) };
        verdict(parent, &expected.traceparent);
        assert_eq!(ids(&seen), expected_ids(&expected.traceparent));
        assert_eq!((lists_of(&seen), seen.reserved), ([&[][..]; 2], [0; 3]));
    }
}

/// Lists that were split over several headers (R11).
pub fn joined(memory: &Memory, hop: &Hop) {
    let (place, headers) = (room_for_result(memory), &hop.source.headers[..]);
    let (buffer, size) = (memory.room(TRACEBATON_JOINED_SIZE).cast(), TRACEBATON_JOINED_SIZE);
    // SAFETY: an array of that many headers, a buffer of that size, and room for the result.
    let status =
        unsafe { tracebaton_headers_extract_joined(source(memory, hop), headers.len(), buffer, size, place) };
    result(status, place, &oracle::extract(&oracle::joined(headers)));
}

fn ids(context: &tracebaton_context_t) -> ([u8; 16], [u8; 8], u8) {
    (context.trace_id.bytes, context.span_id.bytes, context.trace_flags)
}

/// The ids and flags of an accepted `traceparent`; zeros otherwise.
fn expected_ids(expected: &Verdict<oracle::TraceParent>) -> ([u8; 16], [u8; 8], u8) {
    match expected {
        Verdict::Accepted { content, .. } => (content.trace_id, content.parent_id, content.flags),
        _ => Default::default(),
    }
}

/// Accepted values are in the context, all other fields are zero.
fn context(extracted: &tracebaton_extracted_t, expected: &oracle::Extracted) {
    let seen = &extracted.context;
    let version = match &expected.traceparent {
        Verdict::Accepted { content, .. } => content.version,
        _ => 0,
    };
    assert_eq!(ids(seen), expected_ids(&expected.traceparent));
    let accepted = [expected.tracestate.accepted_value(), expected.baggage.accepted_value()];
    assert_eq!(lists_of(seen), accepted.map(Option::unwrap_or_default));
    let value = view(extracted.traceparent_value, extracted.traceparent_value_size);
    assert_eq!(value, expected.traceparent.accepted_value().unwrap_or_default());
    assert_eq!(extracted.traceparent_version, version);
    assert_eq!([seen.reserved, extracted.reserved], [[0; 3]; 2]);
}

/// Extracting header by header gives the same result, byte for byte.
fn by_hand(
    memory: &Memory,
    array: *const tracebaton_header_t,
    source: &[oracle::Header],
    status: tracebaton_status_t,
    expected: *const tracebaton_extracted_t,
) {
    let reader = added(memory, array, source.len());
    let result = room_for_result(memory);
    // SAFETY: two structs.
    assert_eq!(unsafe { tracebaton_reader_finish(reader, result) }, status);
    let size = size_of::<tracebaton_extracted_t>();
    assert_eq!(view(result, size), view(expected, size));
}

/// A reader to which the headers of an array were added.
fn added(memory: &Memory, array: *const tracebaton_header_t, count: usize) -> *mut tracebaton_reader_t {
    let reader: *mut tracebaton_reader_t = memory.place(zeros());
    for place in 0..count {
        // SAFETY: a header of the array, and a struct.
        unsafe {
            let tracebaton_header_t { name, name_size, value, value_size } = array.add(place).read();
            assert_eq!(tracebaton_reader_add(reader, name, name_size, value, value_size), OK);
        }
    }
    reader
}

/// Each name and value alone.
pub fn single_values(memory: &Memory, hop: &Hop) {
    for (name, value) in hop.source.headers.iter().take(8) {
        let own = [&b"traceparent"[..], b"tracestate", b"baggage"];
        let expected = own.iter().position(|own| name.eq_ignore_ascii_case(own)).map_or(0, |which| which + 1);
        // SAFETY: a text.
        let seen = unsafe { tracebaton_header_name_of(memory.copy(name).cast(), name.len()) };
        assert_eq!(usize::try_from(seen), Ok(expected), "R2: {}", name.escape_ascii());
        value.iter().for_each(|value| traceparent(memory, value));
    }
}

/// The ids in each value.
pub fn hexadecimal_values(memory: &Memory, hop: &Hop) {
    let values = hop.source.headers.iter().take(8).filter_map(|(_, value)| value.as_ref());
    values.for_each(|value| hexadecimal(memory, value));
}

fn traceparent(memory: &Memory, value: &[u8]) {
    let result: *mut tracebaton_context_t = memory.room(size_of::<tracebaton_context_t>()).cast();
    // SAFETY: a text, and room for the result.
    let status = unsafe { tracebaton_traceparent_parse(memory.copy(value).cast(), value.len(), result) };
    let expected = oracle::traceparent(value);
    assert_eq!(status_name(status), expected.map_or_else(|(rule, _)| rule, |_| "ok"), "R5");
    if let Ok(expected) = expected {
        let written = memory.room(TRACEBATON_TRACEPARENT_SIZE);
        // SAFETY: the context was written; there is room for the text.
        assert_eq!(unsafe { tracebaton_traceparent_format(result, written.cast()) }, OK);
        assert_eq!(view(written, TRACEBATON_TRACEPARENT_SIZE), expected.to_version_00(), "W3");
    }
}

fn hexadecimal(memory: &Memory, value: &[u8]) {
    let digits = value.get(3..35).unwrap_or(value);
    let (id, hex) = (memory.room(TRACEBATON_TRACE_ID_SIZE), memory.room(TRACEBATON_TRACE_ID_HEX_SIZE));
    // SAFETY: a text, and room for an id and its digits.
    unsafe {
        if tracebaton_trace_id_from_hex(memory.copy(digits).cast(), digits.len(), id.cast()) == OK {
            assert_eq!(tracebaton_trace_id_to_hex(id.cast(), hex.cast()), OK);
            assert_eq!(view(hex, TRACEBATON_TRACE_ID_HEX_SIZE), digits);
        }
        let digits = value.get(36..52).unwrap_or(value);
        if tracebaton_span_id_from_hex(memory.copy(digits).cast(), digits.len(), id.cast()) == OK {
            assert_eq!(tracebaton_span_id_to_hex(id.cast(), hex.cast()), OK);
            assert_eq!(view(hex, TRACEBATON_SPAN_ID_HEX_SIZE), digits);
        }
    }
}

/// An id has the bytes that it was made of. If all of them are zero, the id is 1.
pub fn generated_ids(memory: &Memory, hop: &Hop) {
    version();
    let random = hop.span_id;
    let bytes = [random, random].concat();
    generated(memory, &bytes, tracebaton_trace_id_generate, tracebaton_trace_id_to_hex);
    generated(memory, &random, tracebaton_span_id_generate, tracebaton_span_id_to_hex);
}

fn generated<R, I>(memory: &Memory, bytes: &[u8], generate: Generate<R, I>, to_hex: ToHex<I>) {
    let size = bytes.len();
    let (place, same, hex) = (memory.room(size), memory.copy(bytes), memory.room(2 * size));
    // SAFETY: the random bytes have the size of the id; there is room for the id, which may overlap them, and for the
    // digits.
    let answers = unsafe {
        [
            generate(same.cast(), place.cast()),
            generate(same.cast(), same.cast()),
            to_hex(place.cast(), hex.cast()),
        ]
    };
    assert_eq!(answers, [OK; 3]);
    let mut expected = bytes.to_vec();
    if bytes.iter().all(|byte| *byte == 0) {
        expected[size - 1] = 1;
    }
    assert_eq!([view(place, size), view(same, size)], [&expected[..]; 2]);
    let digits: String = expected.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(view(hex, 2 * size), digits.as_bytes());
}

type Generate<R, I> = unsafe extern "C" fn(*const R, *mut I) -> tracebaton_status_t;
type ToHex<I> = unsafe extern "C" fn(*const I, *mut c_char) -> tracebaton_status_t;

/// The version of the library, as a string and as numbers.
fn version() {
    // SAFETY: a string that ends with a NUL and lives as long as the program.
    let text = unsafe { CStr::from_ptr(tracebaton_version()) }.to_str().expect("ASCII");
    let numbers = text.split('.').map(|number| number.parse::<u32>().expect("a number"));
    assert_eq!(tracebaton_version_number(), numbers.fold(0, |all, number| all << 8 | number));
}

/// Every number has a name and a sentence.
pub fn texts(status: tracebaton_status_t) {
    assert!(!name_of(status).is_empty());
    // SAFETY: a string that ends with a NUL and lives as long as the program.
    let sentence = unsafe { CStr::from_ptr(tracebaton_status_message(status)) };
    assert!(sentence.count_bytes() > 3 && sentence.to_bytes().is_ascii());
}
