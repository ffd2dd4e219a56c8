//! Cursors: read a list member by member.

use crate::memory::{Place, SECOND, THIRD, apart, read, write};
use crate::status::{Outcome, tracebaton_status};
use crate::tracebaton_status::*;

/// @brief Position in a list that is read member by member. Start with zeros: tracebaton_cursor_t cursor = {0};
///
/// A cursor belongs to one list, which must not change while it is read. A position that is not the start of a member
/// is refused as an invalid argument.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct tracebaton_cursor_t {
    /// Offset in bytes of the part that is not yet read.
    pub position: usize,
    /// Number of members that were read.
    pub members: usize,
    /// Number of malformed baggage members that were skipped.
    pub skipped: usize,
}

/// The piece up to the next separator. `None` at the end of the list.
#[inline(never)]
pub(crate) fn next_piece<'a>(list: &'a [u8], position: &mut usize, separator: u8) -> Option<&'a [u8]> {
    let rest = list.get(*position..).filter(|rest| !rest.is_empty())?;
    let length = rest.iter().take_while(|byte| **byte != separator).count();
    *position = position.saturating_add(length).saturating_add(1);
    rest.get(..length)
}

/// Reads a cursor and checks that it is at the start of a piece or at the end of the list.
///
/// # Safety
///
/// The same as for [`read`].
pub(crate) unsafe fn cursor_in(
    cursor: *mut tracebaton_cursor_t,
    list: &[u8],
    separator: u8,
) -> Result<tracebaton_cursor_t, tracebaton_status> {
    // SAFETY: the caller's promise.
    let place = unsafe { read(SECOND, cursor.cast_const()) }?;
    match place.position.checked_sub(1) {
        None => Ok(place),
        Some(before) if before == list.len() || list.get(before) == Some(&separator) => Ok(place),
        Some(_) => Err(SECOND),
    }
}

/// Writes the member and the new position.
///
/// # Safety
///
/// Each pointer is NULL, or points to memory for its value.
pub(crate) unsafe fn advance<T>(
    cursor: *mut tracebaton_cursor_t,
    place: tracebaton_cursor_t,
    output: *mut T,
    next: Option<T>,
) -> Outcome {
    let status = if next.is_some() { TRACEBATON_OK } else { TRACEBATON_END };
    // SAFETY: the caller's promise.
    unsafe {
        apart(Place::at(cursor).overlaps(Place::at(output)))?;
        if let Some(next) = next {
            write(THIRD, output, next)?;
        }
        write(SECOND, cursor, place).map(|()| status)
    }
}
