//! Reads the baggage of a context.

use crate::context::tracebaton_context_t;
use crate::cursor::{advance, cursor_in, next_piece, tracebaton_cursor_t};
use crate::memory::{FIRST, FOURTH, Place, Room, SECOND, THIRD, buffer, bytes, read, write};
use crate::status::{Outcome, status_of, tracebaton_status, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::c_char;
use core::ptr::null;
use tracebaton::{Baggage, BaggageError, BaggageValue};

/// @brief Maximum count of baggage members that are read or written. W3C requires everyone to propagate this many
/// (W3C Baggage 3.3.2).
pub const TRACEBATON_BAGGAGE_MAX_MEMBERS: usize = 64;
/// @brief Maximum size of a baggage in bytes. A buffer of this size is large enough for every list.
pub const TRACEBATON_BAGGAGE_MAX_SIZE: usize = 8192;

const _: () = {
    assert!(TRACEBATON_BAGGAGE_MAX_MEMBERS == Baggage::MAX_MEMBERS);
    assert!(TRACEBATON_BAGGAGE_MAX_SIZE == Baggage::MAX_LENGTH);
};

/// @brief One member of a baggage. Its pointers point into the baggage.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_baggage_member_t {
    /// The received member, without the white space around it: key, value and properties.
    pub member: *const c_char,
    /// Size of the member in bytes.
    pub member_size: usize,
    /// Key: a token (RFC 9110 5.6.2), never decoded.
    pub key: *const c_char,
    /// Size of the key in bytes.
    pub key_size: usize,
    /// Value, percent-encoded. tracebaton_baggage_value() decodes it.
    pub value: *const c_char,
    /// Size of the value in bytes.
    pub value_size: usize,
    /// Received properties, after the first ";". OpenTelemetry calls them metadata.
    pub properties: *const c_char,
    /// Size of the properties in bytes; 0 if there are none.
    pub properties_size: usize,
}

impl From<tracebaton::BaggageMember<'_>> for tracebaton_baggage_member_t {
    fn from(member: tracebaton::BaggageMember<'_>) -> Self {
        let (bytes, key, value) = (member.as_bytes(), member.key(), member.value().as_bytes());
        let properties = member.metadata();
        Self {
            member: bytes.as_ptr().cast(),
            member_size: bytes.len(),
            key: key.as_ptr().cast(),
            key_size: key.len(),
            value: value.as_ptr().cast(),
            value_size: value.len(),
            properties: properties.as_ptr().cast(),
            properties_size: properties.len(),
        }
    }
}

/// @brief Reads the next well-formed member of a context's baggage, from left to right, at most 64.
///
/// Malformed members are skipped and counted in the cursor.
///
/// @param context The context.
/// @param cursor (in, out) Position in the list; zeros before the first call.
/// @param member (out) The member. It points into the baggage.
///
/// @returns TRACEBATON_OK, or TRACEBATON_END if there is no further member. Negative: TRACEBATON_INVALID_ARGUMENT, or
/// the rule that the whole baggage breaks; then no member can be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_baggage_next(
    context: *const tracebaton_context_t,
    cursor: *mut tracebaton_cursor_t,
    member: *mut tracebaton_baggage_member_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let context = read(FIRST, context)?;
        let list = bytes(FIRST, context.baggage, FIRST, context.baggage_size)?;
        let mut place = cursor_in(cursor, list, b',')?;
        if place.position == 0 {
            context.validate_baggage(FIRST)?;
        }
        let next = next_member(list, context.is_checked(), &mut place)?;
        advance(cursor, place, member, next.map(tracebaton_baggage_member_t::from))
    })
}

/// The next member of a list that was checked at its beginning. What is read of a list without the library's mark is
/// checked again, and no more than that, so that the time for all members grows with the bytes of the list.
fn next_member<'a>(
    list: &'a [u8],
    is_checked: bool,
    place: &mut tracebaton_cursor_t,
) -> Result<Option<tracebaton::BaggageMember<'a>>, BaggageError> {
    if place.members >= TRACEBATON_BAGGAGE_MAX_MEMBERS {
        return Ok(None);
    }
    let rest = list.get(place.position..).unwrap_or_default();
    let mut members = Baggage::from_validated(rest).members();
    let next = members.next();
    // Without white space around the member, the next byte is the comma.
    let end = next.map_or(list.len(), |member| {
        let end = member.as_bytes().as_ptr_range().end.addr().wrapping_sub(list.as_ptr().addr());
        end + list.iter().skip(end).take_while(|byte| **byte != b',').count()
    });
    if !is_checked {
        Baggage::parse(list.get(place.position..end).unwrap_or_default())?;
    }
    place.position = end.saturating_add(1);
    place.skipped = place.skipped.saturating_add(members.skipped());
    place.members += usize::from(next.is_some());
    Ok(next)
}

/// @brief Finds the member with a key in a context's baggage. If there are several, finds the last one.
///
/// @param context The context.
/// @param key The key. May be NULL if \p key_size is 0.
/// @param key_size Size of the key in bytes.
/// @param member (out) The member. It points into the baggage.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NOT_FOUND. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that the whole
/// baggage breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_baggage_get(
    context: *const tracebaton_context_t,
    key: *const c_char,
    key_size: usize,
    member: *mut tracebaton_baggage_member_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let baggage = read(FIRST, context)?.validate_baggage(FIRST)?;
        match baggage.get(bytes(SECOND, key, THIRD, key_size)?) {
            Some(found) => write(FOURTH, member, found.into()).map(|()| TRACEBATON_OK),
            None => Ok(TRACEBATON_NOT_FOUND),
        }
    })
}

/// @brief Decodes the value of a member: removes percent-encoding, then replaces invalid UTF-8 by U+FFFD.
///
/// @param member The member, from tracebaton_baggage_next() or tracebaton_baggage_get().
/// @param value (out) Buffer for the decoded value, which is UTF-8 and may contain a NUL. No NUL is added. It must
/// not overlap \p member, its text or \p value_size.
/// @param capacity Size of the buffer in bytes. The value_size of \p member is always enough.
/// @param value_size (out) Size of the decoded value in bytes.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, or
/// TRACEBATON_INVALID_ARGUMENT, which includes a \p member that is not a member.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_baggage_value(
    member: *const tracebaton_baggage_member_t,
    value: *mut c_char,
    capacity: usize,
    value_size: *mut usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let whole = Place::at(member);
        let member = read(FIRST, member)?;
        let encoded = pair(bytes(FIRST, member.member, FIRST, member.member_size)?)?.value();
        decode(encoded, whole, value, capacity, value_size)
    })
}

/// Parses bytes that must be exactly one member. A member has no control byte, so that only its size is left to check.
#[inline(never)]
fn pair(bytes: &[u8]) -> Result<tracebaton::BaggageMember<'_>, tracebaton_status> {
    let member = Baggage::from_validated(bytes).members().next();
    let member = member.filter(|member| member.as_bytes().len() == bytes.len());
    match member {
        Some(member) if bytes.len() <= TRACEBATON_BAGGAGE_MAX_SIZE => Ok(member),
        _ => Baggage::parse(bytes).map_err(tracebaton_status::from).and(Err(FIRST)),
    }
}

/// # Safety
///
/// The pointers obey the laws of the header.
#[inline(never)]
unsafe fn decode(
    encoded: BaggageValue<'_>,
    whole: Place,
    value: *mut c_char,
    capacity: usize,
    value_size: *mut usize,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let inputs = [Place::of(encoded.as_bytes()), whole, Place::at(value_size)];
        let room = Room { pointer: (SECOND, value), capacity: (THIRD, capacity) };
        let place = buffer(room, &inputs)?;
        let decoded = encoded.decode_bytes(place).ok_or(TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL)?;
        write(FOURTH, value_size, decoded.len()).map(|()| TRACEBATON_OK)
    }
}

/// @brief A property of a member (W3C Baggage 3.3.1.4). Its pointers point into the member.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_baggage_property_t {
    /// The received property, without the white space around it.
    pub property: *const c_char,
    /// Size of the property in bytes.
    pub property_size: usize,
    /// Key: a token, never decoded.
    pub key: *const c_char,
    /// Size of the key in bytes.
    pub key_size: usize,
    /// Value, percent-encoded; NULL if the property has none.
    pub value: *const c_char,
    /// Size of the value in bytes.
    pub value_size: usize,
}

/// @brief Reads the next property of a member. Keys may repeat.
///
/// @param member The member, from tracebaton_baggage_next() or tracebaton_baggage_get().
/// @param cursor (in, out) Position in the properties; zeros before the first call for this member.
/// @param property (out) The property. It points into the member.
///
/// @returns TRACEBATON_OK, or TRACEBATON_END if there is no further property. Negative: TRACEBATON_INVALID_ARGUMENT,
/// which includes a \p member that is not a member.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_baggage_property_next(
    member: *const tracebaton_baggage_member_t,
    cursor: *mut tracebaton_cursor_t,
    property: *mut tracebaton_baggage_property_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let member = read(FIRST, member)?;
        let list = bytes(FIRST, member.member, FIRST, member.member_size)?;
        let mut place = cursor_in(cursor, list, b';')?;
        let next = next_property(list, &mut place)?;
        advance(cursor, place, property, next)
    })
}

/// Reads the next property. The first call checks the whole member, later calls check only what they read.
fn next_property(
    list: &[u8],
    place: &mut tracebaton_cursor_t,
) -> Result<Option<tracebaton_baggage_property_t>, tracebaton_status> {
    if place.position == 0 {
        pair(list)?;
        next_piece(list, &mut place.position, b';');
    }
    let mut bytes: &[u8] = &[];
    while bytes.is_empty() {
        let Some(piece) = next_piece(list, &mut place.position, b';') else { return Ok(None) };
        bytes = piece.trim_ascii();
    }
    place.members = place.members.saturating_add(1);
    let mut property = tracebaton_baggage_property_t {
        property: bytes.as_ptr().cast(),
        property_size: bytes.len(),
        key: bytes.as_ptr().cast(),
        key_size: bytes.len(),
        value: null(),
        value_size: 0,
    };
    if bytes.contains(&b'=') {
        let (key, value) = pair(bytes).map(|pair| (pair.key(), pair.value().as_bytes()))?;
        property.key_size = key.len();
        (property.value, property.value_size) = (value.as_ptr().cast(), value.len());
    }
    Ok(Some(property))
}

/// @brief Decodes the value of a property, as tracebaton_baggage_value() does for a member.
///
/// @param property The property, from tracebaton_baggage_property_next().
/// @param value (out) Buffer for the decoded value; see tracebaton_baggage_value().
/// @param capacity Size of the buffer in bytes.
/// @param value_size (out) Size of the decoded value in bytes.
///
/// @returns the same statuses as tracebaton_baggage_value(), or TRACEBATON_NOT_FOUND if the property has no value; then
/// the outputs are unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_baggage_property_value(
    property: *const tracebaton_baggage_property_t,
    value: *mut c_char,
    capacity: usize,
    value_size: *mut usize,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let whole = Place::at(property);
        let property = read(FIRST, property)?;
        if property.value.is_null() {
            return Ok(TRACEBATON_NOT_FOUND);
        }
        let encoded = pair(bytes(FIRST, property.property, FIRST, property.property_size)?)?.value();
        decode(encoded, whole, value, capacity, value_size)
    })
}
