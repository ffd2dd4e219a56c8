//! A service with OpenTelemetry's SDK, a consumer and a producer.

use crate::context::{from_protocol, to_protocol};
use crate::headers::{HeaderExtractor, HeaderInjector};
use crate::span::{receive_attributes, send_attributes};
use anyhow::{Result, anyhow};
use opentelemetry::trace::{SpanKind, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, global};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use rdkafka::config::ClientConfig;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Message, OwnedHeaders};
use rdkafka::producer::BaseRecord;
use tracebaton_interop::kafka::{self, EndSpan, PATIENCE, Sender};
use tracebaton_interop::protocol::{Consumed, Produced, Program, Received, Record, Relation, Relayed, Sent};
use tracebaton_interop::telemetry::{self, Finished};

/// A service.
pub struct Service {
    tracer: SdkTracer,
    spans: Finished,
    client: ClientConfig,
    producer: Sender,
    _provider: SdkTracerProvider,
}

impl Service {
    /// A service of this name.
    pub fn new(brokers: &str, name: &str) -> Result<Self> {
        let spans = Finished::default();
        let provider = telemetry::provider(name.to_owned(), &spans);
        let mut client = ClientConfig::new();
        client.set("bootstrap.servers", brokers).set("client.id", name);
        let producer = client
            .clone()
            .set("enable.idempotence", "true")
            .set("message.timeout.ms", PATIENCE.as_millis().to_string())
            .create_with_context(EndSpan::default())?;
        client.set("group.id", name).set("enable.auto.commit", "false");
        Ok(Self { tracer: provider.tracer("opentelemetry"), spans, client, producer, _provider: provider })
    }

    /// What an earlier command that failed still had to send is not of the next.
    fn begin(&self) {
        // How that ended is no longer asked.
        let _ = kafka::finish(&self.producer);
        self.spans.take();
    }

    fn start_processing(&self, message: &BorrowedMessage<'_>, received: &Context) -> Context {
        let span = self
            .tracer
            .span_builder(format!("process {}", message.topic()))
            .with_kind(SpanKind::Consumer)
            .with_attributes(receive_attributes(message))
            .start_with_context(&self.tracer, received);
        received.with_span(span)
    }

    /// Sends a record in a span of the current context, which ends when the broker has it.
    fn send(&self, topic: &str, key: &[u8], value: &[u8], mut headers: OwnedHeaders) -> Result<Context> {
        let span = self
            .tracer
            .span_builder(format!("send {topic}"))
            .with_kind(SpanKind::Producer)
            .with_attributes(send_attributes(topic, key))
            .start(&self.tracer);
        let context = Context::current_with_span(span);
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&context, &mut HeaderInjector(&mut headers));
        });
        let record = BaseRecord::with_opaque_to(topic, Box::new(context.clone())).key(key).payload(value);
        self.producer
            .send(record.headers(headers))
            .map_err(|(error, _)| anyhow!("sending to {topic}: {error}"))?;
        Ok(context)
    }
}

impl Program for Service {
    fn produce(&mut self, topic: &str, records: &[Record]) -> Result<Produced> {
        self.begin();
        let mut produced = Vec::with_capacity(records.len());
        for record in records {
            let _current = from_protocol(&record.context)?.attach();
            let sent =
                self.send(topic, record.key.as_bytes(), record.value.as_bytes(), OwnedHeaders::new())?;
            produced.push(Sent { key: record.key.clone(), context: Some(to_protocol(&sent)) });
        }
        kafka::finish(&self.producer)?;
        Ok(Produced { produced, spans: self.spans.take() })
    }

    fn consume(&mut self, topic: &str, count: usize) -> Result<Consumed> {
        let mut consumed = Vec::with_capacity(count);
        kafka::read(&self.client, topic, count, |message| {
            let received = extract(message);
            let processing = self.start_processing(message, &received);
            consumed.push(report(message, &received, &processing));
            processing.span().end();
            Ok(())
        })?;
        Ok(Consumed { consumed })
    }

    fn relay(&mut self, from: &str, to: &str, count: usize) -> Result<Relayed> {
        self.begin();
        let mut relayed = Vec::with_capacity(count);
        kafka::read(&self.client, from, count, |message| {
            let received = extract(message);
            let processing = self.start_processing(message, &received);
            relayed.push(report(message, &received, &processing));
            let _current = processing.clone().attach();
            let headers = message.headers().map(BorrowedHeaders::detach).unwrap_or_default();
            let (key, value) = (message.key().unwrap_or_default(), message.payload().unwrap_or_default());
            self.send(to, key, value, headers)?;
            processing.span().end();
            Ok(())
        })?;
        kafka::finish(&self.producer)?;
        Ok(Relayed { relayed, spans: self.spans.take() })
    }
}

fn extract(message: &BorrowedMessage<'_>) -> Context {
    let Some(headers) = message.headers() else { return Context::new() };
    global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &HeaderExtractor(headers))
    })
}

fn report(message: &BorrowedMessage<'_>, received: &Context, processing: &Context) -> Received {
    let trace_id = |context: &Context| context.span().span_context().trace_id();
    let relation = match received.span().span_context().is_valid() {
        true if trace_id(received) == trace_id(processing) => Relation::Parent,
        true => Relation::Link,
        false => Relation::None,
    };
    let key = String::from_utf8_lossy(message.key().unwrap_or_default()).into_owned();
    Received { key, context: to_protocol(received), relation: Some(relation) }
}
