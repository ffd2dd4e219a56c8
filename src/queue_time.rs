//! Queue time: how long a record waited in its topic.

use core::fmt;

/// Clock that set the timestamp of a record (Kafka's `message.timestamp.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimestampKind {
    /// The record has no timestamp.
    NotAvailable,
    /// The producer's clock, when it created the record.
    CreateTime,
    /// The broker's clock, when it stored the record.
    LogAppendTime,
}

impl TimestampKind {
    /// Name of the kind, the same in every language and tool: lower-case words joined by `_`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotAvailable => "not_available",
            Self::CreateTime => "create_time",
            Self::LogAppendTime => "log_append_time",
        }
    }
}

/// Time between a record's timestamp and its consumption ([C7]).
///
/// ```
/// # use tracebaton::{QueueTime, TimestampKind};
/// // The producer's clock is a second ahead of the consumer's, and that shows.
/// let waited = QueueTime::between(11_000, TimestampKind::CreateTime, 10_000).unwrap();
/// assert_eq!(waited.to_string(), "-1000 ms (create_time)");
/// ```
#[doc = include_str!("guides/rules.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QueueTime {
    /// Milliseconds. If the clock that set the timestamp is ahead of the consumer's, the time is too small, or even
    /// negative; if it is behind, the time is too large.
    pub milliseconds: i64,
    /// Clock that set the record's timestamp.
    pub kind: TimestampKind,
}

/// Writes milliseconds and kind: `250 ms (create_time)`.
impl fmt::Display for QueueTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms ({})", self.milliseconds, self.kind.name())
    }
}

impl QueueTime {
    /// The time between a record's timestamp and its consumption, both in milliseconds since the Unix epoch.
    ///
    /// Returns `None` if the record has no timestamp.
    ///
    /// ```
    /// use tracebaton::{QueueTime, TimestampKind};
    /// let waited = QueueTime::between(1_000, TimestampKind::CreateTime, 1_250).unwrap();
    /// assert_eq!(waited.milliseconds, 250);
    /// assert_eq!(QueueTime::between(-1, TimestampKind::NotAvailable, 1_250), None);
    /// ```
    pub const fn between(timestamp: i64, kind: TimestampKind, consumed: i64) -> Option<Self> {
        match kind {
            TimestampKind::NotAvailable => None,
            _ => Some(Self { milliseconds: consumed.saturating_sub(timestamp), kind }),
        }
    }
}
