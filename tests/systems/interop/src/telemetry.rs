//! The SDK. Its finished spans are kept for the answer to the command that made them.

use crate::protocol::{Kind, Link, Span, TimestampType};
use opentelemetry::Value;
use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use opentelemetry_semantic_conventions::attribute::{
    MESSAGING_DESTINATION_NAME, MESSAGING_KAFKA_MESSAGE_KEY,
};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The queue time of a record in milliseconds, negative if the clock of the timestamp is far ahead (C7).
pub const QUEUE_TIME: &str = "kafka.record.queue_time_ms";
/// The kind of the timestamp that the queue time is based on.
pub const TIMESTAMP_TYPE: &str = "kafka.record.timestamp_type";
/// The timestamp type of a broker's clock.
pub const LOG_APPEND_TIME: &str = "log_append_time";

/// The spans that have finished.
#[derive(Clone, Debug, Default)]
pub struct Finished(Arc<Mutex<Vec<Span>>>);

impl Finished {
    /// All spans since the last call.
    pub fn take(&self) -> Vec<Span> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SpanExporter for Finished {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(batch.iter().map(span));
        Ok(())
    }
}

/// A tracer provider with the common sampler, which follows the parent's decision.
pub fn provider(service: String, finished: &Finished) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_resource(Resource::builder_empty().with_service_name(service).build())
        .with_simple_exporter(finished.clone())
        .build()
}

fn span(data: &SpanData) -> Span {
    let attribute =
        |name: &str| data.attributes.iter().find(|pair| pair.key.as_str() == name).map(|pair| &pair.value);
    let text = |name| attribute(name).map(|value| value.as_str().into_owned());
    let queue_time_ms = match attribute(QUEUE_TIME) {
        Some(Value::I64(milliseconds)) => Some(*milliseconds),
        _ => None,
    };
    let parent = data.parent_span_id;
    Span {
        trace_id: data.span_context.trace_id().to_string(),
        span_id: data.span_context.span_id().to_string(),
        parent: (parent != opentelemetry::SpanId::INVALID).then(|| parent.to_string()),
        links: data.links.iter().map(link).collect(),
        name: data.name.clone().into_owned(),
        kind: kind(&data.span_kind),
        start_us: since_epoch(data.start_time),
        end_us: since_epoch(data.end_time),
        topic: text(MESSAGING_DESTINATION_NAME),
        key: text(MESSAGING_KAFKA_MESSAGE_KEY),
        queue_time_ms,
        timestamp_type: queue_time_ms.map(|_| match text(TIMESTAMP_TYPE).as_deref() {
            Some(LOG_APPEND_TIME) => TimestampType::LogAppendTime,
            _ => TimestampType::CreateTime,
        }),
    }
}

fn link(link: &opentelemetry::trace::Link) -> Link {
    let context = &link.span_context;
    Link { trace_id: context.trace_id().to_string(), span_id: context.span_id().to_string() }
}

fn kind(kind: &SpanKind) -> Kind {
    match kind {
        SpanKind::Producer => Kind::Producer,
        SpanKind::Consumer => Kind::Consumer,
        SpanKind::Client => Kind::Client,
        _ => Kind::Internal,
    }
}

fn since_epoch(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}
