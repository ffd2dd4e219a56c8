//! The layout of every struct, which compiled programs depend on. tests/surface/layout.rs uses this table to check
//! the layout in the header.

use crate::*;
use core::mem::{offset_of, size_of};

/// Size in bytes of a pointer and of a size_t.
#[allow(dead_code, reason = "compilers before 1.89 overlook uses in unnamed constants")]
const WORD: usize = size_of::<usize>();

/// Asserts the size of each struct and the offset of each field. No field may be missing from the list.
macro_rules! layout {
    ($($name:ident: $size:expr => { $($field:ident: $offset:expr),* $(,)? })*) => {
        $(const _: fn($name) = |$name { $($field: _),* }| {
            const {
                assert!(size_of::<$name>() == $size, concat!("the size of ", stringify!($name)));
                $(assert!(offset_of!($name, $field) == $offset, concat!(stringify!($name), ".", stringify!($field)));)*
            }
        };)*
    };
}

layout! {
    tracebaton_trace_id_t: 16 => { bytes: 0 }
    tracebaton_span_id_t: 8 => { bytes: 0 }
    tracebaton_trace_id_random_t: 16 => { bytes: 0 }
    tracebaton_span_id_random_t: 8 => { bytes: 0 }
    tracebaton_header_t: 4 * WORD => { name: 0, name_size: WORD, value: 2 * WORD, value_size: 3 * WORD }
    tracebaton_context_t: 32 + 4 * WORD => {
        trace_id: 0, span_id: 16, trace_flags: 24, reserved: 25, checked: 28,
        tracestate: 32, tracestate_size: 32 + WORD, baggage: 32 + 2 * WORD, baggage_size: 32 + 3 * WORD,
    }
    tracebaton_admitted_t: 64 + 8 * WORD => { parent: 0, link: 32 + 4 * WORD }
    tracebaton_verdict_t: 8 + WORD => { status: 0, offset: 4, index: 8 }
    tracebaton_extracted_t: 64 + 9 * WORD => {
        context: 0, traceparent: 32 + 4 * WORD, tracestate: 40 + 5 * WORD, baggage: 48 + 6 * WORD,
        traceparent_value: 56 + 7 * WORD, traceparent_value_size: 56 + 8 * WORD,
        traceparent_version: 56 + 9 * WORD, reserved: 57 + 9 * WORD, checked: 60 + 9 * WORD,
    }
    tracebaton_reader_t: 10 * WORD => { values: 0, sizes: 3 * WORD, indexes: 6 * WORD, header_count: 9 * WORD }
    tracebaton_raw_headers_t: 3 * WORD => { rest: 0, rest_size: WORD, header_count: 2 * WORD }
    tracebaton_injection_t: 56 + 6 * WORD => {
        traceparent: 0, carries: 55, forwarded_traceparent: 56, traceparent_size: 56 + WORD,
        tracestate: 56 + 2 * WORD, tracestate_size: 56 + 3 * WORD,
        baggage: 56 + 4 * WORD, baggage_size: 56 + 5 * WORD,
    }
    tracebaton_links_t: 8 * WORD => {
        links: 0, link_count: WORD, link_capacity: 2 * WORD, dropped: 3 * WORD, dropped_tracestates: 4 * WORD,
        tracestates: 5 * WORD, tracestates_size: 6 * WORD, tracestates_capacity: 7 * WORD,
    }
    tracebaton_cursor_t: 3 * WORD => { position: 0, members: WORD, skipped: 2 * WORD }
    tracebaton_tracestate_member_t: 4 * WORD => { key: 0, key_size: WORD, value: 2 * WORD, value_size: 3 * WORD }
    tracebaton_baggage_member_t: 8 * WORD => {
        member: 0, member_size: WORD, key: 2 * WORD, key_size: 3 * WORD,
        value: 4 * WORD, value_size: 5 * WORD, properties: 6 * WORD, properties_size: 7 * WORD,
    }
    tracebaton_baggage_property_t: 6 * WORD => {
        property: 0, property_size: WORD, key: 2 * WORD, key_size: 3 * WORD, value: 4 * WORD, value_size: 5 * WORD,
    }
    tracebaton_baggage_entry_t: 8 + 4 * WORD => {
        key: 0, key_size: WORD, value: 2 * WORD, value_size: 3 * WORD, is_property: 4 * WORD, reserved: 1 + 4 * WORD,
    }
    tracebaton_other_t: 48 + WORD => {
        trace_id: 0, span_id: 16, format: 24, outcome: 28, sampling: 32, rule: 36, offset: 40, reserved: 44, index: 48,
    }
    tracebaton_choice_t: 488 + 20 * WORD => {
        context: 0, origin: 32 + 4 * WORD,
        traceparent: 64 + 8 * WORD, tracestate: 72 + 9 * WORD, baggage: 80 + 10 * WORD,
        arrived_as: 88 + 11 * WORD, sampling: 92 + 11 * WORD, ignored_rule: 96 + 11 * WORD,
        ignored_offset: 100 + 11 * WORD, other_count: 104 + 11 * WORD, others: 104 + 12 * WORD,
    }
    tracebaton_choice_reader_t: 111 * WORD => { headers: 0, indexes: 88 * WORD, header_count: 110 * WORD }
    tracebaton_format_injection_t: 376 + 4 * WORD => {
        context: 0, written: 32 + 4 * WORD, replaced: 36 + 4 * WORD, sampling: 40 + 4 * WORD,
        text_size: 44 + 4 * WORD, text: 48 + 4 * WORD,
    }
    tracebaton_queue_time_t: 16 => { milliseconds: 0, kind: 8, reserved: 12 }
}
