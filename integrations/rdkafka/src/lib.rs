//! Carries the trace context of [`tracebaton`] through rust-rdkafka.
//!
//! [`extract`] reads the headers of a received message, [`inject`] writes the headers of a message to send, and
//! [`queue_time`] returns how long a message waited. R, W and C with a number are rules of the project's PROFILE.md.
//!
//! A worker that receives a message from one topic and sends its result to another topic, in the same trace:
//!
//! ```no_run
//! use rdkafka::message::BorrowedMessage;
//! use rdkafka::producer::{BaseProducer, BaseRecord};
//! use tracebaton::{SpanId, TraceFlags, TraceId};
//!
//! fn work(message: &BorrowedMessage, producer: &BaseProducer, random: fn(&mut [u8])) {
//!     let received = tracebaton_rdkafka::extract(message).context();
//!     let flags = TraceFlags::SAMPLED | TraceFlags::RANDOM;
//!     let span = received.child_or_root(TraceId::generate(random), SpanId::generate(random), flags);
//!
//!     let mut headers = tracebaton_rdkafka::owned_headers(message);
//!     // A record can always be sent, with a context or without one.
//!     let _ = tracebaton_rdkafka::inject(&span.injection(), &mut headers);
//!     let record = BaseRecord::to("payments").key("order-17").payload("paid").headers(headers);
//!     if let Err((error, _)) = producer.send(record) {
//!         eprintln!("not sent: {error}");
//!     }
//! }
//! ```
//!
//! # Asynchronous clients
//!
//! `FutureProducer` and `StreamConsumer` work in the same way. The extracted context borrows from the message. It can
//! be held across an `await`, even in a task of a multi-threaded runtime:
//!
//! ```no_run
//! use rdkafka::consumer::StreamConsumer;
//! use rdkafka::error::KafkaError;
//! use rdkafka::message::{Message, OwnedHeaders};
//! use rdkafka::producer::{FutureProducer, FutureRecord};
//! use std::time::Duration;
//! use tracebaton::{Context, SpanId, TraceFlags, TraceId};
//!
//! /// Starts a trace with the order that is sent.
//! async fn order(producer: &FutureProducer, random: fn(&mut [u8])) -> Result<(), KafkaError> {
//!     let flags = TraceFlags::SAMPLED | TraceFlags::RANDOM;
//!     let root = Context::default().restart(TraceId::generate(random), SpanId::generate(random), flags);
//!
//!     let mut headers = OwnedHeaders::new();
//!     let _ = tracebaton_rdkafka::inject(&root.injection(), &mut headers);
//!     let record = FutureRecord::to("orders").key("order-17").payload("two of them").headers(headers);
//!     producer.send(record, Duration::from_secs(10)).await.map_err(|(error, _)| error)?;
//!     Ok(())
//! }
//!
//! /// Prints the trace of every order.
//! async fn watch(consumer: StreamConsumer) -> Result<(), KafkaError> {
//!     loop {
//!         let message = match consumer.recv().await {
//!             Err(error @ KafkaError::MessageConsumptionFatal(_)) => return Err(error),
//!             Err(_) => continue, // librdkafka recovers from it; log it
//!             Ok(message) => message,
//!         };
//!         let received = tracebaton_rdkafka::extract(&message).context();
//!         let trace = received.span_context.map(|span_context| span_context.trace_id.to_string());
//!         println!("{:?}: {}", message.key_view::<str>(), trace.as_deref().unwrap_or("no trace"));
//!     }
//! }
//! # let _ = |consumer| tokio::spawn(watch(consumer));
//! ```
//!
//! # Versions
//!
//! The crate compiles with rdkafka 0.36 to 0.39. Cargo chooses the newest of them unless the lock file of your
//! program names another. For an older one, run `cargo update -p rdkafka@0.39.0 --precise 0.36.2`.
//!
//! # Limitations
//!
//! - `rdkafka::message::Headers::iter` panics at a header whose name is not UTF-8, even if you search another header.
//!   Use [`headers`], which yields names as bytes ([R1], [R10]).
//! - librdkafka shows header names as C strings, which end at the first NUL. `traceparent\0x` is detected as another
//!   name ([R2]), with at most 64 look-ups per list ([R9]). After 64 such names the others are not read, and are removed
//!   when a context is written.
//! - If a list has both a `traceparent` that is replaced and a `traceparent\0x`, both are removed, since
//!   `rd_kafka_header_remove` does not distinguish them.
//! - If more than 64 headers are replaced, the list is rebuilt, since `rd_kafka_header_remove` moves the rest of the
//!   list for each one. A header of another name that contains a NUL is then dropped.
//!
#![doc = include_str!("rules.md")]

mod carrier;
mod list;

pub use carrier::HeadersMut;
pub use list::{HeaderIter, RecordHeaders};

use rdkafka::Timestamp;
use rdkafka::message::{BorrowedHeaders, Message, OwnedHeaders};
use rdkafka::types::RDKafkaErrorCode;
use std::time::{SystemTime, UNIX_EPOCH};
use tracebaton::{Extracted, Injected, Injection, QueueTime, TimestampKind};

/// The headers of a message or of a list, in their order. Names and values are bytes; null values are `None`.
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

/// Copies the headers of a message, to write a context into the copy. The copy is empty if the message has none.
///
/// ```
/// use rdkafka::message::{Header, Headers, OwnedHeaders};
///
/// let received = OwnedHeaders::new().insert(Header { key: "tenant", value: Some("7") });
/// assert_eq!(tracebaton_rdkafka::owned_headers(&received).count(), 1);
/// ```
pub fn owned_headers(source: &(impl RecordHeaders + ?Sized)) -> OwnedHeaders {
    source.record_headers().map_or_else(OwnedHeaders::new, BorrowedHeaders::detach)
}

/// Extracts the context of a message from its headers. Never fails and copies nothing ([R1] to [R10]).
///
/// ```
/// # use rdkafka::message::{Header, OwnedHeaders};
/// let list = OwnedHeaders::new().insert(Header { key: "Baggage", value: Some("tenant=7") });
/// let context = tracebaton_rdkafka::extract(&list).context();
/// assert_eq!(context.baggage.get("tenant").unwrap().value().to_string(), "7");
/// ```
#[doc = include_str!("rules.md")]
pub fn extract(source: &(impl RecordHeaders + ?Sized)) -> Extracted<'_> {
    tracebaton::extract(headers(source))
}

/// [`extract`] that joins `tracestate` headers and `baggage` headers with commas ([R11]).
///
/// Only for bridges that copy each HTTP field to a header, as [`tracebaton::extract_joined`] describes. A joined list is
/// written to `buffer`, for which [`tracebaton::JOINED_LENGTH`] is always enough.
///
/// ```
/// # use rdkafka::message::{Header, OwnedHeaders};
/// let list = OwnedHeaders::new()
///     .insert(Header { key: "baggage", value: Some("tenant=7") })
///     .insert(Header { key: "baggage", value: Some("region=eu") });
/// let mut buffer = [0; tracebaton::JOINED_LENGTH];
/// let context = tracebaton_rdkafka::extract_joined(&list, &mut buffer).context();
/// assert_eq!(context.baggage.as_bytes(), b"tenant=7,region=eu");
/// ```
#[doc = include_str!("rules.md")]
pub fn extract_joined<'a>(source: &'a (impl RecordHeaders + ?Sized), buffer: &'a mut [u8]) -> Extracted<'a> {
    tracebaton::extract_joined(headers(source), buffer)
}

/// Writes a context into the headers of a message to send ([W1]). Either all headers are written, or none ([W6]).
///
/// A context without a span context leaves `traceparent` and `tracestate` unchanged, and without baggage it changes
/// nothing ([W2]). Returns librdkafka's error. The headers can still be sent: they have no context, or are unchanged.
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
#[doc = include_str!("rules.md")]
pub fn inject(injection: &Injection<'_>, headers: &mut OwnedHeaders) -> Result<Injected, RDKafkaErrorCode> {
    tracebaton::inject(injection, &mut HeadersMut::new(headers))
}

/// Removes W3C's `traceparent`, `tracestate` and `baggage`, in any letter case.
///
/// Headers of other formats stay: [`tracebaton::formats::strip`] removes them, with a [`HeadersMut`]. Returns
/// librdkafka's error; then nothing was removed. Do not send such a record across a boundary.
///
/// ```
/// use rdkafka::message::{Header, Headers, OwnedHeaders};
///
/// let mut headers = OwnedHeaders::new().insert(Header { key: "Baggage", value: Some("tenant=7") });
/// tracebaton_rdkafka::strip(&mut headers)?;
/// assert_eq!(headers.count(), 0);
/// # Ok::<(), rdkafka::types::RDKafkaErrorCode>(())
/// ```
pub fn strip(headers: &mut OwnedHeaders) -> Result<(), RDKafkaErrorCode> {
    tracebaton::strip(&mut HeadersMut::new(headers))
}

/// Writes a context with [`inject`], unless the headers already have a valid `traceparent`, which is kept ([W4]).
///
/// Returns [`Injected::Kept`] if it was kept.
///
/// ```
/// # use rdkafka::message::{Header, OwnedHeaders};
/// # let injection = tracebaton::Context::default().injection();
/// let value = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
/// let mut headers = OwnedHeaders::new().insert(Header { key: "traceparent", value });
/// assert_eq!(tracebaton_rdkafka::inject_if_absent(&injection, &mut headers), Ok(tracebaton::Injected::Kept));
/// ```
#[doc = include_str!("rules.md")]
pub fn inject_if_absent(
    injection: &Injection<'_>,
    headers: &mut OwnedHeaders,
) -> Result<Injected, RDKafkaErrorCode> {
    tracebaton::inject_if_absent(injection, &mut HeadersMut::new(headers))
}

/// How long a message waited in its topic until it was consumed: signed, with the clock of its timestamp ([C7]).
///
/// `None` if the message has no timestamp.
///
/// ```
/// use rdkafka::{Timestamp, message::OwnedMessage};
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let message = OwnedMessage::new(None, None, "orders".into(), Timestamp::CreateTime(1_000), 0, 0, None);
/// let waited = tracebaton_rdkafka::queue_time(&message, UNIX_EPOCH + Duration::from_millis(1_250));
/// assert_eq!(waited.unwrap().milliseconds, 250);
/// ```
#[doc = include_str!("rules.md")]
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

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
