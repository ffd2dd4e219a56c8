use crate::support::*;
use std::ptr::null;
use tracebaton_ffi::*;

const NO_CONTEXT: tracebaton_status_t = TRACEBATON_NO_CONTEXT as tracebaton_status_t;
const ABSENT: tracebaton_status_t = TRACEBATON_ABSENT as tracebaton_status_t;

fn verdict(status: tracebaton_status_t, index: usize, offset: u32) -> tracebaton_verdict_t {
    tracebaton_verdict_t { status, offset, index }
}

/// Extracts from an array and header by header, with equal results.
fn extract_both_ways(headers: &[tracebaton_header_t]) -> (tracebaton_status_t, tracebaton_extracted_t) {
    let (status, extracted) = extract(headers);
    let mut reader: tracebaton_reader_t = zeros();
    for header in headers {
        // SAFETY: the header's parts are there.
        let added = unsafe {
            tracebaton_reader_add(&mut reader, header.name, header.name_size, header.value, header.value_size)
        };
        assert_eq!(added, OK);
    }
    let mut finished: tracebaton_extracted_t = zeros();
    // SAFETY: both are there.
    assert_eq!(unsafe { tracebaton_reader_finish(&reader, &mut finished) }, status);
    assert_eq!(format!("{finished:?}"), format!("{extracted:?}"));
    (status, extracted)
}

#[test]
fn a_record_with_all_three() {
    let record = headers(&[
        ("schema-id", "\0"),
        ("traceparent", "garbage"),
        ("Traceparent", TRACEPARENT),
        ("TRACESTATE", "a=b, c=d"),
        ("baggage", "tenant=7"),
    ]);
    let (status, extracted) = extract_both_ways(&record);
    assert_eq!(status, OK);
    let context = extracted.context;
    assert_eq!((context.trace_id, context.span_id, context.trace_flags), (TRACE_ID, PARENT_ID, 1));
    assert_eq!(context.tracestate, record[3].value.cast());
    assert_eq!(text(context.tracestate, context.tracestate_size), "a=b, c=d");
    assert_eq!(text(context.baggage, context.baggage_size), "tenant=7");
    assert_eq!(extracted.traceparent, verdict(OK, 2, 0));
    assert_eq!(extracted.tracestate, verdict(OK, 3, 0));
    assert_eq!(extracted.baggage, verdict(OK, 4, 0));
    assert_eq!(extracted.traceparent_value, record[2].value.cast());
    assert_eq!((extracted.traceparent_value_size, extracted.traceparent_version), (55, 0));
}

#[test]
fn what_is_refused_says_which_header_which_rule_and_where() {
    let long = vec![b'a'; 8193];
    let rows: [(&str, &[u8], tracebaton_verdict_t); 6] = [
        ("traceparent", b"", verdict(code(TRACEBATON_TRACEPARENT_TOO_SHORT), 1, 0)),
        ("traceparent", b"00-0AF7", verdict(code(TRACEBATON_TRACEPARENT_TRACE_ID), 1, 4)),
        (
            "traceparent",
            b"00-00000000000000000000000000000000-b7ad6b7169203331-01",
            verdict(code(TRACEBATON_TRACEPARENT_TRACE_ID_ZERO), 1, 3),
        ),
        ("baggage", b"a=\x01", verdict(code(TRACEBATON_BAGGAGE_CONTROL_BYTE), 1, 2)),
        ("baggage", &long, verdict(code(TRACEBATON_BAGGAGE_TOO_LONG), 1, 8192)),
        ("other", b"a=\x01", verdict(ABSENT, 0, 0)),
    ];
    for (name, value, expected) in rows {
        let (status, extracted) = extract_both_ways(&[header("x", None), header(name, Some(value))]);
        assert_eq!(status, NO_CONTEXT, "{name}");
        let other = verdict(ABSENT, 0, 0);
        let (traceparent, baggage) =
            if name == "traceparent" { (expected, other) } else { (other, expected) };
        assert_eq!((extracted.traceparent, extracted.baggage), (traceparent, baggage));
        assert!(extracted.traceparent_value.is_null() && extracted.traceparent_value_size == 0);
        assert_eq!((extracted.context.trace_id, extracted.context.span_id), (trace(0), span(0)));
        assert_eq!((extracted.context.tracestate_size, extracted.context.baggage_size), (0, 0));
    }
}

#[test]
fn a_tracestate_counts_only_beside_a_traceparent() {
    let (status, extracted) = extract_both_ways(&headers(&[("tracestate", "a=b")]));
    assert_eq!((status, extracted.tracestate), (NO_CONTEXT, verdict(ABSENT, 0, 0)));
    let record = headers(&[("tracestate", "A=b"), ("traceparent", TRACEPARENT)]);
    let (status, extracted) = extract_both_ways(&record);
    assert_eq!((status, extracted.context.tracestate_size), (OK, 0));
    assert_eq!(extracted.tracestate, verdict(code(TRACEBATON_TRACESTATE_KEY_START), 0, 0));
}

#[test]
fn a_null_is_no_value_and_an_empty_value_is_one() {
    let record = [
        header("traceparent", Some(TRACEPARENT.as_bytes())),
        header("traceparent", None),
        header("baggage", Some(b"a=1")),
        header("baggage", Some(b"")),
    ];
    let (status, extracted) = extract_both_ways(&record);
    assert_eq!((status, extracted.traceparent), (OK, verdict(OK, 0, 0)));
    assert_eq!((extracted.baggage, extracted.context.baggage_size), (verdict(OK, 3, 0), 0));
    let null_with_a_size =
        tracebaton_header_t { value: null(), value_size: 55, ..header("traceparent", None) };
    assert_eq!(extract_both_ways(&[null_with_a_size]).0, NO_CONTEXT);
}

#[test]
fn a_higher_version_is_reported() {
    let value = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-more";
    let (status, extracted) = extract_both_ways(&headers(&[("traceparent", value)]));
    assert_eq!((status, extracted.traceparent_version, extracted.traceparent_value_size), (OK, 0xcc, 60));
    assert_eq!(extracted.context.trace_flags, 3);
}

#[test]
fn names_count_whole_and_in_any_case() {
    for (name, expected) in [
        (&b"traceparent"[..], 1),
        (b"TraceParent", 1),
        (b"TRACESTATE", 2),
        (b"baggage", 3),
        (b"", 0),
        (b"traceparent\0", 0),
        (b"traceparen", 0),
        (b"ce_traceparent", 0),
        (b"\xff\xff\xff\xff\xff\xff\xff", 0),
    ] {
        // SAFETY: a slice.
        let found = unsafe { tracebaton_header_name_of(name.as_ptr().cast(), name.len()) };
        assert_eq!(found, expected, "{}", name.escape_ascii());
    }
}

#[test]
fn no_headers_at_all() {
    let (status, extracted) = extract_both_ways(&[]);
    assert_eq!(
        (status, extracted.traceparent.status, extracted.baggage.status),
        (NO_CONTEXT, ABSENT, ABSENT)
    );
    let mut extracted: tracebaton_extracted_t = zeros();
    // SAFETY: NULL with 0 is empty.
    assert_eq!(unsafe { tracebaton_headers_extract(null(), 0, &mut extracted) }, NO_CONTEXT);
}

#[test]
#[cfg_attr(miri, ignore = "measures time")]
fn a_hundred_thousand_headers_take_no_longer_each() {
    let many = |count: usize| {
        let mut record = vec![header("traceparent", Some(b"not one")); count - 1];
        record.push(header("traceparent", Some(TRACEPARENT.as_bytes())));
        record
    };
    let time = |record: &[tracebaton_header_t]| {
        let best = (0..5).map(|_| {
            let start = std::time::Instant::now();
            assert_eq!(extract(record).0, OK);
            start.elapsed()
        });
        best.min().unwrap().as_secs_f64() / record.len() as f64
    };
    let (few, many) = (time(&many(1_000)), time(&many(100_000)));
    assert!(many < 20.0 * few, "{few} s each of 1,000, {many} s each of 100,000");
}

#[test]
fn a_value_may_not_be_in_the_reader_itself() {
    let mut reader: tracebaton_reader_t = zeros();
    let whole = &raw mut reader;
    // SAFETY: it is refused before the value is looked at.
    let status = unsafe { tracebaton_reader_add(whole, chars("baggage"), 7, whole.cast(), 8) };
    assert_eq!((status, reader.header_count), (code(TRACEBATON_OVERLAP), 0));
}

#[test]
fn joined_lists_do_not_overlap_the_record() {
    let mut memory = *b"baggagetenant=7";
    let start = memory.as_mut_ptr();
    let name = start.cast::<std::ffi::c_char>();
    for offset in [0, 6, 7, 14] {
        let mut extracted: tracebaton_extracted_t = zeros();
        // SAFETY: the name, the value and the buffer are in the memory.
        let status = unsafe {
            let header =
                tracebaton_header_t { name, name_size: 7, value: start.add(7).cast(), value_size: 8 };
            tracebaton_headers_extract_joined(&header, 1, name.add(offset), 1, &mut extracted)
        };
        assert_eq!(status, code(TRACEBATON_OVERLAP), "{offset}");
    }
}
