//! The limit: copying the same bytes.

use super::tracebaton::show_written;
use super::{Kind, Subject};
use crate::cell::{Buffer, Cell};
use crate::fixture::Record;
use crate::works::Task;
use tracebaton::SpanContext;

pub const SUBJECT: Subject = Subject {
    name: "memcpy",
    kind: Kind::Limit,
    remark: "one copy of the same bytes: the input (of a record all names and values), or \
             the output.",
    partly: &[],
    cell,
};

fn cell(task: &Task) -> Option<Cell> {
    let values: Vec<&'static [u8]> = match task {
        Task::Parse(values) | Task::ReadBaggage(values) | Task::UpdateMember(values) => {
            values.iter().map(|value| value.as_bytes()).collect()
        }
        Task::Format(spans) => {
            spans.iter().map(|span| &*span.traceparent().format().to_vec().leak()).collect()
        }
        Task::Extract(records) => records.iter().map(end_to_end).collect(),
        Task::Inject(spans) => spans.iter().map(parent_and_state).collect(),
        _ => return None,
    };
    let fits = values.iter().all(|value| value.len() <= size_of::<Buffer>());
    fits.then(|| Cell::new(values, copy, show_written))
}

/// The names and values of a record one after the other, as in the wire format but without their lengths.
fn end_to_end(record: &Record) -> &'static [u8] {
    let parts = record.iter().flat_map(|header| [header.name, header.value.unwrap_or_default()]);
    parts.collect::<Vec<_>>().concat().leak()
}

fn parent_and_state(span: &SpanContext<'static>) -> &'static [u8] {
    [&span.traceparent().format(), span.trace_state.as_bytes()].concat().leak()
}

fn copy(value: &&'static [u8], buffer: &mut Buffer) -> usize {
    buffer[..value.len()].copy_from_slice(value);
    value.len()
}
