//! The links of a batch: each span once, no more than a limit, and every record counted.

use opentelemetry::KeyValue;
use opentelemetry::trace::Link;
use tracebaton_opentelemetry::{Links, tracebaton::Header};

/// OpenTelemetry semantic conventions, messaging spans: a span of a batch links to the context of each message.
const SOURCE: &str = "OpenTelemetry semantic conventions, messaging spans, and PROFILE.md, R1";

fn traceparent(number: u64) -> String {
    format!("00-0af7651916cd43dd8448eb211c80319c-{number:016x}-01")
}

/// The numbers of the spans that sent the records, 0 for none; limit; links, duplicates, without context, dropped.
#[test]
fn every_record_is_counted_once() {
    let rows: [(&[u64], usize, [usize; 4]); 9] = [
        (&[], 128, [0, 0, 0, 0]),
        (&[1], 128, [1, 0, 0, 0]),
        (&[1, 2, 3], 128, [3, 0, 0, 0]),
        (&[1, 1, 1], 128, [1, 2, 0, 0]),
        (&[0, 0, 1], 128, [1, 0, 2, 0]),
        (&[1, 2, 3], 2, [2, 0, 0, 1]),
        // A span that found no room is not remembered, and each of its records is one more.
        (&[1, 2, 3, 3, 1, 0], 2, [2, 1, 1, 2]),
        (&[1, 0], 0, [0, 0, 1, 1]),
        (&[1, 2, 1, 2], 2, [2, 2, 0, 0]),
    ];
    for (records, limit, counts) in rows {
        let mut links = Links::with_limit(limit);
        for number in records {
            let value = traceparent(*number);
            links.insert([Header::new("traceparent", &value)]);
        }
        let counted = [links.len(), links.duplicates(), links.without_context(), links.dropped()];
        assert_eq!(counted, counts, "{records:?}, {limit} ({SOURCE})");
        assert_eq!(counted.iter().sum::<usize>(), records.len());
        assert_eq!(links.is_empty(), counts[0] == 0);
        assert_eq!(Vec::<Link>::from(links).len(), counts[0]);
    }
}

#[test]
fn a_batch_of_thousands_keeps_the_first_128() {
    let mut links = Links::default();
    for number in 1..=10_000 {
        let value = traceparent(number);
        links.insert([Header::new("traceparent", &value), Header::new("tracestate", "a@b@c=1,rojo=2")]);
    }
    assert_eq!((links.len(), links.dropped()), (128, 10_000 - 128));
    let mut expected = 1..;
    for link in links.iter() {
        assert_eq!(link.span_context.span_id().to_bytes(), u64::to_be_bytes(expected.next().unwrap()));
        assert!(link.span_context.is_remote() && link.span_context.is_sampled());
        assert_eq!(link.span_context.trace_state().header(), "rojo=2");
    }
}

/// The same by list as by headers, with names and values of every kind.
#[test]
fn lists_are_taken_as_they_are() {
    let parent = traceparent(7).into_bytes();
    let state = b"rojo=1".to_vec();
    let mut links = Links::default();
    links.insert_list::<String, Vec<u8>>(&[]);
    links.insert_list(&[("TraceParent", parent.clone()), ("tracestate", state.clone())]);
    links.insert_list(&[("traceparent".to_owned(), Some(parent.clone())), ("traceparent".to_owned(), None)]);
    links.insert_list(&[(b"traceparent".to_vec(), None), (b"\xff".to_vec(), Some(parent))]);
    links.insert_list_with(&[("traceparent", traceparent(8).into_bytes())], || vec![KeyValue::new("k", 1)]);
    assert_eq!((links.len(), links.duplicates(), links.without_context()), (2, 1, 2), "{SOURCE}");
    let seen: Vec<_> = links.iter().collect();
    assert_eq!(seen[0].span_context.span_id().to_bytes(), 7_u64.to_be_bytes());
    assert_eq!(seen[0].span_context.trace_state().header(), "rojo=1");
    assert_eq!(seen[1].span_context.span_id().to_bytes(), 8_u64.to_be_bytes());
    assert_eq!((seen[0].attributes.len(), &seen[1].attributes[..]), (0, &[KeyValue::new("k", 1)][..]));
}
