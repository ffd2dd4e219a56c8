//! Invalid calls, and their results: an error, and nothing else.

use super::extraction::texts;
use super::{OK, extracted, invalid, memory::Memory, status_name, view, zeros};
use crate::Hop;
use std::ptr::{null, null_mut};
use tracebaton_ffi::*;

/// NULL and misaligned pointers, overlapping buffers, foreign cursors, undefined constants.
pub fn misuse(memory: &Memory, hop: &Hop) {
    let extracted = extracted(memory, hop);
    texts(tracebaton_status_t::from(hop.size.cast_signed()));
    null_pointers(memory, hop);
    misaligned(memory, extracted);
    overlapping(memory, hop);
    foreign_cursor(memory, hop, extracted);
    unchecked_context(memory, hop);
    queue_time(memory, hop);
}

/// Each pointer that must not be NULL is NULL, with a size above 0.
fn null_pointers(memory: &Memory, hop: &Hop) {
    let size = usize::from(hop.size).max(1);
    let context: *mut tracebaton_context_t = memory.place(zeros());
    let reader: *mut tracebaton_reader_t = memory.place(zeros());
    let injection: *mut tracebaton_injection_t = memory.place(zeros());
    let count = memory.place(0_usize);
    // SAFETY: pointers that are not NULL are valid; the functions promise to detect the others.
    let answers = unsafe {
        [
            tracebaton_headers_extract(null(), size, memory.room(size_of::<tracebaton_extracted_t>()).cast()),
            tracebaton_headers_extract(null(), 0, null_mut()),
            tracebaton_reader_add(null_mut(), null(), 0, null(), size),
            tracebaton_reader_finish(reader, null_mut()),
            tracebaton_headers_extract_traceparent(null(), 0, context, null_mut()),
            tracebaton_reader_finish_traceparent(reader, context, null_mut()),
            tracebaton_raw_headers_write(null(), size, null_mut(), 0, count),
            tracebaton_raw_headers_write(null(), 0, null_mut(), size, count),
            tracebaton_raw_headers_start(null(), size, null_mut(), count),
            tracebaton_raw_headers_next(null_mut(), null_mut()),
            tracebaton_choice_reader_add(null_mut(), null(), 0, null(), size),
            tracebaton_choice_reader_finish(null(), null(), 0, 0, null_mut()),
            tracebaton_context_child(context, null(), context),
            tracebaton_context_restart(null(), null(), null(), 0, context),
            tracebaton_context_admit(null(), 0, null_mut()),
            tracebaton_injection_prepare(context, null_mut()),
            tracebaton_injection_forward(null(), injection),
            tracebaton_injection_baggage_only(null_mut()),
            tracebaton_headers_inject(null(), null_mut(), count, 0),
            tracebaton_headers_inject(injection, null_mut(), count, size),
            tracebaton_headers_inject_if_absent(injection, null_mut(), null_mut(), 0),
            tracebaton_traceparent_parse(null(), size, context),
            tracebaton_tracestate_next(context, null_mut(), null_mut()),
            tracebaton_tracestate_get(context, null(), size, null_mut()),
            tracebaton_tracestate_insert(context, null(), size, null(), 0, null_mut(), 0),
            tracebaton_tracestate_insert_within(context, null(), size, null(), 0, null_mut(), 0),
            tracebaton_tracestate_truncate(context, 512, null_mut(), size),
            tracebaton_baggage_get(null(), null(), 0, null_mut()),
            tracebaton_baggage_value(null(), null_mut(), 0, count),
            tracebaton_baggage_build(context, null(), size, null_mut(), 0),
            tracebaton_baggage_set(context, null(), size, null(), 0, null_mut(), 0),
            tracebaton_baggage_remove(null_mut(), null(), 0, null_mut(), 0),
            tracebaton_trace_id_generate(null(), null_mut()),
            tracebaton_queue_time_between(0, 1, 0, null_mut()),
        ]
    };
    let is_invalid = |status: &tracebaton_status_t| (invalid(7)..=invalid(1)).contains(status);
    assert!(answers.iter().all(is_invalid), "{answers:?}");
    // SAFETY: the same.
    unsafe {
        assert_eq!(
            tracebaton_header_name_of(null(), size),
            TRACEBATON_NAME_OTHER as tracebaton_header_name_t
        );
        assert_eq!(tracebaton_injection_headers(injection, null_mut()), 0);
        assert_eq!(tracebaton_injection_replaces(null(), null(), size), 0);
        assert_eq!(
            (*count, view(context, size_of::<tracebaton_context_t>())),
            (0, &[0; size_of::<tracebaton_context_t>()][..])
        );
    }
}

fn misaligned(memory: &Memory, extracted: *const tracebaton_extracted_t) {
    let place = memory.room(size_of::<tracebaton_injection_t>() + 8);
    // SAFETY: there is room, if not aligned.
    unsafe {
        let injection = place.add(1).cast();
        assert_eq!(tracebaton_injection_forward(extracted, injection), invalid(2));
        assert_eq!(tracebaton_injection_prepare(extracted.byte_add(1).cast(), injection), invalid(1));
        assert_eq!(tracebaton_injection_headers(injection, place.add(4).cast()), 0);
    }
}

/// A buffer that is a part of the list.
fn overlapping(memory: &Memory, hop: &Hop) {
    let list = b"a=1,b=2,c=3";
    let text = memory.copy(list).cast();
    let size = list.len();
    let same = tracebaton_context_t {
        tracestate: text,
        tracestate_size: size,
        baggage: text,
        baggage_size: size,
        ..zeros()
    };
    let context = memory.place(same);
    let key = memory.copy(b"a").cast();
    let from = 1 + usize::from(hop.room) % (size - 1);
    // SAFETY: a context, a text, and a buffer that is a part of the list.
    let answers = unsafe {
        let buffer = text.add(from);
        [
            tracebaton_tracestate_delete(context, key, 1, buffer, size - from),
            tracebaton_baggage_remove(context, key, 1, buffer, size - from),
            tracebaton_baggage_set(context, key, 1, buffer, 1, buffer, size - from),
        ]
    };
    assert_eq!(answers.map(status_name), ["overlap"; 3]);
    assert_eq!(view(text, size), list, "nothing is changed");
}

/// A cursor of another list. Results stay within the list, or the call fails.
fn foreign_cursor(memory: &Memory, hop: &Hop, extracted: *const tracebaton_extracted_t) {
    // SAFETY: written by an extraction.
    let context = memory.place(unsafe { extracted.read() }.context);
    let position = if hop.chose(7) { usize::MAX - usize::from(hop.room) } else { hop.size.into() };
    let cursor =
        memory.place(tracebaton_cursor_t { position, members: hop.room.into(), skipped: usize::MAX });
    let state: *mut tracebaton_tracestate_member_t = memory.place(zeros());
    let member: *mut tracebaton_baggage_member_t = memory.place(zeros());
    let property: *mut tracebaton_baggage_property_t = memory.place(zeros());
    // SAFETY: a context, a cursor, and room for what is read.
    unsafe {
        let [tracestate, baggage] = super::lists_of(&*context);
        if tracebaton_tracestate_next(context, cursor, state) == OK {
            within(view((*state).key, (*state).key_size), tracestate);
            within(view((*state).value, (*state).value_size), tracestate);
        }
        if tracebaton_baggage_next(context, cursor, member) == OK {
            within(view((*member).member, (*member).member_size), baggage);
            (*cursor).position = hop.room.into();
            if tracebaton_baggage_property_next(member, cursor, property) == OK {
                within(view((*property).property, (*property).property_size), baggage);
            }
        }
    }
}

fn within(part: &[u8], whole: &[u8]) {
    assert!(part.is_empty() || whole.as_ptr_range().start <= part.as_ptr());
    assert!(part.is_empty() || part.as_ptr_range().end <= whole.as_ptr_range().end);
}

/// A context that a program has filled itself is checked again.
fn unchecked_context(memory: &Memory, hop: &Hop) {
    let [half, _] = [0, 8].map(|at| u64::from_le_bytes(hop.span_id).rotate_left(at));
    let list = memory.copy(&hop.value).cast_const().cast();
    let size = hop.value.len();
    let context = memory.place(tracebaton_context_t {
        trace_id: tracebaton_trace_id_t { bytes: [if hop.chose(2) { hop.room } else { 0 }; 16] },
        span_id: tracebaton_span_id_t { bytes: half.to_le_bytes() },
        trace_flags: hop.choice,
        tracestate: if hop.chose(3) { list } else { null() },
        tracestate_size: if hop.chose(3) { size } else { 0 },
        baggage: list,
        baggage_size: size,
        ..zeros()
    });
    let injection: *mut tracebaton_injection_t = memory.place(zeros());
    // SAFETY: a context, and room for the result.
    let (status, seen, context) =
        unsafe { (tracebaton_injection_prepare(context, injection), injection.read(), context.read()) };
    let (has_trace, has_span) = (context.trace_id.bytes != [0; 16], context.span_id.bytes != [0; 8]);
    let rule = match () {
        () if has_span && !has_trace => Some("trace_id_zero"),
        () if has_trace && !has_span => Some("parent_id_zero"),
        () => tracebaton_oracle::baggage(&hop.value).err().map(|(rule, _)| rule),
    };
    let state_rule = tracebaton_oracle::tracestate(&hop.value).err().map(|(rule, _)| rule);
    let rule = rule.or(state_rule.filter(|_| has_span && context.tracestate_size > 0));
    let expected = rule.unwrap_or(if has_span { "ok" } else { "no_context" });
    assert_eq!(status_name(status), expected, "W3");
    assert!(status >= 0 || seen.traceparent_size + seen.baggage_size == 0, "an error writes nothing");
    wrong_size(memory, hop, seen);
}

/// A program has changed the size of the formatted `traceparent`: only bytes of the struct are used.
fn wrong_size(memory: &Memory, hop: &Hop, prepared: tracebaton_injection_t) {
    let traceparent_size = if hop.chose(2) { usize::MAX } else { hop.size.into() };
    let changed = memory.place(tracebaton_injection_t { traceparent_size, ..prepared });
    let places = memory.room(TRACEBATON_MAX_HEADERS * size_of::<tracebaton_header_t>());
    // SAFETY: an injection, and room for three headers.
    let count = unsafe { tracebaton_injection_headers(changed, places.cast()) };
    let written = super::headers(places.cast(), count);
    let is_parent = |(name, _): &&tracebaton_oracle::Header| name == b"traceparent";
    let parent = written.iter().find(is_parent).and_then(|(_, value)| value.as_ref());
    assert_eq!(
        parent.map_or(0, Vec::len),
        traceparent_size.min(TRACEBATON_TRACEPARENT_SIZE),
        "the size is limited"
    );
}

fn queue_time(memory: &Memory, hop: &Hop) {
    let place: *mut tracebaton_queue_time_t = memory.place(zeros());
    let (timestamp, kind) =
        (i64::from_le_bytes(hop.span_id), tracebaton_timestamp_kind_t::from(hop.room % 5));
    let consumed = i64::from(hop.size) << (hop.choice % 48);
    // SAFETY: room for the result.
    let (status, waited) =
        unsafe { (tracebaton_queue_time_between(timestamp, kind, consumed, place), place.read()) };
    let expected = match kind {
        0 => ("no_timestamp", 0, 0),
        1 | 2 => ("ok", consumed.saturating_sub(timestamp), kind),
        _ => ("invalid_argument_2", 0, 0),
    };
    assert_eq!((status_name(status), waited.milliseconds, waited.kind), expected, "C7");
}
