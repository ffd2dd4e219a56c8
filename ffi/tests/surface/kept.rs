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
