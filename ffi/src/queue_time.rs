//! Queue time: how long a record waited in its topic.

use crate::memory::{FOURTH, SECOND, write};
use crate::status::{status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use tracebaton::TimestampKind;

/// @brief The kind of a timestamp: one of enum tracebaton_timestamp_kind.
pub type tracebaton_timestamp_kind_t = i32;

/// @brief The kinds of timestamps; the numbers are those of librdkafka's rd_kafka_timestamp_type_t.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum tracebaton_timestamp_kind {
    /// The record has no timestamp.
    TRACEBATON_TIMESTAMP_NOT_AVAILABLE = 0,
    /// Creation time, by the producer's clock.
    TRACEBATON_TIMESTAMP_CREATE_TIME = 1,
    /// Time at which the broker stored the record, by the broker's clock.
    TRACEBATON_TIMESTAMP_LOG_APPEND_TIME = 2,
}

impl tracebaton_timestamp_kind {
    fn of(code: tracebaton_timestamp_kind_t) -> Result<TimestampKind, tracebaton_status> {
        const NOT_AVAILABLE: tracebaton_timestamp_kind_t =
            tracebaton_timestamp_kind::TRACEBATON_TIMESTAMP_NOT_AVAILABLE as tracebaton_timestamp_kind_t;
        const CREATE_TIME: tracebaton_timestamp_kind_t =
            tracebaton_timestamp_kind::TRACEBATON_TIMESTAMP_CREATE_TIME as tracebaton_timestamp_kind_t;
        const LOG_APPEND_TIME: tracebaton_timestamp_kind_t =
            tracebaton_timestamp_kind::TRACEBATON_TIMESTAMP_LOG_APPEND_TIME as tracebaton_timestamp_kind_t;
        match code {
            NOT_AVAILABLE => Ok(TimestampKind::NotAvailable),
            CREATE_TIME => Ok(TimestampKind::CreateTime),
            LOG_APPEND_TIME => Ok(TimestampKind::LogAppendTime),
            _ => Err(SECOND),
        }
    }
}

/// @brief Time between a record's timestamp and its consumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct tracebaton_queue_time_t {
    /// Milliseconds. If the clock that set the timestamp is ahead of the consumer's, the time is too small, or even
    /// negative; if it is behind, the time is too large.
    pub milliseconds: i64,
    /// Clock that set the record's timestamp: one of enum tracebaton_timestamp_kind.
    pub kind: tracebaton_timestamp_kind_t,
    /// Reserved: zeros.
    pub reserved: [u8; 4],
}

/// @brief Computes how long a record waited, from its timestamp to its consumption.
///
/// The result is signed and never clamped, so that a wrong clock is visible.
///
/// @param timestamp Timestamp of the record, in milliseconds since the Unix epoch.
/// @param kind Kind of the timestamp: one of enum tracebaton_timestamp_kind.
/// @param consumed Time of consumption, in milliseconds since the Unix epoch: when the first attempt to process the
/// record begins.
/// @param queue_time (out) The time between the two.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_TIMESTAMP if the record has no timestamp: then \p queue_time is zeros.
/// Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_queue_time_between(
    timestamp: i64,
    kind: tracebaton_timestamp_kind_t,
    consumed: i64,
    queue_time: *mut tracebaton_queue_time_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let waited =
            tracebaton::QueueTime::between(timestamp, tracebaton_timestamp_kind::of(kind)?, consumed);
        let result = tracebaton_queue_time_t {
            milliseconds: waited.map_or(0, |waited| waited.milliseconds),
            kind: if waited.is_some() { kind } else { 0 },
            reserved: [0; 4],
        };
        let status = if waited.is_some() { TRACEBATON_OK } else { TRACEBATON_NO_TIMESTAMP };
        write(FOURTH, queue_time, result).map(|()| status)
    })
}
