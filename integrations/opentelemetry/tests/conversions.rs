//! Between the types of the two crates, both ways.

use opentelemetry::baggage::Baggage;
use opentelemetry::trace::{SpanContext, TraceState};
use tracebaton_opentelemetry::{
    from_baggage, from_ids, from_span_context, from_trace_state, to_baggage, to_span_context, to_trace_state,
};

const LEVEL_2: &str = "W3C Trace Context Level 2, 3.3.1.3.1";
const MEMBERS: &str = "W3C Trace Context Level 2, 3.3.1.3";
const FLAGS: &str = "W3C Trace Context Level 2, 3.2.2.5";
const BAGGAGE: &str = "W3C Baggage, 3.3.1";
const METADATA: &str = "OpenTelemetry, Baggage API, Set Value";
const ONE_VALUE: &str = "OpenTelemetry, Baggage API, Conflict Resolution";

/// Keys and values.
type Pairs = Vec<(String, String)>;

/// Names, values and metadata.
type Entries<'a> = &'a [(&'a str, &'a str, &'a str)];

/// A header, what OpenTelemetry holds of it, and what comes back.
#[test]
fn trace_state_both_ways() {
    let long_value = format!("k={}", "v".repeat(256));
    let long_key = format!("{}=1", "k".repeat(256));
    let tenant = format!("{}@{}=1", "t".repeat(241), "s".repeat(13));
    let system = format!("t@{}=1", "s".repeat(14));
    let full = (0..32).map(|number| format!("k{number}=v")).collect::<Vec<_>>().join(",");
    let rows: [(&str, &str, &str); 14] = [
        ("", "", MEMBERS),
        ("rojo=1,congo=2", "rojo=1,congo=2", MEMBERS),
        ("rojo=1, congo=2\t,,", "rojo=1,congo=2", MEMBERS),
        ("k=1,k=2", "k=1,k=2", MEMBERS),
        ("k= v", "k= v", "W3C Trace Context Level 2, 3.3.1.3.2"),
        ("k=!~", "k=!~", "W3C Trace Context Level 2, 3.3.1.3.2"),
        (&long_value, &long_value, "W3C Trace Context Level 2, 3.3.1.3.2"),
        (&long_key, &long_key, LEVEL_2),
        (&tenant, &tenant, LEVEL_2),
        (&full, &full, MEMBERS),
        ("1@a=x", "1@a=x", LEVEL_2),
        // What Level 2 allows and OpenTelemetry's type does not.
        ("a@b@c=1,b=2", "b=2", LEVEL_2),
        ("a@=1,b=2", "a@=1,b=2", LEVEL_2),
        (&system, "", "W3C Trace Context, 3.3.1.3.1: up to 14 characters after the @"),
    ];
    for (header, held, source) in rows {
        let state = tracebaton::TraceState::parse(header.as_bytes()).unwrap();
        let converted = to_trace_state(&state);
        assert_eq!(converted.header(), held, "{header} ({source})");
        assert_eq!(from_trace_state(&converted), held, "{header} ({source})");
    }
}

/// Pairs that OpenTelemetry takes, and what of them is a header.
#[test]
fn trace_state_is_written_inside_the_grammar() {
    let many =
        |count: usize, length| (0..count).map(|it| (format!("k{it:02}"), "v".repeat(length))).collect();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let rows: [(Pairs, usize, &str); 6] = [
        (vec![pair("rojo", "1"), pair("congo", "2")], 2, MEMBERS),
        (vec![pair("k", "\0"), pair("j", "1")], 1, MEMBERS),
        (vec![pair("k", "é"), pair("j", "1")], 1, MEMBERS),
        (vec![pair("k", ""), pair("j", "1")], 1, "W3C Trace Context Level 2, 3.3.1.3.2"),
        (many(32, 250), 32, "W3C Trace Context Level 2, 3.3.1.5"),
        (many(32, 256), 31, "PROFILE.md, R7: 8192 bytes"),
    ];
    for (pairs, kept, source) in rows {
        let held = TraceState::from_key_value(pairs.clone()).unwrap();
        let header = from_trace_state(&held);
        let read = tracebaton::TraceState::parse(header.as_bytes()).unwrap();
        assert_eq!(read.len(), kept, "{pairs:?} ({source})");
    }
}

#[test]
fn span_contexts_both_ways() {
    let state = tracebaton::TraceState::parse(b"rojo=1,congo=2").unwrap();
    for flags in 0..=u8::MAX {
        let traceparent = format!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags:02x}");
        let parent = tracebaton::TraceParent::parse(traceparent.as_bytes()).unwrap();
        let context = tracebaton::SpanContext::remote(&parent, state);
        let held = to_span_context(&context);
        assert_eq!(held.trace_flags().to_u8(), flags & 3, "{FLAGS}");
        assert_eq!((held.is_remote(), held.trace_state().header()), (true, "rojo=1,congo=2".to_owned()));
        // OpenTelemetry's propagators for B3 and X-Ray use the random flag's bit for a mark of their own.
        let back = context.with_trace_flags(context.trace_flags.with_random(false));
        assert_eq!(from_span_context(&held).context().span_context, Some(back), "{FLAGS}");
        let ids = back.with_trace_state(tracebaton::TraceState::EMPTY);
        assert_eq!(from_ids(&held), Some(ids));
    }
}

#[test]
fn an_id_of_zeros_is_no_span_context() {
    let ids: [(&str, &str); 3] =
        [("0", "b7ad6b7169203331"), ("0af7651916cd43dd8448eb211c80319c", "0"), ("0", "0")];
    for (trace_id, span_id) in ids {
        let context = SpanContext::new(
            opentelemetry::TraceId::from_hex(trace_id).unwrap(),
            opentelemetry::SpanId::from_hex(span_id).unwrap(),
            opentelemetry::TraceFlags::SAMPLED,
            true,
            TraceState::from_key_value([("k", "v")]).unwrap(),
        );
        assert_eq!(from_ids(&context), None);
        assert_eq!(from_span_context(&context).injection().headers().count(), 0);
    }
}

/// A header, the entries that OpenTelemetry has of it, and what comes back.
#[test]
fn baggage_both_ways() {
    let rows: [(&str, Entries<'_>, &str, &str); 10] = [
        ("", &[], "", BAGGAGE),
        ("a=1,b=2", &[("a", "1", ""), ("b", "2", "")], "a=1,b=2", BAGGAGE),
        ("b=2 , a = 1", &[("a", "1", ""), ("b", "2", "")], "a=1,b=2", BAGGAGE),
        ("user=Am%C3%A9lie", &[("user", "Amélie", "")], "user=Am%C3%A9lie", BAGGAGE),
        ("a=x+y%20z%2Cw", &[("a", "x+y z,w", "")], "a=x%2By%20z%2Cw", BAGGAGE),
        ("a=1;ttl=30;tier", &[("a", "1", "ttl=30;tier")], "a=1;ttl=30;tier", METADATA),
        ("a=1; n=a%20b ; t", &[("a", "1", "n=a%20b ; t")], "a=1;n=a%20b;t", METADATA),
        ("a=1,a=2;p", &[("a", "2", "p")], "a=2;p", ONE_VALUE),
        ("A=1,a=2", &[("A", "1", ""), ("a", "2", "")], "A=1,a=2", ONE_VALUE),
        ("=1,bad key=2,a=3", &[("a", "3", "")], "a=3", BAGGAGE),
    ];
    for (header, entries, back, source) in rows {
        let held = to_baggage(&tracebaton::Baggage::parse(header.as_bytes()).unwrap());
        assert_eq!(held.len(), entries.len(), "{header} ({source})");
        for (key, value, metadata) in entries {
            let (found, properties) = held.get_with_metadata(key).unwrap();
            assert_eq!((found.as_str(), properties.as_str()), (*value, *metadata), "{header} ({source})");
        }
        assert_eq!(String::from_utf8(from_baggage(&held)).unwrap(), back, "{header} ({source})");
    }
}

#[test]
fn baggage_of_any_size_that_opentelemetry_takes_is_a_header() {
    for length in [0, 1, 100, 123, 124, 125, 126, 200] {
        let mut held = Baggage::new();
        for number in 0..70 {
            held.insert_with_metadata(format!("k{number}"), "é".repeat(length / 2), "p;q=1");
        }
        let header = from_baggage(&held);
        let read = to_baggage(&tracebaton::Baggage::parse(&header).unwrap());
        assert!(!read.is_empty() && read.len() <= held.len());
        assert!(read.iter().all(|(key, entry)| held.get_with_metadata(key) == Some(entry)));
    }
}
