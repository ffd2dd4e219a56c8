//! Changes of a context's tracestate and baggage.

use crate::context::tracebaton_context_t;
use crate::memory::{FIRST, Place, Room, buffer_shared, read, write};
use crate::status::{Outcome, tracebaton_status};
use crate::tracebaton_status::*;

/// The list of a context that is changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    TraceState,
    Baggage,
}

/// The bytes of a changed list.
pub(crate) type Changed<'b> = Result<&'b [u8], tracebaton_status>;

/// A change of a list. A program contains only the changes that it calls, because each has a table of its own.
pub(crate) trait Change {
    /// Changes a copy of a valid list.
    fn copy<'b>(&self, list: &[u8], buffer: &'b mut [u8]) -> Changed<'b>;
    /// Changes the list in the first `size` bytes of the buffer.
    fn in_place<'b>(&self, buffer: &'b mut [u8], size: usize) -> Changed<'b>;
}

/// Changes a list of a context: in place if it begins where the buffer does, otherwise in a copy in the buffer.
///
/// # Safety
///
/// The pointers obey the laws of the header.
#[inline(never)]
pub(crate) unsafe fn change(
    which: List,
    context: *mut tracebaton_context_t,
    room: Room,
    [key, value]: [&[u8]; 2],
    change: &dyn Change,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let mut copy = read(FIRST, context.cast_const())?;
        let (list, other) = match which {
            List::TraceState => {
                (copy.validate_tracestate(FIRST)?.as_bytes(), Place::text(copy.baggage, copy.baggage_size))
            }
            List::Baggage => {
                (copy.validate_baggage(FIRST)?.as_bytes(), Place::text(copy.tracestate, copy.tracestate_size))
            }
        };
        let is_in_place = room.starts_with(list);
        let old = Place::of(if is_in_place { &[] } else { list });
        let buffer =
            buffer_shared(room, &[Place::of(key), Place::of(value), Place::at(context), other, old])?;
        let changed =
            if is_in_place { change.in_place(buffer, list.len()) } else { change.copy(list, buffer) }?;
        match which {
            List::TraceState => {
                copy.set_tracestate(changed);
                copy.tracestate = room.pointer_to(copy.tracestate);
            }
            List::Baggage => {
                copy.set_baggage(changed);
                copy.baggage = room.pointer_to(copy.baggage);
            }
        }
        write(FIRST, context, copy).map(|()| TRACEBATON_OK)
    }
}
