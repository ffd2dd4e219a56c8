//! Finished spans of all services in the run.

use std::sync::{Arc, Mutex, PoisonError};
use tracebaton::{QueueTime, SpanId, TraceId};

/// Nanoseconds: since the Unix epoch, or between two instants.
pub type Nanoseconds = i64;

/// How many nanoseconds a millisecond has, the unit of Kafka's timestamps.
pub const MILLISECOND: Nanoseconds = 1_000_000;

/// OpenTelemetry's span kinds that occur in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Work inside one service.
    Internal,
    /// Handing a record to Kafka: from the call to the broker's acknowledgement.
    Producer,
    /// Processing of a record by a consumer.
    Consumer,
}

/// The record of a producer or consumer span (attributes of the messaging conventions).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its topic.
    pub topic: String,
    /// Its key, as text.
    pub key: String,
    /// Queue time (C7). `None` for producers, and for records without a timestamp.
    pub queue_time: Option<QueueTime>,
}

/// One finished span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Id of its trace.
    pub trace_id: TraceId,
    /// Id of the span.
    pub span_id: SpanId,
    /// Id of the parent, perhaps in another service; `None` for a root.
    pub parent: Option<SpanId>,
    /// The service that reported it.
    pub service: String,
    /// Language of that service: `Rust`, `C`.
    pub language: String,
    /// Name of the span, such as `process orders`.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Start time, since the Unix epoch.
    pub start: Nanoseconds,
    /// End time, since the Unix epoch.
    pub end: Nanoseconds,
    /// The record of the span.
    pub record: Option<Record>,
}

impl Span {
    /// Duration.
    pub fn duration(&self) -> Nanoseconds {
        self.end - self.start
    }

    /// Whether its record, or one of its records, has this key.
    pub fn has_key(&self, key: &str) -> bool {
        self.record.as_ref().is_some_and(|record| record.key == key)
    }
}

/// Store for the spans of all services in one run, in place of a tracing back end.
#[derive(Clone, Debug, Default)]
pub struct SpanStore(Arc<Mutex<Vec<Span>>>);

impl SpanStore {
    /// Keeps these spans.
    pub fn report(&self, spans: impl IntoIterator<Item = Span>) {
        self.lock().extend(spans);
    }

    /// All spans so far, in the order in which they began.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans = self.lock().clone();
        spans.sort_by_key(|span| span.start);
        spans
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Span>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
