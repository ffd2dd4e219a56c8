//! Reads a topic from its beginning, and produces with spans that end when the broker has the record.

use anyhow::{Context as _, Result, bail};
use opentelemetry::Context;
use opentelemetry::trace::{Status, TraceContextExt};
use rdkafka::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{BorrowedMessage, DeliveryResult, Message};
use rdkafka::producer::{Producer, ProducerContext, ThreadedProducer};
use rdkafka::{Offset, TopicPartitionList};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a record may take to arrive.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The common settings of a service's clients.
pub fn client(brokers: &str, service: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("client.id", service).set("group.id", service);
    config.set("enable.auto.commit", "false").set("fetch.wait.max.ms", "10").set("linger.ms", "0");
    config
}

/// A consumer of the topic's only partition, from its beginning.
pub fn consumer(client: &ClientConfig, topic: &str) -> Result<BaseConsumer> {
    let consumer: BaseConsumer = client.create()?;
    let mut partitions = TopicPartitionList::new();
    partitions.add_partition_offset(topic, 0, Offset::Beginning)?;
    consumer.assign(&partitions)?;
    Ok(consumer)
}

/// Calls `handle` with each of the first `count` records of the topic.
pub fn read(
    client: &ClientConfig,
    topic: &str,
    count: usize,
    mut handle: impl FnMut(&BorrowedMessage<'_>) -> Result<()>,
) -> Result<()> {
    let consumer = consumer(client, topic)?;
    for read in 0..count {
        match consumer.poll(PATIENCE) {
            Some(message) => handle(&message.with_context(|| format!("cannot read {topic}"))?)?,
            None => bail!("no record from {topic} within {PATIENCE:?}, {read} so far"),
        }
    }
    Ok(())
}

/// A producer with a span for each record, which ends at its delivery.
pub type Sender = ThreadedProducer<EndSpan>;

/// Waits until every record is delivered; returns an error if one is not.
pub fn finish(sender: &Sender) -> Result<()> {
    sender.flush(PATIENCE).context("the broker does not accept the records")?;
    let failure = sender.context().failure.lock().unwrap_or_else(PoisonError::into_inner).take();
    failure.map_or(Ok(()), |failure| bail!("a record was not delivered: {failure}"))
}

/// Ends the span of each record when its delivery is reported.
#[derive(Default)]
pub struct EndSpan {
    failure: Mutex<Option<String>>,
}

impl ClientContext for EndSpan {}

impl ProducerContext for EndSpan {
    type DeliveryOpaque = Box<Context>;

    fn delivery(&self, result: &DeliveryResult<'_>, context: Box<Context>) {
        if let Err((error, message)) = result {
            context.span().set_status(Status::error(error.to_string()));
            let mut first = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert_with(|| format!("to {}: {error}", message.topic()));
        }
        context.span().end();
    }
}
