//! Messages, records and header lists of rust-rdkafka.

use crate::{Links, ReadHeaders, Record, WriteHeaders, kind};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message, OwnedHeaders, OwnedMessage, ToBytes};
use rdkafka::producer::{BaseRecord, FutureRecord};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::util::IntoOpaque;
use std::time::SystemTime;
use tracebaton::formats::{self, FormatInjection};
use tracebaton::{Header, Injected};
use tracebaton_rdkafka::{HeadersMut, RecordHeaders};

impl<'a, M: RecordHeaders + ?Sized> ReadHeaders<'a, kind::Rdkafka> for &'a M {
    fn read_headers(self) -> impl Iterator<Item = Header<'a>> {
        tracebaton_rdkafka::headers(self)
    }
}

impl WriteHeaders<kind::Rdkafka> for OwnedHeaders {
    type Error = RDKafkaErrorCode;

    fn write_headers(&mut self, injection: &FormatInjection<'_>) -> Result<Injected, RDKafkaErrorCode> {
        formats::inject(injection, &mut HeadersMut::new(self))
    }
}

/// Copies the fields of a received message: topic, partition, offset, key, tombstone, and the queue time until now.
///
/// Reads the clock, so make the record once, when the message is polled. A record that is made later counts the
/// processing of earlier messages as queue time.
impl<'a> From<&'a BorrowedMessage<'_>> for Record<'a> {
    fn from(message: &'a BorrowedMessage<'_>) -> Self {
        received(message)
    }
}

/// Copies the fields of a received message: topic, partition, offset, key, tombstone, and the queue time until now.
///
/// Reads the clock, so make the record once, when the message is polled. A record that is made later counts the
/// processing of earlier messages, or a wait in memory, as queue time. For a message that is kept, keep
/// `tracebaton_rdkafka::queue_time` and set it with [`Record::with_queue_time`].
impl<'a> From<&'a OwnedMessage> for Record<'a> {
    fn from(message: &'a OwnedMessage) -> Self {
        received(message)
    }
}

fn received<'a>(message: &'a impl Message) -> Record<'a> {
    let record = Record::new(message.topic())
        .with_partition(message.partition())
        .with_offset(message.offset())
        .with_tombstone(message.payload().is_none())
        .with_queue_time(tracebaton_rdkafka::queue_time(message, SystemTime::now()));
    message.key().map_or(record, |key| record.with_key(key))
}

/// Copies the fields of a record to send: topic, partition if it is set, key, tombstone.
impl<'a, K: ToBytes + ?Sized, P: ToBytes + ?Sized> From<&FutureRecord<'a, K, P>> for Record<'a> {
    fn from(record: &FutureRecord<'a, K, P>) -> Self {
        to_send(record.topic, record.partition, record.key, record.payload.is_none())
    }
}

/// Copies the fields of a record to send: topic, partition if it is set, key, tombstone.
impl<'a, K: ToBytes + ?Sized, P: ToBytes + ?Sized, D: IntoOpaque> From<&BaseRecord<'a, K, P, D>>
    for Record<'a>
{
    fn from(record: &BaseRecord<'a, K, P, D>) -> Self {
        to_send(record.topic, record.partition, record.key, record.payload.is_none())
    }
}

fn to_send<'a, K: ToBytes + ?Sized>(
    topic: &'a str,
    partition: Option<i32>,
    key: Option<&'a K>,
    is_tombstone: bool,
) -> Record<'a> {
    let record = Record::new(topic).with_tombstone(is_tombstone);
    let record = partition.map_or(record, |partition| record.with_partition(partition));
    key.map_or(record, |key| record.with_key(key.to_bytes()))
}

impl Links {
    /// Adds a link to the producer's span of a message, with the message's partition, offset, key and queue time.
    ///
    /// Applies no [`TrustPolicy`](tracebaton::TrustPolicy). For a topic that you do not trust, pass what the policy admits
    /// to [`insert_context`](Self::insert_context). Call it when the message is polled: it reads the clock.
    ///
    /// ```
    /// use rdkafka::Timestamp;
    /// use rdkafka::message::{Header, OwnedHeaders, OwnedMessage};
    /// use tracebaton_opentelemetry::Links;
    ///
    /// let parent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    /// let headers = Some(OwnedHeaders::new().insert(Header { key: "traceparent", value: parent }));
    /// let message = OwnedMessage::new(None, None, "orders".into(), Timestamp::NotAvailable, 0, 7, headers);
    /// let mut links = Links::default();
    /// links.insert_message(&message);
    /// assert_eq!(links.len(), 1);
    /// ```
    pub fn insert_message<'a, M: RecordHeaders>(&mut self, message: &'a M)
    where
        Record<'a>: From<&'a M>,
    {
        self.insert_with(message, || Record::from(message).link_attributes());
    }
}

/// The `error.type` of an error of rust-rdkafka: its name in librdkafka, such as `UnknownTopicOrPartition`.
///
/// ```
/// use rdkafka::error::KafkaError;
/// use rdkafka::types::RDKafkaErrorCode;
///
/// let error = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);
/// assert_eq!(tracebaton_opentelemetry::kafka_error_type(&error), "QueueFull");
/// ```
pub fn kafka_error_type(error: &KafkaError) -> String {
    error.rdkafka_error_code().map_or_else(|| "_OTHER".to_owned(), |code| format!("{code:?}"))
}
