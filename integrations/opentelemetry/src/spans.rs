//! Spans that follow OpenTelemetry's semantic conventions for messaging with Kafka.

use crate::attributes::Attributes;
use crate::{Batch, Record, Topic};
use opentelemetry::trace::{Link, SpanBuilder, SpanContext, SpanKind, SpanRef, Status, TraceContextExt};
use opentelemetry::{Context, KeyValue, StringValue};
use opentelemetry_semantic_conventions::attribute::*;

/// Spans of one record. Names, kinds, attributes and links follow OpenTelemetry's semantic conventions, "Messaging
/// Spans" and "Kafka".
impl Record<'_> {
    /// `create TOPIC`: a producer's span for one record of a batch. The record carries the context of this span, and
    /// [`Batch::send`] links to it.
    pub fn create(&self) -> SpanBuilder {
        let mut attributes = attributes(&self.topic, "create", "create");
        self.client.server(&mut attributes);
        attributes.partition(self.partition);
        self.about(&mut attributes);
        span(&self.topic, "create", SpanKind::Producer, attributes)
    }

    /// `send TOPIC`: a producer's span. The record carries the context of this span.
    pub fn send(&self) -> SpanBuilder {
        span(&self.topic, "send", SpanKind::Producer, self.sent())
    }

    /// `send TOPIC` for a record that already carries another context, which is kept ([W4]). This span links to that
    /// context.
    ///
    #[doc = include_str!("rules.md")]
    pub fn send_created(&self, creation: &SpanContext) -> SpanBuilder {
        span(&self.topic, "send", SpanKind::Client, self.sent()).with_links(vec![link(creation)])
    }

    /// `process TOPIC`: a consumer's span. It links to the producer's span, if `received` has one.
    ///
    /// If you start it with `received`, it is also a child of the producer's span. If the consumer works inside a
    /// span of its own, start it as a child of that span; the link then leads to the producer.
    ///
    /// Pass the extracted context, or [`AdmittedContext::linked`](crate::AdmittedContext::linked) under a trust policy. A
    /// span of this process, such as an earlier attempt, is not linked: a link needs `SpanContext::is_remote`. So for a
    /// retry in memory, pass the same context again, and start the span with the context of the attempt before it.
    ///
    /// ```
    /// # use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
    /// # use tracebaton::{QueueTime, TimestampKind};
    /// # use tracebaton_opentelemetry::{Record, extract_trace_context};
    /// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
    /// # let headers: Vec<(String, Vec<u8>)> = Vec::new();
    /// let waited = QueueTime::between(1_000, TimestampKind::CreateTime, 1_250);
    /// let record = Record::new("orders").with_partition(2).with_offset(1729).with_queue_time(waited);
    /// let received = extract_trace_context(&headers);
    /// let span = record.process(&received).start_with_context(&tracer, &received);
    /// let _processing = received.with_span(span).attach();
    /// ```
    pub fn process(&self, received: &Context) -> SpanBuilder {
        let mut attributes = attributes(&self.topic, "process", "process");
        self.client.consumer(&mut attributes);
        self.position(&mut attributes);
        self.about(&mut attributes);
        attributes.queue_time(self.queue_time);
        let sender = received.span();
        let sender = Some(sender.span_context()).filter(|context| context.is_remote());
        let links = sender.map(link).into_iter().collect();
        span(&self.topic, "process", SpanKind::Consumer, attributes).with_links(links)
    }

    fn sent(&self) -> Attributes {
        let mut attributes = attributes(&self.topic, "send", "send");
        self.client.client(&mut attributes);
        self.position(&mut attributes);
        self.about(&mut attributes);
        attributes
    }
}

/// Spans of a whole batch, which follow the same conventions.
impl Batch<'_> {
    /// `send TOPIC`: a producer's span, with links to the spans of [`Record::create`]. Without links, the records
    /// carry the context of this span.
    pub fn send(&self, links: impl Into<Vec<Link>>) -> SpanBuilder {
        let links = links.into();
        let kind = if links.is_empty() { SpanKind::Producer } else { SpanKind::Client };
        let mut attributes = attributes(&self.topic, "send", "send");
        self.client.client(&mut attributes);
        self.span("send", kind, attributes, links)
    }

    /// `poll TOPIC`: a consumer's span for receiving these records.
    pub fn receive(&self, links: impl Into<Vec<Link>>) -> SpanBuilder {
        let mut attributes = attributes(&self.topic, "poll", "receive");
        self.client.consumer(&mut attributes);
        self.span("poll", SpanKind::Client, attributes, links.into())
    }

    /// `process TOPIC`: a consumer's span for processing all records together.
    pub fn process(&self, links: impl Into<Vec<Link>>) -> SpanBuilder {
        let mut attributes = attributes(&self.topic, "process", "process");
        self.client.consumer(&mut attributes);
        self.span("process", SpanKind::Consumer, attributes, links.into())
    }

    fn span(&self, name: &str, kind: SpanKind, mut attributes: Attributes, links: Vec<Link>) -> SpanBuilder {
        attributes.partition(self.partition);
        attributes.size(MESSAGING_BATCH_MESSAGE_COUNT, Some(self.message_count));
        span(&self.topic, name, kind, attributes).with_links(links)
    }
}

fn attributes(topic: &Topic<'_>, operation_name: &'static str, operation_type: &'static str) -> Attributes {
    let mut attributes = Attributes::default();
    attributes.add(MESSAGING_SYSTEM, Some("kafka"));
    attributes.add(MESSAGING_OPERATION_NAME, Some(operation_name));
    attributes.add(MESSAGING_OPERATION_TYPE, Some(operation_type));
    topic.of_span(&mut attributes);
    attributes
}

fn span(topic: &Topic<'_>, operation: &str, kind: SpanKind, attributes: Attributes) -> SpanBuilder {
    SpanBuilder::from_name(format!("{operation} {}", topic.low_cardinality_name()))
        .with_kind(kind)
        .with_attributes(Vec::from(attributes))
}

fn link(context: &SpanContext) -> Link {
    Link::with_context(context.clone())
}

/// Sets the partition and offset that the broker gave to the record of a producer's span.
///
/// ```
/// # use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
/// # use tracebaton_opentelemetry::{Record, acknowledged, failed};
/// # let tracer = opentelemetry_sdk::trace::SdkTracerProvider::default().tracer("doc");
/// # let context = opentelemetry::Context::current_with_span(Record::new("orders").send().start(&tracer));
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

/// Marks a span as failed.
///
/// `error_type` must be one of a small set of names, such as `UNKNOWN_TOPIC_OR_PARTITION`. The description is for
/// people.
pub fn failed(span: &SpanRef<'_>, error_type: impl Into<StringValue>, description: impl Into<String>) {
    span.set_attribute(KeyValue::new(ERROR_TYPE, error_type.into()));
    span.set_status(Status::error(description.into()));
}
