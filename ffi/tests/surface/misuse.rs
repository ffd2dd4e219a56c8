//! What every function has to bear: NULL, counts beyond the address space, misaligned structs.

use crate::support::*;
use std::ptr::{null, null_mut};
use tracebaton_ffi::*;

const NO_CONTEXT: tracebaton_status_t = TRACEBATON_NO_CONTEXT as tracebaton_status_t;

fn member(text: &str) -> tracebaton_baggage_member_t {
    tracebaton_baggage_member_t { member: chars(text), member_size: text.len(), ..zeros() }
}

#[test]
fn null_where_something_is_needed() {
    let there = context("", "");
    let (trace_id, span_id) = (trace(1), span(1));
    // SAFETY: each is refused before a pointer is followed.
    let answers = unsafe {
        [
            tracebaton_headers_extract(null(), 1, &mut zeros()),
            tracebaton_headers_extract(null(), 0, null_mut()),
            tracebaton_headers_extract(headers(&[]).as_ptr(), usize::MAX, &mut zeros()),
            tracebaton_reader_add(null_mut(), null(), 0, null(), 0),
            tracebaton_reader_finish(null(), &mut zeros()),
            tracebaton_reader_finish(&zeros(), null_mut()),
            tracebaton_context_child(null(), &span_id, &mut zeros()),
            tracebaton_context_child(&there, null(), &mut zeros()),
            tracebaton_context_child(&there, &span_id, null_mut()),
            tracebaton_context_restart(null(), null(), &span_id, 0, &mut zeros()),
            tracebaton_context_restart(null(), &trace_id, null(), 0, &mut zeros()),
            tracebaton_context_restart(null(), &trace_id, &span_id, 0, null_mut()),
            tracebaton_context_child_or_root(null(), &trace_id, &span_id, 0, &mut zeros()),
            tracebaton_context_child_or_root(&there, null(), &span_id, 0, &mut zeros()),
            tracebaton_context_child_or_root(&there, &trace_id, null(), 0, &mut zeros()),
            tracebaton_context_child_or_root(&there, &trace_id, &span_id, 0, null_mut()),
            tracebaton_context_admit(null(), 0, &mut zeros()),
            tracebaton_context_admit(&there, 0, null_mut()),
            tracebaton_injection_prepare(null(), &mut zeros()),
            tracebaton_injection_prepare(&there, null_mut()),
            tracebaton_injection_forward(null(), &mut zeros()),
            tracebaton_injection_forward(&zeros(), null_mut()),
            tracebaton_injection_trace_context_only(null_mut()),
            tracebaton_injection_baggage_only(null_mut()),
            tracebaton_trace_id_generate(null(), &mut zeros()),
            tracebaton_trace_id_generate((&raw const trace_id).cast(), null_mut()),
            tracebaton_span_id_generate(null(), &mut zeros()),
            tracebaton_span_id_generate((&raw const span_id).cast(), null_mut()),
            tracebaton_trace_id_to_hex(null(), &mut 0),
            tracebaton_trace_id_to_hex(&trace_id, null_mut()),
            tracebaton_span_id_to_hex(null(), &mut 0),
            tracebaton_span_id_to_hex(&span_id, null_mut()),
            tracebaton_trace_id_from_hex(null(), 32, &mut zeros()),
            tracebaton_trace_id_from_hex(chars(&TRACEPARENT[3..]), 32, null_mut()),
            tracebaton_span_id_from_hex(null(), 16, &mut zeros()),
            tracebaton_span_id_from_hex(chars(&TRACEPARENT[36..]), 16, null_mut()),
            tracebaton_traceparent_parse(null(), 55, &mut zeros()),
            tracebaton_traceparent_parse(chars(TRACEPARENT), 55, null_mut()),
            tracebaton_traceparent_parse(chars(TRACEPARENT), usize::MAX, &mut zeros()),
            tracebaton_traceparent_format(null(), &mut 0),
            tracebaton_traceparent_format(&there, null_mut()),
            tracebaton_baggage_next(null(), &mut zeros(), &mut zeros()),
            tracebaton_baggage_next(&there, null_mut(), &mut zeros()),
            tracebaton_baggage_next(&context("", "a=b"), &mut zeros(), null_mut()),
            tracebaton_baggage_get(null(), null(), 0, &mut zeros()),
            tracebaton_baggage_get(&there, null(), 1, &mut zeros()),
            tracebaton_baggage_get(&context("", "a=b"), chars("a"), 1, null_mut()),
            tracebaton_baggage_property_next(null(), &mut zeros(), &mut zeros()),
            tracebaton_baggage_set(&mut context("", ""), chars("a"), 1, null(), 1, &mut 0, 1),
            tracebaton_tracestate_insert(&mut context("", ""), chars("a"), 1, null(), 1, &mut 0, 1),
            tracebaton_baggage_property_next(&member("a=b;c"), null_mut(), &mut zeros()),
            tracebaton_baggage_property_next(&member("a=b;c"), &mut zeros(), null_mut()),
            tracebaton_tracestate_get(null(), chars("a"), 1, &mut zeros()),
            tracebaton_queue_time_between(0, 1, 0, null_mut()),
        ]
    };
    for (row, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer, INVALID, "row {row}");
    }
}

#[test]
fn structs_that_are_not_aligned() {
    let memory = [0u64; 64];
    let odd = memory.as_ptr().cast::<u8>().wrapping_add(1).cast_mut();
    // SAFETY: each is refused before a pointer is followed.
    unsafe {
        assert_eq!(tracebaton_headers_extract(odd.cast(), 1, &mut zeros()), INVALID);
        assert_eq!(tracebaton_headers_extract(null(), 0, odd.cast()), INVALID);
        assert_eq!(tracebaton_context_child(odd.cast(), &span(1), &mut zeros()), INVALID);
        assert_eq!(tracebaton_context_restart(odd.cast(), &trace(1), &span(1), 0, &mut zeros()), INVALID);
        assert_eq!(tracebaton_injection_prepare(&context("", ""), odd.cast()), INVALID);
        assert_eq!(tracebaton_reader_add(odd.cast(), null(), 0, null(), 0), INVALID);
    }
}

#[test]
fn structs_that_point_to_nothing() {
    let (trace_id, span_id) = (trace(1), span(1));
    let member = tracebaton_baggage_member_t { member_size: 3, ..zeros() };
    let property =
        tracebaton_baggage_property_t { property_size: 3, value: chars("v"), value_size: 1, ..zeros() };
    for broken in [
        tracebaton_context_t { tracestate: null(), tracestate_size: 1, ..context("", "") },
        tracebaton_context_t { baggage: null(), baggage_size: 1, ..context("", "") },
        tracebaton_context_t { tracestate_size: usize::MAX, ..context("", "") },
        tracebaton_context_t { baggage_size: usize::MAX, ..context("", "") },
    ] {
        let (mut whole, mut size, mut byte) = (zeros(), 0, 0);
        // SAFETY: each is refused before a pointer that is not in order is followed.
        let answers = unsafe {
            [
                tracebaton_context_child(&broken, &span_id, &mut whole),
                tracebaton_context_restart(&broken, &trace_id, &span_id, 0, &mut whole),
                tracebaton_context_admit(&broken, 0, &mut zeros()),
                tracebaton_injection_prepare(&broken, &mut zeros()),
                tracebaton_injection_forward(
                    &tracebaton_extracted_t { context: broken, ..zeros() },
                    &mut zeros(),
                ),
                tracebaton_baggage_value(&member, &mut byte, 1, &mut size),
                tracebaton_baggage_property_next(&member, &mut zeros(), &mut zeros()),
                tracebaton_baggage_property_value(&property, &mut byte, 1, &mut size),
            ]
        };
        assert_eq!(answers, [INVALID; 8], "{broken:?}");
    }
    let extracted =
        tracebaton_extracted_t { traceparent_value_size: 55, context: context("", ""), ..zeros() };
    let baggage = tracebaton_context_t { baggage: null(), baggage_size: 1, ..context("", "") };
    // SAFETY: each is refused before a pointer that is not in order is followed.
    unsafe {
        assert_eq!(tracebaton_injection_forward(&extracted, &mut zeros()), INVALID);
        assert_eq!(tracebaton_baggage_next(&baggage, &mut zeros(), &mut zeros()), INVALID);
    }
}

#[test]
fn headers_that_are_not_in_order_are_as_good_as_none() {
    let good = header("traceparent", Some(TRACEPARENT.as_bytes()));
    let rows = [
        tracebaton_header_t { name: null(), name_size: 11, ..good },
        tracebaton_header_t { name_size: usize::MAX, ..good },
        tracebaton_header_t { value_size: usize::MAX, ..good },
    ];
    for row in rows {
        assert_eq!(extract(&[row]).0, NO_CONTEXT);
        assert_eq!(extract(&[good, tracebaton_header_t { name: null(), ..row }]).0, OK);
    }
    let (mut extraction, mut extracted) = (zeros(), zeros());
    let (name, size) = (chars("traceparent"), usize::MAX);
    // SAFETY: the value is refused before its pointer is followed.
    unsafe {
        assert_eq!(tracebaton_reader_add(&mut extraction, name, 11, good.value, size), OK);
        assert_eq!(tracebaton_reader_finish(&extraction, &mut extracted), NO_CONTEXT);
    }
}

#[test]
fn a_pointer_with_a_size_of_zero_is_not_looked_at() {
    let dangling = std::ptr::dangling::<u8>().wrapping_add(3);
    let record = [
        tracebaton_header_t { name: dangling.cast(), name_size: 0, value: dangling.cast(), value_size: 0 },
        tracebaton_header_t { value: dangling.cast(), value_size: 0, ..header("baggage", None) },
        header("traceparent", Some(TRACEPARENT.as_bytes())),
    ];
    let (status, extracted) = extract(&record);
    assert_eq!((status, extracted.baggage.status, extracted.context.baggage_size), (OK, OK, 0));
    let there =
        tracebaton_context_t { tracestate: dangling.cast(), baggage: dangling.cast(), ..context("", "") };
    assert_eq!(injection(&there).0, OK);
}
