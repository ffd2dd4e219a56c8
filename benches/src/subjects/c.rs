//! The codec through its C API, called from C: the loops are in `c/loops.c`.

use super::c_data::{
    CRecord, Text, ThreeMembers, Update, Written, context, context_with_baggage, entries, record,
    show_context, show_extracted, show_injection, show_members, show_written, texts, update,
};
use super::c_from_rust::each;
use super::tracebaton::{show_baggage, written};
use super::{Kind, Subject};
use crate::cell::Cell;
use crate::works::Task;
use tracebaton_ffi::{
    tracebaton_baggage_entry_t, tracebaton_context_t, tracebaton_extracted_t, tracebaton_injection_t,
};

pub const SUBJECT: Subject =
    Subject { name: "tracebaton, C", kind: Kind::Ours, remark: "", partly: &[], cell };

macro_rules! loops_in_c {
    ($($name:ident: $input:ty => $output:ty;)*) => {
        unsafe extern "C" {
            $(fn $name(inputs: *const $input, count: usize, rounds: u64, output: *mut $output);)*
        }
    };
}

#[cfg(opentelemetry_cpp)]
pub(super) use loops_in_c;

loops_in_c! {
    parse_in_c: Text => tracebaton_context_t;
    format_in_c: tracebaton_context_t => [u8; 55];
    extract_in_c: CRecord => tracebaton_extracted_t;
    forward_in_c: CRecord => tracebaton_injection_t;
    inject_in_c: tracebaton_context_t => Written;
    inject_by_reference_in_c: tracebaton_context_t => tracebaton_injection_t;
    read_baggage_in_c: tracebaton_context_t => ThreeMembers;
    build_baggage_in_c: [tracebaton_baggage_entry_t; 3] => Written;
    update_member_in_c: Update => Written;
    update_and_delete_in_c: Update => Written;
    copy_in_c: tracebaton_context_t => Written;
}

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Parse(values) => Cell::in_c(texts(values), parse_in_c, show_context),
        Task::Format(spans) => Cell::in_c(each(spans, context), format_in_c, |value| written(value)),
        Task::Extract(records) => Cell::in_c(each(records, record), extract_in_c, show_extracted),
        Task::Choose(_) => return None,
        Task::Forward(records) => Cell::in_c(each(records, record), forward_in_c, show_injection),
        Task::Inject(spans) => Cell::in_c(each(spans, context), inject_in_c, show_written),
        Task::InjectByReference(spans) => {
            Cell::in_c(each(spans, context), inject_by_reference_in_c, show_injection)
        }
        Task::ReadBaggage(values) => {
            Cell::in_c(each(values, context_with_baggage), read_baggage_in_c, show_members)
        }
        Task::BuildBaggage(values) => Cell::in_c(each(values, entries), build_baggage_in_c, |built| {
            show_baggage(&built.bytes[..built.size])
        }),
        Task::UpdateMember(lists) => Cell::in_c(each(lists, update), update_member_in_c, show_written),
        Task::UpdateAndDelete(lists) => Cell::in_c(each(lists, update), update_and_delete_in_c, show_written),
        Task::Copy(spans) => Cell::in_c(each(spans, context), copy_in_c, show_written),
    })
}
