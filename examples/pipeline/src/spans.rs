//! Finished spans, as every service of the run reports them.

use std::sync::{Arc, Mutex, PoisonError};
use tracebaton::{QueueTime, SpanId, TraceId};

/// Nanoseconds: since the Unix epoch, or between two instants.
pub type Nanoseconds = i64;

/// How many nanoseconds a millisecond has, the unit of Kafka's timestamps.
pub const MILLISECOND: Nanoseconds = 1_000_000;

/// What a span tells: OpenTelemetry's span kinds, as far as this run has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Work inside one service.
    Internal,
    /// A record handed to Kafka: from the call until the broker's acknowledgement.
    Producer,
    /// A record worked on by a consumer.
    Consumer,
}

/// The record that a producer or consumer span is about (the attributes of the messaging conventions).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its topic.
    pub topic: String,
    /// Its key, as text.
    pub key: String,
    /// How long it waited in its topic (C7); none for producers, and for records without a timestamp.
    pub queue_time: Option<QueueTime>,
}

/// One finished span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The trace that it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// The span that caused it, perhaps in another service; none for the root of a trace.
    pub parent: Option<SpanId>,
    /// The service that reported it.
    pub service: String,
    /// What that service is written in, as people write it: `Rust`, `C`.
    pub language: String,
    /// What was done, as in `process orders`.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// When it began, since the Unix epoch.
    pub start: Nanoseconds,
    /// When it ended, since the Unix epoch.
    pub end: Nanoseconds,
    /// The record that it is about.
    pub record: Option<Record>,
}

impl Span {
    /// How long it took.
    pub fn duration(&self) -> Nanoseconds {
        self.end - self.start
    }

    /// Whether it is about the record, or one of the records, with this key.
    pub fn has_key(&self, key: &str) -> bool {
        self.record.as_ref().is_some_and(|record| record.key == key)
    }
}

/// Where the services of one run leave their spans: what a tracing back end is to real ones.
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
