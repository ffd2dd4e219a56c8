//! Spans after OpenTelemetry's semantic conventions for messaging with Kafka.

use crate::attributes::{Attributes, CLUSTER_ID};
use opentelemetry::trace::{Link, SpanBuilder, SpanContext, SpanKind, SpanRef, Status, TraceContextExt};
use opentelemetry::{Context, KeyValue, StringValue};
use opentelemetry_semantic_conventions::attribute::*;
use tracebaton::QueueTime;

/// A client of Kafka, as far as it is known: the same for all spans of a producer or consumer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Client<'a> {
    /// Its `client.id`.
    pub id: Option<&'a str>,
    /// The `group.id` of a consumer.
    pub group: Option<&'a str>,
    /// The id of the cluster.
    pub cluster_id: Option<&'a str>,
    /// The host of the broker.
    pub server_address: Option<&'a str>,
    /// The port of the broker, which is told only with its host.
    pub server_port: Option<u16>,
}

/// A topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Topic<'a> {
    /// Its name.
    pub name: &'a str,
    /// What names of many topics have in common, if this is one of them: spans are called after it.
    pub template: Option<&'a str>,
}

/// A record, as far as it is known, for the span of its producer or consumer: name, kind, attributes and links as in
/// OpenTelemetry's semantic conventions, "Messaging Spans" and "Kafka".
///
/// ```
/// use opentelemetry::trace::{Span, Tracer, TracerProvider};
/// use tracebaton_opentelemetry::{Client, Record, Topic};
///
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// let record = Record {
///     client: Client { id: Some("shop"), ..Client::default() },
///     topic: Topic { name: "orders", template: None },
///     key: Some(b"order-17"),
///     ..Record::default()
/// };
/// let builder = record.send();
/// assert_eq!(builder.name, "send orders");
/// let span = builder.start(&tracer); // put its context into the record, and end it when the broker has answered
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record<'a> {
    /// Who sends or receives it.
    pub client: Client<'a>,
    /// Its topic.
    pub topic: Topic<'a>,
    /// Its partition; a producer may learn it later, see [`acknowledged`].
    pub partition: Option<i32>,
    /// Its offset; a producer may learn it later, see [`acknowledged`].
    pub offset: Option<i64>,
    /// Its key, unless that is null. One that is no text is not told.
    pub key: Option<&'a [u8]>,
    /// Whether its value is null.
    pub tombstone: bool,
    /// The bytes of its value. To tell them is the service's choice (`Opt-In`).
    pub body_size: Option<usize>,
    /// The bytes of the whole record. To tell them is the service's choice (`Opt-In`).
    pub envelope_size: Option<usize>,
    /// How long it waited in its topic; consumers tell it.
    pub queue_time: Option<QueueTime>,
}

impl<'a> Record<'a> {
    /// `create TOPIC`, of a producer that sends records in batches: the record carries the context of this span, and
    /// [`Batch::send`] links to it.
    pub fn create(&self) -> SpanBuilder {
        let mut attributes = self.topic.attributes("create", "create");
        self.client.server(&mut attributes);
        attributes.partition(self.partition);
        self.about(&mut attributes);
        self.topic.span("create", SpanKind::Producer, attributes)
    }

    /// `send TOPIC`, of a producer: the record carries the context of this span.
    pub fn send(&self) -> SpanBuilder {
        self.topic.span("send", SpanKind::Producer, self.sent())
    }

    /// `send TOPIC` of a record that carries a context already which is kept (W4): a link to it, and not its parent.
    pub fn send_created(&self, creation: &SpanContext) -> SpanBuilder {
        self.topic.span("send", SpanKind::Client, self.sent()).with_links(vec![link(creation)])
    }

    /// `process TOPIC`, of a consumer: linked to the span that sent the record, if `received` has it from its headers.
    ///
    /// Started with `received`, as in the example, it is that span's child as well. A consumer that works inside a span
    /// of its own starts it with that one instead, so that the link alone leads to the producer.
    ///
    /// ```
    /// # use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
    /// # use tracebaton::{QueueTime, TimestampKind};
    /// # use tracebaton_opentelemetry::{Record, Topic, extract_trace_context};
    /// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
    /// # let headers: Vec<(String, Vec<u8>)> = Vec::new();
    /// let record = Record {
    ///     topic: Topic { name: "orders", template: None },
    ///     partition: Some(2),
    ///     offset: Some(1729),
    ///     queue_time: QueueTime::between(1_000, TimestampKind::CreateTime, 1_250),
    ///     ..Record::default()
    /// };
    /// let received = extract_trace_context(&headers);
    /// let span = record.process(&received).start_with_context(&tracer, &received);
    /// let _attached = received.with_span(span).attach();
    /// ```
    pub fn process(&self, received: &Context) -> SpanBuilder {
        let mut attributes = self.topic.attributes("process", "process");
        self.client.consumer(&mut attributes);
        self.position(&mut attributes);
        self.about(&mut attributes);
        attributes.queue_time(self.queue_time);
        let span = received.span();
        let sent_by = Some(span.span_context()).filter(|context| context.is_remote());
        let links = sent_by.map(link).into_iter().collect();
        self.topic.span("process", SpanKind::Consumer, attributes).with_links(links)
    }

    /// What differs from record to record, for the link to this one in the span of a batch (see [`Links`](crate::Links)).
    pub fn link_attributes(&self) -> Vec<KeyValue> {
        let mut attributes = Attributes::default();
        self.position(&mut attributes);
        self.about(&mut attributes);
        attributes.queue_time(self.queue_time);
        attributes.into()
    }

    fn sent(&self) -> Attributes {
        let mut attributes = self.topic.attributes("send", "send");
        self.client.client(&mut attributes);
        self.position(&mut attributes);
        self.about(&mut attributes);
        attributes
    }

    fn position(&self, attributes: &mut Attributes) {
        attributes.partition(self.partition);
        attributes.add(MESSAGING_KAFKA_OFFSET, self.offset);
    }

    fn about(&self, attributes: &mut Attributes) {
        let text = self.key.and_then(|key| std::str::from_utf8(key).ok());
        attributes.add(MESSAGING_KAFKA_MESSAGE_KEY, text.map(str::to_owned));
        attributes.add(MESSAGING_KAFKA_MESSAGE_TOMBSTONE, self.tombstone.then_some(true));
        attributes.size(MESSAGING_MESSAGE_BODY_SIZE, self.body_size);
        attributes.size(MESSAGING_MESSAGE_ENVELOPE_SIZE, self.envelope_size);
    }
}

/// Records of one topic that are handed over together, for the span of all of them; as [`Record`] by the conventions,
/// with a link to the context of each record.
///
/// ```
/// use opentelemetry::trace::{Tracer, TracerProvider};
/// use tracebaton_opentelemetry::{Batch, Links, Topic};
///
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// # let links = Links::default();
/// let topic = Topic { name: "orders", template: None };
/// let batch = Batch { topic, message_count: 500, ..Batch::default() };
/// let span = batch.process(links).start(&tracer); // a trace of its own, or below the current span
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch<'a> {
    /// Who sends or receives them.
    pub client: Client<'a>,
    /// Their topic.
    pub topic: Topic<'a>,
    /// Their partition, if they have it in common.
    pub partition: Option<i32>,
    /// How many they are.
    pub message_count: usize,
}

impl Batch<'_> {
    /// `send TOPIC`, of a producer, linked to the spans of [`Record::create`]. Without any, the records carry the context
    /// of this span.
    pub fn send(&self, links: impl Into<Vec<Link>>) -> SpanBuilder {
        let links = links.into();
        let kind = if links.is_empty() { SpanKind::Producer } else { SpanKind::Client };
        let mut attributes = self.topic.attributes("send", "send");
        self.client.client(&mut attributes);
        self.span("send", kind, attributes, links)
    }

    /// `poll TOPIC`, of a consumer that was given these records.
    pub fn receive(&self, links: impl Into<Vec<Link>>) -> SpanBuilder {
        let mut attributes = self.topic.attributes("poll", "receive");
        self.client.consumer(&mut attributes);
        self.span("poll", SpanKind::Client, attributes, links.into())
    }

    /// `process TOPIC`, of a consumer that works on all of them at once.
    pub fn process(&self, links: impl Into<Vec<Link>>) -> SpanBuilder {
        let mut attributes = self.topic.attributes("process", "process");
        self.client.consumer(&mut attributes);
        self.span("process", SpanKind::Consumer, attributes, links.into())
    }

    fn span(&self, name: &str, kind: SpanKind, mut attributes: Attributes, links: Vec<Link>) -> SpanBuilder {
        attributes.partition(self.partition);
        attributes.size(MESSAGING_BATCH_MESSAGE_COUNT, Some(self.message_count));
        self.topic.span(name, kind, attributes).with_links(links)
    }
}

impl Topic<'_> {
    fn attributes(&self, operation_name: &'static str, operation_type: &'static str) -> Attributes {
        let mut attributes = Attributes::default();
        attributes.add(MESSAGING_SYSTEM, Some("kafka"));
        attributes.add(MESSAGING_OPERATION_NAME, Some(operation_name));
        attributes.add(MESSAGING_OPERATION_TYPE, Some(operation_type));
        attributes.add(MESSAGING_DESTINATION_NAME, Some(self.name.to_owned()));
        attributes.add(MESSAGING_DESTINATION_TEMPLATE, self.template.map(str::to_owned));
        attributes
    }

    fn span(&self, operation: &str, kind: SpanKind, attributes: Attributes) -> SpanBuilder {
        SpanBuilder::from_name(format!("{operation} {}", self.template.unwrap_or(self.name)))
            .with_kind(kind)
            .with_attributes(Vec::from(attributes))
    }
}

impl Client<'_> {
    fn server(&self, attributes: &mut Attributes) {
        attributes.add(SERVER_ADDRESS, self.server_address.map(str::to_owned));
        attributes.add(SERVER_PORT, self.server_address.and(self.server_port).map(i64::from));
    }

    fn client(&self, attributes: &mut Attributes) {
        self.server(attributes);
        attributes.add(MESSAGING_CLIENT_ID, self.id.map(str::to_owned));
        attributes.add(CLUSTER_ID, self.cluster_id.map(str::to_owned));
    }

    fn consumer(&self, attributes: &mut Attributes) {
        self.client(attributes);
        attributes.add(MESSAGING_CONSUMER_GROUP_NAME, self.group.map(str::to_owned));
    }
}

/// Tells a producer's span where the broker has put the record.
///
/// ```
/// # use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
/// # use tracebaton_opentelemetry::{Record, acknowledged, failed};
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// # let context = opentelemetry::Context::current_with_span(Record::default().send().start(&tracer));
/// # let delivery: Result<(i32, i64), &str> = Ok((2, 1729));
/// match delivery {
///     Ok((partition, offset)) => acknowledged(&context.span(), partition, offset),
///     Err(code) => failed(&context.span(), code, "the broker did not take the record"),
/// }
/// context.span().end();
/// ```
pub fn acknowledged(span: &SpanRef<'_>, partition: i32, offset: i64) {
    span.set_attribute(KeyValue::new(MESSAGING_DESTINATION_PARTITION_ID, partition.to_string()));
    span.set_attribute(KeyValue::new(MESSAGING_KAFKA_OFFSET, offset));
}

/// Tells a span that what it stands for has failed: `error_type` is one of few, such as `UNKNOWN_TOPIC_OR_PARTITION` or
/// the name of an error, and the description is for people.
pub fn failed(span: &SpanRef<'_>, error_type: impl Into<StringValue>, description: impl Into<String>) {
    span.set_attribute(KeyValue::new(ERROR_TYPE, error_type.into()));
    span.set_status(Status::error(description.into()));
}

fn link(context: &SpanContext) -> Link {
    Link::with_context(context.clone())
}
