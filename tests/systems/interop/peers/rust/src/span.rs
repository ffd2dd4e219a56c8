//! What spans say about records, and what is told of finished ones.

use anyhow::Result;
use opentelemetry::trace::{SpanId, SpanKind};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};
use opentelemetry_semantic_conventions::attribute::{
    MESSAGING_DESTINATION_NAME, MESSAGING_KAFKA_MESSAGE_KEY, MESSAGING_KAFKA_OFFSET,
    MESSAGING_OPERATION_NAME, MESSAGING_OPERATION_TYPE, MESSAGING_SYSTEM,
};
use rdkafka::Timestamp;
use rdkafka::message::{BorrowedMessage, Message};
use std::time::{SystemTime, UNIX_EPOCH};
use tracebaton_interop_protocol::{Kind, Link, Span, TimestampType};

// The conventions have no names for these; the first is that of OpenTelemetry's Java agent.
const QUEUE_TIME: &str = "kafka.record.queue_time_ms";
const TIMESTAMP_TYPE: &str = "kafka.record.timestamp_type";
const LOG_APPEND_TIME: &str = "log_append_time";

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
    let waited = microseconds(SystemTime::now()) / 1000 - since;
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

/// The spans so far.
pub fn finished(exporter: &InMemorySpanExporter) -> Result<Vec<Span>> {
    Ok(exporter.get_finished_spans()?.iter().map(written).collect())
}

fn written(data: &SpanData) -> Span {
    let attribute =
        |name: &str| data.attributes.iter().find(|pair| pair.key.as_str() == name).map(|pair| &pair.value);
    let links = data.links.links.iter().map(|link| Link {
        trace_id: link.span_context.trace_id().to_string(),
        span_id: link.span_context.span_id().to_string(),
    });
    Span {
        trace_id: data.span_context.trace_id().to_string(),
        span_id: data.span_context.span_id().to_string(),
        parent: (data.parent_span_id != SpanId::INVALID).then(|| data.parent_span_id.to_string()),
        links: links.collect(),
        name: data.name.clone().into_owned(),
        kind: match data.span_kind {
            SpanKind::Producer => Kind::Producer,
            SpanKind::Consumer => Kind::Consumer,
            SpanKind::Client => Kind::Client,
            SpanKind::Internal | SpanKind::Server => Kind::Internal,
        },
        start_us: microseconds(data.start_time),
        end_us: microseconds(data.end_time),
        topic: attribute(MESSAGING_DESTINATION_NAME).map(Value::to_string),
        key: attribute(MESSAGING_KAFKA_MESSAGE_KEY).map(Value::to_string),
        queue_time_ms: match attribute(QUEUE_TIME) {
            Some(Value::I64(milliseconds)) => Some(*milliseconds),
            _ => None,
        },
        timestamp_type: attribute(TIMESTAMP_TYPE).map(|kind| match kind.as_str().as_ref() {
            LOG_APPEND_TIME => TimestampType::LogAppendTime,
            _ => TimestampType::CreateTime,
        }),
    }
}

fn microseconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}
