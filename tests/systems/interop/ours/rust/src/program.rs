//! The commands of the program, done with `inject_context` and `extract`.

use anyhow::{Result, anyhow};
use opentelemetry::trace::{Link, SpanBuilder, SpanKind, TraceContextExt, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use opentelemetry_semantic_conventions::attribute::*;
use rdkafka::config::ClientConfig;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Message, OwnedHeaders};
use rdkafka::producer::BaseRecord;
use std::time::SystemTime;
use tracebaton::TimestampKind;
use tracebaton_interop::contexts;
use tracebaton_interop::kafka::{self, EndSpan, Sender};
use tracebaton_interop::protocol::{self as protocol, Consumed, Produced, Program, Received, Record};
use tracebaton_interop::protocol::{Relation, Relayed, Sent};
use tracebaton_interop::telemetry::{self, Finished, LOG_APPEND_TIME, QUEUE_TIME, TIMESTAMP_TYPE};
use tracebaton_opentelemetry::Propagators;

/// One service.
pub struct Ours {
    client: ClientConfig,
    sender: Sender,
    tracer: SdkTracer,
    finished: Finished,
    _provider: SdkTracerProvider,
}

impl Ours {
    /// A service with its own SDK and producer.
    pub fn new(brokers: String, service: String) -> Result<Self> {
        let client = kafka::client(&brokers, &service);
        let finished = Finished::default();
        let provider = telemetry::provider(service, &finished);
        Ok(Self {
            sender: client.create_with_context(EndSpan::default())?,
            client,
            tracer: provider.tracer("interop"),
            finished,
            _provider: provider,
        })
    }

    /// Produces a record with a span that is a child of this context. Returns the injected context.
    fn send(
        &self,
        (topic, key, value): (&str, &[u8], &[u8]),
        mut headers: OwnedHeaders,
        context: &Context,
    ) -> Result<protocol::Context> {
        let span = span("send", topic, SpanKind::Producer, key);
        let begins = !context.span().span_context().is_valid();
        let context = context.with_span(span.start_with_context(&self.tracer, context));
        let mut outgoing = tracebaton_opentelemetry::inject_context(&context);
        if begins {
            // The SDK generates random ids, but does not set the random flag.
            outgoing = outgoing.with_random(true);
        }
        tracebaton_rdkafka::inject(&outgoing.injection(), &mut headers)?;
        let record = BaseRecord::with_opaque_to(topic, Box::new(context)).key(key).payload(value);
        self.sender.send(record.headers(headers)).map_err(|(error, _)| anyhow!("cannot send: {error}"))?;
        contexts::answer(&outgoing.context())
    }

    /// The context of a record's processing span, which is a child of its parent and linked to it.
    fn start_processing(&self, topic: &str, message: &BorrowedMessage<'_>) -> Context {
        let consumed = SystemTime::now();
        let received = Propagators::W3C.extract(&Context::new(), tracebaton_rdkafka::headers(message));
        let parent = received.span().span_context().clone();
        let links = parent.is_valid().then(|| vec![Link::with_context(parent)]);
        let mut span = span("process", topic, SpanKind::Consumer, message.key().unwrap_or_default());
        span = span.with_start_time(consumed).with_links(links.unwrap_or_default());
        if let Some(waited) = tracebaton_rdkafka::queue_time(message, consumed) {
            let kind = match waited.kind {
                TimestampKind::LogAppendTime => LOG_APPEND_TIME,
                _ => "create_time",
            };
            span.attributes.get_or_insert_default().extend([
                KeyValue::new(QUEUE_TIME, waited.milliseconds),
                KeyValue::new(TIMESTAMP_TYPE, kind),
            ]);
        }
        received.with_span(span.start_with_context(&self.tracer, &received))
    }
}

fn span(operation: &'static str, topic: &str, kind: SpanKind, key: &[u8]) -> SpanBuilder {
    SpanBuilder::from_name(format!("{operation} {topic}")).with_kind(kind).with_attributes([
        KeyValue::new(MESSAGING_SYSTEM, "kafka"),
        KeyValue::new(MESSAGING_OPERATION_NAME, operation),
        KeyValue::new(MESSAGING_DESTINATION_NAME, topic.to_owned()),
        KeyValue::new(MESSAGING_KAFKA_MESSAGE_KEY, String::from_utf8_lossy(key).into_owned()),
    ])
}

fn received(message: &BorrowedMessage<'_>) -> Result<Received> {
    Ok(Received {
        key: String::from_utf8_lossy(message.key().unwrap_or_default()).into_owned(),
        context: contexts::answer(&tracebaton_rdkafka::extract(message).context())?,
        relation: Some(Relation::Parent),
    })
}

impl Program for Ours {
    fn produce(&mut self, topic: &str, records: &[Record]) -> Result<Produced> {
        self.finished.take();
        let mut produced = Vec::new();
        for Record { key, value, context } in records {
            let parent = contexts::with_codec(context, |context| {
                tracebaton_opentelemetry::with_received(&Context::new(), context)
            })?;
            let record = (topic, key.as_bytes(), value.as_bytes());
            let context = self.send(record, OwnedHeaders::new(), &parent)?;
            produced.push(Sent { key: key.clone(), context: Some(context) });
        }
        kafka::finish(&self.sender)?;
        Ok(Produced { produced, spans: self.finished.take() })
    }

    fn consume(&mut self, topic: &str, count: usize) -> Result<Consumed> {
        let mut consumed = Vec::new();
        kafka::read(&self.client, topic, count, |message| {
            let _processing = self.start_processing(topic, message);
            consumed.push(received(message)?);
            Ok(())
        })?;
        Ok(Consumed { consumed })
    }

    fn relay(&mut self, from: &str, to: &str, count: usize) -> Result<Relayed> {
        self.finished.take();
        let mut relayed = Vec::new();
        kafka::read(&self.client, from, count, |message| {
            let processing = self.start_processing(from, message);
            let headers = message.headers().map_or_else(OwnedHeaders::new, BorrowedHeaders::detach);
            let (key, value) = (message.key().unwrap_or_default(), message.payload().unwrap_or_default());
            self.send((to, key, value), headers, &processing)?;
            processing.span().end();
            relayed.push(received(message)?);
            Ok(())
        })?;
        kafka::finish(&self.sender)?;
        Ok(Relayed { relayed, spans: self.finished.take() })
    }
}
