//! A trace as Jaeger's query API tells it, and as the demo's own spans.

use anyhow::{Context, Result, bail, ensure};
use pipeline::spans::{Kind, Nanoseconds, Record, Span};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use tracebaton::{QueueTime, SpanId, TimestampKind, TraceId};

const MICROSECOND: Nanoseconds = 1_000;

/// What every order leaves, from parent to child.
const WAY: [(&str, &str, Kind); 7] = [
    ("checkout", "place order", Kind::Internal),
    ("checkout", "send orders", Kind::Producer),
    ("payment", "process orders", Kind::Consumer),
    ("payment", "send payments", Kind::Producer),
    ("packing", "process payments", Kind::Consumer),
    ("packing", "send parcels", Kind::Producer),
    ("shipping", "process parcels", Kind::Consumer),
];

/// One trace.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    spans: Vec<Reported>,
    processes: HashMap<String, Process>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process {
    service_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reported {
    #[serde(rename = "traceID")]
    trace_id: String,
    #[serde(rename = "spanID")]
    span_id: String,
    operation_name: String,
    references: Vec<Reference>,
    /// Microseconds since the Unix epoch.
    start_time: i64,
    duration: i64,
    tags: Vec<Tag>,
    #[serde(rename = "processID")]
    process_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    ref_type: String,
    #[serde(rename = "traceID")]
    trace_id: String,
    #[serde(rename = "spanID")]
    span_id: String,
}

#[derive(Deserialize)]
struct Tag {
    key: String,
    value: Value,
}

impl Trace {
    /// Its spans as the demo has them; an error names what is missing.
    pub fn spans(&self) -> Result<Vec<Span>> {
        self.spans.iter().map(|span| self.span(span).with_context(|| span.operation_name.clone())).collect()
    }

    fn span(&self, span: &Reported) -> Result<Span> {
        let service = &self.processes.get(&span.process_id).context("it is of no service")?.service_name;
        let parent = span.references.iter().find(|reference| reference.ref_type == "CHILD_OF");
        let parent = parent.map(|parent| {
            ensure!(parent.trace_id == span.trace_id, "its parent is of trace {}", parent.trace_id);
            SpanId::from_hex(parent.span_id.as_bytes()).context("its parent's id is none")
        });
        let kind = match span.text("span.kind").as_deref() {
            Ok("internal") => Kind::Internal,
            Ok("producer") => Kind::Producer,
            Ok("consumer") => Kind::Consumer,
            other => bail!("its kind is {other:?}"),
        };
        let start = span.start_time * MICROSECOND;
        Ok(Span {
            trace_id: TraceId::from_hex(span.trace_id.as_bytes()).context("its trace's id is none")?,
            span_id: SpanId::from_hex(span.span_id.as_bytes()).context("its id is none")?,
            parent: parent.transpose()?,
            service: service.clone(),
            language: String::new(),
            name: span.operation_name.clone(),
            kind,
            start,
            end: start + span.duration * MICROSECOND,
            record: (kind != Kind::Internal).then(|| span.record(kind)).transpose()?,
        })
    }

    /// An error unless this is one order's whole way, each span the child of the one before, told alike by every service.
    pub fn check(&self) -> Result<()> {
        let spans = self.spans()?;
        let (mut way, mut parent) = (Vec::new(), None);
        while let Some(span) = spans.iter().find(|span| span.parent == parent) {
            way.push((span.service.as_str(), span.name.as_str(), span.kind));
            parent = Some(span.span_id);
        }
        ensure!(way == WAY, "the way from parent to child is {way:?}");
        ensure!(spans.len() == WAY.len(), "it has {} spans instead of {}", spans.len(), WAY.len());
        for span in &self.spans {
            let state = span.text("w3c.tracestate")?;
            ensure!(state == "ot=th:0", "{} has the tracestate {state}", span.operation_name);
        }
        Ok(())
    }
}

impl Reported {
    fn record(&self, kind: Kind) -> Result<Record> {
        for name in ["messaging.kafka.offset", "messaging.destination.partition.id"] {
            self.tag(name)?;
        }
        let queue_time = match kind {
            Kind::Consumer => Some(QueueTime {
                milliseconds: self
                    .tag("kafka.record.queue_time_ms")?
                    .as_i64()
                    .context("its queue time is no number")?,
                kind: match self.text("kafka.record.timestamp_type")?.as_str() {
                    "create_time" => TimestampKind::CreateTime,
                    "log_append_time" => TimestampKind::LogAppendTime,
                    other => bail!("its timestamp is {other}"),
                },
            }),
            _ => None,
        };
        Ok(Record {
            topic: self.text("messaging.destination.name")?,
            key: self.text("messaging.kafka.message.key")?,
            queue_time,
        })
    }

    fn text(&self, name: &str) -> Result<String> {
        Ok(self.tag(name)?.as_str().with_context(|| format!("{name} is no text"))?.to_owned())
    }

    fn tag(&self, name: &str) -> Result<&Value> {
        let tag =
            self.tags.iter().find(|tag| tag.key == name).with_context(|| format!("it has no {name}"))?;
        Ok(&tag.value)
    }
}
