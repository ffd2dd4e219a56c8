//! Parses and formats a `traceparent` outside a record.

use crate::context::tracebaton_context_t;
use crate::memory::{FIRST, SECOND, THIRD, bytes, read, write};
use crate::status::{status_of, tracebaton_status_t};
use crate::tracebaton_status::*;
use core::ffi::c_char;
use tracebaton::{SpanContext, TraceParent, TraceState};

/// @brief Parses a traceparent that does not come from a record.
///
/// @param value The value. May be NULL if \p value_size is 0.
/// @param value_size Size of the value in bytes.
/// @param context (out) A context with these ids and flags, without tracestate and baggage.
///
/// @returns TRACEBATON_OK. Negative: the first rule that the value breaks, or TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_traceparent_parse(
    value: *const c_char,
    value_size: usize,
    context: *mut tracebaton_context_t,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        let parent = TraceParent::parse(bytes(FIRST, value, SECOND, value_size)?)?;
        let remote = SpanContext::remote(&parent, TraceState::EMPTY);
        write(THIRD, context, remote.into()).map(|()| TRACEBATON_OK)
    })
}

/// @brief Formats the traceparent of a context: version 00, lower case.
///
/// @param context The context. Only the ids and flags are read.
/// @param value (out) Buffer of TRACEBATON_TRACEPARENT_SIZE bytes; no NUL is added. It may overlap \p context, which
/// is read first.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then \p value is unchanged.
/// Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO or TRACEBATON_TRACEPARENT_PARENT_ID_ZERO if only one id is all
/// zeros, or TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_traceparent_format(
    context: *const tracebaton_context_t,
    value: *mut c_char,
) -> tracebaton_status_t {
    // SAFETY: the caller obeys the laws of the header.
    status_of(|| unsafe {
        match read(FIRST, context)?.span_context()? {
            Some(context) => {
                write(SECOND, value.cast(), context.traceparent().format()).map(|()| TRACEBATON_OK)
            }
            None => Ok(TRACEBATON_NO_CONTEXT),
        }
    })
}
