//! The spans of producers, consumers and batches as an exporter sees them.

use opentelemetry::trace::{Link, SpanBuilder, SpanKind, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, Value};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use std::collections::BTreeMap;
use tracebaton::{Header, QueueTime, TimestampKind};
use tracebaton_opentelemetry::{
    Batch, Client, Links, Propagators, Record, Topic, acknowledged, failed, inject_context,
};

const SPANS: &str = "OpenTelemetry semantic conventions, messaging spans";
const KAFKA: &str = "OpenTelemetry semantic conventions, Kafka";
const C7: &str = "PROFILE.md, C7; queue time by the name of OpenTelemetry's Java agent";

const SENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

const CLIENT: Client<'_> = Client::new()
    .with_id("shop-1")
    .with_group("shop")
    .with_cluster_id("cluster-1")
    .with_server("kafka.example", 9092);

fn record() -> Record<'static> {
    Record::new("orders")
        .with_client(CLIENT)
        .with_partition(2)
        .with_offset(1729)
        .with_key("order-17")
        .with_tombstone(true)
        .with_body_size(0)
        .with_envelope_size(120)
        .with_queue_time(QueueTime { milliseconds: -20, kind: TimestampKind::LogAppendTime })
}

fn batch() -> Batch<'static> {
    Batch::new("orders", 3).with_client(CLIENT).with_partition(2)
}

fn tracing() -> (SdkTracerProvider, InMemorySpanExporter) {
    let exporter = InMemorySpanExporter::default();
    (SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build(), exporter)
}

/// The span that an exporter gets of a builder.
fn exported(builder: SpanBuilder, parent: &Context) -> SpanData {
    let (provider, exporter) = tracing();
    drop(builder.start_with_context(&provider.tracer("test"), parent));
    exporter.get_finished_spans().unwrap().remove(0)
}

fn attributes(span: &SpanData) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().into_owned();
    let named: BTreeMap<_, _> =
        span.attributes.iter().map(|it| (it.key.to_string(), text(&it.value))).collect();
    assert_eq!(named.len(), span.attributes.len(), "no attribute is there twice");
    named
}

fn received() -> Context {
    Propagators::W3C.extract(&Context::new(), [Header::new("traceparent", SENT)])
}

fn link() -> Vec<Link> {
    vec![Link::with_context(received().span().span_context().clone())]
}

/// Each operation: its span's name, kind, and which attributes of all that are known it has.
#[test]
fn names_kinds_and_attributes_are_those_of_the_conventions() {
    let all = "messaging.system messaging.operation.name messaging.operation.type messaging.destination.name \
               messaging.destination.partition.id server.address server.port";
    let one = "messaging.kafka.message.key messaging.kafka.message.tombstone messaging.message.body.size \
               messaging.message.envelope.size";
    let client = "messaging.client.id messaging.kafka.cluster.id";
    let sent = format!("{all} {client} {one} messaging.kafka.offset");
    let queue = "kafka.record.queue_time_ms kafka.record.timestamp_type";
    let batches = format!("{all} {client} messaging.batch.message_count");
    let group = "messaging.consumer.group.name";
    let processed = format!("{sent} {group} {queue}");
    let consumed = format!("{batches} {group}");
    let rows: [(SpanBuilder, &str, &str, SpanKind, String, &str); 8] = [
        (record().create(), "create orders", "create", SpanKind::Producer, format!("{all} {one}"), SPANS),
        (record().send(), "send orders", "send", SpanKind::Producer, sent.clone(), KAFKA),
        (
            record().send_created(&link()[0].span_context),
            "send orders",
            "send",
            SpanKind::Client,
            sent,
            SPANS,
        ),
        (record().process(&received()), "process orders", "process", SpanKind::Consumer, processed, KAFKA),
        (batch().send(Vec::new()), "send orders", "send", SpanKind::Producer, batches.clone(), SPANS),
        (batch().send(link()), "send orders", "send", SpanKind::Client, batches, SPANS),
        (batch().receive(link()), "poll orders", "receive", SpanKind::Client, consumed.clone(), KAFKA),
        (batch().process(link()), "process orders", "process", SpanKind::Consumer, consumed, KAFKA),
    ];
    for (builder, name, operation_type, kind, expected, source) in rows {
        let span = exported(builder, &Context::new());
        assert_eq!((&*span.name, &span.span_kind), (name, &kind), "{source}");
        let found = attributes(&span);
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        assert_eq!(found.keys().collect::<Vec<_>>(), expected, "{name}, {kind:?} ({source})");
        assert_eq!(found["messaging.operation.type"], operation_type, "{source}");
        assert_eq!(found["messaging.operation.name"], name.split_once(' ').unwrap().0, "{source}");
    }
}

/// What an attribute is, by what is known of the record; an empty text is no attribute.
#[test]
fn values_of_attributes() {
    let bare = Record::new("orders");
    let waited = |milliseconds, kind| bare.with_queue_time(QueueTime { milliseconds, kind });
    let late = waited(84, TimestampKind::CreateTime);
    let early = waited(-20, TimestampKind::LogAppendTime);
    let template = Record::new(Topic::new("orders-eu-17").with_template("orders-{region}-{shop}"));
    let rows: [(Record<'_>, &str, &str, &str); 23] = [
        (bare, "messaging.system", "kafka", KAFKA),
        (bare, "messaging.destination.name", "orders", KAFKA),
        (bare, "messaging.destination.template", "", SPANS),
        (template, "messaging.destination.name", "orders-eu-17", SPANS),
        (template, "messaging.destination.template", "orders-{region}-{shop}", SPANS),
        (record(), "messaging.destination.partition.id", "2", KAFKA),
        (record(), "messaging.kafka.offset", "1729", KAFKA),
        (record(), "messaging.client.id", "shop-1", KAFKA),
        (record(), "messaging.consumer.group.name", "shop", KAFKA),
        (record(), "messaging.kafka.cluster.id", "cluster-1", KAFKA),
        (record(), "messaging.message.body.size", "0", SPANS),
        (record(), "server.port", "9092", SPANS),
        (record().with_client(Client::new()), "server.port", "", SPANS),
        (bare, "messaging.kafka.message.key", "", KAFKA),
        (bare.with_key(b"order-17"), "messaging.kafka.message.key", "order-17", KAFKA),
        (bare.with_key(b"\xff\xfe"), "messaging.kafka.message.key", "", KAFKA),
        (record(), "messaging.kafka.message.tombstone", "true", KAFKA),
        (bare, "messaging.kafka.message.tombstone", "", KAFKA),
        (bare, "messaging.batch.message_count", "", SPANS),
        (late, "kafka.record.queue_time_ms", "84", C7),
        (late, "kafka.record.timestamp_type", "create_time", C7),
        (early, "kafka.record.queue_time_ms", "-20", C7),
        (early, "kafka.record.timestamp_type", "log_append_time", C7),
    ];
    for (record, name, expected, source) in rows {
        let found = attributes(&exported(record.process(&received()), &Context::new()));
        assert_eq!(found.get(name).map_or("", String::as_str), expected, "{name} ({source})");
    }
    assert_eq!(exported(template.send(), &Context::new()).name, "send orders-{region}-{shop}");
    assert!(waited(0, TimestampKind::NotAvailable).link_attributes().is_empty(), "{C7}");
    let empty = exported(bare.with_key("").send(), &Context::new());
    assert_eq!(
        attributes(&empty).get("messaging.kafka.message.key").map(String::as_str),
        Some(""),
        "{KAFKA}"
    );
    let count = exported(batch().process(Vec::new()), &Context::new());
    let count =
        count.attributes.iter().find(|it| it.key.as_str() == "messaging.batch.message_count").unwrap();
    assert_eq!(count.value, Value::I64(3), "{SPANS}");
}

#[test]
fn a_consumer_is_child_of_the_producer_and_linked_to_it() {
    let received = received();
    let span = exported(record().process(&received), &received);
    let producer = received.span().span_context().clone();
    assert_eq!(span.span_context.trace_id(), producer.trace_id());
    assert_eq!((span.parent_span_id, span.parent_span_is_remote), (producer.span_id(), true));
    assert_eq!(span.links.iter().map(|link| link.span_context.clone()).collect::<Vec<_>>(), [producer]);
}

#[test]
fn a_consumer_inside_a_span_of_its_own_is_linked_alone() {
    let (provider, exporter) = tracing();
    let tracer = provider.tracer("test");
    let own = Context::new().with_span(tracer.start_with_context("own", &Context::new()));
    let received = Propagators::W3C.extract(&own, [Header::new("traceparent", SENT)]);
    drop(record().process(&received).start_with_context(&tracer, &own));
    let span = exporter.get_finished_spans().unwrap().remove(0);
    assert_eq!(span.parent_span_id, own.span().span_context().span_id());
    assert_eq!(span.links.len(), 1);
    // A record without a context: the span around is no producer, and not linked to.
    let received = Propagators::W3C.extract(&own, [Header::new("key", "value")]);
    drop(record().process(&received).start_with_context(&tracer, &received));
    let span = exporter.get_finished_spans().unwrap().remove(1);
    assert_eq!((span.parent_span_id, span.links.len()), (own.span().span_context().span_id(), 0));
}

#[test]
fn a_batch_has_its_links_and_a_trace_of_its_own() {
    let mut links = Links::default();
    for (offset, traceparent) in [(7, SENT), (8, SENT), (9, &SENT.replace("b7ad", "b7ae")), (10, "00-bad")] {
        let headers = [Header::new("traceparent", traceparent)];
        let record = Record::new("orders").with_offset(offset).with_partition(2);
        links.insert_with(headers, || record.link_attributes());
    }
    assert_eq!((links.len(), links.duplicates(), links.without_context()), (2, 1, 1));
    let span = exported(batch().process(links), &Context::new());
    let linked: Vec<_> = span
        .links
        .iter()
        .map(|link| (link.span_context.span_id().to_string(), link.attributes[1].value.clone()))
        .collect();
    assert_eq!(
        linked,
        [("b7ad6b7169203331".into(), Value::I64(7)), ("b7ae6b7169203331".into(), Value::I64(9))]
    );
    assert_ne!(span.span_context.trace_id(), span.links.links[0].span_context.trace_id());
    assert_eq!(span.parent_span_id, opentelemetry::SpanId::INVALID);
}

#[test]
fn a_batch_of_created_records_is_sent_by_a_span_that_links_to_them() {
    let (provider, exporter) = tracing();
    let tracer = provider.tracer("test");
    let created: Vec<Context> = (0..3)
        .map(|_| Context::new().with_span(record().create().start_with_context(&tracer, &Context::new())))
        .collect();
    let mut links = Links::default();
    for context in &created {
        let outgoing = inject_context(context);
        links.insert(outgoing.injection().headers());
    }
    drop(created);
    drop(batch().send(links).start_with_context(&tracer, &Context::new()));
    let spans = exporter.get_finished_spans().unwrap();
    let ids: Vec<_> = spans[..3].iter().map(|span| span.span_context.span_id()).collect();
    assert_eq!(spans[3].links.iter().map(|link| link.span_context.span_id()).collect::<Vec<_>>(), ids);
}

#[test]
fn a_delivery_ends_with_a_place_or_an_error() {
    let (provider, exporter) = tracing();
    let tracer = provider.tracer("test");
    let bare = Record::new("orders");
    let start = || Context::new().with_span(bare.send().start_with_context(&tracer, &Context::new()));
    let (good, bad) = (start(), start());
    acknowledged(&good.span(), 2, 1729);
    failed(&bad.span(), "UNKNOWN_TOPIC_OR_PARTITION", "Broker: Unknown topic or partition");
    drop((good, bad));
    let spans = exporter.get_finished_spans().unwrap();
    let found = attributes(&spans[0]);
    assert_eq!(
        (&*found["messaging.destination.partition.id"], &*found["messaging.kafka.offset"]),
        ("2", "1729")
    );
    assert_eq!(spans[0].status, Status::Unset);
    assert_eq!(attributes(&spans[1])["error.type"], "UNKNOWN_TOPIC_OR_PARTITION");
    assert_eq!(spans[1].status, Status::error("Broker: Unknown topic or partition"));
}
