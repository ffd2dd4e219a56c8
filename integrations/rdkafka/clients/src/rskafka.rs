//! rskafka beside rust-rdkafka, on librdkafka's mock cluster.

use crate::{BAGGAGE, RECEIVED, SENT, span};
use ::rskafka::client::partition::{Compression, UnknownTopicHandling};
use ::rskafka::client::{Client, ClientBuilder};
use ::rskafka::record::Record;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};
use std::time::Duration;
use tracebaton::SpanId;

const PATIENCE: Duration = Duration::from_secs(20);

mod guide {
    include!(concat!(env!("OUT_DIR"), "/rskafka.rs"));

    #[test]
    fn its_relay_keeps_the_trace() {
        super::check(relay);
    }
}

/// A record is sent with rust-rdkafka, relayed with rskafka, and received with rust-rdkafka.
fn check(relay: fn(&Record, SpanId) -> Record) {
    let cluster = MockCluster::new(1).expect("a mock cluster");
    for topic in ["orders", "shipments"] {
        cluster.create_topic(topic, 1, 1).expect("a topic");
    }
    let brokers = cluster.bootstrap_servers();
    let header = |key, value| Header { key, value: Some(value) };
    let headers = OwnedHeaders::new()
        .insert(header("Traceparent", RECEIVED.as_bytes()))
        .insert(header("key", b"\xff"))
        .insert(header("baggage", BAGGAGE.as_bytes()));
    send(&brokers, headers);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(pass_on(&brokers, relay));
    receive(&brokers);
}

fn config(brokers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("group.id", "check");
    config
}

fn send(brokers: &str, headers: OwnedHeaders) {
    let producer: BaseProducer = config(brokers).create().expect("a producer");
    let record = BaseRecord::<(), _>::to("orders").payload("order").headers(headers);
    producer.send(record).map_err(|(error, _)| error).expect("a place in the queue");
    producer.flush(PATIENCE).expect("an acknowledgement");
}

async fn pass_on(brokers: &str, relay: fn(&Record, SpanId) -> Record) {
    let client = ClientBuilder::new(vec![brokers.to_owned()]).build().await.expect("a client");
    let orders = partition(&client, "orders").await;
    let (received, _) = orders.fetch_records(0, 1..1 << 20, 10_000).await.expect("the order");
    let sent = relay(&received[0].record, span());
    let shipments = partition(&client, "shipments").await;
    shipments.produce(vec![sent], Compression::NoCompression).await.expect("an acknowledgement");
}

async fn partition(client: &Client, topic: &str) -> ::rskafka::client::partition::PartitionClient {
    client.partition_client(topic, 0, UnknownTopicHandling::Error).await.expect("a partition")
}

fn receive(brokers: &str) {
    let consumer: BaseConsumer = config(brokers).create().expect("a consumer");
    let mut partitions = TopicPartitionList::new();
    partitions.add_partition_offset("shipments", 0, Offset::Beginning).expect("an offset");
    consumer.assign(&partitions).expect("a partition");
    let message = consumer.poll(PATIENCE).expect("a record in time").expect("the shipment");
    let headers: Vec<_> = tracebaton_rdkafka::headers(&message).map(|it| (it.name, it.value)).collect();
    let expected: [(&[u8], _); 3] = [
        (b"baggage", Some(BAGGAGE.as_bytes())),
        (b"key", Some(b"\xff")),
        (b"traceparent", Some(SENT.as_bytes())),
    ];
    assert_eq!(headers, expected);
}

mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tracebaton::Carrier;

    /// The headers that rskafka reads from a record with these headers.
    fn read(headers: &[tracebaton::Header]) -> Option<BTreeMap<String, Vec<u8>>> {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("orders", 1, 1).unwrap();
        let mut list = OwnedHeaders::new();
        for header in headers {
            tracebaton_rdkafka::HeadersMut::new(&mut list).add(*header).unwrap();
        }
        send(&cluster.bootstrap_servers(), list);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client = ClientBuilder::new(vec![cluster.bootstrap_servers()]).build().await.unwrap();
            let orders = partition(&client, "orders").await;
            let (mut records, _) = orders.fetch_records(0, 1..1 << 20, 10_000).await.ok()?;
            Some(records.remove(0).record.headers)
        })
    }

    #[test]
    fn what_the_guide_says_of_it() {
        let header = |name, value| tracebaton::Header { name, value };
        let last = [("name".to_owned(), b"last".to_vec())];
        assert_eq!(
            read(&[header(b"name", Some(b"\xff")), header(b"name", Some(b"last"))]),
            Some(last.into())
        );
        assert_eq!(read(&[header(b"name", None)]), None);
        assert_eq!(read(&[header(b"\xff", Some(b"value"))]), None);
    }
}
