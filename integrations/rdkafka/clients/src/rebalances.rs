//! A batch of the guide, on librdkafka's mock cluster, while a second member joins the group.

use ::rdkafka::config::ClientConfig;
use ::rdkafka::mocking::MockCluster;
use ::rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::collections::HashSet;

include!(concat!(env!("OUT_DIR"), "/Rebalances.rs"));

const TOPIC: &str = "orders";
const PARTITIONS: i32 = 2;
const RECORDS: u8 = 20;

fn member(brokers: &str) -> StreamConsumer<Left> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("group.id", "check").set("auto.offset.reset", "earliest");
    config.set("enable.auto.offset.store", "false").set("heartbeat.interval.ms", "200");
    config.set("session.timeout.ms", "6000"); // a rebalance on the mock cluster takes almost as long
    let consumer: StreamConsumer<_> = config.create_with_context(Left::default()).expect("a consumer");
    consumer.subscribe(&[TOPIC]).expect("a subscription");
    consumer
}

fn produce(brokers: &str) {
    let producer: BaseProducer =
        ClientConfig::new().set("bootstrap.servers", brokers).create().expect("a producer");
    for number in 0..RECORDS {
        let key = [number];
        let record = BaseRecord::<_, ()>::to(TOPIC).key(&key[..]).partition(i32::from(number) % PARTITIONS);
        producer.send(record).map_err(|(error, _)| error).expect("a place in the queue");
    }
    producer.flush(Duration::from_secs(10)).expect("an acknowledgement");
}

/// The records of the first batch that is not empty.
async fn batch(consumer: &StreamConsumer<Left>, linger: Duration) -> Vec<u8> {
    loop {
        let batch = receive(consumer, linger).await.expect("a batch");
        for record in &batch {
            consumer.store_offset_from_message(record).expect("an offset of an assigned partition");
        }
        if !batch.is_empty() {
            return batch.iter().map(|record| record.key().expect("a key")[0]).collect();
        }
    }
}

#[tokio::test]
async fn a_batch_has_no_record_of_a_partition_that_left_and_none_twice() {
    let cluster = MockCluster::new(1).expect("a mock cluster");
    cluster.create_topic(TOPIC, PARTITIONS, 1).expect("a topic");
    let brokers = cluster.bootstrap_servers();
    produce(&brokers);
    let first = member(&brokers);
    let (kept, (moved, _second)) = tokio::join!(batch(&first, Duration::from_secs(12)), async {
        while first.assignment().expect("an assignment").count() == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await; // its batch has all records
        let second = member(&brokers);
        (batch(&second, Duration::from_millis(200)).await, second) // which stays in the group
    });
    let all: HashSet<u8> = kept.iter().chain(&moved).copied().collect();
    assert_eq!((kept.len(), moved.len(), all.len()), (10, 10, 20));
}
