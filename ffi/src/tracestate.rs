//! Reads and changes the tracestate of a context.

use crate::change::{Change, Changed, List, change};
use crate::context::tracebaton_context_t;
use crate::cursor::{advance, cursor_in, next_piece, tracebaton_cursor_t};
use crate::memory::{FIFTH, FIRST, FOURTH, Room, SECOND, SEVENTH, SIXTH, THIRD, bytes, read, write};
use crate::status::{status_of, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::c_char;
use tracebaton::{TraceState, TraceStateBuilder, TraceStateError, TraceStateMember};

/// @brief Maximum count of members in a tracestate (W3C Trace Context Level 2, 3.3.2).
pub const TRACEBATON_TRACESTATE_MAX_MEMBERS: usize = 32;
/// @brief Maximum size of a tracestate in bytes. A buffer of this size is large enough for the result of every
/// change.
pub const TRACEBATON_TRACESTATE_MAX_SIZE: usize = 8192;
/// @brief Smallest limit for tracebaton_tracestate_truncate(), in bytes. W3C requires everyone to propagate this many
/// (3.3.3.1).
pub const TRACEBATON_TRACESTATE_MIN_PROPAGATED: usize = 512;

const _: () = {
    assert!(TRACEBATON_TRACESTATE_MAX_MEMBERS == TraceState::MAX_MEMBERS);
    assert!(TRACEBATON_TRACESTATE_MAX_SIZE == TraceState::MAX_LENGTH);
    assert!(TRACEBATON_TRACESTATE_MIN_PROPAGATED == TraceState::MIN_PROPAGATED);
};

/// @brief One member of a tracestate, which belongs to one vendor. Its pointers point into the tracestate.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_tracestate_member_t {
    /// Key of the vendor: 1 to 256 bytes of a-z 0-9 _ - * / @ (W3C Trace Context Level 2, 3.3.2.2.1).
    pub key: *const c_char,
    /// Size of the key in bytes.
    pub key_size: usize,
    /// Value: 1 to 256 bytes of printable ASCII without "," and "=", including leading spaces (3.3.2.2.2).
    pub value: *const c_char,
    /// Size of the value in bytes.
    pub value_size: usize,
}

impl From<TraceStateMember<'_>> for tracebaton_tracestate_member_t {
    fn from(member: TraceStateMember<'_>) -> Self {
        Self {
            key: member.key.as_ptr().cast(),
            key_size: member.key.len(),
            value: member.value.as_ptr().cast(),
            value_size: member.value.len(),
        }
    }
}

/// @brief Reads the next member of a context's tracestate, from left to right. The left-most member is the newest.
///
/// @param context The context.
/// @param cursor (in, out) Position in the list; zeros before the first call.
/// @param member (out) The member. It points into the tracestate.
///
/// @returns TRACEBATON_OK, or TRACEBATON_END if there is no further member. Negative: TRACEBATON_INVALID_ARGUMENT, or
/// the rule that the tracestate breaks; then no member can be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_tracestate_next(
    context: *const tracebaton_context_t,
    cursor: *mut tracebaton_cursor_t,
    member: *mut tracebaton_tracestate_member_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let context = read(FIRST, context)?;
        let list = bytes(FIRST, context.tracestate, FIRST, context.tracestate_size)?;
        let mut place = cursor_in(cursor, list, b',')?;
        if place.position == 0 {
            context.validate_tracestate(FIRST)?;
        }
        let next = next_member(list, &mut place)?;
        advance(cursor, place, member, next.map(tracebaton_tracestate_member_t::from))
    })
}

/// The next member of a list that was checked at its beginning: only what is read is checked again, so that the time for
/// all members grows with the bytes of the list.
fn next_member<'a>(
    list: &'a [u8],
    place: &mut tracebaton_cursor_t,
) -> Result<Option<TraceStateMember<'a>>, TraceStateError> {
    while let Some(piece) = next_piece(list, &mut place.position, b',') {
        if let Some(member) = TraceState::parse(piece)?.members().next() {
            place.members = place.members.saturating_add(1);
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// @brief Finds the member with a key in a context's tracestate. If there are several, finds the first, which is the
/// newest.
///
/// @param context The context.
/// @param key Key of the vendor. May be NULL if \p key_size is 0.
/// @param key_size Size of the key in bytes.
/// @param member (out) The member. It points into the tracestate.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NOT_FOUND. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that the
/// tracestate breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_tracestate_get(
    context: *const tracebaton_context_t,
    key: *const c_char,
    key_size: usize,
    member: *mut tracebaton_tracestate_member_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let state = read(FIRST, context)?.validate_tracestate(FIRST)?;
        let key = bytes(SECOND, key, THIRD, key_size)?;
        match state.members().find(|member| member.key == key) {
            Some(found) => write(FOURTH, member, found.into()).map(|()| TRACEBATON_OK),
            None => Ok(TRACEBATON_NOT_FOUND),
        }
    })
}

/// @brief Adds or updates a member of a context's tracestate, for a vendor that takes part in the trace.
///
/// The member becomes the left-most, and every other member with its key is removed. The rest keep their order and
/// bytes. The right-most members are dropped if the list would have more than 32 members or 8192 bytes.
///
/// Several changes can share one buffer: the first call copies the received tracestate into it, and later calls
/// change it there.
///
///     char state[TRACEBATON_TRACESTATE_MAX_SIZE]; // must live as long as span
///     if ((status = tracebaton_tracestate_insert(&span, TRACEBATON_STR("rojo"), TRACEBATON_STR("1"), state,
///                                                sizeof(state))) < 0 ||
///         (status = tracebaton_tracestate_delete(&span, TRACEBATON_STR("congo"), state, sizeof(state))) < 0)
///         fprintf(stderr, "%s\n", tracebaton_status_message(status));
///
/// @param context (in, out) The context. On success its tracestate points into \p buffer.
/// @param key Key of the vendor: a-z 0-9 _ - * / @, the first a letter or a digit, at most 256 bytes.
/// @param key_size Size of the key in bytes.
/// @param value Value: printable ASCII without "," and "=", not ending with a space, at most 256 bytes.
/// @param value_size Size of the value in bytes.
/// @param buffer (out) Buffer for the new tracestate. It must live as long as the context. It must not overlap \p
/// context, its baggage, \p key or \p value. If the old tracestate begins where the buffer does, it is changed in
/// place, and other contexts that point to it must no longer be used. Otherwise the buffer must not overlap the old
/// tracestate.
/// @param capacity Size of the buffer in bytes. TRACEBATON_TRACESTATE_MAX_SIZE is always enough.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP,
/// TRACEBATON_INVALID_ARGUMENT, or the rule that the tracestate, the key or the value breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_tracestate_insert(
    context: *mut tracebaton_context_t,
    key: *const c_char,
    key_size: usize,
    value: *const c_char,
    value_size: usize,
    buffer: *mut c_char,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let (key, value) = (bytes(SECOND, key, THIRD, key_size)?, bytes(FOURTH, value, FIFTH, value_size)?);
        change(
            List::TraceState,
            context,
            Room { pointer: (SIXTH, buffer), capacity: (SEVENTH, capacity) },
            [key, value],
            &Insert(key, value),
        )
    })
}

/// @brief Calls tracebaton_tracestate_insert() for a small buffer: drops as many other members as it takes for the list to
/// fit.
///
/// Members of more than 128 bytes are dropped first, from the right, until the list fits. Then the right-most members
/// are dropped. W3C requires everyone to propagate TRACEBATON_TRACESTATE_MIN_PROPAGATED bytes or more, so give the buffer
/// that size if there is room.
///
///     char state[TRACEBATON_TRACESTATE_MIN_PROPAGATED]; // must live as long as span
///     if ((status = tracebaton_tracestate_insert_within(&span, TRACEBATON_STR("rojo"), TRACEBATON_STR("1"), state,
///                                                       sizeof(state))) < 0)
///         fprintf(stderr, "%s\n", tracebaton_status_message(status)); // the key or the value is invalid
///
/// @param context (in, out) The context. On success its tracestate points into \p buffer.
/// @param key Key of the vendor; see tracebaton_tracestate_insert().
/// @param key_size Size of the key in bytes.
/// @param value Value; see tracebaton_tracestate_insert().
/// @param value_size Size of the value in bytes.
/// @param buffer (out) Buffer for the new tracestate; see tracebaton_tracestate_insert().
/// @param capacity Size of the buffer in bytes. \p key_size + \p value_size + 1 bytes are enough.
///
/// @returns the same statuses as tracebaton_tracestate_insert(). The buffer is too small only if the new member alone
/// does not fit, or if the old tracestate begins in it and continues after its end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_tracestate_insert_within(
    context: *mut tracebaton_context_t,
    key: *const c_char,
    key_size: usize,
    value: *const c_char,
    value_size: usize,
    buffer: *mut c_char,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let (key, value) = (bytes(SECOND, key, THIRD, key_size)?, bytes(FOURTH, value, FIFTH, value_size)?);
        change(
            List::TraceState,
            context,
            Room { pointer: (SIXTH, buffer), capacity: (SEVENTH, capacity) },
            [key, value],
            &InsertWithin(key, value),
        )
    })
}

/// @brief Deletes every member with a key from a context's tracestate.
///
/// @param context (in, out) The context. On success its tracestate points into \p buffer.
/// @param key The key.
/// @param key_size Size of the key in bytes.
/// @param buffer (out) Buffer for the new tracestate; see tracebaton_tracestate_insert().
/// @param capacity Size of the buffer in bytes.
///
/// @returns TRACEBATON_OK, also if the tracestate has no such member. Negative:
/// TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or the rule that the
/// tracestate or the key breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_tracestate_delete(
    context: *mut tracebaton_context_t,
    key: *const c_char,
    key_size: usize,
    buffer: *mut c_char,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let key = bytes(SECOND, key, THIRD, key_size)?;
        let room = Room { pointer: (FOURTH, buffer), capacity: (FIFTH, capacity) };
        change(List::TraceState, context, room, [key, &[]], &Delete(key))
    })
}

/// @brief Truncates a context's tracestate to a limit, by whole members (W3C Trace Context Level 2, 3.3.3.1).
///
/// Members of more than 128 bytes are dropped first, from the right, until the list fits. Then the right-most members
/// are dropped.
///
/// @param context (in, out) The context. On success its tracestate points into \p buffer.
/// @param limit Maximum size of the result in bytes, at least TRACEBATON_TRACESTATE_MIN_PROPAGATED.
/// @param buffer (out) Buffer for the new tracestate; see tracebaton_tracestate_insert(). \p limit bytes are enough.
/// @param capacity Size of the buffer in bytes.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL, TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL,
/// TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or the rule that the tracestate breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_tracestate_truncate(
    context: *mut tracebaton_context_t,
    limit: usize,
    buffer: *mut c_char,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        change(
            List::TraceState,
            context,
            Room { pointer: (THIRD, buffer), capacity: (FOURTH, capacity) },
            [&[], &[]],
            &Truncate(limit),
        )
    })
}

struct Insert<'a>(&'a [u8], &'a [u8]);

impl Change for Insert<'_> {
    fn copy<'b>(&self, list: &[u8], buffer: &'b mut [u8]) -> Changed<'b> {
        Ok(TraceState::from_validated(list).insert(self.0, self.1, buffer)?.as_bytes())
    }

    fn in_place<'b>(&self, buffer: &'b mut [u8], size: usize) -> Changed<'b> {
        let mut builder = TraceStateBuilder::in_place(buffer, size)?;
        builder.insert(self.0, self.1)?;
        Ok(builder.finish().as_bytes())
    }
}

struct InsertWithin<'a>(&'a [u8], &'a [u8]);

impl Change for InsertWithin<'_> {
    fn copy<'b>(&self, list: &[u8], buffer: &'b mut [u8]) -> Changed<'b> {
        Ok(TraceState::from_validated(list).insert_within(self.0, self.1, buffer)?.as_bytes())
    }

    fn in_place<'b>(&self, buffer: &'b mut [u8], size: usize) -> Changed<'b> {
        let mut builder = TraceStateBuilder::in_place(buffer, size)?;
        builder.insert_within(self.0, self.1)?;
        Ok(builder.finish().as_bytes())
    }
}

struct Delete<'a>(&'a [u8]);

impl Change for Delete<'_> {
    fn copy<'b>(&self, list: &[u8], buffer: &'b mut [u8]) -> Changed<'b> {
        Ok(TraceState::from_validated(list).delete(self.0, buffer)?.as_bytes())
    }

    fn in_place<'b>(&self, buffer: &'b mut [u8], size: usize) -> Changed<'b> {
        let mut builder = TraceStateBuilder::in_place(buffer, size)?;
        builder.delete(self.0)?;
        Ok(builder.finish().as_bytes())
    }
}

struct Truncate(usize);

impl Change for Truncate {
    fn copy<'b>(&self, list: &[u8], buffer: &'b mut [u8]) -> Changed<'b> {
        Ok(TraceState::from_validated(list).truncate(self.0, buffer)?.as_bytes())
    }

    fn in_place<'b>(&self, buffer: &'b mut [u8], size: usize) -> Changed<'b> {
        let mut builder = TraceStateBuilder::in_place(buffer, size)?;
        builder.truncate(self.0)?;
        Ok(builder.finish().as_bytes())
    }
}
