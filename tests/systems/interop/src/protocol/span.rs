//! Finished spans.

use serde::{Deserialize, Serialize};

/// A span that a program's SDK has finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
    /// The id of the span that caused it; none for the root of a trace.
    pub parent: Option<String>,
    /// The spans that it is linked to.
    #[serde(default)]
    pub links: Vec<Link>,
    /// What was done.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// When it began: microseconds since the Unix epoch.
    pub start_us: i64,
    /// When it ended: microseconds since the Unix epoch.
    pub end_us: i64,
    /// The topic of the record that it is about.
    #[serde(default)]
    pub topic: Option<String>,
    /// The key of the record that it is about.
    #[serde(default)]
    pub key: Option<String>,
    /// How long the record waited, in milliseconds, signed; for consumers.
    #[serde(default)]
    pub queue_time_ms: Option<i64>,
    /// What the queue time counts from.
    #[serde(default)]
    pub timestamp_type: Option<TimestampType>,
}

/// Another span that one is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
}

/// OpenTelemetry's span kinds, as far as the programs have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Work inside one program.
    Internal,
    /// Sending.
    Producer,
    /// Receiving, or working on what was received.
    Consumer,
    /// A call to the broker.
    Client,
}

/// Clock that set the timestamp of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampType {
    /// When the producer made it.
    CreateTime,
    /// When the broker wrote it down.
    LogAppendTime,
}
