//! The attributes of spans and metrics, while they are collected.

use opentelemetry::{KeyValue, Value};
use opentelemetry_semantic_conventions::attribute::MESSAGING_DESTINATION_PARTITION_ID;
use tracebaton::{QueueTime, TimestampKind};

/// How long a record waited in its topic, in milliseconds; negative if clocks disagree ([C7]).
///
/// The conventions have no attribute for it. The name is that of OpenTelemetry's Java agent, which never reports less than 0.
///
#[doc = include_str!("rules.md")]
pub const QUEUE_TIME: &str = "kafka.record.queue_time_ms";

/// The clock of the record's timestamp: `create_time` is the producer's, `log_append_time` the broker's ([C7]).
///
/// The conventions have no attribute for it.
///
#[doc = include_str!("rules.md")]
pub const TIMESTAMP_TYPE: &str = "kafka.record.timestamp_type";

/// In the conventions, but not yet in the crate with their names.
pub(crate) const CLUSTER_ID: &str = "messaging.kafka.cluster.id";

/// Only what is known becomes an attribute.
#[derive(Default)]
pub(crate) struct Attributes(Vec<KeyValue>);

impl Attributes {
    pub(crate) fn add(&mut self, name: &'static str, value: Option<impl Into<Value>>) {
        self.0.extend(value.map(|value| KeyValue::new(name, value)));
    }

    pub(crate) fn size(&mut self, name: &'static str, size: Option<usize>) {
        self.add(name, size.map(|size| i64::try_from(size).unwrap_or(i64::MAX)));
    }

    pub(crate) fn partition(&mut self, partition: Option<i32>) {
        self.add(MESSAGING_DESTINATION_PARTITION_ID, partition.map(|number| number.to_string()));
    }

    pub(crate) fn queue_time(&mut self, waited: Option<QueueTime>) {
        let Some((milliseconds, clock)) = waited.and_then(clock_of) else { return };
        self.add(QUEUE_TIME, Some(milliseconds));
        self.add(TIMESTAMP_TYPE, Some(clock));
    }
}

/// A queue time in milliseconds, and the name of its clock.
pub(crate) fn clock_of(waited: QueueTime) -> Option<(i64, &'static str)> {
    match waited.kind {
        TimestampKind::CreateTime => Some((waited.milliseconds, "create_time")),
        TimestampKind::LogAppendTime => Some((waited.milliseconds, "log_append_time")),
        _ => None,
    }
}

impl From<Attributes> for Vec<KeyValue> {
    fn from(attributes: Attributes) -> Self {
        attributes.0
    }
}
