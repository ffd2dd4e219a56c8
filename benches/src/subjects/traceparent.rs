//! The peer `traceparent`.

use super::tracebaton::show_written;
use super::{Kind, Subject, find};
use crate::cell::{Buffer, Cell, Outcome};
use crate::fixture::Record;
use crate::works::Task;
use std::io::Write;
use tracebaton::SpanContext;
use traceparent::Traceparent;

pub const SUBJECT: Subject = Subject {
    name: "traceparent",
    kind: Kind::Peer,
    remark: "Only traceparent; has no tracestate and no baggage. Written into a buffer with write!.",
    partly: &["E1", "E3", "I1"],
    cell,
};

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Parse(values) => Cell::new(values.clone(), parse, |parent, _| show(parent)),
        Task::Format(spans) => Cell::new(spans.iter().map(parent).collect(), write, show_written),
        Task::Extract(records) => Cell::new(records.clone(), extract, |parent, _| show(parent)),
        Task::Inject(spans) => Cell::new(spans.iter().map(parent).collect(), write, show_written),
        _ => return None,
    })
}

fn parent(span: &SpanContext<'_>) -> Traceparent {
    let value = span.traceparent().format();
    traceparent::parse(std::str::from_utf8(&value).expect("ASCII")).expect("valid")
}

fn parse(value: &&'static str, _: &mut Buffer) -> Option<Traceparent> {
    traceparent::parse(value).ok()
}

fn extract(record: &'static Record, _: &mut Buffer) -> Option<Traceparent> {
    traceparent::parse(find(record, "traceparent")?).ok()
}

fn write(parent: &Traceparent, buffer: &mut Buffer) -> usize {
    let mut rest = &mut buffer[..];
    let _ = write!(rest, "{parent}");
    size_of::<Buffer>() - rest.len()
}

fn show(parent: &Option<Traceparent>) -> Outcome {
    let parent = parent.as_ref();
    Outcome {
        trace_id: parent.map(|parent| parent.trace_id().to_be_bytes()),
        span_id: parent.map(|parent| parent.parent_id().to_be_bytes()),
        is_sampled: parent.map(Traceparent::sampled),
        ..Outcome::default()
    }
}
