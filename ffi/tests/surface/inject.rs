use crate::support::*;
use std::ptr::{null, null_mut};
use tracebaton_ffi::*;

const NO_CONTEXT: tracebaton_status_t = TRACEBATON_NO_CONTEXT as tracebaton_status_t;
const FULL: tracebaton_status_t = TRACEBATON_HEADERS_FULL as tracebaton_status_t;
const KEPT: tracebaton_status_t = TRACEBATON_KEPT as tracebaton_status_t;

type Inject = unsafe extern "C" fn(
    *const tracebaton_injection_t,
    *mut tracebaton_header_t,
    *mut usize,
    usize,
) -> tracebaton_status_t;

/// Injects into an array with `room` more places than headers.
fn inject_with(
    inject: Inject,
    injection: &tracebaton_injection_t,
    record: &[tracebaton_header_t],
    room: usize,
) -> (tracebaton_status_t, Vec<tracebaton_header_t>) {
    let mut array = record.to_vec();
    let mut count = array.len();
    array.resize(count + room, zeros());
    // SAFETY: an array with its capacity.
    let status = unsafe { inject(injection, array.as_mut_ptr(), &mut count, array.len()) };
    array.truncate(count);
    (status, array)
}

#[test]
fn what_is_there_is_replaced_and_the_rest_keeps_its_place() {
    let record = headers(&[
        ("Baggage", "old=1"),
        ("key", "one"),
        ("TRACEPARENT", "stale"),
        ("traceparent", TRACEPARENT),
        ("key", "two"),
        ("tracestate", "old=1"),
    ]);
    let (status, injection) = injection(&context("a=b", "tenant=7"));
    assert_eq!(status, OK);
    let (status, sent) = inject_with(tracebaton_headers_inject, &injection, &record, 0);
    assert_eq!(status, OK);
    let expected = [
        ("key", "one"),
        ("key", "two"),
        ("traceparent", TRACEPARENT),
        ("tracestate", "a=b"),
        ("baggage", "tenant=7"),
    ];
    assert_eq!(pairs(&sent), expected);
    assert_eq!((sent[0].name, sent[0].value), (record[1].name, record[1].value));
    let (status, again) = inject_with(tracebaton_headers_inject, &injection, &sent, 0);
    assert_eq!((status, pairs(&again)), (OK, expected.to_vec()));
}

#[test]
fn null_and_empty_values_of_others_stay_what_they_are() {
    let record = [header("a", None), header("", Some(b"")), header([0xff, 0].as_slice(), Some(&[0, 0xff]))];
    let (_, injection) = injection(&context("", ""));
    let (status, sent) = inject_with(tracebaton_headers_inject, &injection, &record, 1);
    assert_eq!((status, sent.len()), (OK, 4));
    for (before, after) in record.iter().zip(&sent) {
        assert_eq!(format!("{before:?}"), format!("{after:?}"));
    }
}

#[test]
fn lists_without_members_are_not_written() {
    for list in ["", " \t", ",, ,"] {
        let (_, injection) = injection(&context(list, list));
        assert_eq!(pairs(&headers_of(&injection)), [("traceparent", TRACEPARENT)], "{list:?}");
    }
}

#[test]
fn the_same_headers_as_those_of_the_rust_api() {
    for (tracestate, baggage) in
        [("", ""), ("a=b", ""), ("", "k=v;p"), ("a=b , c=d", " k=v , malformed"), (",", "=")]
    {
        let given = [
            tracebaton::Header::new("traceparent", TRACEPARENT),
            tracebaton::Header::new("tracestate", tracestate),
            tracebaton::Header::new("baggage", baggage),
        ];
        let expected = tracebaton::extract(given).context().injection();
        let expected: Vec<_> =
            expected.headers().map(|header| (header.name.to_vec(), header.value.unwrap().to_vec())).collect();
        let (_, injection) = injection(&context(tracestate, baggage));
        let ours: Vec<_> = headers_of(&injection)
            .iter()
            .map(|header| {
                (view(header.name, header.name_size).to_vec(), view(header.value, header.value_size).to_vec())
            })
            .collect();
        assert_eq!(ours, expected);
    }
}

#[test]
fn without_a_span_context_only_baggage_is_replaced() {
    let context = tracebaton_context_t { baggage: chars("a=1"), baggage_size: 3, ..zeros() };
    let (status, injection) = injection(&context);
    assert_eq!(status, NO_CONTEXT);
    let (status, sent) =
        inject_with(tracebaton_headers_inject, &injection, &headers(&[("traceparent", TRACEPARENT)]), 3);
    assert_eq!((status, pairs(&sent)), (NO_CONTEXT, vec![("traceparent", TRACEPARENT), ("baggage", "a=1")]));
}

#[test]
fn without_a_span_context_and_baggage_the_array_is_left_alone() {
    let (_, injection) = injection(&zeros());
    let record = headers(&[("TRACEPARENT", "00-"), ("Baggage", "a=1"), ("key", "1")]);
    let (status, sent) = inject_with(tracebaton_headers_inject, &injection, &record, 0);
    assert_eq!((status, pairs(&sent)), (NO_CONTEXT, pairs(&record)));
}

#[test]
fn strip_removes_the_three_and_nothing_else() {
    let mut record = headers(&[("TRACEPARENT", "00-"), ("key", "1"), ("Baggage", "a=1"), ("key", "2")]);
    let mut count = record.len();
    // SAFETY: an array and its count, which are there or NULL.
    unsafe {
        assert_eq!(tracebaton_headers_strip(record.as_mut_ptr(), &mut count), OK);
        assert_eq!(pairs(&record[..count]), [("key", "1"), ("key", "2")]);
        assert_eq!(tracebaton_headers_strip(null_mut(), &mut 0), OK);
        assert_eq!(tracebaton_headers_strip(null_mut(), &mut 1), invalid(1));
        assert_eq!(tracebaton_headers_strip(record.as_mut_ptr(), null_mut()), invalid(2));
    }
}

#[test]
fn a_tracestate_without_a_span_context_means_nothing() {
    let context = tracebaton_context_t { trace_id: trace(0), span_id: span(0), ..context("A=b", "a=1") };
    let (status, injection) = injection(&context);
    assert_eq!((status, pairs(&headers_of(&injection))), (NO_CONTEXT, vec![("baggage", "a=1")]));
}

#[test]
fn undefined_flags_are_not_written() {
    let (_, injection) = injection(&tracebaton_context_t { trace_flags: 0xff, ..context("", "") });
    assert!(pairs(&headers_of(&injection))[0].1.ends_with("-03"));
}

#[test]
fn a_full_array_is_left_without_a_context_and_can_be_sent() {
    let record = headers(&[("key", "one"), ("traceparent", "stale"), ("key", "two")]);
    let (_, injection) = injection(&context("a=b", "tenant=7"));
    for room in [0, 1] {
        let (status, sent) = inject_with(tracebaton_headers_inject, &injection, &record, room);
        assert_eq!((status, pairs(&sent)), (FULL, vec![("key", "one"), ("key", "two")]), "{room}");
    }
    let (status, sent) = inject_with(tracebaton_headers_inject, &injection, &record, 2);
    assert_eq!((status, sent.len()), (OK, 5));
}

#[test]
fn a_context_that_is_there_is_kept_if_it_is_accepted() {
    let (_, injection) = injection(&context("a=b", ""));
    let (status, sent) = inject_with(
        tracebaton_headers_inject_if_absent,
        &injection,
        &headers(&[("Traceparent", TRACEPARENT)]),
        3,
    );
    assert_eq!((status, pairs(&sent)), (KEPT, vec![("Traceparent", TRACEPARENT)]));
    for there in ["garbage", "00-00000000000000000000000000000000-b7ad6b7169203331-01"] {
        let record = headers(&[("traceparent", there)]);
        let (status, sent) = inject_with(tracebaton_headers_inject_if_absent, &injection, &record, 3);
        assert_eq!((status, pairs(&sent)), (OK, vec![("traceparent", TRACEPARENT), ("tracestate", "a=b")]));
    }
}

#[test]
fn an_injection_can_be_restricted() {
    let record = headers(&[("traceparent", "old"), ("tracestate", "old=1"), ("baggage", "old=1")]);
    let (_, whole) = injection(&context("a=b", "k=v"));
    type Restrict = unsafe extern "C" fn(*mut tracebaton_injection_t) -> tracebaton_status_t;
    let rows = [
        (
            tracebaton_injection_trace_context_only as Restrict,
            [("baggage", "old=1"), ("traceparent", TRACEPARENT), ("tracestate", "a=b")],
        ),
        (
            tracebaton_injection_baggage_only,
            [("traceparent", "old"), ("tracestate", "old=1"), ("baggage", "k=v")],
        ),
    ];
    for (restrict, expected) in rows {
        let mut injection = whole;
        // SAFETY: the injection is there.
        assert_eq!(unsafe { restrict(&mut injection) }, OK);
        assert_eq!(pairs(&inject_with(tracebaton_headers_inject, &injection, &record, 3).1), expected);
        for (name, value) in expected {
            // SAFETY: the injection and the name are there.
            let replaced = unsafe { tracebaton_injection_replaces(&injection, chars(name), name.len()) };
            assert_eq!(replaced == 1, !value.starts_with("old"), "{name}");
        }
        // Restricted both ways, it changes nothing.
        for (restrict, _) in rows {
            // SAFETY: the injection is there.
            assert_eq!(unsafe { restrict(&mut injection) }, OK);
        }
        assert_eq!(pairs(&inject_with(tracebaton_headers_inject, &injection, &record, 3).1), pairs(&record));
    }
}

#[test]
fn a_pass_through_sends_the_very_bytes_that_were_accepted() {
    let value = "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-more";
    let record = headers(&[
        ("traceparent", value),
        ("tracestate", "a=b ,, c=d"),
        ("baggage", "malformed"),
        ("key", "1"),
    ]);
    let (_, extracted) = extract(&record);
    let mut injection = zeros();
    // SAFETY: both are there.
    assert_eq!(unsafe { tracebaton_injection_forward(&extracted, &mut injection) }, OK);
    let (status, sent) = inject_with(tracebaton_headers_inject, &injection, &record, 0);
    let expected =
        [("key", "1"), ("traceparent", value), ("tracestate", "a=b ,, c=d"), ("baggage", "malformed")];
    assert_eq!((status, pairs(&sent)), (OK, expected.to_vec()));
    assert_eq!(sent[1].value, record[0].value);
}

#[test]
fn a_pass_through_sends_nothing_of_what_was_refused() {
    let record =
        headers(&[("traceparent", "00-"), ("tracestate", "a=b"), ("baggage", "a=\u{1}"), ("key", "1")]);
    let (_, extracted) = extract(&record);
    let mut injection = zeros();
    // SAFETY: both are there.
    assert_eq!(unsafe { tracebaton_injection_forward(&extracted, &mut injection) }, NO_CONTEXT);
    let (status, sent) = inject_with(tracebaton_headers_inject, &injection, &record, 0);
    assert_eq!((status, pairs(&sent)), (NO_CONTEXT, vec![("key", "1")]));
}

#[test]
fn a_pass_through_checks_what_was_changed_since() {
    let record = headers(&[("traceparent", TRACEPARENT), ("tracestate", "a=b"), ("baggage", "a=b")]);
    let (_, whole) = extract(&record);
    let (_, without_parent) = extract(&headers(&[("baggage", "a=b")]));
    let garbage = "\u{1}";
    let mut rows = [whole, whole, whole, whole, without_parent];
    (rows[0].traceparent_value, rows[0].traceparent_value_size) = (chars(garbage), 1);
    (rows[1].context.tracestate, rows[1].context.tracestate_size) = (chars(garbage), 1);
    (rows[2].context.baggage, rows[2].context.baggage_size) = (chars(garbage), 1);
    (rows[3].context.baggage, rows[3].context.baggage_size) = (null(), 1);
    (rows[4].context.baggage, rows[4].context.baggage_size) = (chars(garbage), 1);
    let expected = [
        TRACEBATON_TRACEPARENT_VERSION,
        TRACEBATON_TRACESTATE_KEY_START,
        TRACEBATON_BAGGAGE_CONTROL_BYTE,
        TRACEBATON_INVALID_ARGUMENT_1,
        TRACEBATON_BAGGAGE_CONTROL_BYTE,
    ];
    for (row, expected) in rows.iter().zip(expected) {
        let mut injection = tracebaton_injection_t { carries: 77, ..zeros() };
        // SAFETY: both are there.
        assert_eq!(unsafe { tracebaton_injection_forward(row, &mut injection) }, code(expected));
        assert_eq!(injection.carries, 77, "an output of a call that failed");
    }
}

#[test]
fn an_injection_that_was_tampered_with_stays_within_itself() {
    let (_, mut injection) = injection(&context("", ""));
    injection.traceparent_size = usize::MAX;
    assert_eq!(headers_of(&injection)[0].value_size, TRACEBATON_TRACEPARENT_SIZE);
}

#[test]
fn counts_and_pointers_that_cannot_be() {
    let (_, injection) = injection(&context("", ""));
    let mut array = [zeros::<tracebaton_header_t>(); TRACEBATON_MAX_HEADERS];
    for inject in [tracebaton_headers_inject as Inject, tracebaton_headers_inject_if_absent] {
        let mut count = 3;
        // SAFETY: each is refused before a pointer is followed.
        unsafe {
            assert_eq!(inject(&injection, array.as_mut_ptr(), &mut count, 2), invalid(3));
            assert_eq!(inject(&injection, array.as_mut_ptr(), &mut count, usize::MAX), invalid(4));
            count = 0;
            assert_eq!(inject(&injection, array.as_mut_ptr(), null_mut(), 2), invalid(3));
            assert_eq!(inject(null(), array.as_mut_ptr(), &mut count, 2), invalid(1));
            assert_eq!(inject(&injection, null_mut(), &mut count, 2), invalid(2));
            assert_eq!(inject(&injection, null_mut(), &mut count, 0), FULL);
            assert_eq!(tracebaton_injection_headers(null(), array.as_mut_ptr()), 0);
            assert_eq!(tracebaton_injection_headers(&injection, null_mut()), 0);
            assert_eq!(tracebaton_injection_replaces(null(), chars("baggage"), 7), 0);
        }
        assert_eq!(count, 0);
    }
}
