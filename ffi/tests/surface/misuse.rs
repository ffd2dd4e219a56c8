//! Structs whose pointers and sizes are wrong.

use crate::support::*;
use std::ptr::null;
use tracebaton_ffi::*;

const NO_CONTEXT: tracebaton_status_t = TRACEBATON_NO_CONTEXT as tracebaton_status_t;

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
        // SAFETY: each is refused before an invalid pointer is dereferenced.
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
        assert_eq!(answers, [invalid(1); 8], "{broken:?}");
    }
    let extracted =
        tracebaton_extracted_t { traceparent_value_size: 55, context: context("", ""), ..zeros() };
    let baggage = tracebaton_context_t { baggage: null(), baggage_size: 1, ..context("", "") };
    let state = tracebaton_context_t { tracestate: null(), tracestate_size: 1, ..context("", "") };
    // SAFETY: each is refused before an invalid pointer is dereferenced.
    unsafe {
        assert_eq!(tracebaton_injection_forward(&extracted, &mut zeros()), invalid(1));
        assert_eq!(tracebaton_baggage_next(&baggage, &mut zeros(), &mut zeros()), invalid(1));
        assert_eq!(tracebaton_baggage_get(&baggage, chars("k"), 1, &mut zeros()), invalid(1));
        assert_eq!(tracebaton_tracestate_get(&state, chars("k"), 1, &mut zeros()), invalid(1));
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
