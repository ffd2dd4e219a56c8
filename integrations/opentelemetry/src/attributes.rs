//! The attributes of a span, while they are put together.

use opentelemetry::{KeyValue, Value};
use opentelemetry_semantic_conventions::attribute::MESSAGING_DESTINATION_PARTITION_ID;
use tracebaton::{QueueTime, TimestampKind};

/// How long a record waited in its topic, in milliseconds, negative where clocks disagree (C7). The conventions have no
/// attribute for it; this name is that of OpenTelemetry's Java agent, which does not go below 0.
pub const QUEUE_TIME: &str = "kafka.record.queue_time_ms";

/// What the queue time counts from: `create_time` or `log_append_time` (C7). The name is this project's.
pub const TIMESTAMP_TYPE: &str = "kafka.record.timestamp_type";

/// In the conventions, and not yet in the crate with their names.
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
        let Some(QueueTime { milliseconds, kind }) = waited else { return };
        let kind = match kind {
            TimestampKind::NotAvailable => return,
            TimestampKind::CreateTime => "create_time",
            TimestampKind::LogAppendTime => "log_append_time",
        };
        self.add(QUEUE_TIME, Some(milliseconds));
        self.add(TIMESTAMP_TYPE, Some(kind));
    }
}

impl From<Attributes> for Vec<KeyValue> {
    fn from(attributes: Attributes) -> Self {
        attributes.0
    }
}
