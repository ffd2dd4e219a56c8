//! Formats other than W3C's: constants, what is refused, what may not overlap.

use crate::support::*;
use std::ptr::null;
use tracebaton_ffi::*;

const OVERLAP: tracebaton_status_t = TRACEBATON_OVERLAP as tracebaton_status_t;
const NO_CONTEXT: tracebaton_status_t = TRACEBATON_NO_CONTEXT as tracebaton_status_t;
const B3: tracebaton_formats_t = 1 << TRACEBATON_FORMAT_B3 as i32;
const IDS: &str = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";

fn prepare(
    context: &tracebaton_context_t,
    sampling: tracebaton_sampling_t,
) -> (tracebaton_status_t, tracebaton_format_injection_t) {
    let mut injection = zeros();
    // SAFETY: both are there.
    let status = unsafe { tracebaton_format_injection_prepare(context, B3, 0, sampling, &mut injection) };
    (status, injection)
}

/// Injects into an array without headers.
fn inject(injection: &tracebaton_format_injection_t, capacity: usize) -> (tracebaton_status_t, String) {
    let mut array = [zeros::<tracebaton_header_t>(); TRACEBATON_MAX_FORMAT_HEADERS];
    let mut count = 0;
    // SAFETY: an array with its count.
    let status =
        unsafe { tracebaton_headers_inject_formats(injection, array.as_mut_ptr(), &mut count, capacity) };
    (status, format!("{:?}", pairs(&array[..count])))
}

#[test]
fn a_format_is_chosen_by_its_number() {
    for number in 1..=18 {
        let mut choice: tracebaton_choice_t = zeros();
        let order = [number, number];
        // SAFETY: an array with its count.
        let status = unsafe { tracebaton_headers_choose(null(), 0, order.as_ptr(), 2, 0, &mut choice) };
        assert_eq!((status, choice.arrived_as, choice.other_count), (NO_CONTEXT, 0, 0), "{number}");
    }
}

#[test]
fn the_others_have_a_span_a_decision_or_a_rule() {
    let other_trace = "00000000000000010000000000000002-00000000000000ff-1";
    let same_trace = format!("{IDS}-0");
    let [same, other, decision, refused] = [1, 2, 3, 4];
    for (b3, outcome, span_id, sampling) in [
        (same_trace.as_str(), same, PARENT_ID, TRACEBATON_SAMPLING_DENY),
        (
            other_trace,
            other,
            tracebaton_span_id_t { bytes: 0xff_u64.to_be_bytes() },
            TRACEBATON_SAMPLING_ACCEPT,
        ),
        ("0", decision, span(0), TRACEBATON_SAMPLING_DENY),
        ("d", decision, span(0), TRACEBATON_SAMPLING_DEBUG),
        ("x", refused, span(0), TRACEBATON_SAMPLING_NONE),
    ] {
        let record = [header("traceparent", Some(TRACEPARENT.as_bytes())), header("b3", Some(b3.as_bytes()))];
        let order = [TRACEBATON_FORMAT_TRACECONTEXT as i32, TRACEBATON_FORMAT_B3 as i32];
        let mut choice: tracebaton_choice_t = zeros();
        // SAFETY: arrays with their counts.
        let status =
            unsafe { tracebaton_headers_choose(record.as_ptr(), 2, order.as_ptr(), 2, 0, &mut choice) };
        assert_eq!((status, choice.arrived_as, choice.other_count), (OK, order[0], 1), "{b3}");
        let found = &choice.others[0];
        assert_eq!((found.format, found.outcome, found.index), (order[1], outcome, 1), "{b3}");
        assert_eq!((found.span_id, found.sampling), (span_id, sampling as i32), "{b3}");
        assert_eq!(found.rule != 0, outcome == refused, "{b3}");
    }
}

#[test]
fn every_decision_is_written() {
    for (sampling, letter) in [
        (TRACEBATON_SAMPLING_NONE, "-1"),
        (TRACEBATON_SAMPLING_ACCEPT, "-1"),
        (TRACEBATON_SAMPLING_DENY, "-0"),
        (TRACEBATON_SAMPLING_DEFER, ""),
        (TRACEBATON_SAMPLING_DEBUG, "-d"),
    ] {
        let (status, injection) = prepare(&context("", ""), sampling as i32);
        assert_eq!(status, OK);
        let expected = format!("{:?}", [("b3", format!("{IDS}{letter}"))]);
        assert_eq!(inject(&injection, 1), (OK, expected), "{sampling:?}");
    }
}

#[test]
fn a_context_that_is_not_in_order_is_not_written() {
    let half = tracebaton_context_t { span_id: span(0), ..context("", "") };
    let nowhere = tracebaton_context_t { baggage: null(), baggage_size: 1, ..context("", "") };
    let (status, good) = prepare(&context("", ""), 0);
    assert_eq!(status, OK);
    for (broken, expected) in [
        (half, code(TRACEBATON_TRACEPARENT_PARENT_ID_ZERO)),
        (nowhere, invalid(1)),
        (context("A=1", ""), code(TRACEBATON_TRACESTATE_KEY_START)),
        (context("", "a=\u{1}"), code(TRACEBATON_BAGGAGE_CONTROL_BYTE)),
    ] {
        assert_eq!(prepare(&broken, 0).0, expected);
        let changed = tracebaton_format_injection_t { context: broken, ..good };
        assert_eq!(inject(&changed, 1), (expected, "[]".to_owned()));
    }
}

#[test]
fn an_injection_that_was_tampered_with_stays_within_itself() {
    let (_, good) = prepare(&context("", ""), 0);
    for (changed, expected) in [
        (tracebaton_format_injection_t { sampling: 5, ..good }, invalid(1)),
        (tracebaton_format_injection_t { text_size: 0, ..good }, invalid(1)),
        (tracebaton_format_injection_t { text_size: good.text_size - 1, ..good }, invalid(1)),
        (tracebaton_format_injection_t { text_size: u32::MAX, ..good }, OK),
        (tracebaton_format_injection_t { written: B3 | 1 | 1 << 31, ..good }, OK),
    ] {
        assert_eq!(inject(&changed, 1).0, expected);
    }
    assert_eq!(inject(&good, 0), (code(TRACEBATON_HEADERS_FULL), "[]".to_owned()));
}

/// An array, an injection and a count, each at the place of another.
#[test]
fn an_array_may_overlap_neither_its_count_nor_an_injection() {
    let mut array = [zeros::<tracebaton_header_t>(); 40];
    let headers = array.as_mut_ptr();
    let (_, mut formats) = prepare(&context("", ""), 0);
    let (_, mut w3c) = injection(&context("", ""));
    let mut count = 0;
    // SAFETY: all of it is in the array or in a struct; each call is refused before anything is written.
    unsafe {
        headers.cast::<tracebaton_format_injection_t>().write(formats);
        let inside = headers.cast::<tracebaton_format_injection_t>();
        assert_eq!(tracebaton_headers_inject_formats(inside, headers, &mut count, 40), OVERLAP);
        headers.cast::<tracebaton_injection_t>().write(w3c);
        let inside = headers.cast::<tracebaton_injection_t>();
        assert_eq!(tracebaton_headers_inject(inside, headers, &mut count, 40), OVERLAP);
        assert_eq!(tracebaton_headers_inject_if_absent(inside, headers, &mut count, 40), OVERLAP);
        headers.write_bytes(0, 40);
        let number = headers.cast::<usize>();
        assert_eq!(tracebaton_headers_inject_formats(&formats, headers, number, 40), OVERLAP);
        assert_eq!(tracebaton_headers_inject(&w3c, headers, number, 40), OVERLAP);
        number.write(1);
        assert_eq!(tracebaton_headers_strip(headers, number), OVERLAP);
        assert_eq!(tracebaton_headers_strip_formats(headers, number, B3), OVERLAP);
        let whole = &raw mut formats;
        let number = (&raw mut (*whole).context.baggage_size).cast();
        assert_eq!(tracebaton_headers_inject_formats(whole, headers, number, 40), OVERLAP);
        let whole = &raw mut w3c;
        let number = &raw mut (*whole).baggage_size;
        assert_eq!(tracebaton_headers_inject(whole, headers, number, 40), OVERLAP);
    }
    assert_eq!(count, 0);
}
