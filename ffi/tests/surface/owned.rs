//! Copies of contexts, links, and several changes in one buffer.

use crate::support::*;
use std::ffi::c_char;
use std::ptr::null_mut;
use tracebaton_ffi::*;

const TOO_SMALL: tracebaton_status_t = TRACEBATON_BUFFER_TOO_SMALL as tracebaton_status_t;

fn lists(context: &tracebaton_context_t) -> [&str; 2] {
    [text(context.tracestate, context.tracestate_size), text(context.baggage, context.baggage_size)]
}

#[test]
fn a_copy_outlives_what_it_was_made_from() {
    let mut value = *b"a=1,b=2user=x";
    let start: *mut c_char = value.as_mut_ptr().cast();
    let mut given = tracebaton_context_t {
        tracestate: start,
        tracestate_size: 7,
        baggage: start.wrapping_add(7),
        baggage_size: 6,
        ..context("", "")
    };
    let mut buffer = [0_u8; 13];
    // SAFETY: a context, a buffer, and room, which may be the context.
    unsafe {
        assert_eq!(tracebaton_context_copy_size(&given), 13);
        let whole = &raw mut given;
        assert_eq!(tracebaton_context_copy(whole, buffer.as_mut_ptr().cast(), 13, whole), OK);
        start.write_bytes(b'!' as _, 13);
    }
    assert_eq!((given.trace_id, given.span_id, given.trace_flags), (TRACE_ID, PARENT_ID, 1));
    assert_eq!(lists(&given), ["a=1,b=2", "user=x"]);
    assert_eq!(given.tracestate.cast(), buffer.as_ptr());
}

#[test]
fn a_copy_needs_its_size_and_not_a_byte_more() {
    let unparented = tracebaton_context_t { trace_id: trace(0), span_id: span(0), ..context("A", "b=2") };
    for (given, size, expected) in [
        (context("a=1", "b=2"), 6, ["a=1", "b=2"]),
        (context("", "b=2"), 3, ["", "b=2"]),
        (context("a=1", ""), 3, ["a=1", ""]),
        (context("", ""), 0, ["", ""]),
        (unparented, 3, ["", "b=2"]),
    ] {
        // SAFETY: a context.
        assert_eq!(unsafe { tracebaton_context_copy_size(&given) }, size);
        for capacity in 0..=size + 1 {
            let room = vec![0_u8; capacity].leak().as_mut_ptr().cast();
            let mut copy = tracebaton_context_t { trace_flags: 77, ..zeros() };
            // SAFETY: a context, a buffer, and room.
            let status = unsafe { tracebaton_context_copy(&given, room, capacity, &mut copy) };
            match capacity >= size {
                true => assert_eq!((status, lists(&copy)), (OK, expected)),
                false => assert_eq!((status, copy.trace_flags), (TOO_SMALL, 77)),
            }
        }
    }
    let broken = tracebaton_context_t { span_id: span(0), ..context("", "") };
    // SAFETY: no buffer is needed.
    let status = unsafe { tracebaton_context_copy(&broken, null_mut(), 0, &mut zeros()) };
    assert_eq!(status, code(TRACEBATON_TRACEPARENT_PARENT_ID_ZERO));
}

fn parent(span_byte: u8, tracestate: &'static str) -> tracebaton_context_t {
    tracebaton_context_t { span_id: span(span_byte), ..context(tracestate, "ignored=1") }
}

#[test]
fn links_are_distinct_and_what_finds_no_room_is_counted() {
    let mut array = [zeros::<tracebaton_context_t>(); 3];
    let mut room = [0_u8; 8];
    let mut links = zeros();
    let none: tracebaton_context_t = zeros();
    let rows = [
        (parent(1, "a=1"), OK),
        (parent(1, "b=2"), code(TRACEBATON_KEPT)),
        (none, code(TRACEBATON_NO_CONTEXT)),
        (parent(2, "long=12345"), OK),
        (parent(3, "c=3"), OK),
        (parent(3, "c=3"), code(TRACEBATON_KEPT)),
        (parent(4, ""), code(TRACEBATON_LINKS_FULL)),
        (parent(5, ""), code(TRACEBATON_LINKS_FULL)),
        (parent(6, "A"), code(TRACEBATON_TRACESTATE_KEY_START)),
        (parent(0, ""), code(TRACEBATON_TRACEPARENT_PARENT_ID_ZERO)),
    ];
    // SAFETY: an array, a buffer, structs.
    unsafe {
        let (array, room) = (array.as_mut_ptr(), room.as_mut_ptr().cast());
        for _ in 0..2 {
            assert_eq!(tracebaton_links_start(array, 3, room, 8, &mut links), OK);
            for (given, expected) in &rows {
                assert_eq!(tracebaton_links_add(&mut links, given), *expected);
            }
            let found = (links.link_count, links.dropped, links.dropped_tracestates, links.tracestates_size);
            assert_eq!(found, (3, 2, 1, 6));
        }
    }
    let found: Vec<_> = array.iter().map(|link| (link.span_id.bytes[0], lists(link))).collect();
    assert_eq!(found, [(1, ["a=1", ""]), (2, ["", ""]), (3, ["c=3", ""])]);
}

/// The same links as those of the Rust API.
#[test]
fn links_are_those_of_the_rust_api() {
    let mut rust: tracebaton::Links<4, 16> = tracebaton::Links::default();
    let mut array = [zeros::<tracebaton_context_t>(); 4];
    let mut links = zeros();
    // SAFETY: an array, no buffer, structs.
    unsafe { assert_eq!(tracebaton_links_start(array.as_mut_ptr(), 4, null_mut(), 0, &mut links), OK) };
    for number in [1, 2, 1, 3, 4, 5, 5, 2, 6] {
        let id = tracebaton::SpanId::from_bytes(span(number).bytes).unwrap();
        let trace_id = tracebaton::TraceId::from_bytes(TRACE_ID.bytes).unwrap();
        let flags = tracebaton::TraceFlags::SAMPLED;
        rust.insert(Some(tracebaton::SpanContext::root(trace_id, id, flags)));
        // SAFETY: links and a context.
        unsafe { tracebaton_links_add(&mut links, &parent(number, "")) };
    }
    assert_eq!((links.link_count, links.dropped), (rust.len(), rust.dropped()));
    let ours = array.iter().map(|link| link.span_id.bytes);
    assert!(ours.eq(rust.iter().map(|link| link.span_id.to_bytes())));
}

#[test]
fn links_that_were_tampered_with_stay_within_themselves() {
    let mut array = [zeros::<tracebaton_context_t>(); 2];
    let mut room = [0_u8; 8];
    let mut whole = zeros();
    // SAFETY: an array, a buffer, structs.
    unsafe {
        assert_eq!(
            tracebaton_links_start(array.as_mut_ptr(), 2, room.as_mut_ptr().cast(), 8, &mut whole),
            OK
        );
        for mut links in [
            tracebaton_links_t { link_count: 3, ..whole },
            tracebaton_links_t { links: null_mut(), ..whole },
            tracebaton_links_t { link_capacity: usize::MAX, ..whole },
            tracebaton_links_t { tracestates: null_mut(), ..whole },
            tracebaton_links_t { tracestates_size: 9, ..whole },
            tracebaton_links_t { tracestates_capacity: usize::MAX, ..whole },
        ] {
            let before = format!("{links:?}");
            assert_eq!(tracebaton_links_add(&mut links, &parent(1, "a=1")), invalid(1), "{before}");
            assert_eq!(format!("{links:?}"), before);
        }
        let mut over = tracebaton_links_t { tracestates: (&raw mut array).cast(), ..whole };
        assert_eq!(tracebaton_links_add(&mut over, &parent(1, "a=1")), code(TRACEBATON_OVERLAP));
        let over = &raw mut whole;
        (*over).tracestates = over.cast();
        assert_eq!(tracebaton_links_add(over, &parent(1, "a=1")), code(TRACEBATON_OVERLAP));
    }
}

#[test]
fn links_to_spans_of_the_same_id_in_two_traces_are_two() {
    let mut array = [zeros::<tracebaton_context_t>(); 2];
    let mut links = zeros();
    let other = tracebaton_context_t { trace_id: trace(9), ..parent(1, "") };
    // SAFETY: an array, no buffer, structs.
    unsafe {
        assert_eq!(tracebaton_links_start(array.as_mut_ptr(), 2, null_mut(), 0, &mut links), OK);
        for (given, expected) in [
            (parent(1, ""), OK),
            (other, OK),
            (other, code(TRACEBATON_KEPT)),
            (parent(1, ""), code(TRACEBATON_KEPT)),
        ] {
            assert_eq!(tracebaton_links_add(&mut links, &given), expected);
        }
    }
    assert_eq!(array.map(|link| (link.trace_id, link.span_id)), [(TRACE_ID, span(1)), (trace(9), span(1))]);
}

#[test]
fn several_changes_need_one_buffer() {
    let mut room = [0_u8; 64];
    let (buffer, capacity): (*mut c_char, usize) = (room.as_mut_ptr().cast(), room.len());
    let mut given = context("congo=2, rojo=1", "user=x, malformed ,tenant=7");
    let mut second = [0_u8; 64];
    let other: *mut c_char = second.as_mut_ptr().cast();
    // SAFETY: a context, texts, and two buffers.
    unsafe {
        let given = &raw mut given;
        for (key, value) in [("azul", "3"), ("rojo", "4"), ("azul", "5")] {
            let (key, size, value, value_size) = (chars(key), key.len(), chars(value), value.len());
            assert_eq!(
                tracebaton_tracestate_insert(given, key, size, value, value_size, buffer, capacity),
                OK
            );
            assert_eq!(tracebaton_baggage_set(given, key, size, value, value_size, other, capacity), OK);
        }
        assert_eq!(tracebaton_tracestate_truncate(given, 512, buffer, capacity), OK);
        assert_eq!(tracebaton_tracestate_delete(given, chars("congo"), 5, buffer, capacity), OK);
        assert_eq!(tracebaton_baggage_remove(given, chars("user"), 4, other, capacity), OK);
        let big = "x".repeat(64);
        let status = tracebaton_baggage_set(given, chars("k"), 1, chars(&big), 64, other, capacity);
        assert_eq!(status, code(TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL));
        let status = tracebaton_tracestate_insert(given, chars("k"), 1, chars(&big), 64, buffer, capacity);
        assert_eq!(status, code(TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL));
        let status = tracebaton_tracestate_insert(given, chars("k"), 1, chars("x "), 2, buffer, capacity);
        assert_eq!(status, code(TRACEBATON_TRACESTATE_VALUE_END));
        let status = tracebaton_tracestate_delete(given, chars("rojo"), 4, buffer, 4);
        assert_eq!(status, code(TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL));
    }
    assert_eq!(lists(&given), ["azul=5,rojo=4", "tenant=7,rojo=4,azul=5"]);
}

/// Both lists of a copy are in one buffer: a change of one must not run into the other.
#[test]
fn a_change_does_not_run_into_the_other_list() {
    let mut room = [0_u8; 64];
    let buffer: *mut c_char = room.as_mut_ptr().cast();
    let mut copy = zeros();
    // SAFETY: a context, texts, and a buffer.
    unsafe {
        assert_eq!(tracebaton_context_copy(&context("a=1", "b=2"), buffer, 64, &mut copy), OK);
        let overlap = code(TRACEBATON_OVERLAP);
        let whole = &raw mut copy;
        assert_eq!(tracebaton_tracestate_insert(whole, chars("c"), 1, chars("3"), 1, buffer, 64), overlap);
        let status = tracebaton_tracestate_insert(whole, chars("c"), 1, chars("3"), 1, buffer, 3);
        assert_eq!(status, code(TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL));
        assert_eq!(tracebaton_baggage_set(whole, chars("c"), 1, chars("3"), 1, buffer, 64), overlap);
        assert_eq!(tracebaton_baggage_set(whole, chars("c"), 1, chars("3"), 1, buffer.add(3), 61), OK);
        let status = tracebaton_baggage_set(whole, chars("d"), 1, chars("4"), 1, buffer.add(3), 6);
        assert_eq!(
            status,
            code(TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL),
            "smaller than the list that begins in it"
        );
    }
    assert_eq!(lists(&copy), ["a=1", "b=2,c=3"]);
}

/// The buffer of a copy can be used for a change of the only list that the copy has.
#[test]
fn the_buffer_of_a_copy_can_change_its_only_list() {
    let (alone, overlap) = (OK, code(TRACEBATON_OVERLAP));
    for (tracestate, baggage, inserted, set) in [
        ("", "", alone, alone),
        ("a=1", "", alone, overlap),
        ("", "b=2", overlap, alone),
        ("a=1", "b=2", overlap, overlap),
    ] {
        for (is_tracestate, expected) in [(true, inserted), (false, set)] {
            let mut room = [0_u8; 64];
            let buffer: *mut c_char = room.as_mut_ptr().cast();
            let mut copy = zeros();
            // SAFETY: a context, texts, and a buffer.
            let status = unsafe {
                assert_eq!(tracebaton_context_copy(&context(tracestate, baggage), buffer, 64, &mut copy), OK);
                let (key, value, copy) = (chars("c"), chars("3"), &raw mut copy);
                match is_tracestate {
                    true => tracebaton_tracestate_insert(copy, key, 1, value, 1, buffer, 64),
                    false => tracebaton_baggage_set(copy, key, 1, value, 1, buffer, 64),
                }
            };
            assert_eq!(status, expected, "{tracestate:?} {baggage:?} {is_tracestate}");
        }
    }
}
