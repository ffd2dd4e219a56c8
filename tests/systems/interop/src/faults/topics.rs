//! Creates topics, and reads them to their end.

use super::clients;
use super::setting::{PATIENCE, Setting};
use crate::broker;
use anyhow::{Context, Result, bail};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::BorrowedMessage;
use rdkafka::{Offset, TopicPartitionList};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Creates a topic.
pub fn create(setting: &Setting, name: &str, partitions: i32, configuration: &[(&str, &str)]) -> Result<()> {
    let mut topic = broker::topic(name, partitions);
    for (name, value) in configuration {
        topic = topic.set(name, value);
    }
    broker::create_topics(&setting.brokers, &[topic])
}

/// The count of used offsets in a topic, including those of transactions.
pub fn length(setting: &Setting, topic: &str, partitions: i32) -> Result<u64> {
    Ok(broker::length(&setting.brokers, topic, partitions, PATIENCE)?.try_into()?)
}

/// Reads a topic from its beginning to its current end.
pub fn read_whole(
    setting: &Setting,
    topic: &str,
    partitions: i32,
    extra: &[(&str, &str)],
    mut read: impl FnMut(&BorrowedMessage<'_>) -> Result<()>,
) -> Result<()> {
    let config = clients::consumer_config(setting, extra).set("enable.partition.eof", "true").to_owned();
    let consumer: BaseConsumer = config.create()?;
    let mut assignment = TopicPartitionList::new();
    for partition in 0..partitions {
        assignment.add_partition_offset(topic, partition, Offset::Beginning)?;
    }
    consumer.assign(&assignment)?;
    let (mut open, mut last) = ((0..partitions).collect::<BTreeSet<_>>(), Instant::now());
    while !open.is_empty() {
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => {
                read(&message).with_context(|| format!("offset {} of {topic}", message_offset(&message)))?;
                last = Instant::now();
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                open.remove(&partition);
            }
            _ if last.elapsed() > PATIENCE => bail!("{topic} was not read to its end in time"),
            _ => {}
        }
    }
    Ok(())
}

fn message_offset(message: &BorrowedMessage<'_>) -> i64 {
    rdkafka::Message::offset(message)
}
