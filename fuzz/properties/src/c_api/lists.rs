//! Tracestate and baggage through C: reading them with a cursor, and changing them into buffers of several sizes.

use super::{OK, lists_of, memory::Memory, status_name, view, zeros};
use crate::Hop;
use std::ffi::c_char;
use tracebaton_ffi::*;
use tracebaton_oracle as oracle;

const END: tracebaton_status_t = TRACEBATON_END as tracebaton_status_t;

/// The value of the first header with this name, valid or not.
fn list_of<'a>(hop: &'a Hop, name: &[u8]) -> &'a [u8] {
    let mut headers = hop.source.headers.iter();
    headers.find(|(other, _)| other == name).and_then(|(_, value)| value.as_deref()).unwrap_or_default()
}

/// A context that has only these lists.
fn context(memory: &Memory, tracestate: &[u8], baggage: &[u8]) -> *mut tracebaton_context_t {
    let (state, bag) = (memory.copy(tracestate).cast_const(), memory.copy(baggage).cast_const());
    let (tracestate_size, baggage_size) = (tracestate.len(), baggage.len());
    memory.place(tracebaton_context_t {
        tracestate: state.cast(),
        tracestate_size,
        baggage: bag.cast(),
        baggage_size,
        ..zeros()
    })
}

/// Reads a tracestate.
pub fn tracestate(memory: &Memory, hop: &Hop) {
    let list = list_of(hop, b"tracestate");
    let read = oracle::tracestate(list);
    let expected = match &read {
        Ok(members) => Ok(&members[..]),
        Err((rule, _)) => Err(*rule),
    };
    let context = context(memory, list, b"");
    assert_eq!(tracestate_members(memory, context).as_deref().map_err(|rule| *rule), expected, "R7");
    tracestate_get(memory, hop, context, expected);
}

/// Changes a tracestate.
pub fn tracestate_changes(memory: &Memory, hop: &Hop) {
    let list = list_of(hop, b"tracestate");
    let read = oracle::tracestate(list);
    let context = context(memory, list, b"");
    let (key, key_size) = (memory.copy(&hop.key).cast_const().cast(), hop.key.len());
    let (value, value_size) = (memory.copy(&hop.value).cast_const().cast(), hop.value.len());
    let (limit, capacity) = (usize::from(hop.size), buffer_size(hop));
    let refused = |changed: Result<Vec<u8>, oracle::Refusal>| match &read {
        Ok(_) => changed,
        Err(refusal) => Err(*refusal),
    };
    // SAFETY: a context, two texts, and a buffer of that size.
    let insert = |context, buffer| unsafe {
        tracebaton_tracestate_insert(context, key, key_size, value, value_size, buffer, capacity)
    };
    let expected = refused(oracle::tracestate_insert(list, &hop.key, &hop.value));
    changed(memory, context, capacity, &expected, 0, insert);
    let smaller = refused(oracle::tracestate_insert_within(list, &hop.key, &hop.value, capacity));
    // SAFETY: a context, two texts, and a buffer of that size.
    let insert_within = |context, buffer| unsafe {
        tracebaton_tracestate_insert_within(context, key, key_size, value, value_size, buffer, capacity)
    };
    changed(memory, context, capacity, &smaller, 0, insert_within);
    // SAFETY: a context, a text, and a buffer of that size.
    let delete =
        |context, buffer| unsafe { tracebaton_tracestate_delete(context, key, key_size, buffer, capacity) };
    changed(memory, context, capacity, &refused(oracle::tracestate_delete(list, &hop.key)), 0, delete);
    // SAFETY: a context, and a buffer of that size.
    let truncate =
        |context, buffer| unsafe { tracebaton_tracestate_truncate(context, limit, buffer, capacity) };
    changed(memory, context, capacity, &refused(oracle::tracestate_truncate(list, limit)), 0, truncate);
}

/// The size of the buffer for a change: often large enough, often one byte too small.
fn buffer_size(hop: &Hop) -> usize {
    match hop.choice >> 5 {
        0 => 0,
        1 | 2 => usize::from(hop.room),
        3 | 4 => usize::from(hop.size),
        _ => TRACEBATON_BAGGAGE_MAX_SIZE,
    }
}

fn tracestate_members(
    memory: &Memory,
    context: *const tracebaton_context_t,
) -> Result<Vec<oracle::Pair>, &'static str> {
    let (cursor, member) =
        (memory.place(zeros()), memory.room(size_of::<tracebaton_tracestate_member_t>()).cast());
    let mut members = Vec::new();
    loop {
        // SAFETY: a context, a cursor, and room for the member.
        match unsafe { tracebaton_tracestate_next(context, cursor, member) } {
            OK => members.push(tracestate_pair(member)),
            END => break,
            error => return Err(status_name(error)),
        }
    }
    // SAFETY: the same.
    let again = unsafe { tracebaton_tracestate_next(context, cursor, member) };
    assert_eq!(again, END, "the cursor stays at the end");
    // SAFETY: a cursor.
    assert_eq!(unsafe { (*cursor).members }, members.len());
    Ok(members)
}

fn tracestate_pair(member: *const tracebaton_tracestate_member_t) -> oracle::Pair {
    // SAFETY: a member that the library wrote.
    let member = unsafe { member.read() };
    (view(member.key, member.key_size).to_vec(), view(member.value, member.value_size).to_vec())
}

fn tracestate_get(
    memory: &Memory,
    hop: &Hop,
    context: *const tracebaton_context_t,
    expected: Result<&[oracle::Pair], &'static str>,
) {
    let key = match expected {
        Ok([.., (key, _)]) if hop.chose(1) => key,
        _ => &hop.key,
    };
    let member = memory.room(size_of::<tracebaton_tracestate_member_t>()).cast();
    // SAFETY: a context, a text, and room for the member.
    let status = unsafe { tracebaton_tracestate_get(context, memory.copy(key).cast(), key.len(), member) };
    let first = expected.map(|members| members.iter().find(|(other, _)| other == key));
    let seen = match status {
        OK => Ok(Some(tracestate_pair(member))),
        status if status > 0 => Ok(None),
        status => Err(status_name(status)),
    };
    assert_eq!(
        seen.as_ref().map(Option::as_ref),
        first.as_ref().map(|first| *first),
        "R7: the first member of a key wins"
    );
}

/// Reads a baggage.
pub fn baggage(memory: &Memory, hop: &Hop) {
    let list = list_of(hop, b"baggage");
    let read = oracle::baggage(list);
    let context = context(memory, b"", list);
    let expected = read.map_err(|(rule, _)| rule);
    assert_eq!(baggage_members(memory, context), expected, "R8");
    if let Ok(read) = &expected {
        baggage_get(memory, hop, context, read);
    }
}

/// Changes a baggage.
pub fn baggage_changes(memory: &Memory, hop: &Hop) {
    let list = list_of(hop, b"baggage");
    let read = oracle::baggage(list);
    let context = context(memory, b"", list);
    let (key, key_size) = (memory.copy(&hop.key).cast_const().cast(), hop.key.len());
    let (value, value_size) = (memory.copy(&hop.value).cast_const().cast(), hop.value.len());
    let capacity = buffer_size(hop);
    let refused = |changed| if let Err(refusal) = read { Err(refusal) } else { changed };
    // SAFETY: a context, two texts, and a buffer of that size.
    let set = |context, buffer| unsafe {
        tracebaton_baggage_set(context, key, key_size, value, value_size, buffer, capacity)
    };
    changed(memory, context, capacity, &refused(oracle::baggage_set(list, &hop.key, &hop.value)), 1, set);
    // SAFETY: a context, a text, and a buffer of that size.
    let remove =
        |context, buffer| unsafe { tracebaton_baggage_remove(context, key, key_size, buffer, capacity) };
    changed(memory, context, capacity, &refused(oracle::baggage_remove(list, &hop.key)), 1, remove);

    let member =
        tracebaton_baggage_entry_t { key, key_size, value, value_size, is_property: 0, reserved: [0; 7] };
    let property =
        tracebaton_baggage_entry_t { value: std::ptr::null(), value_size: 0, is_property: 1, ..member };
    let entries = memory.place([member, property]).cast_const().cast();
    // SAFETY: a context, two entries, and a buffer of that size.
    let build = |context, buffer| unsafe { tracebaton_baggage_build(context, entries, 2, buffer, capacity) };
    let built =
        oracle::baggage_set(b"", &hop.key, &hop.value).map(|list| [&list[..], b";", &hop.key].concat());
    copied(memory, context, capacity, &built, 1, build);
    if !list.is_empty() {
        // SAFETY: a context; its list is refused before anything is written.
        let (status, after) =
            unsafe { (build(context, (*context).baggage.cast_mut()), lists_of(&*context)[1]) };
        assert!(status < 0 && after == list, "a failure changes nothing");
    }
}

fn baggage_members(
    memory: &Memory,
    context: *const tracebaton_context_t,
) -> Result<oracle::Baggage, &'static str> {
    let cursor: *mut tracebaton_cursor_t = memory.place(zeros());
    let member = memory.room(size_of::<tracebaton_baggage_member_t>()).cast();
    let mut members = Vec::new();
    loop {
        // SAFETY: a context, a cursor, and room for the member.
        match unsafe { tracebaton_baggage_next(context, cursor, member) } {
            OK => members.push(baggage_member(memory, member)),
            END => break,
            error => return Err(status_name(error)),
        }
    }
    // SAFETY: a cursor.
    let skipped = unsafe { (*cursor).skipped };
    Ok(oracle::Baggage { members, skipped })
}

fn baggage_member(memory: &Memory, place: *const tracebaton_baggage_member_t) -> oracle::Member {
    // SAFETY: a member that the library wrote.
    let member = unsafe { place.read() };
    let cursor: *mut tracebaton_cursor_t = memory.place(zeros());
    let property: *mut tracebaton_baggage_property_t =
        memory.room(size_of::<tracebaton_baggage_property_t>()).cast();
    let mut properties = Vec::new();
    // SAFETY: a member, a cursor, and room for the property.
    while unsafe { tracebaton_baggage_property_next(place, cursor, property) } == OK {
        // SAFETY: a property that the library wrote.
        let of = unsafe { property.read() };
        // SAFETY: a property, and a buffer of that size.
        let decode = |buffer, size| unsafe {
            tracebaton_baggage_property_value(property, buffer, of.value_size, size)
        };
        let value = (!of.value.is_null()).then(|| encoded(memory, view(of.value, of.value_size), decode));
        properties.push((view(of.key, of.key_size).to_vec(), value));
    }
    // SAFETY: a member, and a buffer of that size.
    let decode = |buffer, size| unsafe { tracebaton_baggage_value(place, buffer, member.value_size, size) };
    oracle::Member {
        text: view(member.member, member.member_size).to_vec(),
        key: view(member.key, member.key_size).to_vec(),
        value: encoded(memory, view(member.value, member.value_size), decode),
        properties,
    }
}

/// A value, decoded into a buffer of the encoded size, which is always large enough.
fn encoded(
    memory: &Memory,
    raw: &[u8],
    decode: impl Fn(*mut c_char, *mut usize) -> tracebaton_status_t,
) -> oracle::Encoded {
    let (buffer, size) = (memory.room(raw.len()), memory.place(0));
    assert_eq!(decode(buffer.cast(), size), OK, "R8");
    // SAFETY: written by the call.
    let decoded = view(buffer, unsafe { *size }).to_vec();
    oracle::Encoded { raw: raw.to_vec(), decoded: String::from_utf8(decoded).expect("R8: UTF-8") }
}

fn baggage_get(memory: &Memory, hop: &Hop, context: *const tracebaton_context_t, read: &oracle::Baggage) {
    let key = match &read.members[..] {
        [first, ..] if hop.chose(1) => &first.key,
        _ => &hop.key,
    };
    let member = memory.room(size_of::<tracebaton_baggage_member_t>()).cast();
    // SAFETY: a context, a text, and room for the member.
    let status = unsafe { tracebaton_baggage_get(context, memory.copy(key).cast(), key.len(), member) };
    let last = read.members.iter().rfind(|member| member.key == *key);
    assert_eq!(
        status_name(status),
        if last.is_some() { "ok" } else { "not_found" },
        "R8: the last member of a key wins"
    );
    assert_eq!(
        (status == OK).then(|| baggage_member(memory, member)).as_ref(),
        last,
        "R8: the last member of a key wins"
    );
}

/// A change has the expected result, in another buffer and in place.
fn changed(
    memory: &Memory,
    before: *const tracebaton_context_t,
    capacity: usize,
    expected: &Result<Vec<u8>, oracle::Refusal>,
    which: usize,
    change: impl Fn(*mut tracebaton_context_t, *mut c_char) -> tracebaton_status_t,
) {
    // SAFETY: a context.
    in_place(memory, unsafe { before.read() }, capacity, expected, which, &change);
    copied(memory, before, capacity, expected, which, change);
}

/// A change has the expected result in another buffer, or fails with the expected rule and leaves the context
/// unchanged.
fn copied(
    memory: &Memory,
    before: *const tracebaton_context_t,
    capacity: usize,
    expected: &Result<Vec<u8>, oracle::Refusal>,
    which: usize,
    change: impl Fn(*mut tracebaton_context_t, *mut c_char) -> tracebaton_status_t,
) {
    // SAFETY: a context.
    let context = memory.place(unsafe { before.read() });
    let buffer = memory.room(capacity);
    let status = change(context, buffer.cast());
    // SAFETY: a context still.
    let after = lists_of(unsafe { &*context })[which];
    match expected {
        Ok(list) if list.len() <= capacity => {
            assert_eq!((status_name(status), after), ("ok", &list[..]), "C3 to C5");
            assert!(list.is_empty() || after.as_ptr() == buffer, "the result is in the buffer");
            return;
        }
        Ok(list) if list.len() > TRACEBATON_BAGGAGE_MAX_SIZE => assert!(status < 0, "C5: too long"),
        Ok(_) => assert_eq!(status_name(status), "buffer_too_small"),
        // A small buffer may be full before a list has too many members or bytes.
        Err((rule @ ("too_long" | "too_many_members"), _)) if capacity < TRACEBATON_BAGGAGE_MAX_SIZE => {
            assert!([rule, "buffer_too_small"].contains(&status_name(status)));
        }
        Err((rule, _)) => assert_eq!(status_name(status), *rule, "C3 to C5"),
    }
    let size = size_of::<tracebaton_context_t>();
    assert_eq!(view(context, size), view(before, size), "an error changes nothing");
}

/// The same with the list at the start of the buffer, where it is changed in place. An error leaves it unchanged.
fn in_place(
    memory: &Memory,
    mut given: tracebaton_context_t,
    capacity: usize,
    expected: &Result<Vec<u8>, oracle::Refusal>,
    which: usize,
    change: impl Fn(*mut tracebaton_context_t, *mut c_char) -> tracebaton_status_t,
) {
    let list = lists_of(&given)[which].to_vec();
    if list.is_empty() || list.len() > capacity {
        return;
    }
    let buffer = memory.room(capacity);
    // SAFETY: there is room for the list.
    unsafe { buffer.copy_from(list.as_ptr(), list.len()) };
    match which {
        0 => given.tracestate = buffer.cast(),
        _ => given.baggage = buffer.cast(),
    }
    let context = memory.place(given);
    let status = change(context, buffer.cast());
    // SAFETY: a context still.
    let after = lists_of(unsafe { &*context })[which];
    match expected {
        Ok(expected) if expected.len() <= capacity => {
            assert_eq!((status_name(status), after), ("ok", &expected[..]), "changed in place")
        }
        _ => assert!(
            status < 0 && after == list && view(buffer, list.len()) == list,
            "a refused change in place leaves the list unchanged"
        ),
    }
}
