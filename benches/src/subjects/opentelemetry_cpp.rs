//! The peer opentelemetry-cpp: the loops are in `c/opentelemetry.cpp`.

use super::c::loops_in_c;
use super::c_data::{CRecord, Written, context, entries, record, show_context, show_written};
use super::c_from_rust::each;
use super::tracebaton::{members_of, show_baggage};
use super::{Kind, Subject};
use crate::cell::{Cell, Outcome};
use crate::works::Task;
use std::ffi::c_void;
use tracebaton::{Header, SpanContext};
use tracebaton_ffi::{tracebaton_baggage_entry_t, tracebaton_context_t};

/// The version of the headers that this program was built with.
pub const VERSION: &str = env!("OPENTELEMETRY_CPP_VERSION");

pub const SUBJECT: Subject = Subject {
    name: "opentelemetry-cpp",
    kind: Kind::Peer,
    remark: "HttpTraceContext over the header list; BaggagePropagator is measured in \"B read\" and \"B build\". In \
             \"B read\" it skips the member that is not ASCII when it is decoded. Its carrier needs owned strings. It \
             does not change a tracestate of 32 members.",
    partly: &["B read"],
    cell,
};

loops_in_c! {
    extract_in_cpp: CRecord => tracebaton_context_t;
    inject_in_cpp: *const c_void => Written;
    read_baggage_in_cpp: CRecord => Written;
    build_baggage_in_cpp: [tracebaton_baggage_entry_t; 3] => Written;
}

unsafe extern "C" {
    fn context_in_cpp(of: *const tracebaton_context_t) -> *const c_void;
}

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Extract(records) => Cell::in_c(each(records, record), extract_in_cpp, show_context),
        Task::Format(spans) => {
            let without_state = |span: &SpanContext<'static>| {
                cpp_context(&SpanContext::root(span.trace_id, span.span_id, span.trace_flags))
            };
            Cell::in_c(spans.iter().map(without_state).collect(), inject_in_cpp, show_written)
        }
        Task::Inject(spans) => Cell::in_c(each(spans, cpp_context), inject_in_cpp, show_written),
        Task::ReadBaggage(values) => {
            let records = values.iter().map(|value| record(&vec![Header::new("baggage", *value)].into()));
            Cell::in_c(records.collect(), read_baggage_in_cpp, show_read)
        }
        Task::BuildBaggage(values) => Cell::in_c(each(values, entries), build_baggage_in_cpp, |built| {
            show_baggage(&built.bytes[..built.size])
        }),
        Task::Parse(_)
        | Task::Choose(_)
        | Task::Forward(_)
        | Task::InjectByReference(_)
        | Task::UpdateMember(_)
        | Task::UpdateAndDelete(_)
        | Task::Copy(_) => return None,
    })
}

fn cpp_context(span: &SpanContext<'static>) -> *const c_void {
    let context = context(span);
    // SAFETY: a context whose tracestate lives as long as the program.
    unsafe { context_in_cpp(&raw const context) }
}

fn show_read(read: &Written) -> Outcome {
    let lines = String::from_utf8_lossy(&read.bytes[..read.size]);
    let members = lines.lines().filter_map(|line| line.split_once('='));
    members_of(members.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}
