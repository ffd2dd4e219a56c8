//! With `tracing`, through `tracing-opentelemetry`: contexts come in, go out, and are what is exported.

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanKind, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracebaton_opentelemetry::{
    Batch, Injected, Links, Record, describe, extract_trace_context, inject_trace_context,
};
use tracing::info_span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

type Headers = Vec<(String, Option<Vec<u8>>)>;

/// A way to write the context of a span into the headers of a record.
type Inject = fn(&tracing::Span, &mut Headers);

/// The tracestate has a member that OpenTelemetry's own type cannot hold.
const RECEIVED: [(&str, &str); 3] = [
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"),
    ("tracestate", "a@b@c=1,rojo=2"),
    ("baggage", "user=Am%C3%A9lie;ttl=30"),
];

fn list(headers: &[(&str, &str)]) -> Headers {
    headers.iter().map(|(name, value)| (name.to_string(), Some(value.as_bytes().to_vec()))).collect()
}

fn value(headers: &Headers, name: &str) -> String {
    let (_, value) = headers.iter().find(|(other, _)| other == name).unwrap();
    String::from_utf8(value.clone().unwrap()).unwrap()
}

/// Runs `work` under a subscriber, and gives what it exports.
fn traced<T>(activation: bool, work: impl FnOnce() -> T) -> (T, Vec<SpanData>) {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("test"))
        .with_context_activation(activation);
    let result = tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
    (result, exporter.get_finished_spans().unwrap())
}

/// One record in, one record out: a span that works, and one inside it that sends.
fn relay(mut headers: Headers, inject: impl FnOnce(&tracing::Span, &mut Headers)) -> Headers {
    let working = info_span!("process orders", otel.kind = "consumer");
    working.set_parent(extract_trace_context(&headers)).unwrap();
    let _working = working.entered();
    let sending = info_span!("send payments", otel.kind = "producer").entered();
    inject(&sending, &mut headers);
    headers
}

#[test]
fn a_span_takes_the_parent_of_a_record_and_gives_its_own_to_the_next() {
    let current: Inject =
        |_, headers| assert_eq!(inject_trace_context(&Context::current(), headers), Injected::Parent);
    let own: Inject =
        |span, headers| assert_eq!(inject_trace_context(&span.context(), headers), Injected::Parent);
    let ways = [(true, current), (true, own), (false, own)];
    for (activation, inject) in ways {
        let (sent, spans) = traced(activation, || relay(list(&RECEIVED), inject));
        let [sending, working] = &spans[..] else { panic!("{spans:?}") };
        assert_eq!((&*working.name, &working.span_kind), ("process orders", &SpanKind::Consumer));
        assert_eq!(working.parent_span_id.to_string(), "b7ad6b7169203331");
        assert!(working.parent_span_is_remote);
        assert_eq!((&*sending.name, &sending.span_kind), ("send payments", &SpanKind::Producer));
        assert_eq!(sending.parent_span_id, working.span_context.span_id());
        let parent = format!("00-0af7651916cd43dd8448eb211c80319c-{}-03", sending.span_context.span_id());
        assert_eq!(value(&sent, "traceparent"), parent);
        assert_eq!(value(&sent, "tracestate"), "a@b@c=1,rojo=2");
        assert_eq!(value(&sent, "baggage"), "user=Am%C3%A9lie;ttl=30");
        assert_eq!(sent.len(), 3);
    }
}

#[test]
fn a_span_of_tracing_takes_what_a_builder_says() {
    let record = Record::new("orders").with_offset(7);
    let ((), spans) = traced(true, || {
        let received = extract_trace_context(&list(&RECEIVED));
        let builder = record.process(&received);
        let span = info_span!("work", otel.name = %builder.name, otel.kind = "consumer");
        span.set_parent(received).unwrap();
        describe(&span, builder);
    });
    let [span] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((&*span.name, &span.span_kind), ("process orders", &SpanKind::Consumer));
    assert!(span.attributes.contains(&KeyValue::new("messaging.kafka.offset", 7)));
    let linked = span.links.iter().map(|link| link.span_context.span_id().to_string());
    assert_eq!(linked.collect::<Vec<_>>(), [span.parent_span_id.to_string()]);
}

#[test]
fn baggage_is_at_hand_inside_the_span() {
    traced(true, || {
        let span = info_span!("process orders");
        span.set_parent(extract_trace_context(&list(&RECEIVED))).unwrap();
        let _entered = span.entered();
        let context = Context::current();
        assert_eq!(context.baggage().get("user").unwrap().as_str(), "Amélie");
    });
}

#[test]
fn a_record_without_a_context_begins_a_trace() {
    let (sent, spans) = traced(true, || {
        relay(list(&[("key", "value")]), |_, headers| {
            inject_trace_context(&Context::current(), headers);
        })
    });
    let [sending, working] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!(working.parent_span_id, opentelemetry::SpanId::INVALID);
    let parent = format!("00-{}-{}-01", working.span_context.trace_id(), sending.span_context.span_id());
    assert_eq!(value(&sent, "traceparent"), parent);
}

/// Spans below the level of the filter, or of a layer without context activation: the record keeps its trace.
#[test]
fn a_span_that_is_disabled_does_not_cut_the_trace() {
    let relay = |mut headers: Headers, attach: bool| {
        let received = extract_trace_context(&headers);
        let _received = attach.then(|| received.clone().attach());
        let span = info_span!("process orders");
        assert!(span.set_parent(received.clone()).is_err());
        describe(&span, Record::new("orders").process(&received));
        let injected = span.in_scope(|| inject_trace_context(&Context::current(), &mut headers));
        (injected, headers)
    };
    for (attach, injected) in [(true, Injected::Parent), (false, Injected::NoParent)] {
        let layer = tracing_opentelemetry::layer().with_tracer(SdkTracerProvider::default().tracer("test"));
        let subscriber = tracing_subscriber::registry().with(LevelFilter::WARN).with(layer);
        let sent = tracing::subscriber::with_default(subscriber, || relay(list(&RECEIVED), attach));
        assert_eq!(sent, (injected, list(&RECEIVED)), "{attach}");
    }
    let (sent, _) = traced(false, || {
        let (received, mut headers) = (extract_trace_context(&list(&RECEIVED)), list(&RECEIVED));
        let span = info_span!("process orders");
        span.set_parent(received).unwrap();
        span.in_scope(|| inject_trace_context(&Context::current(), &mut headers));
        headers
    });
    assert_eq!(sent, list(&RECEIVED));
}

#[test]
fn links_that_do_not_fit_are_counted_on_the_span() {
    let mut links = Links::default();
    for sender in 1..=200 {
        links.insert([("traceparent", &*format!("00-0af7651916cd43dd8448eb211c80319c-{sender:016x}-01"))]);
    }
    let ((), spans) = traced(true, || {
        describe(&info_span!("process orders"), Batch::new("orders", 200).process(links));
    });
    assert_eq!((spans[0].links.len(), spans[0].links.dropped_count), (128, 72));
}
