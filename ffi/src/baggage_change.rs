//! Builds and changes the baggage of a context.

use crate::change::{Change, Changed, List, change};
use crate::context::tracebaton_context_t;
use crate::memory::{
    FIFTH, FIRST, FOURTH, Place, Room, SECOND, SEVENTH, SIXTH, THIRD, buffer_shared, bytes, read, slice,
    write,
};
use crate::status::{status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::c_char;
use tracebaton::{Baggage, BaggageBuilder};

/// @brief One entry for tracebaton_baggage_build(): a member, or a property of the member before it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_baggage_entry_t {
    /// Key: a token (RFC 9110 5.6.2).
    pub key: *const c_char,
    /// Size of the key in bytes.
    pub key_size: usize,
    /// Value: any bytes, which are percent-encoded where necessary. NULL for a property without a value.
    pub value: *const c_char,
    /// Size of the value in bytes.
    pub value_size: usize,
    /// 0 for a member, 1 for a property of the member before it.
    pub is_property: u8,
    /// Reserved for encoding options: zeros.
    pub reserved: [u8; 7],
}

impl tracebaton_baggage_entry_t {
    /// # Safety
    ///
    /// The pointers obey the laws of the header for `'a`.
    unsafe fn borrowed<'a>(&self) -> Result<(&'a [u8], &'a [u8]), tracebaton_status> {
        // SAFETY: the caller's promise.
        unsafe {
            let key = bytes(SECOND, self.key, SECOND, self.key_size)?;
            Ok((key, bytes(SECOND, self.value, SECOND, self.value_size)?))
        }
    }

    /// # Safety
    ///
    /// The pointers obey the laws of the header.
    unsafe fn add_to(&self, builder: &mut BaggageBuilder<'_>) -> Result<(), tracebaton_status> {
        // SAFETY: the caller's promise.
        let (key, value) = unsafe { self.borrowed() }?;
        match self.is_property {
            0 => builder.add(key, value)?,
            _ => builder.add_property_bytes(key, Some(value).filter(|_| !self.value.is_null()))?,
        };
        Ok(())
    }
}

/// @brief Builds a baggage and stores it in a context.
///
/// @param context (in, out) The context. On success its baggage points into \p buffer; on an error it keeps its old
/// baggage.
/// @param entries The members, each followed by its properties. May be NULL if \p entry_count is 0; the context then
/// has no baggage.
/// @param entry_count Number of entries.
/// @param buffer (out) Buffer for the baggage. It must live as long as the context, and must not overlap the entries,
/// their texts, \p context, its tracestate or its old baggage.
/// @param capacity Size of the buffer in bytes. TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_BAGGAGE_KEY, TRACEBATON_BAGGAGE_NO_MEMBER,
/// TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS (over 64), TRACEBATON_BAGGAGE_TOO_LONG (over 8192 bytes),
/// TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_baggage_build(
    context: *mut tracebaton_context_t,
    entries: *const tracebaton_baggage_entry_t,
    entry_count: usize,
    buffer: *mut c_char,
    capacity: usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let mut copy = read(FIRST, context.cast_const())?;
        let array = slice(SECOND, entries, THIRD, entry_count)?;
        let parts = |entry: &tracebaton_baggage_entry_t| {
            [Place::text(entry.key, entry.key_size), Place::text(entry.value, entry.value_size)]
        };
        let others = [
            Place::of(array),
            Place::at(context),
            Place::text(copy.tracestate, copy.tracestate_size),
            Place::text(copy.baggage, copy.baggage_size),
        ];
        let room = Room { pointer: (FOURTH, buffer), capacity: (FIFTH, capacity) };
        room.apart_from(array.iter().flat_map(parts))?;
        let mut builder = BaggageBuilder::new(buffer_shared(room, &others)?);
        for entry in array {
            entry.add_to(&mut builder)?;
        }
        copy.set_baggage(builder.finish().as_bytes());
        copy.baggage = room.pointer_to(copy.baggage);
        write(FIRST, context, copy).map(|()| TRACEBATON_OK)
    })
}

/// @brief Sets the value of a key in a context's baggage.
///
/// Every member with this key is removed, and the new member is added at the end. All other well-formed members are
/// kept byte for byte. Malformed members are dropped.
///
/// Several changes can share one buffer: the first call copies the received baggage into it, and later calls change
/// it there.
///
///     char baggage[TRACEBATON_BAGGAGE_MAX_SIZE]; // must live as long as span
///     if ((status = tracebaton_baggage_set(&span, TRACEBATON_STR("tenant"), TRACEBATON_STR("7"), baggage,
///                                          sizeof(baggage))) < 0 ||
///         (status = tracebaton_baggage_remove(&span, TRACEBATON_STR("user"), baggage, sizeof(baggage))) < 0)
///         fprintf(stderr, "%s\n", tracebaton_status_message(status));
///
/// @param context (in, out) The context. On success its baggage points into \p buffer.
/// @param key The key: a token.
/// @param key_size Size of the key in bytes.
/// @param value The value: any bytes, which are percent-encoded where necessary.
/// @param value_size Size of the value in bytes.
/// @param buffer (out) Buffer for the new baggage. It must live as long as the context. It must not overlap \p
/// context, its tracestate, \p key or \p value. If the old baggage begins where the buffer does, it is changed in
/// place, and other contexts that point to it must no longer be used. Otherwise the buffer must not overlap the old
/// baggage.
/// @param capacity Size of the buffer in bytes. TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_BAGGAGE_KEY, TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS (over 64),
/// TRACEBATON_BAGGAGE_TOO_LONG (over 8192 bytes), TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP,
/// TRACEBATON_INVALID_ARGUMENT, or the rule that the old baggage breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_baggage_set(
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
            List::Baggage,
            context,
            Room { pointer: (SIXTH, buffer), capacity: (SEVENTH, capacity) },
            [key, value],
            &Set(key, value),
        )
    })
}

/// @brief Removes every member with a key from a context's baggage. All other well-formed members are kept byte for
/// byte. Malformed members are dropped.
///
/// If it fails, the context still has the member. To send no private member in any case, set \c baggage to NULL and \c
/// baggage_size to 0 then: if the context has a span, its injection removes the record's baggage. Without a span, strip the
/// record's headers, see tracebaton_headers_strip().
///
/// @param context (in, out) The context. On success its baggage points into \p buffer.
/// @param key The key: a token.
/// @param key_size Size of the key in bytes.
/// @param buffer (out) Buffer for the new baggage; see tracebaton_baggage_set().
/// @param capacity Size of the buffer in bytes.
///
/// @returns TRACEBATON_OK, also if the baggage has no such member. Negative: TRACEBATON_BAGGAGE_KEY,
/// TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or the rule that the old
/// baggage breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_baggage_remove(
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
        change(List::Baggage, context, room, [key, &[]], &Remove(key))
    })
}

struct Set<'a>(&'a [u8], &'a [u8]);

impl Change for Set<'_> {
    fn copy<'b>(&self, list: &[u8], buffer: &'b mut [u8]) -> Changed<'b> {
        Ok(Baggage::from_validated(list).set(self.0, self.1, buffer)?.as_bytes())
    }

    fn in_place<'b>(&self, buffer: &'b mut [u8], size: usize) -> Changed<'b> {
        let mut builder = BaggageBuilder::in_place(buffer, size)?;
        builder.set(self.0, self.1)?;
        Ok(builder.finish().as_bytes())
    }
}

struct Remove<'a>(&'a [u8]);

impl Change for Remove<'_> {
    fn copy<'b>(&self, list: &[u8], buffer: &'b mut [u8]) -> Changed<'b> {
        Ok(Baggage::from_validated(list).remove(self.0, buffer)?.as_bytes())
    }

    fn in_place<'b>(&self, buffer: &'b mut [u8], size: usize) -> Changed<'b> {
        let mut builder = BaggageBuilder::in_place(buffer, size)?;
        builder.remove(self.0)?;
        Ok(builder.finish().as_bytes())
    }
}
