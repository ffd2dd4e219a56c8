//! An OpenTelemetry SDK for each service, which reports to the store of the run, and to a receiver if there is one.

use crate::service::Run;
use crate::spans::{Kind, Nanoseconds, Record, Span, SpanStore};
use opentelemetry::trace::{Link, SpanKind, TraceContextExt, TraceId, TraceState};
use opentelemetry::{Context, Key, KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchSpanProcessor, SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample, SpanData,
    SpanExporter, SpanProcessor,
};
use opentelemetry_semantic_conventions::attribute::{
    MESSAGING_DESTINATION_NAME, MESSAGING_DESTINATION_TEMPLATE, MESSAGING_KAFKA_MESSAGE_KEY, SERVICE_NAME,
};
use std::time::{SystemTime, UNIX_EPOCH};
use tracebaton::{QueueTime, SpanId, TimestampKind};
use tracebaton_opentelemetry::{QUEUE_TIME, TIMESTAMP_TYPE};

/// The tracer provider of one service.
pub fn provider(service: &'static str, run: &Run) -> SdkTracerProvider {
    let resource = resource(service);
    let builder = SdkTracerProvider::builder()
        .with_resource(resource.clone())
        .with_sampler(AlwaysSample)
        .with_simple_exporter(StoreExporter { service: String::new(), store: run.store.clone() });
    match run.receiver.as_ref().and_then(|receiver| receiver.processor(&resource)) {
        Some(processor) => builder.with_span_processor(processor).build(),
        None => builder.build(),
    }
}

/// Common data of the spans and metrics of one service.
pub fn resource(service: &'static str) -> Resource {
    Resource::builder_empty().with_service_name(service).build()
}

/// Reports the spans of a service without an SDK: the one in C.
pub struct Reporter {
    service: &'static str,
    store: SpanStore,
    processor: Option<BatchSpanProcessor>,
}

impl Reporter {
    /// Creates the reporter of this service.
    pub fn of(service: &'static str, run: &Run) -> Self {
        let processor = run.receiver.as_ref().and_then(|receiver| receiver.processor(&resource(service)));
        Self { service, store: run.store.clone(), processor }
    }

    /// Reports finished spans.
    pub fn report(&self, spans: impl IntoIterator<Item = SpanData>) {
        for span in spans {
            self.store.report(to_span(self.service, "C", &span));
            if let Some(processor) = &self.processor {
                processor.on_end(span);
            }
        }
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        // The receiver's outcome reports spans that were not received in time.
        let _ = self.processor.as_ref().map(SpanProcessor::shutdown);
    }
}

/// Samples every trace, and states the probability 1 for later services: `ot=th:0` in OpenTelemetry's tracestate.
#[derive(Clone, Debug)]
struct AlwaysSample;

impl ShouldSample for AlwaysSample {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let parent =
            parent.map(|parent| parent.span().span_context().clone()).filter(|parent| parent.is_valid());
        let trace_state = match parent {
            Some(parent) => parent.trace_state().clone(),
            None => TraceState::from_key_value([("ot", "th:0")]).unwrap_or_default(),
        };
        SamplingResult { decision: SamplingDecision::RecordAndSample, attributes: Vec::new(), trace_state }
    }
}

#[derive(Debug)]
struct StoreExporter {
    service: String,
    store: SpanStore,
}

impl SpanExporter for StoreExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.store.report(batch.iter().filter_map(|data| to_span(&self.service, "Rust", data)));
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.service = resource.get(&Key::new(SERVICE_NAME)).map(|name| name.to_string()).unwrap_or_default();
    }
}

fn to_span(service: &str, language: &str, data: &SpanData) -> Option<Span> {
    let ids = tracebaton_opentelemetry::from_ids(&data.span_context)?;
    Some(Span {
        trace_id: ids.trace_id,
        span_id: ids.span_id,
        parent: SpanId::from_bytes(data.parent_span_id.to_bytes()),
        service: service.to_owned(),
        language: language.to_owned(),
        name: data.name.clone().into_owned(),
        kind: match data.span_kind {
            SpanKind::Producer => Kind::Producer,
            SpanKind::Consumer => Kind::Consumer,
            _ => Kind::Internal,
        },
        start: since_epoch(data.start_time),
        end: since_epoch(data.end_time),
        record: record(data),
    })
}

fn record(data: &SpanData) -> Option<Record> {
    let attribute =
        |name: &str| data.attributes.iter().find(|pair| pair.key.as_str() == name).map(|pair| &pair.value);
    let topic =
        attribute(MESSAGING_DESTINATION_TEMPLATE).or_else(|| attribute(MESSAGING_DESTINATION_NAME))?;
    let kind = match attribute(TIMESTAMP_TYPE).map(Value::as_str).as_deref() {
        Some("log_append_time") => TimestampKind::LogAppendTime,
        _ => TimestampKind::CreateTime,
    };
    let queue_time = match attribute(QUEUE_TIME) {
        Some(Value::I64(milliseconds)) => Some(QueueTime { milliseconds: *milliseconds, kind }),
        _ => None,
    };
    let key = attribute(MESSAGING_KAFKA_MESSAGE_KEY).map(Value::to_string).unwrap_or_default();
    Some(Record { topic: topic.to_string(), key, queue_time })
}

fn since_epoch(time: SystemTime) -> Nanoseconds {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as Nanoseconds)
}
