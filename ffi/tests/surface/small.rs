//! The context's own changes, ids, a traceparent by itself, queue time, the version.

use crate::support::*;
use std::ffi::CStr;
use std::ptr::null;
use tracebaton_ffi::*;

const NO_CONTEXT: StatusCode = Status::TRACEBATON_NO_CONTEXT as StatusCode;
const TRACE_ID_ZERO: StatusCode = Status::TRACEBATON_TRACEPARENT_TRACE_ID_ZERO as StatusCode;
const PARENT_ID_ZERO: StatusCode = Status::TRACEBATON_TRACEPARENT_PARENT_ID_ZERO as StatusCode;

#[test]
fn a_child_takes_a_span_id_and_keeps_the_rest() {
    let parent = context("a=b", "k=v");
    let mut child = zeros();
    // SAFETY: all are there.
    assert_eq!(unsafe { tracebaton_child(&parent, [9; 8].as_ptr(), &mut child) }, OK);
    assert_eq!((child.trace_id, child.span_id, child.trace_flags), (TRACE_ID, [9; 8], 1));
    assert_eq!((child.tracestate, child.baggage), (parent.tracestate, parent.baggage));
    assert_eq!((child.tracestate_size, child.baggage_size, child.reserved), (3, 3, [0; 7]));
}

#[test]
fn a_child_of_itself() {
    let mut context = context("a=b", "k=v");
    let pointer = &raw mut context;
    // SAFETY: one struct, read before it is written; the span id lies in it as well.
    unsafe {
        let span_id = (&raw const (*pointer).trace_id).cast::<u8>();
        assert_eq!(tracebaton_child(pointer, span_id, pointer), OK);
    }
    assert_eq!(
        (context.trace_id, &context.span_id[..], context.tracestate_size),
        (TRACE_ID, &TRACE_ID[..8], 3)
    );
}

#[test]
fn a_child_without_a_parent_has_the_baggage_alone() {
    let parent = Context { baggage: chars("k=v"), baggage_size: 3, trace_flags: 1, ..zeros() };
    let mut child = context("a=b", "");
    // SAFETY: all are there.
    assert_eq!(unsafe { tracebaton_child(&parent, [9; 8].as_ptr(), &mut child) }, NO_CONTEXT);
    assert_eq!((child.trace_id, child.span_id, child.trace_flags), ([0; 16], [0; 8], 0));
    assert_eq!((child.tracestate_size, child.baggage_size), (0, 3));
}

#[test]
fn ids_are_checked_and_a_failure_writes_nothing() {
    let rows = [
        (Context { trace_id: [0; 16], ..context("", "") }, [9; 8], TRACE_ID_ZERO),
        (Context { span_id: [0; 8], ..context("", "") }, [9; 8], PARENT_ID_ZERO),
        (context("", ""), [0; 8], PARENT_ID_ZERO),
        (context("A=b", ""), [9; 8], code(Status::TRACEBATON_TRACESTATE_KEY_START)),
        (context("", "\u{7f}"), [9; 8], code(Status::TRACEBATON_BAGGAGE_CONTROL_BYTE)),
        (Context { tracestate: null(), tracestate_size: 1, ..context("", "") }, [9; 8], INVALID),
    ];
    for (parent, span_id, expected) in rows {
        let mut child = Context { trace_flags: 77, ..zeros() };
        // SAFETY: all are there.
        assert_eq!(unsafe { tracebaton_child(&parent, span_id.as_ptr(), &mut child) }, expected);
        assert_eq!(child.trace_flags, 77);
    }
}

#[test]
fn a_restart_keeps_the_baggage_alone() {
    let mut root = zeros();
    // SAFETY: all are there.
    unsafe {
        let old = context("a=b", "k=v");
        assert_eq!(tracebaton_restart(&old, [7; 16].as_ptr(), [9; 8].as_ptr(), 0xff, &mut root), OK);
        assert_eq!((root.trace_id, root.span_id, root.trace_flags), ([7; 16], [9; 8], 3));
        assert_eq!((root.tracestate_size, text(root.baggage, root.baggage_size)), (0, "k=v"));
        assert_eq!(tracebaton_restart(null(), [7; 16].as_ptr(), [9; 8].as_ptr(), 0, &mut root), OK);
        assert_eq!((root.trace_flags, root.baggage_size), (0, 0));
        assert_eq!(
            tracebaton_restart(null(), [0; 16].as_ptr(), [9; 8].as_ptr(), 0, &mut root),
            TRACE_ID_ZERO
        );
        assert_eq!(
            tracebaton_restart(null(), [7; 16].as_ptr(), [0; 8].as_ptr(), 0, &mut root),
            PARENT_ID_ZERO
        );
        assert_eq!(tracebaton_restart(null(), null(), [9; 8].as_ptr(), 0, &mut root), INVALID);
    }
}

#[test]
fn a_consumer_chooses_how_far_it_trusts() {
    use TrustChoice::*;
    let none = ([0; 16], 0, 0, 0);
    let rows = [
        (TRACEBATON_TRUST_CONTINUE, OK, (TRACE_ID, 1, 3, 3), none),
        (TRACEBATON_TRUST_CONTINUE_SAMPLED, OK, (TRACE_ID, 1, 3, 3), none),
        (TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED, OK, (TRACE_ID, 0, 3, 3), none),
        (TRACEBATON_TRUST_RESTART_WITH_LINK, NO_CONTEXT, none, (TRACE_ID, 1, 3, 0)),
        (TRACEBATON_TRUST_IGNORE, NO_CONTEXT, none, none),
    ];
    let seen = |context: &Context| {
        (context.trace_id, context.trace_flags, context.tracestate_size, context.baggage_size)
    };
    for (choice, status, parent, link) in rows {
        let mut trusted: TrustedContext = zeros();
        // SAFETY: both are there.
        let found = unsafe { tracebaton_trust(&context("a=b", "k=v"), choice as TrustCode, &mut trusted) };
        assert_eq!((found, seen(&trusted.parent), seen(&trusted.link)), (status, parent, link), "{choice:?}");
    }
    for choice in [-1, 5, i32::MAX] {
        let mut trusted: TrustedContext = zeros();
        // SAFETY: both are there.
        assert_eq!(unsafe { tracebaton_trust(&context("", ""), choice, &mut trusted) }, INVALID);
    }
}

#[test]
fn ids_from_random_bytes_are_never_zero() {
    let (mut trace_id, mut span_id) = ([0xaa; 16], [0xaa; 8]);
    // SAFETY: all are there; an output may be its input.
    unsafe {
        assert_eq!(tracebaton_trace_id_generate(TRACE_ID.as_ptr(), trace_id.as_mut_ptr()), OK);
        assert_eq!(tracebaton_span_id_generate(PARENT_ID.as_ptr(), span_id.as_mut_ptr()), OK);
        assert_eq!((trace_id, span_id), (TRACE_ID, PARENT_ID));
        (trace_id, span_id) = ([0; 16], [0; 8]);
        assert_eq!(tracebaton_trace_id_generate(trace_id.as_ptr(), trace_id.as_mut_ptr()), OK);
        assert_eq!(tracebaton_span_id_generate(span_id.as_ptr(), span_id.as_mut_ptr()), OK);
    }
    assert_eq!((u128::from_be_bytes(trace_id), u64::from_be_bytes(span_id)), (1, 1));
}

#[test]
fn ids_in_hexadecimal() {
    let (mut trace_id, mut span_id) = ([0; 16], [0; 8]);
    let (mut long, mut short) = ([0u8; 32], [0u8; 16]);
    let (trace_hex, span_hex) = (&TRACEPARENT[3..35], &TRACEPARENT[36..52]);
    // SAFETY: all are there.
    unsafe {
        assert_eq!(tracebaton_trace_id_to_hex(TRACE_ID.as_ptr(), long.as_mut_ptr().cast()), OK);
        assert_eq!(tracebaton_span_id_to_hex(PARENT_ID.as_ptr(), short.as_mut_ptr().cast()), OK);
        assert_eq!((&long[..], &short[..]), (trace_hex.as_bytes(), span_hex.as_bytes()));
        assert_eq!(tracebaton_trace_id_to_hex([0; 16].as_ptr(), long.as_mut_ptr().cast()), TRACE_ID_ZERO);
        assert_eq!(tracebaton_span_id_to_hex([0; 8].as_ptr(), short.as_mut_ptr().cast()), PARENT_ID_ZERO);
        assert_eq!(tracebaton_trace_id_from_hex(chars(trace_hex), 32, trace_id.as_mut_ptr()), OK);
        assert_eq!(tracebaton_span_id_from_hex(chars(span_hex), 16, span_id.as_mut_ptr()), OK);
        assert_eq!((trace_id, span_id), (TRACE_ID, PARENT_ID));
    }
    let zeros = "0".repeat(33);
    let upper = trace_hex.to_uppercase();
    for (digits, expected) in [
        (&zeros[..32], TRACE_ID_ZERO),
        (&zeros[..31], code(Status::TRACEBATON_TRACEPARENT_TRACE_ID)),
        (&zeros, code(Status::TRACEBATON_TRACEPARENT_TRACE_ID)),
        ("", code(Status::TRACEBATON_TRACEPARENT_TRACE_ID)),
        (&upper, code(Status::TRACEBATON_TRACEPARENT_TRACE_ID)),
    ] {
        // SAFETY: all are there.
        let status =
            unsafe { tracebaton_trace_id_from_hex(chars(digits), digits.len(), trace_id.as_mut_ptr()) };
        assert_eq!(status, expected, "{digits}");
    }
    for (digits, expected) in [
        (&zeros[..16], PARENT_ID_ZERO),
        (&zeros[..15], code(Status::TRACEBATON_TRACEPARENT_PARENT_ID)),
        ("+7ad6b7169203331", code(Status::TRACEBATON_TRACEPARENT_PARENT_ID)),
    ] {
        // SAFETY: all are there.
        let status =
            unsafe { tracebaton_span_id_from_hex(chars(digits), digits.len(), span_id.as_mut_ptr()) };
        assert_eq!(status, expected, "{digits}");
    }
    assert_eq!((trace_id, span_id), (TRACE_ID, PARENT_ID), "an output of a call that failed");
}

#[test]
fn a_traceparent_by_itself() {
    let (mut context, mut value) = (zeros::<Context>(), [0u8; 55]);
    // SAFETY: all are there.
    unsafe {
        assert_eq!(tracebaton_traceparent_parse(chars(TRACEPARENT), 55, &mut context), OK);
        assert_eq!((context.trace_id, context.span_id, context.trace_flags), (TRACE_ID, PARENT_ID, 1));
        assert_eq!(tracebaton_traceparent_format(&context, value.as_mut_ptr().cast()), OK);
        assert_eq!(value, TRACEPARENT.as_bytes());
        (context.tracestate, context.tracestate_size) = (null(), 99);
        assert_eq!(tracebaton_traceparent_format(&context, value.as_mut_ptr().cast()), OK);
        context.span_id = [0; 8];
        assert_eq!(tracebaton_traceparent_format(&context, value.as_mut_ptr().cast()), PARENT_ID_ZERO);
        context.trace_id = [0; 16];
        assert_eq!(tracebaton_traceparent_format(&context, value.as_mut_ptr().cast()), NO_CONTEXT);
        assert_eq!(value, TRACEPARENT.as_bytes());
        let trailing = code(Status::TRACEBATON_TRACEPARENT_TRAILING);
        let longer = format!("{TRACEPARENT}-");
        assert_eq!(tracebaton_traceparent_parse(chars(&longer), 56, &mut context), trailing);
        let short = code(Status::TRACEBATON_TRACEPARENT_TOO_SHORT);
        assert_eq!(tracebaton_traceparent_parse(null(), 0, &mut context), short);
        assert_eq!(tracebaton_traceparent_parse(chars(TRACEPARENT), 54, &mut context), short);
    }
}

#[test]
fn queue_time_is_signed_and_says_from_when() {
    let none = code(Status::TRACEBATON_NO_TIMESTAMP);
    for (timestamp, kind, consumed, status, milliseconds) in [
        (1_000, 1, 1_250, OK, 250),
        (1_000, 2, 1_250, OK, 250),
        (1_250, 1, 1_000, OK, -250),
        (i64::MIN, 1, i64::MAX, OK, i64::MAX),
        (i64::MAX, 2, i64::MIN, OK, i64::MIN),
        (1_000, 0, 1_250, none, 0),
    ] {
        let mut waited: QueueTime = zeros();
        // SAFETY: the output is there.
        assert_eq!(unsafe { tracebaton_queue_time(timestamp, kind, consumed, &mut waited) }, status);
        assert_eq!((waited.milliseconds, waited.kind), (milliseconds, kind));
    }
    for kind in [-1, 3] {
        let mut waited = QueueTime { milliseconds: 77, ..zeros() };
        // SAFETY: the output is there.
        assert_eq!(unsafe { tracebaton_queue_time(0, kind, 0, &mut waited) }, INVALID);
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
