//! The peer `emit_traceparent`.

use super::tracebaton::show_written;
use super::{Kind, Subject, find};
use crate::cell::{Buffer, Cell, Outcome};
use crate::fixture::Record;
use crate::works::Task;
use emit_traceparent::{TraceFlags, Traceparent, Tracestate};
use std::io::Write;
use tracebaton::SpanContext;

pub const SUBJECT: Subject = Subject {
    name: "emit_traceparent",
    kind: Kind::Peer,
    remark: "Copies tracestate without parsing it. Has no baggage. Written into a buffer with write!.",
    partly: &["E1", "E3"],
    cell,
};

type Sent = (Traceparent, Tracestate);

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Parse(values) => Cell::new(values.clone(), parse, |parent, _| show(parent)),
        Task::Format(spans) => {
            Cell::new(spans.iter().map(|span| sent(span).0).collect(), format, show_written)
        }
        Task::Extract(records) => Cell::new(records.clone(), extract, |found, _| {
            found.as_ref().map_or_else(Outcome::default, show_found)
        }),
        Task::Inject(spans) => Cell::new(spans.iter().map(sent).collect(), inject, show_written),
        _ => return None,
    })
}

fn sent(span: &SpanContext<'_>) -> Sent {
    let value = span.traceparent().format();
    let parent = Traceparent::try_from_str(std::str::from_utf8(&value).expect("ASCII"));
    let state = String::from_utf8_lossy(span.trace_state.as_bytes()).into_owned();
    (parent.expect("valid"), Tracestate::new_owned_raw(state))
}

fn parse(value: &&'static str, _: &mut Buffer) -> Option<Traceparent> {
    Traceparent::try_from_str(value).ok()
}

fn format(parent: &Traceparent, buffer: &mut Buffer) -> usize {
    let mut rest = &mut buffer[..];
    let _ = write!(rest, "{parent}");
    size_of::<Buffer>() - rest.len()
}

fn extract(record: &'static Record, _: &mut Buffer) -> Option<Sent> {
    let parent = Traceparent::try_from_str(find(record, "traceparent")?).ok()?;
    let state = find(record, "tracestate").map_or(Tracestate::new_raw(""), Tracestate::new_owned_raw);
    Some((parent, state))
}

fn inject((parent, state): &Sent, buffer: &mut Buffer) -> usize {
    let mut rest = &mut buffer[..];
    let _ = write!(rest, "{parent}");
    let _ = rest.write_all(state.get().as_bytes());
    size_of::<Buffer>() - rest.len()
}

fn show(parent: &Option<Traceparent>) -> Outcome {
    let valid = parent.filter(Traceparent::is_valid);
    Outcome {
        trace_id: valid.and_then(|parent| Some(parent.trace_id()?.to_bytes())),
        span_id: valid.and_then(|parent| Some(parent.span_id()?.to_bytes())),
        is_sampled: valid.map(|parent| parent.trace_flags().to_u8() & TraceFlags::SAMPLED.to_u8() != 0),
        ..Outcome::default()
    }
}

fn show_found((parent, state): &Sent) -> Outcome {
    let tracestate = Some(state.get().as_bytes().to_vec()).filter(|state| !state.is_empty());
    Outcome { tracestate, ..show(&Some(*parent)) }
}
