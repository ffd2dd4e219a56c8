//! The C functions that read bytes through a pointer.

use crate::values::{Change, PARENT};
use std::ffi::{c_char, c_void};
use std::hint::black_box;
use std::mem::MaybeUninit;
use tracebaton_ffi::*;

const OK: tracebaton_status_t = TRACEBATON_OK as tracebaton_status_t;

/// A struct of zeros, as C's `= {0}` makes it.
fn zeros<T>() -> T {
    // SAFETY: every struct of the library is made of integers and pointers.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

fn text(bytes: &[u8]) -> *const c_char {
    bytes.as_ptr().cast()
}

fn context_of(list: &[u8]) -> tracebaton_context_t {
    let (tracestate, baggage) = (text(list), text(list));
    tracebaton_context_t {
        tracestate,
        tracestate_size: list.len(),
        baggage,
        baggage_size: list.len(),
        ..zeros()
    }
}

/// Reads a value in every way there is.
pub fn every_reading(value: &[u8]) {
    let (mut context, mut trace_id, mut span_id) = (zeros(), zeros(), zeros());
    // SAFETY: a text, and room for the results.
    unsafe {
        tracebaton_traceparent_parse(text(value), value.len(), &mut context);
        tracebaton_trace_id_from_hex(text(value), value.len(), &mut trace_id);
        tracebaton_span_id_from_hex(text(value), value.len(), &mut span_id);
        tracebaton_header_name_of(text(value), value.len());
    }
    black_box((context, trace_id, span_id));
    record(value);
    formats(FORMAT_NAMES.iter().map(|name| header(name, value)).chain([header(value, value)]));
    let context = context_of(value);
    tracestate(&context, value);
    baggage(&context, value);
}

/// Reads a value once as each header.
pub fn each_reading(value: &[u8]) {
    let parent = PARENT.as_bytes();
    let headers = [header(b"traceparent", parent), header(b"tracestate", value), header(b"baggage", value)];
    let (mut extracted, mut cursor, mut member): (tracebaton_extracted_t, _, _) = (zeros(), zeros(), zeros());
    // SAFETY: three headers, a cursor, and room for the results.
    unsafe {
        tracebaton_headers_extract(headers.as_ptr(), headers.len(), &mut extracted);
        while tracebaton_tracestate_next(&extracted.context, &mut cursor, &mut member) == OK {}
    }
    black_box(extracted.context);
}

fn header(name: &[u8], value: &[u8]) -> tracebaton_header_t {
    let (name, name_size) = (text(name), name.len());
    tracebaton_header_t { name, name_size, value: value.as_ptr().cast::<c_void>(), value_size: value.len() }
}

fn record(value: &[u8]) {
    let named = |name| header(name, value);
    let headers = [named(b"traceparent"), named(b"tracestate"), named(b"baggage"), named(value)];
    let (mut extracted, mut injection) = (zeros(), zeros());
    let (mut room, mut count) = ([headers[0]; 7], 4);
    room[..4].copy_from_slice(&headers);
    // SAFETY: four headers, and room for seven.
    unsafe {
        tracebaton_headers_extract(headers.as_ptr(), headers.len(), &mut extracted);
        let (mut alone, mut verdict) = (zeros(), zeros::<tracebaton_verdict_t>());
        tracebaton_headers_extract_traceparent(headers.as_ptr(), headers.len(), &mut alone, &mut verdict);
        assert_eq!(verdict, extracted.traceparent);
        black_box::<tracebaton_context_t>(alone);
        tracebaton_injection_forward(&extracted, &mut injection);
        tracebaton_headers_inject(&injection, room.as_mut_ptr(), &mut count, room.len());
        tracebaton_injection_prepare(&context_of(value), &mut injection);
        tracebaton_headers_inject_if_absent(&injection, room.as_mut_ptr(), &mut count, room.len());
        tracebaton_headers_strip(room.as_mut_ptr(), &mut count);
    }
    black_box((extracted.context, count));
}

/// The formats of [`FORMAT_NAMES`].
const FORMATS: [tracebaton_format_t; 8] = [
    TRACEBATON_FORMAT_XRAY as tracebaton_format_t,
    TRACEBATON_FORMAT_INSTANA as tracebaton_format_t,
    TRACEBATON_FORMAT_ELASTIC as tracebaton_format_t,
    TRACEBATON_FORMAT_DATADOG as tracebaton_format_t,
    TRACEBATON_FORMAT_JAEGER as tracebaton_format_t,
    TRACEBATON_FORMAT_B3MULTI as tracebaton_format_t,
    TRACEBATON_FORMAT_B3 as tracebaton_format_t,
    TRACEBATON_FORMAT_TRACECONTEXT as tracebaton_format_t,
];

/// A header of each format that can be read.
const FORMAT_NAMES: [&[u8]; 13] = [
    b"traceparent",
    b"b3",
    b"x-b3-traceid",
    b"x-b3-spanid",
    b"x-b3-sampled",
    b"uber-trace-id",
    b"x-datadog-trace-id",
    b"x-datadog-parent-id",
    b"x-datadog-tags",
    b"elasticapmtraceparent",
    b"X_INSTANA_T",
    b"X_INSTANA_C",
    b"X-Amzn-Trace-Id",
];

/// Reads all formats, writes all, and removes all.
fn formats(headers: impl Iterator<Item = tracebaton_header_t>) {
    let headers: Vec<tracebaton_header_t> = headers.collect();
    let (mut choice, mut injection): (tracebaton_choice_t, _) = (zeros(), zeros());
    let mut room = headers.clone();
    room.resize(headers.len() + TRACEBATON_MAX_FORMAT_HEADERS, headers[0]);
    let mut count = headers.len();
    // SAFETY: arrays with their counts and capacity, and room for a choice and an injection.
    unsafe {
        tracebaton_headers_choose(
            headers.as_ptr(),
            headers.len(),
            FORMATS.as_ptr(),
            FORMATS.len(),
            1,
            &mut choice,
        );
        let all = TRACEBATON_FORMATS_ALL;
        tracebaton_format_injection_prepare(&choice.context, all, all, 0, &mut injection);
        tracebaton_headers_inject_formats(&injection, room.as_mut_ptr(), &mut count, room.len());
        tracebaton_headers_strip_formats(room.as_mut_ptr(), &mut count, all);
    }
    black_box((choice.other_count, count));
}

fn tracestate(context: &tracebaton_context_t, key: &[u8]) {
    let (mut cursor, mut member) = (zeros(), zeros());
    // SAFETY: a context, a cursor, a text, and room for a member.
    unsafe {
        while tracebaton_tracestate_next(context, &mut cursor, &mut member) == OK {
            black_box(tracebaton_tracestate_get(context, member.key, member.key_size, &mut zeros()));
        }
        black_box(tracebaton_tracestate_get(context, text(key), key.len(), &mut member));
    }
}

fn baggage(context: &tracebaton_context_t, key: &[u8]) {
    let (mut cursor, mut member) = (zeros(), zeros());
    // SAFETY: a context, a cursor, a text, and room for a member.
    unsafe {
        while tracebaton_baggage_next(context, &mut cursor, &mut member) == OK {
            decode(&member, &mut [0; 8]);
        }
        black_box(tracebaton_baggage_get(context, text(key), key.len(), &mut member));
    }
}

/// Decodes a member and its properties into a buffer.
fn decode(member: &tracebaton_baggage_member_t, buffer: &mut [u8]) {
    let (room, capacity, mut size) = (buffer.as_mut_ptr().cast(), buffer.len(), 0);
    let (mut cursor, mut property) = (zeros(), zeros());
    // SAFETY: a member, a cursor, a buffer of that size, and room for a property.
    unsafe {
        black_box(tracebaton_baggage_value(member, room, capacity, &mut size));
        while tracebaton_baggage_property_next(member, &mut cursor, &mut property) == OK {
            black_box(tracebaton_baggage_property_value(&property, room, capacity, &mut size));
        }
    }
}

/// Reads a name in every way there is.
pub fn name(name: &[u8]) {
    let header = header(name, b"00");
    // SAFETY: a name, a header, and structs.
    unsafe {
        let (mut reader, mut extracted, mut injection) = (zeros(), zeros(), zeros());
        black_box(tracebaton_header_name_of(text(name), name.len()));
        black_box(tracebaton_header_format_of(text(name), name.len()));
        black_box(tracebaton_format_of_name(text(name), name.len()));
        tracebaton_reader_add(&mut reader, header.name, name.len(), header.value, 2);
        tracebaton_reader_finish(&reader, &mut extracted);
        tracebaton_headers_extract(&header, 1, &mut extracted);
        tracebaton_injection_prepare(&context_of(b""), &mut injection);
        black_box(tracebaton_injection_replaces(&injection, text(name), name.len()));
        tracebaton_headers_inject(&injection, &mut header.clone(), &mut 1, 1);
    }
    formats([header].into_iter());
}

/// Changes a list in every way there is, into a buffer.
pub fn every_change(change: &Change, buffer: &mut [u8]) {
    let Change { list, key, value, limit } = change;
    let (room, capacity) = (buffer.as_mut_ptr().cast(), buffer.len());
    let (key, key_size, value, value_size) = (text(key), key.len(), text(value), value.len());
    let context = || context_of(list);
    let member =
        tracebaton_baggage_entry_t { key, key_size, value, value_size, is_property: 0, reserved: [0; 7] };
    let property = tracebaton_baggage_entry_t { is_property: 1, ..member };
    let entries = [member, property, property, member];
    // SAFETY: contexts, texts, and a buffer of that size.
    unsafe {
        tracebaton_tracestate_insert(&mut context(), key, key_size, value, value_size, room, capacity);
        tracebaton_tracestate_insert_within(&mut context(), key, key_size, value, value_size, room, capacity);
        tracebaton_tracestate_delete(&mut context(), key, key_size, room, capacity);
        tracebaton_tracestate_truncate(&mut context(), *limit, room, capacity);
        tracebaton_baggage_set(&mut context(), key, key_size, value, value_size, room, capacity);
        tracebaton_baggage_remove(&mut context(), key, key_size, room, capacity);
        tracebaton_baggage_build(&mut context(), entries.as_ptr(), entries.len(), room, capacity);
        let (context, mut cursor, mut member) = (context(), zeros(), zeros());
        while tracebaton_baggage_next(&context, &mut cursor, &mut member) == OK {
            decode(&member, buffer);
        }
    }
    in_place(change, buffer);
    copies(&change.list, buffer);
}

/// Changes a list at the start of the buffer in every way there is.
fn in_place(Change { list, key, value, limit }: &Change, buffer: &mut [u8]) {
    let (key, key_size, value, value_size) = (text(key), key.len(), text(value), value.len());
    for way in 0..6 {
        let Some(place) = buffer.get_mut(..list.len()) else { return };
        place.copy_from_slice(list);
        let (room, capacity) = (buffer.as_mut_ptr().cast(), buffer.len());
        let state = tracebaton_context_t { tracestate: room, tracestate_size: list.len(), ..zeros() };
        let other = tracebaton_context_t { baggage: room, baggage_size: list.len(), ..zeros() };
        let (mut state, mut other) = (state, other);
        // SAFETY: contexts, texts, and a buffer of that size, which contains the list.
        let status = unsafe {
            match way {
                0 => {
                    tracebaton_tracestate_insert(&mut state, key, key_size, value, value_size, room, capacity)
                }
                1 => tracebaton_tracestate_delete(&mut state, key, key_size, room, capacity),
                2 => tracebaton_tracestate_truncate(&mut state, *limit, room, capacity),
                3 => tracebaton_baggage_set(&mut other, key, key_size, value, value_size, room, capacity),
                4 => tracebaton_baggage_remove(&mut other, key, key_size, room, capacity),
                _ => tracebaton_tracestate_insert_within(
                    &mut state, key, key_size, value, value_size, room, capacity,
                ),
            }
        };
        assert!(status >= 0 || buffer[..list.len()] == list[..], "an error changes nothing");
    }
}

/// Copies a context into the buffer, and its span context into links whose tracestates lie there.
fn copies(list: &[u8], buffer: &mut [u8]) {
    let (room, capacity) = (buffer.as_mut_ptr().cast(), buffer.len());
    let ids = (tracebaton_trace_id_t { bytes: [1; 16] }, tracebaton_span_id_t { bytes: [2; 8] });
    let context = tracebaton_context_t { trace_id: ids.0, span_id: ids.1, ..context_of(list) };
    let (mut copy, mut links, mut array) = (zeros(), zeros(), [zeros::<tracebaton_context_t>(); 2]);
    // SAFETY: a context, a buffer of that size, an array of two, and room for the results.
    unsafe {
        tracebaton_context_copy(&context, room, capacity, &mut copy);
        tracebaton_links_start(array.as_mut_ptr(), array.len(), room, capacity, &mut links);
        for byte in [2, 3, 4] {
            let span_id = tracebaton_span_id_t { bytes: [byte; 8] };
            tracebaton_links_add(&mut links, &tracebaton_context_t { span_id, ..context });
        }
    }
    black_box((copy, links, array));
}
