//! The codec through its C API, called from Rust.

use super::c_data::{
    CRecord, Text, ThreeMembers, Update, context, context_with_baggage, entries, record, show_context,
    show_extracted, show_injection, show_members, texts, update,
};
use super::tracebaton::{show_baggage, show_written, written};
use super::{Kind, Subject};
use crate::cell::{Buffer, Cell, Outcome};
use crate::works::{DELETED_KEY, Task};
use std::hint::black_box;
use std::mem::MaybeUninit;
use tracebaton_ffi::*;

pub const SUBJECT: Subject =
    Subject { name: "tracebaton, C from Rust", kind: Kind::Ours, remark: "", partly: &[], cell };

fn cell(task: &Task) -> Option<Cell> {
    Some(match task {
        Task::Parse(values) => Cell::new(texts(values), parse, |found, _| show(found, show_context)),
        Task::Format(spans) => Cell::new(each(spans, context), format, |value, _| written(value)),
        Task::Extract(records) => {
            Cell::new(each(records, record), extract, |found, _| show(found, show_extracted))
        }
        Task::Choose(_) => return None,
        Task::Forward(records) => {
            Cell::new(each(records, record), forward, |sent, _| show(sent, show_injection))
        }
        Task::Inject(spans) => Cell::new(each(spans, context), inject, show_written),
        Task::InjectByReference(spans) => {
            Cell::new(each(spans, context), inject_by_reference, |sent, _| show(sent, show_injection))
        }
        Task::ReadBaggage(values) => {
            Cell::new(each(values, context_with_baggage), read_baggage, |read, _| show(read, show_members))
        }
        Task::BuildBaggage(values) => {
            Cell::new(each(values, entries), build_baggage, |length, buffer| show_baggage(&buffer[..*length]))
        }
        Task::UpdateMember(lists) => Cell::new(each(lists, update), update_member, show_written),
        Task::UpdateAndDelete(lists) => Cell::new(each(lists, update), update_and_delete, show_written),
        Task::Copy(spans) => Cell::new(each(spans, context), copy, show_written),
    })
}

pub fn each<T, U>(inputs: &[T], make: fn(&T) -> U) -> Vec<U> {
    inputs.iter().map(make).collect()
}

fn show<Output>(output: &MaybeUninit<Output>, show: fn(&Output) -> Outcome) -> Outcome {
    // SAFETY: the call has succeeded; otherwise the outcome would differ.
    show(unsafe { output.assume_init_ref() })
}

fn parse(value: &Text, _: &mut Buffer) -> MaybeUninit<tracebaton_context_t> {
    let mut context = MaybeUninit::uninit();
    // SAFETY: the size of the value is correct, and there is room for a context.
    unsafe { tracebaton_traceparent_parse(value.bytes, value.size, context.as_mut_ptr()) };
    context
}

fn format(context: &tracebaton_context_t, _: &mut Buffer) -> [u8; TRACEBATON_TRACEPARENT_SIZE] {
    let mut value = [0; TRACEBATON_TRACEPARENT_SIZE];
    // SAFETY: there is room for a traceparent.
    unsafe { tracebaton_traceparent_format(context, value.as_mut_ptr().cast()) };
    value
}

fn extract(record: &CRecord, _: &mut Buffer) -> MaybeUninit<tracebaton_extracted_t> {
    let mut extracted = MaybeUninit::uninit();
    // SAFETY: the count of headers is correct, and there is room for the result.
    unsafe { tracebaton_headers_extract(record.headers, record.count, extracted.as_mut_ptr()) };
    extracted
}

fn forward(record: &CRecord, buffer: &mut Buffer) -> MaybeUninit<tracebaton_injection_t> {
    let (extracted, mut injection) = (extract(record, buffer), MaybeUninit::uninit());
    // SAFETY: a record was extracted, and there is room for an injection.
    unsafe { tracebaton_injection_forward(extracted.as_ptr(), injection.as_mut_ptr()) };
    injection
}

fn inject(context: &tracebaton_context_t, buffer: &mut Buffer) -> usize {
    let mut injection = MaybeUninit::uninit();
    let mut headers = [const { MaybeUninit::<tracebaton_header_t>::uninit() }; TRACEBATON_MAX_HEADERS];
    // SAFETY: there is room for an injection and its headers; only written headers are read.
    unsafe {
        tracebaton_injection_prepare(context, injection.as_mut_ptr());
        let count = tracebaton_injection_headers(injection.as_ptr(), headers.as_mut_ptr().cast());
        let mut length = 0;
        for header in headers[..count].iter().map(|header| header.assume_init_ref()) {
            let value = std::slice::from_raw_parts(header.value.cast::<u8>(), header.value_size);
            buffer[length..][..value.len()].copy_from_slice(value);
            length += value.len();
        }
        length
    }
}

fn inject_by_reference(
    context: &tracebaton_context_t,
    _: &mut Buffer,
) -> MaybeUninit<tracebaton_injection_t> {
    let mut injection = MaybeUninit::uninit();
    let mut headers = [const { MaybeUninit::<tracebaton_header_t>::uninit() }; TRACEBATON_MAX_HEADERS];
    let mut count = 0;
    // SAFETY: there is room for an injection and for its headers.
    unsafe {
        tracebaton_injection_prepare(context, injection.as_mut_ptr());
        let places = headers.as_mut_ptr().cast();
        tracebaton_headers_inject(injection.as_ptr(), places, &raw mut count, TRACEBATON_MAX_HEADERS);
    }
    black_box((&headers, count));
    injection
}

fn read_baggage(context: &tracebaton_context_t, _: &mut Buffer) -> MaybeUninit<ThreeMembers> {
    let mut read = MaybeUninit::<ThreeMembers>::uninit();
    let mut cursor = tracebaton_cursor_t { position: 0, members: 0, skipped: 0 };
    let mut member = MaybeUninit::<tracebaton_baggage_member_t>::uninit();
    let places = read.as_mut_ptr();
    let mut count = 0;
    // SAFETY: there is room for a member, and for a part of each of three.
    unsafe {
        while count < 3 && tracebaton_baggage_next(context, &raw mut cursor, member.as_mut_ptr()) == 0 {
            let found = member.assume_init_ref();
            (&raw mut (*places).keys[count]).write(Text { bytes: found.key, size: found.key_size });
            let value = (&raw mut (*places).values[count]).cast();
            tracebaton_baggage_value(found, value, 64, &raw mut (*places).sizes[count]);
            count += 1;
        }
        (&raw mut (*places).count).write(count);
    }
    read
}

fn build_baggage(entries: &[tracebaton_baggage_entry_t; 3], buffer: &mut Buffer) -> usize {
    let mut context = MaybeUninit::<tracebaton_context_t>::zeroed();
    // SAFETY: zeros are an empty context, and the size of the buffer is correct.
    unsafe {
        let place = buffer.as_mut_ptr().cast();
        tracebaton_baggage_build(context.as_mut_ptr(), entries.as_ptr(), 3, place, buffer.len());
        context.assume_init().baggage_size
    }
}

fn update_member(update: &Update, buffer: &mut Buffer) -> usize {
    let Update { mut context, key, value } = *update;
    let place = buffer.as_mut_ptr().cast();
    // SAFETY: the sizes of key, value and buffer are correct.
    unsafe {
        tracebaton_tracestate_insert(
            &raw mut context,
            key.bytes,
            key.size,
            value.bytes,
            value.size,
            place,
            buffer.len(),
        );
    }
    context.tracestate_size
}

fn update_and_delete(update: &Update, buffer: &mut Buffer) -> usize {
    let Update { mut context, key, value } = *update;
    let (place, capacity) = (buffer.as_mut_ptr().cast(), buffer.len());
    let whole = &raw mut context;
    // SAFETY: the sizes of keys, value and buffer are correct.
    unsafe {
        tracebaton_tracestate_insert(whole, key.bytes, key.size, value.bytes, value.size, place, capacity);
        let deleted = DELETED_KEY.as_ptr().cast();
        tracebaton_tracestate_delete(whole, deleted, DELETED_KEY.len(), place, capacity);
    }
    context.tracestate_size
}

fn copy(context: &tracebaton_context_t, buffer: &mut Buffer) -> usize {
    let mut copy = MaybeUninit::<tracebaton_context_t>::zeroed();
    // SAFETY: the size of the buffer is correct, and there is room for a copy, for which zeros are valid.
    unsafe {
        tracebaton_context_copy(context, buffer.as_mut_ptr().cast(), buffer.len(), copy.as_mut_ptr());
        copy.assume_init().tracestate_size
    }
}
