//! Collects the attributes of spans and metrics.

use opentelemetry::{KeyValue, Value};
use opentelemetry_semantic_conventions::attribute::MESSAGING_DESTINATION_PARTITION_ID;
use tracebaton::{QueueTime, TimestampKind};

/// Queue time of a record in milliseconds ([C7]).
///
/// If the clock that set the timestamp is ahead of the consumer's, the time is too small, or even negative; if it is
/// behind, the time is too large.
///
/// The semantic conventions have no attribute for it. OpenTelemetry's Java agent uses the same name, but never
/// reports less than 0.
///
#[doc = include_str!("rules.md")]
pub const QUEUE_TIME: &str = "kafka.record.queue_time_ms";

/// Clock that set the record's timestamp: `create_time` is the producer's, `log_append_time` the broker's ([C7]).
///
/// The semantic conventions have no attribute for it.
///
#[doc = include_str!("rules.md")]
pub const TIMESTAMP_TYPE: &str = "kafka.record.timestamp_type";

/// Attributes of the semantic conventions that the crate with their names does not have yet.
pub(crate) const CLUSTER_ID: &str = "messaging.kafka.cluster.id";

/// Adds an attribute only if its value is known.
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

/// Adds a queue time in milliseconds, and the name of its clock.
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
