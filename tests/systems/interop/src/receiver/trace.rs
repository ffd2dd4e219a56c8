//! The traces in a backend, and their expected spans.

use anyhow::{Context, Result, bail, ensure};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{self as otlp, TracesData};
use pipeline::spans::{Kind, Nanoseconds, Record, Span};
use std::collections::BTreeMap;
use tracebaton::{QueueTime, SpanId, TimestampKind, TraceId};

/// The spans of every order, from parent to child.
const WAY: [(&str, &str, Kind); 7] = [
    ("checkout", "place order", Kind::Internal),
    ("checkout", "send orders", Kind::Producer),
    ("payment", "process orders", Kind::Consumer),
    ("payment", "send payments", Kind::Producer),
    ("packing", "process payments", Kind::Consumer),
    ("packing", "send parcels", Kind::Producer),
    ("shipping", "process parcels", Kind::Consumer),
];

/// The spans of one trace, each with its service.
#[derive(Default)]
pub struct Trace(Vec<(String, otlp::Span)>);

impl Trace {
    /// All traces in an answer.
    pub fn all(answer: TracesData) -> Vec<Self> {
        let mut traces = BTreeMap::<_, Self>::new();
        for resource in answer.resource_spans {
            let service = resource.resource.as_ref().and_then(|it| find(&it.attributes, "service.name"));
            let service = service.map(text).unwrap_or_default();
            for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                traces.entry(span.trace_id.clone()).or_default().0.push((service.clone(), span));
            }
        }
        traces.into_values().collect()
    }

    /// Checks that the trace is a whole order: each span is the child of the one before, and the services' reports
    /// agree.
    pub fn check(&self) -> Result<()> {
        let spans = self.spans()?;
        let (mut way, mut parent) = (Vec::new(), None);
        while let Some(span) = spans.iter().find(|span| span.parent == parent) {
            way.push((span.service.as_str(), span.name.as_str(), span.kind));
            parent = Some(span.span_id);
        }
        ensure!(way == WAY, "from parent to child it has {way:?}");
        ensure!(spans.len() == WAY.len(), "it has {} spans instead of {}", spans.len(), WAY.len());
        for (service, span) in &self.0 {
            let name = &span.name;
            ensure!(span.trace_state == "ot=th:0", "{name} has the tracestate {:?}", span.trace_state);
            // Sampled and random. The SDK of the service that begins the trace does not set the random flag.
            let flags = if service == "checkout" { 1 } else { 3 };
            ensure!(span.flags & 0xff == flags, "{name} has the flags {:#x}", span.flags);
            let linked: Vec<&[u8]> = span.links.iter().map(|link| link.span_id.as_slice()).collect();
            let expected =
                if span.kind() == SpanKind::Consumer { vec![span.parent_span_id.as_slice()] } else { vec![] };
            ensure!(linked == expected, "{name} is linked to {linked:02x?}");
        }
        Ok(())
    }

    /// Its spans in the demo's form; the error names what is missing.
    pub fn spans(&self) -> Result<Vec<Span>> {
        self.0.iter().map(|(service, it)| span(service, it).with_context(|| it.name.clone())).collect()
    }
}

fn span(service: &str, it: &otlp::Span) -> Result<Span> {
    let kind = match it.kind() {
        SpanKind::Internal => Kind::Internal,
        SpanKind::Producer => Kind::Producer,
        SpanKind::Consumer => Kind::Consumer,
        other => bail!("its kind is {other:?}"),
    };
    let id =
        |bytes: &[u8]| bytes.try_into().ok().and_then(SpanId::from_bytes).context("it has an invalid id");
    let trace_id = it.trace_id.as_slice().try_into().ok().and_then(TraceId::from_bytes);
    let parent = Some(&it.parent_span_id).filter(|parent| !parent.is_empty());
    Ok(Span {
        trace_id: trace_id.context("the id of its trace is invalid")?,
        span_id: id(&it.span_id)?,
        parent: parent.map(|parent| id(parent)).transpose()?,
        service: service.to_owned(),
        language: String::new(),
        name: it.name.clone(),
        kind,
        start: it.start_time_unix_nano as Nanoseconds,
        end: it.end_time_unix_nano as Nanoseconds,
        record: (kind != Kind::Internal).then(|| record(it, kind)).transpose()?,
    })
}

fn record(it: &otlp::Span, kind: Kind) -> Result<Record> {
    let attribute =
        |name: &str| find(&it.attributes, name).cloned().with_context(|| format!("it has no {name}"));
    let number = |name: &str| match attribute(name)? {
        Value::IntValue(number) => Ok(number),
        other => bail!("its {name} is {other:?}"),
    };
    number("messaging.kafka.offset")?;
    attribute("messaging.destination.partition.id")?;
    let mut queue_time = None;
    if kind == Kind::Consumer {
        let kind = match text(&attribute("kafka.record.timestamp_type")?).as_str() {
            "create_time" => TimestampKind::CreateTime,
            "log_append_time" => TimestampKind::LogAppendTime,
            other => bail!("its timestamp is {other}"),
        };
        queue_time = Some(QueueTime { milliseconds: number("kafka.record.queue_time_ms")?, kind });
    }
    Ok(Record {
        topic: text(&attribute("messaging.destination.name")?),
        key: text(&attribute("messaging.kafka.message.key")?),
        queue_time,
    })
}

fn find<'a>(
    attributes: &'a [opentelemetry_proto::tonic::common::v1::KeyValue],
    name: &str,
) -> Option<&'a Value> {
    attributes.iter().find(|attribute| attribute.key == name)?.value.as_ref()?.value.as_ref()
}

fn text(value: &Value) -> String {
    match value {
        Value::StringValue(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
