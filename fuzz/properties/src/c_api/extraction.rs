//! Reading headers through C: `tracebaton_headers_extract`, the same header by header, and single values.

use super::{NO_CONTEXT, OK, lists_of, memory::Memory, name_of, status_name, view, zeros};
use oracle::Verdict;
use std::ffi::{CStr, c_char};
use tracebaton_ffi::*;
use tracebaton_oracle as oracle;

/// Extracts from an array and header by header. Both results equal the oracle's.
pub fn extract(
    memory: &Memory,
    array: *const tracebaton_header_t,
    source: &[oracle::Header],
) -> *mut tracebaton_extracted_t {
    let place: *mut tracebaton_extracted_t = memory.room(size_of::<tracebaton_extracted_t>()).cast();
    // SAFETY: an array of that many headers, and room for the result.
    let status = unsafe { tracebaton_headers_extract(array, source.len(), place) };
    // SAFETY: written by the call.
    let extracted = unsafe { place.read() };
    let expected = oracle::extract(source);
    let is_accepted = matches!(expected.traceparent, Verdict::Accepted { .. });
    assert_eq!(status, if is_accepted { OK } else { NO_CONTEXT });
    verdict(extracted.traceparent, &expected.traceparent);
    verdict(extracted.tracestate, &expected.tracestate);
    verdict(extracted.baggage, &expected.baggage);
    context(&extracted, &expected);
    by_hand(memory, array, source, status, place);
    joined(memory, array, source);
    single_values(memory, source);
    place
}

fn verdict<T>(seen: tracebaton_verdict_t, expected: &Verdict<T>) {
    let expected = match expected {
        Verdict::Absent => ("absent", 0, 0),
        Verdict::Accepted { index, .. } => ("ok", 0, *index),
        Verdict::Refused { index, rule, offset } => (*rule, *offset, *index),
    };
    assert_eq!((status_name(seen.status), seen.offset as usize, seen.index), expected);
}

/// Lists that were split over several headers (R11).
fn joined(memory: &Memory, array: *const tracebaton_header_t, source: &[oracle::Header]) {
    let place: *mut tracebaton_extracted_t = memory.room(size_of::<tracebaton_extracted_t>()).cast();
    let buffer = memory.room(TRACEBATON_JOINED_SIZE).cast();
    // SAFETY: an array of that many headers, a buffer of that size, and room for the result, which the call writes.
    let (status, extracted) = unsafe {
        let size = TRACEBATON_JOINED_SIZE;
        (tracebaton_headers_extract_joined(array, source.len(), buffer, size, place), place.read())
    };
    let expected = oracle::extract(&oracle::joined(source));
    let is_accepted = matches!(expected.traceparent, Verdict::Accepted { .. });
    assert_eq!(status, if is_accepted { OK } else { NO_CONTEXT });
    verdict(extracted.traceparent, &expected.traceparent);
    verdict(extracted.tracestate, &expected.tracestate);
    verdict(extracted.baggage, &expected.baggage);
    context(&extracted, &expected);
}

/// Accepted values are in the context, all other fields are zero.
fn context(extracted: &tracebaton_extracted_t, expected: &oracle::Extracted) {
    let seen = &extracted.context;
    let (trace_id, parent_id, flags, version) = match &expected.traceparent {
        Verdict::Accepted { content, .. } => {
            (content.trace_id, content.parent_id, content.flags, content.version)
        }
        _ => Default::default(),
    };
    assert_eq!((seen.trace_id.bytes, seen.span_id.bytes, seen.trace_flags), (trace_id, parent_id, flags));
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
    let reader: *mut tracebaton_reader_t = memory.place(zeros());
    let result: *mut tracebaton_extracted_t = memory.room(size_of::<tracebaton_extracted_t>()).cast();
    for place in 0..source.len() {
        // SAFETY: a header of the array, and a struct.
        unsafe {
            let tracebaton_header_t { name, name_size, value, value_size } = array.add(place).read();
            assert_eq!(tracebaton_reader_add(reader, name, name_size, value, value_size), OK);
        }
    }
    // SAFETY: two structs.
    assert_eq!(unsafe { tracebaton_reader_finish(reader, result) }, status);
    let size = size_of::<tracebaton_extracted_t>();
    assert_eq!(view(result, size), view(expected, size));
}

/// Each name and value alone.
fn single_values(memory: &Memory, source: &[oracle::Header]) {
    for (name, value) in source.iter().take(8) {
        let own = [&b"traceparent"[..], b"tracestate", b"baggage"];
        let expected = own.iter().position(|own| name.eq_ignore_ascii_case(own)).map_or(0, |which| which + 1);
        // SAFETY: a text.
        let seen = unsafe { tracebaton_header_name_of(memory.copy(name).cast(), name.len()) };
        assert_eq!(usize::try_from(seen), Ok(expected), "R2: {}", name.escape_ascii());
        if let Some(value) = value {
            traceparent(memory, value);
            hexadecimal(memory, value);
        }
    }
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
pub fn generated_ids(memory: &Memory, random: [u8; 8]) {
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
pub fn version() {
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
