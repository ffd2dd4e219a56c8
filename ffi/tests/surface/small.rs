//! The context's own changes, ids, a traceparent by itself, queue time, the version.

use crate::support::*;
use std::ffi::CStr;
use std::ptr::null;
use tracebaton_ffi::*;

const NO_CONTEXT: tracebaton_status_t = TRACEBATON_NO_CONTEXT as tracebaton_status_t;
const TRACE_ID_ZERO: tracebaton_status_t = TRACEBATON_TRACEPARENT_TRACE_ID_ZERO as tracebaton_status_t;
const PARENT_ID_ZERO: tracebaton_status_t = TRACEBATON_TRACEPARENT_PARENT_ID_ZERO as tracebaton_status_t;

#[test]
fn a_child_takes_a_span_id_and_keeps_the_rest() {
    let parent = context("a=b", "k=v");
    let mut child = zeros();
    // SAFETY: all are there.
    assert_eq!(unsafe { tracebaton_context_child(&parent, &span(9), &mut child) }, OK);
    assert_eq!((child.trace_id, child.span_id, child.trace_flags), (TRACE_ID, span(9), 1));
    assert_eq!((child.tracestate, child.baggage), (parent.tracestate, parent.baggage));
    assert_eq!((child.tracestate_size, child.baggage_size, child.reserved), (3, 3, [0; 3]));
}

#[test]
fn a_child_of_itself() {
    let mut context = context("a=b", "k=v");
    let pointer = &raw mut context;
    // SAFETY: one struct, read before it is written; the span id lies in it as well.
    unsafe {
        let span_id = (&raw const (*pointer).trace_id).cast::<tracebaton_span_id_t>();
        assert_eq!(tracebaton_context_child(pointer, span_id, pointer), OK);
    }
    assert_eq!(
        (context.trace_id, &context.span_id.bytes[..], context.tracestate_size),
        (TRACE_ID, &TRACE_ID.bytes[..8], 3)
    );
}

#[test]
fn a_child_without_a_parent_has_the_baggage_alone() {
    let parent = tracebaton_context_t { baggage: chars("k=v"), baggage_size: 3, trace_flags: 1, ..zeros() };
    let mut child = context("a=b", "");
    // SAFETY: all are there.
    assert_eq!(unsafe { tracebaton_context_child(&parent, &span(9), &mut child) }, NO_CONTEXT);
    assert_eq!((child.trace_id, child.span_id, child.trace_flags), (trace(0), span(0), 0));
    assert_eq!((child.tracestate_size, child.baggage_size), (0, 3));
}

#[test]
fn ids_are_checked_and_a_failure_writes_nothing() {
    let rows = [
        (tracebaton_context_t { trace_id: trace(0), ..context("", "") }, span(9), TRACE_ID_ZERO),
        (tracebaton_context_t { span_id: span(0), ..context("", "") }, span(9), PARENT_ID_ZERO),
        (context("", ""), span(0), PARENT_ID_ZERO),
        (context("A=b", ""), span(9), code(TRACEBATON_TRACESTATE_KEY_START)),
        (context("", "\u{7f}"), span(9), code(TRACEBATON_BAGGAGE_CONTROL_BYTE)),
        (
            tracebaton_context_t { tracestate: null(), tracestate_size: 1, ..context("", "") },
            span(9),
            invalid(1),
        ),
    ];
    for (parent, span_id, expected) in rows {
        let mut child = tracebaton_context_t { trace_flags: 77, ..zeros() };
        // SAFETY: all are there.
        assert_eq!(unsafe { tracebaton_context_child(&parent, &span_id, &mut child) }, expected);
        assert_eq!(child.trace_flags, 77);
    }
}

#[test]
fn a_restart_keeps_the_baggage_alone() {
    let mut root = zeros();
    // SAFETY: all are there.
    unsafe {
        let old = context("a=b", "k=v");
        assert_eq!(tracebaton_context_restart(&old, &trace(7), &span(9), 0xff, &mut root), OK);
        assert_eq!((root.trace_id, root.span_id, root.trace_flags), (trace(7), span(9), 3));
        assert_eq!((root.tracestate_size, text(root.baggage, root.baggage_size)), (0, "k=v"));
        assert_eq!(tracebaton_context_restart(null(), &trace(7), &span(9), 0, &mut root), OK);
        assert_eq!((root.trace_flags, root.baggage_size), (0, 0));
        assert_eq!(tracebaton_context_restart(null(), &trace(0), &span(9), 0, &mut root), TRACE_ID_ZERO);
        assert_eq!(tracebaton_context_restart(null(), &trace(7), &span(0), 0, &mut root), PARENT_ID_ZERO);
        assert_eq!(tracebaton_context_restart(null(), null(), &span(9), 0, &mut root), invalid(2));
    }
}

#[test]
fn a_child_or_the_root_of_a_new_trace() {
    let baggage_alone = tracebaton_context_t { trace_id: trace(0), span_id: span(0), ..context("A", "k=v") };
    let half = tracebaton_context_t { span_id: span(0), ..context("", "k=v") };
    let root = TRACEBATON_ROOT as tracebaton_status_t;
    let rows = [
        (context("a=b", "k=v"), trace(7), span(9), OK, (TRACE_ID, span(9), 1, 3, 3)),
        (baggage_alone, trace(7), span(9), root, (trace(7), span(9), 3, 0, 3)),
        (zeros(), trace(7), span(9), root, (trace(7), span(9), 3, 0, 0)),
        (context("a=b", "k=v"), trace(0), span(9), TRACE_ID_ZERO, (trace(0), span(0), 0, 0, 0)),
        (context("a=b", "k=v"), trace(7), span(0), PARENT_ID_ZERO, (trace(0), span(0), 0, 0, 0)),
        (half, trace(7), span(9), PARENT_ID_ZERO, (trace(0), span(0), 0, 0, 0)),
    ];
    for (parent, trace_id, span_id, status, expected) in rows {
        let mut new: tracebaton_context_t = zeros();
        // SAFETY: all are there.
        let found = unsafe { tracebaton_context_child_or_root(&parent, &trace_id, &span_id, 0xff, &mut new) };
        let seen = (new.trace_id, new.span_id, new.trace_flags, new.tracestate_size, new.baggage_size);
        assert_eq!((found, seen), (status, expected));
    }
}

#[test]
fn a_consumer_chooses_how_far_it_trusts() {
    use tracebaton_trust_policy::*;
    let none = (trace(0), 0, 0, 0);
    let rows = [
        (TRACEBATON_TRUST_CONTINUE, OK, (TRACE_ID, 1, 3, 3), none),
        (TRACEBATON_TRUST_CONTINUE_SAMPLED, OK, (TRACE_ID, 1, 3, 3), none),
        (TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED, OK, (TRACE_ID, 0, 3, 3), none),
        (TRACEBATON_TRUST_RESTART_WITH_LINK, NO_CONTEXT, none, (TRACE_ID, 1, 3, 0)),
        (TRACEBATON_TRUST_RESTART_WITHOUT_LINK, NO_CONTEXT, none, none),
    ];
    let seen = |context: &tracebaton_context_t| {
        (context.trace_id, context.trace_flags, context.tracestate_size, context.baggage_size)
    };
    for (choice, status, parent, link) in rows {
        let mut trusted: tracebaton_admitted_t = zeros();
        // SAFETY: both are there.
        let found = unsafe {
            tracebaton_context_admit(
                &context("a=b", "k=v"),
                choice as tracebaton_trust_policy_t,
                &mut trusted,
            )
        };
        assert_eq!((found, seen(&trusted.parent), seen(&trusted.link)), (status, parent, link), "{choice:?}");
    }
    for choice in [-1, 5, i32::MAX] {
        let mut trusted: tracebaton_admitted_t = zeros();
        // SAFETY: both are there.
        assert_eq!(unsafe { tracebaton_context_admit(&context("", ""), choice, &mut trusted) }, invalid(2));
    }
}

#[test]
fn ids_from_random_bytes_are_never_zero() {
    let of_trace = |bytes| tracebaton_trace_id_random_t { bytes };
    let of_span = |bytes| tracebaton_span_id_random_t { bytes };
    let (mut trace_id, mut span_id) = (trace(0xaa), span(0xaa));
    // SAFETY: all are there.
    unsafe {
        assert_eq!(tracebaton_trace_id_generate(&of_trace(TRACE_ID.bytes), &mut trace_id), OK);
        assert_eq!(tracebaton_span_id_generate(&of_span(PARENT_ID.bytes), &mut span_id), OK);
        assert_eq!((trace_id, span_id), (TRACE_ID, PARENT_ID));
        assert_eq!(tracebaton_trace_id_generate(&of_trace([0; 16]), &mut trace_id), OK);
        assert_eq!(tracebaton_span_id_generate(&of_span([0; 8]), &mut span_id), OK);
    }
    assert_eq!((u128::from_be_bytes(trace_id.bytes), u64::from_be_bytes(span_id.bytes)), (1, 1));
}

#[test]
fn ids_in_hexadecimal() {
    let (mut trace_id, mut span_id) = (trace(0), span(0));
    let (mut long, mut short) = ([0u8; 32], [0u8; 16]);
    let (trace_hex, span_hex) = (&TRACEPARENT[3..35], &TRACEPARENT[36..52]);
    // SAFETY: all are there.
    unsafe {
        assert_eq!(tracebaton_trace_id_to_hex(&TRACE_ID, long.as_mut_ptr().cast()), OK);
        assert_eq!(tracebaton_span_id_to_hex(&PARENT_ID, short.as_mut_ptr().cast()), OK);
        assert_eq!((&long[..], &short[..]), (trace_hex.as_bytes(), span_hex.as_bytes()));
        assert_eq!(tracebaton_trace_id_to_hex(&trace(0), long.as_mut_ptr().cast()), TRACE_ID_ZERO);
        assert_eq!(tracebaton_span_id_to_hex(&span(0), short.as_mut_ptr().cast()), PARENT_ID_ZERO);
        assert_eq!(tracebaton_trace_id_from_hex(chars(trace_hex), 32, &mut trace_id), OK);
        assert_eq!(tracebaton_span_id_from_hex(chars(span_hex), 16, &mut span_id), OK);
        assert_eq!((trace_id, span_id), (TRACE_ID, PARENT_ID));
    }
    let zeros = "0".repeat(33);
    let upper = trace_hex.to_uppercase();
    for (digits, expected) in [
        (&zeros[..32], TRACE_ID_ZERO),
        (&zeros[..31], code(TRACEBATON_TRACEPARENT_TRACE_ID)),
        (&zeros, code(TRACEBATON_TRACEPARENT_TRACE_ID)),
        ("", code(TRACEBATON_TRACEPARENT_TRACE_ID)),
        (&upper, code(TRACEBATON_TRACEPARENT_TRACE_ID)),
    ] {
        // SAFETY: all are there.
        let status = unsafe { tracebaton_trace_id_from_hex(chars(digits), digits.len(), &mut trace_id) };
        assert_eq!(status, expected, "{digits}");
    }
    for (digits, expected) in [
        (&zeros[..16], PARENT_ID_ZERO),
        (&zeros[..15], code(TRACEBATON_TRACEPARENT_PARENT_ID)),
        ("+7ad6b7169203331", code(TRACEBATON_TRACEPARENT_PARENT_ID)),
    ] {
        // SAFETY: all are there.
        let status = unsafe { tracebaton_span_id_from_hex(chars(digits), digits.len(), &mut span_id) };
        assert_eq!(status, expected, "{digits}");
    }
    assert_eq!((trace_id, span_id), (TRACE_ID, PARENT_ID), "an output of a call that failed");
}

#[test]
fn a_traceparent_by_itself() {
    let (mut context, mut value) = (zeros::<tracebaton_context_t>(), [0u8; 55]);
    // SAFETY: all are there.
    unsafe {
        assert_eq!(tracebaton_traceparent_parse(chars(TRACEPARENT), 55, &mut context), OK);
        assert_eq!((context.trace_id, context.span_id, context.trace_flags), (TRACE_ID, PARENT_ID, 1));
        assert_eq!(tracebaton_traceparent_format(&context, value.as_mut_ptr().cast()), OK);
        assert_eq!(value, TRACEPARENT.as_bytes());
        (context.tracestate, context.tracestate_size) = (null(), 99);
        assert_eq!(tracebaton_traceparent_format(&context, value.as_mut_ptr().cast()), OK);
        context.span_id = span(0);
        assert_eq!(tracebaton_traceparent_format(&context, value.as_mut_ptr().cast()), PARENT_ID_ZERO);
        context.trace_id = trace(0);
        assert_eq!(tracebaton_traceparent_format(&context, value.as_mut_ptr().cast()), NO_CONTEXT);
        assert_eq!(value, TRACEPARENT.as_bytes());
        let trailing = code(TRACEBATON_TRACEPARENT_TRAILING);
        let longer = format!("{TRACEPARENT}-");
        assert_eq!(tracebaton_traceparent_parse(chars(&longer), 56, &mut context), trailing);
        let short = code(TRACEBATON_TRACEPARENT_TOO_SHORT);
        assert_eq!(tracebaton_traceparent_parse(null(), 0, &mut context), short);
        assert_eq!(tracebaton_traceparent_parse(chars(TRACEPARENT), 54, &mut context), short);
    }
}

#[test]
fn queue_time_is_signed_and_says_from_when() {
    let none = code(TRACEBATON_NO_TIMESTAMP);
    for (timestamp, kind, consumed, status, milliseconds) in [
        (1_000, 1, 1_250, OK, 250),
        (1_000, 2, 1_250, OK, 250),
        (1_250, 1, 1_000, OK, -250),
        (i64::MIN, 1, i64::MAX, OK, i64::MAX),
        (i64::MAX, 2, i64::MIN, OK, i64::MIN),
        (1_000, 0, 1_250, none, 0),
    ] {
        let mut waited: tracebaton_queue_time_t = zeros();
        // SAFETY: the output is there.
        assert_eq!(unsafe { tracebaton_queue_time_between(timestamp, kind, consumed, &mut waited) }, status);
        assert_eq!((waited.milliseconds, waited.kind), (milliseconds, kind));
    }
    for kind in [-1, 3] {
        let mut waited = tracebaton_queue_time_t { milliseconds: 77, ..zeros() };
        // SAFETY: the output is there.
        assert_eq!(unsafe { tracebaton_queue_time_between(0, kind, 0, &mut waited) }, invalid(2));
        assert_eq!(waited.milliseconds, 77);
    }
}

#[test]
fn the_version_is_the_crates() {
    // SAFETY: a static string.
    let version = unsafe { CStr::from_ptr(tracebaton_version()) }.to_str().unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert_eq!(tracebaton_version_number(), parts[0] << 16 | parts[1] << 8 | parts[2]);
}
