//! Subjects of spans and metrics: a client, a topic, a record, a batch of records.

use crate::attributes::Attributes;
use crate::attributes::CLUSTER_ID;
use opentelemetry::KeyValue;
use opentelemetry_semantic_conventions::attribute::*;
use tracebaton::QueueTime;

/// A Kafka client: the attributes that all spans and metrics of a producer or consumer share.
///
/// ```
/// use tracebaton_opentelemetry::Client;
/// let client = Client::new().with_id("billing-1").with_group("billing").with_server("kafka.example", 9092);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Client<'a> {
    id: Option<&'a str>,
    group: Option<&'a str>,
    cluster_id: Option<&'a str>,
    server: Option<(&'a str, u16)>,
}

impl<'a> Client<'a> {
    /// A client without any known attribute.
    pub const fn new() -> Self {
        Self { id: None, group: None, cluster_id: None, server: None }
    }

    /// Sets its `client.id`.
    #[must_use]
    pub const fn with_id(self, id: &'a str) -> Self {
        Self { id: Some(id), ..self }
    }

    /// Sets the `group.id` of a consumer.
    #[must_use]
    pub const fn with_group(self, group: &'a str) -> Self {
        Self { group: Some(group), ..self }
    }

    /// Sets the id of the cluster.
    #[must_use]
    pub const fn with_cluster_id(self, id: &'a str) -> Self {
        Self { cluster_id: Some(id), ..self }
    }

    /// Sets the host and port of the broker.
    #[must_use]
    pub const fn with_server(self, address: &'a str, port: u16) -> Self {
        Self { server: Some((address, port)), ..self }
    }

    pub(crate) fn server(&self, attributes: &mut Attributes) {
        attributes.add(SERVER_ADDRESS, self.server.map(|(address, _)| address.to_owned()));
        attributes.add(SERVER_PORT, self.server.map(|(_, port)| i64::from(port)));
    }

    pub(crate) fn client(&self, attributes: &mut Attributes) {
        self.server(attributes);
        attributes.add(MESSAGING_CLIENT_ID, self.id.map(str::to_owned));
        attributes.add(CLUSTER_ID, self.cluster_id.map(str::to_owned));
    }

    pub(crate) fn group(&self, attributes: &mut Attributes) {
        attributes.add(MESSAGING_CONSUMER_GROUP_NAME, self.group.map(str::to_owned));
    }

    pub(crate) fn consumer(&self, attributes: &mut Attributes) {
        self.client(attributes);
        self.group(attributes);
    }
}

/// A topic with its name: `Topic::from("orders")`, or `"orders"` in arguments of type `impl Into<Topic>`.
///
/// ```
/// use tracebaton_opentelemetry::{Record, Topic};
///
/// assert_eq!(Record::new("orders").send().name, "send orders");
/// let topic = Topic::new("orders-eu-17").with_template("orders-{region}-{shop}");
/// assert_eq!(Record::new(topic).send().name, "send orders-{region}-{shop}");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic<'a> {
    name: &'a str,
    template: Option<&'a str>,
}

impl<'a> Topic<'a> {
    /// The topic of this name.
    pub const fn new(name: &'a str) -> Self {
        Self { name, template: None }
    }

    /// Sets the template of its name, if there are many similar topics. Spans and metrics then use the template as
    /// name.
    #[must_use]
    pub const fn with_template(self, template: &'a str) -> Self {
        Self { template: Some(template), ..self }
    }

    /// Name of the topic in names of spans.
    pub(crate) fn low_cardinality_name(&self) -> &'a str {
        self.template.unwrap_or(self.name)
    }

    pub(crate) fn of_span(&self, attributes: &mut Attributes) {
        attributes.add(MESSAGING_DESTINATION_NAME, Some(self.name.to_owned()));
        attributes.add(MESSAGING_DESTINATION_TEMPLATE, self.template.map(str::to_owned));
    }

    /// A topic with a template is one of many. Each of their names would be a time series.
    #[cfg(feature = "metrics")]
    pub(crate) fn of_metric(&self, attributes: &mut Attributes) {
        attributes.add(MESSAGING_DESTINATION_NAME, self.template.is_none().then(|| self.name.to_owned()));
        attributes.add(MESSAGING_DESTINATION_TEMPLATE, self.template.map(str::to_owned));
    }
}

impl<'a> From<&'a str> for Topic<'a> {
    fn from(name: &'a str) -> Self {
        Self::new(name)
    }
}

impl<'a> From<&'a String> for Topic<'a> {
    fn from(name: &'a String) -> Self {
        Self::new(name)
    }
}

/// A record. Its known fields become attributes of the spans and metrics of its producer or consumer.
///
/// With the feature `rdkafka` you can make it from a message or a record of rust-rdkafka: `Record::from(&message)`. For a
/// received message, that reads the clock for the queue time: make it once, when the message is polled.
///
/// ```
/// use opentelemetry::trace::{Span, Tracer, TracerProvider};
/// use tracebaton_opentelemetry::{Client, Record};
///
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// let record = Record::new("orders").with_client(Client::new().with_id("shop")).with_key("order-17");
/// let builder = record.send();
/// assert_eq!(builder.name, "send orders");
/// let span = builder.start(&tracer); // put its context into the record, and end it when the broker has answered
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    pub(crate) client: Client<'a>,
    pub(crate) topic: Topic<'a>,
    pub(crate) partition: Option<i32>,
    offset: Option<i64>,
    key: Option<&'a [u8]>,
    is_tombstone: bool,
    body_size: Option<usize>,
    envelope_size: Option<usize>,
    pub(crate) queue_time: Option<QueueTime>,
}

impl<'a> Record<'a> {
    /// A record of this topic.
    pub fn new(topic: impl Into<Topic<'a>>) -> Self {
        Self {
            client: Client::new(),
            topic: topic.into(),
            partition: None,
            offset: None,
            key: None,
            is_tombstone: false,
            body_size: None,
            envelope_size: None,
            queue_time: None,
        }
    }

    /// Sets the client that sends or receives the record.
    #[must_use]
    pub const fn with_client(self, client: Client<'a>) -> Self {
        Self { client, ..self }
    }

    /// Sets the topic, for example to add a template to a record that was made from a message.
    #[must_use]
    pub fn with_topic(self, topic: impl Into<Topic<'a>>) -> Self {
        Self { topic: topic.into(), ..self }
    }

    /// Sets the partition. A producer may learn it only later: see [`acknowledged`](crate::acknowledged).
    #[must_use]
    pub const fn with_partition(self, partition: i32) -> Self {
        Self { partition: Some(partition), ..self }
    }

    /// Sets the offset. A producer may learn it only later: see [`acknowledged`](crate::acknowledged).
    #[must_use]
    pub const fn with_offset(self, offset: i64) -> Self {
        Self { offset: Some(offset), ..self }
    }

    /// Sets the key. A key that is not UTF-8 is not reported. Do not call it for a null key.
    #[must_use]
    pub fn with_key<K: AsRef<[u8]> + ?Sized>(self, key: &'a K) -> Self {
        Self { key: Some(key.as_ref()), ..self }
    }

    /// Sets whether the value is null.
    #[must_use]
    pub const fn with_tombstone(self, is_tombstone: bool) -> Self {
        Self { is_tombstone, ..self }
    }

    /// Sets the size of the value in bytes, which the conventions make optional (`Opt-In`).
    #[must_use]
    pub const fn with_body_size(self, size: usize) -> Self {
        Self { body_size: Some(size), ..self }
    }

    /// Sets the size of the whole record in bytes, which the conventions make optional (`Opt-In`).
    #[must_use]
    pub const fn with_envelope_size(self, size: usize) -> Self {
        Self { envelope_size: Some(size), ..self }
    }

    /// Sets the queue time, measured when the record was polled. Only consumers report it.
    ///
    /// A record that waits in memory for a retry keeps its queue time: pass the first one for each attempt, in place of
    /// that of `Record::from(&message)`, which counts the wait in memory as well.
    #[must_use]
    pub fn with_queue_time(self, queue_time: impl Into<Option<QueueTime>>) -> Self {
        Self { queue_time: queue_time.into(), ..self }
    }

    /// The attributes of this record alone, for its link in the span of a batch (see [`Links`](crate::Links)).
    pub fn link_attributes(&self) -> Vec<KeyValue> {
        let mut attributes = Attributes::default();
        self.position(&mut attributes);
        self.about(&mut attributes);
        attributes.queue_time(self.queue_time);
        attributes.into()
    }

    pub(crate) fn position(&self, attributes: &mut Attributes) {
        attributes.partition(self.partition);
        attributes.add(MESSAGING_KAFKA_OFFSET, self.offset);
    }

    pub(crate) fn about(&self, attributes: &mut Attributes) {
        let text = self.key.and_then(|key| std::str::from_utf8(key).ok());
        attributes.add(MESSAGING_KAFKA_MESSAGE_KEY, text.map(str::to_owned));
        attributes.add(MESSAGING_KAFKA_MESSAGE_TOMBSTONE, self.is_tombstone.then_some(true));
        attributes.size(MESSAGING_MESSAGE_BODY_SIZE, self.body_size);
        attributes.size(MESSAGING_MESSAGE_ENVELOPE_SIZE, self.envelope_size);
    }
}

/// Records of one topic that are sent, received or processed together, for the span of all of them.
///
/// Make one for each topic of a poll. Set the start of the poll with `SpanBuilder::with_start_time`, so that the span
/// covers the wait.
///
/// ```
/// use opentelemetry::trace::{Tracer, TracerProvider};
/// use tracebaton_opentelemetry::{Batch, Links};
///
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// # let links = Links::default();
/// let span = Batch::new("orders", 500).process(links).start(&tracer); // a new trace, or a child of the current span
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    pub(crate) client: Client<'a>,
    pub(crate) topic: Topic<'a>,
    pub(crate) partition: Option<i32>,
    pub(crate) message_count: usize,
}

impl<'a> Batch<'a> {
    /// A batch of this many records of a topic.
    pub fn new(topic: impl Into<Topic<'a>>, message_count: usize) -> Self {
        Self { client: Client::new(), topic: topic.into(), partition: None, message_count }
    }

    /// Sets the client that sends or receives the records.
    #[must_use]
    pub const fn with_client(self, client: Client<'a>) -> Self {
        Self { client, ..self }
    }

    /// Sets the partition, if all records are in the same one.
    #[must_use]
    pub const fn with_partition(self, partition: i32) -> Self {
        Self { partition: Some(partition), ..self }
    }
}

/// Makes a batch of one record, for metrics.
impl<'a> From<Record<'a>> for Batch<'a> {
    fn from(record: Record<'a>) -> Self {
        Self::from(&record)
    }
}

/// Makes a batch of one record, for metrics.
impl<'a> From<&Record<'a>> for Batch<'a> {
    fn from(record: &Record<'a>) -> Self {
        Self { client: record.client, topic: record.topic, partition: record.partition, message_count: 1 }
    }
}

/// Copies the batch.
impl<'a> From<&Batch<'a>> for Batch<'a> {
    fn from(batch: &Batch<'a>) -> Self {
        *batch
    }
}
