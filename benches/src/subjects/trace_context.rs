//! The peer `trace-context`.

use super::{Kind, Subject, find};
use crate::cell::{Buffer, Cell, Outcome};
use crate::fixture::Record;
use crate::works::Task;
use http::{HeaderMap, HeaderValue};
use trace_context::TraceContext;
use tracebaton::SpanContext;

pub const SUBJECT: Subject = Subject {
    name: "trace-context",
    kind: Kind::Peer,
    remark: "Only traceparent; has no tracestate and no baggage. It reads an http::HeaderMap, which is \
             made beforehand and not counted, and writes into a new one, with a trace id in decimal digits.",
    partly: &["E1", "E3", "I1"],
    cell,
};

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Extract(records) => {
            Cell::new(records.iter().map(map).collect(), extract, |found, _| show(found))
        }
        Task::Format(spans) | Task::Inject(spans) => {
            Cell::new(spans.iter().map(context).collect(), inject, |_, _| Outcome::default())
        }
        _ => return None,
    })
}

/// The headers that it reads from a record, without one that would make it panic.
fn map(record: &Record) -> HeaderMap {
    let mut map = HeaderMap::new();
    let names = ["content-type", "schema-id", "correlation-id", "event-type", "source", "traceparent"];
    for name in names {
        if let Some(Ok(value)) = find(record, name).map(HeaderValue::from_str) {
            map.insert(name, value);
        }
    }
    map
}

fn context(span: &SpanContext<'_>) -> TraceContext {
    let value = span.traceparent().format();
    let mut map = HeaderMap::new();
    map.insert("traceparent", HeaderValue::from_bytes(&value).expect("ASCII"));
    TraceContext::extract(&map).expect("valid")
}

fn extract(headers: &'static HeaderMap, _: &mut Buffer) -> Option<TraceContext> {
    TraceContext::extract(headers).ok()
}

fn inject(context: &TraceContext, _: &mut Buffer) -> HeaderMap {
    let mut headers = HeaderMap::new();
    context.inject(&mut headers);
    headers
}

fn show(found: &Option<TraceContext>) -> Outcome {
    let Some((found, span_id)) = found.as_ref().and_then(|found| Some((found, found.parent_id()?))) else {
        return Outcome::default();
    };
    Outcome {
        trace_id: Some(found.trace_id().to_be_bytes()),
        span_id: Some(span_id.to_be_bytes()),
        is_sampled: Some(found.sampled()),
        ..Outcome::default()
    }
}
