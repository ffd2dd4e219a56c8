//! Writing headers through C: child, restart, trust, injections, and the arrays of headers that they produce.

use super::{
    NO_CONTEXT, OK, array, extracted, headers, invalid, lists_of, memory::Memory, received, status_name,
    view, zeros,
};
use crate::Hop;
use crate::headers::{plain_context, plain_done, plain_injected};
use oracle::Carry;
use tracebaton::Injected;
use tracebaton_ffi::*;
use tracebaton_oracle as oracle;

/// Injects the extracted context into the outgoing record.
pub fn inject(memory: &Memory, hop: &Hop) {
    let plain = plain_context(&hop.source.headers);
    let injection = prepared(memory, received(memory, hop));
    let carry = put(memory, hop, injection, &plain);
    one_by_one(memory, injection, &hop.target.headers, &plain, carry);
}

/// Derives a context from the extracted one and injects it.
pub fn child_or_restart(memory: &Memory, hop: &Hop) {
    let (context, plain) = (received(memory, hop), plain_context(&hop.source.headers));
    match hop.chose(5) {
        true => child(memory, hop, context, &plain),
        false => restart(memory, hop, context, &plain),
    }
}

/// Derives contexts from the extracted one that are not injected.
pub fn derived(memory: &Memory, hop: &Hop) {
    let context = received(memory, hop);
    child_or_root(memory, hop, context);
    trust(memory, hop, context);
}

/// A child if there is a parent, else a root (C1, C2).
fn child_or_root(memory: &Memory, hop: &Hop, context: *const tracebaton_context_t) {
    let span: *mut tracebaton_context_t = memory.place(zeros());
    let (trace_id, span_id) = (memory.copy(&[hop.room; 16]).cast(), memory.copy(&hop.span_id).cast());
    // SAFETY: a context, the bytes of two ids, and room for the result.
    let (status, span) = unsafe {
        let status = tracebaton_context_child_or_root(context, trace_id, span_id, hop.choice, span);
        (status, span.read())
    };
    let has_parent = plain_context(&hop.source.headers).traceparent.is_some();
    let expected = match () {
        () if hop.room == 0 => "trace_id_zero",
        () if hop.span_id == [0; 8] => "parent_id_zero",
        () if has_parent => "ok",
        () => "root",
    };
    assert_eq!(status_name(status), expected, "C1, C2");
    if status >= 0 {
        // SAFETY: a context.
        let parent = unsafe { context.read() };
        let trace_id = if has_parent { parent.trace_id.bytes } else { [hop.room; 16] };
        assert_eq!((span.trace_id.bytes, span.span_id.bytes), (trace_id, hop.span_id), "C1, C2");
        assert_eq!(lists_of(&span), lists_of(&parent), "C1, C2");
    }
}

/// A copy equals its original and lies in its own buffer. A link does too, but has no baggage.
pub fn copies(memory: &Memory, hop: &Hop) {
    let context = received(memory, hop);
    let (copy, links): (*mut tracebaton_context_t, *mut tracebaton_links_t) =
        (memory.place(zeros()), memory.place(zeros()));
    // SAFETY: a context, a buffer of that size, an array of one, and room for the results.
    unsafe {
        let size = tracebaton_context_copy_size(context);
        let capacity = if hop.chose(6) { size } else { usize::from(hop.room) };
        let status = tracebaton_context_copy(context, memory.room(capacity).cast(), capacity, copy);
        assert_eq!(status_name(status), if size <= capacity { "ok" } else { "buffer_too_small" });
        if status == OK {
            assert_eq!(lists_of(&*copy), lists_of(&*context));
            assert_eq!(((*copy).trace_id, (*copy).span_id), ((*context).trace_id, (*context).span_id));
        }
        let array: *mut tracebaton_context_t = memory.room(size_of::<tracebaton_context_t>()).cast();
        let capacity = usize::from(hop.room);
        assert_eq!(tracebaton_links_start(array, 1, memory.room(capacity).cast(), capacity, links), OK);
        let status = tracebaton_links_add(links, context);
        if (*context).span_id.bytes == [0; 8] {
            return assert_eq!((status, (*links).link_count), (NO_CONTEXT, 0));
        }
        let [state, _] = lists_of(&*context);
        let fits = state.len() <= capacity;
        assert_eq!((status, (*links).dropped_tracestates), (OK, usize::from(!fits)));
        assert_eq!(lists_of(&*array), [if fits { state } else { &[] }, &[]]);
        assert_eq!(status_name(tracebaton_links_add(links, context)), "kept");
        let other = tracebaton_span_id_t { bytes: (*context).span_id.bytes.map(|byte| !byte | 1) };
        let other = memory.place(tracebaton_context_t { span_id: other, ..*context });
        assert_eq!(status_name(tracebaton_links_add(links, other)), "links_full");
        assert_eq!(((*links).link_count, (*links).dropped), (1, 1));
    }
}

/// The injection of a valid context.
fn prepared(memory: &Memory, context: *const tracebaton_context_t) -> *mut tracebaton_injection_t {
    let injection: *mut tracebaton_injection_t = memory.room(size_of::<tracebaton_injection_t>()).cast();
    // SAFETY: a context, and room for the result.
    unsafe {
        let has_parent = (*context).span_id.bytes != [0; 8];
        assert_eq!(
            tracebaton_injection_prepare(context, injection),
            if has_parent { OK } else { NO_CONTEXT }
        );
    }
    injection
}

/// The array equals the oracle's: all headers are written or none (W1, W2, W6). The names that were written are
/// reported.
fn put(memory: &Memory, hop: &Hop, injection: *mut tracebaton_injection_t, plain: &oracle::Context) -> Carry {
    let target = &hop.target.headers[..];
    let (carry, status) = match hop.choice >> 2 & 3 {
        // SAFETY: an injection.
        1 => (Carry::TraceContext, unsafe { tracebaton_injection_trace_context_only(injection) }),
        // SAFETY: the same.
        2 => (Carry::Baggage, unsafe { tracebaton_injection_baggage_only(injection) }),
        _ => (Carry::All, OK),
    };
    assert_eq!(status, OK);
    let capacity = usize::from(hop.room);
    let array = array(memory, hop, target, capacity.max(target.len()));
    let count = memory.place(target.len());
    let keeps = hop.chose(4);
    let put = if keeps { tracebaton_headers_inject_if_absent } else { tracebaton_headers_inject };
    // SAFETY: an injection, and an array with the given count of headers.
    let (status, seen) = unsafe {
        let status = put(injection, array, count, capacity);
        (status, headers(array, *count))
    };
    let is_kept = keeps && matches!(oracle::extract(target).traceparent, oracle::Verdict::Accepted { .. });
    let (expected, fits) = plain_injected(target, plain, carry, capacity);
    let expected = match () {
        () if target.len() > capacity => ("invalid_argument_3", target.to_vec()),
        () if is_kept => ("kept", target.to_vec()),
        () if !fits => ("headers_full", expected),
        () => (if plain_done(plain, carry) == Injected::Parent { "ok" } else { "no_context" }, expected),
    };
    assert_eq!((status_name(status), seen), expected, "W1 to W6");
    carry
}

/// The same for a program whose headers are not an array.
fn one_by_one(
    memory: &Memory,
    injection: *const tracebaton_injection_t,
    target: &[oracle::Header],
    plain: &oracle::Context,
    carry: Carry,
) {
    let places: *mut tracebaton_header_t =
        memory.room(TRACEBATON_MAX_HEADERS * size_of::<tracebaton_header_t>()).cast();
    // SAFETY: an injection, and room for three.
    let count = unsafe { tracebaton_injection_headers(injection, places) };
    assert!(count <= TRACEBATON_MAX_HEADERS);
    // SAFETY: an injection and a text.
    let goes = |name: &[u8]| unsafe {
        tracebaton_injection_replaces(injection, memory.copy(name).cast(), name.len()) == 1
    };
    let mut by_hand: Vec<_> = target.iter().filter(|(name, _)| !goes(name)).cloned().collect();
    by_hand.extend(headers(places, count));
    assert_eq!(by_hand, oracle::inject(target, plain, carry), "W1");
}

/// Forwards the headers of the incoming record.
pub fn forward(memory: &Memory, hop: &Hop) {
    let extracted = extracted(memory, hop);
    let source = &hop.source.headers[..];
    let injection: *mut tracebaton_injection_t = memory.place(zeros());
    let (array, count) = (array(memory, hop, source, source.len() + 3), memory.place(source.len()));
    // SAFETY: an extraction, an injection, and an array with room for three more.
    let seen = unsafe {
        let has_parent = !(*extracted).traceparent_value.is_null();
        let status = if has_parent { OK } else { NO_CONTEXT };
        assert_eq!(tracebaton_injection_forward(extracted, injection), status);
        assert_eq!(tracebaton_headers_inject(injection, array, count, source.len() + 3), status);
        headers(array, *count)
    };
    assert_eq!(seen, oracle::forward(source), "W5");
}

fn child(memory: &Memory, hop: &Hop, context: *const tracebaton_context_t, plain: &oracle::Context) {
    let below: *mut tracebaton_context_t = memory.place(zeros());
    // SAFETY: a context, 8 bytes, and room for the result.
    let status = unsafe { tracebaton_context_child(context, memory.copy(&hop.span_id).cast(), below) };
    let expected = match () {
        () if hop.span_id == [0; 8] => "parent_id_zero",
        () if plain.traceparent.is_some() => "ok",
        () => "no_context",
    };
    assert_eq!(status_name(status), expected, "C1");
    if status == OK {
        let parent = plain.traceparent.as_deref().and_then(|value| oracle::traceparent(value).ok());
        let own =
            parent.map(|parent| oracle::TraceParent { parent_id: hop.span_id, ..parent }.to_version_00());
        put(memory, hop, prepared(memory, below), &oracle::Context { traceparent: own, ..plain.clone() });
    }
}

fn restart(memory: &Memory, hop: &Hop, context: *const tracebaton_context_t, plain: &oracle::Context) {
    let trace_id = [hop.room; 16];
    let root: *mut tracebaton_context_t = memory.place(zeros());
    let (trace, span) = (memory.copy(&trace_id).cast(), memory.copy(&hop.span_id).cast());
    // SAFETY: a context, the bytes of two ids, and room for the result.
    let status = unsafe { tracebaton_context_restart(context, trace, span, hop.choice, root) };
    let expected = match () {
        () if trace_id == [0; 16] => "trace_id_zero",
        () if hop.span_id == [0; 8] => "parent_id_zero",
        () => "ok",
    };
    assert_eq!(status_name(status), expected, "C2");
    if status == OK {
        let own = oracle::TraceParent { version: 0, trace_id, parent_id: hop.span_id, flags: hop.choice };
        let (traceparent, baggage) = (Some(own.to_version_00()), plain.baggage.clone());
        let plain = oracle::Context { traceparent, tracestate: None, baggage };
        put(memory, hop, prepared(memory, root), &plain);
    }
}

fn trust(memory: &Memory, hop: &Hop, context: *const tracebaton_context_t) {
    let admitted: *mut tracebaton_admitted_t = memory.place(zeros());
    let choice = tracebaton_trust_policy_t::from(hop.room as i8);
    // SAFETY: a context, and room for the result.
    let (status, came, admitted) = unsafe {
        let status = tracebaton_context_admit(context, choice, admitted);
        (status, context.read(), admitted.read())
    };
    let ids = |context: &tracebaton_context_t| (context.trace_id.bytes, context.span_id.bytes);
    let none = ([0; 16], [0; 8]);
    let (parent, link, baggage) = match choice {
        0..=2 => (ids(&came), none, lists_of(&came)[1]),
        3 => (none, ids(&came), &[][..]),
        4 => (none, none, &[][..]),
        _ => return assert_eq!((status, view(&raw const admitted, 8)), (invalid(2), &[0; 8][..]), "C6"),
    };
    assert_eq!(status, if parent == none { NO_CONTEXT } else { OK }, "C6");
    assert_eq!((ids(&admitted.parent), ids(&admitted.link)), (parent, link), "C6");
    assert_eq!([lists_of(&admitted.parent)[1], lists_of(&admitted.link)[1]], [baggage, &[]], "C6");
    let flags = match choice {
        1 => came.trace_flags | 1,
        2 => came.trace_flags & !1,
        _ => came.trace_flags,
    };
    assert!(parent == none || admitted.parent.trace_flags == flags, "C6");
}
