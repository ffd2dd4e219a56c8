//! The inputs and outputs of the C API, the same for callers in C and in Rust.

use super::tracebaton::{members_of, written};
use crate::cell::Outcome;
use crate::fixture::{Record, keep};
use crate::works::{NEW_VALUE, UPDATED_KEY};
use std::ffi::{CStr, c_char, c_void};
use std::ptr::null;
use tracebaton::SpanContext;
use tracebaton_ffi::{
    tracebaton_baggage_entry_t, tracebaton_context_child, tracebaton_context_t, tracebaton_extracted_t,
    tracebaton_header_t, tracebaton_injection_t, tracebaton_span_id_t, tracebaton_status_name,
    tracebaton_trace_id_t, tracebaton_verdict_t,
};

/// Bytes, as a C pointer and a size.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Text {
    pub bytes: *const c_char,
    pub size: usize,
}

/// The headers of one record.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct CRecord {
    pub headers: *const tracebaton_header_t,
    pub count: usize,
}

/// A context, and a new member for its tracestate.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Update {
    pub context: tracebaton_context_t,
    pub key: Text,
    pub value: Text,
}

/// Written bytes.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Written {
    pub bytes: [u8; 1024],
    pub size: usize,
}

/// Three members that were read, with decoded values.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ThreeMembers {
    pub keys: [Text; 3],
    pub values: [[u8; 64]; 3],
    pub sizes: [usize; 3],
    pub count: usize,
}

/// The bytes of this text.
pub const fn text(text: &'static str) -> Text {
    Text { bytes: text.as_ptr().cast(), size: text.len() }
}

pub fn texts(values: &[&'static str]) -> Vec<Text> {
    values.iter().map(|value| text(value)).collect()
}

pub fn record(record: &Record) -> CRecord {
    let header = |header: &tracebaton::Header<'static>| tracebaton_header_t {
        name: header.name.as_ptr().cast(),
        name_size: header.name.len(),
        value: header.value.map_or(null(), |value| value.as_ptr().cast::<c_void>()),
        value_size: header.value.map_or(0, <[u8]>::len),
    };
    let headers = record.iter().map(header).collect::<Vec<_>>().leak();
    CRecord { headers: headers.as_ptr(), count: headers.len() }
}

/// The context of a span as the library makes it, whose tracestate it has checked; that of Rust was parsed, too.
pub fn context(span: &SpanContext<'static>) -> tracebaton_context_t {
    let state = span.trace_state.as_bytes();
    let mut context = tracebaton_context_t {
        trace_id: tracebaton_trace_id_t { bytes: span.trace_id.to_bytes() },
        span_id: tracebaton_span_id_t { bytes: span.span_id.to_bytes() },
        trace_flags: span.trace_flags.to_byte(),
        tracestate: state.as_ptr().cast(),
        tracestate_size: state.len(),
        ..nothing()
    };
    mark(&mut context);
    context
}

/// Has the library check the lists and note that it did, as it does for each context of its own.
fn mark(context: &mut tracebaton_context_t) {
    let mut span_id = context.span_id;
    // The id of the child must not be zero, even if there is no parent and so no child.
    span_id.bytes[0] |= u8::from(span_id.bytes == [0; 8]);
    // SAFETY: a context and an id; the output may be the context itself.
    unsafe { tracebaton_context_child(&raw const *context, &raw const span_id, &raw mut *context) };
}

fn nothing() -> tracebaton_context_t {
    tracebaton_context_t {
        trace_id: tracebaton_trace_id_t { bytes: [0; 16] },
        span_id: tracebaton_span_id_t { bytes: [0; 8] },
        trace_flags: 0,
        reserved: [0; 3],
        checked: 0,
        tracestate: null(),
        tracestate_size: 0,
        baggage: null(),
        baggage_size: 0,
    }
}

pub fn context_with_baggage(value: &&'static str) -> tracebaton_context_t {
    let Text { bytes, size } = text(value);
    let mut context = tracebaton_context_t { baggage: bytes, baggage_size: size, ..nothing() };
    mark(&mut context);
    context
}

pub fn update(list: &&'static str) -> Update {
    let Text { bytes, size } = text(list);
    let mut context = context(&crate::fixture::span(0));
    (context.tracestate, context.tracestate_size) = (bytes, size);
    mark(&mut context);
    Update { context, key: text(UPDATED_KEY), value: text(NEW_VALUE) }
}

pub fn entries(values: &[(&'static str, String); 3]) -> [tracebaton_baggage_entry_t; 3] {
    values.each_ref().map(|(key, value)| {
        let (key, value) = (text(key), text(keep(value)));
        tracebaton_baggage_entry_t {
            key: key.bytes,
            key_size: key.size,
            value: value.bytes,
            value_size: value.size,
            is_property: 0,
            reserved: [0; 7],
        }
    })
}

/// The bytes at a C pointer.
pub fn bytes<'a>(start: *const c_char, size: usize) -> &'a [u8] {
    if size == 0 {
        return &[];
    }
    // SAFETY: the library's results point into the inputs, which live as long as the program, or into an output.
    unsafe { std::slice::from_raw_parts(start.cast(), size) }
}

pub fn show_context(context: &tracebaton_context_t) -> Outcome {
    if context.span_id.bytes == [0; 8] {
        return Outcome::default();
    }
    Outcome {
        trace_id: Some(context.trace_id.bytes),
        span_id: Some(context.span_id.bytes),
        is_sampled: Some(context.trace_flags & 1 == 1),
        ..Outcome::default()
    }
}

pub fn show_extracted(found: &tracebaton_extracted_t) -> Outcome {
    let context = &found.context;
    let verdicts = [&found.traceparent, &found.tracestate, &found.baggage];
    let list = |verdict: &tracebaton_verdict_t, start, size| {
        (verdict.status == 0).then(|| bytes(start, size).to_vec())
    };
    Outcome {
        tracestate: list(&found.tracestate, context.tracestate, context.tracestate_size),
        baggage: list(&found.baggage, context.baggage, context.baggage_size),
        refused: verdicts.iter().find(|verdict| verdict.status < 0).map(|verdict| rule(verdict.status)),
        ..show_context(context)
    }
}

/// Header and rule, such as `tracestate key_start`.
fn rule(status: i32) -> String {
    // SAFETY: the name is a static string.
    let name = unsafe { CStr::from_ptr(tracebaton_status_name(status)) };
    let name = name.to_string_lossy().into_owned();
    let header = match -status / 100 {
        1 => "traceparent",
        2 => "tracestate",
        _ => "baggage",
    };
    if name.starts_with(header) { name.replacen(['_', '.'], " ", 1) } else { format!("{header} {name}") }
}

pub fn show_injection(injection: &tracebaton_injection_t) -> Outcome {
    let formatted = injection.traceparent.map(|byte| byte as u8);
    let parent = match injection.forwarded_traceparent.is_null() {
        true => &formatted[..injection.traceparent_size],
        false => bytes(injection.forwarded_traceparent, injection.traceparent_size),
    };
    let state = bytes(injection.tracestate, injection.tracestate_size);
    let baggage = bytes(injection.baggage, injection.baggage_size);
    written(&[parent, state, baggage].concat())
}

pub fn show_written(output: &Written) -> Outcome {
    written(&output.bytes[..output.size])
}

pub fn show_members(read: &ThreeMembers) -> Outcome {
    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let member = |index: usize| {
        let key = read.keys[index];
        (string(bytes(key.bytes, key.size)), string(&read.values[index][..read.sizes[index]]))
    };
    members_of((0..read.count).map(member).collect())
}
