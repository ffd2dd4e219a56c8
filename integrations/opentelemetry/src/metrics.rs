//! Metrics that follow OpenTelemetry's semantic conventions for messaging, and the queue time of records.

use crate::attributes::{Attributes, clock_of};
use crate::{Batch, Record, TIMESTAMP_TYPE};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};
use opentelemetry_semantic_conventions::attribute::*;
use opentelemetry_semantic_conventions::metric::*;
use std::time::Duration;

/// Histogram of queue times in seconds, without negative ones. Its attribute [`TIMESTAMP_TYPE`] is the clock ([C7]).
///
/// The semantic conventions have no metric for it.
///
#[doc = include_str!("rules.md")]
pub const QUEUE_TIME_METRIC: &str = "kafka.record.queue_time";

/// Counter of records with a negative queue time: their clock was ahead of the consumer's ([C7]).
///
/// The semantic conventions have no metric for it.
///
#[doc = include_str!("rules.md")]
pub const NEGATIVE_QUEUE_TIME_METRIC: &str = "kafka.record.queue_time.negative";

/// The bucket boundaries that the conventions recommend for durations.
const DURATION: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The same boundaries and more, up to a day, since records may wait for a slow consumer.
const QUEUE_TIME_SECONDS: [f64; 20] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0, 60.0, 300.0,
    1_800.0, 3_600.0, 86_400.0,
];

/// The metrics of a producer or consumer. Names, units, attributes and buckets follow OpenTelemetry's semantic
/// conventions, "Messaging Metrics".
///
/// | method | metrics |
/// | --- | --- |
/// | [`sent`](Self::sent) | `messaging.client.operation.duration`, `messaging.client.sent.messages` |
/// | [`polled`](Self::polled) | `messaging.client.operation.duration` |
/// | [`consumed`](Self::consumed) | `messaging.client.consumed.messages`, and the queue time |
/// | [`processed`](Self::processed) | `messaging.process.duration` |
///
/// `what` is a [`Batch`] or one [`Record`], by value or by reference. `error_type` is `None` for success, or one of a
/// small set of names, as in [`failed`](crate::failed).
///
/// ```
/// use opentelemetry::global;
/// use std::time::Instant;
/// use tracebaton_opentelemetry::{Client, Metrics, Record};
///
/// let metrics = Metrics::new(&global::meter("billing")); // once per service
///
/// let record = Record::new("orders").with_client(Client::new().with_group("billing"));
/// metrics.consumed(&record);
/// let start = Instant::now();
/// let result: Result<(), &str> = Ok(()); // bill(…)
/// metrics.processed(record, start.elapsed(), result.err());
///
/// let (payment, start) = (Record::new("payments"), Instant::now());
/// let delivery: Result<(i32, i64), &str> = Ok((2, 1729)); // from your client
/// metrics.sent(payment, start.elapsed(), delivery.err());
/// ```
#[derive(Clone, Debug)]
pub struct Metrics {
    operation_duration: Histogram<f64>,
    process_duration: Histogram<f64>,
    sent_messages: Counter<u64>,
    consumed_messages: Counter<u64>,
    queue_time: Histogram<f64>,
    negative_queue_time: Counter<u64>,
}

impl Metrics {
    /// Creates the instruments.
    pub fn new(meter: &Meter) -> Self {
        let seconds = |name, description, boundaries: &[f64]| {
            let histogram = meter.f64_histogram(name).with_unit("s").with_description(description);
            histogram.with_boundaries(boundaries.to_vec()).build()
        };
        let messages = |name, description| {
            meter.u64_counter(name).with_unit("{message}").with_description(description).build()
        };
        Self {
            operation_duration: seconds(
                MESSAGING_CLIENT_OPERATION_DURATION,
                "Duration of messaging operation initiated by a producer or consumer client.",
                &DURATION,
            ),
            process_duration: seconds(
                MESSAGING_PROCESS_DURATION,
                "Duration of processing operation.",
                &DURATION,
            ),
            sent_messages: messages(
                MESSAGING_CLIENT_SENT_MESSAGES,
                "Number of messages producer attempted to send to the broker.",
            ),
            consumed_messages: messages(
                MESSAGING_CLIENT_CONSUMED_MESSAGES,
                "Number of messages that were delivered to the application.",
            ),
            queue_time: seconds(
                QUEUE_TIME_METRIC,
                "Time between a record's timestamp and its consumption.",
                &QUEUE_TIME_SECONDS,
            ),
            negative_queue_time: messages(
                NEGATIVE_QUEUE_TIME_METRIC,
                "Number of records whose timestamp is later than their consumption.",
            ),
        }
    }

    /// Records that a producer sent these records or failed to, and how long that took.
    pub fn sent<'a>(&self, what: impl Into<Batch<'a>>, took: Duration, error_type: Option<&str>) {
        let batch = what.into();
        let attributes = attributes(&batch, "send", error_type);
        self.sent_messages.add(batch.message_count as u64, &attributes);
        self.operation_duration.record(took.as_secs_f64(), &with_type(attributes, "send"));
    }

    /// Records how long a consumer waited for these records or for an error. Call it for each topic of the poll; after an
    /// error, pass a [`Batch`] of no messages. A poll without messages and without an error need not be recorded.
    pub fn polled<'a>(&self, what: impl Into<Batch<'a>>, took: Duration, error_type: Option<&str>) {
        let attributes = of_consumer(&what.into(), "poll", error_type);
        self.operation_duration.record(took.as_secs_f64(), &with_type(attributes, "receive"));
    }

    /// Records that a consumer received a record, and how long it waited in its topic. Call it once for each record, not
    /// for each attempt.
    pub fn consumed(&self, record: &Record<'_>) {
        let mut attributes = of_consumer(&record.into(), "poll", None);
        self.consumed_messages.add(1, &attributes);
        let Some((milliseconds, clock)) = record.queue_time.and_then(clock_of) else { return };
        attributes.push(KeyValue::new(TIMESTAMP_TYPE, clock));
        if milliseconds < 0 {
            self.negative_queue_time.add(1, &attributes);
        } else {
            self.queue_time.record(milliseconds as f64 / 1_000.0, &attributes);
        }
    }

    /// Records how long a consumer processed these records.
    pub fn processed<'a>(&self, what: impl Into<Batch<'a>>, took: Duration, error_type: Option<&str>) {
        let attributes = of_consumer(&what.into(), "process", error_type);
        self.process_duration.record(took.as_secs_f64(), &attributes);
    }
}

/// Leaves out ids of clients, offsets and keys, since each value would be a time series.
fn attributes(batch: &Batch<'_>, operation: &'static str, error_type: Option<&str>) -> Vec<KeyValue> {
    let mut attributes = Attributes::default();
    attributes.add(MESSAGING_SYSTEM, Some("kafka"));
    attributes.add(MESSAGING_OPERATION_NAME, Some(operation));
    batch.topic.of_metric(&mut attributes);
    attributes.partition(batch.partition);
    batch.client.server(&mut attributes);
    attributes.add(ERROR_TYPE, error_type.map(str::to_owned));
    attributes.into()
}

fn of_consumer(batch: &Batch<'_>, operation: &'static str, error_type: Option<&str>) -> Vec<KeyValue> {
    let mut group = Attributes::default();
    batch.client.group(&mut group);
    let mut attributes = attributes(batch, operation, error_type);
    attributes.extend(Vec::from(group));
    attributes
}

fn with_type(mut attributes: Vec<KeyValue>, operation_type: &'static str) -> Vec<KeyValue> {
    attributes.push(KeyValue::new(MESSAGING_OPERATION_TYPE, operation_type));
    attributes
}
