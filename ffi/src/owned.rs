//! Copies of contexts that outlive their record.

use crate::context::tracebaton_context_t;
use crate::memory::{FIRST, FOURTH, Place, Room, SECOND, THIRD, buffer, read, write};
use crate::status::{status_of, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::c_char;
use tracebaton::{Baggage, Context, TraceState};

/// @brief Size in bytes of the buffer that tracebaton_context_copy() needs.
///
/// @param context The context.
///
/// @returns the size. It is 0 if the context has neither tracestate nor baggage, and for an invalid pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_context_copy_size(context: *const tracebaton_context_t) -> usize {
    // SAFETY: the caller obeys the laws of the header.
    let Ok(context) = (unsafe { read(FIRST, context) }) else { return 0 };
    let has_state = !matches!(context.span_context(), Ok(None));
    let tracestate_size = if has_state { context.tracestate_size } else { 0 };
    tracestate_size.saturating_add(context.baggage_size)
}

/// @brief Copies a context with its tracestate and baggage, so that it outlives its record.
///
/// Use it for a retry, a queue or another thread. An assignment copies the struct alone, whose pointers still point
/// into the record. With a buffer of your own, which must live as long as the copy:
///
///     tracebaton_context_t kept;
///     char texts[1024];
///     status = tracebaton_context_copy(&received.context, texts, sizeof(texts), &kept);
///     if (status < 0) // TRACEBATON_BUFFER_TOO_SMALL, for example: nothing was copied
///         fprintf(stderr, "%s\n", tracebaton_status_message(status));
///
/// To keep the rest of a context that does not fit, set the baggage or the tracestate of a struct that was assigned from it
/// to NULL and its size to 0, and copy again. The ids and the flags are in the struct, so they need no buffer.
///
/// With a buffer of the exact size, which you free after the last use of the copy. The size is 0 if the context has
/// neither tracestate nor baggage. malloc(0) may return NULL, which is a valid buffer of size 0:
///
///     tracebaton_context_t kept;
///     const size_t size = tracebaton_context_copy_size(&received.context);
///     char *texts = malloc(size);
///     if (!texts && size > 0)
///         return 1;
///     status = tracebaton_context_copy(&received.context, texts, size, &kept);
///     if (status < 0)
///         fprintf(stderr, "%s\n", tracebaton_status_message(status));
///
/// @param context The context.
/// @param buffer (out) Buffer for the tracestate and the baggage. May be NULL if \p capacity is 0. It must live as
/// long as the copy, and must not overlap \p context, what it points to, or \p copy.
/// @param capacity Size of the buffer in bytes: tracebaton_context_copy_size() gives it.
/// TRACEBATON_TRACESTATE_MAX_SIZE + TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
/// @param copy (out) The copy; may be \p context itself. Its pointers point into \p buffer.
///
/// @returns TRACEBATON_OK. Negative: TRACEBATON_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or
/// the rule that \p context breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_context_copy(
    context: *const tracebaton_context_t,
    buffer: *mut c_char,
    capacity: usize,
    copy: *mut tracebaton_context_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let source = tracebaton_context_t::validated(FIRST, context)?;
        let state = source.span_context.map_or(&[][..], |span| span.trace_state.as_bytes());
        let baggage = source.baggage.as_bytes();
        let inputs = [Place::at(context), Place::at(copy), Place::of(state), Place::of(baggage)];
        let room = Room { pointer: (SECOND, buffer), capacity: (THIRD, capacity) };
        let (state_room, rest) = self::buffer(room, &inputs)?
            .split_at_mut_checked(state.len())
            .ok_or(TRACEBATON_BUFFER_TOO_SMALL)?;
        let baggage_room = rest.get_mut(..baggage.len()).ok_or(TRACEBATON_BUFFER_TOO_SMALL)?;
        let state = TraceState::from_validated(copy_of(state, state_room));
        let baggage = Baggage::from_validated(copy_of(baggage, baggage_room));
        let span = source.span_context.map(|span| span.with_trace_state(state));
        let mut filled = tracebaton_context_t::from(Context::new(span, baggage));
        filled.tracestate = room.pointer_to(filled.tracestate);
        filled.baggage = room.pointer_to(filled.baggage);
        write(FOURTH, copy, filled).map(|()| TRACEBATON_OK)
    })
}

/// Copies a text into a buffer of the same size.
fn copy_of<'b>(text: &[u8], room: &'b mut [u8]) -> &'b [u8] {
    room.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
    room
}
