//! The structs that a program keeps between two calls, and may change: a cursor of raw headers, a reader of a choice.

use crate::support::*;
use std::ptr::{null, null_mut};
use tracebaton_ffi::*;

const END: tracebaton_status_t = TRACEBATON_END as tracebaton_status_t;
const OVERLAP: tracebaton_status_t = TRACEBATON_OVERLAP as tracebaton_status_t;

#[test]
fn a_changed_cursor_of_raw_headers_is_an_invalid_argument() {
    let block = b"\x02k\x02v";
    for (rest, rest_size, header_count, expected) in [
        (block.as_ptr(), 4, 1, OK),
        (block.as_ptr(), 0, 0, END),
        (null(), 0, 0, END),
        (null(), 4, 1, invalid(1)),
        (block.as_ptr(), 0, 1, invalid(1)),
        (block.as_ptr(), 3, 1, invalid(1)),
    ] {
        let mut cursor = tracebaton_raw_headers_t { rest: rest.cast(), rest_size, header_count };
        let mut header = zeros();
        // SAFETY: a cursor into the block, or to nothing, and room for a header.
        let status = unsafe { tracebaton_raw_headers_next(&mut cursor, &mut header) };
        assert_eq!(status, expected, "{rest_size} bytes, {header_count} headers");
    }
}

#[test]
fn a_cursor_of_raw_headers_overlaps_nothing() {
    let mut cursor: tracebaton_raw_headers_t = zeros();
    let (place, mut header) = (&raw mut cursor, zeros());
    // SAFETY: one struct, which is refused as its own block and as its own header before anything is written.
    unsafe {
        (*place).rest = place.cast();
        (*place).rest_size = 8;
        (*place).header_count = 1;
        assert_eq!(tracebaton_raw_headers_next(place, &mut header), OVERLAP);
        assert_eq!(tracebaton_raw_headers_next(place, place.cast()), OVERLAP);
    }
}

#[test]
fn a_reader_of_a_choice_overlaps_no_header_and_knows_its_formats() {
    let mut reader: tracebaton_choice_reader_t = zeros();
    let (place, mut choice) = (&raw mut reader, zeros());
    // SAFETY: all are there; a name within the reader is refused before anything is written.
    unsafe {
        assert_eq!(tracebaton_choice_reader_add(place, place.cast(), 2, chars("0").cast(), 1), OVERLAP);
        assert_eq!(tracebaton_choice_reader_add(place, chars("b3"), 2, chars("0").cast(), 1), OK);
        let finish = |order, count, choice| tracebaton_choice_reader_finish(place, order, count, 0, choice);
        assert_eq!(finish([99].as_ptr(), 1, &raw mut choice), invalid(2));
        assert_eq!(finish(null(), 2, &raw mut choice), invalid(2));
    }
}

#[test]
fn a_result_may_not_be_null_without_any_of_the_headers() {
    let other = header("key", Some(b"value"));
    // SAFETY: one header; the result is found to be NULL.
    assert_eq!(unsafe { tracebaton_headers_extract(&other, 1, null_mut()) }, invalid(3));
}

/// The headers, their block, and a buffer that is too small by one byte.
#[test]
fn headers_are_written_as_a_block() {
    let long: &'static str = "x".repeat(64).leak();
    let valueless = tracebaton_header_t { value: null(), ..header("k", Some(b"")) };
    let nameless = tracebaton_header_t { name: null(), name_size: 0, ..header("", Some(b"v")) };
    let rows: [(&[tracebaton_header_t], Vec<u8>); 6] = [
        (&[], b"\0".to_vec()),
        (&[header("k", Some(b"v"))], b"\x02\x02k\x02v".to_vec()),
        (&[valueless, header("k", Some(b""))], b"\x04\x02k\x01\x02k\0".to_vec()),
        (&[nameless], b"\x02\0\x02v".to_vec()),
        (&[header(long, None)], [b"\x02\x80\x01", long.as_bytes(), b"\x01"].concat()),
        (&[header("k", Some(&long.as_bytes()[..63]))], [b"\x02\x02k\x7e", &long.as_bytes()[..63]].concat()),
    ];
    for (list, expected) in rows {
        for capacity in [expected.len() + 1, expected.len(), expected.len() - 1] {
            let (mut buffer, mut size) = (vec![0xaa_u8; capacity], 77);
            let block = buffer.as_mut_ptr().cast();
            // SAFETY: an array, a buffer of that size, and room for a size.
            let status = unsafe {
                tracebaton_raw_headers_write(list.as_ptr(), list.len(), block, capacity, &mut size)
            };
            match capacity < expected.len() {
                true => assert_eq!((status, size), (code(TRACEBATON_BUFFER_TOO_SMALL), 77)),
                false => assert_eq!((status, &buffer[..size]), (OK, &expected[..])),
            }
        }
    }
}

/// Reading treats these headers as unknown or null; a block that lacks them would be another record.
#[test]
fn a_header_that_cannot_be_borrowed_is_not_written() {
    let good = header("k", Some(b"v"));
    for bad in [
        tracebaton_header_t { name: null(), ..good },
        tracebaton_header_t { name_size: usize::MAX, ..good },
        tracebaton_header_t { value_size: usize::MAX, ..good },
    ] {
        let (mut block, mut size) = ([0_u8; 64], 77);
        let list = [good, bad];
        // SAFETY: an array, a buffer, and room for a size.
        let status = unsafe {
            tracebaton_raw_headers_write(list.as_ptr(), 2, block.as_mut_ptr().cast(), 64, &mut size)
        };
        assert_eq!((status, size, block), (invalid(1), 77, [0; 64]));
    }
}

#[test]
fn a_block_is_written_apart_from_its_headers() {
    let mut room = [header("k", Some(b"v")), header("k", Some(b"v"))];
    let mut value = *b"vvvvvvvvvvvvvvvv";
    let place: *mut std::ffi::c_void = value.as_mut_ptr().cast();
    let named = header("k", Some(&value[8..]));
    let mut size = 77_usize;
    let number = &raw mut size;
    // SAFETY: arrays, buffers of these sizes, and room for a size.
    unsafe {
        let array = room.as_mut_ptr();
        for (list, count, block, capacity) in [
            (array.cast_const(), 2, array.cast(), size_of_val(&room)),
            (&raw const named, 1, place, 9),
            (array.cast_const(), 2, number.cast(), 8),
        ] {
            let status = tracebaton_raw_headers_write(list, count, block, capacity, number);
            assert_eq!(status, OVERLAP);
        }
        assert_eq!(
            tracebaton_raw_headers_write(&named, 1, place, 8, number),
            code(TRACEBATON_BUFFER_TOO_SMALL)
        );
    }
    assert_eq!((size, &value[8..]), (77, &b"vvvvvvvv"[..]));
}

#[test]
fn a_traceparent_is_extracted_alone() {
    for (rows, index) in [
        (&[("traceparent", "00-"), ("TraceParent", TRACEPARENT), ("tracestate", "A")][..], 1),
        (&[("traceparent", TRACEPARENT), ("traceparent", "00-")], 1),
        (&[("tracestate", "a=1"), ("baggage", "b=2")], 0),
        (&[], 0),
    ] {
        let list = headers(rows);
        let (expected, whole) = extract(&list);
        let (mut context, mut verdict) = (context("a=1", "b=2"), zeros::<tracebaton_verdict_t>());
        // SAFETY: an array, and room for the results.
        let status = unsafe {
            tracebaton_headers_extract_traceparent(list.as_ptr(), list.len(), &mut context, &mut verdict)
        };
        assert_eq!((status, verdict, verdict.index), (expected, whole.traceparent, index), "{rows:?}");
        assert_eq!((context.trace_id, context.span_id), (whole.context.trace_id, whole.context.span_id));
        assert_eq!((context.tracestate_size, context.baggage_size, context.checked), (0, 0, 0));
    }
}
