//! The links of a batch: each span once, every record counted, and those that do not fit counted on the span.

use opentelemetry::trace::{Link, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use tracebaton_opentelemetry::{Batch, Links, tracebaton::Header};

/// OpenTelemetry semantic conventions, messaging spans: a span of a batch links to the context of each message.
const SOURCE: &str = "OpenTelemetry semantic conventions, messaging spans, and PROFILE.md, R1";

fn traceparent(number: u64) -> String {
    format!("00-0af7651916cd43dd8448eb211c80319c-{number:016x}-01")
}

/// The numbers of the spans that sent the records, 0 for none; links, duplicates, without context.
#[test]
fn every_record_is_counted_once() {
    let rows: [(&[u64], [usize; 3]); 6] = [
        (&[], [0, 0, 0]),
        (&[1], [1, 0, 0]),
        (&[1, 2, 3], [3, 0, 0]),
        (&[1, 1, 1], [1, 2, 0]),
        (&[0, 0, 1], [1, 0, 2]),
        (&[1, 2, 1, 2, 0], [2, 2, 1]),
    ];
    for (records, counts) in rows {
        let mut links = Links::default();
        for number in records {
            let value = traceparent(*number);
            links.insert([Header::new("traceparent", &value)]);
        }
        let counted = [links.len(), links.duplicates(), links.without_context()];
        assert_eq!(counted, counts, "{records:?} ({SOURCE})");
        assert_eq!(counted.iter().sum::<usize>(), records.len());
        assert_eq!(links.is_empty(), counts[0] == 0);
        assert_eq!(Vec::<Link>::from(links).len(), counts[0]);
    }
}

/// OpenTelemetry, Trace SDK, "Span Limits": the SDK keeps as many as its limit allows, and counts the others.
#[test]
fn links_that_do_not_fit_are_counted_on_the_span() {
    let mut links = Links::default();
    for number in 1..=200 {
        let value = traceparent(number);
        links.insert([Header::new("traceparent", &value), Header::new("tracestate", "a@b@c=1,rojo=2")]);
    }
    let span = |limit: Option<u32>| {
        let exporter = InMemorySpanExporter::default();
        let builder = SdkTracerProvider::builder().with_simple_exporter(exporter.clone());
        let provider = match limit {
            Some(limit) => builder.with_max_links_per_span(limit).build(),
            None => builder.build(),
        };
        drop(Batch::new("orders", 200).process(links.clone()).start(&provider.tracer("test")));
        exporter.get_finished_spans().unwrap().remove(0)
    };
    for (limit, kept, dropped) in [(None, 128, 72), (Some(1), 1, 199), (Some(1000), 200, 0)] {
        let span = span(limit);
        assert_eq!((span.links.len(), span.links.dropped_count), (kept, dropped), "{limit:?}");
        for (link, number) in span.links.iter().zip(1_u64..) {
            assert_eq!(link.span_context.span_id().to_bytes(), number.to_be_bytes());
            assert!(link.span_context.is_remote() && link.span_context.is_sampled());
            assert_eq!(link.span_context.trace_state().header(), "rojo=2");
        }
    }
}

/// Names and values of every kind, with attributes and without.
#[test]
fn headers_are_taken_as_they_are() {
    let parent = traceparent(7).into_bytes();
    let state = b"rojo=1".to_vec();
    let mut links = Links::default();
    links.insert(&Vec::<(String, Vec<u8>)>::new());
    links.insert(&[("TraceParent", parent.clone()), ("tracestate", state.clone())]);
    links.insert(&[("traceparent".to_owned(), Some(parent.clone())), ("traceparent".to_owned(), None)]);
    links.insert(&[(b"traceparent".to_vec(), None), (b"\xff".to_vec(), Some(parent))]);
    links.insert_with(&[("traceparent", traceparent(8).into_bytes())], || vec![KeyValue::new("k", 1)]);
    links.insert_context(&Context::new(), Vec::new);
    assert_eq!((links.len(), links.duplicates(), links.without_context()), (2, 1, 3), "{SOURCE}");
    let seen: Vec<_> = links.iter().collect();
    assert_eq!(seen[0].span_context.span_id().to_bytes(), 7_u64.to_be_bytes());
    assert_eq!(seen[0].span_context.trace_state().header(), "rojo=1");
    assert_eq!(seen[1].span_context.span_id().to_bytes(), 8_u64.to_be_bytes());
    assert_eq!((seen[0].attributes.len(), &seen[1].attributes[..]), (0, &[KeyValue::new("k", 1)][..]));
}
