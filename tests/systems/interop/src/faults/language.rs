//! Reads and forwards a record, in Rust and in C.

use super::clients::Producer;
use anyhow::{Result, bail};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _};
use rdkafka_sys::{RDKafka, RDKafkaMessage, RDKafkaRespErr};
use std::ffi::{CString, c_char};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tracebaton::{QueueTime, SpanId, TimestampKind, TraceId};
use tracebaton_rdkafka::RecordHeaders;
// The C code links with this.
use tracebaton_ffi as _;

/// The context in the headers of a record.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The span that produced it.
    pub parent: Option<(TraceId, SpanId)>,
    /// The count of headers with the name `traceparent`.
    pub traceparents: u32,
    /// Its queue time.
    pub queue_time: Option<QueueTime>,
}

impl Reading {
    /// Reads these headers in Rust.
    pub fn of(headers: &impl RecordHeaders) -> Self {
        let of = tracebaton_rdkafka::extract(headers).context().span_context;
        let names = tracebaton_rdkafka::headers(headers).map(|header| header.name);
        Self {
            parent: of.map(|of| (of.trace_id, of.span_id)),
            traceparents: names.filter(|name| name.eq_ignore_ascii_case(b"traceparent")).count() as u32,
            queue_time: None,
        }
    }
}

/// The language that reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `tracebaton-rdkafka`
    Rust,
    /// `tracebaton_rdkafka.h`
    C,
}

impl Language {
    /// Alternates between the languages.
    pub fn alternating(number: u64) -> Self {
        if number.is_multiple_of(2) { Self::Rust } else { Self::C }
    }

    /// Reads a record.
    pub fn read(self, message: &BorrowedMessage<'_>) -> Reading {
        match self {
            Self::Rust => read_in_rust(message),
            Self::C => read_in_c(message),
        }
    }

    /// Forwards a record with this value, as a child of the span that produced it.
    pub fn send_on(
        self,
        message: &BorrowedMessage<'_>,
        producer: &Producer,
        to: &str,
        value: &str,
        span_id: SpanId,
    ) -> Result<()> {
        loop {
            let sent = match self {
                Self::Rust => send_in_rust(message, producer, to, value, span_id)?,
                Self::C => send_in_c(message, producer, to, value, span_id)?,
            };
            match sent {
                None => return Ok(()),
                Some(RDKafkaErrorCode::QueueFull) => std::thread::sleep(Duration::from_millis(5)),
                Some(code) => bail!("a record cannot be sent: {code}"),
            }
        }
    }
}

fn read_in_rust(message: &BorrowedMessage<'_>) -> Reading {
    let queue_time = tracebaton_rdkafka::queue_time(message, SystemTime::now());
    Reading { queue_time, ..Reading::of(message) }
}

fn read_in_c(message: &BorrowedMessage<'_>) -> Reading {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
    let mut native = NativeReading::default();
    // SAFETY: the message is alive, and C does not keep the pointers.
    unsafe { hop_read(message.ptr(), now, &mut native) };
    let kind = match native.timestamp_kind {
        1 => TimestampKind::CreateTime,
        2 => TimestampKind::LogAppendTime,
        _ => TimestampKind::NotAvailable,
    };
    let ids = TraceId::from_bytes(native.trace_id).zip(SpanId::from_bytes(native.span_id));
    let queue_time = QueueTime { milliseconds: native.queue_time, kind };
    Reading {
        parent: ids,
        traceparents: native.traceparents,
        queue_time: (kind != TimestampKind::NotAvailable).then_some(queue_time),
    }
}

fn send_in_rust(
    message: &BorrowedMessage<'_>,
    producer: &Producer,
    to: &str,
    value: &str,
    span_id: SpanId,
) -> Result<Option<RDKafkaErrorCode>> {
    let received = tracebaton_rdkafka::extract(message).context();
    let mut headers = message.headers().map_or_else(OwnedHeaders::new, |headers| headers.detach());
    if let Some(sent) = received.child(span_id) {
        tracebaton_rdkafka::inject(&sent.injection(), &mut headers)?;
    }
    let mut record: BaseRecord<'_, [u8], str> = BaseRecord::to(to).payload(value).headers(headers);
    record.key = message.key();
    match producer.send(record) {
        Ok(()) => Ok(None),
        Err((KafkaError::MessageProduction(code), _)) => Ok(Some(code)),
        Err((error, _)) => Err(error.into()),
    }
}

fn send_in_c(
    message: &BorrowedMessage<'_>,
    producer: &Producer,
    to: &str,
    value: &str,
    span_id: SpanId,
) -> Result<Option<RDKafkaErrorCode>> {
    let (producer, to) = (producer.client().native_ptr(), CString::new(to)?);
    // SAFETY: all pointers are valid until the call returns; C copies what it sends.
    let sent = unsafe {
        hop_send(
            producer,
            message.ptr(),
            to.as_ptr(),
            value.as_ptr().cast(),
            value.len(),
            &span_id.to_bytes(),
        )
    };
    Ok((sent != RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR).then(|| sent.into()))
}

/// `struct reading` of `c/hop.h`
#[repr(C)]
#[derive(Default)]
struct NativeReading {
    trace_id: [u8; 16],
    span_id: [u8; 8],
    traceparents: u32,
    timestamp_kind: i32,
    queue_time: i64,
}

unsafe extern "C" {
    fn hop_read(message: *const RDKafkaMessage, now: i64, reading: *mut NativeReading);
    fn hop_send(
        producer: *mut RDKafka,
        message: *const RDKafkaMessage,
        topic: *const c_char,
        value: *const c_char,
        value_size: usize,
        span_id: *const [u8; 8],
    ) -> RDKafkaRespErr;
}
