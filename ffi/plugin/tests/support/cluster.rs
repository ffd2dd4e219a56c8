//! A cluster that all programs of a test can reach, and what the test itself sends and reads there, without the plugin.

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Header as KafkaHeader, Headers as _, Message as _, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// A header: its name, and its value unless that is null.
pub type Header = (String, Option<Vec<u8>>);

/// A record: its value and headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its value.
    pub payload: Vec<u8>,
    /// Its headers, in their order.
    pub headers: Vec<Header>,
}

/// librdkafka's mock cluster, of one broker, with the topics `in` and `out`.
pub struct Cluster {
    mock: MockCluster<'static, DefaultProducerContext>,
}

impl Cluster {
    /// A new one, with as many partitions of each topic.
    pub fn new(partitions: i32) -> Self {
        let mock = MockCluster::new(1).unwrap();
        for topic in ["in", "out"] {
            mock.create_topic(topic, partitions, 1).unwrap();
        }
        Self { mock }
    }

    /// Its `bootstrap.servers`.
    pub fn brokers(&self) -> String {
        self.mock.bootstrap_servers()
    }

    /// Sends records to a partition of `in`.
    pub fn send(&self, partition: i32, records: &[Record]) {
        let producer: BaseProducer = client(&self.brokers()).set("linger.ms", "5").create().unwrap();
        for record in records {
            let mut headers = OwnedHeaders::new();
            for (name, value) in &record.headers {
                headers = headers.insert(KafkaHeader { key: name, value: value.as_deref() });
            }
            let message = BaseRecord::<(), _>::to("in").partition(partition).payload(&record.payload);
            producer.send(message.headers(headers)).map_err(|(error, _)| error).unwrap();
        }
        producer.flush(PATIENCE).unwrap();
    }

    /// Reads so many records of a partition of `out`.
    pub fn receive(&self, partition: i32, count: usize) -> Vec<Record> {
        receive(&self.brokers(), "out", partition, count)
    }
}

fn client(brokers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("fetch.wait.max.ms", "10");
    config
}

/// Reads so many records of a partition, from its beginning.
pub fn receive(brokers: &str, topic: &str, partition: i32, count: usize) -> Vec<Record> {
    let consumer: BaseConsumer = client(brokers).set("group.id", "test").create().unwrap();
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset(topic, partition, Offset::Beginning).unwrap();
    consumer.assign(&assignment).unwrap();
    let start = Instant::now();
    let mut records = Vec::new();
    while records.len() < count {
        assert!(start.elapsed() < PATIENCE, "{} of {count} records", records.len());
        let Some(message) = consumer.poll(Duration::from_millis(100)) else { continue };
        let message = message.unwrap();
        let header =
            |header: KafkaHeader<'_, &[u8]>| (header.key.to_owned(), header.value.map(<[u8]>::to_vec));
        let headers = message.headers().map(|headers| headers.iter().map(header).collect());
        let payload = message.payload().unwrap_or_default().to_vec();
        records.push(Record { payload, headers: headers.unwrap_or_default() });
    }
    records
}
