//! What a record is to carry.

use crate::context::{Context, parent_status};
use crate::extract::ExtractedContext;
use crate::memory::{bytes, exclusive, read, write};
use crate::status::{Status, StatusCode, answer};
use core::ffi::c_char;
use core::ptr::null;
use tracebaton::{HeaderName, TraceParent};

/// @brief The size of a traceparent as this library writes it, in bytes.
pub const TRACEBATON_TRACEPARENT_SIZE: usize = 55;
/// @brief The most headers that one record is given: traceparent, tracestate and baggage.
pub const TRACEBATON_MAX_HEADERS: usize = 3;
/// @brief Of an injection: traceparent and tracestate are replaced.
pub const TRACEBATON_CARRIES_TRACE_CONTEXT: u8 = 1;
/// @brief Of an injection: baggage is replaced.
pub const TRACEBATON_CARRIES_BAGGAGE: u8 = 2;

const _: () = assert!(TRACEBATON_TRACEPARENT_SIZE == TraceParent::LENGTH);

/// @brief What one record is to carry, made by tracebaton_injection() or tracebaton_forward().
///
/// It holds the bytes of a traceparent and borrows the others, so it must live, where it is, until the headers that were
/// made from it are sent or copied. It may be put into any number of records. Its fields are for reading.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct PreparedInjection {
    /// The traceparent, unless one is forwarded.
    pub traceparent: [c_char; TRACEBATON_TRACEPARENT_SIZE],
    /// TRACEBATON_CARRIES_TRACE_CONTEXT, TRACEBATON_CARRIES_BAGGAGE, both or neither: which headers are replaced.
    pub carries: u8,
    /// The traceparent that is forwarded as it came, or NULL.
    pub forwarded_traceparent: *const c_char,
    /// The size of the traceparent, whichever it is, in bytes; 0: there is none.
    pub traceparent_size: usize,
    /// The tracestate.
    pub tracestate: *const c_char,
    /// Its size, in bytes; 0: there is none.
    pub tracestate_size: usize,
    /// The baggage.
    pub baggage: *const c_char,
    /// Its size, in bytes; 0: there is none.
    pub baggage_size: usize,
}

impl PreparedInjection {
    /// What carries this context; lists without members are not written (W2).
    #[inline]
    fn of(context: &tracebaton::Context<'_>) -> Self {
        let parent = context.span_context;
        let state = parent.map(|parent| parent.trace_state).filter(|state| !state.is_empty());
        let state = state.map_or(&[][..], |state| state.as_bytes());
        let baggage = if context.baggage.is_empty() { &[] } else { context.baggage.as_bytes() };
        let traceparent =
            parent.map_or([0; TRACEBATON_TRACEPARENT_SIZE], |parent| parent.traceparent().format());
        Self {
            traceparent: traceparent.map(|byte| byte as c_char),
            carries: TRACEBATON_CARRIES_TRACE_CONTEXT | TRACEBATON_CARRIES_BAGGAGE,
            forwarded_traceparent: null(),
            traceparent_size: if parent.is_some() { TRACEBATON_TRACEPARENT_SIZE } else { 0 },
            tracestate: state.as_ptr().cast(),
            tracestate_size: state.len(),
            baggage: baggage.as_ptr().cast(),
            baggage_size: baggage.len(),
        }
    }

    /// Whether a header of this name has to go (W1).
    #[inline]
    pub(crate) const fn replaces(&self, name: Option<HeaderName>) -> bool {
        match name {
            None => false,
            Some(HeaderName::Baggage) => self.carries & TRACEBATON_CARRIES_BAGGAGE != 0,
            Some(HeaderName::TraceParent | HeaderName::TraceState) => {
                self.carries & TRACEBATON_CARRIES_TRACE_CONTEXT != 0
            }
        }
    }
}

/// @brief Prepares what a record is to carry for its consumer to find a context.
///
/// The context is checked, so that what is written is always valid: a traceparent of version 00, and neither an empty
/// tracestate nor an empty baggage.
///
/// @param context The context.
/// @param injection (out) What to carry. It borrows the tracestate and baggage of \p context, not the struct itself.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then only baggage is carried, if any,
/// and a traceparent that is there still goes. Negative: what is wrong with \p context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection(
    context: *const Context,
    injection: *mut PreparedInjection,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let context = read(context)?.validate()?;
        write(injection, PreparedInjection::of(&context))?;
        Ok(parent_status(context.span_context.is_some()))
    })
}

/// @brief Prepares what a pass-through sends on: the accepted values byte for byte, nothing of what was refused.
///
/// For a relay without a span of its own. One that has a span sends tracebaton_child() of the context instead.
///
/// @param extracted What was extracted from the record; it is checked again.
/// @param injection (out) What to carry. It borrows the record's values.
///
/// @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted: then only baggage is carried, if
/// any. Negative: \p extracted was changed since, and what is wrong with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_forward(
    extracted: *const ExtractedContext,
    injection: *mut PreparedInjection,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let given = read(extracted)?;
        let mut context = given.context.validate()?;
        let value = bytes(given.traceparent_value, given.traceparent_value_size)?;
        if value.is_empty() {
            context.span_context = None;
        } else {
            TraceParent::parse(value)?;
        }
        let mut prepared = PreparedInjection::of(&context);
        if prepared.traceparent_size > 0 {
            (prepared.forwarded_traceparent, prepared.traceparent_size) =
                (given.traceparent_value, value.len());
        }
        write(injection, prepared)?;
        Ok(parent_status(prepared.traceparent_size > 0))
    })
}

/// @brief Restricts an injection to traceparent and tracestate: a record's baggage is neither replaced nor removed.
///
/// @param injection (in, out) The injection.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_trace_context_only(
    injection: *mut PreparedInjection,
) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let prepared = exclusive(injection)?;
        prepared.carries &= TRACEBATON_CARRIES_TRACE_CONTEXT;
        (prepared.baggage, prepared.baggage_size) = (null(), 0);
        Ok(Status::TRACEBATON_OK)
    })
}

/// @brief Restricts an injection to baggage: a record's traceparent and tracestate are neither replaced nor removed.
///
/// After tracebaton_injection_trace_context_only() it carries nothing, and changes nothing.
///
/// @param injection (in, out) The injection.
///
/// @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracebaton_injection_baggage_only(injection: *mut PreparedInjection) -> StatusCode {
    // SAFETY: the caller keeps the laws of the header.
    answer(|| unsafe {
        let prepared = exclusive(injection)?;
        prepared.carries &= TRACEBATON_CARRIES_BAGGAGE;
        (prepared.forwarded_traceparent, prepared.traceparent_size) = (null(), 0);
        (prepared.tracestate, prepared.tracestate_size) = (null(), 0);
        Ok(Status::TRACEBATON_OK)
    })
}
