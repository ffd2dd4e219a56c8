//! Through a broker: librdkafka's mock cluster, produced and consumed with rdkafka.

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Message, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};
use std::time::{Duration, SystemTime};
use tracebaton::{Carrier, Context, Header, SpanContext, SpanId, TimestampKind, TraceFlags, TraceId};
use tracebaton_rdkafka::{HeadersMut, extract, headers, inject, queue_time};

const TOPIC: &str = "orders";

fn producer(brokers: &str) -> BaseProducer {
    ClientConfig::new().set("bootstrap.servers", brokers).set("linger.ms", "0").create().unwrap()
}

fn consumer(brokers: &str) -> BaseConsumer {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "test")
        .set("fetch.wait.max.ms", "5")
        .create()
        .unwrap();
    let mut partitions = TopicPartitionList::new();
    partitions.add_partition_offset(TOPIC, 0, Offset::Beginning).unwrap();
    consumer.assign(&partitions).unwrap();
    consumer
}

fn produce(producer: &BaseProducer, headers: OwnedHeaders) {
    let record = BaseRecord::to(TOPIC).key("k").payload("v").partition(0).headers(headers);
    producer.send(record).map_err(|(error, _)| error).unwrap();
    producer.flush(Duration::from_secs(10)).unwrap();
}

fn consume(consumer: &BaseConsumer) -> BorrowedMessage<'_> {
    consumer.poll(Duration::from_secs(10)).expect("no message in time").unwrap()
}

#[test]
fn a_record_consumed_and_sent_again_five_times_has_one_traceparent_of_the_same_trace() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic(TOPIC, 1, 1).unwrap();
    let brokers = cluster.bootstrap_servers();
    let (producer, consumer) = (producer(&brokers), consumer(&brokers));

    let mut first = OwnedHeaders::new();
    let user: [(&[u8], Option<&[u8]>); 4] =
        [(b"\xff\xfe", Some(b"\0\xff")), (b"null", None), (b"empty", Some(b"")), (b"Baggage", Some(b"a=1"))];
    for (name, value) in user {
        HeadersMut::new(&mut first).add(Header { name, value }).unwrap();
    }
    let trace_id = TraceId::from_bytes([7; 16]).unwrap();
    let root = SpanContext::root(trace_id, SpanId::from_bytes([1; 8]).unwrap(), TraceFlags::SAMPLED);
    let context = Context::new(Some(root), extract(&first).context().baggage);
    let mut sent = OwnedHeaders::new();
    for header in headers(&first) {
        HeadersMut::new(&mut sent).add(header).unwrap();
    }
    inject(&context.injection(), &mut sent).unwrap();
    produce(&producer, sent);

    for hop in 2..=6 {
        let message = consume(&consumer);
        let received = extract(&message).context();
        let parent = received.span_context.unwrap();
        assert_eq!((parent.trace_id, parent.span_id), (trace_id, SpanId::from_bytes([hop - 1; 8]).unwrap()));
        assert_eq!(received.baggage.as_bytes(), b"a=1");
        let names: Vec<&[u8]> = headers(&message).map(|header| header.name).collect();
        assert_eq!(names, [&b"\xff\xfe"[..], b"null", b"empty", b"traceparent", b"baggage"]);
        let values: Vec<_> = headers(&message).map(|header| header.value).take(3).collect();
        assert_eq!(values, [Some(&b"\0\xff"[..]), None, Some(b"")]);

        let mut again = message.headers().map_or_else(OwnedHeaders::new, BorrowedHeaders::detach);
        let child = received.child(SpanId::from_bytes([hop; 8]).unwrap()).unwrap();
        inject(&child.injection(), &mut again).unwrap();
        produce(&producer, again);
    }
}

#[test]
fn a_message_tells_how_long_it_waited() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic(TOPIC, 1, 1).unwrap();
    let brokers = cluster.bootstrap_servers();
    produce(&producer(&brokers), OwnedHeaders::new());
    std::thread::sleep(Duration::from_millis(60));

    let consumer = consumer(&brokers);
    let message = consume(&consumer);
    let waited = queue_time(&message, SystemTime::now()).unwrap();
    assert_eq!(waited.kind, TimestampKind::CreateTime);
    assert!((60..10_000).contains(&waited.milliseconds), "{waited:?}");
    assert_eq!(extract(&message).context(), Context::default());
}
