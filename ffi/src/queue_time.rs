//! How long a record waited in its topic.

use crate::context::done;
use crate::memory::write;
use crate::status::{Status, StatusCode, answer};
use tracebaton::TimestampKind;

/// @brief What the timestamp of a record stands for: one of enum tracebaton_timestamp_kind.
pub type TimestampKindCode = i32;

/// @brief What the timestamp of a record stands for; the numbers are those of librdkafka's rd_kafka_timestamp_type_t.
#[allow(non_camel_case_types, reason = "one name in both languages")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum TimestampKinds {
    /// The record has none.
    TRACEBATON_TIMESTAMP_NOT_AVAILABLE = 0,
    /// The producer's clock when it made the record.
    TRACEBATON_TIMESTAMP_CREATE_TIME = 1,
    /// The broker's clock when it stored the record.
    TRACEBATON_TIMESTAMP_LOG_APPEND_TIME = 2,
}

impl TimestampKinds {
    fn of(code: TimestampKindCode) -> Result<TimestampKind, Status> {
        const NOT_AVAILABLE: TimestampKindCode =
            TimestampKinds::TRACEBATON_TIMESTAMP_NOT_AVAILABLE as TimestampKindCode;
        const CREATE_TIME: TimestampKindCode =
            TimestampKinds::TRACEBATON_TIMESTAMP_CREATE_TIME as TimestampKindCode;
        const LOG_APPEND_TIME: TimestampKindCode =
            TimestampKinds::TRACEBATON_TIMESTAMP_LOG_APPEND_TIME as TimestampKindCode;
        match code {
            NOT_AVAILABLE => Ok(TimestampKind::NotAvailable),
            CREATE_TIME => Ok(TimestampKind::CreateTime),
            LOG_APPEND_TIME => Ok(TimestampKind::LogAppendTime),
            _ => Err(Status::TRACEBATON_INVALID_ARGUMENT),
        }
    }
}

/// @brief The time from a record's timestamp to its consumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct QueueTime {
    /// Milliseconds; negative where the clocks disagree by more than the record waited.
    pub milliseconds: i64,
    /// From when on it counts: one of enum tracebaton_timestamp_kind.
    pub kind: TimestampKindCode,
    /// Zeros; nothing reads them.
    pub reserved: [u8; 4],
}

/// @brief The time between a record's timestamp and its consumption: signed and never clamped, so that a clock that is
/// wrong shows.
///
/// @param timestamp The record's timestamp, in milliseconds since the Unix epoch.
/// @param kind What it stands for: one of enum tracebaton_timestamp_kind.
/// @param consumed The time of consumption, in milliseconds since the Unix epoch.
/// @param queue_time (out) The time between.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_TIMESTAMP if the record has none: then \p queue_time is zeros. Negative:
/// only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_queue_time(
    timestamp: i64,
    kind: TimestampKindCode,
    consumed: i64,
    queue_time: *mut QueueTime,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let waited = tracebaton::QueueTime::between(timestamp, TimestampKinds::of(kind)?, consumed);
        let result = QueueTime {
            milliseconds: waited.map_or(0, |waited| waited.milliseconds),
            kind: if waited.is_some() { kind } else { 0 },
            reserved: [0; 4],
        };
        let status = if waited.is_some() { Status::TRACEBATON_OK } else { Status::TRACEBATON_NO_TIMESTAMP };
        done(write(queue_time, result), status)
    })
}
