//! Finished spans.

use serde::{Deserialize, Serialize};

/// A span that a program's SDK has finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
    /// The id of its parent; `None` for the root of a trace.
    pub parent: Option<String>,
    /// The spans that it is linked to.
    #[serde(default)]
    pub links: Vec<Link>,
    /// The name of the operation.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// When it began: microseconds since the Unix epoch.
    pub start_us: i64,
    /// When it ended: microseconds since the Unix epoch.
    pub end_us: i64,
    /// The topic of the span's record.
    #[serde(default)]
    pub topic: Option<String>,
    /// The key of the span's record.
    #[serde(default)]
    pub key: Option<String>,
    /// The queue time of the record in milliseconds, signed; for consumers.
    #[serde(default)]
    pub queue_time_ms: Option<i64>,
    /// The kind of the timestamp that the queue time is based on.
    #[serde(default)]
    pub timestamp_type: Option<TimestampType>,
}

/// A span that another one links to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
}

/// OpenTelemetry's span kinds that the programs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Work inside one program.
    Internal,
    /// Producing a record.
    Producer,
    /// Receiving or processing a record.
    Consumer,
    /// A call to the broker.
    Client,
}

/// The kind of a record's timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampType {
    /// The time at which the producer created it.
    CreateTime,
    /// The time at which the broker appended it.
    LogAppendTime,
}
