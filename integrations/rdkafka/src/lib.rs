//! Carries the trace context of [`tracebaton`] through rust-rdkafka.
//!
//! [`extract`] reads the headers of a received message, [`inject`] writes those of a message to send, and [`queue_time`]
//! tells how long a message waited. The rules (R, W and C) are those of the project's PROFILE.md.
//!
//! A worker that takes a message from one topic and sends its result to another, in the same trace:
//!
//! ```no_run
//! use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Message, OwnedHeaders};
//! use rdkafka::producer::{BaseProducer, BaseRecord};
//! use tracebaton::SpanId;
//!
//! fn work(message: &BorrowedMessage, producer: &BaseProducer, random: fn(&mut [u8])) {
//!     let received = tracebaton_rdkafka::extract(message).context();
//!
//!     let mut headers = message.headers().map_or_else(OwnedHeaders::new, BorrowedHeaders::detach);
//!     if let Some(sent) = received.child(SpanId::generate(random)) {
//!         // A record can always be sent, with a context or without one.
//!         let _ = tracebaton_rdkafka::inject(&sent.injection(), &mut headers);
//!     }
//!     let record = BaseRecord::to("payments").key("order-17").payload("paid").headers(headers);
//!     if let Err((error, _)) = producer.send(record) {
//!         eprintln!("not sent: {error}");
//!     }
//! }
//! ```
//!
//! # Asynchronous clients
//!
//! With `FutureProducer` and `StreamConsumer` it is the same. What is extracted borrows from the message, and can be
//! held while a future waits, in a task of a runtime with many threads, too:
//!
//! ```no_run
//! use rdkafka::consumer::StreamConsumer;
//! use rdkafka::error::KafkaError;
//! use rdkafka::message::{Message, OwnedHeaders};
//! use rdkafka::producer::{FutureProducer, FutureRecord};
//! use std::time::Duration;
//! use tracebaton::{Context, SpanContext, SpanId, TraceFlags, TraceId};
//!
//! /// Begins a trace with the order that is sent.
//! async fn order(producer: &FutureProducer, random: fn(&mut [u8])) -> Result<(), KafkaError> {
//!     let (trace_id, span_id) = (TraceId::generate(random), SpanId::generate(random));
//!     let span_context = SpanContext::root(trace_id, span_id, TraceFlags::SAMPLED.with_random(true));
//!     let context = Context::from(span_context);
//!
//!     let mut headers = OwnedHeaders::new();
//!     let _ = tracebaton_rdkafka::inject(&context.injection(), &mut headers);
//!     let record = FutureRecord::to("orders").key("order-17").payload("two of them").headers(headers);
//!     producer.send(record, Duration::from_secs(10)).await.map_err(|(error, _)| error)?;
//!     Ok(())
//! }
//!
//! /// Tells of every order which trace it belongs to.
//! async fn watch(consumer: StreamConsumer) -> Result<(), KafkaError> {
//!     loop {
//!         let message = consumer.recv().await?;
//!         let received = tracebaton_rdkafka::extract(&message).context();
//!         let trace = received.span_context.map(|span_context| span_context.trace_id.to_string());
//!         println!("{:?}: {}", message.key_view::<str>(), trace.as_deref().unwrap_or("no trace"));
//!     }
//! }
//! # let _ = |consumer| tokio::spawn(watch(consumer));
//! ```
//!
//! # Why not rdkafka's own iterator
//!
//! `rdkafka::message::Headers::iter` panics at a header whose name is not UTF-8, whichever header one looks for. This
//! crate asks librdkafka itself, and gives names as bytes (R1, R10).
//!
//! # What librdkafka does not tell
//!
//! librdkafka gives the names of headers as C strings, and so cuts off a name at a NUL. `traceparent\0x` is not taken
//! for `traceparent` for that (R2): a name that may have been cut off is looked up once more, whole. Two ends stay open.
//! Of a list in which more than 64 names look like ours and are not, the rest of those is not read, and makes way when
//! a context is written (R9). And where `traceparent\0x` stands beside a `traceparent` that is replaced, it goes as
//! well, since `rd_kafka_header_remove` cannot tell them apart.

mod carrier;
mod list;

pub use carrier::HeadersMut;
pub use list::{HeaderIter, RecordHeaders};

use rdkafka::Timestamp;
use rdkafka::message::{Message, OwnedHeaders};
use rdkafka::types::RDKafkaErrorCode;
use std::time::{SystemTime, UNIX_EPOCH};
use tracebaton::{Extracted, Injected, Injection, QueueTime, TimestampKind};

/// The headers of a message, or of a list, in their order: names and values as bytes, null values as `None`.
///
/// ```
/// use rdkafka::message::{Header, OwnedHeaders};
///
/// let list = OwnedHeaders::new().insert(Header { key: "tenant", value: Some("7") });
/// assert!(tracebaton_rdkafka::headers(&list).eq([tracebaton::Header::new("tenant", "7")]));
/// ```
pub fn headers(source: &(impl RecordHeaders + ?Sized)) -> HeaderIter<'_> {
    HeaderIter::new(source.record_headers())
}

/// Finds the context of a message in its headers; total and without a copy (R1 to R10).
///
/// ```
/// # use rdkafka::message::{Header, OwnedHeaders};
/// let list = OwnedHeaders::new().insert(Header { key: "Baggage", value: Some("tenant=7") });
/// let context = tracebaton_rdkafka::extract(&list).context();
/// assert_eq!(context.baggage.get("tenant").unwrap().value().to_string(), "7");
/// ```
pub fn extract(source: &(impl RecordHeaders + ?Sized)) -> Extracted<'_> {
    tracebaton::extract(headers(source))
}

/// Writes a context into the headers of a message to send: replaces what is there (W1), all or none (W6).
///
/// An error is librdkafka's; the headers are then without a context, and can still be sent.
///
/// ```
/// # use tracebaton::*;
/// # let span_id = SpanId::generate(|bytes| bytes.fill(2));
/// # let root = SpanContext::root(TraceId::generate(|bytes| bytes.fill(1)), span_id, TraceFlags::SAMPLED);
/// # let context = Context::from(root);
/// use rdkafka::message::{Header, Headers, OwnedHeaders};
///
/// let mut headers = OwnedHeaders::new()
///     .insert(Header { key: "content-type", value: Some("application/json") })
///     .insert(Header { key: "Traceparent", value: Some("stale") });
/// tracebaton_rdkafka::inject(&context.injection(), &mut headers)?;
/// assert_eq!(headers.count(), 2);
/// assert_eq!(headers.get(1).key, "traceparent");
/// # Ok::<(), rdkafka::types::RDKafkaErrorCode>(())
/// ```
pub fn inject(injection: &Injection<'_>, headers: &mut OwnedHeaders) -> Result<Injected, RDKafkaErrorCode> {
    tracebaton::inject(injection, &mut HeadersMut(headers))
}

/// Like [`inject`], unless there is a `traceparent` already that is accepted: its creator's context is kept (W4).
///
/// ```
/// # use rdkafka::message::{Header, OwnedHeaders};
/// # let injection = tracebaton::Context::default().injection();
/// let value = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
/// let mut headers = OwnedHeaders::new().insert(Header { key: "traceparent", value });
/// assert_eq!(tracebaton_rdkafka::inject_if_absent(&injection, &mut headers), Ok(tracebaton::Injected::Kept));
/// ```
pub fn inject_if_absent(
    injection: &Injection<'_>,
    headers: &mut OwnedHeaders,
) -> Result<Injected, RDKafkaErrorCode> {
    tracebaton::inject_if_absent(injection, &mut HeadersMut(headers))
}

/// How long a message waited in its topic until it was consumed: signed, with what it counts from (C7).
///
/// None if the message has no timestamp.
///
/// ```
/// use rdkafka::{Timestamp, message::OwnedMessage};
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let message = OwnedMessage::new(None, None, "orders".into(), Timestamp::CreateTime(1_000), 0, 0, None);
/// let waited = tracebaton_rdkafka::queue_time(&message, UNIX_EPOCH + Duration::from_millis(1_250));
/// assert_eq!(waited.unwrap().milliseconds, 250);
/// ```
pub fn queue_time(message: &impl Message, consumed: SystemTime) -> Option<QueueTime> {
    let timestamp = message.timestamp();
    let kind = match timestamp {
        Timestamp::NotAvailable => TimestampKind::NotAvailable,
        Timestamp::CreateTime(_) => TimestampKind::CreateTime,
        Timestamp::LogAppendTime(_) => TimestampKind::LogAppendTime,
    };
    QueueTime::between(timestamp.to_millis()?, kind, milliseconds_since_epoch(consumed))
}

fn milliseconds_since_epoch(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |before| -before),
    }
}

/// What the README shows in Rust.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// What the README of this crate shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeHere;
