//! The same program as relay.c, with a librdkafka that is linked into it; in one thread.

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::Message as _;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use std::time::Duration;
use tracebaton_test_plugin as _;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [brokers, _, count, properties @ ..] = arguments.as_slice() else {
        panic!("BROKERS THREADS COUNT [PROPERTY=VALUE...]");
    };
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", brokers).set("group.id", "relay").set("fetch.wait.max.ms", "10");
    for property in properties {
        let (name, value) = property.split_once('=').unwrap();
        client.set(name, value);
    }
    let producer: BaseProducer = client.create().unwrap();
    let consumer: BaseConsumer = client.create().unwrap();
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset("in", 0, Offset::Beginning).unwrap();
    consumer.assign(&assignment).unwrap();
    for _ in 0..count.parse::<usize>().unwrap() {
        let message = loop {
            if let Some(message) = consumer.poll(Duration::from_secs(1)) {
                break message.unwrap();
            }
        };
        let record = BaseRecord::<(), _>::to("out").partition(0).payload(message.payload().unwrap());
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(Duration::from_secs(60)).unwrap();
}
