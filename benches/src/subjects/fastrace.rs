//! The peer `fastrace`.

use super::tracebaton::{show_written, written};
use super::{Kind, Subject, find};
use crate::cell::{Buffer, Cell, Outcome};
use crate::fixture::Record;
use crate::works::Task;
use fastrace::collector::{SpanContext, SpanId, TraceId};

pub const SUBJECT: Subject = Subject {
    name: "fastrace",
    kind: Kind::Peer,
    remark: "Only traceparent; has no tracestate and no baggage.",
    partly: &["E1", "E3", "I1"],
    cell,
};

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Parse(values) => Cell::new(values.clone(), parse, |span, _| show(span)),
        Task::Format(spans) => {
            Cell::new(spans.iter().map(context).collect(), format, |value, _| written(value.as_bytes()))
        }
        Task::Extract(records) => Cell::new(records.clone(), extract, |span, _| show(span)),
        Task::Inject(spans) => Cell::new(spans.iter().map(context).collect(), inject, show_written),
        _ => return None,
    })
}

fn context(span: &tracebaton::SpanContext<'_>) -> SpanContext {
    let trace_id = TraceId(u128::from_be_bytes(span.trace_id.to_bytes()));
    let span_id = SpanId(u64::from_be_bytes(span.span_id.to_bytes()));
    SpanContext::new(trace_id, span_id).sampled(span.trace_flags.is_sampled())
}

fn parse(value: &&'static str, _: &mut Buffer) -> Option<SpanContext> {
    SpanContext::decode_w3c_traceparent(value)
}

fn format(span: &SpanContext, _: &mut Buffer) -> String {
    span.encode_w3c_traceparent()
}

fn extract(record: &'static Record, _: &mut Buffer) -> Option<SpanContext> {
    SpanContext::decode_w3c_traceparent(find(record, "traceparent")?)
}

fn inject(span: &SpanContext, buffer: &mut Buffer) -> usize {
    let value = span.encode_w3c_traceparent();
    buffer[..value.len()].copy_from_slice(value.as_bytes());
    value.len()
}

fn show(span: &Option<SpanContext>) -> Outcome {
    Outcome {
        trace_id: span.map(|span| span.trace_id.0.to_be_bytes()),
        span_id: span.map(|span| span.span_id.0.to_be_bytes()),
        is_sampled: span.map(|span| span.sampled),
        ..Outcome::default()
    }
}
