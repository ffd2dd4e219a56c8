//! Messages and header lists of rust-rdkafka, without glue.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::TraceContextExt;
use rdkafka::Timestamp;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, Headers, Message, OwnedHeaders, OwnedMessage};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, FutureRecord, Producer};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};
use std::time::Duration;
use tracebaton_opentelemetry::{
    Injected, Links, Record, extract_trace_context, inject_trace_context, kafka_error_type,
    strip_trace_context,
};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";

fn headers() -> OwnedHeaders {
    let header = |key, value| Header { key, value: Some(value) };
    OwnedHeaders::new().insert(header("TraceParent", PARENT)).insert(header("baggage", "tenant=7"))
}

fn message(key: Option<&[u8]>, value: Option<&[u8]>, timestamp: Timestamp) -> OwnedMessage {
    let [value, key] = [value, key].map(|bytes| bytes.map(<[u8]>::to_vec));
    OwnedMessage::new(value, key, "orders".to_owned(), timestamp, 2, 1729, Some(headers()))
}

/// The attributes of a link, as one text.
fn attributes(record: Record<'_>) -> String {
    record.link_attributes().iter().map(|it| format!("{}={} ", it.key, it.value)).collect()
}

#[test]
fn a_message_is_a_record() {
    let place = "messaging.destination.partition.id=2 messaging.kafka.offset=1729 ";
    let (key, tombstone) = ("messaging.kafka.message.key=", "messaging.kafka.message.tombstone=true ");
    let none = Timestamp::NotAvailable;
    let rows = [
        (message(Some(b"order-17"), Some(b"v"), none), format!("{place}{key}order-17 ")),
        (message(None, Some(b""), none), place.to_owned()),
        (message(Some(b""), None, none), format!("{place}{key} {tombstone}")),
        (message(Some(b"\xff"), None, none), format!("{place}{tombstone}")),
    ];
    for (message, expected) in rows {
        assert_eq!(attributes(Record::from(&message)), expected);
        assert_eq!(Record::from(&message).send().name, "send orders");
    }
    let waited = attributes(Record::from(&message(None, Some(b"v"), Timestamp::LogAppendTime(1))));
    assert!(waited.contains("kafka.record.timestamp_type=log_append_time"), "{waited}");
}

#[test]
fn a_record_to_send_is_a_record() {
    let future = FutureRecord::to("orders").key("order-17").payload("v").partition(1);
    let key = "messaging.kafka.message.key=order-17 ";
    assert_eq!(attributes(Record::from(&future)), format!("messaging.destination.partition.id=1 {key}"));
    let base = BaseRecord::<str, [u8]>::to("orders").key("order-17");
    let tombstone = "messaging.kafka.message.tombstone=true ";
    assert_eq!(attributes(Record::from(&base)), format!("{key}{tombstone}"));
}

#[test]
fn messages_and_lists_are_read_and_lists_written() {
    let message = message(None, None, Timestamp::NotAvailable);
    for context in [extract_trace_context(&message), extract_trace_context(&headers())] {
        assert_eq!(context.span().span_context().span_id().to_string(), "b7ad6b7169203331");
        assert_eq!(context.baggage().get("tenant").unwrap().as_str(), "7");
    }
    let mut sent = headers();
    assert_eq!(inject_trace_context(&Context::new(), &mut sent), Injected::NoParent);
    assert_eq!(sent.count(), 2);
    let received = extract_trace_context(&message);
    assert_eq!(inject_trace_context(&received, &mut sent), Injected::Parent);
    assert_eq!((sent.get(0).key, sent.get(1).key, sent.count()), ("traceparent", "baggage", 2));
    strip_trace_context(&mut sent).unwrap();
    assert_eq!(sent.count(), 0);
    let mut record = FutureRecord::<str, str>::to("payments");
    assert_eq!(inject_trace_context(&received, &mut record.headers), Injected::Parent);
    assert_eq!(record.headers.unwrap().count(), 2);
    let mut links = Links::default();
    links.insert_message(&message);
    links.insert_message(&message);
    assert_eq!((links.len(), links.duplicates()), (1, 1));
    assert_eq!(links.iter().next().unwrap().attributes.len(), 3);
}

#[test]
fn errors_have_a_name_of_few() {
    let production = KafkaError::MessageProduction(RDKafkaErrorCode::UnknownTopicOrPartition);
    assert_eq!(kafka_error_type(&production), "UnknownTopicOrPartition");
    assert_eq!(kafka_error_type(&KafkaError::Canceled), "_OTHER");
}

/// Through librdkafka's mock cluster, with a name that rdkafka's own iterator panics at.
#[test]
fn a_borrowed_message_of_a_broker_is_taken_as_it_is() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("orders", 1, 1).unwrap();
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap_servers()).set("group.id", "test");
    let producer: BaseProducer = config.create().unwrap();
    let mut sent = headers();
    tracebaton::Carrier::add(
        &mut tracebaton_rdkafka::HeadersMut::new(&mut sent),
        tracebaton::Header { name: b"\xff", value: None },
    )
    .unwrap();
    producer
        .send(BaseRecord::<str, str>::to("orders").key("k").headers(sent))
        .map_err(|(error, _)| error)
        .unwrap();
    producer.flush(Duration::from_secs(10)).unwrap();

    let consumer: BaseConsumer = config.create().unwrap();
    let mut partitions = TopicPartitionList::new();
    partitions.add_partition_offset("orders", 0, Offset::Beginning).unwrap();
    consumer.assign(&partitions).unwrap();
    let message = consumer.poll(Duration::from_secs(20)).expect("no message in time").unwrap();
    assert!(message.payload().is_none());
    let attributes = attributes(Record::from(&message));
    assert!(
        attributes.contains("messaging.kafka.message.tombstone=true kafka.record.queue_time_ms="),
        "{attributes}"
    );
    let received = extract_trace_context(&message);
    assert!(received.span().span_context().is_remote());
    let mut links = Links::default();
    links.insert_message(&message);
    assert_eq!(links.len(), 1);
}
