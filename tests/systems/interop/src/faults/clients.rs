//! Producers and consumers, and the events that they report.

use super::setting::{PATIENCE, Setting};
use anyhow::{Result, bail};
use rdkafka::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The events of a client so far.
#[derive(Debug, Default)]
pub struct Events {
    /// Records that were delivered.
    pub delivered: AtomicU64,
    /// Records that could not be delivered.
    pub failed: AtomicU64,
    /// Errors of connections and other errors.
    pub errors: AtomicU64,
    /// How often a group assigned or revoked partitions.
    pub rebalances: AtomicU64,
    /// Partitions that are assigned to this member.
    pub partitions: AtomicU64,
}

impl ClientContext for Events {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}

    fn error(&self, _: KafkaError, _: &str) {
        self.errors.fetch_add(1, Ordering::Relaxed);
    }
}

impl ConsumerContext for Events {
    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, _: &Rebalance<'_>) {
        use rdkafka::consumer::Consumer as _;
        self.rebalances.fetch_add(1, Ordering::Relaxed);
        let partitions = consumer.assignment().map_or(0, |assigned| assigned.count());
        self.partitions.store(partitions as u64, Ordering::Relaxed);
    }
}

impl ProducerContext for Events {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let counter = if result.is_ok() { &self.delivered } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// A producer that is polled by its own thread.
pub type Producer = ThreadedProducer<Events>;

/// An idempotent producer.
pub fn producer(setting: &Setting, extra: &[(&str, &str)]) -> Result<Producer> {
    let mut config = config(setting, extra);
    config.set("enable.idempotence", "true").set("linger.ms", "5").set("request.timeout.ms", "5000");
    Ok(config.create_with_context(Events::default())?)
}

/// A consumer.
pub fn consumer(setting: &Setting, extra: &[(&str, &str)]) -> Result<BaseConsumer<Events>> {
    Ok(consumer_config(setting, extra).create_with_context(Events::default())?)
}

/// The settings of a consumer that does not commit by itself.
pub fn consumer_config(setting: &Setting, extra: &[(&str, &str)]) -> ClientConfig {
    let own = [
        ("group.id", "nobody"),
        ("enable.auto.commit", "false"),
        ("auto.offset.reset", "earliest"),
        ("fetch.wait.max.ms", "50"),
        ("fetch.error.backoff.ms", "50"),
    ];
    config(setting, &[&own, extra].concat())
}

fn config(setting: &Setting, extra: &[(&str, &str)]) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &setting.brokers);
    config.set("reconnect.backoff.ms", "50").set("reconnect.backoff.max.ms", "200");
    config.set("retry.backoff.ms", "50").set("retry.backoff.max.ms", "200");
    // A frozen broker keeps its connections, and never answers. librdkafka would wait for a minute.
    config.set("socket.timeout.ms", "5000");
    for (name, value) in extra {
        config.set(*name, *value);
    }
    config
}

/// Produces a record, and waits while the queue is full.
pub fn send(producer: &Producer, mut record: BaseRecord<'_, str, str>) -> Result<()> {
    loop {
        match producer.send(record) {
            Ok(()) => return Ok(()),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), again)) => record = again,
            Err((error, _)) => return Err(error.into()),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until the broker has all records of the producer.
pub fn flush(producer: &Producer) -> Result<()> {
    producer.flush(PATIENCE)?;
    match producer.context().failed.load(Ordering::Relaxed) {
        0 => Ok(()),
        failed => bail!("{failed} records could not be delivered"),
    }
}
