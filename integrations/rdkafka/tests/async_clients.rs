//! `FutureProducer` and `StreamConsumer` against librdkafka's mock cluster: a service between two topics, as a task.

use rdkafka::config::{ClientConfig, FromClientConfig};
use rdkafka::consumer::{Consumer, StreamConsumer};
use rdkafka::message::{BorrowedHeaders, Message, OwnedHeaders, OwnedMessage};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::{Offset, TopicPartitionList};
use std::collections::HashSet;
use std::time::Duration;
use tracebaton::{Carrier, Context, Header, SpanContext, SpanId, TraceFlags, TraceId};
use tracebaton_rdkafka::{HeadersMut, extract, headers, inject};

const RECORDS: u8 = 100;
const PATIENCE: Duration = Duration::from_secs(20);

fn client<T: FromClientConfig>(brokers: &str) -> T {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("group.id", "test").set("fetch.wait.max.ms", "5");
    config.create().unwrap()
}

fn consumer(brokers: &str, topic: &str) -> StreamConsumer {
    let consumer: StreamConsumer = client(brokers);
    let mut partitions = TopicPartitionList::new();
    partitions.add_partition_offset(topic, 0, Offset::Beginning).unwrap();
    consumer.assign(&partitions).unwrap();
    consumer
}

async fn receive(consumer: &StreamConsumer) -> OwnedMessage {
    let message = tokio::time::timeout(PATIENCE, consumer.recv()).await;
    message.expect("a message in time").unwrap().detach()
}

async fn send(producer: &FutureProducer, topic: &str, headers: OwnedHeaders) {
    let record = FutureRecord::to(topic).key("k").payload("v").partition(0).headers(headers);
    producer.send(record, PATIENCE).await.map_err(|(error, _)| error).unwrap();
}

fn root(number: u8) -> SpanContext<'static> {
    let (trace_id, span_id) = (TraceId::from_bytes([number; 16]), SpanId::from_bytes([1; 8]));
    SpanContext::root(trace_id.unwrap(), span_id.unwrap(), TraceFlags::SAMPLED)
}

/// Takes each order, works a while, and sends it on; the context that borrows from the message is held all the time.
async fn relay(orders: StreamConsumer, payments: FutureProducer) {
    for _ in 0..RECORDS {
        let message = orders.recv().await.unwrap();
        let received = extract(&message).context();
        tokio::time::sleep(Duration::from_micros(300)).await;
        let mut headers = message.headers().map_or_else(OwnedHeaders::new, BorrowedHeaders::detach);
        let sent = received.child(SpanId::from_bytes([2; 8]).unwrap()).unwrap();
        inject(&sent.injection(), &mut headers).unwrap();
        send(&payments, "payments", headers).await;
        assert_eq!(extract(&message).context(), received);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_passes_every_trace_on() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("orders", 1, 1).unwrap();
    cluster.create_topic("payments", 1, 1).unwrap();
    let brokers = cluster.bootstrap_servers();
    let relaying = tokio::spawn(relay(consumer(&brokers, "orders"), client(&brokers)));

    let producer = client(&brokers);
    for number in 1..=RECORDS {
        let mut sent = OwnedHeaders::new();
        HeadersMut::new(&mut sent).add(Header { name: b"\xff", value: None }).unwrap();
        let context = Context::from(root(number));
        inject(&context.injection(), &mut sent).unwrap();
        send(&producer, "orders", sent).await;
    }

    let consumer = consumer(&brokers, "payments");
    let mut traces = HashSet::new();
    for _ in 0..RECORDS {
        let message = receive(&consumer).await;
        let parent = extract(&message).context().span_context.unwrap();
        assert_eq!((parent.span_id.to_bytes(), parent.trace_flags), ([2; 8], TraceFlags::SAMPLED));
        assert!(headers(&message).map(|header| header.name).eq([&b"\xff"[..], b"traceparent"]));
        traces.insert(parent.trace_id);
    }
    assert_eq!(traces, (1..=RECORDS).map(|number| root(number).trace_id).collect());
    relaying.await.unwrap();
}
