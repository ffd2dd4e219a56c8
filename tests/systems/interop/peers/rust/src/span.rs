//! The attributes of spans about records.

use opentelemetry::KeyValue;
use opentelemetry_semantic_conventions::attribute::{
    MESSAGING_DESTINATION_NAME, MESSAGING_KAFKA_MESSAGE_KEY, MESSAGING_KAFKA_OFFSET,
    MESSAGING_OPERATION_NAME, MESSAGING_OPERATION_TYPE, MESSAGING_SYSTEM,
};
use rdkafka::Timestamp;
use rdkafka::message::{BorrowedMessage, Message};
use std::time::{SystemTime, UNIX_EPOCH};
use tracebaton_interop::telemetry::{LOG_APPEND_TIME, QUEUE_TIME, TIMESTAMP_TYPE};

/// Of a span that sends a record.
pub fn send_attributes(topic: &str, key: &[u8]) -> Vec<KeyValue> {
    attributes("send", topic, key)
}

/// Of a span that processes a record.
pub fn receive_attributes(message: &BorrowedMessage<'_>) -> Vec<KeyValue> {
    let mut attributes = attributes("process", message.topic(), message.key().unwrap_or_default());
    attributes.push(KeyValue::new(MESSAGING_KAFKA_OFFSET, message.offset()));
    let (since, kind) = match message.timestamp() {
        Timestamp::CreateTime(at) if at >= 0 => (at, "create_time"),
        Timestamp::LogAppendTime(at) if at >= 0 => (at, LOG_APPEND_TIME),
        _ => return attributes,
    };
    let waited = milliseconds(SystemTime::now()) - since;
    attributes.extend([KeyValue::new(QUEUE_TIME, waited), KeyValue::new(TIMESTAMP_TYPE, kind)]);
    attributes
}

fn attributes(operation: &'static str, topic: &str, key: &[u8]) -> Vec<KeyValue> {
    vec![
        KeyValue::new(MESSAGING_SYSTEM, "kafka"),
        KeyValue::new(MESSAGING_OPERATION_NAME, operation),
        KeyValue::new(MESSAGING_OPERATION_TYPE, operation),
        KeyValue::new(MESSAGING_DESTINATION_NAME, topic.to_owned()),
        KeyValue::new(MESSAGING_KAFKA_MESSAGE_KEY, String::from_utf8_lossy(key).into_owned()),
    ]
}

fn milliseconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
